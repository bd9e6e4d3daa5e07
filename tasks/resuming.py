"""Where a task stands on its ladder when the days that it was counted in have changed: what was said stays said; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .ladder import Step


def resumed(before: Sequence[Step], now: Sequence[Step], said: int) -> tuple[int, datetime | None]:
    """The last step of the ladder `now` that need not be said, and when the one after it is, for a task that `before` had said `said` of.

    A step that was said is known by its words wherever other days off have brought it, also where it fell together with a later one,
    which is said then; nothing is said twice, and what was missed is still to come.
    """
    to_come = {_name(step) for step in before[said:]}
    ahead = [step for step in now if _name(step) in to_come] if said else list(now)
    if not ahead:
        return len(now), None
    return ahead[0].no - 1, ahead[0].at


def _name(step: Step) -> str | datetime:
    """What tells a step from the others; of a rung for the day itself days off change the words, daily askings all have the same."""
    if step.words == "việc cần làm ngay":
        return step.at
    return "đến hạn" if step.words.startswith("đến hạn") else step.words
