"""An assignment knows since when its owner has the place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("assignments", sa.Column("since", sa.Date(), nullable=True))


def downgrade() -> None:
    """Nothing to go back to."""
    raise NotImplementedError
