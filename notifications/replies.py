"""What an answer by mail says of a task: "XONG", "85%", "1.234/1.500", "LÙI 30/5 vì …", "không thuộc thẩm quyền", or a plain word; pure.

A saying is a proposal: whoever reads it decides. What could mean two things is left as the words that were written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from directives.language.words import fold
from tasks.sayings import Saying

MOST = 20  # clauses of one answer

_CLAUSE = r"([0-9]{1,3}(?:[.-][0-9a-z]{1,4})*|[ivx]{1,5}(?:\.[0-9]{1,3})+)"
_NAMED = re.compile(rf"\W*(?:(?:muc|diem|nhiem vu|viec|clause)\s+{_CLAUSE}(?![\d/%])\s*[:.,)-]*\s*|{_CLAUSE}\s*(?:[:)]|-\s)\s*)(.+)")

_DAY = r"(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}|\d{2}))?"
_NUMBER = r"(?:\d{1,3}(?:[. ]\d{3}){1,3}|\d{1,9})"
_DONE = re.compile(
    r"(?:(?:don vi|chung toi|em|toi|xa|phuong|truong)?\s*(?:da\s+)?(?:bao cao\s+)?)?"
    r"(xong|hoan thanh|hoan tat|thuc hien xong|lam xong|done|completed|finished)\b(.*)", re.DOTALL,
)
_PERCENT = re.compile(r"(?:(?:so lieu|ty le|ti le|ket qua|tien do|da|dat|duoc|hien|la)\W*)*(\d{1,3}(?:[.,]\d{1,6})?)\s*%(.*)", re.DOTALL)
_COUNTS = re.compile(rf"((?:(?:so lieu|ty le|ti le|ket qua|da|dat|duoc|hien|la)\W*)*)({_NUMBER})\s*/\s*({_NUMBER})(?![\d/])(.*)", re.DOTALL)
_EXTEND = re.compile(
    rf"(?:(?:kinh\s+)?(?:xin|de nghi|cho)\s+)*(?:lui|gia han|doi|extend|postpone)\s*(?:thoi han|han)?\s*(?:(?:den|toi|sang|until|to)\s+)?"
    rf"(?:het\s+)?(?:ngay\s+)?{_DAY}(?![\d%])(.*)", re.DOTALL,
)
_RETURN = re.compile(
    r"khong\s+(?:phai\s+)?(?:thuoc\s+)?(?:tham quyen|trach nhiem|nhiem vu|chuc nang|viec)\b|not (?:ours|our (?:task|duty))"
)
_RECEIVED = re.compile(
    r"(?:(?:don vi|chung toi|em|toi)\s+)?(?:da\s+)?(?:tiep nhan|nhan duoc|nhan|received)(?:\s+(?:van ban|thu|viec|nhiem vu))*\W*"
)
_THANKS = re.compile(r"(?:(?:xin\s+)?(?:cam on|thanks?|thank you|ok|vang|da|ro)(?:\s+(?:anh|chi|em|ban|nhieu|roi|a|so much))*[.!,]*\s*)+")
_NOT = re.compile(r"\b(?:chua|khong|not|gan|sap|se|dang|can|phai)\b")
_WHY = re.compile(r"^[\s,:;.–-]*(?:(?:vì|do|bởi vì|lý do|lí do|vi|ly do|li do|because|due to)\b[\s:]*)?", re.IGNORECASE)
_PAPER = re.compile(
    r"(\d{1,5}\s?/\s?[A-ZĐ][\w&./-]{1,30})[\s,(]*(?:ngày|ngay|dated?)\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.IGNORECASE,
)
_AS_OF = re.compile(rf"(?:tinh den|den ngay|den het|as of|chot)\s*(?:ngay\s*)?{_DAY}")


def read(text: str, on: date) -> tuple[Saying, ...]:
    """What a text, cut to what its sender has written, says on a day: one saying, or one for each clause that a line names."""
    lines = [line.strip() for line in unicodedata.normalize("NFC", text).split("\n") if line.strip()]
    named = [(line, found) for line in lines if (found := _NAMED.fullmatch(fold(line)))][:MOST]
    if not named:
        return tuple(filter(None, (_said(lines, on),)))
    said = []
    for line, found in named:
        clause, words = found[1] or found[2], _tail(line, found[3])
        if one := _said([words], on):
            said.append(replace(one, clause=clause))
    return tuple(said)


def _tail(line: str, folded: str) -> str:
    """The end of a line as written, whose folded form is `folded`."""
    start = next((no for no in range(len(line)) if fold(line[no:]) == folded), 0)
    return line[start:].strip()


def _said(lines: list[str], on: date) -> Saying | None:
    """The first line says what is meant, the others belong to it; where it says nothing known, all of it is a word about progress."""
    if not lines or all(_THANKS.fullmatch(fold(line)) for line in lines):
        return None
    whole, rest = "\n".join(lines), "\n".join(lines[1:])
    for form in _FORMS:
        if found := form(lines[0], rest, on):
            return found
    if _RETURN.search(fold(whole)):
        return Saying(kind="return", note=whole)
    return Saying(kind="progress", note=whole)


def _received(line: str, rest: str, on: date) -> Saying | None:
    return Saying(kind="received", note=rest) if _RECEIVED.fullmatch(fold(line)) else None


def _extends(line: str, rest: str, on: date) -> Saying | None:
    found = _EXTEND.fullmatch(fold(line).strip(" .!"))
    until = _ahead(found[1], found[2], found[3], on) if found else None
    if not found or until is None:
        return None
    why = _WHY.sub("", _tail(line.rstrip(" .!"), found[4].strip(" ,:;.-")) if found[4].strip(" ,:;.-") else "")
    return Saying(kind="extend", until=until, note="\n".join(filter(None, (why, rest))))


def _counts(line: str, rest: str, on: date) -> Saying | None:
    """Two counts; a bare pair that could be a day and a month is left as words."""
    found = _COUNTS.fullmatch(fold(line))
    if not found or _NOT.search(found[4]):
        return None
    numerator, denominator = (int(re.sub(r"\D", "", found[no])) for no in (2, 3))
    if not found[1] and denominator <= 12 and numerator <= 31:
        return None
    if not 0 < denominator >= numerator:
        return None
    return Saying(kind="figure", numerator=numerator, denominator=denominator, on=_as_of(line, on), note=rest)


def _percent(line: str, rest: str, on: date) -> Saying | None:
    found = _PERCENT.fullmatch(fold(line))
    if not found:
        return None
    if inside := re.match(rf"\W*\(?\s*({_NUMBER}\s*/\s*{_NUMBER})\s*\)?", found[2]):
        return _counts(f"đạt {inside[1]}", "\n".join(filter(None, (line if _AS_OF.search(fold(line)) else "", rest))), _as_of(line, on))
    value = Decimal(found[1].replace(",", "."))
    return Saying(kind="figure", value=value, on=_as_of(line, on), note=rest) if value <= 100 else None


def _done(line: str, rest: str, on: date) -> Saying | None:
    """Done, unless the sentence goes on to say how much of it, or that something is still to be done."""
    found = _DONE.fullmatch(fold(line))
    if not found or "%" in found[2] or re.search(r"\d\s*/\s*\d", _PAPER.sub("", line)):
        return None
    if _NOT.search(found[2]) or re.match(r"\s*(?:truoc|mot phan|buoc|phan|co ban|so bo|khi|neu)\b", found[2]):
        return None
    document = _document(f"{line}\n{rest}")
    tail = _tail(line, found[2].strip(" .!,:;-")) if found[2].strip(" .!,:;-") else ""
    return Saying(kind="done", document=document, note="\n".join(filter(None, (tail, rest))))


_FORMS: tuple[Callable[[str, str, date], Saying | None], ...] = (_received, _extends, _percent, _counts, _done)


def _document(text: str) -> str:
    """The answering paper as papers are cited: "123/BC-UBND ngày 20/5/2020"."""
    found = _PAPER.search(text)
    day = _day(found[2], found[3], found[4]) if found else None
    return f"{''.join(found[1].split())} ngày {day.day}/{day.month}/{day.year}" if found and day else ""


def _as_of(line: str, on: date) -> date:
    """The day that a figure is of: the one that is named, the last one of its name; else the day of the letter."""
    found = _AS_OF.search(fold(line))
    if not found:
        return on
    if found[3]:
        day = _day(found[1], found[2], found[3])
        return day if day and day <= on else on
    days = (_day(found[1], found[2], str(year)) for year in (on.year, on.year - 1))
    return next((day for day in days if day and day <= on), on)


def _ahead(day: str, month: str, year: str | None, on: date) -> date | None:
    """A day to come; without its year the next of its name, but none that has just gone by."""
    if year:
        return _day(day, month, year)
    this, after = (_day(day, month, str(each)) for each in (on.year, on.year + 1))
    return this if this and this > on - timedelta(days=60) else after


def _day(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
