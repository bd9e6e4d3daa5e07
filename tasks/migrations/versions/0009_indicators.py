"""What is kept of figures that were doubted or restated."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Lay out the table; no figure is doubted yet."""
    op.create_table(
        "remarks",
        sa.Column("directive", ID, primary_key=True), sa.Column("seq", ID, primary_key=True), sa.Column("kinds", WORD, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget what was odd; the figures stay."""
    op.drop_table("remarks")
