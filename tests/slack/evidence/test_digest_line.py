"""A digest is understood from the message alone: each line of the whole plan, in the guide's words, with its boxes, and on one screen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from assistant.conversation.scene import Scene
from assistant.guide import Guide
from assistant.register.acts.mentions import mention
from assistant.register.facts.notices.asking import Nudge
from assistant.register.facts.notices.reviewing import Decided, ToReview
from assistant.register.facts.outbox import Message
from assistant.register.facts.profile import FLAGS, Scope
from assistant.register.facts.slots import Entry, Slot, State
from assistant.register.papers.said.described import described, points
from assistant.register.papers.said.one_paper import as_one, by_line
from assistant.register.rules.demands.plan import plan
from connectors.slack.cards.carried import Click
from connectors.slack.cards.evidence.digest import HIGH, digest_line, that_fit
from connectors.slack.cards.evidence.digest_line import DigestLine
from connectors.slack.cards.evidence.forms import submit_form
from connectors.slack.cards.shown import show
from tests.register.company import RENEWAL, START

TODAY, NEW = date(2026, 6, 10), State()


@pytest.fixture(scope="module")
def slots(guide: Guide) -> list[Slot]:
    """Everything that an enterprise which has everything owes, a slot of each line."""
    everything = RENEWAL.model_copy(update={"scope": Scope(**dict.fromkeys(FLAGS, True)), "sample_sets": 5})
    found = {(s.line_key, s.kind, s.subject): s for s in plan(guide, everything, START).slots if s.owing != "derived"}
    return list(found.values())


def scene(slots: Sequence[Slot], state: State = NEW) -> Scene:
    """These slots, asked of 王."""
    entries = {s.key: Entry(s, state, owner="wang", reviewer="li", due=date(2026, 7, 1)) for s in slots}
    return Scene("zh", "Asia/Shanghai", TODAY, "lead", entries, {})


def drawn(slot: Slot, whole: bool = True, state: State = NEW) -> DigestLine:
    """The line of one slot."""
    at = scene([slot], state)
    return digest_line([mention(at.entries[slot.key], "first", TODAY)], at, "wang", whole)


def test_the_forms_are_always_there(slots: Sequence[Slot]) -> None:
    """What may be brought (on paper, as a file, from a system) stands in one short row, however little room there is."""
    listing = [s for s in slots if s.forms]
    assert len(listing) >= 5
    for slot in listing:
        [row] = [text for text in drawn(slot, whole=False).told if text.startswith("形式：")]
        assert ("纸本" in row, "系统记录" in row, len(row) <= 22, "\n" in row) == (True, True, True, False), row


def test_the_figures_are_named(slots: Sequence[Slot]) -> None:
    """Who brings the accountant's report reads which figures go with it."""
    [report] = [s for s in slots if s.figures]
    assert "一并填写的数值：速动比率、现金流动负债比率、资产负债率、营业利润率、净资产收益率" in drawn(report).told


def test_nothing_is_cut(slots: Sequence[Slot]) -> None:
    """What to bring stands whole, every element has one box, a count is named, points are listed or said to stand in the form."""
    for slot in slots:
        shown = drawn(slot)
        text = "\n".join(shown.told)
        assert described(slot, "zh").bring in text.replace("☐", ""), slot.id
        assert "…" not in text
        assert (text.count("☐"), all(f"☐{e}" in text for e in slot.elements)) == (len(slot.elements), True), slot.id
        assert slot.count <= 1 or f"至少 {slot.count} 次" in text, slot.id
        assert slot.measure in text or slot.count, slot.id
        assert shown.points == points(slot)
        assert not shown.points or f"{len(shown.points)} {'种材料都列在' if slot.any_of else '点都在'}" in "".join(
            drawn(slot, whole=False).told
        )


def test_whose_a_line_is(slots: Sequence[Slot]) -> None:
    """A line of a role names the person who holds it, where the profile does."""
    slot = next(s for s in slots if s.subject == "关务负责人")
    assert "关务负责人（张三）" in drawn(replace(slot, person="张三")).name


def test_lines_of_one_paper(guide: Guide) -> None:
    """With room, the other lines stand in the entry with their years, their words and their boxes; without, where they stand."""
    joined = RENEWAL.model_copy(update={"one_paper": ("emergency_plan",)})
    found = [s for s in plan(guide, joined, START).slots if s.link == "emergency_plan" and s.clause == "30(1)" and s.applicable]
    at = scene(found)
    [(leading, along)] = as_one(by_line([mention(at.entries[s.key], "first", TODAY) for s in reversed(found)]))
    told = digest_line(leading, at, "wang", along=along).told
    assert leading[0].slot == "30(1)/documents/1"
    assert any("30(1) 抽查记录（1） · 2022–2026 年：「企业应急预案。」" in text for text in told)
    assert any("☐更新情况" in text for text in told)
    assert any("都在“提交”的表单里" in text for text in digest_line(leading, at, "wang", whole=False, along=along).told)


def test_whose_it_is_stays_named(slots: Sequence[Slot]) -> None:
    """The card of who reviews it and the word of what became of it name whose a line is, too."""
    slot = replace(next(s for s in slots if s.subject == "关务负责人"), person="张三")
    at = scene([slot], State("submitted", 1, submitters=("wang",)))
    told = (mention(at.entries[slot.key], "review", TODAY),)
    for says in (ToReview(slots=told, by=("wang",), version=1), Decided(slots=told, verdict="accepted", by="li")):
        shown = show(Message("w", says, "li", "d", (slot.key,), "sent"), at)
        assert "关务负责人（张三）" in json.dumps(shown.blocks, ensure_ascii=False)


def test_what_the_line_leaves_open_is_said(slots: Sequence[Slot]) -> None:
    """Where the guide names no paper the line says what may be brought; of an event the clause sentence says what it is about."""
    [registered] = [s for s in slots if s.why == "sentence"]
    assert any("例如登记、备案或证照" in text for text in drawn(registered, whole=False).told)
    events = [s for s in slots if s.owing == "event"]
    assert len(events) >= 8
    for slot in events:
        assert any(slot.standard in text for text in drawn(slot, whole=False).told), slot.id


def test_what_was_covered_is_ticked(slots: Sequence[Slot]) -> None:
    """After a return what was there has its tick, what is missing its box."""
    slot = next(s for s in slots if len(s.elements) > 2)
    text = "".join(drawn(slot, state=State("returned", 1, reason="缺", covers=slot.elements[:1], lacking=slot.elements[1:])).told)
    assert f"✓{slot.elements[0]}" in text
    assert text.count("☐") == len(slot.elements) - 1


def test_it_fits_a_screen(slots: Sequence[Slot]) -> None:
    """Whatever ten slots come together, two lines or more are shown (one that fills the screen stands alone), and not more than five."""
    shown = []
    for first in range(0, len(slots), 5):
        at = scene(slots[first : first + 10])
        told = tuple(mention(e, "first", TODAY) for e in at.entries.values())
        message = Message("w", Nudge(slots=told, reason="first"), "wang", "d", tuple(at.entries), "sent")
        blocks = show(message, at).blocks
        shown.append(len([b for b in blocks if str(b.get("block_id")).startswith("what:")]))
    assert set(shown) <= {1, 2, 3, 4, 5}
    assert sum(n > 1 for n in shown) >= 0.9 * len(shown)


@pytest.mark.parametrize("size", [5, 10])
def test_a_long_return_fits_a_screen(slots: Sequence[Slot], size: int) -> None:
    """Whatever comes back with a long reason, its lines fit; what is left out of the reason stands whole in the form."""
    reason = "第3页的签名看不清，日期与登记簿上的不一致，请补齐后重新提交；" * 9
    back = State("returned", 1, reason=reason, reviewed_by="li")
    for first in range(0, len(slots) - size, size):
        at = scene(slots[first : first + size])
        entries = {k: replace(e, state=back if n % 3 == 0 else e.state) for n, (k, e) in enumerate(at.entries.items())}
        at = replace(at, entries=entries)
        told = [mention(e, "returned" if e.state is back else "first", TODAY) for e in entries.values()]
        message = Message("w", Nudge(slots=tuple(told), reason="returned"), "wang", "d", tuple(entries), "sent")
        lines = that_fit([([m], []) for m in told], at, "wang")
        assert sum(one.height for one in lines) <= HIGH, [one.name for one in lines]
        shown = json.dumps(show(message, at).blocks, ensure_ascii=False)
        assert reason in shown or "全文在“提交”的表单里" in shown or not entries[told[0].key].slot.applicable
    entry = next(e for e in entries.values() if e.state is back)
    assert reason in json.dumps(submit_form(Click("T", "U", "t", slot=entry.slot.key), entry, TODAY, "zh"), ensure_ascii=False)


def test_settled_lines_are_short(slots: Sequence[Slot]) -> None:
    """Of what was handed in stands only how it stands, so that the next lines come up."""
    slot = max(slots, key=lambda s: len(s.text))
    shown = drawn(slot, state=State("submitted", 1, submitters=("wang",)))
    assert shown.height < drawn(slot).height
    assert len(shown.told[0]) <= 41
    assert drawn(replace(slot, count=0, elements=())).told[0] == described(slot, "zh").bring
