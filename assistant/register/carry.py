"""The seam to a new edition: what was handed in for a line goes with that line, wherever the new edition put it.

Which old line is which new one is not decided here: it comes as a mapping of lineage keys (a comparison of editions
makes it). Slots whose key is the same in both need nothing: planning recognises them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from assistant.register.events import Draft
from assistant.register.slots import Entry, Slot, State, state_document


def carried(stored: Iterable[Entry], planned: Iterable[Slot], moves: Mapping[str, str], actor: str, at: datetime) -> list[Draft]:
    """One event for each new slot that takes over an old one's state and pieces.

    Args:
        stored: everything in the register, set aside or not.
        planned: the slots of the new plan.
        moves: lineage key of a requirement line or section in the old edition -> its key in the new one.
        actor: who activates the edition.
        at: when.
    """
    known = {e.slot.key: e for e in stored}
    before = {new: old for old, new in moves.items() if old != new}
    drafts: list[Draft] = []
    for slot in planned:
        line, mark, period = slot.key.partition("@")
        source = known.get(f"{before[line]}{mark}{period}") if line in before else None
        target = known.get(slot.key)
        if source is not None and source.state != State() and (target is None or target.state == State()):
            payload = {"from": source.slot.key, "before": source.slot.id, "state": state_document(source.state)}
            drafts.append(Draft("carried", actor, at, "edition", slot.key, payload))
    return drafts
