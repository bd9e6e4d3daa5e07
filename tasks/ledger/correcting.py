"""Contacts that an agency corrects itself: asked for on its page, in force once the old mailbox, or the body above, has confirmed them.

Whoever holds a link that leaked can ask; only who reads the registered mailbox can confirm.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, text

from tasks.sayings import Correction
from tasks.values import Party, Said

from . import chain, dating, roster
from . import tables as t
from .rows import canonical
from .types import seconds

LASTS = timedelta(days=7)
MOST = 5  # letters that ask for one agency within a day: who holds a link that leaked fills nobody's mailbox


def ask(db: Connection, agency: str, said: Said, now: datetime, *, mail: str, phone: str) -> Party | None:
    """Ask for other contacts; returns who is written to, None where nobody can confirm, or the day has had enough letters.

    What had been asked before is replaced; the same again is what waits already.
    """
    row = roster.row_of(db, agency)
    _alone(db, row)
    confirmer = db.execute(text(_CONFIRMER), {"agency": row}).scalar()
    if confirmer is None:
        return None
    of = {"agency": row, "mail": mail, "phone": phone, "confirmer": confirmer, "since": seconds(now - LASTS)}
    if db.execute(text(_SAME), of).first():
        return roster.parties(db, [int(confirmer)])[int(confirmer)]
    if db.execute(text(_TODAY), of | {"since": seconds(now - timedelta(days=1))}).scalar_one() >= MOST:
        return None
    db.execute(text(_REPLACED), {"agency": row, "now": seconds(now)})
    link = secrets.token_urlsafe(8)
    values = {
        "agency": row, "mail": mail, "phone": phone, "person": chain.person(db, said), "confirmer": confirmer, "link": link,
        "asked_at": now,
    }
    number = db.execute(insert(t.corrections).values(values).returning(t.corrections.c.id)).scalar_one()
    people = roster.parties(db, [row, int(confirmer)])
    note = f"{people[row].name}: {' · '.join(filter(None, (mail, phone)))}"
    letter = {"key": f"contact:{number}", "recipient": confirmer, "hint": canonical({"link": link, "opens": "contact", "note": note})}
    db.execute(text(_LETTER), letter | {"now": seconds(now), "until": seconds(now + LASTS)})
    return people[int(confirmer)]


def _alone(db: Connection, agency: int) -> None:
    """Let two wishes of one agency follow each other, so that the later sees the earlier instead of meeting its key."""
    if db.dialect.name != "sqlite":  # SQLite has one writer at a time
        db.execute(text("SELECT 1 FROM agencies WHERE id = :agency FOR NO KEY UPDATE"), {"agency": agency})


def asked(db: Connection, link: str, now: datetime) -> Correction | None:
    """What a letter asks to confirm; None for what is decided, replaced, too old or nobody's."""
    row = db.execute(text(_ASKED), {"link": link, "since": seconds(now - LASTS)}).first()
    if row is None:
        return None
    people = roster.parties(db, [row.agency, row.confirmer])
    return Correction(agency=people[row.agency], confirmer=people[row.confirmer], mail=row.mail or "", phone=row.phone or "")


def decide(db: Connection, link: str, now: datetime, *, confirm: bool) -> bool:
    """Put the contacts in force, or let them be as they were; once, and False where nothing waits."""
    row = db.execute(text(_ASKED), {"link": link, "since": seconds(now - LASTS)}).first()
    if row is None:
        return False
    decided = {"id": row.id, "state": "confirmed" if confirm else "refused", "now": seconds(now)}
    if db.execute(text(_DECIDED), decided).rowcount != 1:  # another press was faster
        return False
    if confirm:
        dating.keep(db, [row.agency], seconds(now))
        db.execute(text(_CHANGE), {"agency": row.agency, "mail": row.mail, "phone": row.phone})
    return True


#: Its own mailbox where it is known to work, else the nearest body above that has one.
_CONFIRMER = """
SELECT id FROM (
    SELECT a.id, 0 AS height, 0 AS parent FROM agencies a WHERE a.id = :agency AND a.mail_state = 'ok'
    UNION ALL
    SELECT p.id, 1, p.id FROM parents e JOIN agencies p ON p.id = e.parent WHERE e.agency = :agency AND p.mail_state = 'ok') able
 ORDER BY height, parent LIMIT 1"""

_SAME = """
SELECT 1 FROM corrections
 WHERE agency = :agency AND mail = :mail AND phone = :phone AND confirmer = :confirmer AND state = 'waiting' AND asked_at > :since"""

_TODAY = "SELECT count(*) FROM corrections WHERE agency = :agency AND asked_at > :since"

_REPLACED = "UPDATE corrections SET state = 'replaced', decided_at = :now WHERE agency = :agency AND state = 'waiting'"

_LETTER = """
INSERT INTO notices (key, recipient, lane, hint, not_before, expires_at, state)
VALUES (:key, :recipient, 'login', :hint, :now, :until, 'queued')"""

_ASKED = """
SELECT id, agency, confirmer, mail, phone FROM corrections WHERE link = :link AND state = 'waiting' AND asked_at > :since"""

_DECIDED = "UPDATE corrections SET state = :state, decided_at = :now WHERE id = :id AND state = 'waiting'"

_CHANGE = """
UPDATE agencies
   SET mail_state = CASE WHEN :mail = '' THEN mail_state ELSE 'ok' END,
       mail = CASE WHEN :mail = '' THEN mail ELSE :mail END, phone = CASE WHEN :phone = '' THEN phone ELSE :phone END
 WHERE id = :agency"""
