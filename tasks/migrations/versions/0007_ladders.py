"""What keeps letters few and late ones fair: silence after a receipt, rungs that were skipped, and the breaker."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Lay out the tables; letters that were undeliverable go again once their address is mended."""
    op.create_table(
        "acknowledged", sa.Column("task", ID, primary_key=True), sa.Column("again_at", INSTANT, nullable=False), sqlite_with_rowid=False,
    )
    op.create_table(
        "skips",
        sa.Column("task", ID, primary_key=True), sa.Column("rung", sa.Integer(), primary_key=True),
        sa.Column("due_version", sa.Integer(), primary_key=True),
        sa.Column("after", sa.Integer(), nullable=False), sa.Column("at", INSTANT, nullable=False), sa.Column("why", WORD, nullable=False),
        sa.CheckConstraint("why IN ('missed', 'held', 'grace')", name="skip_has_reason"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "foreseen", sa.Column("day", WORD, primary_key=True), sa.Column("letters", sa.Integer(), nullable=False), sqlite_with_rowid=False,
    )
    op.create_table(
        "stops",
        sa.Column("at", INSTANT, primary_key=True), sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False), sa.Column("released_at", INSTANT),
        sa.Column("released_by", WORD, nullable=False, server_default=""),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rounds", sa.Column("name", WORD, primary_key=True), sa.Column("at", INSTANT, nullable=False), sqlite_with_rowid=False,
    )
    lost = {"sqlite_where": sa.text("state = 'undeliverable'"), "postgresql_where": sa.text("state = 'undeliverable'")}
    op.create_index("notices_lost", "notices", ["recipient"], **lost)


def downgrade() -> None:
    """Forget what was held and skipped; rungs and letters stand in their own rows."""
    op.drop_index("notices_lost", "notices")
    for name in ("rounds", "stops", "foreseen", "skips", "acknowledged"):
        op.drop_table(name)
