"""What answers make of tasks, told once more and apart from the engine: the half of the oracle that knows how tasks end."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from directives.language.expansion import due_after, is_on_event, terms
from directives.language.shapes import Directive, Target
from tests.owed import Key, Task, Times

MEETS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "=": operator.eq}


class Answered:
    """Tasks by paper, and the figures of each agency by day, and its last: numerator and denominator, or value and nothing."""

    def __init__(self, times: Times) -> None:
        self.times = times
        self.tasks: dict[Key, Task] = {}
        self.of: defaultdict[str, list[Task]] = defaultdict(list)  # by number
        self.below: defaultdict[Key, list[Task]] = defaultdict(list)
        self.figures: dict[tuple[str, str, str], tuple[date, int, int | None]] = {}
        self.days: defaultdict[tuple[str, str, str], dict[date, tuple[int, int | None]]] = defaultdict(dict)

    def add(self, task: Task) -> None:
        self.tasks[task.key] = task
        self.of[task.key[0]].append(task)
        if task.above:
            self.below[task.above].append(task)

    def act(self, key: Key, kind: str, now: datetime, until: date | None = None, figure: tuple[int, int | None] = (0, None)) -> None:
        """What was recorded; a refused act is none."""
        task = self.tasks[key]
        if kind in ("received", "progress", "figure", "reject") and not task.closed:
            task.state = "received" if kind == "received" else "claimed" if task.state == "claimed" and kind == "progress" else "progress"
        if kind == "figure":
            self.figures[key[0], str(task.duty.target), key[2]] = (self.times.day(now), *figure)
            self.days[key[0], str(task.duty.target), key[2]][self.times.day(now)] = figure
            self.judge(key[0], now)
        elif kind == "done" and not task.term.key and is_on_event(task.duty):
            task.state = "progress"
        elif kind == "done" and task.duty.confirm:
            task.state, task.claimed = "claimed", now
        elif kind in ("done", "confirm"):
            self.close(task, task.claimed if kind == "confirm" and task.claimed else now, "done")
        elif kind == "undo":
            self.reopen(task, now)
        elif kind == "extend":
            task.asked, task.until = now, until
        elif kind in ("grant", "refuse"):
            task.asked = None
            if kind == "grant" and task.until:
                task.due, task.step, task.items = self.times.ends(task.until, 0), 0, {}
                task.wake = next((at for at, _ in self.times.ladder(task) if at > now), None)

    def close(self, task: Task, counts: datetime, by: str) -> None:
        """The last child closes its parent."""
        task.state, task.closed, task.by, task.wake, task.asked = "done", counts, by, None, None
        parent = self.tasks[task.above] if task.above else None
        children = self.below[parent.key] if parent else []
        if parent and not parent.closed and all(child.closed for child in children):
            self.close(parent, max(child.closed for child in children if child.closed), "children")

    def reopen(self, task: Task, now: datetime) -> None:
        task.state, task.closed, task.claimed = "progress", None, None
        task.wake = next((at for at, _ in self.times.ladder(task) if at > now), None)
        parent = self.tasks[task.above] if task.above else None
        if parent and parent.closed and parent.by == "children":
            self.reopen(parent, now)

    def leaves_of(self, task: Task) -> list[Task]:
        """Those at the foot of a cascade: whoever passes a duty down is judged on what comes up from there."""
        return [leaf for child in self.below[task.key] for leaf in self.leaves_of(child)] or [task]

    def judge(self, number: str, now: datetime) -> None:
        """A figure settles what it meets; a parent is judged on what its children add up to."""
        for task in sorted((task for task in self.of[number] if task.measured and not task.closed), key=lambda task: str(task.due)):
            units = [leaf.unit for leaf in self.leaves_of(task)]
            known = [self.figures.get((number, str(task.duty.target), unit)) for unit in units]
            given = [figure for figure in known if figure]
            if not task.closed and task.due and len(given) == len(units) and meets(sum_of((n, d) for _, n, d in given), task.term.target):
                day = self.times.day(task.due)
                in_time = max(on for on, *_ in given) <= day and now <= self.times.ends(day, self.times.practice.figure_within)
                self.close(task, min(now, task.due) if in_time else now, "figure")

    def heads_short(self, task: Task) -> bool:
        """Whether the line from the first to the last day of what a task is judged by misses its target on the due day.

        A sum is known from the day on which the last of its parts first is; one day makes no line.
        """
        parts = [self.days[task.key[0], str(task.duty.target), leaf.unit] for leaf in self.leaves_of(task)]
        target = task.term.target
        if target is None or task.due is None or not all(parts):
            return False
        first, last = max(min(days) for days in parts), max(max(days) for days in parts)
        was, now = (sum_of(days[max(on for on in days if on <= edge)] for days in parts) for edge in (first, last))
        if first == last or meets(now, target):
            return False
        a_day = Fraction(now - was) / (last - first).days
        reached = Fraction(now) + a_day * (self.times.day(task.due) - last).days
        sense = {"=": ">=" if now < target.value else "<="}.get(target.operator, target.operator)
        return not MEETS[sense](reached, Fraction(target.value))

    def start(self, task: Task, now: datetime) -> None:
        """A date counted from the end of another clause: of its own part of it where it has one, else of everybody's."""
        paper: Directive = task.paper
        of = [each for each in self.of[task.key[0]] if task.duty.due and each.duty.clause == task.duty.due.after]
        ended = [each.closed for each in [each for each in of if each.unit == task.unit] or of]
        later = of and any(term.begins_at > now for term in terms(of[0].duty, paper, self.times.calendar, self.times.practice))
        if ended and all(ended) and not later:
            task.start = max(at for at in ended if at)
            due = due_after(task.duty, paper, self.times.day(task.start), self.times.calendar, self.times.practice)
            task.due = task.first_due = due.at if due else None
            task.wake = None if task.is_striven_for else self.times.window(task.start)


def sum_of(given: Iterable[tuple[int, int | None]]) -> Decimal:
    """Σ numerators / Σ denominators, or Σ of the values; never a mean."""
    known = list(given)
    value = Decimal(sum(n for n, _ in known))
    if whole := sum(d or 0 for _, d in known):
        value = (value * 100 / whole).quantize(Decimal("0.000001"), ROUND_DOWN)
    return value


def meets(value: Decimal, target: Target | None) -> bool:
    return target is not None and bool(MEETS[target.operator](value, target.value))
