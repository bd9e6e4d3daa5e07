"""The six classes that tables and maps show, each with a mark that a grey print keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tasks.cells import Cells

from .tongues import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many tasks of one class. `key` names its colour, `mark` and `words` say it without colour."""

    key: str
    mark: str
    named: str
    count: int = 0

    @property
    def words(self) -> str:
        """The class in the language that is spoken."""
        return say(self.named)


LATE = Share(key="late", mark="!", named="quá hạn")
SILENT = Share(key="silent", mark="…", named="chưa báo cáo")
SOON = Share(key="soon", mark="•", named="sắp đến hạn")
DOING = Share(key="doing", mark="·", named="đang làm")
UNDATED = Share(key="undated", mark="○", named="không thời hạn")
DONE = Share(key="done", mark="✓", named="đã xong")
ALL = (LATE, SILENT, SOON, DOING, UNDATED, DONE)


def shares(cells: Cells) -> tuple[Share, ...]:
    """The classes that occur, worst first; silence stands beside late, and the sum is all tasks, dated or not."""
    counts = (
        cells.overdue,
        cells.silent,
        cells.soon,
        cells.in_time - cells.soon,
        cells.undated - cells.silent,
        cells.on_time + cells.late,
    )
    return tuple(replace(one, count=count) for one, count in zip(ALL, counts, strict=True) if count)


def worst(cells: Cells) -> Share | None:
    """What one square of the map shows: the worst class that occurs; None where nothing was asked."""
    if cells.undated_done and cells.undated_done == cells.undated + cells.dated:
        return replace(DONE, count=cells.undated_done)
    return next(iter(shares(cells)), None)


def total(parts: Iterable[Cells]) -> Cells:
    """The cells of disjoint sets together."""
    return sum(parts, Cells())
