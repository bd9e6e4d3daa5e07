"""Whose the tasks are that a standing counts and how they stand, so that counting them by agency reads the index alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

COUNTED = ["directive", "duty", "closed_at", "due_at", "reported_at"]
LIVE = sa.text("state <> 'void'")


def upgrade() -> None:
    """Lay the index out with agency and state at its end."""
    _laid_out([*COUNTED, "agency", "state"])


def downgrade() -> None:
    """Lay it out without."""
    _laid_out(COUNTED)


def _laid_out(columns: list[str]) -> None:
    op.drop_index("tasks_standing", "tasks")
    op.create_index("tasks_standing", "tasks", columns, sqlite_where=LIVE, postgresql_where=LIVE)
