"""Where a measured line is heading, in the language that is spoken."""

from __future__ import annotations

from datetime import date

from tasks import courses
from tasks.courses import Course

from .tongues import spoken
from .vietnamese import apart


def sentence(course: Course, today: date) -> str:
    """How far the figure is from its milestone and what each week must bring; "" where it has arrived."""
    if course.is_reached or spoken() == "vi":
        return courses.sentence(course, today)
    gap = f"{'over' if course.falls else 'short'} by {apart(course.gap, course.unit)}" if course.gap else "just level, not enough"
    weekly = course.weekly(today)
    need = f", needs {'to fall ' if course.falls else ''}{apart(weekly, course.unit)} a week" if weekly else ""
    return f"{gap}{need}{_pace(course) if weekly is not None else ''}"


def _pace(course: Course) -> str:
    if not course.is_known or course.pace is None:
        return ""
    pace = f"{'up' if course.pace > 0 else 'down'} {apart(abs(course.pace), course.unit)} a week" if course.pace else "no movement"
    since = f"{course.since.day}/{course.since.month}"
    return f" (since {since}: {pace}, {'too slow' if course.falls_short else 'on course'})"
