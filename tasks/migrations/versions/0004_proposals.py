"""Issues that wait for a second pair of eyes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Lay out what waits to be approved, and by whom it was decided."""
    op.create_table(
        "proposals",
        sa.Column("id", ID, primary_key=True), sa.Column("number", WORD, nullable=False), sa.Column("issuer", WORD, nullable=False),
        sa.Column("issued_on", sa.Text(), nullable=False), sa.Column("title", WORD, nullable=False),
        sa.Column("plan", WORD, nullable=False), sa.Column("hash", WORD, nullable=False), sa.Column("author", WORD, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", WORD, nullable=False, server_default="waiting"), sa.Column("judge", WORD),
        sa.Column("decided_at", sa.BigInteger()), sa.Column("note", WORD, nullable=False, server_default=""), sa.Column("directive", ID),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'refused', 'replaced')", name="proposal_state_is_known"),
        sa.CheckConstraint("(judge IS NULL) = (state IN ('waiting', 'replaced'))", name="decided_has_judge"),
        sa.CheckConstraint("judge <> author", name="four_eyes_are_two_persons"),
    )
    op.create_index(
        "proposal_waits_once", "proposals", ["issuer", "number", "issued_on"], unique=True,
        sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("proposals")
