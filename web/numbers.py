"""Figures as people type them (86,5 · 86.5 · 86,5% · 3.960) and what is odd about them; pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from tasks.doubts import doubts as odd_of
from tasks.figures import percent as share

from .words import Say

JUMP = Decimal(10)  # points between two figures beyond which the page asks again
SLACK = Decimal("0.06")  # a share rounded to one decimal still agrees with its counts

_SHARE = re.compile(r"(\d{1,12})(?:[.,](\d{1,6}))?%?")
_COUNT = re.compile(r"\d{1,12}|\d{1,3}(?:\.\d{3}){1,3}")
_AMOUNT = re.compile(r"(\d{1,12}|\d{1,3}(?:\.\d{3}){1,3})(?:,(\d{1,6}))?")


class UnreadableError(ValueError):
    """A typed number that means nothing here; `say` tells the person why and what would do."""

    def __init__(self, say: Say) -> None:
        super().__init__(say.text)
        self.say = say


def share_of(typed: str) -> Decimal:
    """A percentage; point and comma both mean decimals, since nobody types thousands of percent."""
    found = _SHARE.fullmatch(_bare(typed))
    if not found:
        raise UnreadableError(Say("Tỷ lệ là một số, ví dụ 86,5; bạn nhập %(typed)s", typed=typed))
    value = Decimal(f"{found[1]}.{found[2] or 0}")
    if value > 100:
        raise UnreadableError(Say("Tỷ lệ phải từ 0 đến 100; bạn nhập %(typed)s", typed=typed))
    return value


def count_of(typed: str) -> int:
    """A whole number; a point stands between thousands and nowhere else."""
    if not _COUNT.fullmatch(_bare(typed)):
        raise UnreadableError(Say("Viết số nguyên, ví dụ 3960 hoặc 3.960; bạn nhập %(typed)s", typed=typed))
    return int(_bare(typed).replace(".", ""))


def amount_of(typed: str) -> Decimal:
    """A figure that is no percentage, written the Vietnamese way: "3.96" could be either, so it is asked back."""
    found = _AMOUNT.fullmatch(_bare(typed))
    if not found:
        raise UnreadableError(Say("Viết số lẻ với dấu phẩy (3,96), hàng nghìn đủ ba chữ số (3.960); bạn nhập %(typed)s", typed=typed))
    return Decimal(f"{found[1].replace('.', '')}.{found[2] or 0}")


def shares_agree(value: Decimal, numerator: int, denominator: int) -> bool:
    """Whether a typed share is that of the typed counts, but for rounding."""
    return abs(value - share(numerator, denominator)) <= SLACK


def doubts(value: Decimal, on: date, last: Decimal | None, last_on: date | None, *, of_hundred: bool) -> list[Say]:
    """What to ask before a figure is sent: it fell, it leapt, or a later one is there already."""
    said = []
    if last is not None and value < last:
        said.append(Say("Giảm %(by)s so với lần trước (%(last)s). Có đúng không?", by=last - value, last=last))
    if last is not None and of_hundred and value - last > JUMP:
        said.append(Say("Tăng %(by)s điểm so với lần trước (%(last)s). Có đúng không?", by=value - last, last=last))
    if last_on is not None and on < last_on:
        said.append(Say("Đã có số liệu mới hơn, tính đến ngày %(day)s.", day=last_on))
    return said


def unexplained(value: Decimal, on: date, last: Decimal | None, last_on: date | None, *, of_hundred: bool) -> Say | None:
    """What asks for a reason that must be given: a figure is the same as the one before, or far from it."""
    if last is None or (last_on is not None and on <= last_on):
        return None
    odd = odd_of((None, None, value), (None, None, last), "%" if of_hundred else "")
    return next((_ODD[kind] for kind in odd if kind in _ODD), None)


_ODD = {
    "jump": Say("Số liệu đổi hơn 10 điểm so với lần trước: nêu lý do"), "copied": Say("Số liệu y như lần trước: nêu lý do"),
    "kind": Say("Số liệu lúc là tỷ lệ, lúc là số lượng: nêu lý do"),
}


def _bare(typed: str) -> str:
    return "".join(unicodedata.normalize("NFKC", typed).split())
