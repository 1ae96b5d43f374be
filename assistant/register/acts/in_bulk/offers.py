"""What was accepted for clauses of an older edition, offered to the slots of their successors; only a reviewer accepts it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import RegisterError
from assistant.register.facts.slots import Entry

if TYPE_CHECKING:
    from assistant.register.acts.doing.who import Who
    from assistant.register.acts.service import RegisterService


@dataclass(frozen=True, slots=True)
class Offer:
    """A slot that has nothing yet, and one that is owed no more with what was accepted for it."""

    slot: Entry
    source: Entry


def offers(entries: Iterable[Entry], went: Mapping[str, Sequence[str]]) -> list[Offer]:
    """Every offer, in the order of the slots; of one kind and period where both have one.

    Args:
        entries: of the register, withdrawn ones among them.
        went: old clause -> clauses that took its place, as a lead confirmed it.
    """
    known = list(entries)
    sources = [e for e in known if not e.planned and e.state.accepted_version and e.slot.clause in went]
    found: list[Offer] = []
    for slot in (e for e in known if e.owed and e.state.name == "missing"):
        found += [Offer(slot, s) for s in sources if slot.slot.clause in went[s.slot.clause] and _fits(slot, s)]
    return found


def take(service: RegisterService, offer: Offer, who: Who) -> Entry:
    """Hand in for a slot what was accepted for the other; it waits for its reviewer like anything handed in.

    Raises:
        RegisterError: there is nothing from before, or the actor may not.
    """
    pieces = [p for p in service.pieces([offer.source.slot.key]) if p.version == offer.source.state.accepted_version]
    if not pieces:
        raise RegisterError("register.nothing_offered", slot=offer.slot.slot.id)
    return service.submit(offer.slot.slot.key, pieces, who)


def _fits(slot: Entry, source: Entry) -> bool:
    """Whether they are of one kind (a slot whose kind nobody said takes any) and speak of one period, where both name one."""
    one, other = slot.slot, source.slot
    return one.kind in (other.kind, "note") and (not one.period or not other.period or one.period == other.period)
