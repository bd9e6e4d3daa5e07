"""What an annex gives each recipient of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Lay out both tables; what was issued before has no annex."""
    op.create_table(
        "own_targets",
        sa.Column("duty", ID, sa.ForeignKey("duties.id", name="duty_is_in_duties"), primary_key=True),
        sa.Column("term", WORD, primary_key=True), sa.Column("unit", ID, primary_key=True),
        sa.Column("target", WORD, nullable=False), sa.Column("climbs", sa.Boolean(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "annexes",
        sa.Column("directive", ID, sa.ForeignKey("directives.id", name="directive_is_in_directives"), primary_key=True),
        sa.Column("body", WORD, nullable=False),
    )


def downgrade() -> None:
    """Forget annexes; figures that were entered stay."""
    op.drop_table("annexes")
    op.drop_table("own_targets")
