"""What a leader urges from his page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lay out the table of tasks that a leader has urged himself."""
    op.create_table(
        "prompts",
        sa.Column("task", ID, primary_key=True, autoincrement=False), sa.Column("seq", ID, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget which tasks were urged from a page; their events stay."""
    op.drop_table("prompts")
