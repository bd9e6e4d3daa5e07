"""What a figure means: whether it meets a target, and how figures add up; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from directives.language.shapes import Target

if TYPE_CHECKING:
    from .values import Act  # a value holds a course, which is reckoned with figures

ROUNDING = Decimal("0.06")  # a share rounded to one decimal still agrees with its counts

Part = tuple[int | None, int | None, Decimal | None]  # numerator, denominator, value

_MEETS = {
    ">=": lambda value, goal: value >= goal,
    ">": lambda value, goal: value > goal,
    "<=": lambda value, goal: value <= goal,
    "<": lambda value, goal: value < goal,
    "=": lambda value, goal: value == goal,
}


def meets(value: Decimal, target: Target) -> bool:
    """Whether a figure settles a target; 90,00 misses "over 90%"."""
    return compares(target.operator, value, target.value)


def compares(operator: str, value: Decimal, goal: Decimal) -> bool:
    """Whether a value is on the right side of a goal: ≥ > ≤ < or the very same."""
    return bool(_MEETS[operator](value, goal))


def percent(numerator: int, denominator: int) -> Decimal:
    """A share in percent, exact to six places: never rounded up into a target it misses."""
    return (Decimal(numerator) * 100 / Decimal(denominator)).quantize(Decimal("0.000001"), rounding="ROUND_DOWN")


def worth(numerator: int, denominator: int | None, unit: str) -> Decimal | None:
    """A figure in its indicator's unit: the share in percent, else the count itself; None for a share of nothing."""
    if unit != "%":
        return Decimal(numerator)
    return percent(numerator, denominator) if denominator else None


def together(parts: Iterable[Part], unit: str) -> Decimal | None:
    """What figures make together, None where one of them cannot be added.

    Shares add up as Σ numerators / Σ denominators, other figures as the sum of their values.
    """
    given = list(parts)
    if unit == "%":
        return total((n, d) for n, d, _ in given) if all(d for _, d, _ in given) else None
    values = [value for *_, value in given if value is not None]
    return sum(values, Decimal()) if values and len(values) == len(given) else None


def total(parts: Iterable[tuple[int | None, int | None]]) -> Decimal | None:
    """Σ numerators / Σ denominators in percent of the parts that give counts; None where none does. Never a mean."""
    counted = [(n, d) for n, d in parts if n is not None and d]
    if not counted:
        return None
    return percent(sum(n for n, _ in counted), sum(d for _, d in counted))


def refusal(act: Act, today: date, *, unit: str = "%") -> str:
    """Why a figure in an indicator's unit contradicts itself, in words with advice; "" where it does not."""
    if act.on is not None and act.on > today:
        return f"Ngày của số liệu ({act.on:%-d/%-m/%Y}) chưa tới."
    if act.numerator is None and act.denominator is None:
        return "Xin nhập tỷ lệ, hoặc số đạt và tổng số." if act.value is None else _beyond(act.value, unit)
    if act.numerator is None or not act.denominator:
        return "Xin nhập cả hai số: số đạt và tổng số (lớn hơn 0)."
    if not 0 <= act.numerator <= act.denominator:
        return f"Số đạt ({act.numerator}) không thể lớn hơn tổng số ({act.denominator})."
    return _against_counts(act.value, percent(act.numerator, act.denominator)) if act.value is not None and unit == "%" else ""


def _against_counts(value: Decimal, counted: Decimal) -> str:
    """A share that is typed beside its counts agrees with them, but for rounding."""
    if abs(value - counted) <= ROUNDING:
        return ""
    shown, share = (f"{each.quantize(Decimal('0.01'), rounding='ROUND_FLOOR')}".replace(".", ",") for each in (value, counted))
    return f"Tỷ lệ đã nhập ({shown}) không khớp với số lượng (tính ra {share})."


def value_of(act: Act, unit: str = "%") -> Decimal:
    """The figure in the indicator's unit: from counts where they are given. The act must not be one that `refusal` refuses."""
    counted = None if act.numerator is None else worth(act.numerator, act.denominator, unit)
    if counted is not None:
        return counted
    assert act.value is not None
    return act.value


def _beyond(value: Decimal, unit: str) -> str:
    shown = format(value.normalize(), "f").replace(".", ",")
    if value < 0 or (unit == "%" and value > 100):
        return f"Tỷ lệ phải từ 0 đến 100; đã nhập {shown}." if unit == "%" else f"Số liệu không thể nhỏ hơn 0; đã nhập {shown}."
    return ""
