"""The inbox of ``assistant.conversation.inbox`` as one table: in the register's database, or a SQLite file under ``AEO_HOME``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.conversation.inbox import Feedback
from assistant.errors import CaseError
from assistant.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine, Row, Table


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
