"""What each woken task says: in sets, by what its cohort decided and by what its own lead has really been told."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tasks.letters import UNHEARD

from . import scratch
from .hearing import SAID, UNREACHED


def decide(db: Connection, *, now: int, today: int, wake: int) -> None:
    """Put every task of the chunk into `due` with the step that it says; `today` is when the day opened."""
    db.execute(text(_DUE), {"now": now, "today": today, "wake": wake})


def lines(db: Connection) -> None:
    """Every line that somebody hears goes into `said`."""
    scratch.learn(db, "due", "hearers")
    unreached = UNREACHED if db.execute(text("SELECT 1 FROM due WHERE unheard IS NOT NULL LIMIT 1")).first() else ()
    for statement in (*SAID, *unreached, *_ALONE):
        db.execute(text(statement))
    scratch.learn(db, "said")


def move(db: Connection, now: int) -> None:
    """Let the tasks go on to their next instant, and keep which rungs are never said."""
    db.execute(text(_SKIPPED), {"now": now})
    db.execute(text(_MOVE))
    db.execute(text(_ANSWERED), {"now": now})


#: A letter to the lead with a line of this task, as its date stands.
_LETTER = """
       SELECT 1 FROM notice_items i JOIN notices n ON n.id = i.notice
        WHERE i.task = x.task AND i.recipient = x.agency AND i.due_version = x.due_version"""

#: A letter that has not left, or never arrived, with none after it that did in time; or his last reminder left so late that his grace
#: has not passed.
_UNHEARD = f"""(EXISTS ({_LETTER} AND n.state NOT IN ('sent', 'superseded', 'expired')
          AND NOT EXISTS (
              SELECT 1 FROM notice_items i2 JOIN notices n2 ON n2.id = i2.notice
               WHERE i2.task = x.task AND i2.recipient = x.agency AND i2.due_version = x.due_version
                 AND n2.id > n.id AND n2.state = 'sent' AND n2.sent_at <= x.told_by))
          OR (x.last_at <= x.told_by AND EXISTS ({_LETTER} AND i.rung = x.rung AND n.state = 'sent' AND n.sent_at > x.told_by)))"""

#: The lead has had his grace since a letter that left after the step was missed.
_WARNED = f"EXISTS ({_LETTER} AND n.state = 'sent' AND n.sent_at >= x.first_at AND n.sent_at <= x.told_by)"

#: A request or a return whose days of holding have just run out.
_FREED = """(EXISTS (SELECT 1 FROM requests r
                      WHERE r.task = x.task AND r.decided_at IS NULL AND r.asked_at > x.asked_prev AND r.asked_at <= x.asked_since)
          OR EXISTS (SELECT 1 FROM holds h
                      WHERE h.task = x.task AND h.to_seq IS NULL AND h.kind = 'returned' AND h.at > x.asked_prev
                        AND h.at <= x.asked_since))"""

_HELD = """(k.state = 'claimed'
         OR EXISTS (SELECT 1 FROM requests r WHERE r.task = k.task AND r.decided_at IS NULL AND r.asked_at > c.asked_since)
         OR EXISTS (SELECT 1 FROM holds h
                     WHERE h.task = k.task AND h.to_seq IS NULL
                       AND CASE h.kind WHEN 'paused' THEN h.until > :now ELSE h.at > c.asked_since END))"""

#: held    a claim waits for its confirmation, a pause for its end; a request for more time or an undecided return for a few days
#: silent  an older term of the duty is open, and of a recurring duty only the oldest speaks: this one moves on
#: low     nobody above hears before the lead has had his grace: the latest step that stays with him, and tomorrow again
#: warn    a step above him could not be said on its day: he hears of it first, alone, and those above when he has had his grace
#: first   nobody has decided for too long: the ladder goes on at the rung at which it stood
_FATE = f"""
       CASE WHEN x.held THEN 'held'
            WHEN x.recurring AND EXISTS (
                 SELECT 1 FROM tasks o WHERE o.duty = x.duty AND o.unit = x.unit AND o.term < x.term AND o.closed_at IS NULL) THEN 'silent'
            WHEN NOT x.climbs THEN 'said'
            WHEN x.told_at IS NULL OR x.told_at > x.told_by THEN 'low'
            WHEN {_UNHEARD} THEN CASE WHEN x.first_at < :today THEN 'warn' ELSE 'low' END
            WHEN x.first IS NOT NULL AND {_FREED} THEN 'first'
            WHEN x.first_at < :today AND x.told_at <= x.told_prev AND NOT {_WARNED} THEN 'warn'
            ELSE 'said' END"""

#: What is said silently is a step below zero; what those above hear in its place, while the lead's letters come back, further below, once;
#: what comes back after a receipt and silence, a day below zero. Materialized, or SQLite works a task's fate out anew wherever it is named.
_DUE = f"""
INSERT INTO due (task, duty, unit, agency, parent, due_version, rung, cohort, step, warn, unheard, again, why, next)
WITH x AS MATERIALIZED (
    SELECT k.task, k.duty, k.term, k.unit, k.agency, k.parent, k.due_version, k.rung, k.told_at, k.state,
           c.cohort, c.recurring, c.climbs, c.say, c.low, c.first, c.first_at, c.next,
           c.told_by, c.last_at, c.told_prev, c.asked_since, c.asked_prev, a.again_at, {_HELD} AS held
      FROM woken k
      JOIN decided c ON c.duty = k.duty AND c.term = k.term AND c.rung = k.rung
                    AND c.due_at IS NOT DISTINCT FROM k.due_at
                    AND c.child = CASE WHEN k.parent IS NULL THEN 0 ELSE 1 END AND c.course = k.course
      LEFT JOIN acknowledged a ON a.task = k.task
), y AS MATERIALIZED (
    SELECT x.*, {_FATE} AS fate FROM x
), j AS (
    SELECT y.*, CASE WHEN y.fate IN ('said', 'silent') OR (y.fate = 'first' AND y.first = y.say) THEN y.next ELSE :wake END AS later FROM y
)
SELECT j.task, j.duty, j.unit, j.agency, j.parent, j.due_version, j.rung, j.cohort,
       CASE j.fate WHEN 'said' THEN j.say WHEN 'silent' THEN -abs(j.say) WHEN 'first' THEN j.first WHEN 'low' THEN j.low END,
       CASE WHEN j.fate = 'warn' AND NOT EXISTS (
                 SELECT 1 FROM notice_items i
                  WHERE i.task = j.task AND i.rung = j.say AND i.due_version = j.due_version AND i.recipient = j.agency)
            THEN j.say END,
       CASE WHEN j.fate IN ('low', 'warn') AND (SELECT g.mail_state FROM agencies g WHERE g.id = j.agency) = 'bad' AND NOT EXISTS (
                 SELECT 1 FROM notice_items i WHERE i.task = j.task AND i.rung = {UNHEARD} - j.say AND i.due_version = j.due_version)
            THEN j.say END,
       CASE WHEN j.again_at <= :now AND j.state = 'received' AND NOT j.held THEN -(j.again_at / 86400) END,
       CASE WHEN j.fate = 'first' THEN 'held' WHEN j.told_at > j.told_prev THEN 'grace' ELSE 'missed' END,
       CASE WHEN j.again_at > :now AND (j.later IS NULL OR j.again_at < j.later) THEN j.again_at ELSE j.later END
  FROM j"""

_SKIPPED = """
INSERT INTO skips (task, rung, due_version, after, at, why)
SELECT task, step, due_version, rung, :now, why FROM due
 WHERE step > rung + 1
    ON CONFLICT DO NOTHING"""

#: What only the lead hears.
_ALONE = tuple(f"""
INSERT INTO said (recipient, task, rung, due_version, after)
SELECT agency, task, {line}, due_version, rung FROM due WHERE {line} IS NOT NULL""" for line in ("warn", "again"))

_MOVE = """
UPDATE tasks SET (rung, wake_at) = (SELECT coalesce(abs(d.step), tasks.rung), d.next FROM due d WHERE d.task = tasks.id)
 WHERE id IN (SELECT task FROM due)"""

_ANSWERED = "DELETE FROM acknowledged WHERE again_at <= :now AND task IN (SELECT task FROM due WHERE again IS NOT NULL)"
