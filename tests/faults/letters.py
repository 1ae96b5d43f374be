"""What reviewers whom only mail reaches hear of hand-ins: each is told in one letter, whatever was killed while they were gathered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from assistant.register.acts.service import RegisterService
from assistant.register.facts.notices.reviewing import ToReview


def untold(service: RegisterService, arrived: Collection[str], mailed: Collection[str], at: datetime) -> list[str]:
    """Hand-ins (slot, version, digest) that two letters tell, or that wait for a review and are told in none.

    ``arrived``: the ids of the messages that are in mailboxes.
    """
    cards = [(m, m.says) for m in service.messages(limit=10_000) if m.recipient in mailed and isinstance(m.says, ToReview)]
    told = Counter(one for m, says in cards if m.id in arrived for one in _shown(says))
    waiting = {(e.slot.key, e.state.version, e.state.given[:12]) for e in service.entries(at) if e.state.name == "submitted"}
    stored = {one for _, says in cards for one in _shown(says)}
    return sorted(str(one) for one in {*(one for one, count in told.items() if count > 1), *((waiting & stored) - set(told))})


def gathered(service: RegisterService, arrived: Collection[str]) -> int:
    """Letters that tell of several hand-ins."""
    return sum(
        m.id in arrived and isinstance(m.says, ToReview) and m.says.together and len(m.slots) > 1 for m in service.messages(limit=10_000)
    )


def _shown(says: ToReview) -> list[tuple[str, int, str]]:
    return [(s.key, says.version_of(s.key), says.given.get(s.key, "")) for s in says.slots]
