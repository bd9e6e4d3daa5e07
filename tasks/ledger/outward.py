"""The tables of what goes out and comes in without a person: programs with their keys and calls, endpoints, and what waits for them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, UniqueConstraint

from .columns import metadata, ref, row_id, where, word
from .types import ID, Instant

#: A program that may use the interface, by the hash of its secret; `scopes` are words: "read:all act:bhxh decide:ubnd".
programs = Table(
    "programs", metadata,
    row_id(), word("name"), word("secret"), word("scopes"), Column("made_at", Instant, nullable=False), Column("revoked_at", Instant),
    UniqueConstraint("secret", name="program_has_its_secret"),
    Index("program_is_named_once", "name", unique=True, **where("revoked_at IS NULL")),
)

#: What a program was answered: the same call again gets the same answer.
calls = Table(
    "calls", metadata,
    Column("program", ID, primary_key=True, autoincrement=False), word("key", primary_key=True), word("request"), word("answer"),
    Column("at", Instant, nullable=False),
    Index("calls_by_age", "at"),
    sqlite_with_rowid=False,
)

#: An address that is told of events; `kinds` are words, "" every kind. `overdue_to`: up to when it was told of what fell due.
endpoints = Table(
    "endpoints", metadata,
    row_id(), word("url"), word("kinds"), Column("made_at", Instant, nullable=False), Column("overdue_to", Instant, nullable=False),
    Column("failing_since", Instant), Column("wait_until", Instant), Column("failures", Integer, nullable=False, server_default="0"),
    Column("ended_at", Instant), word("ended_why", server_default=""),
    CheckConstraint("(ended_at IS NULL) = (ended_why = '')", name="ended_endpoint_says_why"),
    Index("endpoint_stands_once", "url", unique=True, **where("ended_at IS NULL")),
)

#: Up to which event of a directive an endpoint has been told.
heard = Table(
    "heard", metadata,
    ref("endpoint", "endpoints", primary_key=True, autoincrement=False), Column("directive", ID, primary_key=True, autoincrement=False),
    Column("seq", ID, nullable=False),
    sqlite_with_rowid=False,
)

#: What goes another way than mail: an event to an endpoint, a short message to an address (endpoint 0).
parcels = Table(
    "parcels", metadata,
    row_id(), word("channel"), Column("endpoint", ID, nullable=False), word("key"), word("address"), word("body"),
    Column("made_at", Instant, nullable=False), Column("not_before", Instant, nullable=False), word("state", server_default="queued"),
    Column("attempts", Integer, nullable=False, server_default="0"), Column("code", Integer), word("reply", server_default=""),
    Column("sent_at", Instant),
    UniqueConstraint("channel", "endpoint", "key", name="parcel_is_decided_once"),
    CheckConstraint("state IN ('queued', 'sent', 'failed')", name="parcel_state_is_known"),
    CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_parcel_has_instant"),
    Index("parcels_queue", "not_before", **where("state = 'queued'")),
)
