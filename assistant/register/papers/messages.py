"""Messages as plain text, for whoever has no chat: what is wanted, whole, why, until when, and how to answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assistant.register.facts.moves import AROUND
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import State, slot_of
from assistant.register.papers.described import BRIEF, described
from assistant.register.papers.edition_words import staged_text
from assistant.register.papers.words import kind_word, period_word
from assistant.texts import listed, say


def message_text(message: Message, lang: str) -> str:
    """A message as plain text: what is wanted, why, until when, and how to answer."""
    if message.kind == "staged":
        return staged_text(message, lang)
    if message.kind == "drilled":
        return drilled_text(message.payload, lang)
    payload = message.payload
    reason = payload.get("reason", message.kind)
    lines = [
        say(
            f"nudge.head.{reason}",
            lang,
            who=message.recipient,
            enterprise=payload.get("enterprise", ""),
            old=payload.get("before", ""),
            new=payload.get("edition", ""),
        )
    ]
    for number, slot in enumerate(payload.get("slots", ()), 1):
        lines += _changed(number, slot, lang, reason == "edition_back") if message.kind == "edition" else [_asked(number, slot, lang)]
    if payload.get("more"):
        lines.append(say("nudge.more", lang, count=payload["more"]))
    if payload.get("hours"):
        until = f"{datetime.fromisoformat(payload['deadline']):%Y-%m-%d %H:%M %Z}".strip()
        lines.append(say("nudge.deadline", lang, deadline=until, hours=payload["hours"], seed=payload["seed"]))
    if payload.get("estimated"):
        lines.append(say("nudge.estimated", lang))
    closing = "nudge.answer_edition" if message.kind == "edition" else "nudge.answer"
    lines.append(say(closing, lang, edition=payload.get("edition", "")))
    return "\n".join(lines)


def drilled_text(payload: Mapping[str, Any], lang: str, names: Mapping[str, str] | None = None) -> str:
    """What came of a drill: how many were produced in time, and which were not, with whose they are."""
    head = say("evidence.drill.over", lang, count=len(payload["slots"]), **payload["counts"])
    return "\n".join([head, *drilled_lines(payload, lang, names)])


def drilled_lines(payload: Mapping[str, Any], lang: str, names: Mapping[str, str] | None = None) -> list[str]:
    """What a drill did not find in time, one line each."""
    known, lines = names or {}, []
    for slot in payload["slots"]:
        if slot["result"] != "found":
            when = period_word(slot["period"], lang)
            name = f"{slot['clause']} {kind_word(slot['kind'], lang)}" + (f" {when}" if when else "")
            owner, result = known.get(slot["owner"], slot["owner"]), say(f"evidence.drill.{slot['result']}", lang)
            lines.append(say("evidence.drill.one", lang, slot=name, owner=owner, result=result, text=slot["text"][:60]))
    return lines


def _asked(number: int, slot: Mapping[str, Any], lang: str) -> str:
    period = period_word(slot["period"], lang)
    head = say(
        "nudge.slot",
        lang,
        number=number,
        slot=slot["slot"],
        kind=kind_word(slot["kind"], lang),
        period=f" {period}" if period else "",
        text=slot["text"],
        line=slot["line"],
        due=slot["due"] or "—",
        reason=say(f"nudge.why.{slot['reason']}", lang, owner=slot["owner"], asks=slot["asks"], returned=slot.get("returned", "")),
    )
    if "what" not in slot:  # as stored by earlier versions
        return head
    told = described(slot_of(slot["what"]), lang, State(counted=slot["counted"]))
    parts = [part for name in BRIEF if (part := told.part(name))]
    return "\n".join([head, *(f"   {part.label}：{'、'.join(part.texts)}" for part in parts)])


def _changed(number: int, slot: Mapping[str, Any], lang: str, back: bool) -> list[str]:
    """A line that another edition changed: what it was, what it is, and what that asks of the owner."""
    periods = listed((period_word(p, lang) for p in slot["periods"]), lang)
    kind = kind_word(slot["kind"], lang) + (f" {periods}" if periods else "")
    lines = [say("nudge.changed", lang, number=number, slot=slot["slot"].partition("@")[0], kind=kind, what=change_word(slot, lang, back))]
    for name in ("before", "after"):
        if slot[name]:
            lines.append(say(f"nudge.{name}", lang, text=slot[name]))
    return lines


def back_key(slot: Mapping[str, Any]) -> str:
    """The key of what it means for a line that the edition was gone back to: asked for again, asked for no more, or as it was."""
    return f"back_{slot['change']}" if slot["change"] in ("added", "withdrawn") else "back"


def change_word(slot: Mapping[str, Any], lang: str, back: bool = False) -> str:
    """What a changed line asks of its owner; ``back``: the edition was gone back to."""
    if slot["to_confirm"]:
        return say("nudge.change.confirm", lang)
    if back:
        return say(f"nudge.change.{back_key(slot)}", lang)
    if slot.get("change") in AROUND:
        return say(f"nudge.change.{slot['change']}", lang)
    if not slot["after"]:
        return say("nudge.change.withdrawn", lang)
    return say("nudge.change.reworded" if slot["before"] else "nudge.change.added", lang)
