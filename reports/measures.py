"""An indicator in words: what was found, milestone by milestone, and who gave no figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tasks.courses import Course, sentence
from tasks.doubts import WORDS
from tasks.measured import Area, Doubted, Line, Restated

from .targets import Mark, current, marks, verdict_words
from .tongues import say, spoken
from .vietnamese import apart, clipped, names, near, opened, quantity

MOST = 10  # odd or corrected figures of an indicator that a page lists, the latest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A row of the table that says in words what the chart draws."""

    day: str
    goal: str
    figure: str
    verdict: str
    bad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """`title` is the finding, `goal` the milestone that counts today ("89%"), `verdict` how the latest figure stands to it."""

    name: str
    title: str
    latest: str
    travelled: str
    milestones: tuple[Milestone, ...]
    goal: str
    goal_day: str
    verdict: str
    bad: bool
    missing: str
    own: str
    course: str  # "Thiếu 2,6 điểm, cần 1,2 điểm mỗi tuần …"
    doubted: tuple[str, ...]  # figures that are odd, each with its reason
    restated: tuple[str, ...]  # figures that were said again, each with the one before
    areas: tuple[str, ...]  # what territories make of it: "xã A: 87,4%"


def measure(line: Line, today: date) -> Measure:
    """The indicator as the page, the letter and the chart's own description tell it."""
    mark = current(line, today)
    return Measure(
        name=line.name,
        title=_title(line, mark, today),
        latest=_point(line, -1, today) if line.points else say("chưa có số liệu"),
        travelled=_travelled(line, today),
        milestones=tuple(_milestone(one, today) for one in marks(line, today)),
        goal=mark.goal.said if mark else "",
        goal_day=near(mark.day, today) if mark else "",
        verdict=verdict_words(mark) if mark else "",
        bad=bool(mark and not mark.reached),
        missing=_missing(line),
        own=_own(line),
        course=_course(line, today),
        doubted=tuple(_doubted(one, line.unit, today) for one in line.doubted[:MOST]),
        restated=tuple(_restated(one, line.unit, today) for one in line.restated[:MOST]),
        areas=tuple(_area(area, line.unit) for area in line.areas),
    )


def course(line: Line, today: date) -> Course | None:
    """Where the line is heading, from its first point to its latest, against the milestone ahead; None without either."""
    mark = current(line, today)
    if mark is None or mark.verdict != "ahead" or not line.points:
        return None
    (since, start), (on, figure) = line.points[0], line.points[-1]
    return Course(
        unit=line.unit, operator=mark.goal.sense, goal=mark.goal.value, by=mark.day, since=since, start=start, on=on, figure=figure
    )


def _course(line: Line, today: date) -> str:
    heading = course(line, today)
    said = sentence(heading, today, spoken()) if heading else ""
    return f"{opened(said)}." if said else ""


def _doubted(one: Doubted, unit: str, today: date) -> str:
    odd = ", ".join(say(WORDS[kind]) for kind in one.doubts)
    reason = say("lý do: {reason}", reason=one.reason) if one.reason else say("chưa nêu lý do")
    return f"{one.agency} {quantity(one.figure, unit)} ({near(one.on, today)}): {odd}; {reason}"


def _restated(one: Restated, unit: str, today: date) -> str:
    who = say("cơ quan ban hành đính chính") if one.issuer else say("đơn vị sửa")
    reason = f", {say('lý do: {reason}', reason=one.reason)}" if one.reason else ""
    return f"{one.agency} ({near(one.on, today)}): {quantity(one.before, unit)} → {quantity(one.figure, unit)}, {who}{reason}"


def _area(area: Area, unit: str) -> str:
    said = say("chưa đủ số liệu") if area.figure is None else quantity(area.figure, unit)
    missing = say(", thiếu {names}", names=names(area.missing)) if area.missing else ""
    return f"{area.name}: {said}{missing}{say(', chỉ báo tỷ lệ: {names}', names=names(area.shares)) if area.shares else ''}"


def _title(line: Line, mark: Mark | None, today: date) -> str:
    if not line.points:
        return f"{clipped(line.name, 80)}: {say('chưa có số liệu')}"
    if mark is None or mark.figure is None:
        return f"{clipped(line.name, 80)}: {quantity(line.points[-1][1], line.unit)}"
    goal = say("mốc {goal} ngày {day}", goal=mark.goal.said, day=near(mark.day, today))
    if mark.reached:
        return say("{value}: đã đủ {goal}", value=quantity(mark.figure, line.unit), goal=goal)
    passed = "" if mark.verdict == "ahead" else say(" đã qua")
    if not mark.gap:
        return say("{wanting} mới đủ {goal}{passed}", wanting=opened(mark.goal.wanting(mark.figure)), goal=goal, passed=passed)
    return say("Còn {gap} nữa mới đạt {goal}{passed}", gap=apart(mark.gap, line.unit), goal=goal, passed=passed)


def _missing(line: Line) -> str:
    """Who has never given a figure, apart from who gave a share without counts, and none in the period that has just ended."""
    never = say("Chưa có số liệu của {names}.", names=names(line.missing)) if line.missing else ""
    lapsed = say("Kỳ vừa qua không có số liệu mới của {names}.", names=names(line.lapsed)) if line.lapsed else ""
    shares = say("Chỉ báo tỷ lệ, không cộng vào được: {names}.", names=names(line.shares)) if line.shares else ""
    return " ".join(filter(None, (never, shares, lapsed)))


def _own(line: Line) -> str:
    """Whose the milestones are, where some agencies have targets of their own."""
    if not line.own:
        return ""
    common = f"{say('Các mốc trên là của chung;')} " if line.milestones else ""
    return opened(common + say("{n} đơn vị được giao chỉ tiêu riêng.", n=line.own))


def _travelled(line: Line, today: date) -> str:
    if len(line.points) < 2:
        return ""
    return say("Từ {first} đến {last}.", first=_point(line, 0, today), last=_point(line, -1, today))


def _point(line: Line, at: int, today: date) -> str:
    when, value = line.points[at]
    return f"{quantity(value, line.unit)} ({near(when, today)})"


def _milestone(mark: Mark, today: date) -> Milestone:
    return Milestone(
        day=near(mark.day, today),
        goal=mark.goal.drawn,
        figure="–" if mark.figure is None else quantity(mark.figure, mark.goal.unit),
        verdict=verdict_words(mark),
        bad=mark.verdict in ("late", "missed", "silent"),
    )
