"""An agency's letters and pages may be in a language of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the language, which most agencies do not say."""
    op.add_column("agencies", sa.Column("lang", WORD))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("agencies", "lang")
