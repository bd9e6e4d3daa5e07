"""The tables of ways in: links of agencies and leaders, logins, sessions, links passed on to a colleague; and who wants no reports."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table

from .columns import metadata, where, word
from .types import ID, Instant

#: The token is derived from the row by HMAC and stored nowhere.
links = Table(
    "links", metadata,
    word("id", primary_key=True), word("purpose"), Column("agency", ID, nullable=False),
    Column("expires_at", Instant), Column("revoked_at", Instant),
    Index("link_stands_once", "purpose", "agency", unique=True, **where("revoked_at IS NULL")),
)

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

#: Leaders who want no report by mail, since when.
#: The last code that was mailed for a task's "done": what it is made of, never the code.
codes = Table(
    "codes", metadata,
    Column("task", ID, primary_key=True, autoincrement=False), word("seed"), Column("at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
)

quiet = Table("quiet", metadata, Column("agency", ID, primary_key=True), Column("since", Instant, nullable=False))
