"""A mailbox that its server does not know is written to no more, whoever else uses it, until the directory has another address."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from . import chain, dating
from .chain import Event
from .rows import canonical, pairs
from .types import seconds


def suppress(db: Connection, letters: Sequence[tuple[int, str]], now: datetime) -> None:
    """Suppress the addresses of claimed letters that were refused, each with its lease, before what became of them is recorded.

    It is the address that the letter was written to: the agency may have got another one meanwhile. Each paper has an event.
    """
    if not letters:
        return
    leases = dict(letters)
    found = db.execute(text(_LETTERS.format(ids=pairs(db))), {"pairs": canonical([[letter, 0] for letter in leases])}).all()
    for row in sorted((row for row in found if row.lease == leases[row.id] and row.params), key=lambda row: row.directive or 0):
        mail = json.loads(row.params)["recipient"]["mail"]
        if mail and mark(db, mail, seconds(now)) and row.directive is not None:
            said = {"agency": row.code, "letter": row.key, "note": "máy chủ thư không nhận địa chỉ này"}
            chain.append(db, row.directive, now, Event(kind="bounced", payload=said))


def mark(db: Connection, mail: str, now: int) -> int:
    """Write to a mailbox no more; returns how many agencies used it. Past days keep that they were written to."""
    users = list(db.execute(text("SELECT id FROM agencies WHERE mail = :mail AND mail_state = 'ok'"), {"mail": mail}).scalars())
    if users:
        dating.keep(db, users, now)
        db.execute(text("UPDATE agencies SET mail_state = 'bad' WHERE mail = :mail AND mail_state = 'ok'"), {"mail": mail})
    return len(users)


_LETTERS = """
SELECT n.id, n.key, n.directive, n.lease, n.params, a.code
  FROM {ids} x JOIN notices n ON n.id = x.a AND n.state = 'leased' JOIN agencies a ON a.id = n.recipient"""
