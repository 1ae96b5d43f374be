"""Messages as plain text, for whoever has no chat: what is wanted, whole, why, until when, and how to answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.register.facts.moves import AROUND
from assistant.register.facts.notices.asking import Changed, Drilled, Nudge, Renewed, Wanting
from assistant.register.facts.notices.leading import DrillOver, Staged
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import State
from assistant.register.papers.said.described import BRIEF, DEMANDED, PartName, brief, described
from assistant.register.papers.said.edition_words import staged_text
from assistant.register.papers.said.one_paper import Group, also, as_one, by_line, mentions, title
from assistant.register.papers.said.words import dotted, in_a_row, periods, returned_words, slot_name
from assistant.texts import say

ASKING = ("first", "reminder", "partly", "returned", "reopened", "expired", "handed", "reminded", "missing", "drill")
"""Why something is to be handed in."""
_WEIGHED: tuple[PartName, ...] = ("occasion", *DEMANDED, "joined", "criteria")
_PARTS = dict.fromkeys(ASKING, BRIEF) | {"to_confirm": DEMANDED, "escalation": DEMANDED, "review": _WEIGHED}


def parts_told(reason: str) -> tuple[PartName, ...]:
    """What is told of a line: asking belongs to asking; who decides sees what must be in it; what is settled has its words alone."""
    return _PARTS.get(reason, ())


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
        entries = enumerate(as_one(by_line(says.slots)), 1)
        lines += [_asked(number, leading, along, lang, called) for number, (leading, along) in entries]
    if asked.more:
        lines.append(say("nudge.more", lang, count=asked.more))
    if isinstance(says, Drilled) and says.deadline:
        until = f"{says.deadline:%Y-%m-%d %H:%M %Z}".strip()
        lines.append(say("nudge.deadline", lang, deadline=until, hours=says.hours, seed=says.seed))
    if isinstance(says, Nudge) and says.estimated:
        lines.append(say("nudge.estimated", lang))
    waits = renewed is not None and any(s.to_confirm for s in renewed.slots)
    answer = "answer_edition" if waits else "answer" if renewed is None else "of_edition"
    lines.append(say(f"nudge.{answer}", lang, edition=asked.edition))
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
            owner, result = called(slot.owner), say(f"evidence.drill.{slot.result}", lang)
            lines.append(say("evidence.drill.one", lang, slot=title([slot], lang), owner=owner, result=result, text=slot.text[:60]))
    return lines


def _asked(number: int, group: Group, along: Sequence[Group], lang: str, called: Callable[[str], str]) -> str:
    slot, whole = group[0], mentions((group, along))
    told = described(slot.what, lang, State(counted=slot.counted), len(group) > 1) if slot.what else None
    backs = dict.fromkeys((s.returned, s.lacking, s.unnamed) for s in group)
    back = in_a_row((text for back in backs for text in returned_words(*back, lang)), lang)
    head = say(
        "nudge.slot",
        lang,
        number=number,
        slot=title(group, lang),
        text=told.bring if told else slot.text,
        due=min((s.due for s in whole if s.due), default="—"),
        reason=say(f"nudge.why.{slot.reason}", lang, owner=called(slot.owner), asks=max(s.asks for s in group), returned=back),
    )
    if told is None:
        return head
    told_also = (text for other in along for text in also(other, lang, parts_told(slot.reason)))
    return "\n".join([head, *(f"   {text}" for text in (*brief(told, lang, parts_told(slot.reason)), *told_also))])


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
    if slot.change in (*AROUND, "clause", "clause_gone"):
        return say(f"nudge.change.{slot.change}", lang)
    if not slot.after:
        return say("nudge.change.withdrawn", lang)
    return say("nudge.change.reworded" if slot.before else "nudge.change.added", lang)
