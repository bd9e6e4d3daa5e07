"""In which language a report is said: its sentences stand in Vietnamese where they are used, their English in `templates/en.txt`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Literal

Lang = Literal["vi", "en"]

_SPOKEN: ContextVar[Lang] = ContextVar("the language of the report that is being made", default="vi")


@contextmanager
def speaking(lang: Lang) -> Iterator[None]:
    """Say everything in this language until the end, in this thread or task alone."""
    before = _SPOKEN.set(lang)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def spoken() -> Lang:
    """The language that is spoken."""
    return _SPOKEN.get()


def say(text: str, /, **facts: object) -> str:
    """A sentence with its facts, whole numbers grouped. Where its English tells one from many, fact `n` counts; it may be put in words."""
    if spoken() == "en" and (forms := english().get(text)):
        text = forms[0 if len(forms) == 1 or str(facts["n"]).casefold() in ("1", "one") else 1]
    return text.format(**{name: grouped(fact) if isinstance(fact, int) else fact for name, fact in facts.items()}) if facts else text


def grouped(count: int) -> str:
    """A count with a mark between thousands: 3.281, in English 3,281."""
    return f"{count:,}" if spoken() == "en" else f"{count:,}".replace(",", ".")


@cache
def english() -> Mapping[str, tuple[str, ...]]:
    """Vietnamese → English, or English of one and of many."""
    lines = files("reports").joinpath("templates", "en.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" | ") for line in lines if " | " in line and not line.startswith("#"))
    return {vietnamese: tuple(said) for vietnamese, *said in pairs}
