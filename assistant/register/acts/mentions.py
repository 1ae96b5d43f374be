"""What messages say of slots, made from how they stand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from assistant.register.facts.handed_in import Piece
from assistant.register.facts.notices.common import Mention
from assistant.register.facts.slots import Entry
from assistant.register.rules.evidence.shortfall import still_open, unnamed


def mention(entry: Entry, reason: str, today: date, came: Iterable[Piece] = ()) -> Mention:
    """What a message says of one slot, asked for (or told of) for a reason; ``came``: what was handed in, for who reviews it."""
    slot = entry.slot
    return Mention(
        slot=slot.id,
        key=slot.key,
        clause=slot.clause,
        item=slot.item,
        kind=slot.kind,
        text=slot.text,
        line=slot.line,
        period=slot.spoken,
        due=entry.due,
        owner=entry.owner,
        state=entry.shown(today),
        asks=entry.state.asks + (reason != "escalation"),
        reason=reason,
        returned=entry.state.reason if entry.state.name == "returned" else "",
        what=slot,
        counted=entry.state.counted,
        lacking=entry.state.lacking or still_open(entry.slot, entry.state),
        unnamed=unnamed(entry.slot, entry.state),
        came=tuple(Piece(p.kind, p.text, name=p.name, size=p.size, valid_until=p.valid_until) for p in came),
        covers=entry.state.covers if reason == "review" else (),
    )
