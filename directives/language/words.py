"""How words are compared: without case, accents, spare spaces and the usual abbreviations; and the word that was perhaps meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

_LONGEST = 100  # letters of a word that are compared
_REMEMBERED = 300  # letters of a text whose form is kept: a few thousand long ones would fill the memory
_DASHES = str.maketrans("–—−‐‑", "-----")
_ABBREVIATIONS = (
    (r"uy ban nhan dan", "ubnd"),
    (r"hoi dong nhan dan", "hdnd"),
    (r"giao duc va dao tao|gd\s*[-&]\s*dt|gd va dt", "gddt"),
    (r"bao hiem xa hoi", "bhxh"),
    (r"bao hiem y te", "bhyt"),
    (r"lao dong - thuong binh va xa hoi|ld\s*-\s*tb\s*&\s*xh|ld-tbxh", "ldtbxh"),
    (r"mat tran to quoc", "mttq"),
    (r"cong van", "cv"),
)


def fold(text: str) -> str:
    """Small letters without accents, one space between words, plain dashes: `Uỷ ban – Quý` becomes `uy ban - quy`."""
    return _known_folded(text) if len(text) <= _REMEMBERED else _folded(text)


def match_form(text: str) -> str:
    """`fold`, and the usual abbreviations for the bodies and papers that have one; for matching names and sentences."""
    return _known_matched(text) if len(text) <= _REMEMBERED else _matched(text)


def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFD", text.translate(_DASHES).casefold())
    bare = "".join(sign for sign in spread if not unicodedata.combining(sign))
    return " ".join(bare.replace("đ", "d").split())


def _matched(text: str) -> str:
    form = fold(text)
    for long, short in _ABBREVIATIONS:
        form = re.sub(rf"\b(?:{long})\b", short, form)
    return form


_known_folded = lru_cache(maxsize=4096)(_folded)
_known_matched = lru_cache(maxsize=4096)(_matched)


class Guess:
    """Known words, ready to be asked which of them a misspelt one was perhaps meant for."""

    def __init__(self, known: Iterable[str], meanings: Mapping[str, str] | None = None) -> None:
        """`meanings` are Vietnamese names of the known words, by which they may be called too."""
        self._folded = {fold(each): each for each in known}
        self._senses = {match_form(sense[:_LONGEST]): each for each, sense in (meanings or {}).items()}

    def of(self, word: str) -> str | None:
        """The known word with nearly these letters, else the one with nearly this meaning."""
        word = word[:_LONGEST]
        found = process.extractOne(fold(word), self._folded.keys(), scorer=fuzz.ratio, score_cutoff=72)
        if found:
            return self._folded[found[0]]
        meant = process.extractOne(match_form(word), self._senses.keys(), scorer=fuzz.WRatio, score_cutoff=86)
        return self._senses[meant[0]] if meant else None


def near(word: str, known: Iterable[str], meanings: Mapping[str, str] | None = None) -> str | None:
    """The known word that `word` was perhaps meant for, by its letters or else by its Vietnamese meaning."""
    return Guess(known, meanings).of(word)
