"""What figures are judged by: targets, milestones, where an indicator stood, and the rows of an annex; frozen values like all shapes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from .agencies import Shape
from .amounts import is_value, target_of
from .fields import Amount, Count, On, says, typed

__all__ = ["Baseline", "Milestone", "Reported", "Target", "aim_of"]


class Target(Shape):
    """A value to reach: `operator` `>` is strict (90,00 misses "over 90%"); `soft` is reported, never escalated."""

    words: str
    operator: Literal[">=", ">", "<=", "<", "="] = ">="
    value: Decimal
    percent: bool = True
    soft: bool = False


def aim_of(text: str) -> str | Target:
    """A value to reach, or the id of an indicator as it stands."""
    return Target.model_validate(target_of(text)) if is_value(text) else text


class Baseline(Shape):
    """Where an indicator stood: value, day, and the counts that the paper gives beside it."""

    value: Annotated[Amount, says("giá trị hiện trạng")]
    on: Annotated[On | None, says("tính đến ngày")] = None
    missing: Annotated[Count | None, says("số còn thiếu")] = None
    total: Annotated[Count | None, says("tổng số")] = None
    note: Annotated[str | None, says("ghi chú")] = None


class Milestone(Shape):
    """A target on a day; a target without a day (`on` None) is never overdue."""

    on: Annotated[On | None, says("mốc thời gian")] = None
    target: Annotated[Target, typed(target_of), says("chỉ tiêu phải đạt")]


class Reported(Shape):
    """A row of an annex: what an agency had reached on a day, what it is to reach, or both.

    With a figure (`numerator`), `on` is the figure's day and the target is for every milestone; without one, `on` is a milestone's day.
    """

    agency: Annotated[str, says("đơn vị")]
    indicator: Annotated[str, says("chỉ tiêu")]
    on: Annotated[On | None, says("tính đến ngày")] = None
    numerator: Annotated[Count | None, says("tử số: số đã đạt")] = None
    denominator: Annotated[Count | None, says("mẫu số: tổng số")] = None
    target: Annotated[Target | None, typed(target_of), says("chỉ tiêu được giao")] = None

    @property
    def goal_day(self) -> date | None:
        """The milestone that the target is for; None for all of them."""
        return None if self.numerator is not None else self.on
