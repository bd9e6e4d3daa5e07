"""Other ways than mail: addresses that are told of events, and what waits for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Lay out the tables; nobody is told of anything yet."""
    op.create_table(
        "endpoints",
        sa.Column("id", ID, primary_key=True), sa.Column("url", WORD, nullable=False), sa.Column("kinds", WORD, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False), sa.Column("overdue_to", INSTANT, nullable=False),
        sa.Column("failing_since", INSTANT), sa.Column("wait_until", INSTANT),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ended_at", INSTANT), sa.Column("ended_why", WORD, nullable=False, server_default=""),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_why = '')", name="ended_endpoint_says_why"),
    )
    op.create_index("endpoint_stands_once", "endpoints", ["url"], unique=True, **_while("ended_at IS NULL"))
    op.create_table(
        "heard",
        sa.Column("endpoint", ID, sa.ForeignKey("endpoints.id", name="endpoint_is_in_endpoints"), primary_key=True, autoincrement=False),
        sa.Column("directive", ID, primary_key=True, autoincrement=False), sa.Column("seq", ID, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "parcels",
        sa.Column("id", ID, primary_key=True), sa.Column("channel", WORD, nullable=False), sa.Column("endpoint", ID, nullable=False),
        sa.Column("key", WORD, nullable=False), sa.Column("address", WORD, nullable=False), sa.Column("body", WORD, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False), sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("state", WORD, nullable=False, server_default="queued"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"), sa.Column("code", sa.Integer()),
        sa.Column("reply", WORD, nullable=False, server_default=""), sa.Column("sent_at", INSTANT),
        sa.UniqueConstraint("channel", "endpoint", "key", name="parcel_is_decided_once"),
        sa.CheckConstraint("state IN ('queued', 'sent', 'failed')", name="parcel_state_is_known"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_parcel_has_instant"),
    )
    op.create_index("parcels_queue", "parcels", ["not_before"], **_while("state = 'queued'"))


def _while(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def downgrade() -> None:
    """Tell nobody of anything."""
    for name in ("parcels", "heard", "endpoints"):
        op.drop_table(name)
