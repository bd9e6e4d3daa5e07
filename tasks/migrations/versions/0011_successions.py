"""Bodies that follow others: what was decided, who answers in whose place, whose figures are part of whose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Lay out the tables; nobody follows anybody yet."""
    op.create_table(
        "reorganizations",
        sa.Column("id", ID, primary_key=True), sa.Column("kind", WORD, nullable=False), sa.Column("on", sa.Text(), nullable=False),
        sa.Column("body", WORD, nullable=False), sa.Column("planned_at", INSTANT, nullable=False), sa.Column("begun_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.CheckConstraint("kind IN ('rename', 'merge', 'split', 'dissolve', 'move')", name="reorganization_is_known"),
        sa.CheckConstraint("begun_at IS NOT NULL OR ended_at IS NULL", name="ended_has_begun"),
    )
    unfinished = {"sqlite_where": sa.text("ended_at IS NULL"), "postgresql_where": sa.text("ended_at IS NULL")}
    op.create_index("reorganizations_ahead", "reorganizations", ["on"], **unfinished)
    op.create_table(
        "successions",
        sa.Column("agency", ID, sa.ForeignKey("agencies.id", name="agency_is_in_agencies"), primary_key=True),
        sa.Column("heir", ID, sa.ForeignKey("agencies.id", name="heir_is_in_agencies"), nullable=False),
        sa.Column("reorganization", ID, nullable=False),
        sa.CheckConstraint("agency <> heir", name="nobody_follows_himself"),
        sqlite_with_rowid=False,
    )
    op.create_index("successions_heir", "successions", ["heir"])
    op.create_table(
        "shares",
        sa.Column("agency", ID, primary_key=True), sa.Column("duty", ID, primary_key=True), sa.Column("heir", ID, nullable=False),
        sa.Column("reorganization", ID, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "inherited",
        sa.Column("directive", ID, primary_key=True), sa.Column("indicator", WORD, primary_key=True),
        sa.Column("agency", ID, primary_key=True), sa.Column("heir", ID, nullable=False), sa.Column("seq", ID, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget who followed whom: tasks stay with those who answer now."""
    for name in ("inherited", "shares", "successions", "reorganizations"):
        op.drop_table(name)
