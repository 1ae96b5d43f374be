"""What was said to somebody who was not there waits in a table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "slack_left",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("team", sa.String(40), nullable=False),
        sa.Column("person", sa.String(320), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("saying", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("slack_left_key", "slack_left", ["team", "person", "key"], unique=True)


def downgrade() -> None:
    """Nothing to go back to."""
    raise NotImplementedError
