"""The one lease, of messages and of jobs: a worker holds a row until a moment; after it any worker may take it, and one of them gets it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, update

from assistant.adapters.sql.conversation_tables import JobRow
from assistant.adapters.sql.tables import OutboxRow

Leased = type[JobRow] | type[OutboxRow]
"""Tables whose rows are worked on by one worker at a time."""


def free(row: Leased, now: datetime) -> ColumnElement[bool]:
    """Rows that nobody holds any more."""
    return or_(row.lease_until.is_(None), row.lease_until <= now)


def take(connection: Connection, row: Leased, which: ColumnElement[bool], now: datetime, until: datetime, **values: Any) -> bool:
    """Hold a row until a moment; False when another worker was faster.

    Args:
        connection: inside of a writing transaction of its own.
        row: the table.
        which: the one row, as it was read; what a faster worker changes must be part of it, or of the lease.
        now: the moment.
        until: the end of the lease.
        values: who holds it, and what else is noted with it.
    """
    return connection.execute(update(row).where(which, free(row, now)).values(lease_until=until, **values)).rowcount == 1
