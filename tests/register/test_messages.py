"""What messages and letters tell an owner: one entry for one paper, certification years with their days, what is best shown along."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.guide import Guide
from assistant.register.acts.mentions import mention
from assistant.register.acts.telling.announce import announce
from assistant.register.facts.handed_in import Piece, Said, Seen
from assistant.register.facts.notices.asking import Nudge
from assistant.register.facts.notices.common import Notice
from assistant.register.facts.notices.reviewing import Decided, ToReview
from assistant.register.facts.outbox import SILENT, Message
from assistant.register.facts.people import Assignment
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import STATES
from assistant.register.papers.reports.letter import Addressees, letter
from assistant.register.papers.said.described import whole_periods
from assistant.register.papers.said.messages import message_text
from assistant.texts import texts
from tests.register.company import RENEWAL, START, company, part_of, who

PLAN = RENEWAL.model_copy(update={"one_paper": ("emergency_plan",)})


def told(guide: Guide, profile: Profile, items: Sequence[str], wanted: Sequence[str]) -> tuple[str, str]:
    """The letter and the plain text that ask for these slots (by the beginning of their id)."""
    service = company(part_of(guide, *items), profile)
    entries = [e for w in wanted for e in service.entries(who().at) if e.owed and e.slot.id.startswith(w)]
    says = Nudge(reason="first", slots=tuple(mention(e, "first", START.date()) for e in entries))
    message = Message("zz", says, "wang", "d")
    return letter(message, Addressees({}, "lead"), "zh").text, message_text(message, "zh")


@pytest.mark.parametrize("joined", [True, False])
def test_one_paper_is_asked_for_once(guide: Guide, joined: bool) -> None:
    """Confirmed by the lead, the lines of one paper are one entry that says so, with the words of each; else an entry each."""
    wanted = ("30(1)/records/1", "30(1)/documents/1")
    for text in told(guide, PLAN if joined else RENEWAL, ("30",), wanted):
        assert text.count("应包括") >= 1
        assert ("交一次、审一次即可" in text) is joined
        assert bool(re.search(r"同一份材料还用于 30\(1\) 抽查记录（1） · 2022–2026 年", text)) is joined
        assert ("1. 30(1) 书面文件（1）" in text) is joined  # the paper leads, whichever came first
        assert bool(re.search(r"\n\d+\. 30\(1\) 抽查记录", text)) is not joined


@pytest.mark.parametrize(("verdict", "asks"), [("accepted", False), ("returned", True)])
def test_asking_belongs_to_asking(guide: Guide, verdict: str, asks: bool) -> None:
    """Of what is settled its words are told, and nothing is asked for; what came back is asked for again."""
    service = company(part_of(guide, "14"), RENEWAL.model_copy(update={"related_persons": ("张三",)}))
    slots = tuple(mention(e, "verdict", START.date()) for e in service.entries(who().at) if e.owed)
    text = letter(
        Message("zz", Decided(slots=slots, verdict=verdict, by="li", through="ma"), "wang", "d"), Addressees({}, "lead"), "zh"
    ).text
    assert "审核人：li（ma 代为操作）" in text, "whose word it is"
    assert [words in text for words in ("交任意一种即可", "怎么交", "开具日期")] == [asks] * 3
    assert ("不用再做什么" in text) is not asks


def test_a_word_is_enough_where_it_still_serves(guide: Guide) -> None:
    """What is to be confirmed is not asked for as if nothing were there; who reviews reads what to look at, and asks for nothing."""
    service = company(part_of(guide, "24"))
    slots = tuple(mention(e, "to_confirm", START.date()) for e in service.entries(who().at) if e.slot.id.startswith("24(3)/records/1@"))
    confirming, weighing = (
        letter(Message("zz", says, "wang", "d"), Addressees({}, "lead"), "zh").text
        for says in (Nudge(reason="to_confirm", slots=slots), ToReview(slots=slots, by=("wang",)))
    )
    assert ("仍然适用的，说一声即可" in confirming, "请分别提交" in confirming) == (True, False)
    assert ("审核时还要看" in weighing, "请分别提交" in weighing, "怎么交" in weighing) == (True, False, False)


def test_who_reviews_by_mail_reads_what_came(guide: Guide) -> None:
    """The letter says what was handed in and what it is short of, before anything is accepted."""
    service = company(part_of(guide, "1"), owners=[Assignment("all", "*", owner="wang", reviewer="li")])
    service.rules = replace(service.rules, announce=announce)
    slot = next(e.slot.id for e in service.entries(who().at) if e.slot.count == 2)
    service.submit(slot, [Piece("note", "六月的培训")], who("wang"), said=Said(1, ("日期",)))
    [message] = [m for m in service.messages(recipient="li") if m.kind == "review"]
    text = letter(message, Addressees({}, "lead"), "zh").text
    assert ("提交内容：说明：六月的培训" in text, "写明了 1 次，要求 2 次" in text, "还缺：培训老师" in text) == (True, True, True), text


def test_a_part_is_no_end(guide: Guide) -> None:
    """Of a part that was accepted its owner reads what is still to come, never that nothing more is to be done."""
    service = company(part_of(guide, "1", "11"), PLAN, owners=[Assignment("all", "*", owner="wang", reviewer="li")])
    service.rules = replace(service.rules, announce=announce)
    slot = next(e.slot for e in service.entries(who().at) if e.slot.count == 2)
    service.submit(slot.id, [Piece("note", "六月的培训")], who("wang"), said=Said(1, slot.elements))
    service.accept(slot.id, who("li"))
    paper = service.entry("11(1)/documents/1").slot
    service.submit(paper.id, [Piece("note", "制度")], who("wang"))
    service.accept(paper.id, who("li"), seen=Seen(covers=paper.elements[:2]))
    one, two = sorted((m for m in service.messages(recipient="wang") if m.kind == "verdict"), key=lambda m: m.slots)
    for message, rest in ((one, "还差 1 次"), (two, f"还缺：{paper.elements[2]}")):
        text = letter(message, Addressees({}, "lead"), "zh").text
        assert (message.says.topic, "还没有齐" in text, text.count(rest), "不用再做什么" in text) == ("partly", True, 1, False), text
        assert "要求 2 次" not in text, "what is to be done says how often already"


def test_a_year_begun_stands_apart(guide: Guide) -> None:
    """Of a year of which one of two is there the message says how many are missing; the years without any stay together."""
    service = company(part_of(guide, "1"), PLAN, owners=[Assignment("all", "*", owner="wang", reviewer="li")])
    some = [e.slot for e in service.entries(who().at) if e.slot.count == 2 and e.slot.subject == "关务负责人"]
    service.submit(some[-2].id, [Piece("note", "六月的培训")], who("wang"), said=Said(1, some[-2].elements))
    service.accept(some[-2].id, who("li"))
    entries = [e for e in service.entries(who().at) if e.slot.key in {s.key for s in some}]
    says = Nudge(reason="first", slots=tuple(mention(e, "first", START.date()) for e in entries))
    text = letter(Message("zz", says, "wang", "d"), Addressees({}, "lead"), "zh").text
    assert f"关务负责人 · {some[-2].spoken} 年" in text
    assert ("已记 1 次，还差 1 次" in text, "每个期间各至少 2 次" in text) == (True, True), text


def test_what_is_best_shown_is_asked_for(guide: Guide) -> None:
    """The backup records of 10 stand in the message."""
    for text in told(guide, RENEWAL, ("10",), ("10/onsite",)):
        assert "建议备好相应的记录：" in text
        assert "容灾备份" in text


def test_certification_years_have_their_days(guide: Guide) -> None:
    """Once a line: of a run of years from the first day to the last; of years apart each with its own."""
    profile = RENEWAL.model_copy(update={"years": "certification"})
    text, _ = told(guide, profile, ("24",), ("24(3)/records/1",))
    service = company(part_of(guide, "24"), profile)
    years = [e.slot for e in service.entries(who().at) if e.slot.id.startswith("24(3)/records/1@")]
    assert f"（{years[0].opens} 至 {years[-1].ends}）" in text
    assert text.count("认证年度") == 1
    apart = whole_periods([years[0], years[2]], "zh")
    assert f"{years[0].opens} 至 {years[0].ends}" in apart
    assert f"{years[2].opens} 至 {years[2].ends}" in apart


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whatever_is_told_has_a_word_for_why(lang: str) -> None:
    """What a run of reminders lists says why each went out: a kind of notice, or the state that a reviewer gave."""
    kinds = {name for name in _named(Notice) if name not in SILENT} - {"verdict"}
    told = {
        *texts("nudge", lang),
        *(f"reason.{kind.removeprefix('kind.')}" for kind in texts("evidence_slack", lang) if kind.startswith("kind.")),
    }
    verdicts = ("accepted", "partly", "claim_accepted", "returned", "reopened")
    assert {f"reason.{name}" for name in {*kinds, *STATES, *verdicts} - {"missing"}} <= told
    assert {f"{part}.{name}" for part in ("subject", "head") for name in verdicts} <= set(texts("letter", lang))
    assert {f"verdict.{name}" for name in verdicts} <= set(texts("evidence_slack", lang))


def _named(of: type[Notice]) -> set[str]:
    return {kind.named for kind in of.__subclasses__() if "named" in vars(kind)} | {
        name for kind in of.__subclasses__() for name in _named(kind)
    }
