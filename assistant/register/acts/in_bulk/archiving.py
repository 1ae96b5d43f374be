"""The binder settles the archive that the guide asks for (4(5)): what was made, by its hash, for the period in which it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.register.acts.doing.recording import record
from assistant.register.facts.slots import TO_DO, WHOLE, Entry, Piece
from assistant.register.ports import ALL
from assistant.register.rules.evidence import life

if TYPE_CHECKING:
    from assistant.register.acts.doing.who import Who
    from assistant.register.acts.service import RegisterService

PRODUCT = "aeo"
"""Who accepts what the product made itself."""


def archive(service: RegisterService, name: str, sha256: str, who: Who) -> list[Entry]:
    """Settle the open archive slots of this moment's period with a binder; nothing happens when they are settled already."""
    at, year = who.at.astimezone(service.rules.zone), str(service.day(who.at).year)
    with service.register.writing(service.workspace) as tx:
        settled: list[Entry] = []
        for entry in tx.entries(service.day(who.at), ALL):
            ours = entry.slot.owing == "derived" and not entry.slot.follows and entry.slot.period in ("", year)
            if not (ours and entry.owed and entry.shown(at.date()) in TO_DO):
                continue
            piece = Piece("note", text=f"{name} SHA-256 {sha256}")
            handed = record(tx, [life.submit(entry, [piece], who.actor, at, origin=who.origin)], service.rules)
            pending = next(e for e in handed if e.slot.key == entry.slot.key)
            settled += record(tx, [life.review(pending, "accepted", PRODUCT, at, origin=who.origin, seen=WHOLE)], service.rules)
        return settled
