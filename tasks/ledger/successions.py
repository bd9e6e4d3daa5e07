"""Who answers in whose place: the tables of bodies that follow others, and how statements look an heir up."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Connection, Index, Table, text

from .columns import metadata, ref, row_id, where, word
from .types import ID, Day, Instant

#: What was decided about bodies, from its day on, as JSON. It has begun once heirs stand, and ended once all is said.
reorganizations = Table(
    "reorganizations", metadata,
    row_id(), word("kind"), Column("on", Day, nullable=False), word("body"), Column("planned_at", Instant, nullable=False),
    Column("begun_at", Instant), Column("ended_at", Instant),
    CheckConstraint("kind IN ('rename', 'merge', 'split', 'dissolve', 'move')", name="reorganization_is_known"),
    CheckConstraint("begun_at IS NOT NULL OR ended_at IS NULL", name="ended_has_begun"),
    Index("reorganizations_ahead", "on", **where("ended_at IS NULL")),
)

#: A body that has ended, and the living one that answers in its place: an heir that ends hands everything on.
successions = Table(
    "successions", metadata,
    ref("agency", "agencies", primary_key=True), ref("heir", "agencies", nullable=False), Column("reorganization", ID, nullable=False),
    CheckConstraint("agency <> heir", name="nobody_follows_himself"),
    Index("successions_heir", "heir"),
    sqlite_with_rowid=False,
)

#: Duties of a divided body that go to another than its first heir.
shares = Table(
    "shares", metadata,
    Column("agency", ID, primary_key=True), Column("duty", ID, primary_key=True), Column("heir", ID, nullable=False),
    Column("reorganization", ID, nullable=False),
    sqlite_with_rowid=False,
)

#: Figures about a body that are, from an event of the directive on, part of those about its heir.
inherited = Table(
    "inherited", metadata,
    Column("directive", ID, primary_key=True), word("indicator", primary_key=True), Column("agency", ID, primary_key=True),
    Column("heir", ID, nullable=False), Column("seq", ID, nullable=False),
    sqlite_with_rowid=False,
)


def exist(db: Connection) -> bool:
    """Whether anybody has ever followed anybody."""
    return db.execute(text("SELECT 1 FROM successions UNION ALL SELECT 1 FROM shares LIMIT 1")).first() is not None


def heir(agency: str, duty: str) -> str:
    """SQL: who answers for a duty of a body in its place, NULL for one that answers itself."""
    return f"""coalesce((SELECT s.heir FROM shares s WHERE s.agency = {agency} AND s.duty = {duty}),
                    (SELECT s.heir FROM successions s WHERE s.agency = {agency}))"""


def answering(db: Connection, agency: str, duty: str) -> str:
    """SQL: who answers for a duty of a body now; the body itself costs nothing where nobody ever followed anybody."""
    return f"coalesce({heir(agency, duty)}, {agency})" if exist(db) else agency


def living(agency: str) -> str:
    """SQL: the body that stands in a body's place, itself where it has not ended."""
    return f"coalesce((SELECT s.heir FROM successions s WHERE s.agency = {agency}), {agency})"


def heirs(db: Connection) -> dict[int, int]:
    """The heir of every body that has ended, by row number."""
    return dict(db.execute(text("SELECT agency, heir FROM successions")).all())
