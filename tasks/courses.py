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
Lang = Literal["vi", "en"]

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


def sentence(course: Course, today: date, lang: Lang = "vi") -> str:
    """How far the figure is from its milestone and what each week must bring: "thiếu 2,6 điểm, cần 1,2 điểm mỗi tuần"."""
    if course.is_reached:
        return ""
    say, weekly = _WORDS[lang], course.weekly(today)
    way = say["over" if course.falls else "short"]
    gap = way.format(apart(course.gap, course.unit, lang)) if course.gap else say["level"]
    need = say["to fall" if course.falls else "needs"].format(apart(weekly, course.unit, lang)) if weekly else ""
    return gap + need + (_heading(course, weekly, lang) if weekly is not None else "")


def apart(value: Decimal, unit: str, lang: Lang = "vi") -> str:
    """How far two figures are from each other: 1,6 điểm · 3.960 người."""
    whole, _, part = f"{abs(value).quantize(CENT, rounding=ROUND_FLOOR):,f}".partition(".")
    part = part.rstrip("0")
    shown, said = f"{whole}{f'.{part}' if part else ''}", _WORDS[lang]["points"] if unit == "%" else unit
    return f"{shown if lang == 'en' else shown.translate(_MARKS)} {said}"


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


def _heading(course: Course, weekly: Decimal, lang: Lang) -> str:
    """Where the line leads, said where there is one; of a figure that is not of today, what it takes for granted."""
    if not course.is_known or course.pace is None:
        return ""
    say = _WORDS[lang]
    pace = say["up" if course.pace > 0 else "down"].format(apart(course.pace, course.unit, lang)) if course.pace else say["still"]
    leads = say["slow"] if course.falls_short else say["meets" if abs(course.pace) >= weekly else "may meet"]
    since, on = (f"{day.day}/{day.month}" for day in (course.since, course.on))
    return say["line"].format(since=since, pace=pace, leads=leads.format(on))


def _cut(value: Decimal, to: Decimal) -> Decimal:
    return value.quantize(to, rounding="ROUND_DOWN")


_MARKS = str.maketrans(",.", ".,")

_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "vi": {
        "short": "thiếu {}", "over": "vượt {}", "level": "mới bằng mức, chưa đủ", "points": "điểm",
        "needs": ", cần {} mỗi tuần", "to fall": ", cần giảm {} mỗi tuần",
        "up": "tăng {} mỗi tuần", "down": "giảm {} mỗi tuần", "still": "chưa chuyển biến",
        "line": " (đà từ {since}: {pace}, {leads})", "slow": "chưa kịp", "meets": "sẽ kịp", "may meet": "kịp nếu từ {} vẫn giữ đà ấy",
    },
    "en": {
        "short": "short by {}", "over": "over by {}", "level": "just level, not enough", "points": "points",
        "needs": ", needs {} a week", "to fall": ", needs to fall {} a week",
        "up": "up {} a week", "down": "down {} a week", "still": "no movement",
        "line": " (since {since}: {pace}, {leads})", "slow": "too slow", "meets": "on course",
        "may meet": "on course if it has kept up since {}",
    },
}  # fmt: skip
