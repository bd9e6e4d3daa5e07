"""The sweep: every task whose hour has come is spoken of once, in sets; each person's lines of a day gather in one letter.

Tasks are never looped over: they fall into cohorts (duty, term, due, rung), the ladder decides for a cohort, statements carry it out.
Temporary tables: `woken` the tasks of a chunk, `decided` what each cohort says, `due` what each task says, `heard` who hears which step,
`said` the lines, `letters` whose they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from directives.language.calendar import Calendar
from directives.language.practice import Practice
from tasks.ladder import saying

from . import breaker, courses, gathering, scratch, speaking
from .gathering import Days
from .hearing import audience
from .issued import Issued, load
from .store import Store
from .types import instant, seconds

CHUNK = 2_000  # tasks a transaction, and letters half as many: 0.1 s of a lock on SQLite, 0.2 s on PostgreSQL


#: Papers by directive and by the event that put their text in force.
Papers = dict[tuple[int, int | None], Issued]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep did: tasks looked at, lines written, letters sealed."""

    tasks: int = 0
    items: int = 0
    letters: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A sweep's instant with what the calendar makes of it; all instants in seconds."""

    now: int
    day: str  # today's letters
    tomorrow: str  # the next working day's, for what comes after today's are sealed
    wake: int  # when the next working day's window opens
    told_by: int  # a lead told by then has had his grace
    asked_since: int  # an undecided request holds the ladder from then on


def moment(now: datetime, calendar: Calendar, practice: Practice) -> Moment | None:
    """The sweep's moment; None on a day off or outside the send window, when nothing is said."""
    local = now.astimezone(practice.tz)
    today = local.date()
    if not calendar.is_working(today) or not practice.opens <= local.time() <= practice.closes:
        return None
    tomorrow = calendar.next_working(today + timedelta(days=1))
    return Moment(
        now=seconds(now), day=today.isoformat(), tomorrow=tomorrow.isoformat(),
        wake=seconds(datetime.combine(tomorrow, practice.opens, practice.tz)),
        told_by=seconds(calendar.day_end(calendar.add_working(today, -practice.grace), practice.tz)),
        asked_since=seconds(calendar.day_end(calendar.add_working(today, -practice.hold - 1), practice.tz)),
    )


def sweep(store: Store, calendar: Calendar, practice: Practice, now: datetime, *, chunk: int = CHUNK) -> Swept:
    """Say what is due by `now`, in chunks until nothing is, then seal the day's letters. Twice is once."""
    at = moment(now, calendar, practice)
    if at is None:
        return Swept()
    papers: Papers = {}
    tasks = items = 0
    while part := _chunk(store, calendar, at, chunk, papers):
        tasks, items = tasks + part[0], items + part[1]
    return Swept(tasks=tasks, items=items, letters=_sealed(store, at, max(1, chunk // 2)))


def _sealed(store: Store, at: Moment, size: int) -> int:
    """Let the day's letters go, some at a time; what a kill leaves is sealed by the next sweep."""
    letters = 0
    while True:
        with store.write() as db:
            _alone(db)
            db.execute(text(_RENEW), {"day": at.day})
            sealed = db.execute(text(_SEAL), {"now": at.now, "day": at.day, "n": size}).rowcount
        letters += sealed
        if sealed < size:
            return letters


def _chunk(store: Store, calendar: Calendar, at: Moment, size: int, papers: Papers) -> tuple[int, int] | None:
    with store.read() as db:  # most sweeps end here, without a writer's lock
        if db.execute(text("SELECT 1 FROM tasks WHERE wake_at IS NOT NULL AND wake_at <= :now LIMIT 1"), {"now": at.now}).first() is None:
            return None
    with store.write() as db:
        _alone(db)
        scratch.lay_out(db)
        # Whoever writes of a task now holds its row: the others are taken, and that one when he is done.
        lock = "" if store.is_sqlite else "FOR NO KEY UPDATE SKIP LOCKED"
        if not (found := db.execute(text(_WOKEN.format(lock=lock)), {"now": at.now, "n": size}).rowcount):
            return None if store.is_sqlite or db.execute(text(_HELD), {"now": at.now}).first() is None else (0, 0)
        _decide(db, calendar, at, papers)
        return found, _say(db, at)


def _alone(db: Connection) -> None:
    """Two sweepers at once would share a letter, and one might seal it while the other writes."""
    if db.dialect.name != "sqlite":
        db.execute(text("SELECT pg_advisory_xact_lock(20200518)"))


def _decide(db: Connection, calendar: Calendar, at: Moment, papers: Papers) -> None:
    decided, heard, aims = [], [], []
    for number, cohort in enumerate(db.execute(text(_COHORTS)).all(), 1):
        issued, waits = _paper(db, cohort, calendar, at, papers)
        said = saying(issued.steps_of(cohort), said=cohort.rung, now=instant(at.now))
        decided.append({
            "cohort": number, "duty": cohort.duty, "term": cohort.term, "due_at": cohort.due_at, "rung": cohort.rung, "child": cohort.child,
            "climbs": bool(said.say and said.say.climbs), "recurring": cohort.recurring,
            "next": seconds(said.wake_at) if said.wake_at else None,
            **{name: step.no if step else None for name, step in (("say", said.say), ("low", said.low), ("first", said.first))},
            **{name: seconds(step.at) if step else None for name, step in (("first_at", said.first), ("last_at", said.last))},
            **asdict(waits),
        })
        spoken = {step.no: step for step in (said.say, said.low, said.first) if step}.values()
        aims += courses.ahead(number, cohort, issued, spoken)
        for step in spoken:
            heard += [{"cohort": number, "step": step.no, "who": who} for who in audience(step, cohort, issued)]
    db.execute(text(_DECIDED), decided)
    if heard:
        db.execute(text(_HEARD), heard)
    speaking.decide(db, now=at.now, today=at.opened, wake=at.wake)
    courses.hush(db, aims)


def _paper(db: Connection, cohort: Row[Any], calendar: Calendar, at: Moment, papers: Papers) -> tuple[Issued, Patience]:
    text_in_force = (cohort.directive, cohort.text)
    if text_in_force not in papers:
        issued = load(db, cohort.directive, calendar)
        papers[text_in_force] = issued, patience(at.today, issued.calendar, issued.practice)
    return papers[text_in_force]


_DUE = "SELECT 1 FROM tasks WHERE wake_at IS NOT NULL AND wake_at <= :now LIMIT 1"

_WOKEN = """
INSERT INTO woken (task, directive, duty, term, due_at, rung, due_version, agency, unit, parent, told_at, state)
SELECT id, directive, duty, term, due_at, rung, due_version, agency, unit, parent, told_at, state
  FROM tasks
 WHERE wake_at IS NOT NULL AND wake_at <= :now
 ORDER BY wake_at
 LIMIT :n {lock}"""

#: Waits for one row that somebody else holds, and holds nothing else meanwhile.
_HELD = "SELECT id FROM tasks WHERE wake_at IS NOT NULL AND wake_at <= :now LIMIT 1 FOR NO KEY UPDATE"

#: What is only striven for never wakes, so that all of them climb.
_COHORTS = """
SELECT c.*, u.clause, u.force, u.recurring, m.begins_at, m.due_at AS term_due_at, m.next_due_at, TRUE AS climbs,
       (SELECT max(x.seq) FROM texts x WHERE x.directive = c.directive) AS text
  FROM (SELECT DISTINCT directive, duty, term, due_at, rung, CASE WHEN parent IS NULL THEN 0 ELSE 1 END AS child FROM woken) c
  JOIN duties u ON u.id = c.duty
  JOIN terms m ON m.duty = c.duty AND m.term = c.term"""

_DECIDED = """
INSERT INTO decided (cohort, duty, term, due_at, rung, child, say, low, climbs, recurring, next)
VALUES (:cohort, :duty, :term, :due_at, :rung, :child, :say, :low, :climbs, :recurring, :next)"""

_HEARD = "INSERT INTO heard (cohort, step, who) VALUES (:cohort, :step, :who)"

#: What each task says. Nobody above hears before the lead has had his grace: meanwhile the latest step that stays with the lead, and
#: tomorrow again. A claim that waits for its confirmation holds the ladder, a pause up to its end; a request for more time, or a return
#: that nobody has decided, does so for a few days. Of a
#: recurring duty only the oldest open term climbs; later ones move on and say nothing, which a step below zero stands for.
_DUE = """
INSERT INTO due (task, duty, unit, agency, parent, due_version, rung, cohort, step, next)
SELECT j.task, j.duty, j.unit, j.agency, j.parent, j.due_version, j.rung, j.cohort,
       CASE WHEN j.recurring AND EXISTS (
                SELECT 1 FROM tasks o WHERE o.duty = j.duty AND o.unit = j.unit AND o.term < j.term AND o.closed_at IS NULL)
            THEN -j.step ELSE j.step END,
       j.next
  FROM (SELECT w.*, c.cohort, c.recurring,
               CASE WHEN w.held THEN NULL WHEN w.untold AND c.climbs THEN c.low ELSE c.say END AS step,
               CASE WHEN w.held OR (w.untold AND c.climbs) THEN :wake ELSE c.next END AS next
          FROM (SELECT k.*, k.told_at IS NULL OR k.told_at > :told_by AS untold,
                       k.state = 'claimed' OR EXISTS (
                           SELECT 1 FROM requests r
                            WHERE r.task = k.task AND r.decided_at IS NULL AND r.asked_at > :asked_since)
                       OR EXISTS (
                           SELECT 1 FROM holds h
                            WHERE h.task = k.task AND h.to_seq IS NULL
                              AND CASE h.kind WHEN 'paused' THEN h.until > :now ELSE h.at > :asked_since END) AS held
                  FROM woken k) w
          JOIN decided c ON c.duty = w.duty AND c.term = w.term AND c.rung = w.rung AND c.due_at IS NOT DISTINCT FROM w.due_at
                        AND c.child = CASE WHEN w.parent IS NULL THEN 0 ELSE 1 END) j"""

#: What was gathered for a day on which nobody swept leaves today, in today's letter: one letter a day even after an outage.
_RENEW = """
UPDATE notices SET day = :day, key = 'digest:' || :day || ':' || recipient
 WHERE state = 'gathering' AND day IS NOT NULL AND day < :day
   AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.key = 'digest:' || :day || ':' || notices.recipient)"""

_NOTICES = (
    # Today's letter while it gathers or where there is none yet; else the next working day's.
    """
    INSERT INTO envelopes (recipient, day, key)
    SELECT r.recipient, r.day, 'digest:' || r.day || ':' || r.recipient
      FROM (SELECT s.recipient, CASE WHEN EXISTS (
                       SELECT 1 FROM notices n WHERE n.key = 'digest:' || :day || ':' || s.recipient AND n.state <> 'gathering')
                   THEN :tomorrow ELSE :day END AS day
              FROM (SELECT DISTINCT recipient FROM said) s JOIN agencies a ON a.id = s.recipient AND a.mail_state <> 'none') r""",
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

_MOVE = """
UPDATE tasks SET (rung, wake_at) = (SELECT coalesce(abs(d.step), tasks.rung), d.next FROM due d WHERE d.task = tasks.id)
 WHERE id IN (SELECT task FROM due)"""

#: A letter with a line for its reader's own work, or for work it takes part in, is a digest; the rest is a leader's.
_SEAL = """
UPDATE notices SET state = 'queued', not_before = :now, lane = CASE WHEN EXISTS (
           SELECT 1 FROM notice_items i JOIN tasks k ON k.id = i.task
            WHERE i.notice = notices.id
              AND (k.agency = notices.recipient
                OR EXISTS (SELECT 1 FROM coordinators c WHERE c.duty = k.duty AND c.agency = notices.recipient AND c.lead = k.unit)))
       THEN 'digest' ELSE 'escalation' END
 WHERE id IN (SELECT id FROM notices WHERE state = 'gathering' AND day IS NOT NULL AND day <= :day LIMIT :n)"""
