"""A form that comes back filled with what was said last, for the day in which it may be corrected; pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from tasks.values import Work

from .form import boxes
from .words import tongue

WITHIN = timedelta(hours=24)
AGAIN_WITHIN_A_DAY = ("progress", "figure")


def before(kind: str, work: Work, now: datetime) -> dict[str, str]:
    """What the fields of this kind held, nothing where a day has gone by or nothing was said."""
    if work.last_words_at is None or now - work.last_words_at > WITHIN or kind not in AGAIN_WITHIN_A_DAY:
        return {}
    said = {f"{kind}-note": work.last_words}
    if kind == "figure" and work.figure is not None and work.figure_on is not None:
        said |= {"figure-value": tongue("vi").say(work.figure)} | boxes("figure-on", work.figure_on)
    return said
