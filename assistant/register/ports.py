"""The store behind the register, as its rules need it. Real: ``assistant.adapters.sql.register``; twin: ``tests.twins.register``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any, Protocol

from assistant.guide import Kind
from assistant.register.facts.due import Due, Pile
from assistant.register.facts.events import START, Draft, Event
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.outbox import Message, OutboxLine
from assistant.register.facts.people import Absence, Assignment, Person
from assistant.register.facts.slots import TO_DO, Entry, StateName


@dataclass(frozen=True, slots=True)
class Workspace:
    """One enterprise's register: its lead and zone, what it was planned from, and the end of its log."""

    key: str
    lead: str
    zone: str
    edition: str = ""
    profile: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    holds_until: date | None = None
    head_seq: int = 0
    head: str = START


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: every field that is set must fit; ``overdue`` and ``state`` are judged on ``today``."""

    part: str = ""
    item: str = ""
    clause: str = ""
    kind: Kind | None = None
    owner: str = ""
    reviewer: str = ""
    state: StateName | None = None
    period: str = ""
    due_by: date | None = None
    overdue: bool = False
    applicable: bool | None = None
    withdrawn: bool = False
    keys: tuple[str, ...] = ()

    def fits(self, entry: Entry, today: date) -> bool:
        """Whether an entry is wanted."""
        slot = entry.slot
        wanted = (
            (self.part, slot.part),
            (self.item, slot.item),
            (self.clause, slot.clause),
            (self.kind, slot.kind),
            (self.owner, entry.owner),
            (self.reviewer, entry.reviewer),
            (self.state, entry.shown(today)),
            (self.applicable, entry.applies),
        )
        if any(want not in ("", None) and want != has for want, has in wanted):
            return False
        if self.period and not (slot.period or "-").startswith(self.period):
            return False
        if self.keys and slot.key not in self.keys:
            return False
        if self.due_by is not None and (entry.due is None or entry.due > self.due_by):
            return False
        if self.overdue and not overdue(entry, today):
            return False
        return entry.planned or self.withdrawn


def overdue(entry: Entry, today: date) -> bool:
    """Whether something is owed, is not there, and its due date has passed."""
    late = entry.due is not None and entry.due < today
    return entry.owed and late and entry.shown(today) in TO_DO


ALL = Filter()
WITH_WITHDRAWN = Filter(withdrawn=True)


@dataclass(frozen=True, slots=True)
class Count:
    """How many slots share a place, a kind, an owner, a state and a due class (``past``, ``week``, ``month``, ``later``, ``none``)."""

    part: str
    item: str
    kind: Kind
    owner: str
    state: StateName
    due: str
    owed: bool
    open: bool
    slots: int

    @property
    def family(self) -> str:
        """The family before the numbers of its places; empty for the first."""
        return self.part.rpartition(":")[0]


class RegisterReader(Protocol):
    """One workspace, read."""

    def workspace(self) -> Workspace | None:
        """The workspace, None before its first plan."""
        ...

    def entries(self, today: date, where: Filter = ALL) -> list[Entry]:
        """Entries in the guide's order."""
        ...

    def crooked(self) -> list[str]:
        """Ids of slots whose columns for queries do not follow from what is stored of them: changed beside the product."""
        ...

    def entry(self, slot: str) -> Entry | None:
        """One entry by its key or its visible id."""
        ...

    def pieces(self, slots: Sequence[str] = ()) -> list[Piece]:
        """What was handed in, oldest first; of some slot keys, or of all."""
        ...

    def people(self, only: Collection[str] = ()) -> dict[str, Person]:
        """Everybody known, or some of them, by id."""
        ...

    def assignments(self) -> list[Assignment]:
        """All assignments."""
        ...

    def absences(self) -> list[Absence]:
        """All absences."""
        ...

    def events(self, slot: str = "", since: int = 0, until: datetime | None = None, kinds: Sequence[str] = ()) -> Iterator[Event]:
        """Events in order: of one slot key (reminders that list it included) or all, after a number, up to a moment, of some kinds."""
        ...

    def due(self, at: datetime, owners: Sequence[str] = ()) -> list[Due]:
        """What may be asked for at a moment, by these owners or by all, with what the lead is to hear of."""
        ...

    def messages(self, slot: str = "", recipient: str = "", kind: str = "", limit: int = 100, stuck: bool = False) -> list[Message]:
        """Messages, newest first: about a slot key, to a person, of a kind; ``stuck``: only those that ``Message.stuck`` says."""
        ...

    def message(self, message_id: str) -> Message | None:
        """One message."""
        ...

    def outbox(self, message_id: str = "") -> list[OutboxLine]:
        """What is stored of one message or of all, whatever somebody wrote there."""
        ...


class Writing(RegisterReader, Protocol):
    """One workspace in a transaction that no other writer of this workspace overlaps; all of it happens or none."""

    def append(self, drafts: Iterable[Draft]) -> list[Event]:
        """Number, seal and store events."""
        ...

    def save(self, entries: Iterable[Entry]) -> None:
        """Store entries, new or changed."""
        ...

    def save_workspace(self, workspace: Workspace) -> None:
        """Store the workspace's settings (never its log's end)."""
        ...

    def save_people(self, people: Iterable[Person]) -> None:
        """Store persons, new or changed."""
        ...

    def forget_people(self, ids: Iterable[str]) -> None:
        """Remove records of persons, whose log goes on to name them."""
        ...

    def save_assignments(self, assignments: Iterable[Assignment]) -> None:
        """Replace all assignments."""
        ...

    def save_absences(self, absences: Iterable[Absence]) -> None:
        """Replace all absences."""
        ...

    def add_pieces(self, pieces: Iterable[Piece]) -> None:
        """Store what was handed in."""
        ...

    def enqueue(self, message: Message) -> bool:
        """Store a message; False, and nothing changes, when its dedup key is taken."""
        ...

    def mark(self, message: Message) -> None:
        """Store a message's new state."""
        ...

    def first_time(self, source: str, event_id: str, at: datetime) -> bool:
        """Whether this inbound event (a click, a post) is seen for the first time; seeing it is remembered."""
        ...


class Register(Protocol):
    """All workspaces."""

    def reading(self, workspace: str) -> AbstractContextManager[RegisterReader]:
        """Read one workspace, from one moment of it."""
        ...

    def writing(self, workspace: str, by: str = "") -> AbstractContextManager[Writing]:
        """Change one workspace; ``by`` is who really acts, where that is not the actor of the events."""
        ...

    def workspaces(self) -> list[Workspace]:
        """All workspaces, by key."""
        ...

    def piles(self, at: datetime) -> list[Pile]:
        """Where something may be asked for at a moment, in any workspace, sorted by workspace."""
        ...

    def due(self, at: datetime) -> Iterator[tuple[str, list[Due]]]:
        """Workspace and what may be asked for there at a moment, one workspace after the other."""
        ...

    def staff(self, workspaces: Sequence[str]) -> dict[str, tuple[dict[str, Person], list[Absence]]]:
        """Everybody known, and all absences, of several workspaces at once."""
        ...

    def knows_file(self, sha256: str) -> bool:
        """Whether anything handed in, in any workspace, is this file."""
        ...

    def counts(self, today: date, workspace: str | None = None) -> list[Count]:
        """Planned slots counted by place, kind, owner, state and due class."""
        ...

    def waiting(self, now: datetime, limit: int = 100) -> list[Message]:
        """Messages that a worker may take: pending and ripe, or held by a worker whose lease has ended."""
        ...

    def take(self, message: Message, worker: str, now: datetime, lease_until: datetime) -> Message | None:
        """Take such a message for a worker; None when another one was faster."""
        ...


class Files(Protocol):
    """Where the bytes of evidence live, by their SHA-256. A file is visible only after its event was stored."""

    def stage(self, source: IO[bytes], limit: int) -> tuple[str, int]:
        """Copy to the side, durably: (SHA-256, size). The same content twice is stored once.

        Raises:
            RegisterError: more than ``limit`` bytes.
        """
        ...

    def publish(self, sha256: str) -> None:
        """Make a staged file visible; nothing happens when it is already."""
        ...

    def open(self, sha256: str) -> IO[bytes]:
        """A visible file's bytes.

        Raises:
            FileNotFoundError: there are none.
        """
        ...

    def has(self, sha256: str) -> bool:
        """Whether a file is visible."""
        ...

    def staged(self) -> Iterator[tuple[str, datetime]]:
        """Files on the side, with the time at which they were copied there."""
        ...

    def discard(self, sha256: str) -> None:
        """Remove a file from the side (never a visible one)."""
        ...

    def visible(self) -> Iterator[str]:
        """All visible files."""
        ...
