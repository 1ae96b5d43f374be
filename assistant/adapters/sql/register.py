"""The register in SQL: SQLite (WAL) by default, PostgreSQL by address. Opening it brings its tables up to date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, and_, case, create_engine, event, func, insert, or_, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, OperationalError

from assistant.adapters.sql import leases, rows
from assistant.adapters.sql.session import SqlReading, SqlWriting, counting, due_slots, messages, shown_state
from assistant.adapters.sql.tables import AbsenceRow, OutboxRow, PersonRow, PieceRow, SlotRow, WorkspaceRow
from assistant.errors import SettingsError, Unavailable
from assistant.register.facts.due import Due, Pile
from assistant.register.facts.events import START
from assistant.register.facts.outbox import WAITING, Message
from assistant.register.facts.people import Absence, Person
from assistant.register.ports import Count, Workspace
from assistant.settings import without_secrets

_WHY = {
    "disk is full": "full",
    "No space left": "full",
    "disk I/O error": "disk",
    "readonly database": "readonly",
    "unable to open database": "unopened",
    "password authentication": "login",
    "malformed": "damaged",
    "not a database": "damaged",
}
"""What a driver says -> what it is, as its text is named."""


def open_register(address: str) -> SqlRegister:
    """The register behind a SQLAlchemy URL (``sqlite:///…``, ``postgresql://…``), its tables brought up to date.

    Raises:
        SettingsError: the address makes no sense here. Unavailable: the database does not answer.
    """
    from assistant.adapters.sql.migrate import bring_up_to_date

    engine = make_engine(address)
    with reachable(engine):
        bring_up_to_date(engine)
    return SqlRegister(engine)


def make_engine(address: str) -> Engine:
    """An engine with the product's settings for the two databases.

    Raises:
        SettingsError: the address makes no sense here.
    """
    try:
        url = make_url(address)
        if url.get_backend_name() == "postgresql" and "@" in f"{url.host or ''}{url.database or ''}":
            # a password with @ or / in it, cut in the wrong place
            raise SettingsError("register.database_port")
        if url.drivername in ("postgres", "postgresql"):
            url = url.set(drivername="postgresql+psycopg").difference_update_query(["pgbouncer"])  # a mark for other drivers
        if url.get_backend_name() not in ("sqlite", "postgresql"):
            raise SettingsError("register.database_url", address=without_secrets(str(address)), what=url.drivername)
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=url.get_backend_name() == "postgresql", **_options(url))
    except (ArgumentError, NoSuchModuleError):
        raise SettingsError("register.database_form") from None
    except ValueError:  # make_url quotes what it took for the port, which may be the end of a password with an @ in it
        raise SettingsError("register.database_port") from None
    except ModuleNotFoundError as error:
        raise SettingsError("register.database_driver", what=str(error.name)) from None
    if url.get_backend_name() == "sqlite":
        _tune_sqlite(engine)
    return engine


def _options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            return {"pool_size": 20, "max_overflow": 40, "connect_args": {"timeout": 60}}  # each thread of a worker may hold one
        return {"connect_args": {"timeout": 60}}
    # No prepared statements: a pooler in transaction mode hands every transaction to another session, which does not know them.
    return {"pool_size": 5, "max_overflow": 15, "connect_args": {"connect_timeout": 10, "prepare_threshold": None}}


def _tune_sqlite(engine: Engine) -> None:
    """Readers and one writer at once, durable commits, and transactions that begin when the product says so."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=60000", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class SqlRegister:
    """All workspaces in one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def reading(self, workspace: str) -> Iterator[SqlReading]:
        """Read one workspace, from one moment of it."""
        with self._begin(writes=False) as connection:
            yield SqlReading(connection, workspace)

    @contextmanager
    def writing(self, workspace: str, by: str = "") -> Iterator[SqlWriting]:
        """Change one workspace; its other writers wait. ``by`` is who really acts, where that is not the actor of the events."""
        with self._begin(writes=True) as connection:
            locked = select(WorkspaceRow.key).where(WorkspaceRow.key == workspace).with_for_update()
            if connection.execute(locked).first() is None:
                _first(connection, workspace)
                connection.execute(locked).one()
            yield SqlWriting(connection, workspace, by)

    def workspaces(self) -> list[Workspace]:
        """All workspaces that were planned, by key."""
        with self._begin(writes=False) as connection:
            found = connection.execute(select(*WorkspaceRow.__table__.c).where(WorkspaceRow.edition != "").order_by(WorkspaceRow.key))
            return [rows.workspace(r) for r in found.mappings()]

    def piles(self, at: datetime) -> list[Pile]:
        """Where something may be asked for at a moment; only what is due is looked at."""
        s = SlotRow
        group = (s.workspace, s.owner, s.held_owner, s.held_reviewer, s.deputy, s.deputy_from, s.deputy_until)
        found: list[Pile] = []
        with self._begin(writes=False) as connection:
            for column, escalation in ((s.next_ask, False), (s.escalate_at, True)):
                wanted = select(*group, func.count().label("slots")).where(column.is_not(None), column <= at).group_by(*group)
                for r in connection.execute(wanted).mappings():
                    found.append(Pile(r["workspace"], r["owner"], rows.held(r), escalation, r["slots"]))
        return sorted(found, key=lambda p: (p.workspace, p.owner, p.escalation))

    def due(self, at: datetime) -> Iterator[tuple[str, list[Due]]]:
        """Workspace and what may be asked for there at a moment, in one query."""
        with self._begin(writes=False) as connection:
            yield from due_slots(connection, at)

    def staff(self, workspaces: Sequence[str]) -> dict[str, tuple[dict[str, Person], list[Absence]]]:
        """Everybody known, and all absences, of several workspaces, in two queries."""
        found: dict[str, tuple[dict[str, Person], list[Absence]]] = {key: ({}, []) for key in workspaces}
        with self._begin(writes=False) as connection:
            for r in connection.execute(select(*PersonRow.__table__.c)).mappings():
                if r["workspace"] in found:
                    found[r["workspace"]][0][r["id"]] = rows.person(r)
            for r in connection.execute(select(*AbsenceRow.__table__.c).order_by(AbsenceRow.person, AbsenceRow.start)).mappings():
                if r["workspace"] in found:
                    found[r["workspace"]][1].append(rows.absence(r))
        return found

    def knows_file(self, sha256: str) -> bool:
        """Whether anything handed in, in any workspace, is this file."""
        with self._begin(writes=False) as connection:
            return connection.execute(select(PieceRow.number).where(PieceRow.sha256 == sha256).limit(1)).first() is not None

    def counts(self, today: date, workspace: str | None = None) -> list[Count]:
        """Planned slots counted by place, kind, owner, state and due class."""
        s = SlotRow
        due = case(
            (s.due.is_(None), "none"),
            (s.due < today, "past"),
            (s.due <= today + timedelta(days=7), "week"),
            (s.due <= today + timedelta(days=30), "month"),
            else_="later",
        ).label("due_class")
        is_open = case((or_(s.opens.is_(None), s.opens <= today), 1), else_=0).label("is_open")
        counts = case((counting(), 1), else_=0).label("counts")
        group = (s.part, s.item, s.kind, s.owner, shown_state(today).label("shown"), due, counts, is_open)
        wanted = select(*group, func.count().label("slots")).where(s.planned.is_(True)).group_by(*group)
        if workspace is not None:
            wanted = wanted.where(s.workspace == workspace)
        with self._begin(writes=False) as connection:
            found = [tuple(row) for row in connection.execute(wanted)]
        return [
            Count(part, item, kind, owner, state, when, bool(owed), bool(open_), slots)
            for part, item, kind, owner, state, when, owed, open_, slots in found
        ]

    def waiting(self, now: datetime, limit: int = 1000) -> list[Message]:
        """Messages that a worker may take, oldest first."""
        o = OutboxRow
        ripe = or_(
            and_(o.state == "pending", or_(o.not_before.is_(None), o.not_before <= now)),
            and_(o.state.in_(("claimed", "ambiguous")), leases.free(o, now)),
        )
        with self._begin(writes=False) as connection:
            wanted = select(*o.__table__.c).where(o.state.in_(WAITING), ripe).order_by(o.created_at, o.id).limit(limit)
            return messages(connection, wanted)

    def take(self, message: Message, worker: str, now: datetime, lease_until: datetime) -> Message | None:
        """Take such a message for a worker; None when another one was faster."""
        o = OutboxRow
        as_read = and_(o.id == message.id, o.state == message.state, o.attempts == message.attempts, o.claimed_by == message.claimed_by)
        values = {"state": "claimed", "claimed_by": worker, "attempts": message.attempts + 1}
        with self._begin(writes=True) as connection:
            if not leases.take(connection, o, as_read, now, lease_until, **values):
                return None
            return messages(connection, select(*o.__table__.c).where(o.id == message.id))[0]

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def _begin(self, writes: bool) -> Iterator[Connection]:
        options: dict[str, Any] = {"writes": writes}
        if self.engine.dialect.name == "postgresql" and not writes:
            options["isolation_level"] = "REPEATABLE READ"
        with reachable(self.engine), self.engine.connect() as plain:
            connection = plain.execution_options(**options)
            with connection.begin():
                yield connection


def _first(connection: Connection, workspace: str) -> None:
    """The row of a new workspace; another worker may have been faster."""
    blank = {"key": workspace, "lead": "", "zone": "", "edition": "", "profile": {}, "fingerprint": "", "head_seq": 0, "head": START}
    try:
        with connection.begin_nested():
            connection.execute(insert(WorkspaceRow), [blank])
    except IntegrityError:
        return


@contextmanager
def reachable(engine: Engine) -> Iterator[None]:
    """A database that does not answer, is damaged, or cannot be written, is one sentence that says which."""
    try:
        yield
    except DBAPIError as error:
        where, what = shown(engine.url), (str(error.orig).splitlines() or [""])[0]
        found = next((name for word, name in _WHY.items() if word in what), "")
        if found:
            raise Unavailable(f"register.database_{found}", where=where) from error
        if isinstance(error, OperationalError) or error.connection_invalidated:
            raise Unavailable("register.database_down", where=where, what=what) from error
        raise


def shown(url: URL) -> str:
    """A database's address as it may be shown: no user name, password or query."""
    return without_secrets(url.render_as_string(hide_password=True))
