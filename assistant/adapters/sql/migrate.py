"""Bringing a database's tables up to date, once, whoever opens it first; others wait for it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select, text

from assistant.adapters.sql.session import SqlWriting
from assistant.adapters.sql.tables import WorkspaceRow
from assistant.errors import SettingsError
from assistant.register.acts.log.inventory import take_inventory

HEAD = "0007"
"""The newest step in ``migrations/versions`` (a test holds them together); known here so that opening needs no alembic."""
_LOCK = 0x0AE0  # the number of PostgreSQL's advisory lock under which one worker migrates
_UNTOLD = "0004"
"""The last step at which the log did not tell everything that the tables hold."""


def bring_up_to_date(engine: Engine) -> None:
    """Apply what is missing.

    Raises:
        SettingsError: the database was made by a newer version of the product.
    """
    with engine.connect() as connection:
        if version(connection) == HEAD:
            return
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            before = version(connection)
            if before != HEAD:
                _upgrade(connection)
            if before == _UNTOLD:
                take_over(connection)


def take_over(connection: Connection) -> None:
    """Have every log tell all that the tables hold, where an earlier version wrote it."""
    for key in connection.execute(select(WorkspaceRow.key).where(WorkspaceRow.head_seq > 0)).scalars().all():
        register = SqlWriting(connection, key)
        planned = next(register.events(kinds=("planned",)), None)
        if planned is not None and "lead" not in planned.body and next(register.events(kinds=("inventory",)), None) is None:
            take_inventory(register)


def version(connection: Connection) -> str | None:
    """The step that a database is at, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SettingsError("register.database_newer", what=str(error)) from None
