"""What came in: messages and files that were dealt with, what replies propose, contacts that an agency corrects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WAITS = {"sqlite_where": sa.text("state = 'waiting'"), "postgresql_where": sa.text("state = 'waiting'")}


def upgrade() -> None:
    """Lay out the tables; nothing has come in yet."""
    op.create_table(
        "received",
        sa.Column("id", ID, primary_key=True), sa.Column("source", WORD, nullable=False), sa.Column("key", WORD, nullable=False),
        sa.Column("uidvalidity", ID), sa.Column("uid", ID), sa.Column("kind", WORD, nullable=False),
        sa.Column("at", INSTANT, nullable=False), sa.Column("agency", ID), sa.Column("notice", ID),
        sa.UniqueConstraint("source", "key", name="arrival_is_read_once"),
    )
    op.create_table(
        "replies",
        sa.Column("id", ID, primary_key=True),
        sa.Column("arrival", ID, sa.ForeignKey("received.id", name="arrival_is_in_received"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False), sa.Column("agency", ID, nullable=False), sa.Column("task", ID),
        sa.Column("act", WORD, nullable=False), sa.Column("said", WORD, nullable=False), sa.Column("files", WORD, nullable=False),
        sa.Column("domain", WORD, nullable=False, server_default=""), sa.Column("state", WORD, nullable=False, server_default="waiting"),
        sa.Column("decided_at", INSTANT), sa.Column("note", WORD, nullable=False, server_default=""),
        sa.UniqueConstraint("arrival", "place", name="sentence_is_read_once"),
        sa.CheckConstraint("state IN ('waiting', 'accepted', 'refused')", name="reply_state_is_known"),
        sa.CheckConstraint("(decided_at IS NULL) = (state = 'waiting')", name="decided_reply_has_instant"),
    )
    op.create_index("replies_waiting", "replies", ["agency"], **WAITS)
    op.create_table(
        "corrections",
        sa.Column("id", ID, primary_key=True), sa.Column("agency", ID, nullable=False), sa.Column("mail", WORD), sa.Column("phone", WORD),
        sa.Column("person", ID, nullable=False), sa.Column("confirmer", ID, nullable=False), sa.Column("link", WORD, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False), sa.Column("state", WORD, nullable=False, server_default="waiting"),
        sa.Column("decided_at", INSTANT),
        sa.UniqueConstraint("link", name="correction_has_its_link"),
        sa.CheckConstraint("state IN ('waiting', 'confirmed', 'refused', 'replaced')", name="correction_state_is_known"),
        sa.CheckConstraint("(decided_at IS NULL) = (state = 'waiting')", name="decided_correction_has_instant"),
    )
    op.create_index("correction_waits_once", "corrections", ["agency"], unique=True, **WAITS)


def downgrade() -> None:
    """Drop them."""
    for table in ("corrections", "replies", "received"):
        op.drop_table(table)
