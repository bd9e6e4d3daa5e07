"""A ledger that was put back from a copy says so, and sends nothing until it is released."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add when the copy was made."""
    op.add_column("stops", sa.Column("taken_at", sa.BigInteger()))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("stops") as stops:
        stops.drop_column("taken_at")
