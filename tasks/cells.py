"""The counts that every report begins with: four that sum to the tasks with a date, and those without one beside them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The four cells and, beside them, the class without a date. on_time + late + in_time + overdue = dated tasks opened."""

    on_time: int = 0
    late: int = 0
    in_time: int = 0
    overdue: int = 0
    soon: int = 0  # of in_time: due within the office's "sắp đến hạn" days
    undated: int = 0
    silent: int = 0  # of undated: not reported in the last round
    undated_done: int = 0  # of undated: closed

    def __add__(self, other: Cells) -> Cells:
        """Cells of two disjoint sets of tasks."""
        return Cells(
            on_time=self.on_time + other.on_time, late=self.late + other.late, in_time=self.in_time + other.in_time,
            overdue=self.overdue + other.overdue, soon=self.soon + other.soon, undated=self.undated + other.undated,
            silent=self.silent + other.silent, undated_done=self.undated_done + other.undated_done,
        )

    @property
    def dated(self) -> int:
        """The denominator of the four cells."""
        return self.on_time + self.late + self.in_time + self.overdue
