"""One workspace inside one SQL transaction: what the register reads and writes there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assistant.adapters.sql import rows
from assistant.adapters.sql.tables import (
    AbsenceRow,
    AssignmentRow,
    Base,
    EventRow,
    EventSlotRow,
    InboundRow,
    OutboxRow,
    OutboxSlotRow,
    PersonRow,
    PieceRow,
    SlotRow,
    WorkspaceRow,
)
from assistant.register.facts.due import Due
from assistant.register.facts.events import Draft, Event, seal
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.outbox import FORGOTTEN, SILENT, Message, OutboxLine
from assistant.register.facts.people import Absence, Assignment, Person
from assistant.register.facts.slots import TO_DO, Entry, Held
from assistant.register.ports import ALL, Filter, Workspace
from assistant.register.rules.evidence.after import concerned

_ONCE = 400
"""Keys in one IN list."""


class SqlReading:
    """Reads of one workspace over one connection."""

    def __init__(self, connection: Connection, key: str) -> None:
        self.connection = connection
        self.key = key

    def _all(self, statement: Any) -> Sequence[rows.Row]:
        return self.connection.execute(statement).mappings().all()

    def workspace(self) -> Workspace | None:
        """The workspace, None before its first plan."""
        found = self._all(select(*WorkspaceRow.__table__.c).where(WorkspaceRow.key == self.key))
        return rows.workspace(found[0]) if found and found[0]["edition"] else None

    def entries(self, today: date, where: Filter = ALL) -> list[Entry]:
        """Entries in the guide's order."""
        table = SlotRow.__table__
        statement = select(*table.c).where(SlotRow.workspace == self.key, *conditions(where, today)).order_by(SlotRow.position, SlotRow.key)
        if not where.keys:
            return [rows.entry(r) for r in self._all(statement)]
        found: list[Entry] = []
        for start in range(0, len(where.keys), _ONCE):
            found += [rows.entry(r) for r in self._all(statement.where(SlotRow.key.in_(where.keys[start : start + _ONCE])))]
        return sorted(found, key=lambda e: (e.slot.position, e.slot.key))

    def crooked(self) -> list[str]:
        """Ids of slots whose columns for queries do not follow from the documents beside them."""
        stored = self._all(select(*SlotRow.__table__.c).where(SlotRow.workspace == self.key))
        straight = ((row, rows.entry_row(self.key, rows.entry(row))) for row in stored)
        return [row["id"] for row, made in straight if any(row[k] != v for k, v in made.items() if k not in ("slot", "state_doc"))]

    def entry(self, slot: str) -> Entry | None:
        """One entry by its key or its visible id, planned ones first."""
        wanted = select(*SlotRow.__table__.c).where(SlotRow.workspace == self.key, or_(SlotRow.key == slot, SlotRow.id == slot))
        found = self._all(wanted.order_by(SlotRow.planned.desc(), SlotRow.key).limit(1))
        return rows.entry(found[0]) if found else None

    def pieces(self, slots: Sequence[str] = ()) -> list[Piece]:
        """What was handed in, oldest first."""
        statement = select(*PieceRow.__table__.c).where(PieceRow.workspace == self.key).order_by(PieceRow.number)
        if slots:
            statement = statement.where(PieceRow.slot.in_(slots))
        return [rows.piece(r) for r in self._all(statement)]

    def people(self, only: Collection[str] = ()) -> dict[str, Person]:
        """Everybody known, or some of them, by id."""
        wanted = select(*PersonRow.__table__.c).where(PersonRow.workspace == self.key)
        return {r["id"]: rows.person(r) for r in self._all(wanted.where(PersonRow.id.in_(only)) if only else wanted)}

    def assignments(self) -> list[Assignment]:
        """All assignments."""
        wanted = select(*AssignmentRow.__table__.c).where(AssignmentRow.workspace == self.key)
        return [rows.assignment(r) for r in self._all(wanted.order_by(AssignmentRow.level, AssignmentRow.target))]

    def absences(self) -> list[Absence]:
        """All absences."""
        wanted = select(*AbsenceRow.__table__.c).where(AbsenceRow.workspace == self.key)
        return [rows.absence(r) for r in self._all(wanted.order_by(AbsenceRow.person, AbsenceRow.start))]

    def events(self, slot: str = "", since: int = 0, until: datetime | None = None, kinds: Sequence[str] = ()) -> Iterator[Event]:
        """Events in order, read in pieces so that a long log needs no more memory than a short one."""
        statement = select(*EventRow.__table__.c).where(EventRow.workspace == self.key, EventRow.seq > since).order_by(EventRow.seq)
        if slot:
            listed = select(EventSlotRow.seq).where(EventSlotRow.workspace == self.key, EventSlotRow.slot == slot)
            statement = statement.where(or_(EventRow.slot == slot, EventRow.seq.in_(listed)))
        if kinds:
            statement = statement.where(EventRow.kind.in_(kinds))
        if until is not None:
            statement = statement.where(EventRow.at <= until)
        for row in self.connection.execute(statement.execution_options(yield_per=1000)).mappings():
            yield rows.event(row)

    def due(self, at: datetime, owners: Sequence[str] = ()) -> list[Due]:
        """What may be asked for at a moment, and what the lead is to hear of."""
        wanted = [SlotRow.workspace == self.key, *([SlotRow.owner.in_(owners)] if owners else [])]
        return [due for _, found in due_slots(self.connection, at, *wanted) for due in found]

    def messages(self, slot: str = "", recipient: str = "", kind: str = "", limit: int = 100, stuck: bool = False) -> list[Message]:
        """Messages, newest first."""
        statement = select(*OutboxRow.__table__.c).where(OutboxRow.workspace == self.key)
        if slot:
            about = select(OutboxSlotRow.message).where(OutboxSlotRow.workspace == self.key, OutboxSlotRow.slot == slot)
            statement = statement.where(OutboxRow.id.in_(about))
        if recipient:
            statement = statement.where(OutboxRow.recipient == recipient)
        if kind:
            statement = statement.where(OutboxRow.kind == kind)
        if stuck:
            o = OutboxRow
            again = and_(o.state.in_(("pending", "ambiguous")), o.detail != "")
            statement = statement.where(o.kind.not_in(SILENT), o.detail != FORGOTTEN, or_(o.state == "failed", again))
        return messages(self.connection, statement.order_by(OutboxRow.created_at.desc(), OutboxRow.id).limit(limit))

    def message(self, message_id: str) -> Message | None:
        """One message."""
        found = messages(self.connection, select(*OutboxRow.__table__.c).where(OutboxRow.workspace == self.key, OutboxRow.id == message_id))
        return found[0] if found else None

    def outbox(self, message_id: str = "") -> list[OutboxLine]:
        """What is stored of one message or of all."""
        o = OutboxRow
        statement = select(o.id, o.kind, o.recipient, o.state, o.payload).where(o.workspace == self.key).order_by(o.created_at, o.id)
        statement = statement.where(o.id == message_id) if message_id else statement
        return [OutboxLine.of(*row) for row in self.connection.execute(statement)]


class SqlWriting(SqlReading):
    """Reads and writes of one workspace; its row is locked, so writers of one workspace take turns."""

    def __init__(self, connection: Connection, key: str, by: str = "") -> None:
        super().__init__(connection, key)
        self.by = by

    def append(self, drafts: Iterable[Draft]) -> list[Event]:
        """Number, seal and store events."""
        wanted = select(WorkspaceRow.head_seq, WorkspaceRow.head).where(WorkspaceRow.key == self.key)
        seq, head = self.connection.execute(wanted).one()
        events: list[Event] = []
        for draft in drafts:
            event = seal(draft, self.key, seq + 1, head, by=self.by)
            seq, head = event.seq, event.hash
            events.append(event)
        if events:
            self.connection.execute(insert(EventRow), [rows.event_row(e) for e in events])
            listed = [{"workspace": self.key, "slot": key, "seq": e.seq} for e in events if not e.slot for key in concerned(e)]
            if listed:
                self.connection.execute(insert(EventSlotRow), listed)
            self.connection.execute(update(WorkspaceRow).where(WorkspaceRow.key == self.key).values(head_seq=seq, head=head))
        return events

    def save(self, entries: Iterable[Entry]) -> None:
        """Store entries, new or changed."""
        self._put(SlotRow, [rows.entry_row(self.key, e) for e in entries])

    def save_workspace(self, workspace: Workspace) -> None:
        """Store the workspace's settings."""
        values = {k: v for k, v in asdict(workspace).items() if k not in ("key", "head_seq", "head")}
        self.connection.execute(update(WorkspaceRow).where(WorkspaceRow.key == self.key).values(**values))

    def save_people(self, people: Iterable[Person]) -> None:
        """Store persons, new or changed."""
        self._put(PersonRow, [{"workspace": self.key, **asdict(p), "known_as": list(p.known_as)} for p in people])

    def forget_people(self, ids: Iterable[str]) -> None:
        """Remove records of persons."""
        for who in ids:
            self.connection.execute(delete(PersonRow).where(PersonRow.workspace == self.key, PersonRow.id == who))

    def save_assignments(self, assignments: Iterable[Assignment]) -> None:
        """Replace all assignments."""
        fresh = [{"workspace": self.key, **asdict(a)} for a in assignments]
        self.connection.execute(delete(AssignmentRow).where(AssignmentRow.workspace == self.key))
        self._put(AssignmentRow, fresh)

    def save_absences(self, absences: Iterable[Absence]) -> None:
        """Replace all absences."""
        fresh = [{"workspace": self.key, **asdict(a)} for a in absences]
        self.connection.execute(delete(AbsenceRow).where(AbsenceRow.workspace == self.key))
        self._put(AbsenceRow, fresh)

    def add_pieces(self, pieces: Iterable[Piece]) -> None:
        """Store what was handed in."""
        fresh = [rows.piece_row(self.key, p) for p in pieces]
        if fresh:
            self.connection.execute(insert(PieceRow), fresh)

    def enqueue(self, message: Message) -> bool:
        """Store a message; False, and nothing changes, when its dedup key is taken."""
        statement = self._insert(OutboxRow).values(**rows.message_row(message)).on_conflict_do_nothing()
        if self.connection.execute(statement.returning(OutboxRow.id)).first() is None:
            return False
        about = [{"workspace": self.key, "slot": key, "message": message.id} for key in dict.fromkeys(message.slots)]
        if about:
            self.connection.execute(insert(OutboxSlotRow), about)
        return True

    def mark(self, message: Message) -> None:
        """Store a message's new state."""
        values = {k: v for k, v in rows.message_row(message).items() if k not in ("id", "workspace", "dedup", "kind")}
        self.connection.execute(update(OutboxRow).where(OutboxRow.workspace == self.key, OutboxRow.id == message.id).values(**values))

    def first_time(self, source: str, event_id: str, at: datetime) -> bool:
        """Whether this inbound event is seen for the first time; seeing it is remembered."""
        values = {"workspace": self.key, "source": source, "event_id": event_id[:200], "at": at}
        statement = self._insert(InboundRow).values(**values).on_conflict_do_nothing().returning(InboundRow.event_id)
        return self.connection.execute(statement).first() is not None

    def _insert(self, table: type[Base]) -> Any:
        dialect = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        return dialect.insert(table)

    def _put(self, table: type[Base], values: list[dict[str, Any]]) -> None:
        """Insert, or replace what has the same primary key."""
        if not values:
            return
        statement = self._insert(table)
        keys = [c.name for c in table.__table__.primary_key]
        changed = {c.name: statement.excluded[c.name] for c in table.__table__.c if c.name not in keys}
        self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), values)


def messages(connection: Connection, statement: Any) -> list[Message]:
    """The messages that a query on ``outbox`` finds, with their slots."""
    found = connection.execute(statement).mappings().all()
    about: dict[str, list[str]] = {}
    for start in range(0, len(found), _ONCE):
        ids = [r["id"] for r in found[start : start + _ONCE]]
        for key, message_id in connection.execute(select(OutboxSlotRow.slot, OutboxSlotRow.message).where(OutboxSlotRow.message.in_(ids))):
            about.setdefault(message_id, []).append(key)
    return [rows.message(r, tuple(about.get(r["id"], ()))) for r in found]


def due_slots(connection: Connection, at: datetime, *wanted: ColumnElement[bool]) -> Iterator[tuple[str, list[Due]]]:
    """Workspace and its due slots in the guide's order, one workspace after the other, over the slots that fit."""
    s = SlotRow
    charge = (s.held_owner, s.deputy, s.deputy_from, s.deputy_until, s.held_reviewer)
    shown = case((and_(s.state == "accepted", s.expires_on < at.date()), "expired"), else_=s.state)
    ripe = and_(s.next_ask.is_not(None), s.next_ask <= at)
    tell = and_(s.escalate_at.is_not(None), s.escalate_at <= at)
    columns = (s.workspace, s.key, s.id, s.position, s.owner, *charge, shown, s.due, s.asks, ripe, tell)
    statement = select(*columns).where(or_(ripe, tell), *wanted).order_by(s.workspace, s.position, s.key)
    people: dict[tuple[Any, ...], Held] = {}
    for workspace, group in groupby(connection.execute(statement.execution_options(yield_per=5000)), key=itemgetter(0)):
        found: list[Due] = []
        for _, key, slot, position, owner, *persons, state, due, asks, asked, told in group:
            held = people.setdefault(tuple(persons), Held(*persons))
            base = (workspace, key, slot, position, owner, held, state, due, asks)
            if asked:
                found.append(Due(*base))
            if told:
                found.append(Due(*base, True))
        yield workspace, found


def conditions(where: Filter, today: date) -> list[ColumnElement[bool]]:
    """A filter as SQL; ``Filter.fits`` says the same in Python, and a contract test holds the two together."""
    s = SlotRow
    plain = (
        (s.part, where.part),
        (s.item, where.item),
        (s.clause, where.clause),
        (s.kind, where.kind),
        (s.owner, where.owner),
        (s.reviewer, where.reviewer),
    )
    found: list[ColumnElement[bool]] = [column == wanted for column, wanted in plain if wanted]
    if not where.withdrawn:
        found.append(s.planned.is_(True))
    if where.state:
        found.append(shown_state(today) == where.state)
    if where.applicable is not None:
        found.append(applying() if where.applicable else ~applying())
    if where.period:
        found.append(s.period == "" if where.period == "-" else s.period.startswith(where.period, autoescape=True))
    if where.due_by is not None:
        found.append(s.due <= where.due_by)
    if where.overdue:
        found += [s.owed.is_(True), s.due < today, shown_state(today).in_(TO_DO)]
    return found


def applying() -> ColumnElement[bool]:
    """Whether a slot applies, as ``Entry.applies`` computes it."""
    return and_(SlotRow.applicable.is_(True), ~SlotRow.settled_by.contains("/"))


def counting() -> ColumnElement[bool]:
    """Whether a slot counts towards readiness, as ``Entry.counts`` computes it."""
    return and_(SlotRow.planned.is_(True), applying())


def shown_state(today: date) -> ColumnElement[str]:
    """The state as people see it on a day, as ``Entry.shown`` computes it."""
    s = SlotRow
    return case(
        (and_(s.state == "accepted", s.expires_on < today), "expired"),
        (and_(s.state == "missing", s.owed.is_(False), counting()), "accepted"),
        (and_(s.state == "missing", s.owed.is_(False)), "not_applicable"),
        else_=s.state,
    )
