"""Months, quarters, halves and years as papers name them: their first and last day; a span without a year is told."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date

from .dates import day_in
from .mistakes import Mistake
from .words import fold

Ends = tuple[int, int, int]  # first month, last month, year

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_NUMBER = "(?:i{1,3}|iv|[1-4])"
_QUARTER = "(?:quy|quarter|q)"
_SIX = "(?:6|sau)"
_NINE = "(?:9|chin)"
_MONTHS = "january february march april may june july august september october november december"
_MONTH = re.compile(rf"\b({_MONTHS.replace(' ', '|')}) (\d{{4}})\b")
_SCHOOL_YEAR = re.compile(r"(?:cuoi |het )?(?:nam hoc|school year) (\d{4})\s*-\s*(\d{4})", re.ASCII)
_YEARLESS = re.compile(rf"(?:{_SIX}|{_NINE}) thang (?:dau|cuoi) nam|(?:thang|month) ?\d{{1,2}}|{_QUARTER} ?{_NUMBER}|nam nay")
_AROUND = re.compile(
    r"^(?:(?:phải|hoàn thành|thực hiện xong|xong|báo cáo|gửi|nộp|chậm nhất|muộn nhất|là|trong|đến|hết|cuối|cả|within|in|by the end of"
    r"|end of) )+",
    re.IGNORECASE,
)


def _month(found: re.Match[str]) -> Ends:
    return int(found[1]), int(found[1]), int(found[2])


def _year(found: re.Match[str]) -> Ends:
    return 1, 12, int(found[1])


def _quarter(found: re.Match[str]) -> Ends:
    """The last of several quarters ends them; they begin with the first."""
    first, last = (int(_ROMAN.get(number, number)) for number in (re.findall(rf"\b{_NUMBER}\b", found[0])[0], found[1]))
    return 3 * first - 2, 3 * last, int(found[2])


def _half(found: re.Match[str]) -> Ends:
    return (1, 6, int(found[2])) if found[1] in ("dau", "first") else (7, 12, int(found[2]))


#: What a span looks like in folded words, and which months it has.
_SPANS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Ends]], ...] = (
    (re.compile(r"(?:thang |month )?(\d{1,2})(?:\s*[/.-]\s*| nam )(\d{4})", re.ASCII), _month),
    (
        re.compile(rf"{_QUARTER} ?(?:{_NUMBER}(?:, ?| va |-| and )(?:{_QUARTER} ?)?)*({_NUMBER})(?:\s*[/-]\s*| nam | )(\d{{4}})", re.ASCII),
        _quarter,
    ),
    (re.compile(rf"{_SIX} thang (dau|cuoi) nam (\d{{4}})", re.ASCII), _half),
    (re.compile(r"(first|second) half (?:of )?(\d{4})", re.ASCII), _half),
    (re.compile(rf"{_NINE} thang dau nam (\d{{4}})", re.ASCII), lambda found: (1, 9, int(found[1]))),
    (re.compile(r"(?:nam|year|giai doan \d{4}\s*-) ?(\d{4})", re.ASCII), _year),
)


def span_of(words: str) -> tuple[date, date] | None:
    """The first and the last day of a span in folded words, None where they name none. Raises Mistake for a month that cannot be."""
    for pattern, ends in _SPANS:
        if found := pattern.fullmatch(words):
            first, last, year = ends(found)
            return day_in(1, first, str(year)), day_in(1, last, str(year)).replace(day=monthrange(year, min(last, 12))[1])
    if _YEARLESS.fullmatch(words):
        raise Mistake("D041")
    return None


def school_year_of(text: str) -> tuple[int, int] | None:
    """The two years of `năm học 2020–2021`, None where the words name no school year."""
    found = _SCHOOL_YEAR.fullmatch(fold(text))
    return (int(found[1]), int(found[2])) if found else None


def numbered(words: str) -> str:
    """The words with the names of English months as numbers: june 2026 becomes month 6/2026."""
    return _MONTH.sub(lambda found: f"month {_MONTHS.split().index(found[1]) + 1}/{found[2]}", words)


def span_named(words: str) -> str:
    """The month, quarter or year that a due date names, without the words around it: tháng 6/2026."""
    return _AROUND.sub("", words)
