"""What came in is dealt with once: a message is recorded in the transaction that does what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection, insert, text

from . import tables as t
from .bouncing import come_back
from .rows import canonical, each
from .store import Store
from .types import seconds

Became = Literal["back", "early", "unknown", "over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message or a file by which it is known: of a message its Message-ID and where it lay, of a file its hash."""

    source: str
    key: str
    uidvalidity: int | None = None
    uid: int | None = None


class Letter(NamedTuple):
    """A letter of ours that a message speaks of: its row, and whom it was for."""

    id: int
    recipient: int
    code: str
    mail: str | None


def is_known(db: Connection, arrival: Arrival) -> bool:
    """Whether it was dealt with."""
    return db.execute(text(_KNOWN), {"source": arrival.source, "key": arrival.key}).first() is not None


def record(
    db: Connection, arrival: Arrival, kind: str, now: datetime, *, agency: int | None = None, notice: int | None = None
) -> int | None:
    """Write that it is dealt with and return its row number; None where it was before."""
    if is_known(db, arrival):
        return None
    values = {
        "source": arrival.source, "key": arrival.key, "uidvalidity": arrival.uidvalidity, "uid": arrival.uid, "kind": kind, "at": now,
        "agency": agency, "notice": notice,
    }
    return int(db.execute(insert(t.received).values(values).returning(t.received.c.id)).scalar_one())


def set_aside(store: Store, arrival: Arrival, kind: str, now: datetime) -> None:
    """Record what nothing follows from."""
    with store.write() as db:
        record(db, arrival, kind, now)


def letter_of(db: Connection, message_ids: Sequence[str], *, dated: datetime | None = None, check_date: bool = False) -> Letter | None:
    """The letter that one of these Message-IDs names, the first that does; with `check_date` only where it is dated so."""
    numbers = [int(said) for each_ in message_ids if each_.startswith("<n.") and (said := each_[3:].partition("@")[0]).isdigit()]
    wanted = [number for number in numbers if number < 2**53]
    found = db.execute(text(_LETTERS.format(ids=each(db, "ids"))), {"ids": canonical([*map(str, wanted)])}) if wanted else ()
    rows = {row.id: row for row in found}
    for row in (rows[number] for number in wanted if number in rows):
        if not check_date or (dated is not None and row.date == seconds(dated)):
            return Letter(row.id, row.recipient, row.code, row.mail)
    return None


def came_back(store: Store, arrival: Arrival, letter: int, now: datetime, *, code: int, reply: str, gone: bool) -> Became:
    """A report that a letter did not arrive.

    `early`: it is on its way as far as we know, since the outcome of its sending is not committed; nothing is recorded and the report
    is read again. `over`: the letter has ended another way; what a report says of it twice changes nothing.
    """
    with store.write() as db:
        state = db.execute(text("SELECT state FROM notices WHERE id = :id"), {"id": letter}).scalar()
        if state in ("leased", "queued", "gathering"):
            return "early"
        became: Became = "unknown" if state is None else "back" if state in ("sent", "uncertain") else "over"
        if record(db, arrival, "bounce", now, notice=letter) is not None and became == "back":
            come_back(db, letter, now, code=code, reply=reply, gone=gone)
        return became


_KNOWN = "SELECT 1 FROM received WHERE source = :source AND key = :key"

_LETTERS = """
SELECT n.id, n.recipient, n.date, a.code, a.mail
  FROM notices n JOIN agencies a ON a.id = n.recipient
 WHERE CAST(n.id AS text) IN ({ids})"""
