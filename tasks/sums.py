"""What an issue amounts to, counted from its forecast; pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from .forecast import Forecast


class Sums(NamedTuple):
    """What an issue amounts to: duties, agencies that hold them, tasks at once and later, letters at once."""

    duties: int
    agencies: int
    tasks: int
    later: int
    letters: int


def sums(plan: Forecast, issued_at: datetime, told: Collection[str] = ()) -> Sums:
    """Count what is opened at the issue and afterwards; `told` hear of what the paper changes in others, by the same letter."""
    held = {holder.unit for owed in plan.duties for crew in owed.crews for holder in crew.holders}
    first = last = 0
    for owed in plan.duties:
        size = sum(len(crew.holders) for crew in owed.crews)
        last += size * len(owed.terms)
        first += size * sum(term.begins_at <= issued_at for term in owed.terms)
    duties = sum(owed.duty.force != "note" for owed in plan.duties)
    readers = {letter.to for letter in plan.letters if letter.lane == "new"}
    return Sums(duties, len(held), first, last - first, len(readers.union(told)))
