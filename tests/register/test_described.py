"""One description of a slot: whole, in the guide's words, with what settles it; and the plan explained as a page."""

from __future__ import annotations

import re
from datetime import date
from typing import get_args

import pytest

from assistant.guide import Guide
from assistant.register.facts.slots import Owing, State
from assistant.register.papers.reports.coverage import Ready, counted, readiness, with_rest
from assistant.register.papers.reports.explained import explained, in_short, page_html, undeclared
from assistant.register.papers.said.described import described, how, when
from assistant.register.papers.said.words import period_word, periods
from assistant.register.rules.demands.plan import Plan, plan
from assistant.texts import say
from tests.register.company import RENEWAL, START, at, company, part_of

DECLARED = RENEWAL.model_copy(update={"named": {"关务负责人": "王芳"}, "sample_sets": 5, "one_paper": ("training",)})


@pytest.fixture(scope="module")
def owed(guide: Guide) -> Plan:
    """The plan of a company that declared everything."""
    return plan(guide, DECLARED, at("2026-06-01"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_slot_can_be_told(owed: Plan, lang: str) -> None:
    """Every slot has a name, the kind of thing owed and what to do; verbatim parts are the slot's own words, nothing is cut."""
    assert {s.owing for s in owed.slots} == set(get_args(Owing))
    for slot in owed.slots:
        told = described(slot, lang)
        assert told.name.startswith(slot.clause)
        assert told.part("how")
        assert "…" not in told.title
        for part in told.parts:
            if part.verbatim:
                assert all(
                    text in (slot.measure, slot.forms, slot.standard, *slot.any_of, *slot.figures)
                    or text in (*slot.elements, *slot.checklist, *slot.suggested, *slot.criteria)
                    for text in part.texts
                )


def test_owner_understands(owed: Plan) -> None:
    """Whose it is, how often with what is there already, what must be in it, which forms count, and which lines share the paper."""
    slots = {s.id: s for s in owed.slots}
    told = described(slots["1(2)/records/1@2026#关务负责人"], "zh", State(counted=1))
    assert told.title == "1(2) 抽查记录（1） · 关务负责人（王芳） · 2026 年"
    assert "至少 2 次，已记 1 次，还差 1 次" in texts(told, "how")
    assert texts(told, "measure") == "每年参加2次以上"
    assert texts(told, "elements").split() == ["培训老师", "日期", "地点", "参训人员", "培训内容", "培训材料"]
    assert "纸本文档、电子文档、系统记录" in texts(told, "forms")
    assert "任意一种" in texts(described(slots["14/documents/1"], "zh"), "how")
    assert "5 套（套数由企业自定）" in texts(described(slots["4(1)/records/1@2026"], "zh"), "how")
    assert "没有发生" in texts(described(slots["11(1)/records/1@2026"], "zh"), "how")
    assert "过往监控记录" in texts(described(slots["24(3)/onsite"], "zh"), "suggested")
    assert "容灾备份" in texts(described(slots["10/onsite"], "zh"), "suggested")
    link = texts(described(slots["11(2)/documents/1"], "zh"), "joined")
    assert "交一次、审一次" in link
    assert "统一制定的企业综合性内部培训制度" in link
    assert "由合规负责人确认" in texts(described(slots["8(2)/documents/1"], "zh"), "link")


def texts(told: object, name: str) -> str:
    """The texts of one part, one a line."""
    part = told.part(name)  # type: ignore[attr-defined]
    return "\n".join(part.texts) if part else ""


def test_certification_years_are_told_with_their_days(guide: Guide) -> None:
    """A year that begins in May says so."""
    profile = RENEWAL.model_copy(update={"years": "certification", "certified_on": date(2024, 5, 10)})
    slot = next(s for s in plan(guide, profile, START).slots if s.id == "3/records/1@2025")
    assert described(slot, "zh").period == "2025–2026 认证年度（2025-05-10 至 2026-05-09）"
    assert when(slot, "zh") == "2025–2026 认证年度"
    assert periods(["2022-2023", "2023-2024", "2025-2026", "3y"], "zh") == "2022–2023 至 2023–2024、2025–2026 认证年度、近 3 年"
    assert period_word("2026-05-09", "zh") == "认证年度末（2026-05-09）"
    assert how(slot, "zh")


def test_the_page(guide: Guide) -> None:
    """The explanation names every clause once at least, with its reason, and every question that is open."""
    profile = RENEWAL.model_copy(update={"scope": RENEWAL.scope.model_copy(update={"seal": None, "containers": True})})
    page = explained(guide, profile, plan(guide, profile, START), "zh")
    told = [row.name.split()[0] for item in page.items for row in (*item.owed, *item.not_owed)]
    assert set(told) == set(guide.clauses)
    assert any("报关专用章" in q for q in page.questions)
    assert len(page.contradictions) == 1
    html = page_html(page, "zh")
    assert "aeo " not in re.sub(r"<[^>]*>", "", html).casefold(), "colleagues read the page, and they have no terminal"
    assert html.count("<h2>") == 31
    assert all(item.title.strip() in html for item in page.items)
    assert page_html(explained(guide, profile, plan(guide, profile, START), "en"), "en").count("<h2>") == 31


def test_the_page_has_the_dates_of_the_lists(guide: Guide) -> None:
    """One rule for dates: the page shows by when as the register has it, periods of one day together; what completes itself says how."""
    profile = RENEWAL.model_copy(update={"visit_on": date(2027, 3, 15)})
    service, owed = company(guide, profile), plan(guide, profile, START)
    entries = service.entries(START)
    page = explained(guide, profile, owed, "zh", dues={e.slot.key: e.due for e in entries})
    rows = {row.name: row for item in page.items for row in item.owed}
    assert rows["24(2) 抽查记录（1）"].dates == "期限：2022–2025 年 · 2026-07-01；2026 年 · 2027-01-31"
    assert rows["1(2) 抽查记录（1）"].dates == "期限：2022–2025 年 · 2026-07-01；2026 年 · 2026-07-01、2026-10-31"
    shown = {str(e.due) for e in entries if e.slot.applicable}
    assert shown <= {day for row in rows.values() for day in re.findall(r"\d{4}-\d\d-\d\d", row.dates)}
    assert any(text.startswith("由系统汇总（4(5)）") and "打包" in text for text in page.reasons)
    assert any(text.startswith("由系统汇总（13）：第 12 项") for text in page.reasons)
    assert any("2027-03-01（认证日期前 14 天）" in text for text in page.reasons)


def test_every_clause_in_coverage(guide: Guide) -> None:
    """A part of which most clauses owe nothing shows how many, and no percentage, however much of the rest is ready."""
    small = part_of(guide, "14", "16", "21", "22")
    service = company(small)
    exempt = plan(small, RENEWAL, START).exempt
    counts = counted(service.entries(START), date(2026, 6, 1))
    table = with_rest(readiness(counts, "part"), "part", exempt, small)
    assert (table["三"].rest, table["三"].percent) == (11, None)
    assert Ready(owed=3, ready=3, rest=11).percent is None
    assert Ready(owed=3, ready=3).percent == 100
    items = with_rest(readiness(counts, "item"), "item", exempt, small)
    assert {name: r.rest for name, r in items.items()} == {"14": 0, "16": 0, "21": 10, "22": 1}
    assert items["21"].off == 1
    seven = part_of(guide, "7")
    entries = company(seven).entries(START)
    [off] = with_rest(readiness(counted(entries, START.date()), "item"), "item", (), seven, entries).values()
    assert (off.off, off.owed, off.percent) == (1, 0, None), "what the profile rules out stands there too"
    assert say("evidence.column.rest", "en")


def test_no_period_is_spoken_of_where_there_is_none(guide: Guide) -> None:
    """An applicant's records, and registers that run on, are those up to now."""
    sealed = {"certification": "initial", "scope": DECLARED.scope.model_copy(update={"seal": True})}
    applicant = plan(guide, DECLARED.model_copy(update=sealed), at("2026-06-01"))
    told = {s.id: texts(described(s, "zh"), "how") for s in applicant.slots if s.owing in ("duty", "event") and not s.period}
    assert told["24(2)/records/1"] == "请提交截至目前的记录。"
    assert told["4(4)/situation/2"] == "请提交截至目前的记录。"
    assert "没有发生" in told["11(1)/records/1"]
    assert all("期间" not in said for said in told.values())


def test_several_periods_of_a_line_are_asked_for_as_such(guide: Guide) -> None:
    """Where one entry stands for three years, nothing is said of this period, as if it were one."""
    slots = {s.id: s for s in plan(guide, DECLARED, at("2026-06-01")).slots}
    counted = next(s for s in slots.values() if s.count == 2)
    for slot, said in ((counted, "每个期间各至少 2 次"), (slots["24(2)/records/1@2025"], "请分别提交各期间的记录。")):
        assert said in texts(described(slot, "zh", several=True), "how")
        assert "这一期间" in texts(described(slot, "zh"), "how")
    page = explained(guide, DECLARED, plan(guide, DECLARED, at("2026-06-01")), "zh")
    rows = {row.name: row for item in page.items for row in item.owed}
    assert [text.partition("：")[0] for text in page.reasons].count("日常记录") == 1, "what settles a kind is said once"
    assert rows["24(2) 情况介绍"].points, "what a heading announces stands below it"
    assert all(row.points for row in rows.values() if row.text.endswith("："))
    assert all(row.why != "要交的材料" for row in rows.values())


def test_what_an_owner_reads_fits_the_kind(guide: Guide) -> None:
    """Once a year is not counted, a sentence without a list says what would show it, what does not count says why, a year is a year."""
    slots = {s.id: s for s in plan(guide, DECLARED, at("2026-06-01")).slots}
    assert texts(described(slots["6(2)/records/1@2025"], "zh"), "how") == "请提交这一期间的这份记录，至少 1 次。"
    assert "各期间" in texts(described(slots["6(2)/records/1@2025"], "zh", several=True), "how")
    assert "登记、备案" in texts(described(slots["16/clause"], "zh"), "how")
    assert "1 年内有效" in texts(described(slots["16/clause"], "zh"), "valid")
    assert texts(described(slots["12/clause@2025"], "zh"), "figures").split()[0] == "速动比率"
    off = next(s for s in slots.values() if not s.applicable and s.why.startswith("off."))
    assert texts(described(off, "zh"), "how").startswith("不适用")


def test_the_page_in_short(guide: Guide) -> None:
    """An item in few lines: kinds with their numbers, thresholds, and a clause that is not owed at all by its number alone."""
    off = RENEWAL.scope.model_copy(update={"special_items": False, "seal": False, "certificates": True, "inspected_goods": False})
    profile = RENEWAL.model_copy(update={"scope": off})
    owed = plan(guide, profile, at("2026-06-01"))
    items = {item.number: item for item in explained(guide, profile, owed, "zh").items}
    assert items["4"].reasons()["不适用：企业不涉及特殊物品"] == ("4(2)",)
    assert items["4"].reasons()["不适用：企业没有报关专用章"] == ("4(4) 书面文件（1）", "4(4) 抽查记录（情况介绍第 2 点）")
    assert "1(2) 抽查记录（1）" in items["1"].thresholds()["每年参加2次以上"]
    assert sum(sum(item.kinds().values()) for item in items.values()) == sum(s.applicable for s in owed.slots)
    made = items["1"].made_of("zh")["日常记录"]
    assert any(said.startswith("1(2)（") and "各一份 · 自认证后每一年：2022–2026 年（5 期） · 每期至少 2 次" in said for said in made)
    assert items["24"].made_of("zh")["日常记录"][-1].startswith("24(2)、24(3) ×")
    assert sum(len(list(in_short(item, "zh"))) for item in items.values()) < 100, "read in five minutes"
    roles, links = explained(guide, profile, owed, "zh").later
    assert ("法定代表人（负责人）" in roles, "各项培训制度" in links) == (True, True), "what may be declared beside the questions"
    kinds = profile.model_copy(update={"business_types": ("一般贸易", "加工贸易")})
    assert "各类型进出口活动的流程管理" in explained(guide, kinds, plan(guide, kinds, at("2026-06-01")), "zh").later[1]
    assert "goods" not in undeclared(owed), "nobody is asked for the goods of a clause that does not apply"
    rows = {row.name: row for item in items.values() for row in item.owed}
    assert not any(row.dates for row in rows.values()), "no register, no dates of its own"
    assert dict(rows["1(1) 书面文件（1）"].facts)["同一份材料"].startswith("可以与以下要求共用一份材料")
    assert rows["12 条款正文"].why.startswith("自成为高级认证企业起每一年")
