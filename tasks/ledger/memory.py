"""The tables of what a past day knew and the present has overwritten: names, addresses, letters that had failed; and samples."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, UniqueConstraint

from .columns import metadata, ref, row_id, where, word
from .types import ID, Instant

#: What an agency was up to an instant, which no longer counts; `agencies` holds the present. `above`: whom it hung under, a JSON list.
agency_history = Table(
    "agency_history", metadata,
    Column("agency", ID, primary_key=True), Column("to_at", Instant, primary_key=True),
    word("name"), word("short"), word("kind"), word("mail", nullable=True), word("phone", nullable=True), word("mail_state"), word("above"),
    Index("agency_history_upto", "to_at"),
    sqlite_with_rowid=False,
)

#: A letter that had failed for good, until somebody sent it again.
failures = Table(
    "failures", metadata,
    Column("notice", ID, primary_key=True), Column("since", Instant, primary_key=True), Column("until", Instant),
    Index("failure_stands_once", "notice", unique=True, **where("until IS NULL")),
    sqlite_with_rowid=False,
)

#: A random sample of what was claimed to be done: `seed` and the event `seq` draw it again.
samples = Table(
    "samples", metadata,
    row_id(), ref("directive", "directives", nullable=False), word("seed"), Column("seq", ID, nullable=False),
    Column("drawn_at", Instant, nullable=False), Column("population", ID, nullable=False),
    UniqueConstraint("directive", "seed", name="sample_is_drawn_once"),
)

#: The tasks of a sample in the order drawn, and what was found on the spot (1: it held, 0: it did not).
sampled = Table(
    "sampled", metadata,
    ref("sample", "samples", primary_key=True), Column("place", Integer, primary_key=True), Column("task", ID, nullable=False),
    Column("held", Integer), word("note", server_default=""), Column("checked_at", Instant),
    CheckConstraint("held IN (0, 1)", name="found_or_not"),
    CheckConstraint("(held IS NULL) = (checked_at IS NULL)", name="checked_has_instant"),
    UniqueConstraint("sample", "task", name="task_is_sampled_once"),
    sqlite_with_rowid=False,
)
