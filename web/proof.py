"""What proves that a duty is done: the number and date of a document, a link, files; and what of it a duty demands. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from tasks.values import Work

from .evidence import PICTURES, File, ending_of
from .typed import Typed, day_of
from .words import Say

LONGEST_LINK = 500
_DAY = r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"
_CITED = re.compile(rf"(?P<number>.*\d.*?),?\s+(?:ngày\s+)?{_DAY}", re.ASCII | re.IGNORECASE)


def document(typed: Typed, today: date) -> str:
    """The answering document as papers are cited: "123/BC-UBND ngày 20/5/2020"."""
    number, on = typed.line("done-number"), typed.day("done-on")
    if number and not on:
        typed.wrong("done-on-day", Say("Nhập ngày của văn bản"))
    if on and not number:
        typed.wrong("done-number", Say("Nhập số, ký hiệu của văn bản"))
    if number and not re.search(r"\d", number):
        typed.wrong("done-number", Say("Số, ký hiệu văn bản phải có chữ số, ví dụ 123/BC-UBND"))
    if on and on > today:
        typed.wrong("done-on-day", Say("Ngày của văn bản không thể sau hôm nay"))
    return _cited(number, on) if number and on else ""


def link(typed: Typed) -> str:
    """An address where the result can be seen, "" where none or none such was typed."""
    address = typed.values.get("done-link", "").strip()
    if not address or is_link(address):
        return address
    typed.wrong("done-link", Say("Viết đủ địa chỉ trang, ví dụ https://cairang.example/ket-qua"))
    return ""


def is_link(words: str) -> bool:
    """Whether the words are one address of the web, without a password in it."""
    try:
        parts = urlsplit(words)
        named = bool(parts.hostname) and parts.username is None and parts.password is None
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and named and len(words) <= LONGEST_LINK and not re.search(r"[\s<>\"]", words)


def with_link(document: str, address: str) -> str:
    """Document and address as one line of evidence."""
    return "; ".join(filter(None, [document, address]))


def in_a_line(words: str, today: date) -> str:
    """Evidence typed in one line, a document with its date or an address; "" where it is neither."""
    if is_link(words):
        return words
    found = _CITED.fullmatch(words.strip())
    on = day_of(found["day"], found["month"], found["year"]) if found else None
    return _cited(found["number"], on) if found and on and on <= today else ""


def demanded(typed: Typed, work: Work, files: Sequence[File], *, document: str, said: str) -> None:
    """Note at its field what the duty demands and the form does not bring."""
    pictures = [name for _, name, _ in files if ending_of(name) in PICTURES]
    wanting = {
        "required": ("done-number", not (said or files), Say("Việc này cần minh chứng: số và ngày văn bản, hoặc tệp gửi kèm")),
        "document": ("done-number", not document, Say("Việc này cần số và ngày của văn bản trả lời")),
        "file": ("done-files", not files, Say("Việc này cần tệp gửi kèm")),
        "photo": ("done-files", not pictures, Say("Việc này cần ảnh chụp gửi kèm (JPG hoặc PNG)")),
    }
    place, missing, say = wanting.get(work.evidence, ("", False, None))
    if missing and say:
        typed.wrong(place, say)


def _cited(number: str, on: date) -> str:
    return f"{number} ngày {on.day}/{on.month}/{on.year}"
