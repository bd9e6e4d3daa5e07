"""What makes a chain of events checkable from outside: who spoke stands in it as a salted hash, the name beside it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the hash of who spoke; events from before go on without."""
    op.add_column("events", sa.Column("who", WORD))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("events") as events:
        events.drop_column("who")
