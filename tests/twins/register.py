"""The register in memory: the twin of the SQL one, for tests and trials. The same contract holds both."""

from __future__ import annotations

import copy
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from assistant.register.facts.due import Due, Pile
from assistant.register.facts.events import START, Draft, Event, seal
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.outbox import WAITING, Message, OutboxLine
from assistant.register.facts.people import Absence, Assignment, Person
from assistant.register.facts.slots import Entry, Held
from assistant.register.papers.reports.coverage import counted
from assistant.register.ports import ALL, WITH_WITHDRAWN, Count, Filter, Workspace
from assistant.register.rules.evidence.after import concerned
from assistant.register.rules.people.nudges import due_of


@dataclass
class _Shelf:
    """Everything of one workspace."""

    workspace: Workspace | None = None
    head_seq: int = 0
    head: str = START
    entries: dict[str, Entry] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)


class MemoryTransaction:
    """One workspace, read or changed."""

    def __init__(self, key: str, shelf: _Shelf, by: str = "") -> None:
        self.key = key
        self.shelf = shelf
        self.by = by

    def workspace(self) -> Workspace | None:
        """The workspace, None before its first plan."""
        known = self.shelf.workspace
        return replace(known, head_seq=self.shelf.head_seq, head=self.shelf.head) if known else None

    def crooked(self) -> list[str]:
        """None: there are no columns apart from the entries."""
        return []

    def entries(self, today: date, where: Filter = ALL) -> list[Entry]:
        """Entries in the guide's order."""
        found = [e for e in self.shelf.entries.values() if where.fits(e, today)]
        return sorted(found, key=lambda e: (e.slot.position, e.slot.key))

    def entry(self, slot: str) -> Entry | None:
        """One entry by its key or its visible id, planned ones first."""
        found = [e for e in self.shelf.entries.values() if slot in (e.slot.key, e.slot.id)]
        return min(found, key=lambda e: (not e.planned, e.slot.key), default=None)

    def pieces(self, slots: Sequence[str] = ()) -> list[Piece]:
        """What was handed in, oldest first."""
        return [p for p in self.shelf.pieces if not slots or p.slot in slots]

    def people(self, only: Collection[str] = ()) -> dict[str, Person]:
        """Everybody known, or some of them, by id."""
        return {key: person for key, person in self.shelf.people.items() if not only or key in only}

    def assignments(self) -> list[Assignment]:
        """All assignments."""
        return sorted(self.shelf.assignments, key=lambda a: (a.level, a.target))

    def absences(self) -> list[Absence]:
        """All absences."""
        return sorted(self.shelf.absences, key=lambda a: (a.person, a.start))

    def events(self, slot: str = "", since: int = 0, until: datetime | None = None, kinds: Sequence[str] = ()) -> Iterator[Event]:
        """Events in order."""
        for event in self.shelf.events[since:]:
            wanted = not kinds or event.kind in kinds
            if wanted and (not slot or slot in concerned(event)) and (until is None or event.at <= until):
                yield event

    def due(self, at: datetime, owners: Sequence[str] = ()) -> list[Due]:
        """What may be asked for at a moment, and what the lead is to hear of."""
        entries = self.entries(at.date(), WITH_WITHDRAWN)
        return [d for e in entries if not owners or e.owner in owners for d in due_of(e, self.key, at, at.date())]

    def messages(self, slot: str = "", recipient: str = "", kind: str = "", limit: int = 100, stuck: bool = False) -> list[Message]:
        """Messages, newest first."""
        found = [
            m
            for m in self.shelf.messages.values()
            if (not slot or slot in m.slots) and recipient in ("", m.recipient) and kind in ("", m.kind) and (m.stuck or not stuck)
        ]
        return sorted(found, key=lambda m: (-m.created_at.timestamp() if m.created_at else 0.0, m.id))[:limit]

    def message(self, message_id: str) -> Message | None:
        """One message."""
        return self.shelf.messages.get(message_id)

    def outbox(self, message_id: str = "") -> list[OutboxLine]:
        """What is stored of one message or of all."""
        found = [m for m in self.shelf.messages.values() if message_id in ("", m.id)]
        return [OutboxLine.of(m.id, m.kind, m.recipient, m.state, m.says.body()) for m in found]

    def append(self, drafts: Iterable[Draft]) -> list[Event]:
        """Number, seal and store events."""
        events: list[Event] = []
        for draft in drafts:
            event = seal(draft, self.key, self.shelf.head_seq + 1, self.shelf.head, by=self.by)
            self.shelf.head_seq, self.shelf.head = event.seq, event.hash
            events.append(event)
        self.shelf.events += events
        return events

    def save(self, entries: Iterable[Entry]) -> None:
        """Store entries, new or changed."""
        self.shelf.entries |= {e.slot.key: e for e in entries}

    def save_workspace(self, workspace: Workspace) -> None:
        """Store the workspace's settings."""
        self.shelf.workspace = workspace

    def save_people(self, people: Iterable[Person]) -> None:
        """Store persons, new or changed."""
        self.shelf.people |= {p.id: p for p in people}

    def forget_people(self, ids: Iterable[str]) -> None:
        """Remove records of persons."""
        gone = set(ids)
        self.shelf.people = {k: p for k, p in self.shelf.people.items() if k not in gone}

    def save_assignments(self, assignments: Iterable[Assignment]) -> None:
        """Replace all assignments."""
        self.shelf.assignments = list(assignments)

    def save_absences(self, absences: Iterable[Absence]) -> None:
        """Replace all absences."""
        self.shelf.absences = list(absences)

    def add_pieces(self, pieces: Iterable[Piece]) -> None:
        """Store what was handed in."""
        self.shelf.pieces += pieces

    def enqueue(self, message: Message) -> bool:
        """Store a message; False, and nothing changes, when its dedup key is taken."""
        if message.id in self.shelf.messages:
            return False
        self.shelf.messages[message.id] = message
        return True

    def mark(self, message: Message) -> None:
        """Store a message's new state."""
        self.shelf.messages[message.id] = message

    def first_time(self, source: str, event_id: str, at: datetime) -> bool:
        """Whether this inbound event is seen for the first time; seeing it is remembered."""
        fresh = (source, event_id) not in self.shelf.seen
        self.shelf.seen.add((source, event_id))
        return fresh


class MemoryRegister:
    """All workspaces, in memory; one transaction at a time."""

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}
        self._lock = threading.RLock()

    @contextmanager
    def reading(self, workspace: str) -> Iterator[MemoryTransaction]:
        """Read one workspace."""
        with self._lock:
            yield MemoryTransaction(workspace, self._shelves.get(workspace) or _Shelf())

    @contextmanager
    def writing(self, workspace: str, by: str = "") -> Iterator[MemoryTransaction]:
        """Change one workspace: all of it or nothing; ``by`` is who really acts."""
        with self._lock:
            fresh = copy.copy(self._shelves.get(workspace) or _Shelf())
            for name, value in vars(fresh).items():
                setattr(fresh, name, copy.copy(value))
            yield MemoryTransaction(workspace, fresh, by)
            self._shelves[workspace] = fresh

    def workspaces(self) -> list[Workspace]:
        """All workspaces that were planned, by key."""
        with self._lock:
            found = [MemoryTransaction(key, shelf).workspace() for key, shelf in sorted(self._shelves.items())]
        return [w for w in found if w is not None]

    def piles(self, at: datetime) -> list[Pile]:
        """Where something may be asked for at a moment."""
        piles: Counter[tuple[str, str, Held, bool]] = Counter()
        for key, shelf in self._shelves.items():
            for due in MemoryTransaction(key, shelf).due(at):
                piles[key, due.owner, due.held, due.escalation] += 1
        return sorted((Pile(*k, n) for k, n in piles.items()), key=lambda p: (p.workspace, p.owner, p.escalation))

    def due(self, at: datetime) -> Iterator[tuple[str, list[Due]]]:
        """Workspace and what may be asked for there at a moment."""
        for key, shelf in sorted(self._shelves.items()):
            if due := MemoryTransaction(key, shelf).due(at):
                yield key, due

    def staff(self, workspaces: Sequence[str]) -> dict[str, tuple[dict[str, Person], list[Absence]]]:
        """Everybody known, and all absences, of several workspaces at once."""
        found = {key: MemoryTransaction(key, self._shelves.get(key) or _Shelf()) for key in workspaces}
        return {key: (tx.people(), tx.absences()) for key, tx in found.items()}

    def knows_file(self, sha256: str) -> bool:
        """Whether anything handed in, in any workspace, is this file."""
        return any(p.sha256 == sha256 for shelf in self._shelves.values() for p in shelf.pieces)

    def counts(self, today: date, workspace: str | None = None) -> list[Count]:
        """Planned slots counted by place, kind, owner, state and due class."""
        shelves = [shelf for key, shelf in self._shelves.items() if workspace in (None, key)]
        return counted((e for shelf in shelves for e in shelf.entries.values()), today)

    def waiting(self, now: datetime, limit: int = 1000) -> list[Message]:
        """Messages that a worker may take, oldest first."""
        everything = [m for shelf in self._shelves.values() for m in shelf.messages.values() if m.state in WAITING]
        ripe = [m for m in everything if _ripe(m, now)]
        return sorted(ripe, key=lambda m: (m.created_at.timestamp() if m.created_at else 0.0, m.id))[:limit]

    def take(self, message: Message, worker: str, now: datetime, lease_until: datetime) -> Message | None:
        """Take such a message for a worker; None when another one was faster."""
        with self.writing(message.workspace) as tx:
            known = tx.message(message.id)
            if known is None or known != message or not _ripe(known, now):
                return None
            taken = replace(known, state="claimed", claimed_by=worker, lease_until=lease_until, attempts=known.attempts + 1)
            tx.mark(taken)
            return taken

    def close(self) -> None:
        """Nothing to let go of."""


def _ripe(message: Message, now: datetime) -> bool:
    if message.state == "pending":
        return message.not_before is None or message.not_before <= now
    return message.lease_until is not None and message.lease_until <= now
