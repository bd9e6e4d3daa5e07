"""Rhythms and rungs as papers write them: Vietnamese words become English ones, and one small grammar reads those."""

from __future__ import annotations

import re
from datetime import datetime

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # dateutil ships no types

from .dates import Fields, hour_of
from .deadlines import STANDING, due_of
from .mistakes import Mistake
from .words import fold

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = "|".join(WEEKDAYS)
_NUMBERED = zip("234567", ("hai", "ba", "tu", "nam", "sau", "bay"), WEEKDAYS, strict=False)

#: Applied in this order to folded words.
_ENGLISH = (
    (r"(?:dot xuat,? ?)?(?:theo|khi co) yeu cau(?: dot xuat)?|dot xuat", "on request"),
    (r"khi (?:co )?(?:phat sinh|su co|su viec|vu viec)|khi xay ra", "on event"),
    (r"\b(?:1|mot) lan ?(?:/|trong|moi)? ?(?=tuan|thang|quy|nam)", " "),
    (r" (?:mot|1) lan\b", " "),
    (r"\bhai (?=tuan|thang|nam)", "2 "),
    (r"\b(?:hang|moi) ngay\b|\bdaily\b", "day"),
    (r"\b(?:dinh ky|every|moi|hang|the)\b|(?<=\d)(?:st|nd|rd|th)\b", " "),
    (r"\b(week|month|quarter|year)ly\b", r"\1"),
    (r"\bannually\b", "year"),
    *((rf"\bthu (?:{number}|{name})\b", day) for number, name, day in _NUMBERED),
    (r"chu nhat", "sunday"),
    (rf"\b({_DAYS}) dau tuan", r"\1"),
    (rf"\b({_DAYS})(?: cua)? (?:tuan cuoi|cuoi)(?: cung)?(?: cua)? thang", r"month on last \1"),
    (rf"\b({_DAYS}) cuoi(?: cung)?", r"on last \1"),
    (r"(?:chot|so lieu)(?: (?:so lieu|tinh|chot|den|het|vao))*(?: ngay)?(?= \d)", "cutoff"),
    (r"\bngay cuoi(?: cung)?(?: cua)? (thang|quy|nam)", r"\1 on last day"),
    (r"\bngay cuoi(?: cung)?", "on last day"),
    (r"\bngay dau(?: tien)?(?: cua)? thang", "thang on 1"),
    (r"(?:\bngay )?(\d{1,2})(?: cua)? thang (cuoi|dau)(?: cua)? (quy|6 thang|nam)(?: sau)?", r"\3 on \1 of \2 month"),
    (r"\b(?:cua )?thang cuoi(?: (?:quy|ky|nam))?", "of last month"),
    (r"of cuoi month", "of last month"),
    (r"of dau month", "of first month"),
    (r"\bngay (\d{1,2}) thang (\d{1,2})(?= +va | +nam|,|$)", r"ngay \1/\2"),
    (r"(?:\bngay )?\b(\d{1,2})(?: cua)?(?: cac)? thang ((?:\d{1,2}(?:, ?| va ))+\d{1,2})\b", r"month on \1 in months \2"),
    (r"\btrong (?:cac )?thang", "in months"),
    (r"\b(?:6|sau) thang|nua nam", "half year"),
    (r"(?:vao )?\bluc\b", "at"),
    (r"\btruoc(?: ngay)?\b", "before"),
    (r"^ *ngay *$", "day"),
    (r"(?:\bvao )?\bngay\b|\bvao\b", "on"),
    (r"\btuan\b", "week"),
    (r"\bthang\b", "month"),
    (r"\bquy\b", "quarter"),
    (r"\bnam\b", "year"),
    (r"\bva\b", "and"),
    (r"\bden\b", "-"),
    (r" +,", ","),
)
_CUTOFF = re.compile(r",? ?\bcutoff (?:on )?(\d{1,2})(?= |$)")
_MONTHS = re.compile(r",? ?\bin months? ((?:\d{1,2}|[ ,-]|and)+)(?= |$)")
_HOUR = re.compile(r",? ?\(?(?:\b(?:at|before|by) )*\b(\d{1,2} ?(?::\d{2}|(?:h|gio)(?: ?\d{2})?))\)?,?(?= |$)")
_BEFORE_DAY = re.compile(r"\bbefore (?:on )?(?=\d|last |[a-z]+day\b)")
_BEFORE = re.compile(r"\bbefore ")
_CORE = re.compile(r"(?:(\d{1,3}) )?(day|week|month|quarter|half year|year)s?(?: (?:on )?(.+))?")
_TURNED = re.compile(r"^(on (?:\d.*|last \w+)|\d{1,2}/\d.*) (month|quarter|half year|year)$")
_FIXED = re.compile(r"(?:on )?\d{1,2}/\d{1,2}(?:(?: and |, ?)(?:on )?\d{1,2}/\d{1,2})*")
_SEVERAL = re.compile(rf"(?:on )?((?:{_DAYS})(?:(?:, ?| and )(?:{_DAYS}))+)(?: week)?")
_WEEKDAY = "[+-]?[1-5]?(?:MO|TU|WE|TH|FR|SA|SU)"
_NUMBERS = r"-?\d{1,2}(?:,-?\d{1,2})*"
_PARTS = rf"INTERVAL=[1-9]\d?|COUNT=[1-9]\d{{0,3}}|UNTIL=\d{{8}}|BYDAY={_WEEKDAY}(?:,{_WEEKDAY})*|BY(?:MONTHDAY|MONTH|SETPOS)={_NUMBERS}"
_RRULE = re.compile(rf"FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;(?:{_PARTS}))*")
_MONTH = re.compile(r"\d{1,2}/\d{4}")
_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
_RUNG = re.compile(r"(\d{1,3}) (working )?days? (before|late)")
_RUNG_VI = re.compile(r"(?:(truoc|qua) han )?(\d{1,3}) ngay( lam viec)?(?: (truoc|qua) han)?")


def every_of(text: str) -> Fields:
    """The fields of an `Every`. Raises Mistake."""
    if text[:6].casefold() == "rrule:":
        return {"words": text, "unit": "rrule", "rrule": _rrule(text)}
    words = _english(fold(text))
    if words in {"on request", "on event"}:
        return {"words": text, "unit": words}
    if words in STANDING:
        raise Mistake("D107")
    cutoff, words = _taken(_CUTOFF, words)
    months, words = _taken(_MONTHS, words)
    hour, words = _taken(_HOUR, words)
    plain = _BEFORE.sub("", _BEFORE_DAY.sub("on ", words))
    fields = {"words": text, **_core(_turned(plain)), **_extras(cutoff, months, hour)}
    if plain != words:
        if not fields.keys() & {"day", "weekday", "fixed", "rrule"}:
            raise Mistake("D047")
        fields["before"] = True
    return fields


def end_of(text: str) -> Fields:
    """The fields of a `Due`; a rhythm in its place is told apart. Raises Mistake."""
    try:
        return due_of(text)
    except Mistake as mistake:
        if mistake.code in ("D040", "D046") and _is_rhythm(text):
            raise Mistake("D104", word=text) from None
        if mistake.code == "D040":
            raise Mistake("D040", **_advice(text)) from None
        raise


def _advice(text: str) -> dict[str, str]:
    """What was perhaps meant by a due date that is no day: a month, several days, else whatever may stand there."""
    if _MONTH.fullmatch(text):
        return {"near": f"tháng {text}"}
    return {"several": ""} if len(_DAY.findall(text)) > 1 else {"due": ""}


def _is_rhythm(text: str) -> bool:
    try:
        return bool(every_of(text))
    except Mistake:
        return False


def _rrule(text: str) -> str:
    """A rule of RFC 5545 that comes round at all."""
    rule = text[6:].strip().upper()
    if not _RRULE.fullmatch(rule):
        raise Mistake("D047")
    try:
        rrulestr(rule)
        # A rule without turns is searched to the year 9999, so the search begins shortly before it.
        turn = next(iter(rrulestr(re.sub(";(?:UNTIL|COUNT)=[^;]*", "", rule), dtstart=datetime(9980, 1, 1))), None)  # noqa: DTZ001
    except ValueError:
        turn = None
    if turn is None:
        raise Mistake("D047")
    return rule


def _english(words: str) -> str:
    for vietnamese, english in _ENGLISH:
        words = re.sub(vietnamese, english, words)
    return " ".join(words.split())


def _taken(pattern: re.Pattern[str], words: str) -> tuple[str | None, str]:
    """What `pattern` finds, and the words without it."""
    found = pattern.search(words)
    return (found[1], (words[: found.start()] + words[found.end() :]).strip()) if found else (None, words)


def _turned(words: str) -> str:
    """The unit before its day: `15/6 and 1/12 year` becomes `year 15/6 and 1/12`, and days of the year alone are a year's."""
    words = f"{words} year" if _FIXED.fullmatch(words) else words
    return _TURNED.sub(r"\2 \1", words)


def _core(words: str) -> Fields:
    """Unit, step and the day within the span."""
    if several := _SEVERAL.fullmatch(words):
        days = ",".join(day[:2].upper() for day in re.split(r", ?| and ", several[1]))
        return {"unit": "rrule", "rrule": f"FREQ=WEEKLY;BYDAY={days}"}
    if (day := words.removeprefix("on ").removesuffix(" week")) in WEEKDAYS:
        return {"unit": "week", "weekday": WEEKDAYS.index(day)}
    found = _CORE.fullmatch(words)
    if not found:
        raise Mistake("D047")
    unit, step = found[2], _within(found[1] or "1", 999)
    return {"unit": unit, "step": step, **(_place(unit, found[3]) if found[3] else {})}


def _place(unit: str, words: str) -> Fields:
    """The day on which a span of `unit` falls due."""
    if unit == "week" and words in WEEKDAYS:
        return {"weekday": WEEKDAYS.index(words)}
    if unit == "year" and "/" in words:
        return {"fixed": tuple(_fixed(each) for each in re.split(r"(?: and |, ?)(?:on )?", words))}
    if words.endswith(" of first month") and unit in {"quarter", "half year", "year"}:
        return {"day": _within(words.removesuffix(" of first month"), 31)}
    day, of_last_month = words.removesuffix(" of last month"), words.endswith(" of last month")
    weekday = day.removeprefix("last ")
    if unit not in {"month", "quarter", "half year", "year"} or (of_last_month and unit == "month"):
        raise Mistake("D047")
    if day == "last day":
        return {"day": -1, "of_last_month": unit != "month"}
    if unit == "month" and day != weekday and weekday in WEEKDAYS:
        return {"last_weekday": True, "weekday": WEEKDAYS.index(weekday)}
    if unit != "month" and not of_last_month:
        raise Mistake("D047")
    return {"day": _within(day, 31), "of_last_month": of_last_month}


def _fixed(words: str) -> tuple[int, int]:
    day, _, month = words.partition("/")
    longest = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}.get(number := _within(month, 12), 31)
    return _within(day, longest), number


def _within(words: str, most: int) -> int:
    if not words.isascii() or not words.isdigit() or not 1 <= int(words[:9]) <= most:
        raise Mistake("D047")
    return int(words)


def _extras(cutoff: str | None, months: str | None, hour: str | None) -> Fields:
    fields: Fields = {}
    if cutoff:
        fields["cutoff"] = _within(cutoff, 31)
    if months:
        fields["months"] = tuple(month for part in re.split(r",| and ", months) for month in _range(part))
    if hour:
        fields["hour"] = hour_of(hour)
    return fields


def _range(part: str) -> tuple[int, ...]:
    """Months of `2-9`; `9-5` runs over the end of the year, as a school year does."""
    first, _, last = (each.strip() for each in part.partition("-"))
    start = _within(first, 12)
    end = _within(last, 12) if last else start
    return tuple((start - 1 + step) % 12 + 1 for step in range((end - start) % 12 + 1))


def rung_of(text: str) -> Fields:
    """The fields of a `Rung` but for its audience: 7 days before, quá hạn 5 ngày làm việc. Raises Mistake."""
    words = fold(text)
    if found := _RUNG.fullmatch(words):
        return {"words": text, "side": found[3], "count": int(found[1]), "working": bool(found[2])}
    found = _RUNG_VI.fullmatch(words)
    if found is None or bool(found[1]) == bool(found[4]):
        raise Mistake("D049")
    side = "before" if "truoc" in (found[1], found[4]) else "late"
    return {"words": text, "side": side, "count": int(found[2]), "working": bool(found[3])}
