"""How words are compared: without case, accents, spare spaces and the usual abbreviations; and the word that was perhaps meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

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


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Small letters without accents, one space between words, plain dashes: `Uỷ ban – Quý` becomes `uy ban - quy`."""
    spread = unicodedata.normalize("NFD", text.translate(_DASHES).casefold())
    bare = "".join(sign for sign in spread if not unicodedata.combining(sign))
    return " ".join(bare.replace("đ", "d").split())


@lru_cache(maxsize=4096)
def match_form(text: str) -> str:
    """`fold`, and the usual abbreviations for the bodies and papers that have one; for matching names and sentences."""
    form = fold(text)
    for long, short in _ABBREVIATIONS:
        form = re.sub(rf"\b(?:{long})\b", short, form)
    return form


def near(word: str, known: Iterable[str], meanings: Mapping[str, str] | None = None) -> str | None:
    """The known word that `word` was perhaps meant for, by its letters or else by its Vietnamese meaning."""
    word = word[:64]
    folded = {fold(each): each for each in known}
    found = process.extractOne(fold(word), folded.keys(), scorer=fuzz.ratio, score_cutoff=72)
    if found:
        return folded[found[0]]
    senses = {match_form(sense): each for each, sense in (meanings or {}).items()}
    meant = process.extractOne(match_form(word), senses.keys(), scorer=fuzz.WRatio, score_cutoff=86)
    return senses[meant[0]] if meant else None
