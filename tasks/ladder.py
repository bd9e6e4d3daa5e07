"""When a task is spoken of, and to whom: rungs as instants, and what is to be said at an instant; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count, groupby

from directives.language.calendar import DAY, Calendar, instant, written
from directives.language.expansion import report_plans
from directives.language.periods import rounds, slowest
from directives.language.practice import Practice
from directives.language.shapes import Directive, Every, Rung

WEEK = timedelta(weeks=1)
SHORT = "chưa đủ đà, "
NEAR = ("lead", "with")
GAP = "gap"  # the words of the office's own rung for those whose figures head short


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A rung at its instant. `no` counts from 1 in order of time; `audience` are ids or `lead with head above issuer`.

    `named` is the day that the rung itself names; days off have moved the step where `at` is another.
    """

    no: int
    at: datetime
    audience: tuple[str, ...]
    words: str
    named: date | None = None
    gap: datetime | None = None  # said only of those whose figures head short of what is due then, and only before

    @property
    def climbs(self) -> bool:
        """Whether somebody beyond the lead and those who take part hears of it, so that the grace applies."""
        return not set(self.audience) <= set(NEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What to do now with every task of a cohort (duty, due, rung).

    `say` is the latest rung missed (None: nothing), `low` the latest of them that stays with the lead (None: none), `first` the
    earliest that does not, `last` the one that was said before; `wake_at` is the instant of the next rung (None: the ladder has ended).
    `passed` is the number of the latest rung whose instant has come, whether anybody hears it or not.
    """

    say: Step | None
    low: Step | None
    wake_at: datetime | None
    first: Step | None = None
    last: Step | None = None
    passed: int = 0

    @property
    def spoken(self) -> tuple[Step, ...]:
        """The steps that may be said now, each once."""
        return tuple({step.no: step for step in (self.say, self.low, self.first) if step}.values())


def steps(
    rungs: Iterable[Rung],
    *,
    due_at: datetime,
    begins_at: datetime,
    next_due_at: datetime | None,
    calendar: Calendar,
    practice: Practice,
    measured: bool = False,
) -> tuple[Step, ...]:
    """The rungs of a dated task in order of time; of what is `measured` one more, for those whose figures head short.

    Dropped: what falls before the task begins, and what does not fall before the day on which the next term is due.
    Rungs that days off bring to the same morning are one step, which says what the later would have said.
    """
    due = due_at.astimezone(practice.tz).date()
    ends = next_due_at.astimezone(practice.tz).date() if next_due_at else date.max
    all_of_them = [*rungs, *([gap_rung(practice)] if measured and practice.gap else [])]
    placed = sorted(((*_days(rung, due, calendar), rung) for rung in all_of_them), key=lambda place: place[:2])
    mornings = [(day, list(same)) for day, same in groupby(placed, key=lambda place: place[0]) if day < ends]
    begun = [(at, said) for day, said in mornings if (at := instant(day, practice.opens, practice.tz)) >= begins_at]
    return tuple(_step(no, at, said, due_at, practice) for no, (at, said) in enumerate(begun, start=1))


def _step(no: int, at: datetime, said: Sequence[tuple[date, date, Rung]], due_at: datetime, practice: Practice) -> Step:
    """The rungs of one morning; one that speaks only of some gives way to those that speak of all."""
    every = [place for place in said if place[2].words != GAP] or said
    _, named, last = every[-1]
    words = _said(last, at, due_at.astimezone(practice.tz).date(), practice)
    return Step(
        no=no, at=at, audience=_joined([rung for *_, rung in every]), words=words,
        named=named, gap=due_at if last.words == GAP else None,
    )


def gap_rung(practice: Practice) -> Rung:
    """The office's own rung before a milestone, for those whose figures head short of it."""
    return Rung(words=GAP, side="before", count=practice.gap, working=True, audience=("lead",))


def prefaced(ladder: Iterable[Step], at: datetime, words: str) -> tuple[Step, ...]:
    """A ladder with a step before it, which only the lead hears."""
    first = Step(no=1, at=at, audience=("lead",), words=words)
    return (first, *(replace(step, no=step.no + 1) for step in ladder))


def near(ladder: Iterable[Step]) -> tuple[Step, ...]:
    """The same steps by the same numbers, heard by nobody beyond the lead and those who take part: one for others alone is nobody's."""
    return tuple(replace(step, audience=tuple(who for who in step.audience if who in NEAR)) for step in ladder)


def asks(rhythm: Every, *, begins_at: datetime, at_once: bool, calendar: Calendar, practice: Practice) -> Iterator[Step]:
    """Yield, endlessly, when a standing task is asked for news: once a report round, some working days before it.

    What is to be done at once is first asked for each working day for one week.
    """
    day_ends = calendar.day_end(begins_at.astimezone(practice.tz).date(), practice.tz)  # on the day itself the first letter says it all
    week_ends = begins_at + WEEK if at_once else day_ends
    daily = ((at, "việc cần làm ngay") for at in _mornings(day_ends, week_ends, calendar, practice))
    numbers = count(1)
    for at, words in daily:
        yield Step(no=next(numbers), at=at, audience=("lead",), words=words)
    latest = week_ends - timedelta(seconds=1)
    for round_at in rounds(rhythm, begins_at.astimezone(practice.tz).date(), calendar, practice):
        day = round_at.astimezone(practice.tz).date()
        at = instant(calendar.add_working(day, -practice.ask_before), practice.opens, practice.tz)
        if at > latest:
            yield Step(no=next(numbers), at=at, audience=("lead",), words=f"kỳ báo cáo {written(day)}")
            latest = at


def saying(ladder: Iterable[Step], *, said: int, now: datetime) -> Saying:
    """What `now` asks to be said of a task whose last rung said was `said`; missed rungs collapse to the latest that is somebody's."""
    say = low = first = last = None
    passed = 0
    for step in ladder:
        if step.no <= said or (step.gap and step.gap <= now):
            last = step if step.no == said else last
            continue
        if step.at > now:
            return Saying(say=say, low=low, first=first, last=last, wake_at=step.at, passed=passed)
        passed = step.no
        if step.audience:
            say, low, first = step, low if step.climbs else step, first or (step if step.climbs else None)
    return Saying(say=say, low=low, first=first, last=last, wake_at=None, passed=passed)


def ask_rhythm(directive: Directive, practice: Practice) -> Every:
    """How often standing tasks are asked for news: in the slowest rhythm of the directive's reports, else the office's."""
    return slowest([plan.every for plan in report_plans(directive, practice)] or [practice.rhythm])


def _said(rung: Rung, at: datetime, due: date, practice: Practice) -> str:
    """A rung's words; one for the due day itself that a day off moved forward names the day."""
    moved = not rung.count and at.astimezone(practice.tz).date() != due
    return f"đến hạn {due.day}/{due.month}" if moved else words_of(rung)


def words_of(rung: Rung) -> str:
    """A rung as letters say it: "còn 1 ngày", "quá hạn 5 ngày làm việc"."""
    if not rung.count:
        return "đến hạn hôm nay"
    short = SHORT if rung.words == GAP else ""
    return f"{short}{'còn' if rung.side == 'before' else 'quá hạn'} {rung.count} ngày{' làm việc' if rung.working else ''}"


def _days(rung: Rung, due: date, calendar: Calendar) -> tuple[date, date]:
    """The working day on which a rung is said, and the day that it names."""
    signed = rung.count if rung.side == "late" else -rung.count
    named = calendar.add_working(due, signed) if rung.working else due + signed * DAY
    return (calendar.next_working(named) if rung.side == "late" else calendar.previous_working(named)), named


def _joined(rungs: Sequence[Rung]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for rung in rungs for word in rung.audience))


def _mornings(since: datetime, until: datetime, calendar: Calendar, practice: Practice) -> Iterator[datetime]:
    """When the office opens on working days, from `since` up to `until`."""
    day = since.astimezone(practice.tz).date()
    while (at := instant(day, practice.opens, practice.tz)) < until:
        if at >= since and calendar.is_working(day):
            yield at
        day += DAY
