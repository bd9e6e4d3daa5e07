"""What was typed into a form, read field by field; mistakes are gathered so that a page can show them all at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from .numbers import UnreadableError
from .words import Say

T = TypeVar("T")

MOST_LINE = 200
MOST_TEXT = 4_000

#: A day that stands whole in one box, pasted or typed on.
_WHOLE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mistake:
    """What a person must change: `field` is the id of the input that the summary leads to."""

    field: str
    say: Say


class Typed:
    """The typed values by field, as cleaned text, and the mistakes met while reading them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = {name: clean(value) for name, value in values.items()}
        self.mistakes: list[Mistake] = []

    def wrong(self, field: str, say: Say) -> None:
        """Note a mistake at a field; of several at one field the first is told."""
        if all(mistake.field != field for mistake in self.mistakes):
            self.mistakes.append(Mistake(field, say))

    def line(self, field: str, missing: Say | None = None) -> str:
        """One line; `missing` is said where it is empty, None where it may be."""
        typed = " ".join(self.values.get(field, "").split())
        if not typed and missing:
            self.wrong(field, missing)
        if len(typed) > MOST_LINE:
            self.wrong(field, Say("Dài quá %(most)s ký tự", most=MOST_LINE))
        if "=?" in typed:
            # The start of an encoded word: harmless here, a second header where a mail is built from it.
            self.wrong(field, Say("Không dùng được hai ký tự =? liền nhau"))
        return typed

    def text(self, field: str, missing: Say | None = None) -> str:
        """Several lines."""
        typed = self.values.get(field, "").strip()
        if not typed and missing:
            self.wrong(field, missing)
        if len(typed) > MOST_TEXT:
            self.wrong(field, Say("Dài quá %(most)s ký tự; bạn nhập %(typed)s", most=MOST_TEXT, typed=len(typed)))
        return typed

    def day(self, field: str, missing: Say | None = None) -> date | None:
        """A day from its three boxes, or whole in the first; the mistake leads to the first of them."""
        parts = [self.values.get(f"{field}-{part}", "").strip() for part in ("day", "month", "year")]
        if not any(parts):
            if missing:
                self.wrong(f"{field}-day", missing)
            return None
        whole = None if any(parts[1:]) else _WHOLE.fullmatch(parts[0])
        if (read := day_of(*(whole.groups() if whole else parts))) is None:
            said = "/".join(parts).rstrip("/")
            self.wrong(f"{field}-day", Say("%(typed)s không phải là một ngày; viết đủ ngày, tháng, năm", typed=said))
        return read

    def number(self, field: str, read: Callable[[str], T]) -> T | None:
        """A number by `read`; None where nothing or nothing readable was typed."""
        typed = self.values.get(field, "").strip()
        try:
            return read(typed) if typed else None
        except UnreadableError as unreadable:
            self.wrong(field, unreadable.say)
            return None


def day_of(day: str, month: str, year: str) -> date | None:
    """The day that three boxes name, None where they name none; a year is one that the language of papers takes."""
    if not re.fullmatch(r"\d{1,2}-\d{1,2}-(19|20|21)\d\d", f"{day}-{month}-{year}", re.ASCII):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def clean(value: str) -> str:
    """The text in NFC with plain line ends and without control or other invisible signs."""
    lines = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
