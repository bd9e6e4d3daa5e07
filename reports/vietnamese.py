"""How numbers, days and lists are written for people who read quickly: in Vietnamese, or in English where that is spoken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal

from .tongues import grouped, say, spoken

_WORDS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")


def number(count: int) -> str:
    """A count with dots between thousands: 3.281."""
    return grouped(count)


def in_words(count: int) -> str:
    """A count inside a sentence: words up to ten, figures beyond."""
    return say(_WORDS[count]) if 0 <= count < len(_WORDS) else number(count)


def shown(value: Decimal) -> Decimal:
    """A figure as pages print it, cut to two decimals: 89,997 reads 89,99, since rounding up would claim a target it misses."""
    return value.quantize(Decimal("0.01"), rounding=ROUND_FLOOR)


def decimal(value: Decimal) -> str:
    """A figure with a decimal comma and one or two decimals: 87,4 · 78,11 · 90,0."""
    whole, _, part = f"{shown(value):.2f}".partition(".")
    return f"{whole}{'.' if spoken() == 'en' else ','}{part[:1]}{part[1:].rstrip('0')}"


def percent(value: Decimal) -> str:
    """A share as figures are printed: 87,4%."""
    return f"{decimal(value)}%"


def amount(value: Decimal) -> str:
    """A count as figures are printed: 3.960 · 12,5."""
    return number(int(value)) if value == value.to_integral_value() else decimal(value)


def quantity(value: Decimal, unit: str) -> str:
    """A figure in its indicator's unit: 87,4% · 3.960 người."""
    return percent(value) if unit == "%" else f"{amount(value)} {unit}"


def apart(gap: Decimal, unit: str) -> str:
    """How far two figures are from each other: 1,6 điểm · 40 người."""
    return say("{gap} điểm", gap=decimal(gap)) if unit == "%" else quantity(gap, unit)


def day(when: date) -> str:
    """A day with its year: 1/9/2020."""
    return f"{when.day}/{when.month}/{when.year}"


def on_papers(when: date) -> dict[str, str]:
    """The words of an official paper's date: days below ten and the first two months with a zero, as Nghị định 30 has it."""
    return {"ngay": f"{when.day:02d}", "thang": f"{when.month:02d}" if when.month < 3 else str(when.month), "nam": str(when.year)}


def near(when: date, today: date) -> str:
    """A day without the year where it is this year's: 30/9."""
    return f"{when.day}/{when.month}" if when.year == today.year else day(when)


def moment(when: datetime) -> str:
    """An instant already in the readers' zone: 7:00 ngày 1/9/2020."""
    return say("{hour} ngày {day}", hour=f"{when.hour}:{when.minute:02d}", day=day(when))


def opened(sentence: str) -> str:
    """The sentence with a capital at its start, the rest as it was."""
    return sentence[:1].upper() + sentence[1:]


def names(all_of_them: Sequence[str], most: int = 8, *, others: str = "và {n} đơn vị khác", left: int = 0) -> str:
    """A list that ends in a count where it is too long to read: "A, B và 12 đơn vị khác"; `left` are further ones, counted only."""
    if len(all_of_them) + left <= most + 1:
        return ", ".join(all_of_them)
    return f"{', '.join(all_of_them[:most])} {say(others, n=len(all_of_them) + left - most)}"


def clipped(text: str, most: int) -> str:
    """The text on one line, cut between words with "…" where it is longer than `most`."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0] + "…"
