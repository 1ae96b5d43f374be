"""A person's data taken out of a database, on request or by age, in one transaction; the log still verifies afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, and_, delete, or_, select, text, update

from assistant.adapters.sql import rows
from assistant.adapters.sql.copying import heads, tables
from assistant.adapters.sql.register import SqlRegister
from assistant.adapters.sql.session import SqlWriting
from assistant.adapters.sql.tables import AssignmentRow, EventRow, InboundRow, OutboxRow, SlotRow
from assistant.errors import RegisterError
from assistant.register.acts.log.erasure import Eraser, names_of
from assistant.register.facts.events import Draft, Event, check
from assistant.register.facts.outbox import FORGOTTEN, WAITING

_KEPT: Mapping[str, frozenset[str]] = {
    "slots": frozenset({"key", "id", "part", "item", "clause", "kind", "period", "state", "slot"}),  # the guide's own words
    "pieces": frozenset({"slot", "kind", "sha256", "type", "period"}),
    "workspaces": frozenset({"key", "zone", "edition", "fingerprint", "head"}),
    "event_slots": frozenset({"slot"}),
}
"""Columns in which nobody is named."""


class ErasedRows(dict[str, int]):
    """Table -> rows that named the person; ``eraser`` does the same to what stands elsewhere."""

    eraser: Eraser


def erase(register: SqlRegister, workspace: str, who: str, actor: str, at: datetime, dry: bool = False, by: str = "") -> ErasedRows:
    """Take a person out of a workspace's register, and out of the tables beside it; ``dry`` only counts.

    Their name, words that name them, ids and addresses give way to a token. What they handed in stays, for it is the enterprise's
    evidence. One recorded event tells that somebody was erased, by whom and when.

    Raises:
        RegisterError: they are still in charge of something, or unknown.
    """
    with register.writing(workspace, by) as tx:
        connection = tx.connection
        person = tx.people([who]).get(who)
        eraser = Eraser(names_of(who, person))
        if not dry:
            _not_in_charge(tx, eraser)
        found = ErasedRows()
        found.eraser = eraser
        _messages(connection, workspace, eraser, at, dry)
        for table in tables(connection):
            if table.name != "events":
                found[table.name] = _rows(connection, table, workspace, eraser, dry)
        events = [changed for event in tx.events() if (changed := eraser.event(event))]
        found["events"] = len(events)
        if not any(found.values()):
            raise RegisterError("ops.person_unknown", who=who)
        if not dry:
            _rewrite(connection, events)
            tx.append([Draft(eraser.record(events), eraser(actor), at)])
            if not check(tx.events(), *heads(connection)[workspace]).intact:
                raise RegisterError("ops.erase_broken")
    return found


def erase_beside(engine: Engine, eraser: Eraser) -> int:
    """The same in a database that only holds a library's tables; how many rows named the person."""
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            return sum(_rows(connection, table, "", eraser, dry=False) for table in tables(connection))


def _not_in_charge(tx: SqlWriting, eraser: Eraser) -> None:
    names, s, a = eraser.names, SlotRow, AssignmentRow
    held = or_(*(c.in_(names) for c in (s.owner, s.reviewer, s.held_owner, s.held_reviewer, s.deputy)))
    slots = select(s.id).where(s.workspace == tx.key, s.planned.is_(True), held).limit(3)
    given = select(a.target).where(a.workspace == tx.key, or_(a.owner.in_(names), a.deputy.in_(names), a.reviewer.in_(names))).limit(3)
    places = [row[0] for statement in (given, slots) for row in tx.connection.execute(statement)]
    if places:
        raise RegisterError("ops.person_in_charge", places=tuple(dict.fromkeys(places)))


def _messages(connection: Connection, workspace: str, eraser: Eraser, at: datetime, dry: bool) -> None:
    """Nothing is told to them any more; a message's id follows from its dedup key, so that one that named them gets a new id."""
    o = OutboxRow
    if not dry:
        theirs = (o.workspace == workspace, o.recipient.in_(eraser.names), o.state.in_(WAITING))
        connection.execute(update(o).where(*theirs).values(state="dropped", sent_at=at))
    for row in connection.execute(select(*o.__table__.c).where(o.workspace == workspace)).mappings():
        message = rows.message(row, ())
        fresh = replace(message, dedup=eraser(message.dedup))
        if fresh.id != message.id:
            eraser.exact[message.id] = fresh.id


def _rows(connection: Connection, table: Table, workspace: str, eraser: Eraser, dry: bool) -> int:
    """Rows of one table that name the person: their own ones go, in others the token stands; how many."""
    kept = _KEPT.get(table.name, frozenset()) | {"workspace", "team"}
    statement = select(table).where(table.c.workspace == workspace) if "workspace" in table.c else select(table)
    count = 0
    for row in connection.execute(statement).mappings().all():
        fresh = {name: new for name, value in row.items() if name not in kept and (new := eraser(value)) is not value and new != value}
        if not fresh:
            continue
        count += 1
        if dry:
            continue
        here = and_(*(c == row[c.name] for c in table.primary_key))
        if row.get(table.info.get("person", "")) in eraser.names:
            connection.execute(delete(table).where(here))
        else:
            connection.execute(update(table).where(here).values(**fresh))
    return count


def _rewrite(connection: Connection, events: list[Event]) -> None:
    e = EventRow
    with _guard_lifted(connection):
        for event in events:
            values = {"actor": event.actor, "payload": event.body, "salt": event.salt}
            connection.execute(update(e).where(e.workspace == event.workspace, e.seq == event.seq).values(**values))


@contextmanager
def _guard_lifted(connection: Connection) -> Iterator[None]:
    """Inside of this transaction the log may be changed; nobody else ever sees it without its guard."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE events DISABLE TRIGGER events_append_only"))
        yield
        connection.execute(text("ALTER TABLE events ENABLE TRIGGER events_append_only"))
        return
    named = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events' AND sql LIKE '%append-only%'")
    guards = list(connection.execute(named))
    for name, _ in guards:
        connection.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _, sql in guards:
        connection.exec_driver_sql(sql)


def forget(register: SqlRegister, before: datetime) -> dict[str, int]:
    """Drop what is only kept for a while, from before a moment: conversations, settled messages' words, ids of events seen.

    The register itself (slots, what was handed in, the log) is the enterprise's evidence and stays.
    """
    o, done = OutboxRow, {}
    with register.engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            for table in tables(connection):
                if term := table.info.get("term"):
                    settled = [table.c.state != table.info["open"]] if "open" in table.info else []
                    done[table.name] = connection.execute(delete(table).where(table.c[term] < before, *settled)).rowcount
            done["inbound"] = connection.execute(delete(InboundRow).where(InboundRow.at < before)).rowcount
            told = and_(o.created_at < before, o.state.not_in(WAITING), o.detail != FORGOTTEN)
            done["outbox"] = connection.execute(update(o).where(told).values(payload={}, receipt={}, detail=FORGOTTEN)).rowcount
    return done
