"""A single duty of a paper may carry out a superior's clause."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add by which duty of the paper; 0 for all of it."""
    via = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("derivations", sa.Column("via", via, nullable=False, server_default="0"))


def downgrade() -> None:
    """Forget what a single duty carries out."""
    op.execute("DELETE FROM derivations WHERE via <> 0")
    with op.batch_alter_table("derivations") as derivations:
        derivations.drop_column("via")
