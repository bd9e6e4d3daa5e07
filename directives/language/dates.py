"""Days and hours as papers write them, in Vietnamese or English; a day that cannot be is told in words."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, time

from .mistakes import Mistake
from .words import fold

Fields = dict[str, object]

_DAY = re.compile(r"(?:ngay )?(\d{1,2})\s*([/.-])\s*(\d{1,2})(?:\s*\2\s*(\d+))?", re.ASCII)
_SPOKEN = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2})(?:(?:,? (?:nam )?| ?/ ?)(\d+))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
HOUR = r"\d{1,2}\s?(?::\s?\d{2}(?::\d{2})?|(?:h|g|gio)\s?(?:\d{1,2}(?:\s?phut)?)?)"
_BOUND = re.compile(r"^(?:(?:tu|ke tu|den|het|from|until) )+")
_MOMENT = re.compile(rf"(?:luc |at )?\b{HOUR}(?!\S)", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})\D*(\d{1,2})?", re.ASCII)


def day_of(text: str) -> date:
    """A day with its year: 30/9/2020, 30-9-2020, 30.9.2020, ngày 30 tháng 9 năm 2020, 2020-09-30. Raises Mistake."""
    words = fold(text)
    if iso := _ISO.fullmatch(words):
        return day_in(int(iso[3]), int(iso[2]), iso[1])
    if found := _DAY.fullmatch(words):
        return day_in(int(found[1]), int(found[3]), found[4])
    if found := _SPOKEN.fullmatch(words):
        return day_in(int(found[1]), int(found[2]), found[3])
    raise Mistake("D040")


def bound_of(text: str) -> date:
    """The first or the last day of a window, with the words that papers put around it: từ ngày 1/6/2026 trở đi. Raises Mistake."""
    words = _BOUND.sub("", fold(text)).removesuffix(" tro di")
    if _MOMENT.search(words) and (day := _MOMENT.sub("", words).strip(" ,").removeprefix("ngay ")):
        raise Mistake("D108", day=day)
    return day_of(words)


def day_in(day: int, month: int, year: str | None) -> date:
    """The day of three numbers. Raises Mistake with what cannot be."""
    if year is None or len(year) != 4:
        raise Mistake("D041")
    if not 1900 <= int(year) < 2200:
        raise Mistake("D044", year=year)
    if not 1 <= month <= 12:
        raise Mistake("D042", month=str(month), **({"near": f"{month}/{day}/{year}"} if 1 <= day <= 12 < month <= 31 else {}))
    last = monthrange(int(year), month)[1]
    if day > last:
        raise Mistake("D043", month=str(month), year=year, days=str(last))
    if day < 1:
        raise Mistake("D040")
    return date(int(year), month, day)


def hour_of(text: str) -> time:
    """An hour of the day: 16:00, 16h, 16h00, 16 giờ 30. Raises Mistake."""
    words = fold(text)
    found = _CLOCK.match(words) if re.fullmatch(HOUR, words, re.ASCII) else None
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise Mistake("D045")
    return time(int(found[1]), int(found[2] or 0))
