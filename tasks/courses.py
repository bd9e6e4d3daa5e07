"""Where a figure is heading: the line through its first and its latest day, against the milestone ahead; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from directives.language.shapes import Target

from .figures import Part, compares, together

Operator = Literal[">=", ">", "<=", "<", "="]

CENT, TENTH, WHOLE = Decimal("0.01"), Decimal("0.1"), Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A figure on the first day on which it was known (`since`, `start`) and on the latest, and what it is to reach by a day."""

    unit: str
    operator: Operator
    goal: Decimal
    by: date
    since: date
    start: Decimal
    on: date
    figure: Decimal

    @property
    def is_reached(self) -> bool:
        """Whether the latest figure meets the target."""
        return compares(self.operator, self.figure, self.goal)

    @property
    def is_known(self) -> bool:
        """Whether there is a line to follow: figures of two days."""
        return self.since < self.on

    @property
    def falls_short(self) -> bool:
        """Whether the line misses the target on its day; a figure of one day says nothing of that, and nothing is made up."""
        if not self.is_known or self.is_reached:
            return False
        span, ahead = (self.on - self.since).days, (self.by - self.on).days
        there = self.figure * span + (self.figure - self.start) * ahead
        return not compares(self._sense, there, self.goal * span)

    @property
    def gap(self) -> Decimal:
        """How far the figure as printed is from the target; 0 where it is reached, or is the very value that "over 90%" excludes."""
        return Decimal() if self.is_reached else abs(self.goal - self.figure.quantize(CENT, rounding=ROUND_FLOOR))

    @property
    def pace(self) -> Decimal | None:
        """The change a week so far, cut toward zero; None without a line."""
        return _cut((self.figure - self.start) * 7 / (self.on - self.since).days, CENT) if self.is_known else None

    @property
    def falls(self) -> bool:
        """Whether the figure has to come down."""
        return self.operator in ("<=", "<") or (self.operator == "=" and self.figure > self.goal)

    def weekly(self, today: date) -> Decimal | None:
        """What each week from `today` must bring, never less than it takes; None where the target's day is not ahead."""
        if today >= self.by:
            return None
        return (self.gap * 7 / (self.by - today).days).quantize(TENTH if self.unit == "%" else WHOLE, rounding=ROUND_CEILING)

    @property
    def _sense(self) -> Operator:
        """What the line must do: to come to an exact value it has to get there from its own side."""
        return self.operator if self.operator != "=" else "<=" if self.falls else ">="


def sentence(course: Course, today: date) -> str:
    """How far the figure is from its milestone and what each week must bring: "thiếu 2,6 điểm, cần 1,2 điểm mỗi tuần"."""
    if course.is_reached:
        return ""
    gap = f"{'vượt' if course.falls else 'thiếu'} {apart(course.gap, course.unit)}" if course.gap else "mới bằng mức, chưa đủ"
    weekly = course.weekly(today)
    need = f", cần {'giảm ' if course.falls else ''}{apart(weekly, course.unit)} mỗi tuần" if weekly else ""
    return f"{gap}{need}{_heading(course) if weekly is not None else ''}"


def apart(value: Decimal, unit: str) -> str:
    """How far two figures are from each other: 1,6 điểm · 3.960 người."""
    whole, _, part = format(abs(value).quantize(CENT, rounding=ROUND_FLOOR), "f").partition(".")
    part = part.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{grouped}{f',{part}' if part else ''} {'điểm' if unit == '%' else unit}"


def course(target: Target, by: date, days: Iterable[tuple[date, Part]], unit: str) -> Course | None:
    """The course of one whose figures of each day are known, each in its unit; None without any."""
    said = sorted(((on, value) for on, (*_, value) in days if value is not None), key=lambda each: each[0])
    if not said:
        return None
    (since, start), (on, figure) = said[0], said[-1]
    return Course(unit=unit, operator=target.operator, goal=target.value, by=by, since=since, start=start, on=on, figure=figure)


def summed(target: Target, by: date, of: Mapping[str, Mapping[date, Part]], unit: str) -> Course | None:
    """The course of what several make together: from the first day on which all of them have a figure. One alone is its own sum."""
    if not of or not all(of.values()):
        return None
    if len(of) == 1:
        return course(target, by, next(iter(of.values())).items(), unit)
    edges = (max(min(days) for days in of.values()), max(max(days) for days in of.values()))
    sums = [together(_known(of.values(), edge), unit) for edge in edges]
    if sums[0] is None or sums[1] is None:
        return None
    return Course(
        unit=unit, operator=target.operator, goal=target.value, by=by, since=edges[0], start=sums[0], on=edges[1], figure=sums[1]
    )


def _known(each: Iterable[Mapping[date, Part]], edge: date) -> Iterator[Part]:
    """The latest figure of each by a day."""
    return (days[max(day for day in days if day <= edge)] for days in each)


def _heading(course: Course) -> str:
    """Where the line leads, said where there is one."""
    if not course.is_known or course.pace is None:
        return ""
    way = "tăng" if course.pace > 0 else "giảm"
    pace = f"{way} {apart(course.pace, course.unit)} mỗi tuần" if course.pace else "chưa chuyển biến"
    return f" (đà từ {course.since.day}/{course.since.month}: {pace}, {'chưa kịp' if course.falls_short else 'sẽ kịp'})"




def _cut(value: Decimal, to: Decimal) -> Decimal:
    return value.quantize(to, rounding="ROUND_DOWN")
