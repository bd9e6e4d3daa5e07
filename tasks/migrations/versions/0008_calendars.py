"""Which calendar a date was counted with, and which superior's clause a paper carries out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Lay out the tables; of dates that were counted before nobody knows with what."""
    op.create_table(
        "calendars",
        sa.Column("version", WORD, primary_key=True), sa.Column("body", WORD, nullable=False), sa.Column("at", INSTANT, nullable=False),
    )
    op.create_table(
        "counted",
        sa.Column("duty", ID, sa.ForeignKey("duties.id", name="duty_is_in_duties"), primary_key=True),
        sa.Column("term", WORD, primary_key=True), sa.Column("from_seq", ID, primary_key=True), sa.Column("calendar", WORD, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "derivations",
        sa.Column("id", ID, primary_key=True),
        sa.Column("paper", ID, sa.ForeignKey("directives.id", name="paper_is_in_directives"), nullable=False),
        sa.Column("directive", ID, nullable=False), sa.Column("duty", ID),
        sa.Column("indicator", WORD, nullable=False, server_default=""),
    )
    op.create_index("derivations_of_paper", "derivations", ["paper"])
    op.create_index("derivations_of_duty", "derivations", ["duty"])


def downgrade() -> None:
    """Forget where dates and duties came from."""
    for name in ("derivations", "counted", "calendars"):
        op.drop_table(name)
