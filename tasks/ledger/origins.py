"""Where a date and a duty come from: the calendar that a date was counted with, the superior's clause that a paper carries out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Connection, Index, Table, select

from directives.language.calendar import Calendar, of_body

from .columns import metadata, ref, row_id, word
from .rows import add
from .types import ID, Instant

#: Every calendar that dates were counted with, by its version.
calendars = Table("calendars", metadata, word("version", primary_key=True), word("body"), Column("at", Instant, nullable=False))

#: The version that the dates of a term were counted with, from an event of its directive on.
counted = Table(
    "counted", metadata,
    ref("duty", "duties", primary_key=True), word("term", primary_key=True), Column("from_seq", ID, primary_key=True),
    word("calendar"),
    sqlite_with_rowid=False,
)

#: What a paper carries out: a clause of a superior's directive (its duty), or a figure of it; `via` is the duty that does, 0 for all of it.
derivations = Table(
    "derivations", metadata,
    row_id(), ref("paper", "directives", nullable=False), Column("directive", ID, nullable=False), Column("duty", ID),
    word("indicator", server_default=""), Column("via", ID, nullable=False, server_default="0"),
    Index("derivations_of_paper", "paper"), Index("derivations_of_duty", "duty"),
)


def keep(db: Connection, term: tuple[int, str], seq: int, calendar: Calendar, now: datetime) -> None:
    """Keep with which calendar the dates of a term (duty, key) have been counted at event `seq`."""
    version = calendar.version
    add(db, calendars, [{"version": version, "body": calendar.body, "at": now}])
    add(db, counted, [{"duty": term[0], "term": term[1], "from_seq": seq, "calendar": version}])


def known(db: Connection) -> dict[str, tuple[Calendar, datetime]]:
    """Every calendar that was ever used, by its version, with the instant of its first use."""
    rows = db.execute(select(calendars).order_by(calendars.c.at))
    return {row.version: (of_body(row.body), row.at) for row in rows}


def versions(db: Connection, duty: int) -> dict[str, str]:
    """The version that each term of a duty is counted with, by the term's key."""
    c = counted.c
    rows = db.execute(select(c.term, c.calendar).where(c.duty == duty).order_by(c.from_seq))
    return {row.term: row.calendar for row in rows}
