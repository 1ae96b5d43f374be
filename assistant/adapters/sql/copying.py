"""All rows of a database in one portable form: read from one moment, written into an empty database, compared by hash.

A row is a JSON object whose values look the same from SQLite and from PostgreSQL: moments in UTC, days as ISO 8601. Tables that the
product does not declare itself (those of a library in the same database) are read as the database describes them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import groupby, islice
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, Date, DateTime, Engine, MetaData, Table, collate, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from assistant.adapters.sql import conversation_tables as _declared  # noqa: F401  they belong to the same database
from assistant.adapters.sql import rows as sql_rows
from assistant.adapters.sql.describe import described, made
from assistant.adapters.sql.register import reachable
from assistant.adapters.sql.tables import Base, EventRow, PieceRow, WorkspaceRow
from assistant.errors import UsageError
from assistant.register.facts.events import Chain, check
from assistant.settings import without_secrets

_BATCH = 1000  # rows in memory at a time; chosen, not measured
_OWN = "alembic_version"


class Copied(NamedTuple):
    """What one table held: how many rows, and SHA-256 over all of them in the order of their key."""

    rows: int
    sha256: str


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Read a database as it is at one moment, whoever writes meanwhile."""
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with reachable(engine), engine.connect() as plain:
        connection = plain.execution_options(**options)
        with connection.begin():
            connection.execute(text("SELECT 1 FROM workspaces")).first()  # the moment is that of the first read
            yield connection


def tables(connection: Connection) -> list[Table]:
    """The tables of a database, by name."""
    found = sorted(set(inspect(connection).get_table_names()) - {_OWN})
    known = Base.metadata.tables
    unknown = MetaData()
    return [known[name] if name in known else Table(name, unknown, autoload_with=connection) for name in found]


def read(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """Rows in the order of their key (by code point, in either database), as JSON values."""
    plain = connection.dialect.name == "postgresql"
    keys = [collate(c, "C") if plain and c.type.python_type is str else c for c in table.primary_key]
    codecs = {c.name: _codec(c.type) for c in table.c}
    for row in connection.execute(select(table).order_by(*keys).execution_options(yield_per=_BATCH)).mappings():
        yield {name: codecs[name].encode(value) for name, value in row.items()}


def write(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows; the database's own numbering goes on after them.

    Raises:
        UsageError: this database cannot hold one of them.
    """
    codecs = {c.name: _codec(c.type) for c in table.c}
    left = iter(rows)
    while part := [{name: codecs[name].decode(value) for name, value in row.items()} for row in islice(left, _BATCH)]:
        try:
            connection.execute(insert(table), part)
        except DBAPIError as error:
            raise UsageError("ops.row_refused", table=table.name, what=str(error.orig).splitlines()[0]) from error
    if connection.dialect.name == "postgresql":
        for column in table.primary_key:
            if column.type.python_type is int and len(table.primary_key) == 1:
                last = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), last, False)))


def hashed(rows: Iterable[Mapping[str, Any]], seen: list[Copied]) -> Iterator[Mapping[str, Any]]:
    """The rows as they pass; what they were is appended to ``seen`` at the end."""
    digest, count = hashlib.sha256(), 0
    for row in rows:
        digest.update(line(row))
        count += 1
        yield row
    seen.append(Copied(count, digest.hexdigest()))


def line(row: Mapping[str, Any]) -> bytes:
    """One row as one line."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def copy(sources: Sequence[Connection], target: Connection) -> dict[str, Copied]:
    """Every row of the sources into an empty database, read back and compared; nothing stays when anything differs.

    Raises:
        UsageError: the target holds something already, or did not keep a row as it was given.
    """
    found: dict[str, Copied] = {}
    for source in sources:
        for table in tables(source):
            there = prepared(target, table)
            seen: list[Copied] = []
            write(target, there, hashed(read(source, table), seen))
            for _ in hashed(read(target, there), seen):
                pass
            given, kept = seen
            if given != kept:
                raise UsageError("ops.copy_differs", table=table.name, given=given.rows, kept=kept.rows)
            found[table.name] = given
    return found


def prepared(target: Connection, table: Table) -> Table:
    """The table in an empty target; made there if it is a library's own.

    Raises:
        UsageError: it holds rows.
    """
    there = {t.name: t for t in tables(target)}.get(table.name)
    if there is None:
        there = made(table.name, described(table))
        there.create(target)
    if target.execute(select(func.count()).select_from(there)).scalar():
        raise UsageError("ops.not_empty", where=without_secrets(target.engine.url.render_as_string(hide_password=True)), table=table.name)
    return there


def is_empty(connection: Connection) -> bool:
    """Whether no table holds a row."""
    return not any(connection.execute(select(func.count()).select_from(t)).scalar() for t in tables(connection))


def held(connection: Connection) -> tuple[str, ...]:
    """What a database that is not empty holds, as people call it: the enterprises of its registers, else the tables with rows."""
    known = connection.execute(select(WorkspaceRow.key, WorkspaceRow.profile).order_by(WorkspaceRow.key))
    names = tuple(str((row.profile or {}).get("enterprise") or row.key) for row in known)
    return names or tuple(t.name for t in tables(connection) if connection.execute(select(func.count()).select_from(t)).scalar())


def heads(connection: Connection) -> dict[str, tuple[int, str]]:
    """The end of every workspace's log: number and hash of its last event."""
    return {r.key: (r.head_seq, r.head) for r in connection.execute(select(WorkspaceRow.key, WorkspaceRow.head_seq, WorkspaceRow.head))}


def chains(events: Iterable[Mapping[str, Any]], ends: Mapping[str, tuple[int, str]]) -> dict[str, Chain]:
    """Every workspace's log checked from its first event to the end that is expected; ``events`` are rows in order."""
    codecs = {c.name: _codec(c.type) for c in EventRow.__table__.c}
    typed: Iterator[Any] = ({name: codecs[name].decode(value) for name, value in row.items()} for row in events)
    found = {
        key: check((sql_rows.event(e) for e in group), *ends.get(key, (None, None)))
        for key, group in groupby(typed, key=lambda row: str(row["workspace"]))
    }
    return found | {key: check((), *end) for key, end in ends.items() if key not in found}


def files(connection: Connection) -> dict[str, int]:
    """SHA-256 -> size of every file that was handed in."""
    wanted = select(PieceRow.sha256, func.max(PieceRow.size).label("size")).where(PieceRow.kind == "file").group_by(PieceRow.sha256)
    return {row.sha256: row.size for row in connection.execute(wanted)}


class _Codec(NamedTuple):
    """How values of one column become JSON and come back."""

    kind: str

    def encode(self, value: Any) -> Any:
        if value is None or self.kind == "plain":
            return value
        if self.kind == "moment" and value.tzinfo is not None:
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        return value.hex() if self.kind == "bytes" else value.isoformat()

    def decode(self, value: Any) -> Any:
        if value is None or self.kind == "plain":
            return value
        if self.kind == "bytes":
            return bytes.fromhex(value)
        return datetime.fromisoformat(value) if self.kind == "moment" else date.fromisoformat(value)


def _codec(kind: Any) -> _Codec:
    if isinstance(kind, JSON):
        return _Codec("plain")
    if isinstance(getattr(kind, "impl_instance", kind), DateTime):
        return _Codec("moment")
    if isinstance(kind, Date):
        return _Codec("day")
    return _Codec("bytes" if kind.python_type is bytes else "plain")
