"""What is odd about a figure beside the one before it: it is recorded with a reason, marked, for the issuer to ask; pure."""

from __future__ import annotations

from decimal import Decimal

from .figures import Part

JUMP = Decimal(10)  # points
SHIFT = Decimal("0.05")  # of the whole
MANY = Decimal(1000)  # a count that was so large does not become a hundred or less

#: A doubt as people read it.
WORDS = {
    "jump": "đổi hơn 10 điểm", "copied": "y như số kỳ trước", "kind": "lúc báo tỷ lệ, lúc báo số lượng", "whole": "tổng số đổi hơn 5%",
}


def doubts(new: Part, last: Part | None, unit: str) -> tuple[str, ...]:
    """What is odd about a figure beside the last one about an earlier day: a jump, a copy, another kind, another whole."""
    if last is None:
        return ()
    found = {"jump": _jumps(new, last, unit), "copied": _is_copied(new, last), "kind": _is_of_another_kind(new, last, unit),
             "whole": _whole_moves(new, last)}
    return tuple(kind for kind, odd in found.items() if odd)


def _jumps(new: Part, last: Part, unit: str) -> bool:
    return unit == "%" and new[2] is not None and last[2] is not None and abs(new[2] - last[2]) > JUMP


def _is_copied(new: Part, last: Part) -> bool:
    """The same to the last digit; who has reached all of it says so every time."""
    numerator, denominator, value = new
    complete = (numerator == denominator) if denominator else value == 100
    return new == last and not complete


def _is_of_another_kind(new: Part, last: Part, unit: str) -> bool:
    if unit == "%":
        return (new[1] is None) != (last[1] is None)
    return new[2] is not None and last[2] is not None and new[2] <= 100 and last[2] > MANY


def _whole_moves(new: Part, last: Part) -> bool:
    return bool(new[1] and last[1] and abs(new[1] - last[1]) > last[1] * SHIFT)
