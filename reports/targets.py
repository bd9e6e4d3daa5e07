"""How a measured line stands against its milestones: reached, missed, ahead, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Literal

from tasks.courses import Operator
from tasks.measured import Line
from tasks.values import Standing

from .tongues import say
from .vietnamese import apart, quantity, shown

Verdict = Literal["met", "late", "missed", "silent", "ahead"]

#: The paper's word before a value → (comparison, how it is said, how a chart says it). The longest words come first.
_FORMS: tuple[tuple[str, Operator, str, str], ...] = (
    ("phấn đấu", ">=", "phấn đấu ", "phấn đấu "),
    ("không quá", "<=", "không quá ", "≤ "),
    ("at most", "<=", "không quá ", "≤ "),
    ("tối đa", "<=", "không quá ", "≤ "),
    ("strive", ">=", "phấn đấu ", "phấn đấu "),
    ("under", "<", "dưới ", "< "),
    ("dưới", "<", "dưới ", "< "),
    ("over", ">", "trên ", "> "),
    ("trên", ">", "trên ", "> "),
    ("<=", "<=", "không quá ", "≤ "),
    ("≤", "<=", "không quá ", "≤ "),
    ("<", "<", "dưới ", "< "),
    (">=", ">=", "", ""),
    (">", ">", "trên ", "> "),
    ("=", "=", "đúng ", "= "),
)
_REACHED = {">=": ge, ">": gt, "<=": le, "<": lt, "=": eq}


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A value to reach, read from the paper's form: `said` in a sentence ("trên 90%"), `drawn` in a chart ("> 90%")."""

    value: Decimal
    sense: Operator
    said: str
    drawn: str
    unit: str = "%"

    def reached_by(self, figure: Decimal) -> bool:
        """Whether the figure settles it; 90,00 misses "trên 90%"."""
        return bool(_REACHED[self.sense](figure, self.value))

    def gap(self, figure: Decimal) -> Decimal:
        """Points still missing as printed, so that figure and gap add up on paper; 0 where the goal is reached."""
        if self.reached_by(figure):
            return Decimal(0)
        return abs(self.value - shown(figure))

    def wanting(self, figure: Decimal) -> str:
        """What is still to be done, in words: "cần thêm 1,6 điểm"; the goal must not be reached."""
        if not self.gap(figure):
            return say("cần xuống {goal}" if self.sense == "<" else "cần lên {goal}", goal=self.said)
        return say("cần thêm {gap}" if figure < self.value else "cần giảm {gap}", gap=apart(self.gap(figure), self.unit))


def goal(form: str, value: Decimal, unit: str = "%") -> Goal:
    """The goal in a target's form as the paper or the file writes it ("85%", "over 90%", "không quá 5%")."""
    sense, said, drawn, amount = _read(form or quantity(value, unit))
    return Goal(value=value, sense=sense, said=said + amount, drawn=drawn + amount, unit=unit)


def spoken(form: str) -> str:
    """A target's form in Vietnamese words; what is no known form stays as it is."""
    _, said, _, amount = _read(form)
    return said + amount


def _read(form: str) -> tuple[Operator, str, str, str]:
    """(comparison, how it is said, how it is drawn, the amount in the paper's own figures)."""
    words = form.strip()
    for start, sense, said, drawn in _FORMS:
        if words.casefold().startswith(start):
            return sense, _said(said), _said(drawn), words[len(start) :].strip()
    return ">=", "", "", words


def _said(before: str) -> str:
    return f"{say(before.rstrip())} " if before else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A milestone at an instant: `figure` is what it is judged by, the last one dated up to its day (today's, while ahead)."""

    day: date
    goal: Goal
    verdict: Verdict
    figure: Decimal | None
    figure_on: date | None

    @property
    def gap(self) -> Decimal | None:
        """Points that are (or were) missing; None without a figure."""
        return None if self.figure is None else self.goal.gap(self.figure)

    @property
    def reached(self) -> bool:
        """Whether the figure it is judged by settles it."""
        return self.figure is not None and self.goal.reached_by(self.figure)


def marks(line: Line, today: date) -> tuple[Mark, ...]:
    """Every milestone of the line in order of time; a day counts as past when it has ended."""
    stages = sorted(line.milestones, key=lambda one: one[0])
    return tuple(_mark(line, when, goal(form, value, line.unit), today) for when, value, form in stages)


def _mark(line: Line, when: date, aim: Goal, today: date) -> Mark:
    known = [point for point in line.points if point[0] <= when]
    on, figure = known[-1] if known else (None, None)
    return Mark(day=when, goal=aim, verdict=_verdict(line, when, aim, today), figure=figure, figure_on=on)


def _verdict(line: Line, when: date, aim: Goal, today: date) -> Verdict:
    if when >= today:
        return "ahead"
    in_time = [value for day, value in line.points if day <= when]
    if in_time and aim.reached_by(in_time[-1]):
        return "met"
    if any(aim.reached_by(value) for day, value in line.points if day > when):
        return "late"
    return "missed" if in_time else "silent"


def current(line: Line, today: date) -> Mark | None:
    """The milestone that counts today: the next one, else the last; judged by the latest figure. None without milestones."""
    every = marks(line, today)
    if not every:
        return None
    mark = next((one for one in every if one.verdict == "ahead"), every[-1])
    on, figure = line.points[-1] if line.points else (None, None)
    return Mark(day=mark.day, goal=mark.goal, verdict=mark.verdict, figure=figure, figure_on=on)


def main_line(standing: Standing) -> Line | None:
    """The indicator that heads the page: the first that has milestones and figures, else milestones, else any."""
    ranked = sorted(standing.lines, key=lambda line: (not line.milestones, not line.points))
    return ranked[0] if ranked else None


def verdict_words(mark: Mark) -> str:
    """The verdict in a table or for who cannot see the chart: "chưa đạt, thiếu 1,1 điểm"."""
    if mark.figure is None:
        return say("chưa có số liệu")
    if mark.reached:
        return say("đạt đúng mốc" if mark.verdict == "met" else "đã đủ")
    if mark.verdict == "ahead":
        return say("còn thiếu {gap}", gap=apart(mark.gap, mark.goal.unit)) if mark.gap else mark.goal.wanting(mark.figure)
    short = say("hụt {gap}", gap=apart(mark.gap, mark.goal.unit)) if mark.gap else say("chưa đạt")
    return say("{short}, sau đó đã đủ", short=short) if mark.verdict == "late" else short
