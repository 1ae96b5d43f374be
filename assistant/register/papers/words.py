"""How the register's facts read to people: states, kinds, periods, reasons, messages. The words stand in ``assistant/texts``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assistant.guide import Kind
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Piece, Slot
from assistant.register.papers.edition_words import staged_text
from assistant.register.rules.plan import Exempt
from assistant.register.rules.shortfall import Shortfall
from assistant.texts import say


def state_word(state: str, lang: str) -> str:
    """A state's name."""
    return say(f"evidence.state.{state}", lang)


def kind_word(kind: Kind | str, lang: str) -> str:
    """A section kind's name."""
    return say(f"evidence.kind.{kind}", lang)


def period_word(period: str, lang: str) -> str:
    """A period as people say it; empty for none."""
    if period.endswith("y"):
        return say("evidence.period.rolling", lang, years=period[:-1])
    if period.endswith("-12-31"):
        return say("evidence.period.year_end", lang, year=period[:4])
    return say("evidence.period.year", lang, year=period) if period else ""


def why_word(slot: Slot, lang: str) -> str:
    """In one line, why a slot is owed, or why not."""
    return say(f"evidence.why.{slot.why}", lang, period=period_word(slot.period, lang))


def exempt_word(exempt: Exempt, lang: str) -> str:
    """In one line, why a clause owes nothing here."""
    return say(f"evidence.why.{exempt.why}", lang, period="", elsewhere=exempt.elsewhere)


def piece_word(piece: Piece, lang: str) -> str:
    """One thing handed in, in one line."""
    shown = piece.name if piece.kind == "file" else piece.text
    return say(f"evidence.piece.{piece.kind}", lang, shown=shown, size=size_word(piece.size))


def shortfall_word(short: Shortfall, lang: str) -> str:
    """What a submission is short of, in one sentence."""
    listed = "、".join(short.elements) if lang == "zh" else ", ".join(short.elements)
    return say(f"slot.short.{short.name}", lang, has=short.has, wanted=short.wanted, elements=listed)


def size_word(size: int) -> str:
    """Bytes as people read them."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"


def difference_word(table: str, where: str, lang: str) -> str:
    """Something that stands otherwise in a table than the log tells it."""
    return say(f"evidence.differs.{table}", lang, where=where)


def first_line(text: str, limit: int = 60) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def message_text(message: Message, lang: str) -> str:
    """A message as plain text: what is wanted, why, until when, and how to answer."""
    if message.kind == "staged":
        return staged_text(message, lang)
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


def _asked(number: int, slot: Mapping[str, Any], lang: str) -> str:
    period = period_word(slot["period"], lang)
    return say(
        "nudge.slot",
        lang,
        number=number,
        slot=slot["slot"],
        kind=kind_word(slot["kind"], lang),
        period=f" {period}" if period else "",
        text=first_line(slot["text"], 90),
        line=slot["line"],
        due=slot["due"] or "—",
        reason=say(f"nudge.why.{slot['reason']}", lang, owner=slot["owner"], asks=slot["asks"], returned=slot.get("returned", "")),
    )


def _changed(number: int, slot: Mapping[str, Any], lang: str, back: bool) -> list[str]:
    """A line that another edition changed: what it was, what it is, and what that asks of the owner."""
    periods = "、".join(period_word(p, lang) for p in slot["periods"])
    kind = kind_word(slot["kind"], lang) + (f" {periods}" if periods else "")
    lines = [say("nudge.changed", lang, number=number, slot=slot["slot"].partition("@")[0], kind=kind, what=change_word(slot, lang, back))]
    for name in ("before", "after"):
        if slot[name]:
            lines.append(say(f"nudge.{name}", lang, text=slot[name]))
    return lines


def change_word(slot: Mapping[str, Any], lang: str, back: bool = False) -> str:
    """What a changed line asks of its owner; ``back``: the edition was gone back to."""
    if slot["to_confirm"]:
        return say("nudge.change.confirm", lang)
    if back:
        return say("nudge.change.back", lang)
    if not slot["after"]:
        return say("nudge.change.withdrawn", lang)
    return say("nudge.change.reworded" if slot["before"] else "nudge.change.added", lang)
