"""An indicator as a picture: its measured line against the steps of its milestones, as SVG without a library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tasks.measured import Line

from . import scales
from .labels import Box, Label, Point, Wish, box_of, place
from .measures import measure
from .targets import Mark, marks
from .tongues import say
from .typesetting import TEMPLATES
from .vietnamese import amount, decimal, near, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """A sheet of `width` × `height` pixels with its two scales."""

    width: int
    height: int
    size: int
    first: date
    last: date
    levels: tuple[float, ...]

    @property
    def frame(self) -> Box:
        """Where things are drawn; the rest is for the axes' words."""
        return Box(left=self.size * 3.4, top=self.size * 1.8, right=self.width - 4, bottom=self.height - self.size * 1.9)

    def x(self, day: date) -> float:
        """A day from the left."""
        part = (day - self.first).days / (self.last - self.first).days
        return round(self.frame.left + part * (self.frame.right - self.frame.left), 1)

    def y(self, value: Decimal | float) -> float:
        """A value from the top."""
        part = (float(value) - self.levels[0]) / (self.levels[-1] - self.levels[0])
        return round(self.frame.bottom - part * (self.frame.bottom - self.frame.top), 1)

    def at(self, day: date, value: Decimal) -> Point:
        """Where a value of a day is drawn."""
        return self.x(day), self.y(value)


def wide(line: Line, today: date) -> str:
    """The picture for paper and broad screens, 720 pixels; "" where there is neither a figure nor a milestone."""
    return _svg(line, today, width=720, height=250, size=13)


def narrow(line: Line, today: date) -> str:
    """The same for a telephone, 340 pixels, since letters that shrink with their picture cannot be read."""
    return _svg(line, today, width=340, height=240, size=12)


def _svg(line: Line, today: date, *, width: int, height: int, size: int) -> str:
    if not line.points and not line.milestones:
        return ""
    plane = _plane(line, today, width=width, height=height, size=size)
    every = marks(line, today)
    measured = [plane.at(day, value) for day, value in line.points]
    steps = _steps(line, every, plane)
    return TEMPLATES.get_template("line.svg.j2").render(
        plane=plane,
        told=measure(line, today),
        today=_today(plane, today),
        levels=[(plane.y(level), _level(level, line.unit)) for level in plane.levels],
        ticks=_ticks(plane, today),
        measured=measured,
        steps=steps,
        marks=[(plane.at(mark.day, mark.goal.value), mark.verdict) for mark in every],
        gaps=_gaps(every, plane),
        labels=_labels(line, every, plane, today=today, drawn=[measured, steps]),
    )


def _plane(line: Line, today: date, *, width: int, height: int, size: int) -> Plane:
    spread = [today, *(day for day, _ in line.points), *(day for day, _, _ in line.milestones)]
    first, last = scales.days(min(spread), max(spread))
    levels = scales.values([*(value for _, value in line.points), *(value for _, value, _ in line.milestones)])
    return Plane(width=width, height=height, size=size, first=first, last=last, levels=levels)


def _steps(line: Line, every: Sequence[Mark], plane: Plane) -> list[Point]:
    """What was asked at each day: level up to a milestone, then up (or down) to the next."""
    begins = line.points[0][0] if line.points else plane.first
    path: list[Point] = []
    for mark in every:
        level = plane.y(mark.goal.value)
        path += [(plane.x(min(begins, mark.day)), level), (plane.x(mark.day), level)]
        begins = mark.day
    return path


def _gaps(every: Sequence[Mark], plane: Plane) -> list[tuple[Point, Point]]:
    """From each milestone missed on its day to what was measured."""
    missed = [mark for mark in every if mark.verdict in ("late", "missed")]
    return [(plane.at(mark.day, mark.goal.value), plane.at(mark.day, mark.figure)) for mark in missed if mark.figure is not None]


def _today(plane: Plane, today: date) -> Label:
    text, x = say("hôm nay {day}", day=f"{today.day}/{today.month}"), plane.x(today)
    half = len(text) * plane.size * 0.3
    middle = min(max(x, plane.frame.left + half), plane.frame.right - half)
    at = (middle, plane.frame.top - plane.size * 0.6)
    return Label(at=(x, at[1]), anchor="middle", text=text, kind="today", box=box_of(text, at, "middle", plane.size))


def _ticks(plane: Plane, today: date) -> list[tuple[float, str, float]]:
    """(where the tick is, its day, where the day is written: wholly on the sheet)."""
    days = scales.ticks(plane.first, plane.last, most=plane.width // 80)
    told = [(plane.x(day), near(day, today) if day.month == 1 else f"{day.day}/{day.month}") for day in days]
    return [(x, text, min(x, plane.width - len(text) * plane.size * 0.3)) for x, text in told]


def _labels(line: Line, every: Sequence[Mark], plane: Plane, *, today: date, drawn: Sequence[Sequence[Point]]) -> tuple[Label, ...]:
    wishes = [*_figures(line, plane, today), *(_wish(mark, plane) for mark in every)]
    upright = [(plane.x(today), plane.frame.top), (plane.x(today), plane.frame.bottom)]
    gaps = [list(gap) for gap in _gaps(every, plane)]
    dots = [_dot(wish.at) for wish in wishes]
    return place(wishes, drawn=[*drawn, upright, *gaps], marks=dots, frame=plane.frame)


def _level(level: float, unit: str) -> str:
    value = Decimal(str(level))
    return f"{amount(value)}%" if unit == "%" else amount(value)


def _dot(at: Point) -> Box:
    return Box(left=at[0] - 5, top=at[1] - 5, right=at[0] + 5, bottom=at[1] + 5)


def _figures(line: Line, plane: Plane, today: date) -> list[Wish]:
    """The latest figure and the first are named, the latest in bold."""
    named = [(line.points[-1], "latest"), (line.points[0], "first")] if line.points else []
    return [
        Wish(at=plane.at(day, value), text=f"{quantity(value, line.unit)} ({near(day, today)})", kind=kind, size=plane.size)
        for (day, value), kind in named[: len(line.points)]
    ]


def _wish(mark: Mark, plane: Plane) -> Wish:
    after = {"met": " ✓", "silent": " …", "ahead": ""}.get(mark.verdict, f" {say('chưa đạt')}")
    if mark.gap and mark.verdict in ("late", "missed"):
        after = f" {say('hụt {gap}', gap=decimal(mark.gap) if mark.goal.unit == '%' else amount(mark.gap))}"
    return Wish(at=plane.at(mark.day, mark.goal.value), text=mark.goal.drawn + after, kind=mark.verdict, size=plane.size)
