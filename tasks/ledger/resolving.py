"""What an operator has found out of a letter that may or may not have arrived: in words, and with the event of its paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from . import chain, ending, letters
from .chain import Event
from .store import Store
from .types import seconds


def arrived(store: Store, letter: int, now: datetime, *, by: str, note: str) -> bool:
    """Record that a letter in doubt, or given up, has arrived: from now on its reader counts as told. False where there is none such."""
    with store.write() as db:
        row = db.execute(text(_LETTER), {"id": letter}).first()
        if row is None:
            return False
        _say(db, row, now, "letter arrived", {"by": by, "note": note})
        db.execute(text(_ARRIVED), {"id": letter, "now": seconds(now), "note": note[:500]})
        db.execute(text("UPDATE failures SET until = :now WHERE notice = :id AND until IS NULL"), {"id": letter, "now": seconds(now)})
        ending.tell(db, [letter], seconds(now))
        return True


def lost(store: Store, letter: int, now: datetime, *, by: str, note: str) -> bool:
    """Record that it has not: it is queued once more, with the same Message-ID. False where there is none such."""
    with store.write() as db:
        row = db.execute(text(_LETTER), {"id": letter}).first()
        if row is None:
            return False
        _say(db, row, now, "letter lost", {"by": by, "note": note})
        return letters.retry(db, letter, now)


def _say(db: Connection, row: Row[Any], now: datetime, kind: str, words: dict[str, str]) -> None:
    if row.directive is not None:
        chain.append(db, row.directive, now, Event(kind=kind, payload={"agency": row.code, "letter": row.key, **words}))


_LETTER = """
SELECT n.directive, n.key, a.code FROM notices n JOIN agencies a ON a.id = n.recipient
 WHERE n.id = :id AND n.state IN ('uncertain', 'failed')"""

_ARRIVED = """
UPDATE notices SET state = 'sent', sent_at = :now, params = NULL, reply = :note,
       hint = CASE WHEN lane IN ('receipt', 'decision') THEN '' ELSE hint END
 WHERE id = :id"""
