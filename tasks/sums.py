"""What an issue amounts to, counted from its forecast; pure."""

from __future__ import annotations

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


def sums(plan: Forecast, issued_at: datetime) -> Sums:
    """Count what is opened at the issue and afterwards."""
    held = {holder.unit for owed in plan.duties for crew in owed.crews for holder in crew.holders}
    first = last = 0
    for owed in plan.duties:
        size = sum(len(crew.holders) for crew in owed.crews)
        last += size * len(owed.terms)
        first += size * sum(term.begins_at <= issued_at for term in owed.terms)
    duties = sum(owed.duty.force != "note" for owed in plan.duties)
    return Sums(duties, len(held), first, last - first, sum(letter.lane == "new" for letter in plan.letters))
