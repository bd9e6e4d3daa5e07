"""The tables of ways in besides an agency's own link: logins that were asked for, sessions, links passed on to a colleague."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from .columns import metadata, where, word
from .types import ID, Instant

#: A login link and the hash of the word of the browser that asked for it; the link itself stands in `links` for ten minutes.
logins = Table(
    "logins", metadata,
    word("link", primary_key=True), Column("agency", ID, nullable=False), word("wish"), Column("at", Instant, nullable=False),
    Index("logins_of_agency", "agency", "at"),
    sqlite_with_rowid=False,
)

#: A session by the hash of its secret. It ends by itself when the mailbox that it was opened with is no longer its position's.
sessions = Table(
    "sessions", metadata,
    word("id", primary_key=True), Column("agency", ID, nullable=False), word("mail"), word("way"),
    Column("began_at", Instant, nullable=False), Column("ended_at", Instant),
    Index("sessions_of_agency", "agency", **where("ended_at IS NULL")),
    sqlite_with_rowid=False,
)

#: A link of one task for a colleague, made from an agency's link: it ends with its parent.
passed = Table(
    "passed", metadata,
    word("id", primary_key=True), word("parent"), Column("task", ID, nullable=False), Column("person", ID, nullable=False),
    Column("at", Instant, nullable=False), Column("revoked_at", Instant),
    Index("passed_stands_once", "parent", "task", unique=True, **where("revoked_at IS NULL")),
    sqlite_with_rowid=False,
)
