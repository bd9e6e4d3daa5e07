"""The languages of letters: sentences stand in Vietnamese where they are used, their English in `letters/en.txt`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

Lang = Literal["vi", "en"]

CATALOGUE = Path(__file__).parent / "letters" / "en.txt"


class Tongue:
    """One language; called with a sentence and its facts, it says them. Facts are put in as they are, never read as a sentence."""

    __slots__ = ("_said", "lang")

    def __init__(self, lang: Lang, said: Mapping[str, tuple[str, ...]]) -> None:
        self.lang, self._said = lang, said

    def __call__(self, text: str, /, **facts: object) -> str:
        """The sentence; where its English tells one from many, fact `n` counts."""
        if forms := self._said.get(text):
            text = forms[0 if len(forms) == 1 or facts["n"] == 1 else 1]
        return text.format(**facts) if facts else text


@cache
def tongue(lang: Lang) -> Tongue:
    """The language with its catalogue."""
    return Tongue(lang, catalogue() if lang == "en" else {})


@cache
def catalogue() -> Mapping[str, tuple[str, ...]]:
    """Vietnamese → English, or English of one and of many."""
    lines = (line.split(" | ") for line in CATALOGUE.read_text("utf-8").splitlines() if " | " in line and not line.startswith("#"))
    return {vietnamese: tuple(english) for vietnamese, *english in lines}
