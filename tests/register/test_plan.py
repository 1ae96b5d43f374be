"""Which slots an enterprise owes, and why."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from assistant.adapters.lead_files import read_profile
from assistant.errors import CaseError, RegisterError
from assistant.guide import Guide
from assistant.register.facts.profile import FLAGS, Profile, Scope
from assistant.register.facts.slots import Slot
from assistant.register.papers.reports.explained import explained, in_short, plan_head
from assistant.register.papers.said.described import how, measured
from assistant.register.rules.demands.plan import Plan, plan
from assistant.register.rules.demands.scope import contradictions
from tests.register.company import INITIAL, PLAIN, RENEWAL, at

CONDITIONS = {
    "4(2)": "special_items",
    "4(3)": "technical_standards",
    "7": "inspected_goods",
    "28": "containers",
    "29": "transport",
}


def slots(found: Plan, clause: str, kind: str = "") -> list[Slot]:
    return [s for s in found.slots if s.clause == clause and kind in ("", s.kind)]


def test_kinds(guide: Guide) -> None:
    """One slot per line of documents (any-one-of is one line), per briefing and walk-through, per records line, period and person."""
    found = plan(guide, INITIAL, at("2026-06-01"))
    assert Counter(s.kind for s in found.slots) == {"documents": 45, "situation": 42, "onsite": 20, "records": 46}
    owed = Counter(s.owing for s in found.slots)
    assert owed == {"paper": 50, "form": 62, "duty": 26, "event": 8, "sample": 5, "derived": 2}
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


def test_a_condition_that_is_declared_is_none(guide: Guide) -> None:
    """A line that names its own case says so until the profile answers it."""
    line = "1(2)/documents/1"
    for said in (None, True):
        found = plan(guide, RENEWAL.model_copy(update={"scope": Scope(representative_absent=said)}), at("2026-06-01"))
        assert next(s.condition for s in found.slots if s.id == line) is (said is None)


def test_an_event_is_no_condition(guide: Guide) -> None:
    """A record of what need not have happened (若有) is settled by a nil statement; nothing says that it may be claimed not to apply."""
    found = plan(guide, RENEWAL, at("2026-06-01"))
    assert {s.condition for s in found.slots if s.owing == "event"} == {False}


def test_numbers_of_the_firm_s_own_are_told_as_such(guide: Guide) -> None:
    """The page of the plan has the sets of a sample and the times of a drill, and says that the firm set them."""
    profile = RENEWAL.model_copy(update={"sample_sets": 5})
    page = explained(guide, profile, plan(guide, profile, at("2026-06-01")), "zh")
    told = {line.name: line for item in page.items for line in item.owed}
    for name, own in (("4(1) 抽查记录（1）", "抽取 5 套（套数由企业自定）"), ("31(3) 抽查记录（2）", "每期至少 1 次，次数由企业自定")):
        assert (told[name].often, ("次数或套数", own) in told[name].facts, told[name].measure) == (own, True, "")
        assert any(own in text for item in page.items for text in in_short(item, "zh"))
    assert "次数或套数" not in dict(told["6(2) 抽查记录（1）"].facts)


def test_the_head_says_what_is_to_be_prepared(guide: Guide) -> None:
    """What does not apply is told apart and counted with nothing; where all applies nothing is said of it."""
    everything = RENEWAL.model_copy(update={"scope": Scope(**dict.fromkeys(FLAGS, True))})
    for profile in (RENEWAL.model_copy(update={"scope": PLAIN}), everything):
        found = plan(guide, profile, at("2026-06-01"))
        owed = sum(s.applicable for s in found.slots)
        off = len(found.slots) - owed
        head = plan_head(found, profile, "zh")
        assert f"须准备 {owed} 项" in head
        assert (f"另有 {off} 项不涉及" in head) is bool(off)
        assert str(len(found.slots)) not in head.replace(f"{owed} 项", "") or not off


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
    """For a new applicant the guide names no look-back period but for 4(2) and 3年以来: one slot a line; a count has the running year."""
    found = plan(guide, INITIAL, at("2026-06-01"))
    assert {s.period for s in found.slots} == {"", "2y", "3y", "2026"}
    assert {s.clause for s in found.slots if s.period == "2y"} == {"4(2)"}
    assert {s.clause for s in found.slots if s.period == "2026"} == {"1(2)", "6(2)", "6(3)", "11(2)", "12", "31(2)", "31(3)"}
    assert all((s.due is None) == (s.period != "2026") for s in found.slots)


@pytest.mark.parametrize(("clause", "flag"), CONDITIONS.items())
def test_applicability(guide: Guide, clause: str, flag: str) -> None:
    """A conditional clause counts exactly when its flag says so; 28 and 29 then owe no statement."""
    without = plan(guide, RENEWAL, at("2026-06-01"))
    owing = [s.id for s in slots(without, clause) if s.applicable]
    assert owing == ([f"{clause}/records/1"] if clause in ("28", "29") else [])
    applied = plan(guide, declaring(**{flag: True}), at("2026-06-01"))
    off = [s.id for s in slots(applied, clause) if not s.applicable]
    assert off == ([f"{clause}/records/1"] if clause in ("28", "29") else [])


def declaring(**flags: bool | None) -> Profile:
    """The renewing company with these flags and no others."""
    return RENEWAL.model_copy(update={"scope": PLAIN.model_copy(update=flags)})


@pytest.mark.parametrize("flag", FLAGS)
def test_undeclared_is_owed(guide: Guide, flag: str) -> None:
    """Nobody said whether it applies: everything that it could rule out stays owed, and says which question it waits for."""
    waiting = plan(guide, declaring(**{flag: None}), at("2026-06-01"))
    denied = plan(guide, declaring(), at("2026-06-01"))
    hanging = {s.id for s in waiting.slots if flag in s.undeclared}
    assert all(s.applicable for s in waiting.slots if s.id in hanging)
    assert {s.id for s in denied.slots if not s.applicable and s.why == f"off.{flag}"} <= hanging | {
        s.id for s in waiting.slots if s.why.startswith("off.") and s.why != f"off.{flag}"
    }
    assert bool(hanging) == (flag != "statistics_sample")


def test_conditions_of_lines(guide: Guide) -> None:
    """Conditions count line by line: seal and certificates, special items and plants of the emergency plan, partners' logistics."""
    found = {s.id: s for s in plan(guide, declaring(seal=True, animals_plants=True, inspected_goods=True), at("2026-06-01")).slots}
    assert [found[f"4(4)/documents/{n}"].applicable for n in (1, 2)] == [True, False]
    assert [found[f"4(4)/situation/{n}"].applicable for n in (2, 3)] == [True, False]
    assert [len(found[f"4(4)/{kind}"].checklist) for kind in ("situation", "onsite")] == [3, 1]
    assert [found[f"30(1)/documents/{n}"].applicable for n in (1, 2, 3)] == [True, False, True]
    assert [c[:18] for c in found["30(2)/documents/1"].criteria if c.startswith("30(1)　")] == [
        c[:18] for c in found["30(3)/documents/1"].criteria if c.startswith("30(1)　")
    ]
    assert not any("感染性物质" in c for c in found["30(2)/documents/1"].criteria)
    assert any("动植物疫情" in c for c in found["30(2)/documents/1"].criteria)
    assert not found["27/onsite"].applicable
    assert not any("外聘审计" in line for line in found["6(1)/situation"].checklist)
    assert not any("外部审计机构" in e for e in found["6(3)/records/1@2024"].elements)
    assert not found["1(2)/documents/1"].applicable


def test_box_trucks_alone(guide: Guide) -> None:
    """28 counts for box trucks too, but its statement speaks of containers only (l.829): who has only box trucks owes both."""
    found = {s.id: s for s in plan(guide, declaring(box_trucks=True, transport=True), at("2026-06-01")).slots}
    assert (found["28/documents/1"].applicable, found["28/records/1"].applicable) == (True, True)
    assert (found["29/documents/1"].applicable, found["29/records/1"].applicable) == (True, False)


def test_contradiction(guide: Guide) -> None:
    """Containers without transport is asked again: 29 is neither ruled out nor owed as the statement that nothing is transported."""
    profile = declaring(containers=True)
    found = {s.id: s for s in plan(guide, profile, at("2026-06-01")).slots}
    assert contradictions(profile) == (("containers", "transport"),)
    assert found["29/documents/1"].undeclared == ("transport",)
    assert not found["29/records/1"].applicable


def test_renewal_only(guide: Guide) -> None:
    """6(3) counts on renewal only."""
    assert all(s.applicable for s in slots(plan(guide, RENEWAL, at("2026-06-01")), "6(3)"))
    assert not any(s.applicable for s in slots(plan(guide, INITIAL, at("2026-06-01")), "6(3)"))


def test_nothing_to_hand_in(guide: Guide) -> None:
    """What customs establishes, and what another document governs, owes nothing, and the plan says why; 21(10) has a condition."""
    exempt = {e.clause: e for e in plan(guide, RENEWAL, at("2026-06-01")).exempt}
    assert sum(e.why == "customs" for e in exempt.values()) == 15
    assert exempt["21(10)"].why == "off.statistics_sample"
    assert (exempt["18"].why, exempt["18"].elsewhere, exempt["19"].elsewhere) == ("elsewhere", "单项标准指南", "单项标准指南")
    sampled = plan(guide, RENEWAL.model_copy(update={"scope": Scope(statistics_sample=True)}), at("2026-06-01"))
    assert next(e for e in sampled.exempt if e.clause == "21(10)").why == "customs"
    assert len(exempt) + len({s.clause for s in sampled.slots}) == 64


def test_other_roles_are_criteria(guide: Guide) -> None:
    """Lines of other roles are never chased: they stand on the slot as acceptance criteria, for this kind of applicant."""
    found = plan(guide, declaring(special_items=True, animals_plants=True, inspected_goods=True), at("2026-06-01"))
    chased = {s.requirement for s in found.slots if s.requirement}
    roles = {r.id: r.role for r in guide.requirements.values()}
    assert {roles[r] for r in chased} == {"evidence", "statement"}
    slot = slots(found, "4(5)", "records")[0]
    assert any("简体中文译本" in c for c in slot.criteria)
    assert not any(c.startswith("新申请") for c in slot.criteria)
    referred = slots(found, "30(2)", "documents")[0]
    assert sum(c.startswith("30(1)　") for c in referred.criteria) == 3


def test_any_one_of(guide: Guide) -> None:
    """Clause 14's documents are one line of which any one is enough (任一证明材料), for each person that the profile names."""
    found = slots(plan(guide, RENEWAL, at("2026-06-01")), "14")
    assert [(s.id, len(s.any_of), s.valid_days, s.undeclared) for s in found] == [("14/documents/1", 3, 730, ("related_persons",))]
    named = RENEWAL.model_copy(update={"related_persons": ("张三", "李四")})
    found = slots(plan(guide, named, at("2026-06-01")), "14")
    assert [s.id for s in found] == ["14/documents/1#张三", "14/documents/1#李四"]
    assert all(s.was == ("d9939140395dfd24", "3d9ad7fb5af8762a", "15afdcd04fd6b277") for s in found)


def test_the_clause_counts(guide: Guide) -> None:
    """The clause's sentence is evidence (12, 16), threshold (1(2), 6(2), 6(3), 10, 14) and criterion (25(3))."""
    profile = RENEWAL.model_copy(update={"advanced_on": date(2024, 5, 1)})
    found = {s.id: s for s in plan(guide, profile, at("2026-06-01")).slots}
    assert [s for s in found if s.startswith("12/")] == ["12/clause@2024", "12/clause@2025", "12/clause@2026"]
    assert found["12/clause@2026"].measure == "企业自成为高级认证企业起每年接受会计师事务所审计"
    assert (found["13/clause"].owing, found["13/clause"].follows, len(found["13/clause"].elements)) == ("derived", "12", 5)
    assert (found["16/clause"].owing, found["16/onsite"].owing) == ("paper", "form")
    roles = [s for s in found.values() if s.clause == "1(2)" and s.period == "2026"]
    assert [(s.count, s.measure) for s in roles] == [(2, "每年参加2次以上")] * 4
    assert found["1(2)/documents/1"].measure == ""  # an authorisation is written once, whatever the trainings count
    assert next(s.subject for s in roles) == "法定代表人（负责人）"
    assert (found["6(2)/records/1@2026"].count, found["6(3)/records/1@2026"].count) == (1, 1)
    assert (found["10/onsite"].measure, found["14/documents/1"].measure) == ("数据存储3年以上", "企业相关人员2年内未因故意犯罪受过刑事处罚")
    assert found["25(3)/records/1@2026"].elements == ("身份", "就业经历", "违法记录调查")
    assert all(s.standard in (guide.clauses[s.clause].text,) for s in found.values())


def test_who_takes_part(guide: Guide) -> None:
    """Where the legal representative takes no part, the row is that of whom they authorised (l.41), and stays the same row."""
    found = {}
    for absent in (None, False, True):
        profile = RENEWAL.model_copy(update={"scope": PLAIN.model_copy(update={"representative_absent": absent})})
        found[absent] = next(s for s in plan(guide, profile, at("2026-06-01")).slots if s.id.startswith("1(2)/records/1@2026#"))
    assert [s.subject for s in found.values()] == ["法定代表人（负责人）"] * 2 + ["授权人员（实际负责企业日常经营管理）"]
    assert len({s.key for s in found.values()}) == 1
    assert [s.undeclared for s in found.values()] == [("representative_absent",), (), ()]


def test_partners_one_by_one(guide: Guide) -> None:
    """The walk-through of 27 is prepared for each partner that carries, loads or stores; where nobody named them, that is asked."""
    scope = PLAIN.model_copy(update={"logistics_partners": True})
    found = {}
    for names in (None, ("顺达物流", "海通仓储")):
        profile = RENEWAL.model_copy(update={"scope": scope, "partners": names})
        found[names] = [(s.id, s.undeclared) for s in slots(plan(guide, profile, at("2026-06-01")), "27", "onsite")]
    assert list(found.values()) == [[("27/onsite", ("partners",))], [("27/onsite#顺达物流", ()), ("27/onsite#海通仓储", ())]]


def test_links_name_what_is_owed(guide: Guide) -> None:
    """A link names the other lines that are owed here, or the other rows of its only line; with none of either there is no link."""
    types = {"business_types": ("一般贸易", "加工贸易")}
    renewing, applying, plain = (
        {s.id: s for s in plan(guide, p, at("2026-06-01")).slots}
        for p in (RENEWAL.model_copy(update=types), INITIAL.model_copy(update=types), INITIAL)
    )
    assert renewing["6(2)/records/1@2025"].link_with == ("6(3)/records/1",)
    assert (applying["6(2)/records/1@2026"].link, applying["6(2)/records/1@2026"].link_with) == ("", ())
    assert applying["5/documents/1#一般贸易"].link_with == ("5/documents/1#加工贸易",)
    assert plain["5/documents/1"].link == ""
    assert all(s.link_with for s in renewing.values() if s.link)


def test_inside_the_year(guide: Guide) -> None:
    """Yearly records open with their year, a count is spread over it, and all is wanted before a visit that is to come."""
    found = {s.id: s for s in plan(guide, RENEWAL, at("2026-06-01")).slots}
    running = found["1(2)/records/1@2026#关务负责人"]
    assert (running.opens, running.ends, running.steps) == (date(2026, 1, 1), date(2026, 12, 31), (date(2026, 6, 1), date(2026, 10, 31)))
    assert [running.wanted_on(n) for n in (0, 1, 2)] == [date(2026, 6, 1), date(2026, 10, 31), date(2027, 1, 31)]
    visited = RENEWAL.model_copy(update={"visit_on": date(2026, 9, 15)})
    soon = {s.id: s for s in plan(guide, visited, at("2026-06-01")).slots}
    assert soon["3/records/1@2026"].due == date(2026, 9, 1)
    assert soon["1(2)/records/1@2026#关务负责人"].steps == (date(2026, 6, 1), date(2026, 9, 1))
    assert plan(guide, visited, at("2026-06-01")).holds_until == date(2026, 9, 15)


def test_years_are_the_leads_choice(guide: Guide) -> None:
    """Calendar years or years from the certification, a least length of the first year, and the last renewal as their start."""
    late = RENEWAL.model_copy(update={"certified_on": date(2024, 12, 20)})
    of = lambda profile: [s.period for s in slots(plan(guide, profile, at("2026-06-01")), "6(3)", "records")]  # noqa: E731
    assert of(late) == ["2024", "2025", "2026"]
    assert of(late.model_copy(update={"first_year_least_days": 30})) == ["2025", "2026"]
    certified = late.model_copy(update={"years": "certification"})
    assert of(certified) == ["2024", "2025"]
    year = slots(plan(guide, certified, at("2026-06-01")), "6(3)", "records")[1]
    assert (year.opens, year.ends) == (date(2025, 12, 20), date(2026, 12, 19))
    assert plan(guide, certified, at("2026-06-01")).holds_until == date(2026, 12, 19)
    reports = slots(plan(guide, certified, at("2026-06-01")), "12", "records")
    assert {(s.opens.month, s.ends.day) for s in reports[1:]} == {(1, 31)}, "a firm is audited by fiscal years, whatever its records go by"
    assert of(RENEWAL.model_copy(update={"renewed_on": date(2025, 3, 1)})) == ["2025", "2026"]


def test_rows_of_a_line(guide: Guide) -> None:
    """Kinds of business and of goods have a row each, and take over what was handed in when there was one row for all."""
    profile = declaring(inspected_goods=True).model_copy(update={"business_types": ("一般贸易", "加工贸易"), "goods": ("食品", "化妆品")})
    found = {s.id: s for s in plan(guide, profile, at("2026-06-01")).slots}
    assert [s for s in found if s.startswith("5/records/1@2024")] == ["5/records/1@2024#一般贸易", "5/records/1@2024#加工贸易"]
    assert [s for s in found if s.startswith("7/documents/1")] == ["7/documents/1#食品", "7/documents/1#化妆品"]
    assert found["5/records/1@2024#一般贸易"].was == (f"{guide.requirements['5/records/1'].key}@2024",)
    assert {"4(1)/records/1@2024#一般贸易", "5/onsite#加工贸易"} <= found.keys()


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


def test_what_is_due_at_intervals_is_counted(guide: Guide) -> None:
    """The drill and trainings of 31(2), 31(3) and 11(2) are due once a year by the firm's own number, which is never shown as the guide's word."""
    for profile, years in ((RENEWAL, ["2025", "2026"]), (RENEWAL.model_copy(update={"certification": "initial"}), ["2026"])):
        owed = plan(guide, profile, at("2026-06-01"))
        for line in ("31(3)/records/2", "31(3)/records/1", "31(2)/records/1", "11(2)/records/1"):
            found = [s for s in owed.slots if s.id.startswith(f"{line}@")]
            assert [s.period for s in found][-len(years) :] == years
            assert {(s.owing, s.count, s.own_count, s.measure) for s in found} == {("duty", 1, True, "")}
            assert "次数由企业自定，指南没有规定" in how(found[0], "zh")
            assert measured(found[0], "zh") == "至少 1 次（次数由企业自定）"
