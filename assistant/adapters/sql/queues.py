"""What waits in the database to be done: messages to people, and jobs of conversations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, inspect, select, text

from assistant.adapters.sql.conversation_tables import JobRow
from assistant.adapters.sql.tables import WAITING_SQL, OutboxRow

_QUEUES = (("outbox", OutboxRow, text(WAITING_SQL), OutboxRow.created_at), ("slack", JobRow, JobRow.state == "open", JobRow.at))


def queues(connection: Connection) -> dict[str, tuple[int, datetime | None]]:
    """Queue -> (entries that wait, since when the oldest does); without those whose table is not there yet."""
    found: dict[str, tuple[int, datetime | None]] = {}
    for name, table, waiting, since in _QUEUES:
        if inspect(connection).has_table(table.__tablename__):
            count, oldest = connection.execute(select(func.count(), func.min(since)).select_from(table).where(waiting)).one()
            found[name] = (count, oldest)
    return found
