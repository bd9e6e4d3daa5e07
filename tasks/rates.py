"""The rate of what was done on time, and beside it, never inside, what it does not judge; pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Of the tasks that have come due or are done, and were ordered of somebody whom letters reach, how many were done on time.

    `exempt` and `unreachable` have come due, too, and are not judged: requests (đề nghị) and what is paused or returned, and the
    tasks of agencies that no letter reaches. judged + exempt + unreachable = on_time + late + overdue of the cells.
    """

    on_time: int = 0
    judged: int = 0
    exempt: int = 0
    unreachable: int = 0

    def __add__(self, other: Rate) -> Rate:
        """The rate of two disjoint sets of tasks: counts add up, percentages never."""
        return Rate(
            on_time=self.on_time + other.on_time, judged=self.judged + other.judged,
            exempt=self.exempt + other.exempt, unreachable=self.unreachable + other.unreachable,
        )

    @property
    def percent(self) -> Decimal | None:
        """The rate in percent; None where nothing is judged."""
        return Decimal(100 * self.on_time) / self.judged if self.judged else None
