"""Due dates as papers write them, in Vietnamese or English; what is no due date is told, with the place where it belongs."""

from __future__ import annotations

import re
from datetime import date

from .dates import HOUR, Fields, day_of, hour_of
from .mistakes import Mistake
from .spans import numbered, school_year_of, span_of
from .words import fold

STANDING = {"thuong xuyen", "lien tuc", "standing"}

_AT_ONCE = {
    "at once", "immediately", "as soon as possible", "asap", "ngay", "ngay lap tuc", "khan truong", "kip thoi", "lap tuc", "som nhat",
    "cang som cang tot",
}
_ON_RECEIPT = re.compile(r"ngay (?:sau )?khi nhan duoc .+")
_LATEST = re.compile(r"(?:(?:phai )?(?:hoan thanh|thuc hien xong|xong|bao cao|gui|nop) )?(?:(?:cham nhat|muon nhat)(?: la)? )?(.+)")
_BEFORE = re.compile(r"(?:before|truoc)(?: ngay(?= \d))? (.+)")
_ON = re.compile(r"(?:on|by|until|no later than|not later than|den het|den|het|trong|vao)(?: ngay(?= \d))? (.+)")
_WITHIN = re.compile(r"(?:within|in|trong|den het|het|den cuoi|cuoi|ca|by the end of|end of|den(?= nam))(?: ca)? (.+)")
_HOUR_FIRST = re.compile(rf"(?:luc |at )?({HOUR})(?:,? (?:ngay|on))?,? (.+)", re.ASCII)
_HOUR_LAST = re.compile(rf"(.+?),? (?:luc |at )?({HOUR})", re.ASCII)
_BEFORE_LAST = re.compile(rf"(.+?),? (?:truoc|before) ({HOUR})", re.ASCII)

_NUMBERS = ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi")
_SPELT = re.compile(rf"\b({'|'.join(_NUMBERS)}) (?=ngay\b|tuan\b)")
_ISSUE = r"(?:the )?(?:date of )?(?:issue|ngay (?:ban hanh|ky(?: ban hanh)?)(?: (?:van ban|cong van)(?: nay)?)?)"
_CLAUSE = r"[0-9a-zđ]{1,8}(?:[.-][0-9a-zđ]{1,8}){0,6}"
_DONE = rf"(?:(?:khi|ngay) )?(?:(?:hoan thanh|ket thuc|xong|done) )?(?:(?:clause|muc|diem|khoan|nhiem vu) )?({_CLAUSE})"
_RELATIVE = re.compile(
    r"(?:(?:within|in|sau|toi da|khong qua|trong vong|trong thoi (?:han|gian)|trong)(?: khong qua)? )?"
    r"(\d{1,4}) (?:(working )?days?|ngay( lam viec)?|(weeks?|tuan))"
    rf"(?:,? (?:after|from|of|sau|ke tu|tinh tu|tu) (?:{_ISSUE}|{_DONE}))?",
    re.ASCII,
)
_SINCE = re.compile(r",? +(?:kể từ|tính từ|từ|sau)\b", re.IGNORECASE)
_RECEIVED = re.compile(r".+?,? (?:(?:ke )?tu|sau|tinh tu)(?: ngay| khi)* nhan duoc\b.*")
_SPAN = re.compile(r"(?:tu|from)(?: ngay(?= \d))? (\d.*?)(?: tro di| on(?:wards)?|,? (?:den|to|until)(?: het)?(?: ngay(?= \d))? (\d.*))?")

_WEEKDAY = re.compile(r"\(?\b(?:thu (hai|ba|tu|nam|sau|bay|[2-7])|(chu nhat))\b\)?,? ?")
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, **{str(n): n - 2 for n in range(2, 8)}}
_NAMES = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
_CUTOFF = re.compile(r"(.+?),? (?:cutoff|(?:chot|so lieu)(?: (?:so lieu|tinh|chot|den|het|vao))*)(?: ngay)? (\d.*)")
_CUT = re.compile(r",? +(?=cutoff|chốt|số liệu)", re.IGNORECASE)


def due_of(text: str) -> Fields:
    """The fields of a `Due`; a school year is left without its day. Raises Mistake."""
    if cut := _CUTOFF.fullmatch(fold(text)):
        return {**due_of(without_cutoff(text)), "words": text, "cutoff": day_of(cut[2])}
    words = _plain(text)
    if all(part in _AT_ONCE for part in re.split(r",? va |, ", words)) or _ON_RECEIPT.fullmatch(words):
        return {"words": text, "form": "at once"}
    _told_apart(words, text)
    fields = _relative(words, text) or _before(words) or _within(words) or _on(words)
    if fields is None:
        raise Mistake("D046")
    _same_weekday(text, fields)
    return {"words": text, **fields}


def without_cutoff(text: str) -> str:
    """A due date's words without the day up to which figures count."""
    return _CUT.split(text, maxsplit=1)[0]


def _plain(text: str) -> str:
    """The words without a weekday, a verb and "at the latest", which say nothing more; numbers that are spelt as digits."""
    words = _WEEKDAY.sub("", fold(text.replace("'", "").replace("’", ""))).strip(" ,;.")
    words = numbered(_SPELT.sub(lambda found: f"{_NUMBERS.index(found[1]) + 1} ", words))
    latest = _LATEST.fullmatch(words)
    return latest[1] if latest and words not in _AT_ONCE else words


def _told_apart(words: str, text: str) -> None:
    """What is no due date, and where it belongs. Raises Mistake."""
    if found := _SPAN.fullmatch(words):
        raise Mistake("D103", start=found[1], **({"end": found[2]} if found[2] else {}))
    if _RECEIVED.fullmatch(words):
        raise Mistake("D105", word=_SINCE.split(text, maxsplit=1)[0])
    if words in STANDING:
        raise Mistake("D107")


def _same_weekday(text: str, fields: Fields) -> None:
    """A weekday beside a day is that day's. Raises Mistake."""
    found, day = _WEEKDAY.search(fold(text)), fields.get("day")
    if found and isinstance(day, date) and fields["form"] in ("on", "before"):
        named = _WEEKDAYS[found[1]] if found[1] else 6
        if day.weekday() != named:
            raise Mistake("D106", day=f"{day.day}/{day.month}/{day.year}", weekday=(_NAMES[day.weekday()], f"{day:%A}"))


def _relative(words: str, text: str) -> Fields | None:
    found = _RELATIVE.fullmatch(words)
    if not found:
        return None
    # The number of a clause keeps its capitals (II.1), which the folded words have lost.
    after = text.strip(" .;").rsplit(maxsplit=1)[-1] if found[5] else None
    count = int(found[1]) * (7 if found[4] else 1)
    return {"form": "relative", "count": count, "working": bool(found[2] or found[3]), "after": after}


def _before(words: str) -> Fields | None:
    if found := _BEFORE_LAST.fullmatch(words):
        return {"form": "before", "day": day_of(found[1]), "hour": hour_of(found[2])}
    found = _BEFORE.fullmatch(words)
    if not found:
        return None
    span = span_of(found[1]) if found[1][0].isalpha() else None
    return {"form": "before", **({"day": span[0]} if span else _moment(found[1]))}


def _within(words: str) -> Fields | None:
    found = _WITHIN.fullmatch(words)
    rest = found[1] if found else words
    if school_year_of(rest):
        return {"form": "within"}
    # A bare 8/2026 may be a day without its month as well.
    span = span_of(rest) if rest and (found or not re.match(r"\d{1,2}\s*[/.-]", rest)) else None
    return {"form": "within", "day": span[1]} if span else None


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
