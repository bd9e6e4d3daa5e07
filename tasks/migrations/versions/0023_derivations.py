"""A single duty of a paper may carry out a superior's clause; what a duty is to produce, and who typed a figure, is kept."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add by which duty of the paper, 0 for all of it; and products, from the papers as they were issued."""
    op.add_column("derivations", sa.Column("via", ID, nullable=False, server_default="0"))
    for table in ("duties", "duty_history"):
        op.add_column(table, sa.Column("product", WORD, nullable=False, server_default=""))
    op.create_table(
        "indicator_history",
        sa.Column("directive", ID, primary_key=True), sa.Column("indicator", WORD, primary_key=True),
        sa.Column("to_seq", ID, primary_key=True),
        sa.Column("name", WORD, nullable=False), sa.Column("source", ID),
        sqlite_with_rowid=False,
    )
    db = op.get_bind()
    for number, body in db.execute(sa.text("SELECT id, body FROM directives WHERE body LIKE '%\"product\":\"%'")).all():
        for duty in json.loads(body)["duties"]:
            known = {"d": number, "clause": duty["clause"], "product": duty.get("product") or ""}
            db.execute(sa.text("UPDATE duties SET product = :product WHERE directive = :d AND clause = :clause"), known)


def downgrade() -> None:
    """Forget what a single duty carries out, and products."""
    op.drop_table("indicator_history")
    for table in ("duty_history", "duties"):
        op.drop_column(table, "product")
    op.execute("DELETE FROM derivations WHERE via <> 0")
    op.drop_column("derivations", "via")
