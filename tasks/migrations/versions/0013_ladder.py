"""A clock that was found to have jumped forward holds what is said and sent until it is released."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add by how many seconds it had jumped."""
    op.add_column("stops", sa.Column("jumped", sa.BigInteger()))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("stops") as stops:
        stops.drop_column("jumped")
