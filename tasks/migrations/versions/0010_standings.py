"""What a past day knew: names and addresses as they were, letters that had failed, samples that were drawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Lay out the tables; of letters that have failed by now the instant stands in their own row."""
    op.create_table(
        "agency_history",
        sa.Column("agency", ID, primary_key=True), sa.Column("to_at", INSTANT, primary_key=True),
        *(sa.Column(name, WORD, nullable=name in ("mail", "phone")) for name in ("name", "short", "kind", "mail", "phone", "mail_state")),
        sa.Column("above", WORD, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("agency_history_upto", "agency_history", ["to_at"])
    op.create_table(
        "failures",
        sa.Column("notice", ID, primary_key=True), sa.Column("since", INSTANT, primary_key=True), sa.Column("until", INSTANT),
        sqlite_with_rowid=False,
    )
    standing = {"sqlite_where": sa.text("until IS NULL"), "postgresql_where": sa.text("until IS NULL")}
    op.create_index("failure_stands_once", "failures", ["notice"], unique=True, **standing)
    op.execute("INSERT INTO failures (notice, since) SELECT id, not_before FROM notices WHERE state = 'failed'")
    _samples()


def _samples() -> None:
    op.create_table(
        "samples",
        sa.Column("id", ID, primary_key=True),
        sa.Column("directive", ID, sa.ForeignKey("directives.id", name="directive_is_in_directives"), nullable=False),
        sa.Column("seed", WORD, nullable=False), sa.Column("seq", ID, nullable=False), sa.Column("drawn_at", INSTANT, nullable=False),
        sa.Column("population", ID, nullable=False),
        sa.UniqueConstraint("directive", "seed", name="sample_is_drawn_once"),
    )
    op.create_table(
        "sampled",
        sa.Column("sample", ID, sa.ForeignKey("samples.id", name="sample_is_in_samples"), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True), sa.Column("task", ID, nullable=False), sa.Column("held", sa.Integer()),
        sa.Column("note", WORD, nullable=False, server_default=""), sa.Column("checked_at", INSTANT),
        sa.CheckConstraint("held IN (0, 1)", name="found_or_not"),
        sa.CheckConstraint("(held IS NULL) = (checked_at IS NULL)", name="checked_has_instant"),
        sa.UniqueConstraint("sample", "task", name="task_is_sampled_once"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget what was; the present stands in its own tables."""
    for name in ("sampled", "samples", "failures", "agency_history"):
        op.drop_table(name)
