"""A message as it lies in the store, unread: what the log is compared with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from assistant.register.facts.canonical import canonical


class OutboxLine(NamedTuple):
    """What is stored of a message, whoever wrote it there; ``says`` is the JSON of what it tells, empty once that was forgotten."""

    id: str
    kind: str
    recipient: str
    state: str
    says: str

    @classmethod
    def of(cls, id_: str, kind: str, recipient: str, state: str, payload: Mapping[str, Any]) -> OutboxLine:
        """A stored message; an answer that its card shows later (``declined_by``) is none of its words."""
        told = {name: value for name, value in payload.items() if name != "declined_by"}
        return cls(id_, kind, recipient, state, canonical(told).decode() if told else "")

    @property
    def words(self) -> str:
        """The digest of what it tells."""
        return hashlib.sha256(self.says.encode()).hexdigest() if self.says else ""

    @property
    def called(self) -> str:
        """How ``verify`` names it."""
        return f"{self.recipient} {self.id[:8]}"
