"""The sweep: every task whose hour has come is spoken of once, in sets; each person's lines of a day gather in one letter.

Tasks are never looped over: they fall into cohorts (duty, term, due, rung), the ladder decides for a cohort, statements carry it out.
Temporary tables: `woken` the tasks of a chunk, `decided` what each cohort says, `due` what each task says, `hearers` who hears which step,
`said` the lines, `letters` whose they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, text

from directives.language.calendar import DAY, Calendar
from directives.language.practice import Practice
from tasks.ladder import Saying, saying

from . import breaker, courses, gathering, hours, scratch, speaking
from .gathering import Days
from .hearing import audience
from .issued import Issued, load
from .store import Store
from .trying import persistent
from .types import instant, seconds

CHUNK = 2_000  # tasks a transaction, and letters half as many: 0.1 s of a lock on SQLite, 0.2 s on PostgreSQL


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep did: tasks looked at, lines written, letters sealed; `held` are letters that wait for `dondoc release`."""

    tasks: int = 0
    items: int = 0
    letters: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A sweep's instant with what the calendar makes of it; all instants in seconds."""

    now: int
    today: date
    day: str  # today's letters
    tomorrow: str  # the next working day's, for what comes after today's are sealed
    opened: int  # when today's window opened
    wake: int  # when the next working day's window opens

    @property
    def days(self) -> Days:
        """Where lines go."""
        return Days(self.day, self.tomorrow, self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """What a directive's own habits, as of its issue, make of today; all instants in seconds."""

    told_by: int  # a lead told by then has had his grace
    told_prev: int  # who was told by then had had it on the working day before
    asked_since: int  # an undecided request holds the ladder from then on
    asked_prev: int  # … and on the working day before held it from then on


def moment(now: datetime, calendar: Calendar, practice: Practice) -> Moment | None:
    """The sweep's moment; None on a day off or outside the send window, when nothing is said."""
    local = now.astimezone(practice.tz)
    today = local.date()
    if not calendar.is_working(today) or not practice.opens <= local.time() <= practice.closes:
        return None
    tomorrow = calendar.next_working(today + timedelta(days=1))
    return Moment(
        now=seconds(now), today=today, day=today.isoformat(), tomorrow=tomorrow.isoformat(),
        opened=seconds(datetime.combine(today, practice.opens, practice.tz)),
        wake=seconds(datetime.combine(tomorrow, practice.opens, practice.tz)),
    )


def patience(today: date, calendar: Calendar, practice: Practice) -> Patience:
    """How long today's rungs wait for the lead and for the issuer."""
    ends, before = partial(calendar.day_end, tz=practice.tz), calendar.previous_working(today - DAY)
    return Patience(
        told_by=seconds(ends(calendar.add_working(today, -practice.grace))),
        told_prev=seconds(ends(calendar.add_working(before, -practice.grace))),
        asked_since=seconds(ends(calendar.add_working(today, -practice.hold - 1))),
        asked_prev=seconds(ends(calendar.add_working(before, -practice.hold - 1))),
    )


#: Papers by directive and by the event that put their text in force, each with its patience.
Papers = dict[tuple[int, int | None], tuple[Issued, Patience]]


@persistent
def sweep(store: Store, calendar: Calendar, practice: Practice, now: datetime, *, chunk: int = CHUNK) -> Swept:
    """Say what is due by `now`, in chunks until nothing is, then seal the day's letters. Twice is once.

    Nothing is said while an earlier run is held, nor while the clock shows less than it did.
    """
    at = moment(now, calendar, practice)
    if at is None:
        return Swept()
    with store.read() as db:
        if (held := breaker.stop(db)) or breaker.went_back(db, now):
            return Swept(held=held.wanted if held else 0)
    if _is_due(store, at):
        breaker.foresee(store, at.today, practice)
    gathering.left_over(store, at.days, chunk)
    papers: Papers = {}
    tasks = items = 0
    while part := _chunk(store, calendar, at, chunk, papers):
        tasks, items = tasks + part[0], items + part[1]
    letters, waits = _sealed(store, at, practice, max(1, chunk // 2))
    breaker.foresee(store, calendar.next_working(at.today + DAY), practice)
    return Swept(tasks=tasks, items=items, letters=letters, held=waits)


def _sealed(store: Store, at: Moment, practice: Practice, size: int) -> tuple[int, int]:
    """Let the day's letters go, unless they are far more than were foreseen: how many went, how many are held."""
    with store.write() as db:
        gathering.alone(db)
        breaker.ran(db, instant(at.now))
        wanted, expected = gathering.waiting(db, at.days), breaker.foreseen(db, at.today) or 0
        if breaker.too_many(wanted, expected):
            breaker.hold(db, instant(at.now), wanted, expected)
            return 0, wanted
    return gathering.seal(store, at.days, size, leaves=at.now, a_week=practice.letters_a_week) if wanted else 0, 0


def _is_due(store: Store, at: Moment) -> bool:
    """Whether any task wakes: most sweeps end here, without a writer's lock."""
    with store.read() as db:
        first = db.execute(text(_FIRST)).scalar()
    return first is not None and first <= at.now


def _chunk(store: Store, calendar: Calendar, at: Moment, size: int, papers: Papers) -> tuple[int, int] | None:
    if not _is_due(store, at):
        return None
    with store.write() as db:
        gathering.alone(db)
        scratch.lay_out(db)
        # Whoever writes of a task now holds its row: the others are taken, and that one when he is done.
        lock = "" if store.is_sqlite else "FOR NO KEY UPDATE SKIP LOCKED"
        if not (found := db.execute(text(_WOKEN.format(lock=lock)), {"now": at.now, "n": size}).rowcount):
            return None if store.is_sqlite or db.execute(text(_HELD), {"now": at.now}).first() is None else (0, 0)
        _decide(db, calendar, at, papers)
        speaking.lines(db)
        items = hours.put(db, at.days) + gathering.put(db, at.days)
        speaking.move(db, at.now)
        return found, items


def _decide(db: Connection, calendar: Calendar, at: Moment, papers: Papers) -> None:
    decided: list[dict[str, Any]] = []
    heard, aims = [], []
    for cohort in db.execute(text(_COHORTS)).all():
        issued, waits = _paper(db, cohort, calendar, at, papers)
        for course, of in enumerate(_sayings(issued, cohort, instant(at.now))):
            number = len(decided) + 1
            presses = hours.presses(cohort.due_at, issued.practice.tz, at.now, at.wake)
            decided.append({"cohort": number, "course": course, "presses": presses, **_decided(cohort, of), **asdict(waits)})
            aims += courses.ahead(number, cohort, issued, of.spoken)
            for step in of.spoken:
                heard += [{"cohort": number, "step": step.no, "who": who} for who in audience(step, cohort, issued)]
    db.execute(text(_DECIDED), decided)
    if heard:
        db.execute(text(_HEARD), heard)
    courses.part(db, aims)
    speaking.decide(db, now=at.now, today=at.opened, wake=at.wake)


def _sayings(issued: Issued, cohort: Row[Any], now: datetime) -> Iterator[Saying]:
    """What is said of a cohort and, where that speaks only of those who head short, what is said of those on course instead."""
    yield (said := saying(issued.steps_of(cohort), said=cohort.rung, now=now))
    if any(step.gap for step in said.spoken):
        others = (replace(step, audience=()) if step.gap else step for step in issued.steps_of(cohort))
        yield saying(others, said=cohort.rung, now=now)


def _decided(cohort: Row[Any], said: Saying) -> dict[str, Any]:
    """What a cohort says; steps that are nobody's, or not this cohort's, are passed in silence: by their number below zero."""
    return {
        "duty": cohort.duty, "term": cohort.term, "due_at": cohort.due_at, "rung": cohort.rung, "child": cohort.child,
        "climbs": bool(said.say and said.say.climbs), "recurring": cohort.recurring,
        "say": said.say.no if said.say else -said.passed or None, "next": seconds(said.wake_at) if said.wake_at else None,
        **{name: step.no if step else None for name, step in (("low", said.low), ("first", said.first))},
        **{name: seconds(step.at) if step else None for name, step in (("first_at", said.first), ("last_at", said.last))},
    }


def _paper(db: Connection, cohort: Row[Any], calendar: Calendar, at: Moment, papers: Papers) -> tuple[Issued, Patience]:
    text_in_force = (cohort.directive, cohort.text)
    if text_in_force not in papers:
        issued = load(db, cohort.directive, calendar)
        papers[text_in_force] = issued, patience(at.today, issued.calendar, issued.practice)
    return papers[text_in_force]


#: By the index alone: of a statement that asks for one row by a time not known to its plan, PostgreSQL reads a million.
_FIRST = "SELECT wake_at FROM tasks WHERE wake_at IS NOT NULL ORDER BY wake_at LIMIT 1"

_WOKEN = """
INSERT INTO woken (task, directive, duty, term, due_at, rung, due_version, agency, unit, parent, told_at, state)
SELECT id, directive, duty, term, due_at, rung, due_version, agency, unit, parent, told_at, state
  FROM tasks
 WHERE wake_at IS NOT NULL AND wake_at <= :now
 ORDER BY wake_at
 LIMIT :n {lock}"""

#: Waits for one row that somebody else holds, and holds nothing else meanwhile.
_HELD = "SELECT id FROM tasks WHERE wake_at IS NOT NULL AND wake_at <= :now ORDER BY wake_at LIMIT 1 FOR NO KEY UPDATE"

#: What is only striven for never wakes, so that all of them climb.
_COHORTS = """
SELECT c.*, u.clause, u.force, u.recurring, m.begins_at, m.due_at AS term_due_at, m.next_due_at, TRUE AS climbs,
       (SELECT max(x.seq) FROM texts x WHERE x.directive = c.directive) AS text
  FROM (SELECT DISTINCT directive, duty, term, due_at, rung, CASE WHEN parent IS NULL THEN 0 ELSE 1 END AS child FROM woken) c
  JOIN duties u ON u.id = c.duty
  JOIN terms m ON m.duty = c.duty AND m.term = c.term"""

_DECIDED = """
INSERT INTO decided (cohort, course, duty, term, due_at, rung, child, say, low, first, first_at, climbs, recurring, next,
                     told_by, last_at, told_prev, asked_since, asked_prev, presses)
VALUES (:cohort, :course, :duty, :term, :due_at, :rung, :child, :say, :low, :first, :first_at, :climbs, :recurring, :next,
        :told_by, :last_at, :told_prev, :asked_since, :asked_prev, :presses)"""

_HEARD = "INSERT INTO hearers (cohort, step, who) VALUES (:cohort, :step, :who)"
