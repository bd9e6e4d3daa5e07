"""By which ways beside mail an agency is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the ways; of an agency that names none the office's settings say."""
    op.add_column("agencies", sa.Column("channels", WORD, nullable=False, server_default=""))


def downgrade() -> None:
    """Forget them."""
    op.drop_column("agencies", "channels")
