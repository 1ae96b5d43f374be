"""Builds, pointer, profile and rules of asking, changed by hand behind the product: named by verify and doctor; changed by an act: written down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.editions import Editions
from tests.connectors.test_cli import aeo
from tests.register.company import START

pytestmark = pytest.mark.thorough


@pytest.fixture
def base(home: Path) -> dict[str, Any]:
    """A home with an edition in force and a register, whose lead is zhao."""
    (home / "profile.yaml").write_text("enterprise: 某某公司\ncertification: initial\nlead: zhao\n", encoding="utf-8")
    (home / "policy.yaml").write_text("cap: 5\n", encoding="utf-8")
    settings: dict[str, Any] = {"home": home, "actor": "zhao", "clock": lambda: START}
    aeo("evidence", "plan", **settings)
    assert aeo("evidence", "verify", **settings).returncode == 0
    return settings


def by_hand(home: Path, what: str) -> Path:
    """The file of that name, one word in it changed."""
    build = Editions(home).folder(Editions(home).manifest().build)
    path = home / what if what.endswith("yaml") or what == "active.json" else build / what
    raw = path.read_bytes()
    if what == "ranker.npz":
        path.write_bytes(raw + b"\0")
    else:
        words = {
            "guide.json": ("每年", "十年"),
            "active.json": ('"by": ""', '"by": "x"'),
            "profile.yaml": ("zhao", "zhao2"),
            "policy.yaml": ("5", "9"),
            "manifest.json": ("2018", "2018"),
        }
        old, new = words[what]
        changed = raw.decode().replace(old, new, 1)
        path.write_text(changed if changed != raw.decode() else changed + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("what", ["guide.json", "manifest.json", "ranker.npz", "active.json", "profile.yaml", "policy.yaml"])
def test_changed_by_hand(base: dict[str, Any], what: str) -> None:
    """Named; and no act of somebody without the right to it makes it count."""
    by_hand(base["home"], what)
    found = aeo("evidence", "verify", "--json", **base)
    assert found.returncode == 1
    assert any(d["table"] == "bytes" and d["where"].endswith(what) for d in json.loads(found.stdout)["differing"])
    assert "被改动过" in aeo("doctor", **base).stdout


def test_what_the_lead_types_counts_from_their_next_act(base: dict[str, Any]) -> None:
    """An edited policy is said and written down at the lead's act; a changed guide is not, whoever acts."""
    by_hand(base["home"], "policy.yaml")
    said = aeo("evidence", "assign", "24", "--owner", "wang", **base)
    assert "policy.yaml" in said.stderr
    assert aeo("evidence", "verify", **base).returncode == 0
    by_hand(base["home"], "ranker.npz")
    aeo("evidence", "assign", "24", "--owner", "li", **base)
    assert aeo("evidence", "verify", **base).returncode == 1


def test_an_act_on_editions_is_written_down(base: dict[str, Any]) -> None:
    """Bringing the edition in again mends what was changed, and verifies."""
    by_hand(base["home"], "ranker.npz")
    kept = next(Editions(base["home"]).folder(Editions(base["home"]).manifest().build).glob("source*"))
    done = aeo("guide", "ingest", str(kept), "--edition", Editions(base["home"]).manifest().edition, **base)
    assert done.returncode == 0, done.stderr
    assert aeo("evidence", "verify", **base).returncode == 0, aeo("evidence", "verify", **base).stdout
