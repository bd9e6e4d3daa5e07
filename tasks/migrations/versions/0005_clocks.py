"""Duties whose clock starts later than the issue, and the clocks that have started."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Lay out both tables; nothing that was issued before waits."""
    op.create_table(
        "unasked",
        sa.Column("duty", ID, sa.ForeignKey("duties.id", name="duty_is_in_duties"), primary_key=True), sa.Column("waits_for", ID),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "clocks",
        sa.Column("duty", ID, sa.ForeignKey("duties.id", name="duty_is_in_duties"), primary_key=True),
        sa.Column("due_at", INSTANT, primary_key=True),
        sa.Column("started_at", INSTANT, nullable=False), sa.Column("words", WORD, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget who waits; dates that were set stay."""
    op.drop_table("clocks")
    op.drop_table("unasked")
