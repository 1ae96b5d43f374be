"""How alembic runs here: over the connection that the product hands it, or offline to print the SQL."""

from __future__ import annotations

from alembic import context

from assistant.adapters.sql.tables import Base

connection = context.config.attributes.get("connection")
if connection is None:
    context.configure(url=context.config.get_main_option("sqlalchemy.url"), target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    context.run_migrations()
