"""Links, sessions and codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Lay out the tables of codes, logins, sessions, links that were passed on, and reports that were stopped."""
    op.create_table(
        "logins",
        sa.Column("link", WORD, primary_key=True), sa.Column("agency", ID, nullable=False),
        sa.Column("wish", WORD, nullable=False), sa.Column("at", INSTANT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("logins_of_agency", "logins", ["agency", "at"])
    op.create_table(
        "sessions",
        sa.Column("id", WORD, primary_key=True), sa.Column("agency", ID, nullable=False), sa.Column("mail", WORD, nullable=False),
        sa.Column("way", WORD, nullable=False), sa.Column("began_at", INSTANT, nullable=False), sa.Column("ended_at", INSTANT),
        sqlite_with_rowid=False,
    )
    op.create_index("sessions_of_agency", "sessions", ["agency"], **_while("ended_at IS NULL"))
    op.create_table(
        "passed",
        sa.Column("id", WORD, primary_key=True), sa.Column("parent", WORD, nullable=False), sa.Column("task", ID, nullable=False),
        sa.Column("person", ID, nullable=False), sa.Column("at", INSTANT, nullable=False), sa.Column("revoked_at", INSTANT),
        sqlite_with_rowid=False,
    )
    op.create_index("passed_stands_once", "passed", ["parent", "task"], unique=True, **_while("revoked_at IS NULL"))
    op.create_table(
        "codes",
        sa.Column("task", ID, primary_key=True, autoincrement=False), sa.Column("seed", WORD, nullable=False),
        sa.Column("at", INSTANT, nullable=False), sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column("duties", sa.Column("code", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table("quiet", sa.Column("agency", ID, primary_key=True), sa.Column("since", INSTANT, nullable=False))


def _while(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def downgrade() -> None:
    """End every session and every link that was passed on; reports come to all again."""
    op.drop_column("duties", "code")
    for name in ("codes", "quiet", "passed", "sessions", "logins"):
        op.drop_table(name)
