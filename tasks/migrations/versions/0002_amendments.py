"""What amendments, withdrawals and urging letters leave behind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    _papers()
    _changes()
    _before()


def downgrade() -> None:
    """Drop them, those that refer to others first."""
    for table in ("part_history", "told_history", "term_history", "duty_history", "readers", "changes", "bonds", "texts"):
        op.drop_table(table)


def _papers() -> None:
    """Texts in force, and which paper did what to which."""
    op.create_table(
        "texts",
        sa.Column("directive", ID, sa.ForeignKey("directives.id", name="directive_is_in_directives"), primary_key=True),
        sa.Column("seq", ID, primary_key=True), sa.Column("at", INSTANT, nullable=False),
        sa.Column("body", WORD, nullable=False), sa.Column("roster", WORD, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bonds",
        sa.Column("id", ID, primary_key=True),
        sa.Column("directive", ID, sa.ForeignKey("directives.id", name="directive_is_in_directives"), nullable=False),
        sa.Column("seq", ID, nullable=False), sa.Column("at", INSTANT, nullable=False), sa.Column("kind", WORD, nullable=False),
        sa.Column("paper", ID), sa.Column("clause", WORD, nullable=False, server_default=""),
        sa.Column("reason", WORD, nullable=False, server_default=""),
        sa.CheckConstraint("kind IN ('amended', 'replaced', 'withdrawn', 'urged')", name="bond_is_known"),
    )
    op.create_index("bonds_of_directive", "bonds", ["directive"])
    op.create_index("bonds_of_paper", "bonds", ["paper"])


def _changes() -> None:
    """What changed, and whom it concerns."""
    op.create_table(
        "changes",
        sa.Column("id", ID, primary_key=True), sa.Column("directive", ID, nullable=False), sa.Column("seq", ID, nullable=False),
        sa.Column("paper", ID), sa.Column("duty", ID, nullable=False), sa.Column("term", WORD, nullable=False, server_default=""),
        sa.Column("sign", WORD, nullable=False), sa.Column("what", WORD, nullable=False),
        sa.Column("before", WORD, nullable=False, server_default=""), sa.Column("after", WORD, nullable=False, server_default=""),
        sa.Column("reason", WORD, nullable=False, server_default=""), sa.Column("due_at", INSTANT),
        sa.CheckConstraint("sign IN ('+', '~', '-', '!')", name="sign_is_known"),
    )
    op.create_index("changes_of_duty", "changes", ["duty", "term"])
    op.create_index("changes_of_paper", "changes", ["paper"])
    op.create_table(
        "readers",
        sa.Column("agency", ID, primary_key=True), sa.Column("change", ID, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("readers_of_change", "readers", ["change"])


def _before() -> None:
    """What duties, terms and those who take part were."""
    op.create_table(
        "duty_history",
        sa.Column("duty", ID, primary_key=True), sa.Column("to_seq", ID, primary_key=True), sa.Column("force", WORD, nullable=False),
        sa.Column("text", WORD, nullable=False), sa.Column("short", WORD, nullable=False), sa.Column("indicator", WORD, nullable=False),
        sa.Column("evidence", WORD, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "term_history",
        sa.Column("duty", ID, primary_key=True), sa.Column("term", WORD, primary_key=True), sa.Column("to_seq", ID, primary_key=True),
        sa.Column("due_at", INSTANT), sa.Column("due_words", WORD, nullable=False), sa.Column("last_working_day", sa.Text()),
        sa.Column("target", WORD, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "told_history",
        sa.Column("task", ID, primary_key=True), sa.Column("to_seq", ID, primary_key=True),
        sa.Column("told_at", INSTANT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "part_history",
        sa.Column("duty", ID, primary_key=True), sa.Column("agency", ID, primary_key=True), sa.Column("lead", ID, primary_key=True),
        sa.Column("seq", ID, primary_key=True), sa.Column("joined", ID, nullable=False),
        sqlite_with_rowid=False,
    )
