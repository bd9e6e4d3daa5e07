"""The tables of sending: the pace of mail servers, what a day has had, and what an operator says of letters that wait."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Table

from .columns import metadata, row_id, where, word
from .types import ID, Instant

#: Where each relay's next turn is, to how many letters a minute it was slowed and when, and why it cannot be used.
#: Turns in milliseconds: they are closer together than seconds.
relays = Table(
    "relays", metadata,
    word("name", primary_key=True), Column("turn_at", BigInteger, nullable=False, server_default="0"),
    Column("low", Integer, nullable=False, server_default="0"), Column("low_at", BigInteger, nullable=False, server_default="0"),
    word("trouble", server_default=""), Column("trouble_at", Instant),
    sqlite_with_rowid=False,
)

#: How many letters left over a relay in each quarter of an hour, for a day and a little more.
spent = Table(
    "spent", metadata,
    word("relay", primary_key=True), Column("since", ID, primary_key=True, autoincrement=False), Column("letters", Integer, nullable=False),
    sqlite_with_rowid=False,
)

#: A pause stands until it is ended, a cancellation for ever, over the letters up to `upto`. No directive: of
#: every one; no lane: every kind.
orders = Table(
    "orders", metadata,
    row_id(), word("verb"), Column("directive", ID), word("lane", server_default=""), Column("upto", ID, nullable=False),
    Column("letters", Integer, nullable=False), Column("at", Instant, nullable=False), word("by"), word("note", server_default=""),
    Column("ended_at", Instant), word("ended_by", server_default=""),
    CheckConstraint("verb IN ('pause', 'cancel')", name="order_is_known"),
    CheckConstraint("verb = 'pause' OR ended_at IS NULL", name="cancelled_stays_cancelled"),
    Index("orders_stand", "id", **where("ended_at IS NULL")),
)
