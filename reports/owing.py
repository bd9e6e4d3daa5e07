"""What a plan gives to whom by when, as rows of its page; in Vietnamese, like the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from directives.language.directory import members
from directives.language.periods import rhythm_words
from directives.language.shapes import Duty
from tasks.forecast import Forecast, Owed

from .plan_page import Row
from .targets import spoken
from .vietnamese import day, near

_ASKED = {"on request": "khi có yêu cầu", "on event": "khi phát sinh"}


def rows(plan: Forecast) -> Iterator[Row]:
    """Yield the duties in the paper's order: who leads, its date or rhythm or milestones, and what more is said of them."""
    on = plan.directive.date or plan.until
    known = plan.directive.directory
    for owed in plan.duties:
        leads = (known.agencies[w].short if w in known.agencies else f"{w} ({len(members(w, known, on))})" for w in owed.duty.lead)
        below = sum(len(crew.holders) for crew in owed.crews if crew.child)
        due, aside = _when(owed, on)
        yield owed.duty, ", ".join(leads) + (f" ▸ {below} đơn vị" if below else ""), due, aside


def _when(owed: Owed, today: date) -> tuple[str, str]:
    counted = [(date.fromisoformat(term.key[:10]), term) for term in owed.terms if term.key]
    if once := next((term.due for term in owed.terms if not term.key), None):
        last = once.last_working_day
        return day(once.day), f"ngày làm việc cuối {near(last, once.day)}" if last != once.day else ""
    if not counted:
        return "", _undated(owed.duty)
    if owed.duty.every:
        last_due = counted[-1][1].due
        span = f"{near(counted[0][0], today)} – {near(last_due.day, today)}" if last_due else ""
        return f"{rhythm_words(owed.duty.every)}, {len(counted)} kỳ", span
    stages = (f"{near(on, today)}{f': {spoken(term.target.words)}' if term.target else ''}" for on, term in counted)
    return f"{len(counted)} mốc", " · ".join(stages)


def _undated(duty: Duty) -> str:
    """Why there is no date."""
    if duty.force == "note":
        return "không giao việc"
    if duty.every:
        return _ASKED.get(duty.every.unit, rhythm_words(duty.every))
    if duty.due:
        return f"chờ xong mục {duty.due.after}" if duty.due.after else "làm ngay"
    return "thường xuyên"
