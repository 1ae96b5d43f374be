"""A notifier for tests that remembers in a file: many processes deliver through it, and are killed while they do."""

from __future__ import annotations

from pathlib import Path

from assistant.adapters.journal import Journal
from assistant.register.facts.outbox import Message, Receipt


class JournalNotifier:
    """A message has arrived when its id is in the journal; ``find`` looks there."""

    def __init__(self, journal: Path) -> None:
        self.journal = Journal(journal)

    def deliver(self, message: Message) -> Receipt:
        """It arrives."""
        self.journal.add(message.id)
        return Receipt("sent")

    def find(self, message: Message) -> Receipt | None:
        """Whether it arrived."""
        return Receipt("sent") if self.journal.has(message.id) else None
