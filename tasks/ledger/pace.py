"""The tables of what keeps letters few and late ones fair: silence after a receipt, rungs that were skipped, and the breaker."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, Table

from .columns import metadata, word
from .types import ID, Instant

#: When a task that was received comes back if its agency stays silent.
acknowledged = Table(
    "acknowledged", metadata,
    Column("task", ID, primary_key=True), Column("again_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

#: Rungs after `after` and before `rung` that were never said, and why: they were missed, held, or the lead had not had his grace.
skips = Table(
    "skips", metadata,
    Column("task", ID, primary_key=True), Column("rung", Integer, primary_key=True), Column("due_version", Integer, primary_key=True),
    Column("after", Integer, nullable=False), Column("at", Instant, nullable=False), word("why"),
    CheckConstraint("why IN ('missed', 'held', 'grace')", name="skip_has_reason"),
    sqlite_with_rowid=False,
)

#: How many letters a day was expected to need, written down before the day.
foreseen = Table("foreseen", metadata, word("day", primary_key=True), Column("letters", Integer, nullable=False), sqlite_with_rowid=False)

#: Runs that wanted far more letters than were foreseen, and who let them go; `taken_at` where the ledger itself was put back from a copy
#: and no letter leaves at all.
stops = Table(
    "stops", metadata,
    Column("at", Instant, primary_key=True), Column("wanted", Integer, nullable=False), Column("expected", Integer, nullable=False),
    Column("released_at", Instant), word("released_by", server_default=""), Column("jumped", BigInteger),
    Column("taken_at", Instant),
    sqlite_with_rowid=False,
)

#: The latest instant at which each round ran: a clock that shows less went back.
rounds = Table("rounds", metadata, word("name", primary_key=True), Column("at", Instant, nullable=False), sqlite_with_rowid=False)
