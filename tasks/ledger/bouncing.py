"""A letter that came back: it never told anybody of anything, so that nobody above hears until another has arrived."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from . import chain, deputies, ending, otherwise, suppressing
from .chain import Event
from .echoing import BY
from .rows import canonical, pairs
from .store import Store
from .types import instant, seconds


def bounced(store: Store, notice: int, now: datetime, *, code: int = 0, reply: str = "") -> int:
    """Record that a letter which had been sent came back for good; returns how many tasks its recipient has not been told of any more.

    The address is written to no more until the directory has another one; of what other letters have told him he stays told. Each
    directive concerned has an event. Recorded again it changes nothing.
    """
    with store.write() as db:
        return come_back(db, notice, now, code=code, reply=reply)


def come_back(db: Connection, notice: int, now: datetime, *, code: int, reply: str, gone: bool = True) -> int:
    """As `bounced`, within a transaction. Without `gone` the address is not to blame: it is kept, and the letter is the operator's."""
    row = db.execute(text(_LETTER), {"id": notice, "by": f"{BY}%"}).first()
    if row is None:
        return 0
    found = db.execute(text(_UNTOLD), {"agency": row.recipient, "sent_at": row.sent_at}).all()
    for directive in sorted({task.directive for task in found} or {row.directive} - {None}):
        said = {"agency": row.code, "letter": row.key, "note": "thư bị trả lại"}
        chain.append(db, directive, now, Event(kind="bounced", duty=None, payload=said))
    of = {"id": notice, "now": seconds(now), "code": code, "reply": reply[:500], "agency": row.recipient,
          "mail": deputies.mailbox(db, row.recipient, instant(row.sent_at)) or row.mail}
    db.execute(text(_BACK), of | {"state": "undeliverable" if gone else "failed"})
    if gone:
        suppressing.mark(db, of["mail"], of["now"])
    else:
        db.execute(text(_FAILED), of)
    ids = {"pairs": canonical([[task.id, 0] for task in found])}
    db.execute(text(_TAKE_BACK.format(ids=pairs(db))), ids)
    otherwise.heard(db, notice)
    for left in db.execute(text(_OTHERS), of | {"since": row.sent_at}).all():
        ending.tell(db, [left.id], left.sent_at)
    return int(db.execute(text(_LEFT.format(ids=pairs(db))), ids).scalar_one())


#: A letter that has left by mail, or may have, and not come back yet; where the address has changed since, the new one is not to blame.
_LETTER = """
SELECT n.directive, n.recipient, n.key, coalesce(n.sent_at, n.date) AS sent_at, a.code,
       CASE WHEN EXISTS (
                 SELECT 1 FROM agency_history h
                  WHERE h.agency = a.id AND h.to_at > coalesce(n.sent_at, n.date) AND h.mail IS DISTINCT FROM a.mail)
            THEN NULL ELSE a.mail END AS mail
  FROM notices n JOIN agencies a ON a.id = n.recipient
 WHERE n.id = :id AND n.state IN ('sent', 'uncertain') AND coalesce(n.reply, '') NOT LIKE :by"""

#: What its recipient has been told since it left may have been told by it.
_UNTOLD = """
SELECT id, directive FROM tasks
 WHERE agency = :agency AND told_at IS NOT NULL AND told_at >= :sent_at AND closed_at IS NULL"""

_BACK = "UPDATE notices SET state = :state, code = :code, reply = :reply, params = NULL WHERE id = :id"

_FAILED = "INSERT INTO failures (notice, since) SELECT id, :now FROM notices WHERE id = :id ON CONFLICT DO NOTHING"

_TAKE_BACK = "UPDATE tasks SET told_at = NULL WHERE id IN (SELECT x.a FROM {ids} x)"

#: His other letters, in the order in which they left.
_OTHERS = """
SELECT id, sent_at FROM notices
 WHERE recipient = :agency AND state = 'sent' AND sent_at >= :since
 ORDER BY sent_at, id"""

_LEFT = "SELECT count(*) FROM tasks WHERE told_at IS NULL AND id IN (SELECT x.a FROM {ids} x)"
