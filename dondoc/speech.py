"""How the program speaks: Vietnamese sentences, in English where that is asked for; days, hours and counts as people read them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import cache
from itertools import pairwise
from pathlib import Path
from string import Formatter
from typing import Literal

Lang = Literal["vi", "en"]
LOCALE = Path(__file__).parent / "locale"

_WEEKDAYS: dict[Lang, tuple[str, ...]] = {
    "vi": ("T2", "T3", "T4", "T5", "T6", "T7", "CN"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_spoken: list[Lang] = ["vi"]


def speak(lang: Lang) -> None:
    """Say everything in this language from now on."""
    _spoken[0] = lang


def lang() -> Lang:
    """The language that is spoken."""
    return _spoken[0]


def asked(tokens: Sequence[str], environ: Mapping[str, str], home: Path) -> Lang:
    """The language of a command line: `--lang`, else DONDOC_LANG, else the project's own, else Vietnamese."""
    flags = [token.removeprefix("--lang=") for token in tokens if token.startswith("--lang=")]
    flags += [after for before, after in pairwise(tokens) if before == "--lang"]
    return "en" if (flags or [environ.get("DONDOC_LANG") or _of_project(home)])[0] == "en" else "vi"


def say(sentence: str, **facts: object) -> str:
    """A sentence with its facts, in the language that is spoken. A translation with two forms takes the first where `n` is 1."""
    said = english().get(sentence, (sentence,)) if lang() == "en" else (sentence,)
    return said[0 if facts.get("n") == 1 else -1].format_map(facts)


def say_again(words: str) -> str:
    """A Vietnamese sentence that was made elsewhere, with its facts already in it, in the language that is spoken."""
    if lang() == "en":
        for sentence, shape in _shapes():
            if found := shape.fullmatch(words):
                return say(sentence, **found.groupdict())
    return words


@cache
def english() -> Mapping[str, tuple[str, ...]]:
    """The English of every sentence: one line each, `Vietnamese | English`, or `Vietnamese | one | many`."""
    lines = (LOCALE / "en.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" | ") for line in lines if line.strip() and not line.startswith("#"))
    return {vietnamese: tuple(said) for vietnamese, *said in pairs}


@cache
def _shapes() -> Sequence[tuple[str, re.Pattern[str]]]:
    """Every sentence that has facts, as what it looks like with them; those that say most come first."""
    found = []
    for sentence in english():
        parts = [(words, name) for words, name, _, _ in Formatter().parse(sentence)]
        names = [name for _, name in parts if name]
        if names and len(names) == len(set(names)):
            shape = "".join(re.escape(words) + (f"(?P<{name}>.+)" if name else "") for words, name in parts)
            found.append((sum(len(words) for words, _ in parts), sentence, re.compile(shape, re.DOTALL)))
    return [(sentence, shape) for _, sentence, shape in sorted(found, key=lambda each: -each[0])]


def day(when: date) -> str:
    """A day in a column: 24/05/2020."""
    return f"{when:%d/%m/%Y}"


def short_day(when: date, year: int) -> str:
    """A day without its year where it is `year`: 24/05."""
    return f"{when:%d/%m}" if when.year == year else day(when)


def weekday(when: date) -> str:
    """A day with its weekday: T6 22/05/2020."""
    return f"{_WEEKDAYS[lang()][when.weekday()]} {day(when)}"


def moment(at: datetime, zone: tzinfo) -> str:
    """An instant on the clock of a zone: 08:10 T2 18/05/2020."""
    local = at.astimezone(zone)
    return f"{local:%H:%M} {weekday(local.date())}"


def number(count: int) -> str:
    """A count: 3.281, in English 3,281."""
    return f"{count:,}".replace(",", "." if lang() == "vi" else ",")


def _of_project(home: Path) -> str:
    try:
        return str(tomllib.loads((home / "dondoc.toml").read_text(encoding="utf-8")).get("lang"))
    except (OSError, ValueError):
        return ""  # whoever needs the settings will say what is wrong with them
