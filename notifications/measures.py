"""Days, hours, figures and targets as a letter's language writes them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache

from directives.language.calendar import written
from tasks import courses
from tasks.courses import Course

from .tongues import Tongue

WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")

#: The words before a target, as the directive may have them in English.
TARGETS = {
    "more than": "trên", "over": "trên", "above": "trên", "at least": "ít nhất", "at most": "không quá", "less than": "dưới",
    "under": "dưới", "below": "dưới", "exactly": "đúng", "strive for": "phấn đấu", "strive": "phấn đấu",
}  # fmt: skip

_END_OF_DAY = (time(23, 59, 59), time(0, 0))


def day_of(due_at: datetime) -> date:
    """The last day that counts of a local due instant: 24:00 belongs to the day that it ends."""
    return (due_at - timedelta(seconds=1)).date()


@lru_cache(2048)
def weekday(day: date, to: Tongue) -> str:
    """A day with its weekday: chủ nhật 24/5/2020."""
    return f"{to(WEEKDAYS[day.weekday()])} {written(day)}"


def moment(at: datetime, to: Tongue) -> str:
    """A local instant: 9:05 thứ sáu 22/5/2020."""
    return f"{at.hour}:{at.minute:02d} {weekday(at.date(), to)}"


def due(due_at: datetime | None, to: Tongue) -> str:
    """A local due instant, with its hour where that is not the day's end; "" without one."""
    if due_at is None:
        return ""
    hour = "" if due_at.time() in _END_OF_DAY else f"{due_at.hour}:{due_at.minute:02d} "
    return hour + weekday(day_of(due_at), to)


@lru_cache(512)
def target(words: str, to: Tongue) -> str:
    """A target as readers say it: "over 90%" is "trên 90%"."""
    for english, said in TARGETS.items():
        if words.startswith(english + " "):
            return f"{to(said)} {words[len(english) + 1 :]}"
    return words


def decimal(value: Decimal, to: Tongue) -> str:
    """A figure cut to two places, since rounding up would claim a target it misses; with a decimal comma in Vietnamese."""
    whole, _, part = f"{value.quantize(Decimal('0.01'), rounding=ROUND_FLOOR):.2f}".partition(".")
    part = part.rstrip("0")
    return f"{whole}{'.' if to.lang == 'en' else ','}{part}" if part else whole


def course(of: Course | None, today: date, to: Tongue) -> str:
    """How far a figure is from its milestone, what each week must bring, where its line leads; "" where it has arrived."""
    return courses.sentence(of, today, to.lang) if of else ""
