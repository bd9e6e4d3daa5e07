"""What the paper says and the file does not: clauses and days of its text that no duty, basis or target holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from .calendar import written
from .dates import day_of
from .drafts import Check, Draft, Told
from .mistakes import Mistake, Notes
from .plain import decoded
from .shapes import Shape
from .words import match_form

LEFT_OUT = 5  # sentences that one finding names
FIRST, LETTERS = 8, 80  # words of each, and at most so much of them
_ENOUGH = 4  # words that a sentence needs to be told from a heading
_PART = 8  # words that a part of a sentence needs to be looked at by itself

_CLAUSE = re.compile(r"^[ \t]*(\d{1,2})[.)]\s+\S", re.MULTILINE)
_END = re.compile(r"^[ \t*_]*(?:Nơi nhận|TM\.|KT\.|TL\.|TUQ\.|Nhận được \S+ \S+ này)", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[^\W\d_])|\n\s*\n|\n(?=[ \t]*(?:[-–+•]|[a-zđ]\)|\d{1,2}\.\d))")
_SIGN = re.compile(r"[\s–+•-]*(?:[a-zđ]\)|\d{1,2}(?:\.\d{1,2})+\.?)?\s*")
_COMMA = re.compile(r"[,;:]\s+")
DAY = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b|\b\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}\b")


def clauses_left_out(draft: Draft) -> Told:
    """Numbered clauses of the paper that no duty has."""
    numbers = dict.fromkeys(_CLAUSE.findall(_paper(draft)))
    held = {duty.clause.split(".")[0] for duty in draft.directive.duties}
    missing = [number for number in numbers if number not in held]
    if missing:
        yield ("source",), Mistake("D096", words=", ".join(missing))


def days_left_out(draft: Draft) -> Told:
    """Days of the paper that the file does not name, in words or in a field."""
    said = dict.fromkeys(days(_paper(draft)))
    held: set[date | None] = {*_days_in(draft.directive), draft.directive.date} if said else set()
    if missing := [day for day in said if day not in held]:
        yield ("source",), Mistake("D097", words=", ".join(map(written, missing)))


def sentences_left_out(draft: Draft) -> Told:
    """Sentences of the paper's numbered clauses whose words stand in no duty; clauses that lack as a whole are told already."""
    paper = _paper(draft)
    if not paper:
        return
    held = {duty.clause.split(".")[0] for duty in draft.directive.duties}
    known = {triple for text in _texts_in(draft.directive) for triple in _triples(_words(text))}
    missing = [first for number, text in _clauses(paper) if number in held for first in _unknown(text, known)]
    if missing:
        more = len(missing) - LEFT_OUT
        rest = (f" và {more} câu khác", f" and {more} more") if more > 0 else ("", "")
        names = "; ".join(f"“{first}”" for first in missing[:LEFT_OUT])
        yield ("source",), Mistake("D099", words=(names + rest[0], names + rest[1]))


def _clauses(paper: str) -> Iterator[tuple[str, str]]:
    """The numbered clauses, each up to the next or to the signature."""
    body = _END.split(paper, maxsplit=1)[0]
    for found, after in pairwise([*_CLAUSE.finditer(body), None]):
        if found:
            yield found[1], body[found.end(1) + 1 : after.start() if after else len(body)]


def _unknown(clause: str, known: set[tuple[str, ...]]) -> Iterator[str]:
    """The first words of each sentence, or of each longer part of one between commas, of which less than half is known."""
    sentences = _SENTENCE.split(clause)
    if len(sentences) > 1 and not sentences[0].rstrip().endswith((".", ";", "!", "?")):
        del sentences[0]  # the heading of a clause with points
    for sentence in sentences:
        if _is_unknown(sentence, known, _ENOUGH):
            yield _first(sentence)
        else:
            yield from (_first(part) for part in _COMMA.split(sentence) if _is_unknown(part, known, _PART))


def _is_unknown(text: str, known: set[tuple[str, ...]], enough: int) -> bool:
    words = _words(text)
    triples = _triples(words)
    return len(words) >= enough and 2 * len(triples & known) < len(triples)


def _first(text: str) -> str:
    words = _SIGN.sub("", text, count=1).split()
    return " ".join(words[:FIRST])[:LETTERS] + ("…" if len(words) > FIRST else "")


def _words(text: str) -> list[str]:
    """Words without case, accents and signs, so that a wrapped line or another dash does not matter."""
    return re.findall(r"\w+", match_form(text))


def _triples(words: list[str]) -> set[tuple[str, ...]]:
    return set(zip(words, words[1:], words[2:], strict=False))


def days(text: str) -> Iterator[date]:
    """The days that a text names."""
    return (day for day, _ in named(text))


def named(text: str) -> Iterator[tuple[date, str]]:
    """The days that a text names, with its words; one that cannot be is the paper's own affair."""
    for found in DAY.findall(text):
        try:
            yield day_of(found), found
        except Mistake:
            continue


def _paper(draft: Draft) -> str:
    """The text of the paper, empty where it is a scan or not at hand."""
    name = draft.directive.source
    data = draft.beside(name) if name and draft.beside and name.endswith((".txt", ".md")) else None
    return (decoded(data, Notes()) if data else None) or ""


def _days_in(value: object) -> Iterator[date]:
    """Every day that a value holds, in a field or in its sentences."""
    for leaf in _leaves(value):
        if isinstance(leaf, date):
            yield leaf
        elif isinstance(leaf, str):
            yield from days(leaf)


def _texts_in(value: object) -> Iterator[str]:
    """Every text that a value holds."""
    return (leaf for leaf in _leaves(value) if isinstance(leaf, str))


def _leaves(value: object) -> Iterator[object]:
    """What a value is made of; the directory is none of the paper."""
    match value:
        case tuple():
            for each in value:
                yield from _leaves(each)
        case dict():
            yield from _leaves(tuple(value.values()))
        case Shape():
            yield from _leaves(tuple(held for word, held in value if word != "directory"))
        case _:
            yield value


COVERAGE: tuple[Check, ...] = (clauses_left_out, days_left_out, sentences_left_out)
