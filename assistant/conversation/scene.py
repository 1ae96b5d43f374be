"""What a card is drawn from: the slots as they stand now, what was handed in, and the names of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from assistant.register.facts.handed_in import Piece
from assistant.register.facts.notices.reviewing import Attached
from assistant.register.facts.people import Person
from assistant.register.facts.slots import Entry
from assistant.register.ports import RegisterReader
from assistant.register.rules.people.in_charge import reviewer_of

_FILES = 20  # messages of a slot that are looked through for links; chosen, not measured


@dataclass(frozen=True)
class Scene:
    """One moment of the register, as much of it as a message shows."""

    lang: str
    zone: str
    today: date
    lead: str
    entries: Mapping[str, Entry]
    people: Mapping[str, Person] = field(default_factory=dict)
    pieces: tuple[Piece, ...] = ()
    edition: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    """Where the files (by SHA-256) stand in the chat of whoever the card is for."""
    offered: Mapping[str, Entry] = field(default_factory=dict)
    """By slot, the one of an older edition whose accepted evidence may serve it."""
    produced: frozenset[str] = frozenset()
    """The slots (by key) that the drill of the message has been shown."""

    def reviewer(self, entry: Entry) -> str:
        """Who is to review what was handed in: nobody reviews their own."""
        return reviewer_of(entry, self.lead, self.people.values())

    def name(self, person: str) -> str:
        """How a person is called."""
        known = self.people.get(person)
        return known.name if known and known.name else person


def links_of(tx: RegisterReader, keys: Iterable[str], reader: str) -> dict[str, str]:
    """SHA-256 -> address of the files of some slots that were put into a reader's chat."""
    sent = [m for key in keys for m in tx.messages(slot=key, recipient=reader, kind="file", limit=_FILES)]
    return {m.says.sha256: m.receipt.link for m in sent if isinstance(m.says, Attached) and m.receipt.link}
