"""The six classes that tables and maps show, each with a mark that a grey print keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tasks.cells import Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many tasks of one class. `key` names its colour, `mark` and `words` say it without colour."""

    key: str
    mark: str
    words: str
    count: int = 0


LATE = Share(key="late", mark="!", words="quá hạn")
SILENT = Share(key="silent", mark="…", words="chưa báo cáo")
SOON = Share(key="soon", mark="•", words="sắp đến hạn")
DOING = Share(key="doing", mark="·", words="đang làm")
UNDATED = Share(key="undated", mark="○", words="không thời hạn")
DONE = Share(key="done", mark="✓", words="đã xong")
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
