"""The inbox: thumbs down and unanswered questions, kept until a lead makes cases of them or puts them aside.

A small port with two adapters. Any SQLAlchemy URL will do, so that the register's database can hold the table as well as
the SQLite file under ``AEO_HOME`` that is the default.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pydantic import Field

from assistant.answers.answer import Answer
from assistant.errors import CaseError
from assistant.guide import Frozen
from assistant.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine, Row, Table

Kind = Literal["thumbs_down", "unanswered"]


class Feedback(Frozen):
    """One question that went wrong, as it happened.

    ``ref`` names the event at its source (a message and who reacted): told twice, it is kept once. ``history`` holds the
    questions before it in the conversation. ``closed`` is the id of the case that was made of it, or ``-`` if put aside.
    """

    kind: Kind
    question: str
    edition: str
    at: str
    ref: str
    history: tuple[str, ...] = ()
    reason: str | None = None
    answer: Answer | None = None
    id: str = ""
    closed: str | None = Field(default=None)


class Inbox(Protocol):
    """Where feedback waits."""

    def add(self, feedback: Feedback) -> Feedback:
        """Keep it, with an id; what was told before is returned as it was kept."""

    def entries(self, *, everything: bool = False) -> Sequence[Feedback]:
        """What is open (or all there is), oldest first."""

    def get(self, entry: str) -> Feedback:
        """One entry; CaseError if there is none."""

    def close(self, entry: str, case: str) -> None:
        """Mark an entry as made into ``case``, or as put aside (``-``)."""


class MemoryInbox:
    """The inbox in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, Feedback] = {}
        self._lock = threading.Lock()

    def add(self, feedback: Feedback) -> Feedback:
        """See ``Inbox``."""
        with self._lock:
            known = next((f for f in self._kept.values() if f.ref == feedback.ref), None)
            if known is not None:
                return known
            kept = feedback.model_copy(update={"id": f"f{len(self._kept) + 1}"})
            self._kept[kept.id] = kept
            return kept

    def entries(self, *, everything: bool = False) -> Sequence[Feedback]:
        """See ``Inbox``."""
        return [f for f in self._kept.values() if everything or f.closed is None]

    def get(self, entry: str) -> Feedback:
        """See ``Inbox``."""
        if entry not in self._kept:
            raise CaseError("evals.no_entry", id=entry)
        return self._kept[entry]

    def close(self, entry: str, case: str) -> None:
        """See ``Inbox``."""
        self._kept[entry] = self.get(entry).model_copy(update={"closed": case})


class SqlInbox:
    """The inbox as one table of a database."""

    def __init__(self, url: str) -> None:
        self.url = url

    def add(self, feedback: Feedback) -> Feedback:
        """See ``Inbox``."""
        from sqlalchemy import insert, select
        from sqlalchemy.exc import IntegrityError

        document = feedback.model_dump_json(exclude={"id", "closed"})
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(self._table).values(ref=feedback.ref, document=document))
        except IntegrityError:
            pass  # told before
        with self._engine.connect() as connection:
            row = connection.execute(select(self._table).where(self._table.c.ref == feedback.ref)).one()
        return _feedback(row)

    def entries(self, *, everything: bool = False) -> Sequence[Feedback]:
        """See ``Inbox``."""
        from sqlalchemy import select

        query = select(self._table).order_by(self._table.c.number)
        if not everything:
            query = query.where(self._table.c.closed.is_(None))
        with self._engine.connect() as connection:
            return [_feedback(row) for row in connection.execute(query)]

    def get(self, entry: str) -> Feedback:
        """See ``Inbox``."""
        from sqlalchemy import select

        with self._engine.connect() as connection:
            row = connection.execute(select(self._table).where(self._table.c.number == _number(entry))).one_or_none()
        if row is None:
            raise CaseError("evals.no_entry", id=entry)
        return _feedback(row)

    def close(self, entry: str, case: str) -> None:
        """See ``Inbox``."""
        from sqlalchemy import update

        self.get(entry)
        with self._engine.begin() as connection:
            connection.execute(update(self._table).where(self._table.c.number == _number(entry)).values(closed=case))

    @cached_property
    def _table(self) -> Table:
        from sqlalchemy import Column, Integer, MetaData, String, Table, Text

        return Table(
            "eval_inbox",
            MetaData(),
            Column("number", Integer, primary_key=True, autoincrement=True),
            Column("ref", Text, nullable=False, unique=True),
            Column("document", Text, nullable=False),
            Column("closed", String(64)),
        )

    @cached_property
    def _engine(self) -> Engine:
        from sqlalchemy import create_engine, make_url
        from sqlalchemy.exc import DBAPIError

        url = make_url(self.url)
        if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
            from pathlib import Path

            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"timeout": 30} if url.get_backend_name() == "sqlite" else {})
        try:
            self._table.metadata.create_all(engine)
        except DBAPIError:  # another process made it at the same moment
            self._table.metadata.create_all(engine)
        return engine


def inbox_of(settings: Settings) -> SqlInbox:
    """The inbox of a home: in the configured database if there is one, else a SQLite file under ``AEO_HOME``."""
    if settings.database_url is not None:
        return SqlInbox(settings.database)
    return SqlInbox(f"sqlite:///{(settings.home / 'evals' / 'inbox.sqlite3').absolute()}")


def _number(entry: str) -> int:
    digits = entry.removeprefix("f")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1


def _feedback(row: Row[Any]) -> Feedback:
    return Feedback.model_validate_json(row.document).model_copy(update={"id": f"f{row.number}", "closed": row.closed})
