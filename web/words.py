"""How the pages speak: sentences that wait for a language, and days, hours and figures as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from directives.language.calendar import END_OF_DAY
from reports.targets import spoken
from reports.vietnamese import day, shown

Code = Literal["vi", "en"]
CODES: tuple[Code, ...] = ("vi", "en")
LOCALE = Path(__file__).parent / "locale"


class Say:
    """A sentence in Vietnamese with its facts, put into the reader's language when a page is written."""

    __slots__ = ("facts", "text")

    def __init__(self, text: str, **facts: object) -> None:
        self.text = text
        self.facts = facts

    def __repr__(self) -> str:
        return f"Say({self.text % self.facts!r})"


WEEKDAYS = (
    Say("Thứ Hai"), Say("Thứ Ba"), Say("Thứ Tư"), Say("Thứ Năm"), Say("Thứ Sáu"), Say("Thứ Bảy"), Say("Chủ nhật"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of the pages."""

    code: Code
    catalogue: NullTranslations

    def say(self, thing: object) -> str:
        """Anything a sentence may hold, as this language writes it: `Say`, day, figure; text stays as it is."""
        match thing:
            case Say():
                return self.catalogue.gettext(thing.text) % {name: self.say(fact) for name, fact in thing.facts.items()}
            case datetime():
                return self.say(Say("%(hour)s ngày %(day)s", hour=f"{thing:%-H:%M}", day=thing.date()))
            case date():
                return day(thing)
            case Decimal():
                return format_decimal(shown(thing), format="#,##0.##", locale=self.code)
            case int():
                return format_decimal(thing, format="#,##0", locale=self.code)
        return str(thing)


@cache
def tongue(code: Code) -> Tongue:
    """The language with its catalogue, compiled from the .po beside the templates when first asked for."""
    compiled = BytesIO()
    with (LOCALE / code / "LC_MESSAGES" / "web.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return Tongue(code, Translations(compiled))


def long_day(when: date) -> Say:
    """A day with its weekday: Thứ Tư 30/9/2020."""
    return Say("%(weekday)s %(day)s", weekday=WEEKDAYS[when.weekday()], day=when)


def near_day(when: date, today: date) -> str:
    """A day without the year where it is this year's."""
    return f"{when.day}/{when.month}" if when.year == today.year else day(when)


def local(when: datetime, zone: str) -> datetime:
    """The instant as the directive's zone sees it."""
    return when.astimezone(ZoneInfo(zone))


def hour_of(when: datetime) -> str:
    """The hour of a local instant, "" where it only means the end of its day."""
    return "" if when.time().replace(microsecond=0) == END_OF_DAY else f"{when:%-H:%M}"


def target_words(target: str) -> str:
    """A target as a sentence holds it: "trên 90%"."""
    return spoken(target)


def size_words(size: int) -> Say:
    """A file's size for people."""
    if size < 1_000_000:
        return Say("%(size)s kB", size=max(1, round(size / 1000)))
    return Say("%(size)s MB", size=Decimal(size) / 1_000_000)
