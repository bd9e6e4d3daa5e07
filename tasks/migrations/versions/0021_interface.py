"""Keys and repeated calls of the interface for programs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Lay out the tables; no program has a key yet."""
    op.create_table(
        "programs",
        sa.Column("id", ID, primary_key=True), sa.Column("name", WORD, nullable=False), sa.Column("secret", WORD, nullable=False),
        sa.Column("scopes", WORD, nullable=False), sa.Column("made_at", INSTANT, nullable=False), sa.Column("revoked_at", INSTANT),
        sa.UniqueConstraint("secret", name="program_has_its_secret"),
    )
    op.create_index("program_is_named_once", "programs", ["name"], unique=True, **_while("revoked_at IS NULL"))
    op.create_table(
        "calls",
        sa.Column("program", ID, primary_key=True, autoincrement=False), sa.Column("key", WORD, primary_key=True),
        sa.Column("request", WORD, nullable=False), sa.Column("answer", WORD, nullable=False), sa.Column("at", INSTANT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("calls_by_age", "calls", ["at"])


def _while(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def downgrade() -> None:
    """End every key."""
    for name in ("calls", "programs"):
        op.drop_table(name)
