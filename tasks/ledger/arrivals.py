"""The tables of what comes in: messages and files that were dealt with, what replies propose, contacts that an agency corrects."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, UniqueConstraint

from .columns import metadata, ref, row_id, where, word
from .types import ID, Instant

#: A message by its Message-ID, a file by its hash: dealt with once. `uidvalidity` and `uid` are where the mailbox had it.
received = Table(
    "received", metadata,
    row_id(), word("source"), word("key"), Column("uidvalidity", ID), Column("uid", ID), word("kind"),
    Column("at", Instant, nullable=False), Column("agency", ID), Column("notice", ID),
    UniqueConstraint("source", "key", name="arrival_is_read_once"),
)

#: What an agency has written: an act that is proposed until its own link or the issuer confirms it. `act` is JSON, `said` the words.
replies = Table(
    "replies", metadata,
    row_id(), ref("arrival", "received", nullable=False), Column("place", Integer, nullable=False), Column("agency", ID, nullable=False),
    Column("task", ID), word("act"), word("said"), word("files"), word("domain", server_default=""),
    word("state", server_default="waiting"), Column("decided_at", Instant), word("note", server_default=""),
    UniqueConstraint("arrival", "place", name="sentence_is_read_once"),
    CheckConstraint("state IN ('waiting', 'accepted', 'refused')", name="reply_state_is_known"),
    CheckConstraint("(decided_at IS NULL) = (state = 'waiting')", name="decided_reply_has_instant"),
    Index("replies_waiting", "agency", **where("state = 'waiting'")),
)

#: Another address or telephone that an agency asks for, until the mailbox of `confirmer` confirms it by `link`.
corrections = Table(
    "corrections", metadata,
    row_id(), Column("agency", ID, nullable=False), word("mail", nullable=True), word("phone", nullable=True),
    Column("person", ID, nullable=False), Column("confirmer", ID, nullable=False), word("link"),
    Column("asked_at", Instant, nullable=False), word("state", server_default="waiting"), Column("decided_at", Instant),
    UniqueConstraint("link", name="correction_has_its_link"),
    CheckConstraint("state IN ('waiting', 'confirmed', 'refused', 'replaced')", name="correction_state_is_known"),
    CheckConstraint("(decided_at IS NULL) = (state = 'waiting')", name="decided_correction_has_instant"),
    Index("correction_waits_once", "agency", unique=True, **where("state = 'waiting'")),
)
