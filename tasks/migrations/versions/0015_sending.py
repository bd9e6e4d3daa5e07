"""Campaigns, relays and their pace."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the pace of relays and the orders of operators."""
    op.create_table(
        "relays",
        sa.Column("name", WORD, primary_key=True, nullable=False),
        sa.Column("turn_at", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("low", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("low_at", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("trouble", WORD, nullable=False, server_default=""),
        sa.Column("trouble_at", sa.BigInteger()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "spent",
        sa.Column("relay", WORD, primary_key=True, nullable=False),
        sa.Column("since", ID, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "orders",
        sa.Column("id", ID, primary_key=True),
        sa.Column("verb", WORD, nullable=False),
        sa.Column("directive", ID),
        sa.Column("lane", WORD, nullable=False, server_default=""),
        sa.Column("upto", ID, nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", WORD, nullable=False),
        sa.Column("note", WORD, nullable=False, server_default=""),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("ended_by", WORD, nullable=False, server_default=""),
        sa.CheckConstraint("verb IN ('pause', 'cancel')", name="order_is_known"),
        sa.CheckConstraint("verb = 'pause' OR ended_at IS NULL", name="cancelled_stays_cancelled"),
    )
    op.create_index(
        "orders_stand", "orders", ["id"], sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("orders", "spent", "relays"):
        op.drop_table(table)
