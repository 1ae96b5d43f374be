"""Which slots an enterprise owes, and why."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from assistant.errors import CaseError, RegisterError
from assistant.guide import Guide
from assistant.register.facts.profile import Profile, Scope, read_profile
from assistant.register.facts.slots import Slot
from assistant.register.rules.plan import Plan, plan
from tests.register.company import INITIAL, RENEWAL, at

FLAGS = {
    "4(2)": "special_items",
    "4(3)": "technical_standards",
    "7": "inspected_goods",
    "28": "containers",
    "29": "transport",
}


def slots(found: Plan, clause: str, kind: str = "") -> list[Slot]:
    return [s for s in found.slots if s.clause == clause and kind in ("", s.kind)]


def test_kinds(guide: Guide) -> None:
    """Documents owe one slot per evidence line, situation and onsite one per section, records one per line and period."""
    found = plan(guide, INITIAL, at("2026-06-01"))
    assert Counter(s.kind for s in found.slots) == {"documents": 45, "situation": 42, "onsite": 19, "records": 40}
    briefing = slots(found, "24(3)", "situation")[0]
    assert (briefing.id, len(briefing.checklist), briefing.requirement) == ("24(3)/situation", 6, None)
    assert [s.id for s in slots(found, "24(3)", "records")] == ["24(3)/records/1", "24(3)/records/2", "24(3)/records/3"]


def test_years_since_certification(guide: Guide) -> None:
    """Certified 2022-03 and seen in 2026: each records line that the guide wants yearly is owed for 2022 to 2026."""
    found = plan(guide, RENEWAL, at("2026-06-01"))
    periods = [s.period for s in slots(found, "24(3)", "records") if s.requirement == "24(3)/records/1"]
    assert periods == ["2022", "2023", "2024", "2025", "2026"]
    assert slots(found, "24(3)", "records")[2].id == "24(3)/records/1@2024"
    assert slots(found, "24(3)", "records")[2].due == date(2025, 1, 31)


def test_every_yearly_line_has_every_year(guide: Guide) -> None:
    """The year rule reaches a line from its own words, its continuation, the section's note or a line of its own."""
    found = plan(guide, Profile(**{**RENEWAL.model_dump(), "scope": Scope(special_items=True, inspected_goods=True)}), at("2026-06-01"))
    for clause in ("1(1)", "3", "4(2)", "5", "6(3)", "7", "8(1)", "24(3)", "25(4)", "31(3)"):
        lines: dict[str, list[str]] = {}
        for s in slots(found, clause, "records"):
            lines.setdefault(s.requirement or "", []).append(s.period)
        assert lines
        assert all(years == ["2022", "2023", "2024", "2025", "2026"] for years in lines.values()), clause


def test_year_end(guide: Guide) -> None:
    """25(2) asks for the list at each year end (每一年年末), and only for year ends that have come."""
    found = plan(guide, RENEWAL, at("2026-06-01"))
    assert [s.period for s in slots(found, "25(2)", "records")] == ["2022-12-31", "2023-12-31", "2024-12-31", "2025-12-31"]
    later = plan(guide, RENEWAL, at("2026-12-31"))
    assert slots(later, "25(2)", "records")[-1].id == "25(2)/records/1@2026-12-31"
    assert found.holds_until == date(2026, 12, 31)
    assert later.holds_until == date(2027, 1, 1)


@pytest.mark.parametrize(("clause", "line"), [("4(3)", "4(3)/records/2"), ("4(4)", "4(4)/records/1")])
def test_rolling_window(guide: Guide, clause: str, line: str) -> None:
    """「3年以来」 is one rolling slot, for initial and renewal alike; these sections have no yearly rule."""
    for profile in (INITIAL, RENEWAL):
        scoped = profile.model_copy(update={"scope": Scope(technical_standards=True)})
        found = plan(guide, scoped, at("2026-06-01"))
        assert [(s.id, s.rolling) for s in slots(found, clause, "records") if s.requirement == line] == [(f"{line}@3y", True)]
        assert all(s.period in ("", "3y") for s in slots(found, clause, "records"))


def test_initial_has_no_look_back(guide: Guide) -> None:
    """For a new applicant the guide names no look-back period: one slot a line, without period."""
    found = plan(guide, INITIAL, at("2026-06-01"))
    assert {s.period for s in found.slots} == {"", "3y"}
    assert all(s.due is None for s in found.slots)


@pytest.mark.parametrize(("clause", "flag"), FLAGS.items())
def test_applicability(guide: Guide, clause: str, flag: str) -> None:
    """A conditional clause counts exactly when its flag says so; 28 and 29 then owe no statement."""
    without = plan(guide, RENEWAL, at("2026-06-01"))
    owing = [s.id for s in slots(without, clause) if s.applicable]
    assert owing == ([f"{clause}/records/1"] if clause in ("28", "29") else [])
    applied = plan(guide, RENEWAL.model_copy(update={"scope": Scope(**{flag: True})}), at("2026-06-01"))
    off = [s.id for s in slots(applied, clause) if not s.applicable]
    assert off == ([f"{clause}/records/1"] if clause in ("28", "29") else [])


def test_renewal_only(guide: Guide) -> None:
    """6(3) counts on renewal only."""
    assert all(s.applicable for s in slots(plan(guide, RENEWAL, at("2026-06-01")), "6(3)"))
    assert not any(s.applicable for s in slots(plan(guide, INITIAL, at("2026-06-01")), "6(3)"))


def test_nothing_to_hand_in(guide: Guide) -> None:
    """What customs establishes, and what another document governs, owes nothing, and the plan says why; 21(10) has a condition."""
    exempt = {e.clause: e for e in plan(guide, RENEWAL, at("2026-06-01")).exempt}
    assert sum(e.why == "customs" for e in exempt.values()) == 15
    assert exempt["21(10)"].why == "off.statistics_sample"
    assert (exempt["13"].why, exempt["13"].elsewhere, exempt["18"].elsewhere) == ("elsewhere", "公告2019年第46号", "单项标准指南")
    sampled = plan(guide, RENEWAL.model_copy(update={"scope": Scope(statistics_sample=True)}), at("2026-06-01"))
    assert next(e for e in sampled.exempt if e.clause == "21(10)").why == "customs"
    assert len(exempt) + len({s.clause for s in sampled.slots}) == 64


def test_other_roles_are_criteria(guide: Guide) -> None:
    """Lines of other roles are never chased: they stand on the slot as acceptance criteria, for this kind of applicant."""
    found = plan(guide, RENEWAL, at("2026-06-01"))
    chased = {s.requirement for s in found.slots if s.requirement}
    roles = {r.id: r.role for r in guide.requirements.values()}
    assert {roles[r] for r in chased} == {"evidence", "statement"}
    slot = slots(found, "4(5)", "records")[0]
    assert any("简体中文译本" in c for c in slot.criteria)
    assert not any(c.startswith("新申请") for c in slot.criteria)
    referred = slots(found, "30(2)", "documents")[0]
    assert sum(c.startswith("30(1)/documents/") for c in referred.criteria) == 3


def test_alternatives(guide: Guide) -> None:
    """Clause 14's documents are alternatives (任一证明材料): three slots of one group."""
    found = slots(plan(guide, RENEWAL, at("2026-06-01")), "14")
    assert [(s.id, s.alternatives) for s in found] == [(f"14/documents/{n}", "14/documents") for n in (1, 2, 3)]


def test_identity(guide: Guide) -> None:
    """Keys are unique, come from the lineage key, and do not depend on profile flags or the day."""
    one, two = (
        plan(guide, RENEWAL, at("2026-06-01")),
        plan(guide, RENEWAL.model_copy(update={"scope": Scope(transport=True)}), at("2026-09-09")),
    )
    assert len({s.key for s in one.slots}) == len(one.slots) == len({s.id for s in one.slots})
    assert {s.id: s.key for s in one.slots} == {s.id: s.key for s in two.slots}
    line = guide.requirements["24(3)/records/1"]
    assert next(s.key for s in one.slots if s.id == "24(3)/records/1@2024") == f"{line.key}@2024"


def test_profile_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A profile is strict: every mistake is named; flags may be a list or a table."""
    folder = tmp_path_factory.mktemp("profile")
    path = folder / "profile.yaml"
    with pytest.raises(RegisterError, match=r"profile\.yaml"):
        read_profile(path)
    path.write_text("enterprise: 某某公司\ncertification: renewal\ncertified_on: 2022-03-15\nscope: [containers]\n", encoding="utf-8")
    assert read_profile(path).scope.containers
    path.write_text("enterprise: 某某公司\ncertification: annual\nscope: {boats: true}\ncolour: red\n", encoding="utf-8")
    with pytest.raises(CaseError) as wrong:
        read_profile(path)
    assert all(word in str(wrong.value) for word in ("certification", "scope.boats", "colour"))
    path.write_text("enterprise: x\ncertification: renewal\n", encoding="utf-8")
    with pytest.raises(CaseError, match="certified_on"):
        read_profile(path)
    path.write_text("a: [", encoding="utf-8")
    with pytest.raises(CaseError):
        read_profile(path)
