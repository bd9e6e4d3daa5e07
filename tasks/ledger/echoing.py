"""Letters that are said by other ways as well, once mail has had its turn with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection

from tasks.letters import Notice, Outcome

from . import parcels
from .rows import canonical, pairs, sql

#: Whom letters are made for: an agency `a` with a mailbox, or one whose entry in the directory names another way.
HEARS = "(a.mail_state <> 'none' OR a.channels NOT IN ('', 'mail'))"

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
    mine = [row for row in rows if row.lease == leases[row.id]]
    parcels.put(db, [each for row in mine for each in parcels_of(_FROZEN.validate_json(row.params), row.channels.split())], now)


def instead(db: Connection, letters: Iterable[Notice], parcels_of: Echo, now: datetime) -> None:
    """Say letters that no mailbox takes by the ways that are open to their readers; where there is none they stay undeliverable."""
    channels = {row.code: row.channels.split() for row in db.execute(sql("SELECT code, channels FROM agencies WHERE mail_state <> 'ok'"))}
    for letter in letters:
        if made := list(parcels_of(letter, channels.get(letter.recipient.id, ()))):
            parcels.put(db, made, now)
            ways = ", ".join(str(each["channel"]) for each in made)
            db.execute(sql(_ANOTHER_WAY), {"id": letter.id, "reply": f"đi bằng kênh khác: {ways}"})


_ANOTHER_WAY = "UPDATE notices SET state = 'superseded', reply = :reply WHERE id = :id AND state = 'undeliverable'"

_LETTERS = """
SELECT n.id, n.lease, n.params, a.channels
  FROM {ids} x
  JOIN notices n ON n.id = x.a AND n.state = 'leased' AND n.params IS NOT NULL
  JOIN agencies a ON a.id = n.recipient
 ORDER BY n.id"""
