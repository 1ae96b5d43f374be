"""Bringing a database's tables up to date, once, whoever opens it first; others wait for it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from assistant.errors import SettingsError

HEAD = "0004"
"""The newest step in ``migrations/versions`` (a test holds them together); known here so that opening needs no alembic."""
_LOCK = 0x0AE0


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
            if version(connection) != HEAD:
                _upgrade(connection)


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
