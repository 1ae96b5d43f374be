"""What is to be told to people, kept until it is known to have arrived; and the port through which it is told.

A message is stored in the transaction that decides it, delivered outside of it, and confirmed. A worker that dies, or a
delivery whose fate is unknown, leaves a message that another worker takes over after the lease: it first asks the
notifier whether the message arrived (``find``), and only repeats it when it did not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict

from assistant.register.facts.handed_in import canonical
from assistant.register.facts.notices.common import Notice

MessageState = Literal["pending", "claimed", "ambiguous", "sent", "failed", "dropped"]
WAITING: tuple[MessageState, ...] = ("pending", "claimed", "ambiguous")
Outcome = Literal["sent", "failed", "retry", "later", "unknown", "gather"]
SILENT: frozenset[str] = frozenset({"edit", "home"})
"""Kinds that only bring something up to date that was shown before: they tell nobody anything new, and are not logged."""

FORGOTTEN = "forgotten"
"""The detail of a settled message whose words were dropped after their term."""


class Arrived(BaseModel):
    """Where a message is found again: its conversation and its time stamp there, or the mark of its letter.

    ``thread`` is the card's, for a file under it; ``link`` the file's address; ``user`` who got it, as the chat names them. What
    another version or notifier wrote beside it is kept.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    channel: str = ""
    ts: str = ""
    thread: str = ""
    user: str = ""
    link: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell one person. ``dedup`` is unique in a workspace: enqueuing it twice is enqueuing it once.

    States: ``pending`` (not tried, or to be tried again at ``not_before``), ``claimed`` (a worker holds it until
    ``lease_until``), ``ambiguous`` (may or may not have arrived), ``sent``, ``failed`` (cannot be delivered),
    ``dropped`` (no longer wanted). ``says`` is what it tells, and so its kind. ``slots`` are the keys of the slots that it
    speaks of; ``receipt`` is what the notifier keeps to find or edit it.
    """

    workspace: str
    says: Notice
    recipient: str
    dedup: str
    slots: tuple[str, ...] = ()
    state: MessageState = "pending"
    attempts: int = 0
    not_before: datetime | None = None
    claimed_by: str = ""
    lease_until: datetime | None = None
    created_at: datetime | None = None
    sent_at: datetime | None = None
    receipt: Arrived = field(default_factory=Arrived)
    detail: str = ""

    @property
    def kind(self) -> str:
        """The kind of what it says."""
        return self.says.named

    @property
    def id(self) -> str:
        """Derived from workspace and dedup key, so that the same message always has the same id."""
        return hashlib.sha256(f"{self.workspace}\x1f{self.dedup}".encode()).hexdigest()[:24]

    @property
    def stuck(self) -> bool:
        """Whether it could not be delivered, or is tried again after something went wrong; silent kinds and forgotten ones never are."""
        again = self.state in ("pending", "ambiguous") and bool(self.detail)
        return self.kind not in SILENT and self.detail != FORGOTTEN and (self.state == "failed" or again)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery.

    ``sent``: it arrived, ``reference`` finds it again. ``failed``: it never will (no such person). ``retry``: it did
    not, try again after ``retry_after`` seconds. ``later``: the same, but nothing is wrong with the message (a limit of
    pace, a closed door), so it is not counted as an attempt. ``unknown``: it may have arrived.
    ``gather``: it did not, and goes in one letter with what else of its kind waits for the same person. ``detail`` is for the log.
    ``closed``: the door itself is shut, perhaps for long, so that another way may be taken.
    """

    outcome: Outcome
    reference: Arrived = field(default_factory=Arrived)
    detail: str = ""
    retry_after: float = 0.0
    closed: bool = False


class Notifier(Protocol):
    """How messages reach people: Slack, mail."""

    def deliver(self, message: Message) -> Receipt:
        """Deliver once. An exception counts as ``unknown``."""
        ...

    def find(self, message: Message) -> Receipt | None:
        """The receipt of a message that arrived, None when it certainly did not; raises when that cannot be known now."""
        ...


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
