"""The letters of a day: each inbox's lines gather in one, what could not leave before joins it, and it is sealed once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, text

from . import scratch
from .echoing import HEARS
from .shelf import mine, within
from .store import Store


class Days(NamedTuple):
    """The day of the letters, the working day after it, and the instant (seconds)."""

    day: str
    tomorrow: str
    now: int


def put(db: Connection, at: Days) -> int:
    """Put the lines of `said` into letters; returns how many are new."""
    for statement in (_RENEW, *_NOTICES):
        db.execute(text(statement), at._asdict())
    scratch.learn(db, "letters")
    return db.execute(text(_ITEMS)).rowcount


def left_over(store: Store, at: Days, size: int) -> None:
    """Take back digests of earlier days that have not left, so that an inbox has one letter that gathers, not one a day.

    A mail server that was away for a week leaves one letter for each inbox; so does an address that was mended.
    """
    while True:
        with store.write() as db:
            alone(db)
            moved = sum(db.execute(text(statement), {"day": at.day, "n": size}).rowcount for statement in (_MENDED, _UNSENT))
            if db.execute(text(_SEVERAL), {"day": at.day}).first():
                scratch.lay_out(db)
                for statement in _MERGE:
                    db.execute(text(statement), {"day": at.day})
        if moved < size:
            return


def waiting(db: Connection, at: Days) -> int:
    """How many letters of the day gather."""
    db.execute(text(_RENEW), at._asdict())
    return int(db.execute(text(_WAITING), {"day": at.day}).scalar_one())


def mixed(db: Connection, at: Days, directives: Iterable[int]) -> int:
    """How many letters of the day that gather speak of other papers too."""
    db.execute(text(_RENEW), at._asdict())
    query = _WAITING + f" AND NOT ({_OWN.format(mine=within(db))})"
    return int(db.execute(text(query), {"day": at.day, "mine": mine(directives)}).scalar_one())


def own_papers(db: Connection, at: Days, directives: Iterable[int]) -> list[int]:
    """Which of these papers the letters speak of that gather and speak of them alone."""
    query = _SPOKEN_OF + f" AND {_OWN.format(mine=within(db))} ORDER BY 1"
    return list(db.execute(text(query), {"day": at.day, "mine": mine(directives)}).scalars())


def seal(store: Store, at: Days, size: int, *, leaves: int, a_week: int = 0, of: Iterable[int] | None = None) -> int:
    """Let the day's letters go, some at a time; what a kill leaves is sealed by the next sweep.

    Who has had `a_week` letters since Monday (0: no bound) hears next week: his letter gathers on. `of`: only those about these papers.
    """
    keys = {"leaves": leaves, "day": at.day, "n": size, "a_week": a_week, "mine": mine(of or ())}
    budget = _BUDGET.format(keys=_keys(at.day)) if a_week else ""
    letters = 0
    while True:
        with store.write() as db:
            alone(db)
            db.execute(text(_RENEW), at._asdict())
            own = "" if of is None else f"AND {_OWN.format(mine=within(db))}"
            sealed = db.execute(text(_SEAL.format(budget=f"{own} {budget}")), keys).rowcount
        letters += sealed
        if sealed < size:
            return letters


def alone(db: Connection) -> None:
    """Two sweepers at once would share a letter, and one might seal it while the other writes."""
    if db.dialect.name != "sqlite":
        db.execute(text("SELECT pg_advisory_xact_lock(20200518)"))


def _keys(day: str) -> str:
    """The keys of a recipient's digests since Monday."""
    today = date.fromisoformat(day)
    week: Iterable[date] = (today - timedelta(days=n) for n in range(1, today.weekday() + 1))
    return ", ".join([f"'digest:{each.isoformat()}:' || notices.recipient" for each in week] or ["''"])


#: Letters that have certainly not left: those that may have are sent again as they were.
_UNSENT = """
UPDATE notices SET state = 'gathering', params = NULL, date = NULL
 WHERE id IN (SELECT id FROM notices
               WHERE state = 'queued' AND lane IN ('digest', 'escalation') AND day < :day AND doubts = 0
               LIMIT :n)"""

#: What did not reach an address that has been mended since: digests gather again, other letters go as they stand.
_MENDED = """
UPDATE notices SET state = CASE WHEN day IS NULL THEN 'queued' ELSE 'gathering' END, params = NULL, date = NULL, sent_at = NULL,
       attempts = 0, doubts = 0
 WHERE id IN (SELECT n.id FROM notices n JOIN agencies a ON a.id = n.recipient AND a.mail_state = 'ok'
               WHERE n.state = 'undeliverable' AND EXISTS (
                     SELECT 1 FROM agency_history h
                      WHERE h.agency = a.id AND h.to_at >= coalesce(n.sent_at, n.not_before) AND h.mail IS DISTINCT FROM a.mail)
               LIMIT :n)"""

_SEVERAL = """
SELECT 1 FROM notices
 WHERE state = 'gathering' AND day IS NOT NULL AND day <= :day
 GROUP BY recipient HAVING count(*) > 1 LIMIT 1"""

#: Of several letters that gather for one reader, the newest keeps the lines.
_MERGE = (
    "DELETE FROM merged",
    """
    INSERT INTO merged (notice, keeper)
    SELECT g.id, g.keeper
      FROM (SELECT id, max(id) OVER (PARTITION BY recipient) AS keeper
              FROM notices
             WHERE state = 'gathering' AND day IS NOT NULL AND day <= :day) g
     WHERE g.id <> g.keeper""",
    """
    UPDATE notice_items SET notice = (SELECT m.keeper FROM merged m WHERE m.notice = notice_items.notice)
     WHERE notice IN (SELECT notice FROM merged)""",
    "UPDATE notices SET state = 'superseded' WHERE id IN (SELECT notice FROM merged)",
)

#: What was gathered for a day on which nobody swept leaves today, in today's letter: one letter a day even after an outage. Of two that
#: wait for one reader the newer is it; the other's lines join what gathers next.
_RENEW = """
UPDATE notices SET day = :day, key = 'digest:' || :day || ':' || recipient
 WHERE id IN (SELECT max(g.id) FROM notices g WHERE g.state = 'gathering' AND g.day IS NOT NULL AND g.day < :day GROUP BY g.recipient)
   AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.key = 'digest:' || :day || ':' || notices.recipient)"""

_NOTICES = (
    # Today's letter while it gathers or where there is none yet; else the next working day's.
    f"""
    INSERT INTO envelopes (recipient, day, key)
    SELECT r.recipient, r.day, 'digest:' || r.day || ':' || r.recipient
      FROM (SELECT s.recipient, CASE WHEN EXISTS (
                       SELECT 1 FROM notices n WHERE n.key = 'digest:' || :day || ':' || s.recipient AND n.state <> 'gathering')
                   THEN :tomorrow ELSE :day END AS day
              FROM (SELECT DISTINCT recipient FROM said) s JOIN agencies a ON a.id = s.recipient AND {HEARS}) r""",
    """
    INSERT INTO notices (key, recipient, lane, day, not_before, state)
    SELECT key, recipient, 'escalation', day, :now, 'gathering' FROM envelopes
     WHERE true
        ON CONFLICT (key) DO NOTHING""",
    "INSERT INTO letters (recipient, notice) SELECT e.recipient, n.id FROM envelopes e CROSS JOIN notices n WHERE n.key = e.key",
)

_ITEMS = """
INSERT INTO notice_items (task, rung, due_version, recipient, notice, after)
SELECT DISTINCT s.task, s.rung, s.due_version, s.recipient, l.notice, s.after
  FROM said s CROSS JOIN letters l
 WHERE l.recipient = s.recipient
    ON CONFLICT DO NOTHING"""

_WAITING = "SELECT count(*) FROM notices WHERE state = 'gathering' AND day IS NOT NULL AND day = :day"

_SPOKEN_OF = """
SELECT DISTINCT k.directive FROM notices JOIN notice_items i ON i.notice = notices.id JOIN tasks k ON k.id = i.task
 WHERE notices.state = 'gathering' AND notices.day = :day"""

#: A letter that speaks of nobody else's papers.
_OWN = """NOT EXISTS (SELECT 1 FROM notice_items o JOIN tasks t ON t.id = o.task
                         WHERE o.notice = notices.id AND t.directive NOT IN {mine})"""

#: A letter with a line for its reader's own work, or for work it takes part in, is a digest; the rest is a leader's.
_SEAL = """
UPDATE notices SET state = 'queued', not_before = :leaves, lane = CASE WHEN EXISTS (
           SELECT 1 FROM notice_items i JOIN tasks k ON k.id = i.task
            WHERE i.notice = notices.id
              AND (k.agency = notices.recipient
                OR EXISTS (SELECT 1 FROM coordinators c WHERE c.duty = k.duty AND c.agency = notices.recipient AND c.lead = k.unit)))
       THEN 'digest' ELSE 'escalation' END
 WHERE id IN (SELECT id FROM notices WHERE state = 'gathering' AND day IS NOT NULL AND day = :day {budget} LIMIT :n)"""

#: Each key is looked up; a letter that was not needed after all costs nothing.
_BUDGET = """
                 AND (SELECT count(*) FROM notices s
                       WHERE s.key IN ({keys}) AND s.state IN ('queued', 'leased', 'sent', 'uncertain', 'failed')) < :a_week"""
