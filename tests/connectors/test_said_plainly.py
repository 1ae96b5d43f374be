"""What a lead types and gets wrong, or wants back: absences, drills, days, people, the profile; each is told in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.errors import AeoError
from tests.connectors.test_evidence_cli import AT, PROFILE, SLOT, Aeo, aeo

__all__ = ["aeo"]
pytestmark = pytest.mark.thorough

OWNERS = "范围,负责人,审核人\n*,王芳,李四\n"


@pytest.fixture
def office(aeo: Aeo) -> Aeo:
    """A register with an owner and a reviewer."""
    Path("o.csv").write_text(OWNERS, encoding="utf-8")
    aeo("owners", "import", "o.csv", "--at", AT)
    return aeo


def test_an_absence(office: Aeo) -> None:
    """Nobody unknown is away; what stands still meanwhile is said; an absence is taken back as it was set, and verify agrees."""
    with pytest.raises(AeoError, match="登记簿里没有“王五”"):
        office("owners", "away", "王五", "--from", "2099-07-01", "--until", "2099-07-09", "--at", AT)
    with pytest.raises(AeoError, match="最后一天"):
        office("owners", "away", "王芳", "--from", "2099-07-01", "--at", AT)
    office("owners", "away", "李四", "--from", "2099-07-01", "--until", "2099-07-09", "--at", AT)
    assert "李四从 2099-07-01" in office("owners", "list")
    told = office("owners", "away", "李四", "--from", "2099-07-01", "--undo", "--at", AT)
    assert "照常在岗" in told
    assert "2099-07-01" not in office("owners", "list")
    assert office("evidence", "verify", "--json")["differing"] == []
    with pytest.raises(AeoError, match="没有登记"):
        office("owners", "away", "李四", "--from", "2099-07-01", "--undo", "--at", AT)


def test_an_absence_of_the_lead(office: Aeo) -> None:
    """The lead need not be recorded as a person to be away, nor to be back."""
    office("owners", "away", "lead", "--from", "2099-07-01", "--until", "2099-07-09", "--at", AT)
    assert "照常在岗" in office("owners", "away", "lead", "--from", "2099-07-01", "--undo", "--at", AT)
    assert "2099-07-01" not in office("owners", "list")


def test_drills_by_number(office: Aeo) -> None:
    """A drill goes by its id, by its number, and without either it is the last one."""
    with pytest.raises(AeoError, match="还没有做过抽查演练"):
        office("evidence", "drill", "report", "--at", AT)
    for _ in range(2):
        office("evidence", "drill", "start", "--size", "2", "--at", AT)
    reports = [office("evidence", "drill", "report", *word, "--json", "--at", AT)["drill"] for word in ((), ("1",), ("2026-06-01-2",))]
    assert reports == ["2026-06-01-2", "2026-06-01-1", "2026-06-01-2"]
    with pytest.raises(AeoError, match="没有编号为 7"):
        office("evidence", "drill", "report", "7", "--at", AT)


def test_days_and_periods_as_they_are_said(office: Aeo) -> None:
    """明天, full width and 年月 are read; a due date behind the visit, and one that is no day, are told."""
    office("evidence", "snooze", SLOT, "--until", "后天", "--at", AT)
    assert office("evidence", "history", SLOT, "--json")[-1]["payload"]["until"] == "2026-06-03"
    office("evidence", "submit", SLOT, "--note", "x", "--period", "２０２４年１月至６月", "--at", AT)
    assert office("evidence", "show", SLOT, "--json")["pieces"][0]["period"] == "2024-01..2024-06"
    for wrong in ("2024-13", "上半年"):
        with pytest.raises(AeoError, match="不是期间"):
            office("evidence", "submit", SLOT, "--note", "y", "--period", wrong, "--at", AT)
    with pytest.raises(AeoError, match="不是日期"):
        office("evidence", "snooze", SLOT, "--until", "一月", "--at", AT)


def test_what_was_taken_back_says_so(office: Aeo) -> None:
    """A version that was withdrawn is called that, a validity date is shown, and a clause's candidates have their years."""
    office("evidence", "submit", SLOT, "--note", "x", "--valid-until", "2027年6月1日", "--as", "王芳", "--at", AT)
    assert "有效至 2027-06-01" in office("evidence", "show", SLOT)
    office("evidence", "withdraw", SLOT, "--as", "王芳", "--at", AT)
    assert "第 1 次（已撤回）" in office("evidence", "show", SLOT)
    assert "2026-" not in office("evidence", "show", "7/documents/1").partition("条款正文")[0].replace("2026-177", ""), (
        "not owed: no due date"
    )
    with pytest.raises(AeoError, match="2022…2026"):
        office("evidence", "show", "24(3)")


def test_a_person_of_one_slot_only(office: Aeo) -> None:
    """Somebody whom a single slot was given to is in the list of people, and can be merged into whom they turn out to be."""
    office("evidence", "reassign", SLOT, "--to", "赵小明", "--at", AT)
    from typer.testing import CliRunner

    from connectors.cli.enterprise import people

    assert "赵小明" in CliRunner().invoke(people.app, ["list"]).output
    assert CliRunner().invoke(people.app, ["merge", "赵小明", "王芳"]).exit_code == 0
    assert office("evidence", "show", SLOT, "--json")["owner"] == "王芳"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("visit_on=2020-01-01", "已经过去"),
        ("renewed_on=2199-01-01", "还没有到"),
        ("lead=王总、李总", "只写一位"),
        ("培训=是", "有几个问题"),
        ("集装箱运输=否", "scope.containers=False"),
        ("烟囱=有", "没有这些问题"),
    ],
)
def test_the_profile(aeo: Aeo, given: str, told: str) -> None:
    """Days that cannot be right are said, one lead is one, and a question is found by words of its own."""
    from typer.testing import CliRunner

    from connectors.cli.enterprise import profile

    del aeo
    done = CliRunner().invoke(profile.app, ["init", "--no-ask", "--set", given])
    kept = yaml.safe_load(Path("home/profile.yaml").read_text(encoding="utf-8"))
    scope = kept["scope"] if isinstance(kept["scope"], dict) else {}
    said = done.exception.sentence("zh") if isinstance(done.exception, AeoError) else done.output
    assert told in f"{said} scope.containers={scope.get('containers')}"
    assert PROFILE.partition("\n")[0] == f"enterprise: {kept['enterprise']}"
