"""What a message speaks of is found by the message: without it every delivery reads the slots of all messages ever sent."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index("outbox_slots_of_message", "outbox_slots", ["message"])


def downgrade() -> None:
    """Nothing to go back to."""
    raise NotImplementedError
