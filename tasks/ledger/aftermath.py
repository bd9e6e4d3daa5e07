"""The tables of what comes after an issue: which paper changed, replaced, withdrew or urged which, what that changed, whom it concerns.

What duties, terms and those who take part were before stands beside them, so that any past day reads as it did.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Table

from .columns import metadata, ref, row_id, word
from .types import ID, Day, Instant

#: The text in force from an event on, with its directory; the paper as issued stands in `directives` and never changes.
texts = Table(
    "texts", metadata,
    ref("directive", "directives", primary_key=True), Column("seq", ID, primary_key=True), Column("at", Instant, nullable=False),
    word("body"), word("roster"),
    sqlite_with_rowid=False,
)

#: What was done to a directive by another paper; by an operator where there is none. Clause "" is the whole of it.
bonds = Table(
    "bonds", metadata,
    row_id(), ref("directive", "directives", nullable=False), Column("seq", ID, nullable=False), Column("at", Instant, nullable=False),
    word("kind"), Column("paper", ID), word("clause", server_default=""), word("reason", server_default=""),
    CheckConstraint("kind IN ('amended', 'replaced', 'withdrawn', 'urged')", name="bond_is_known"),
    Index("bonds_of_directive", "directive"), Index("bonds_of_paper", "paper"),
)

#: One change as letters say it, by the event of the directive that made it: `+` new work, `~` other than before, `-` no longer, `!` urged.
changes = Table(
    "changes", metadata,
    row_id(), Column("directive", ID, nullable=False), Column("seq", ID, nullable=False), Column("paper", ID),
    Column("duty", ID, nullable=False), word("term", server_default=""), word("sign"), word("what"),
    word("before", server_default=""), word("after", server_default=""), word("reason", server_default=""), Column("due_at", Instant),
    CheckConstraint("sign IN ('+', '~', '-', '!')", name="sign_is_known"),
    Index("changes_of_duty", "duty", "term"), Index("changes_of_paper", "paper"),
)

#: Whom a change concerns.
readers = Table(
    "readers", metadata,
    Column("agency", ID, primary_key=True), Column("change", ID, primary_key=True),
    Index("readers_of_change", "change"),
    sqlite_with_rowid=False,
)

#: What a duty said up to an event.
duty_history = Table(
    "duty_history", metadata,
    Column("duty", ID, primary_key=True), Column("to_seq", ID, primary_key=True),
    word("force"), word("text"), word("short"), word("indicator"), word("evidence"), word("product", server_default=""),
    sqlite_with_rowid=False,
)

#: When a term ended, and what it asked for, up to an event.
term_history = Table(
    "term_history", metadata,
    Column("duty", ID, primary_key=True), word("term", primary_key=True), Column("to_seq", ID, primary_key=True),
    Column("due_at", Instant), word("due_words"), Column("last_working_day", Day), word("target"),
    sqlite_with_rowid=False,
)

#: What an indicator was called, and who typed it for everybody, up to an event.
indicator_history = Table(
    "indicator_history", metadata,
    Column("directive", ID, primary_key=True), word("indicator", primary_key=True), Column("to_seq", ID, primary_key=True),
    word("name"), Column("source", ID),
    sqlite_with_rowid=False,
)

#: When a lead had been told of a date that moved at an event.
told_history = Table(
    "told_history", metadata,
    Column("task", ID, primary_key=True), Column("to_seq", ID, primary_key=True), Column("told_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

#: Who came to take part with a lead (`joined`), or left, at an event.
part_history = Table(
    "part_history", metadata,
    Column("duty", ID, primary_key=True), Column("agency", ID, primary_key=True), Column("lead", ID, primary_key=True),
    Column("seq", ID, primary_key=True), Column("joined", ID, nullable=False),
    sqlite_with_rowid=False,
)
