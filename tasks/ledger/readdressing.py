"""Letters to bodies that have ended and have not left: each is ended, and said again to the heir."""

from __future__ import annotations

from sqlalchemy import Connection, text

from . import unsaying
from .echoing import HEARS


def readdress(db: Connection, tomorrow: str, now: int) -> int:
    """Say again to heirs what has not left; a day's lines join the heir's letter of `tomorrow`. Returns how many letters were ended."""
    unsaying.hold(db)
    of = {"tomorrow": tomorrow, "now": now}
    for statement in (_DAY, _DAY_ITEMS, _READERS, _AGAIN, _ASSIGNED, _ITEMS):
        db.execute(text(statement), of)
    return db.execute(text(_ENDED), of).rowcount


def let_go(db: Connection, leaves: int) -> int:
    """Queue the letters that tell heirs what they have taken over; returns how many."""
    return db.execute(text(_LET_GO), {"leaves": leaves}).rowcount


_LOST = """notices n JOIN successions s ON s.agency = n.recipient
   AND n.state IN ('gathering', 'queued', 'uncertain', 'undeliverable') AND n.lane <> 'login'"""

_DAY = f"""
INSERT INTO notices (key, recipient, lane, day, not_before, state)
SELECT DISTINCT 'digest:' || :tomorrow || ':' || s.heir, s.heir, 'escalation', :tomorrow, CAST(:now AS bigint), 'gathering'
  FROM {_LOST} JOIN agencies a ON a.id = s.heir AND {HEARS}
 WHERE n.day IS NOT NULL
    ON CONFLICT (key) DO NOTHING"""

_DAY_ITEMS = f"""
INSERT INTO notice_items (task, rung, due_version, recipient, notice, after)
SELECT i.task, i.rung, i.due_version, s.heir, h.id, i.after
  FROM {_LOST} JOIN notice_items i ON i.notice = n.id JOIN notices h ON h.key = 'digest:' || :tomorrow || ':' || s.heir
 WHERE n.day IS NOT NULL
    ON CONFLICT DO NOTHING"""

#: Changes of papers that a letter would have told concern the heir now.
_READERS = f"""
INSERT INTO readers (agency, change)
SELECT DISTINCT s.heir, r.change
  FROM {_LOST} JOIN readers r ON r.agency = n.recipient JOIN changes c ON c.id = r.change
   AND (c.paper = n.directive OR (c.paper IS NULL AND c.directive = n.directive AND n.hint = CAST(c.seq AS text)))
 WHERE n.lane = 'new'
    ON CONFLICT DO NOTHING"""

#: Receipts, decisions, reports, terms that were asked for, changes. What was only handed over stands in the letter of the succession.
_AGAIN = f"""
INSERT INTO notices (key, directive, recipient, lane, hint, not_before, expires_at, state)
SELECT 'again:' || n.id, n.directive, s.heir, n.lane, n.hint, n.not_before, n.expires_at, 'queued'
  FROM {_LOST} JOIN agencies a ON a.id = s.heir AND {HEARS}
 WHERE n.day IS NULL AND n.key NOT LIKE 'assign:%' AND n.key NOT LIKE 'handover:%' AND n.key NOT LIKE 'succession:%'
   AND NOT EXISTS (SELECT 1 FROM notices h
                    WHERE n.lane = 'report' AND h.lane = 'report'
                      AND h.recipient = s.heir AND h.directive = n.directive AND h.hint = n.hint)
    ON CONFLICT (key) DO NOTHING"""

_ASSIGNED = f"""
INSERT INTO notices (key, directive, recipient, lane, hint, not_before, state)
SELECT 'assign:' || n.directive || ':' || s.heir, n.directive, s.heir, 'new', max(n.hint), min(n.not_before), 'queued'
  FROM {_LOST} JOIN agencies a ON a.id = s.heir AND {HEARS}
 WHERE n.key LIKE 'assign:%'
 GROUP BY n.directive, s.heir
    ON CONFLICT (key) DO NOTHING"""

_ITEMS = f"""
INSERT INTO notice_items (task, rung, due_version, recipient, notice, after)
SELECT i.task, i.rung, i.due_version, s.heir, h.id, i.after
  FROM {_LOST} JOIN notice_items i ON i.notice = n.id
  JOIN notices h ON h.state = 'queued' AND h.key IN ('again:' || n.id, 'assign:' || n.directive || ':' || s.heir)
 WHERE n.day IS NULL
    ON CONFLICT DO NOTHING"""

_ENDED = """
UPDATE notices SET state = 'superseded', params = NULL, lease = NULL, lease_until = NULL
 WHERE state IN ('gathering', 'queued', 'uncertain', 'undeliverable') AND recipient IN (SELECT s.agency FROM successions s)"""

_LET_GO = """
UPDATE notices SET state = 'queued', not_before = :leaves WHERE state = 'gathering' AND lane = 'new' AND key LIKE 'succession:%'"""
