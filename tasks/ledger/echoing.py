"""Letters that are said by other ways as well, once mail has had its turn with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection

from tasks.letters import Lane, Notice, Outcome

from . import parcels
from .rows import canonical, pairs, sql


def hears(agency: str) -> str:
    """Whether letters are made for an agency (an alias): it has a mailbox, or its entry in the directory names another way."""
    return f"({agency}.mail_state <> 'none' OR {agency}.channels NOT IN ('', 'mail'))"


HEARS = hears("a")

#: What is said by other ways beside mail. Not what brings a login or a code, which belong to the mailbox alone.
ECHOED: tuple[Lane, ...] = ("new", "digest", "escalation", "decision", "report")

#: What is said in its place, where no mailbox takes letters: also that somebody has answered in the reader's name.
ALONE: tuple[Lane, ...] = (*ECHOED, "receipt")

#: The parcels of a letter, by the ways that the directory names for its reader; none: those of the settings.
Echo = Callable[[Notice, Sequence[str]], Iterable[Mapping[str, Any]]]

_FROZEN = TypeAdapter(Notice)


def echo(db: Connection, outcomes: Sequence[Outcome], parcels_of: Echo, now: datetime) -> None:
    """Put letters whose last outcome this is into parcels, while what they were written from is still kept.

    A letter that could not even be written has no words for another way.
    """
    leases = {o.notice_id: o.lease for o in outcomes if o.state == "sent" or (o.state in ("failed", "undeliverable") and o.code)}
    if not leases:
        return
    rows = db.execute(sql(_LETTERS.format(ids=pairs(db))), {"pairs": canonical([[number, 0] for number in leases])}).all()
    mine = [(_FROZEN.validate_json(row.params), row.channels.split()) for row in rows if row.lease == leases[row.id]]
    parcels.put(db, [each for letter, named in mine if letter.lane in ECHOED for each in parcels_of(letter, named)], now)


def instead(db: Connection, letters: Iterable[Notice], parcels_of: Echo, now: datetime) -> None:
    """Say letters that no mailbox takes by the ways that are open to their readers; where there is none they stay undeliverable."""
    channels = {row.code: row.channels.split() for row in db.execute(sql("SELECT code, channels FROM agencies WHERE mail_state <> 'ok'"))}
    for letter in letters:
        if letter.lane in ALONE and (made := list(parcels_of(letter, channels.get(letter.recipient.id, ())))):
            parcels.drop(db, letter.id)
            parcels.put(db, made, now)
            ways = ", ".join(str(each["channel"]) for each in made)
            db.execute(sql(_ANOTHER_WAY), {"id": letter.id, "reply": f"{BY}{ways}"})


#: Begins what is noted of a letter that went by other ways alone.
BY = "đi bằng kênh khác: "

_ANOTHER_WAY = "UPDATE notices SET state = 'superseded', reply = :reply WHERE id = :id AND state = 'undeliverable'"

_LETTERS = """
SELECT n.id, n.lease, n.params, a.channels
  FROM {ids} x
  JOIN notices n ON n.id = x.a AND n.state = 'leased' AND n.params IS NOT NULL
  JOIN agencies a ON a.id = n.recipient
 ORDER BY n.id"""
