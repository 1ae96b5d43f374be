"""What the documents say exists: every key of every file that people write, every command, every page that is linked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.register.facts.policy import Policy
from assistant.register.facts.profile import Profile, Scope
from assistant.register.rules.people.owner_header import COLUMNS
from assistant.settings import Settings
from evals.gates.policy import GatePolicy

ROOT = Path(__file__).parents[2]
PAGES = sorted(p for p in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))


def text(name: str) -> str:
    """One document."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_key_of_the_files_that_people_write_is_documented() -> None:
    """Profile, its scope, the rules of asking, the owner table and the gates."""
    page = text("docs/配置文件.md")
    keys = [*Profile.model_fields, *Scope.model_fields, *Policy.model_fields, *COLUMNS, *GatePolicy.model_fields]
    assert [key for key in keys if f"`{key}`" not in page and f"`{key}:" not in page] == []


def test_every_setting_is_documented() -> None:
    """README names each ``AEO_`` setting, and Slack's own names."""
    page = text("README.md")
    names = [
        f"AEO_{n.upper()}" if not n.startswith("slack_") or n == "slack_evidence_channels" else n.upper() for n in Settings.model_fields
    ]
    assert [name for name in names if name not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_and_pictures_exist(page: Path) -> None:
    """Every relative link leads to a file of this project."""
    links = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_settings_can_be_copied_into_any_file(page: Path) -> None:
    """No comment behind a value: systemd's ``EnvironmentFile`` and Docker's ``env_file`` take it for a part of the value."""
    assert re.findall(r"^(?:AEO|SLACK)_\w+=.*[ \t]#.*$", page.read_text(encoding="utf-8"), re.M) == []
