"""Pauses and returns beside a task's state, and deputies."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Lay out both tables; nothing is held, nobody is away."""
    op.create_table(
        "holds",
        sa.Column("task", ID, primary_key=True), sa.Column("from_seq", ID, primary_key=True), sa.Column("to_seq", ID),
        sa.Column("kind", WORD, nullable=False), sa.Column("at", INSTANT, nullable=False), sa.Column("until", INSTANT),
        sa.Column("ended_at", INSTANT), sa.Column("note", WORD, nullable=False, server_default=""),
        sa.Column("right_agency", WORD, nullable=False, server_default=""),
        sa.Column("outcome", WORD, nullable=False, server_default=""),
        sa.CheckConstraint("kind IN ('paused', 'returned')", name="hold_is_known"),
        sa.CheckConstraint("(kind = 'paused') = (until IS NOT NULL)", name="pause_has_its_end"),
        sa.CheckConstraint("(to_seq IS NULL) = (ended_at IS NULL)", name="ended_hold_has_instant"),
        sqlite_with_rowid=False,
    )
    op.create_index("hold_stands_once", "holds", ["task"], unique=True, **_where("to_seq IS NULL"))
    op.create_index("holds_ahead", "holds", ["until"], **_where("to_seq IS NULL"))
    agency = ("position", "deputy")
    op.create_table(
        "deputies",
        sa.Column("id", ID, primary_key=True),
        *(sa.Column(name, ID, sa.ForeignKey("agencies.id", name=f"{name}_is_in_agencies"), nullable=False) for name in agency),
        sa.Column("since", sa.Text(), nullable=False), sa.Column("until", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False), sa.Column("by", WORD, nullable=False),
        sa.CheckConstraint("since <= until", name="deputy_ends_after_beginning"),
        sa.CheckConstraint("position <> deputy", name="nobody_is_his_own_deputy"),
    )
    op.create_index("deputies_of_position", "deputies", ["position", "until"])


def downgrade() -> None:
    """Forget who is away and what is held: the states beneath hold again."""
    op.drop_table("deputies")
    op.drop_table("holds")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
