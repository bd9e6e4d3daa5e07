"""Days, hours and due dates as papers write them, in Vietnamese or English; a day that cannot be is told in words."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, time

from .mistakes import Mistake
from .words import fold

Fields = dict[str, object]

_DAY = re.compile(r"(?:ngay )?(\d{1,2})\s*([/.-])\s*(\d{1,2})(?:\s*\2\s*(\d+))?", re.ASCII)
_SPOKEN = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2})(?:,? (?:nam )?(\d+))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_HOUR = r"\d{1,2}\s?(?::\s?\d{2}(?::\d{2})?|(?:h|g|gio)\s?(?:\d{1,2}(?:\s?phut)?)?)"
_CLOCK = re.compile(r"(\d{1,2})\D*(\d{1,2})?", re.ASCII)
_AT_ONCE = {"at once", "immediately", "ngay", "ngay lap tuc", "khan truong", "kip thoi", "lap tuc"}
_BEFORE = re.compile(r"(?:before|truoc)(?: ngay(?= \d))? (.+)")
_ON = re.compile(r"(?:on|by|den het|den|cham nhat|het|trong)(?: la)?(?: ngay(?= \d))? (.+)")
_HOUR_FIRST = re.compile(rf"(?:luc |at )?({_HOUR})(?:,? ngay)?,? (.+)", re.ASCII)
_HOUR_LAST = re.compile(rf"(.+?),? (?:luc |at )?({_HOUR})", re.ASCII)
_RELATIVE = re.compile(
    r"(?:within |trong vong |trong )?(\d{1,4}) (?:(working )?days?|ngay( lam viec)?)"
    r"(?: (?:after|sau|ke tu|tu)(?: khi xong)?(?: (?:the )?(?:issue|ngay (?:ban hanh|ky))| (?:clause |muc |diem |khoan )?(\S+)))?",
    re.ASCII,
)
_WITHIN = re.compile(r"(?:within|in|trong|den het|het|den cuoi|cuoi) (.+)")
_MONTH = re.compile(r"(?:thang |month )?(\d{1,2})(?:\s*[/.-]\s*| nam )(\d{4})", re.ASCII)
_QUARTER = re.compile(r"(?:quy|quarter|q) ?(i{1,3}|iv|[1-4])(?:\s*[/-]\s*| nam | )(\d{4})", re.ASCII)
_HALF = re.compile(r"(?:6|sau) thang (dau|cuoi) nam (\d{4})|(first|second) half (?:of )?(\d{4})", re.ASCII)
_YEAR = re.compile(r"(?:nam|year) (\d{4})", re.ASCII)
_SCHOOL_YEAR = re.compile(r".*?(?:nam hoc|school year) (\d{4})\s*-\s*(\d{4})", re.ASCII)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def day_of(text: str) -> date:
    """A day with its year: 30/9/2020, 30-9-2020, 30.9.2020, ngày 30 tháng 9 năm 2020, 2020-09-30. Raises Mistake."""
    words = fold(text)
    if iso := _ISO.fullmatch(words):
        return _day(int(iso[3]), int(iso[2]), iso[1])
    if found := _DAY.fullmatch(words):
        return _day(int(found[1]), int(found[3]), found[4])
    if found := _SPOKEN.fullmatch(words):
        return _day(int(found[1]), int(found[2]), found[3])
    raise Mistake("D040")


def _day(day: int, month: int, year: str | None) -> date:
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
    found = _CLOCK.match(words) if re.fullmatch(_HOUR, words, re.ASCII) else None
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise Mistake("D045")
    return time(int(found[1]), int(found[2] or 0))


def due_of(text: str) -> Fields:
    """The fields of a `Due`; a school year is left without its day. Raises Mistake."""
    words = fold(text)
    if words in _AT_ONCE:
        return {"words": text, "form": "at once"}
    fields = _relative(words, text) or _before(words) or _within(words) or _on(words)
    if fields is None:
        raise Mistake("D046")
    return {"words": text, **fields}


def _relative(words: str, text: str) -> Fields | None:
    found = _RELATIVE.fullmatch(words)
    if not found:
        return None
    # The number of a clause keeps its capitals (II.1), which the folded words have lost.
    after = text.rsplit(maxsplit=1)[-1] if found[4] else None
    return {"form": "relative", "count": int(found[1]), "working": bool(found[2] or found[3]), "after": after}


def _before(words: str) -> Fields | None:
    found = _BEFORE.fullmatch(words)
    return {"form": "before", **_moment(found[1])} if found else None


def _on(words: str) -> Fields | None:
    found = _ON.fullmatch(words)
    rest = found[1] if found else words
    looks_like_day = found or (re.search(r"\d", words) and not re.match(r"[a-z]+ [a-z]", words))
    return {"form": "on", **_moment(rest)} if looks_like_day else None


def _moment(words: str) -> Fields:
    if found := _HOUR_FIRST.fullmatch(words):
        return {"day": day_of(found[2]), "hour": hour_of(found[1])}
    if found := _HOUR_LAST.fullmatch(words):
        return {"day": day_of(found[1]), "hour": hour_of(found[2])}
    return {"day": day_of(words)}


def _within(words: str) -> Fields | None:
    found = _WITHIN.fullmatch(words)
    rest = found[1] if found else words
    if school_year_of(rest):
        return {"form": "within"}
    if month := _MONTH.fullmatch(rest):
        return _span_end(month[2], int(month[1])) if found or rest[0].isalpha() else None
    if quarter := _QUARTER.fullmatch(rest):
        return _span_end(quarter[2], 3 * int(_QUARTERS.get(quarter[1], quarter[1])))
    if half := _HALF.fullmatch(rest):
        return _span_end(half[2] or half[4], 6 if (half[1] or half[3]) in {"dau", "first"} else 12)
    if year := _YEAR.fullmatch(rest):
        return _span_end(year[1], 12)
    return None


def _span_end(year: str, month: int) -> Fields:
    _day(1, month, year)  # a month that is not there is told
    return {"form": "within", "day": date(int(year), month, monthrange(int(year), month)[1])}


def school_year_of(text: str) -> tuple[int, int] | None:
    """The two years of `năm học 2020–2021`, None where the words name no school year."""
    found = _SCHOOL_YEAR.fullmatch(fold(text))
    return (int(found[1]), int(found[2])) if found else None
