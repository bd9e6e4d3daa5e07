"""The first letters of a directive: one for each recipient, decided once, queued when every duty stands."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Connection, text

from directives.language import expansion
from directives.language.calendar import Calendar, written
from directives.language.shapes import Directory, Duty

from . import roster
from .echoing import HEARS
from .issued import Issued, directory, load, orders
from .meeting import SETTLED
from .rows import CHUNK, canonical
from .store import Store
from .types import seconds


def first_letters(store: Store, number: int, calendar: Calendar, now: datetime) -> int:
    """Decide one assignment letter for each recipient with an address, put its tasks into it, queue it; returns new letters."""
    with store.read() as db:
        issued = load(db, number, calendar)
        hints = later(db, issued, directory(db, number))
        last = db.execute(text("SELECT coalesce(max(id), 0) FROM agencies")).scalar_one()
    leaves = calendar.window(now, issued.practice, minutes=issued.practice.recall)
    letters = 0
    for start in range(1, last + 1, CHUNK):
        span = {"d": number, "low": start, "high": start + CHUNK - 1, "leaves": seconds(leaves)}
        with store.write() as db:
            if told := [span | {"agency": a, "hint": hint} for a, hint in hints.items() if start <= a < start + CHUNK]:
                letters += max(db.execute(text(_HINTED), told).rowcount, 0)
            letters += db.execute(text(_LETTERS), span).rowcount
            db.execute(text(_ITEMS), span)
    with store.write() as db:
        db.execute(text(_QUEUE), {"d": number})
    return letters


def later(db: Connection, issued: Issued, people: Directory) -> dict[int, str]:
    """What each agency will owe but of which no term has begun: its first letter tells of it all the same, and when it begins."""
    begun = set(db.execute(text(_BEGUN), {"d": issued.id}).scalars())
    ids, lines = roster.codes(db), defaultdict(list)
    for duty in orders(issued.directive):
        if duty.clause not in begun:
            line = (duty.clause if duty.printed else "", duty.text, _begins(duty, issued))
            for holder in expansion.holders(duty, people, issued.directive.date or issued.issued_at.date()):
                lines[ids[holder.unit]].append(line)
    return {agency: canonical(of) for agency, of in lines.items()}


def _begins(duty: Duty, issued: Issued) -> str:
    """When a duty begins of which no term has begun, as a letter says it; a rhythm may end before it is ever due."""
    if duty.every and duty.every.unit in _OPENED:
        return _OPENED[duty.every.unit]
    first = next(expansion.terms(duty, issued.directive, issued.calendar, issued.practice), None)
    return f"từ ngày {written(first.begins_at.astimezone(issued.practice.tz).date())}" if first else "không có kỳ nào đến hạn"


#: What somebody has to open.
_OPENED = {"on request": "khi có yêu cầu", "on event": "khi phát sinh"}


_WITHIN = "BETWEEN :low AND :high"

_HINTED = f"""
INSERT INTO notices (key, directive, recipient, lane, hint, not_before, state)
SELECT 'assign:' || :d || ':' || a.id, :d, a.id, 'new', :hint, :leaves, 'gathering' FROM agencies a
 WHERE a.id = :agency AND {HEARS}
    ON CONFLICT (key) DO NOTHING"""

_LETTERS = f"""
INSERT INTO notices (key, directive, recipient, lane, not_before, state)
SELECT 'assign:' || :d || ':' || a.id, :d, a.id, 'new', :leaves, 'gathering'
  FROM agencies a
 WHERE a.id {_WITHIN} AND {HEARS}
   AND (EXISTS (SELECT 1 FROM tasks k
                 WHERE k.agency = a.id AND k.directive = :d
                   AND NOT EXISTS (SELECT 1 FROM changes c JOIN readers r ON r.change = c.id
                                    WHERE c.duty = k.duty AND c.sign = '+' AND r.agency = a.id))
     OR EXISTS (SELECT 1 FROM coordinators c JOIN duties u ON u.id = c.duty
                 WHERE c.agency = a.id AND u.directive = :d AND NOT EXISTS (SELECT 1 FROM bonds WHERE directive = :d))
     OR EXISTS (SELECT 1 FROM readers r JOIN changes c ON c.id = r.change WHERE r.agency = a.id AND c.paper = :d))
    ON CONFLICT (key) DO NOTHING"""

#: Only into a letter that still gathers: what has left is left as it was.
_ITEMS = f"""
INSERT INTO notice_items (task, rung, due_version, recipient, notice, after)
SELECT k.id, 0, k.due_version, k.agency, n.id, 0
  FROM notices n JOIN tasks k ON k.agency = n.recipient AND k.directive = n.directive AND (k.closed_at IS NULL OR {SETTLED})
 WHERE n.state = 'gathering' AND n.lane = 'new' AND n.directive = :d AND n.recipient {_WITHIN}
    ON CONFLICT DO NOTHING"""

_QUEUE = "UPDATE notices SET state = 'queued' WHERE directive = :d AND lane = 'new' AND state = 'gathering'"

_BEGUN = "SELECT u.clause FROM duties u JOIN terms m ON m.duty = u.id WHERE u.directive = :d"
