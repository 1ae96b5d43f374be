"""Messages as plain text, for whoever has no chat: what is wanted, whole, why, until when, and how to answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.register.facts.moves import AROUND
from assistant.register.facts.notices.asking import Changed, Drilled, Nudge, Renewed, Wanting
from assistant.register.facts.notices.common import Mention
from assistant.register.facts.notices.leading import DrillOver, Staged
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Slot, State
from assistant.register.papers.said.described import brief, described, whole_period
from assistant.register.papers.said.edition_words import staged_text
from assistant.register.papers.said.one_paper import also, as_one
from assistant.register.papers.said.words import dotted, in_a_row, period_word, periods, returned_words, slot_name
from assistant.texts import say


def message_text(message: Message, lang: str, called: Callable[[str], str] = str) -> str:
    """A message as plain text: what is wanted, why, until when, and how to answer."""
    says = message.says
    if isinstance(says, Staged):
        return staged_text(says, lang)
    if isinstance(says, DrillOver):
        return drilled_text(says, lang, called)
    asked = says if isinstance(says, Wanting) else Wanting()
    renewed = says if isinstance(says, Renewed) else None
    old = renewed.before if renewed else ""
    lines = [say(f"nudge.head.{says.topic}", lang, who=called(message.recipient), enterprise=asked.enterprise, old=old, new=asked.edition)]
    if renewed:
        lines += [text for n, slot in enumerate(renewed.slots, 1) for text in _changed(n, slot, lang, says.topic == "edition_back")]
    else:
        entries = as_one([(slot,) for slot in says.slots])
        lines += [_asked(number, group[0], along, lang, called) for number, (group, along) in enumerate(entries, 1)]
    if asked.more:
        lines.append(say("nudge.more", lang, count=asked.more))
    if isinstance(says, Drilled) and says.deadline:
        until = f"{says.deadline:%Y-%m-%d %H:%M %Z}".strip()
        lines.append(say("nudge.deadline", lang, deadline=until, hours=says.hours, seed=says.seed))
    if isinstance(says, Nudge) and says.estimated:
        lines.append(say("nudge.estimated", lang))
    lines.append(say("nudge.answer_edition" if renewed else "nudge.answer", lang, edition=asked.edition))
    return "\n".join(lines)


def drilled_text(over: DrillOver, lang: str, called: Callable[[str], str] = str) -> str:
    """What came of a drill: how many were produced in time, and which were not, with whose they are."""
    head = say("evidence.drill.over", lang, count=len(over.slots), **over.counts)
    return "\n".join([head, *drilled_lines(over, lang, called)])


def drilled_lines(over: DrillOver, lang: str, called: Callable[[str], str] = str) -> list[str]:
    """What a drill did not find in time, one line each."""
    lines = []
    for slot in over.slots:
        if slot.result != "found":
            when = period_word(slot.period, lang)
            name = dotted(slot_name(slot.slot, slot.kind, lang), when)
            owner, result = called(slot.owner), say(f"evidence.drill.{slot.result}", lang)
            lines.append(say("evidence.drill.one", lang, slot=name, owner=owner, result=result, text=slot.text[:60]))
    return lines


def _asked(number: int, slot: Mention, along: Sequence[Slot], lang: str, called: Callable[[str], str]) -> str:
    period = whole_period(slot.what, lang) if slot.what else period_word(slot.period, lang)
    back = in_a_row(returned_words(slot.returned, slot.lacking, slot.unnamed, lang), lang)
    head = say(
        "nudge.slot",
        lang,
        number=number,
        slot=dotted(slot_name(slot.slot, slot.kind, lang), period),
        text=slot.text,
        due=slot.due or "—",
        reason=say(f"nudge.why.{slot.reason}", lang, owner=called(slot.owner), asks=slot.asks, returned=back),
    )
    if slot.what is None:  # as stored by earlier versions
        return head
    told = described(slot.what, lang, State(counted=slot.counted))
    told_also = (text for other in along for text in also(other, lang))
    return "\n".join([head, *(f"   {text}" for text in (*brief(told, lang), *told_also))])


def _changed(number: int, slot: Changed, lang: str, back: bool) -> list[str]:
    """A line that another edition changed: what it was, what it is, and what that asks of the owner."""
    name = dotted(slot_name(slot.slot, slot.kind, lang), periods(slot.periods, lang))
    lines = [say("nudge.changed", lang, number=number, slot=name, what=change_word(slot, lang, back))]
    return [*lines, *(say(f"nudge.{name}", lang, text=text) for name, text in (("before", slot.before), ("after", slot.after)) if text)]


def back_key(slot: Changed) -> str:
    """The key of what it means for a line that the edition was gone back to: asked for again, asked for no more, or as it was."""
    return f"back_{slot.change}" if slot.change in ("added", "withdrawn") else "back"


def change_word(slot: Changed, lang: str, back: bool = False) -> str:
    """What a changed line asks of its owner; ``back``: the edition was gone back to."""
    if slot.to_confirm:
        return say("nudge.change.confirm", lang)
    if back:
        return say(f"nudge.change.{back_key(slot)}", lang)
    if slot.change in AROUND:
        return say(f"nudge.change.{slot.change}", lang)
    if not slot.after:
        return say("nudge.change.withdrawn", lang)
    return say("nudge.change.reworded" if slot.before else "nudge.change.added", lang)
