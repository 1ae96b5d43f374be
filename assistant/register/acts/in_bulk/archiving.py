"""The binder settles the archive that the guide asks for (4(5)): what was made, by its hash, for the period in which it was made."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from assistant.register.acts.doing.recording import record
from assistant.register.facts.handed_in import WHOLE, Piece
from assistant.register.facts.slots import TO_DO
from assistant.register.ports import ALL
from assistant.register.rules.evidence import life
from assistant.register.rules.evidence.archive import archives

if TYPE_CHECKING:
    from assistant.register.acts.doing.who import Who
    from assistant.register.acts.service import RegisterService

PRODUCT = "aeo"
"""Who accepts what the product made itself."""


def archive(service: RegisterService, name: str, sha256: str, gaps: Collection[str], who: Who) -> int:
    """Settle the open archive slots of this moment's period with a binder, once it is whole.

    ``gaps``: slots (ids) that the binder lacks. Returns how many of them keep the archive open; 0 also when it is settled already.
    """
    at = who.at.astimezone(service.rules.zone)
    today = at.date()
    with service.register.writing(service.workspace, who.by) as tx:
        derived = [e for e in tx.entries(today, ALL) if e.slot.owing == "derived" and e.owed]
        ours = [e for e in derived if archives(e.slot, today) and e.shown(today) in TO_DO]
        lacking = len(set(gaps) - {e.slot.id for e in derived}) if ours else 0
        for entry in () if lacking else ours:
            piece = Piece("note", text=f"{name} SHA-256 {sha256}")
            handed = record(tx, [life.submit(entry, [piece], who.actor, at, origin=who.origin)], service.rules)
            pending = next(e for e in handed if e.slot.key == entry.slot.key)
            record(tx, [life.review(pending, "accepted", PRODUCT, at, origin=who.origin, seen=WHOLE)], service.rules)
        return lacking
