"""Where a task stands for the agency that opens its desk: a word, a mark and a tone, worst first; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from directives.language.practice import Practice
from tasks.values import Work

from .words import Say, hour_of, local, near_day

Tone = Literal["late", "soon", "open", "plain", "wait", "done"]
TONES: tuple[Tone, ...] = ("late", "soon", "open", "plain", "wait", "done")
MARKS: dict[Tone, str] = {"late": "!", "soon": "…", "open": "•", "plain": "–", "wait": "?", "done": "✓"}
SOON = Practice().soon


@dataclass(frozen=True, slots=True)
class Status:
    """Never colour alone: the words say it, the mark shows it, the tone colours it."""

    tone: Tone
    words: Say

    @property
    def mark(self) -> str:
        """The sign that stands for the colour where there is none."""
        return MARKS[self.tone]

    @property
    def rank(self) -> int:
        """0 is worst."""
        return TONES.index(self.tone)


def status(work: Work, now: datetime, zone: str) -> Status:
    """The status at `now`, days counted in the directive's zone."""
    if work.state == "void":
        return Status("plain", Say("Đã thu hồi"))
    if work.closed_at is not None:
        return _closed(work, work.closed_at)
    if waits := _waits(work, local(now, zone).date()):
        return Status("wait", waits)
    if work.due_at is None:
        return Status("plain", Say("Không thời hạn"))
    return _dated(local(work.due_at, zone), local(now, zone))


def _waits(work: Work, today: date) -> Say | None:
    """What an open task waits for that its agency cannot hurry."""
    if work.state == "paused" and work.held_until:
        return Say("Tạm dừng đến %(day)s", day=near_day(work.held_until, today))
    return {"claimed": Say("Chờ xác nhận"), "returned": Say("Đã báo trả lại")}.get(work.state)


def _closed(work: Work, closed_at: datetime) -> Status:
    late = work.due_at is not None and closed_at > work.due_at
    return Status("done", Say("Hoàn thành quá hạn") if late else Say("Hoàn thành"))


def _dated(due: datetime, now: datetime) -> Status:
    days = (due.date() - now.date()).days
    if now > due:
        return Status("late", Say("Quá hạn %(days)s ngày", days=-days) if days else Say("Quá hạn hôm nay"))
    if days > SOON:
        return Status("open", Say("Hạn %(day)s", day=near_day(due.date(), now.date())))
    if days:
        return Status("soon", Say("Còn %(days)s ngày", days=days))
    return Status("soon", Say("Hạn %(hour)s hôm nay", hour=hour_of(due)) if hour_of(due) else Say("Hạn hôm nay"))


def due_on(work: Work, zone: str) -> date | None:
    """The day on which the task is due in the directive's zone."""
    return local(work.due_at, zone).date() if work.due_at else None
