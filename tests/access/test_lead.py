"""Who leads is what the register says: another name in a file makes nobody the lead, locks nobody out, and is undone by putting it back."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.register.facts.profile import UNNAMED
from assistant.settings import Settings
from tests.connectors.test_cli import Done, aeo

pytestmark = pytest.mark.thorough
LEAD, OTHER = "chen@example.cn", "zhao@example.cn"


def profile(home: Path, lead: str) -> None:
    """The profile with a lead, or without one."""
    named = f"lead: {lead}\n" if lead else ""
    (home / "profile.yaml").write_text(f"id: demo\nenterprise: 某某公司\ncertification: initial\n{named}", encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A register whose lead and one colleague are known by name."""
    profile(tmp_path, LEAD)
    for words in (("plan",), ("assign", "24", "--owner", f"赵六<{OTHER}>")):
        assert acts(tmp_path, "evidence", *words).returncode == 0
    assert acts(tmp_path, "owners", "person", LEAD, "--name", "陈主管").returncode == 0
    return tmp_path


def acts(home: Path, *words: str) -> Done:
    """A command of the lead's own terminal."""
    return aeo(*words, home=home, actor=LEAD, lead="lead")


def test_a_name_in_the_file_makes_nobody_the_lead(home: Path) -> None:
    """Everybody goes on as before; each act, verify and doctor say what was found, how it is confirmed and how it is undone."""
    profile(home, OTHER)
    for words in (("evidence", "plan"), ("evidence", "verify"), ("doctor",)):
        said = acts(home, *words)
        assert f"aeo people lead {OTHER}" in said.stdout + said.stderr, words
        assert "改回陈主管" in said.stdout + said.stderr, words
    for words in (("people", "rights", "赵六", "--admin"), ("people", "rights", "赵六", "--no-admin"), ("evidence", "due", "--undo")):
        assert "只有合规负责人" not in acts(home, *words).stderr, words
    assert "归陈主管" in acts(home, "owners", "list").stdout
    profile(home, LEAD)
    assert "people lead" not in acts(home, "evidence", "plan").stderr
    assert acts(home, "evidence", "verify").returncode == 0


def test_a_change_is_shown_then_confirmed(home: Path) -> None:
    """The lead names the next one: recorded, written to the profile, undone by the sentence that it ends in; who led stays an admin."""
    assert "没有" in acts(home, "people", "lead", "nobody@example.cn", "--confirm").stderr
    assert "--confirm" in acts(home, "people", "lead", "赵六").stdout
    assert "归陈主管" in acts(home, "owners", "list").stdout
    done = acts(home, "people", "lead", "赵六", "--confirm")
    assert ("合规负责人现在是赵六" in done.stdout, "aeo people lead '陈主管' --confirm" in done.stdout) == (True, True), done.stderr
    assert f"lead: {OTHER}" in (home / "profile.yaml").read_text(encoding="utf-8")
    assert "归赵六" in acts(home, "owners", "list").stdout
    assert acts(home, "evidence", "verify").returncode == 0
    assert acts(home, "people", "lead", LEAD, "--confirm").returncode == 0
    assert "归陈主管" in acts(home, "owners", "list").stdout
    assert acts(home, "evidence", "verify").returncode == 0


def test_somebody_else_may_not(home: Path) -> None:
    """Whoever is neither the lead nor an admin is refused and told whose it is; acting for others at the lead's terminal is recorded."""
    refused = acts(home, "people", "lead", "赵六", "--confirm", "--as", "赵六")
    assert (refused.returncode, "只有合规负责人或管理员" in refused.stderr) == (2, True)


def test_a_place_that_nobody_holds_is_taken_once(tmp_path: Path) -> None:
    """A register planned before anybody was named to lead is led by whom the file names then, and by nobody after them unasked."""
    assert Settings.model_fields["lead"].default == UNNAMED
    profile(tmp_path, "")
    planned = acts(tmp_path, "evidence", "plan")
    assert (planned.returncode, "请在 profile.yaml 写上 lead" in planned.stderr) == (0, True)
    profile(tmp_path, LEAD)
    planned = acts(tmp_path, "evidence", "plan")
    assert (planned.returncode, "还没有指定" in planned.stderr) == (0, False)
    assert acts(tmp_path, "owners", "person", LEAD, "--name", "陈主管").returncode == 0
    profile(tmp_path, OTHER)
    assert "归陈主管" in acts(tmp_path, "owners", "list").stdout
