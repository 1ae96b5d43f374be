"""Each kind of thing is settled by what settles it: counts, elements, one paper for many lines, one nil statement, what is derived."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from assistant.errors import RegisterError, UsageError
from assistant.guide import Guide, Requirement, Section
from assistant.register.acts.in_bulk.archiving import archive
from assistant.register.acts.mentions import mention
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import WHOLE, Piece, Said, Seen
from assistant.register.papers.reports.coverage import counted, total
from assistant.register.papers.said.described import described, how
from assistant.register.papers.said.words import returned_words, shortfall_word, standing_word
from assistant.register.papers.tables.elements_table import header, rows, taken
from assistant.register.rules.demands.judgement import elements_of, shipped_elements
from assistant.register.rules.demands.plan import plan
from assistant.register.rules.demands.proposal import proposed, unreviewed
from assistant.register.rules.evidence.figures import figure, figures
from assistant.register.rules.evidence.life import NotTicked
from assistant.register.rules.evidence.shortfall import rest_of, shortfalls, unnamed
from tests.register.company import LINK, RENEWAL, START, at, company, part_of, who

TRAINED = "1(2)/records/1@2026#关务负责人"
NIL = Piece("nil", text="没有发生")


@pytest.fixture(scope="module")
def small(guide: Guide) -> Guide:
    """The items that the tests are about."""
    return part_of(guide, "1", "4", "6", "11", "12", "13", "24", "31")


@pytest.fixture
def service(small: Guide) -> RegisterService:
    """A company that shares one training rule."""
    return company(small, RENEWAL.model_copy(update={"one_paper": ("training", "audits"), "sample_sets": 5}))


def test_a_count_goes_on(service: RegisterService) -> None:
    """One of two trainings is pointed out, accepted as one of two, asked for again by its next day, and kept in the next version."""
    entry = service.submit(TRAINED, [LINK], who("wang"), said=Said(1))
    short, unticked = shortfalls(entry.slot, entry.state, [LINK])
    assert (short.name, short.has, short.wanted, unticked.name) == ("count", 1, 2, "unticked")
    entry = service.accept(TRAINED, who(), seen=WHOLE)
    assert (entry.state.name, entry.state.counted, entry.owed) == ("missing", 1, True)
    assert entry.due == date(2026, 10, 31)
    entry = service.submit(TRAINED, [Piece("note", text="第二次")], who("wang"), said=Said(1))
    assert [s.name for s in shortfalls(entry.slot, entry.state, [LINK])] == ["unticked"]
    assert service.accept(TRAINED, who(), seen=WHOLE).state.name == "accepted"
    assert [p.text for p in service.pieces([entry.slot.key]) if p.version == 2] == [LINK.text, "第二次"]
    assert service.verify()[1] == []


def test_a_returned_second_training(service: RegisterService) -> None:
    """What is returned does not count, what was accepted before does."""
    service.submit(TRAINED, [LINK], who("wang"), said=Said(1))
    service.accept(TRAINED, who(), seen=WHOLE)
    service.submit(TRAINED, [LINK], who("wang"), said=Said(1))
    entry = service.give_back(TRAINED, "没有签到表", who())
    assert (entry.state.name, entry.state.counted) == ("returned", 1)
    assert service.submit(TRAINED, [LINK], who("wang"), said=Said(1)).state.counted == 2


def test_no_number_named(service: RegisterService) -> None:
    """A submission that names no count is pointed out, and its reviewer says what they saw, or that it is the whole."""
    entry = service.submit(TRAINED, [LINK], who("wang"))
    assert [s.name for s in shortfalls(entry.slot, entry.state, [LINK])] == ["uncounted", "unticked"]
    for saw, wanted in ((Seen(), "培训老师"), (Seen(covers=entry.slot.ticks), "--count"), (Seen(count=2), "培训老师")):
        with pytest.raises(NotTicked, match=wanted):
            service.accept(TRAINED, who(), seen=saw)
    state = service.accept(TRAINED, who(), seen=WHOLE).state
    assert (state.name, state.counted) == ("accepted", 2), "the whole is as often as the line asks for"
    assert "已记 2 次" in how(entry.slot, "zh", state)
    assert service.verify()[1] == []


def test_the_whole_of_one_of_two(service: RegisterService) -> None:
    """One training of two stays one, however whole its record is, and so it does where only the reviewer counted."""
    service.submit(TRAINED, [LINK], who("wang"))
    state = service.accept(TRAINED, who(), seen=replace(WHOLE, count=1)).state
    assert (state.name, state.counted, state.kept) == ("missing", 1, 1)
    service.submit(TRAINED, [Piece("note", text="第二次")], who("wang"))
    state = service.accept(TRAINED, who(), seen=WHOLE).state
    assert (state.name, state.counted) == ("accepted", 2)
    assert service.verify()[1] == []


def test_elements_as_ticks(service: RegisterService) -> None:
    """A file that covers one of eight pieces does not end the line; a return names what it lacks."""
    slot = "6(2)/records/1@2026"
    wanted = service.entry(slot).slot.elements
    entry = service.submit(slot, [LINK], who("wang"), said=Said(1, ("内审报告", "与此无关")))
    [short] = shortfalls(entry.slot, entry.state, [LINK])
    assert (short.name, short.has, short.wanted, len(short.elements)) == ("elements", 1, 8, 7)
    entry = service.give_back(slot, "", who(), lacking=("内审方案", "内审工作底稿"))
    assert (entry.state.lacking, entry.state.reason) == (("内审方案", "内审工作底稿"), "内审方案、内审工作底稿")
    service.submit(slot, [LINK], who("wang"), said=Said(1, ("内审报告",)))
    entry = service.accept(slot, who())
    assert (entry.state.name, entry.state.covers) == ("missing", ("内审报告",))
    service.submit(slot, [LINK], who("wang"), said=Said(0, wanted))
    assert service.accept(slot, who()).state.name == "accepted"


def test_a_return_that_names_nothing(service: RegisterService) -> None:
    """It misses what the submission left out of what it said it covers; where it said nothing, that no element was named is told."""
    slot = "6(2)/records/1@2026"
    wanted = service.entry(slot).slot.elements
    service.submit(slot, [LINK], who("wang"), said=Said(1, wanted[:2]))
    entry = service.give_back(slot, "不全", who())
    assert entry.state.lacking == wanted[2:]
    told = mention(entry, "verdict", at("2026-11-24").date())
    assert returned_words(told.returned, told.lacking, told.unnamed, "zh") == ("不全", f"还缺：{'、'.join(wanted[2:])}。")
    service.submit(slot, [LINK], who("wang"), said=Said(1))
    entry = service.give_back(slot, "看不清", who())
    assert (entry.state.lacking, unnamed(entry.slot, entry.state)) == ((), wanted)
    assert "没有指明缺哪一项" in returned_words("看不清", (), wanted, "zh")[1]
    service.submit(slot, [LINK], who("wang"), said=Said(1, wanted[:2]))
    assert service.give_back(slot, "签名不对", who(), lacking=()).state.lacking == ()
    service.claim_na(slot, "没有内审", who("wang"))
    entry = service.give_back(slot, "有的", who())
    assert unnamed(entry.slot, entry.state) == ()


def test_a_reviewer_says_what_was_there(service: RegisterService) -> None:
    """One file no longer ends a line of eight pieces: nothing ticked by either is asked back, ticks of the reviewer count as the owner's."""
    slot = "6(2)/records/1@2026"
    elements = service.submit(slot, [LINK], who("wang"), said=Said(1)).slot.elements
    with pytest.raises(NotTicked, match=elements[0]):
        service.accept(slot, who())
    part = service.accept(slot, who(), seen=Seen(covers=(*elements[:3], "别的")))
    assert (part.state.name, part.state.kept_covers, part.state.in_part) == ("missing", elements[:3], True)
    [rest] = rest_of(part.slot, part.state)
    assert (rest.name, rest.elements) == ("elements", elements[3:])
    service.submit(slot, [Piece("note", text="其余")], who("wang"), said=Said(1, elements[3:]))
    assert service.accept(slot, who()).state.name == "accepted"
    assert service.verify()[1] == []


def test_one_paper_many_lines(service: RegisterService) -> None:
    """One hand-in and one review settle the lines of a link that the lead confirmed; others are untouched."""
    lines = ["1(1)/documents/1", "1(1)/documents/2", "11(2)/documents/1", "31(1)/documents/1", "31(3)/documents/1"]
    service.submit(lines[0], [LINK], who("wang"))
    assert {service.entry(s).state.name for s in lines} == {"submitted"}
    assert service.entry("24(1)/documents/1").state.name == "missing"
    service.give_back(lines[0], "缺信息安全培训", who())
    assert {service.entry(s).state.name for s in lines} == {"returned"}
    service.submit(lines[2], [LINK], who("wang"))
    with pytest.raises(NotTicked):
        service.accept(lines[2], who())
    ticked = Seen(covers=service.entry(lines[2]).slot.elements)
    with pytest.raises(NotTicked, match=re.escape(lines[0])):  # what goes along is asked about too
        service.accept(lines[2], who(), seen=ticked)
    service.accept(lines[2], who(), seen=WHOLE)
    assert {service.entry(s).state.name for s in lines} == {"accepted"}
    assert all(service.pieces([service.entry(s).slot.key]) for s in lines)
    assert all(service.entry(s).state.covers == service.entry(s).slot.ticks for s in lines)
    assert service.verify()[1] == []


def test_one_paper_is_ticked_line_by_line(service: RegisterService) -> None:
    """What it covers is said for each of its lines; a return names what it lacks of any of them, and only those lack it."""
    audits = [service.entry(f"{line}/records/1@2024").slot for line in ("6(2)", "6(3)")]
    covers = {slot.line_key: slot.elements[:2] for slot in audits}
    service.submit(audits[0].id, [LINK], who("wang"), said=Said(1, lines=covers))
    assert [service.entry(s.id).state.covers for s in audits] == [s.elements[:2] for s in audits]
    mine = tuple(e for e in audits[1].elements if e not in audits[0].elements)[:1]
    service.give_back(audits[0].id, "", who(), lacking=mine)
    assert [service.entry(s.id).state.lacking for s in audits] == [(), mine]
    assert {service.entry(s.id).state.reason for s in audits} == {mine[0]}
    service.submit(audits[0].id, [LINK], who("wang"), said=Said(1, audits[0].elements + audits[1].elements))
    service.accept(audits[0].id, who())
    assert {service.entry(s.id).state.name for s in audits} == {"accepted"}
    assert service.verify()[1] == []


def test_one_audit_serves_both(service: RegisterService) -> None:
    """The audits of 6(2) and 6(3) of one year are handed in together; other years are not."""
    service.submit("6(2)/records/1@2024", [LINK], who("wang"))
    assert service.entry("6(3)/records/1@2024").state.name == "submitted"
    assert service.entry("6(3)/records/1@2025").state.name == "missing"


def test_a_plan_that_stands_for_all_years(guide: Guide) -> None:
    """A paper without a period serves each year of a line that it is linked with; the link names the lines by what they are."""
    scope = RENEWAL.scope.model_copy(update={"special_items": True, "animals_plants": True, "inspected_goods": True})
    service = company(part_of(guide, "30"), RENEWAL.model_copy(update={"one_paper": ("emergency_plan",), "scope": scope}))
    service.submit("30(1)/documents/1", [LINK], who("wang"))
    service.accept("30(1)/documents/1", who(), seen=WHOLE)
    line = [e for e in service.entries(at("2026-06-01")) if e.slot.id.startswith("30(1)/records/1@")]
    assert {e.state.name for e in line} == {"accepted"}
    said = " ".join(described(line[0].slot, "zh").part("joined").texts)  # type: ignore[union-attr]
    assert ("30(1) 书面文件（1）" in said, "30(2) 书面文件（1）" in said, "抽查记录" in said) == (True, True, False)


def test_one_nil_statement(service: RegisterService) -> None:
    """Nothing happened: one statement for all periods that are open, one review; a year with a record keeps it."""
    service.submit("11(1)/records/1@2023", [LINK], who("wang"))
    service.submit("11(1)/records/1@2022", [NIL], who("wang"))
    service.accept("11(1)/records/1@2022", who())
    states = {year: service.entry(f"11(1)/records/1@{year}").state.name for year in range(2022, 2027)}
    assert states == {2022: "accepted", 2023: "submitted", 2024: "accepted", 2025: "accepted", 2026: "accepted"}
    assert service.entry("11(3)/records/1@2022").state.name == "missing"
    assert shortfalls(service.entry("11(1)/records/1@2022").slot, service.entry("11(1)/records/1@2022").state, [NIL]) == ()


def test_a_sample(small: Guide) -> None:
    """A bulk is shown by its place and the number of sets that the company set itself."""
    service = company(small, RENEWAL.model_copy(update={"sample_sets": 5}))
    slot = "4(1)/records/1@2024"
    entry = service.submit(slot, [LINK], who("wang"), said=Said(3))
    assert [(s.name, s.has, s.wanted) for s in shortfalls(entry.slot, entry.state, [LINK])] == [("sets", 3, 5), ("place", 0, 0)]
    assert shortfalls(entry.slot, entry.state, [LINK, Piece("paper", text="档案室")])[0].name == "sets"
    service.submit(slot, [Piece("paper", text="档案室")], who("wang"))
    part = service.accept(slot, who())
    assert (part.state.name, part.state.kept, [r.name for r in rest_of(part.slot, part.state)]) == ("missing", 3, ["sets"])
    assert "已有 3 套，还差 2 套" in how(part.slot, "zh", part.state)
    assert standing_word(part, START.date(), "zh") == "未提交（已有 3/5）"
    service.submit(slot, [Piece("note", text="又两套")], who("wang"), said=Said(2))
    assert service.accept(slot, who()).state.name == "accepted"
    entry = service.submit("4(1)/records/1@2025", [Piece("paper", text="档案室")], who("wang"))
    assert [s.name for s in shortfalls(entry.slot, entry.state, [Piece("paper", text="档案室")])] == ["unset", "index"]
    with pytest.raises(NotTicked, match="抽样备查"):
        service.accept("4(1)/records/1@2025", who())
    assert service.accept("4(1)/records/1@2025", who(), seen=WHOLE).state.name == "accepted"


def test_a_part_stays_a_part(small: Guide) -> None:
    """What is added to a part and taken back leaves the part, not a whole; the acceptance of a part can be taken back, and nothing of it is left."""
    service, slot = company(small), next(e.slot.id for e in company(small).entries(at("2026-06-01")) if e.slot.count == 2)
    ticks = service.entry(slot).slot.elements
    service.submit(slot, [LINK], who("wang"), said=Said(1, ticks))
    assert service.accept(slot, who()).state.in_part
    service.submit(slot, [Piece("note", text="第二次")], who("wang"), said=Said(1))
    back = service.withdraw(slot, who("wang"))
    assert (back.state.name, back.state.kept, standing_word(back, START.date(), "zh")) == ("missing", 1, "未提交（已有 1/2）")
    again = service.reopen(slot, "看错了", who())
    assert (again.state.name, again.state.in_part, again.state.counted) == ("returned", False, 0)
    service.submit(slot, [LINK], who("wang"), said=Said(2, ticks))
    assert service.accept(slot, who()).state.name == "accepted"
    assert service.verify()[1] == []


def test_a_walk_through_point_by_point(small: Guide) -> None:
    """Its points are ticked off, and who accompanies has a field; a return names the point; points not ticked are pointed out."""
    service, slot = company(small), "24(3)/onsite"
    points = service.entry(slot).slot.checklist
    entry = service.submit(slot, [LINK], who("wang"))
    assert [s.name for s in shortfalls(entry.slot, entry.state, [LINK])] == ["points", "staff"]
    words = Piece("staff", text="张三")
    entry = service.submit(slot, [words], who("wang"), said=Said(0, points[:3]))
    [short] = shortfalls(entry.slot, entry.state, [LINK, words])
    assert (short.name, short.elements) == ("elements", points[3:])
    assert shortfall_word(short, "zh").startswith("还缺：（4）")
    assert service.give_back(slot, "补看监控", who()).state.lacking == points[3:]
    service.submit(slot, [words], who("wang"), said=Said(0, points))
    assert service.accept(slot, who()).state.name == "accepted"


def test_thirteen_follows_twelve(small: Guide) -> None:
    """The ratios of 13 come from the audit reports of 12: done when all that are due are accepted with their figures."""
    service = company(small)
    every = [e for e in service.entries(at("2026-06-01")) if e.slot.clause == "12"]
    reports = [e.slot.id for e in every if e.open(date(2026, 6, 1))]
    assert (len(every), len(reports)) == (5, 4), "the report of the running year is made after it"
    told = described(service.entry(reports[0]).slot, "zh").part("criteria")
    assert told is not None
    assert any(text.startswith("13　") and "资产负债率" in text for text in told.texts)
    assert "速动比率" in described(service.entry("13/clause").slot, "zh").part("elements").texts  # type: ignore[union-attr]
    for slot in reports:
        assert service.entry("13/clause").owed
        service.submit(slot, [LINK], who("wang"))
        service.accept(slot, who())
    assert service.entry("13/clause").owed, "an accepted report without its figures decides nothing"
    for slot in reports:
        line = service.entry(slot).slot
        service.submit(slot, figures([line], dict.fromkeys(line.figures, "1")), who("wang"))
        assert LINK.text in [p.text for p in service.pieces([line.key]) if p.version == 2], "the report stays"
        service.accept(slot, who())
    settled, day = service.entry("13/clause"), date(2026, 6, 1)
    assert (settled.settled_by, settled.shown(day), settled.owed) == ("12", "accepted", False)
    assert total(counted([settled], day)).ready == 1


def test_thirteen_is_not_handed_in(small: Guide) -> None:
    """Nobody is asked for what comes of other papers, and a file for it is sent to where it belongs."""
    service = company(small)
    assert service.entry("13/clause").next_ask is None
    with pytest.raises(RegisterError, match="交到第 12 项"):
        service.submit("13/clause", [LINK], who("wang"))


def test_the_figures_of_a_report(small: Guide) -> None:
    """The five ratios are asked for with the report of 12, numbers only; what is missing is pointed out, what was given is reviewed with it."""
    service = company(small)
    slot = service.entry("12/clause@2024").slot
    assert slot.figures == ("速动比率", "现金流动负债比率", "资产负债率", "营业利润率", "净资产收益率")
    said = figures([slot], {"速动比率": "１．３２", "资产负债率": " 45 ％", "营业利润率": ""})
    assert [p.shown for p in said] == ["速动比率 1.32", "资产负债率 45%"]
    entry = service.submit(slot.id, [LINK, *said], who("wang"))
    [short] = shortfalls(entry.slot, entry.state, [LINK, *said])
    assert (short.name, short.elements) == ("figures", ("现金流动负债比率", "营业利润率", "净资产收益率"))
    service.accept(slot.id, who())
    assert [p.shown for p in service.pieces([slot.key]) if p.kind == "figure"] == ["速动比率 1.32", "资产负债率 45%"]
    assert service.verify()[1] == []
    for names, said_ in (({"利润": "1"}, "没有这项指标：利润"), ({"速动比率": "一点五倍"}, "不是数")):
        with pytest.raises(RegisterError) as refused:
            figures([slot], names)
        assert said_ in refused.value.sentence()
    with pytest.raises(RegisterError, match="不需要填写指标"):
        figures([slot, service.entry("24(2)/records/1@2024").slot], {"速动比率": "1"})
    with pytest.raises(RegisterError, match="只选一个期间"):
        figures([slot, service.entry("12/clause@2023").slot], {"速动比率": "1"})
    said += figures([slot], dict.fromkeys(("现金流动负债比率", "营业利润率", "净资产收益率"), "3"))
    service.reopen(slot.id, "换报告", who())
    service.submit(slot.id, [LINK, *said], who("wang"))
    added = service.submit(slot.id, [Piece("note", text="补充说明")], who("wang"))
    assert service.short_of(added) == (), "what is added to a hand-in does not take its figures away"


@pytest.mark.parametrize(
    ("text", "kept"),
    [("1.32", "1.32"), ("-1,200.5", "-1200.5"), ("−3％", "-3%"), ("12‰", "12‰"), ("约1", ""), ("", ""), ("1/2", ""), ("1.2.3", "")],
)
def test_a_figure(text: str, kept: str) -> None:
    """Numbers as people write them; everything else is none."""
    assert figure(text) == kept


def test_elements_of_an_edition_nobody_reviewed(guide: Guide) -> None:
    """Proposals are verbatim; what was reviewed or confirmed is proposed no more, and nothing unconfirmed becomes a tick."""
    for line in guide.requirements.values():
        assert all(part in line.text for part in proposed(line))
    line = guide.requirements["24(2)/documents/1"]
    assert proposed(line) == ("责任部门（岗位）", "工作职责", "管理要求", "应急处置", "档案资料保管")
    unknown = line.model_copy(update={"key": "0" * 16})
    assert line.key not in {r.key for r, _ in unreviewed(guide, RENEWAL)}
    assert proposed(unknown) == proposed(line)


def test_a_proposal_is_mostly_what_a_reader_would_tick(guide: Guide) -> None:
    """Each reviewed line proposed from the others alone: more than six in ten exactly, nine in ten proposed things right; lines without elements get none."""
    reviewed, exact, right, said, wanted, idle = shipped_elements(), 0, 0, 0, 0, []
    for line in guide.requirements.values():
        if line.id.split("/")[1] in ("documents", "records") and line.role in ("evidence", "format"):
            gold = {e.text for e in reviewed.get(line.lineage, ())}
            heads = {elements[0].text for key, elements in reviewed.items() if elements and key != line.lineage}
            found = set(proposed(line, heads))
            if not gold:
                idle += [line.id] if found else []
                continue
            exact, right, said, wanted = exact + (found == gold), right + len(found & gold), said + len(found), wanted + len(gold)
    assert exact >= 33
    assert right / said >= 0.9
    assert right / wanted >= 0.8
    assert len(idle) <= 1


def test_elements_of_a_line_that_was_reworded(guide: Guide) -> None:
    """What still stands in it, verbatim, stays a tick; what is gone is one no more; what came is proposed with it, for the lead."""
    line = guide.requirements["24(2)/documents/1"]
    text = line.text.replace("管理要求、应急处置", "管理要求、处置时限")
    assert text != line.text
    other = line.model_copy(update={"text": text, "key": "0" * 16, "since": line.key})
    then = guide.mapped(lambda c: c.model_copy(update={"sections": tuple(_with(s, other) for s in c.sections)}))
    before, after = (next(s for s in plan(g, RENEWAL, at("2026-06-01")).slots if s.id == line.id).elements for g in (guide, then))
    assert "应急处置" in before
    assert after == tuple(e for e in before if e != "应急处置")
    waiting = {r.id: parts for r, parts in unreviewed(then, RENEWAL)}
    assert waiting[line.id] == (*after, "处置时限")
    confirmed = RENEWAL.model_copy(update={"elements": {other.key: waiting[line.id]}})
    assert line.id not in {r.id for r, _ in unreviewed(then, confirmed)}
    assert next(s for s in plan(then, confirmed, at("2026-06-01")).slots if s.id == line.id).elements == (*after, "处置时限")
    moved = line.model_copy(update={"key": "1" * 16, "since": line.key})
    assert elements_of(moved, RENEWAL) == elements_of(line, RENEWAL)


def _with(section: Section, other: Requirement) -> Section:
    lines = tuple(other if r.id == other.id else r for r in section.requirements)
    return section.model_copy(update={"requirements": lines})


def test_elements_are_confirmed_in_a_table(guide: Guide) -> None:
    """What is proposed goes into a table; rows that say yes come back as they were corrected; words that are not the line's are named."""
    line, other = (
        guide.requirements[i].model_copy(update={"key": k * 16, "since": k * 16})
        for i, k in (("24(2)/documents/1", "0"), ("24(3)/records/1", "1"))
    )
    cells = [(1, ["title"]), *enumerate([header("zh"), *rows([(line, ("责任部门（岗位）", "工作职责")), (other, ("访客姓名",))])], 3)]
    assert taken(guide, cells, "t.xlsx") == {}
    cells[2][1][2:4] = ["责任部门（岗位）\n 工作职责 \n管理要求", "是"]
    assert taken(guide, cells, "t.xlsx") == {line.id: ("责任部门（岗位）", "工作职责", "管理要求")}
    cells[3][1][2:4] = ["访客姓名\n体温", "√"]
    with pytest.raises(UsageError) as refused:
        taken(guide, cells, "t.xlsx")
    assert "第 5 行“体温”" in refused.value.sentence()
    assert "不是指南该行的原文" in refused.value.sentence()
    with pytest.raises(UsageError, match="没有这些列"):
        taken(guide, cells[:1], "t.xlsx")


def test_a_binder_with_gaps_does_not_settle_the_archive(service: RegisterService) -> None:
    """The archive of 4(5) is done by a binder that lacks nothing but itself; of an earlier one its gaps are counted."""
    ours = next(
        e.slot for e in service.entries(who().at) if e.slot.owing == "derived" and not e.slot.follows and e.slot.period in ("", "2026")
    )
    assert archive(service, "a.zip", "0" * 64, [ours.id, TRAINED, "24(3)/situation"], who()) == 2
    assert service.entry(ours.key).state.name == "missing"
    assert archive(service, "b.zip", "1" * 64, [ours.id], who()) == 0
    assert service.entry(ours.key).state.name == "accepted"
    assert archive(service, "c.zip", "2" * 64, [TRAINED], who()) == 0
    assert service.verify()[1] == []


def test_the_archive_of_a_year_that_begins_in_another_month(guide: Guide) -> None:
    """A binder of January settles the certification year that runs then, which goes by the year before."""
    moment = at("2027-01-20")
    service = company(part_of(guide, "4"), RENEWAL.model_copy(update={"years": "certification"}), moment=moment)
    archives = [e.slot for e in service.entries(moment) if e.slot.owing == "derived"]
    assert [s.period for s in archives if s.runs(moment.date())] == ["2026"]
    assert archive(service, "a.zip", "0" * 64, [], who(moment=moment)) == 0
    assert [s.period for s in archives if service.entry(s.key).state.name == "accepted"] == ["2026"]
