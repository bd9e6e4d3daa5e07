"""The tables of what stands beside a work state, pauses and returns, and of who reads a position's letters while it is away."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Table

from .columns import metadata, ref, row_id, where, word
from .types import ID, Day, Instant

#: A task that is paused until a day, or that its agency has returned as not its own, from one event up to another. The state
#: beneath stays in `tasks`, and holds again when the hold ends; a task that has closed is held no more, whatever stands here.
holds = Table(
    "holds", metadata,
    Column("task", ID, primary_key=True), Column("from_seq", ID, primary_key=True), Column("to_seq", ID),
    word("kind"), Column("at", Instant, nullable=False), Column("until", Instant), Column("ended_at", Instant),
    word("note", server_default=""), word("right_agency", server_default=""), word("outcome", server_default=""),
    CheckConstraint("kind IN ('paused', 'returned')", name="hold_is_known"),
    CheckConstraint("(kind = 'paused') = (until IS NOT NULL)", name="pause_has_its_end"),
    CheckConstraint("(to_seq IS NULL) = (ended_at IS NULL)", name="ended_hold_has_instant"),
    Index("hold_stands_once", "task", unique=True, **where("to_seq IS NULL")),
    Index("holds_ahead", "until", **where("to_seq IS NULL")),
    sqlite_with_rowid=False,
)

#: The letters of a position go to its deputy from a day up to another; both days count.
deputies = Table(
    "deputies", metadata,
    row_id(), ref("position", "agencies", nullable=False), ref("deputy", "agencies", nullable=False),
    Column("since", Day, nullable=False), Column("until", Day, nullable=False), Column("at", Instant, nullable=False), word("by"),
    CheckConstraint("since <= until", name="deputy_ends_after_beginning"),
    CheckConstraint("position <> deputy", name="nobody_is_his_own_deputy"),
    Index("deputies_of_position", "position", "until"),
)
