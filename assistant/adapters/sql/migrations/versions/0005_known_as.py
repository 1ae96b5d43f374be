"""A person has other ids that turned out to be theirs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("people", sa.Column("known_as", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Nothing to go back to."""
    raise NotImplementedError
