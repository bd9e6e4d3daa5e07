"""Codes that an agency types to say "done" where its duty asks for them: mailed to the registered address, good for ten minutes.

The ledger keeps what a code is made of, with a key that it does not have.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from . import doors
from .rows import canonical
from .types import seconds

LASTS = timedelta(minutes=10)
TRIES = 5


def ask(db: Connection, task: int, now: datetime) -> bool:
    """Mail a code for the task, once in its ten minutes however often it was mistyped; False where the mailbox is known not to work."""
    row = db.execute(text(_TASK), {"task": task}).one()
    if row.mail_state != "ok":
        return False
    known = {"task": task, "seed": secrets.token_urlsafe(12), "now": seconds(now), "since": seconds(now - LASTS)}
    if db.execute(text(_NEW), known).rowcount:
        hint = {"link": doors.give(db, row.agency, "desk", now), "opens": "code", "note": known["seed"]}
        letter = {"key": f"code:{known['seed']}", "recipient": row.recipient, "hint": canonical(hint)}
        db.execute(text(_LETTER), letter | {"now": known["now"], "until": seconds(now + LASTS)})
    return True


def prove(db: Connection, task: int, is_code: Callable[[str], bool], now: datetime) -> bool:
    """Whether the typed code is the one that was mailed; a second press of the right one is right again.

    A try is counted before it is looked at, so that of many at once no more are looked at than of many in turn; a right one is none.
    """
    known = {"task": task, "since": seconds(now - LASTS), "tries": TRIES}
    seed = db.execute(text(_TRIED), known).scalar()
    if seed is None or not is_code(str(seed)):
        return False
    db.execute(text("UPDATE codes SET tries = tries - 1 WHERE task = :task"), known)
    return True


_TASK = """
SELECT a.code AS agency, a.id AS recipient, a.mail_state FROM tasks k JOIN agencies a ON a.id = k.agency WHERE k.id = :task"""

_NEW = """
INSERT INTO codes (task, seed, at, tries) VALUES (:task, :seed, :now, 0)
    ON CONFLICT (task) DO UPDATE SET seed = excluded.seed, at = excluded.at, tries = 0 WHERE codes.at <= :since"""

_LETTER = """
INSERT INTO notices (key, recipient, lane, hint, not_before, expires_at, state)
VALUES (:key, :recipient, 'login', :hint, :now, :until, 'queued')"""

_TRIED = "UPDATE codes SET tries = tries + 1 WHERE task = :task AND at > :since AND tries < :tries RETURNING seed"
