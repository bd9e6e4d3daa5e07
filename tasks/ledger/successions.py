"""Who answers in whose place: the tables of bodies that follow others, and how statements look an heir up."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, NamedTuple

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


class Heirlooms(NamedTuple):
    """Whose figures have become part of whose, for one indicator as known at an event: by body its heir, and the event from which on."""

    of: Mapping[int, tuple[int, int]]

    def parts(self, heir: int, seq: int) -> frozenset[int]:
        """The bodies whose figures a figure of `heir` at an event contains, those of bodies that they followed themselves too."""
        own = {agency for agency, (to, since) in self.of.items() if to == heir and since <= seq}
        return frozenset(own.union(*(self.parts(agency, seq) for agency in own)))

    def cover(self, known: Set[int], expected: Set[int]) -> bool:
        """Whether every figure that is expected is known, whole or in all its parts."""
        return all(agency in known or self._in_parts(agency, known) for agency in expected)

    def _in_parts(self, heir: int, known: Set[int]) -> bool:
        parts = [agency for agency, (to, _) in self.of.items() if to == heir]
        return bool(parts) and all(part in known or self._in_parts(part, known) for part in parts)


def heirlooms(db: Connection, of: Mapping[str, Any]) -> Heirlooms:
    """The heirs of figures about an indicator (directive, indicator, seq)."""
    rows = db.execute(text(_HEIRLOOMS), of)
    return Heirlooms({row.agency: (row.heir, row.seq) for row in rows})


_HEIRLOOMS = "SELECT agency, heir, seq FROM inherited WHERE directive = :directive AND indicator = :indicator AND seq <= :seq"
