"""What an agency owes and when it is spoken of, told once more and apart from the engine: the half of the oracle that knows one task."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from directives.language.calendar import DAY, Calendar, instant
from directives.language.expansion import Term, has_rhythm, is_asked_about, report_plans
from directives.language.periods import rounds, slowest
from directives.language.practice import Practice
from directives.language.shapes import Directive, Duty

Key = tuple[str, str, str, str]  # number, clause, unit, term
Said = tuple[datetime, tuple[str, ...]]  # when, to whom
SLOW = "slow"  # the lead, where its figures head short of what is due


class Begun(NamedTuple):
    """A term of a duty and the one after it."""

    begins: datetime
    paper: Directive
    duty: Duty
    term: Term
    after: Term | None


def heard(task: Task, word: str) -> bool:
    """A request is nobody's business but theirs of whom it was asked."""
    return task.duty.force == "do" or word in ("lead", "with", SLOW)


class Task:
    """`step` is the last rung said, `wake` the instant of the next, `by` what closed it, `start` when its clock began to run."""

    told: datetime | None = None
    closed: datetime | None = None
    claimed: datetime | None = None
    asked: datetime | None = None
    wake: datetime | None = None
    start: datetime | None = None
    until: date | None = None
    state, step, by = "open", 0, ""

    def __init__(self, begun: Begun, unit: str, above: str | None) -> None:
        self.begins, self.paper, self.duty, term, after = begun
        self.unit, self.term = unit, term
        self.key: Key = (str(self.paper.number), self.duty.clause, unit, term.key)
        self.above: Key | None = (*self.key[:2], above, term.key) if above else None
        self.items: dict[tuple[str, int], datetime] = {}  # which rung was said to whom, of this date
        self.due = self.first_due = term.due.at if term.due else None
        self.next_due = after.due.at if after and after.due and has_rhythm(self.duty) else None

    @property
    def measured(self) -> bool:
        return isinstance(self.duty.target, str) and self.due is not None

    @property
    def is_striven_for(self) -> bool:
        return self.term.target is not None and self.term.target.soft

    @property
    def waits(self) -> bool:
        return self.due is None and self.duty.due is not None and self.duty.due.after is not None


@dataclass(frozen=True)
class Times:
    """Days and instants of an office."""

    calendar: Calendar
    practice: Practice

    def day(self, at: datetime) -> date:
        return at.astimezone(self.practice.tz).date()

    def morning(self, day: date) -> datetime:
        return instant(day, self.practice.opens, self.practice.tz)

    def ends(self, day: date, working: int) -> datetime:
        return self.calendar.day_end(self.calendar.add_working(day, working), self.practice.tz)

    def window(self, at: datetime, minutes: int = 0) -> datetime:
        return self.calendar.window(at, self.practice, minutes=minutes)

    def ladder(self, task: Task) -> Iterator[Said]:
        """Rungs around a date; rounds of asking where there is none."""
        if task.due is None:
            return self.asks(task) if task.term.key or is_asked_about(task.duty) else iter(())
        if task.start is None or task.due != task.first_due:
            return self.rungs(task, task.begins)
        return iter(((self.window(task.start), ("lead",)), *self.rungs(task, self.window(task.start))))

    def rungs(self, task: Task, begins: datetime) -> Iterator[Said]:
        assert task.due
        due, placed = self.day(task.due), list[tuple[date, date, tuple[str, ...]]]()
        cut = self.day(task.next_due) if task.next_due and task.due == task.first_due else date.max
        for rung in self.practice.ladder if task.paper.escalation is None else task.paper.escalation:
            count = rung.count if rung.side == "late" else -rung.count
            named = self.calendar.add_working(due, count) if rung.working else due + count * DAY
            worked = self.calendar.next_working if rung.side == "late" else self.calendar.previous_working
            placed.append((worked(named), named, rung.audience))
        if task.measured and self.practice.gap:
            named = self.calendar.add_working(due, -self.practice.gap)
            placed.append((self.calendar.previous_working(named), named, (SLOW,)))
        placed = [] if task.is_striven_for else sorted(placed, key=lambda place: place[:2])
        for day, same in groupby(placed, key=lambda place: place[0]):
            audiences = [audience for *_, audience in same]
            for_all = [audience for audience in audiences if audience != (SLOW,)] or audiences
            if day < cut and self.morning(day) >= begins:
                yield self.morning(day), tuple(who for audience in for_all for who in audience if heard(task, who))

    def asks(self, task: Task) -> Iterator[Said]:
        first = self.day(task.begins)
        latest = self.calendar.day_end(first, self.practice.tz)
        if task.duty.due and task.duty.due.form == "at once":
            for day in (first + n * DAY for n in range(1, 9)):
                if self.calendar.is_working(day) and self.morning(day) < task.begins + 7 * DAY:
                    yield self.morning(day), ("lead",)
            latest = task.begins + 7 * DAY
        rhythm = slowest([plan.every for plan in report_plans(task.paper, self.practice)] or [self.practice.rhythm])
        for at in rounds(rhythm, first, self.calendar, self.practice):
            asked = self.morning(self.calendar.add_working(self.day(at), -self.practice.ask_before))
            if asked > latest:
                yield asked, ("lead",)
                latest = asked
