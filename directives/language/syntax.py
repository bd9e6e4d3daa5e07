"""What the YAML parser's own complaints mean to a clerk, and the place that each is about."""

from __future__ import annotations

import re
from typing import Protocol

import yaml

from .mistakes import Mark, Mistake

DEPTH = 50  # levels of nesting


class Place(Protocol):
    """Where the parser stands, counted from 0."""

    line: int
    column: int


#: The parser's own words, parted by what a person has to do about them.
_PROBLEMS = {
    "mapping values are not allowed in this context": "D020",
    "found unexpected end of stream": "D021",
    "did not find expected ',' or ']'": "D022",
    "did not find expected ',' or '}'": "D022",
    "found character that cannot start any token": "D023",
    "did not find expected node content": "D023",
    "did not find expected whitespace or line break": "D023",
    "did not find expected alphabetic or numeric character": "D023",
    "mapping keys are not allowed in this context": "D023",
    "block sequence entries are not allowed in this context": "D023",
    "found unknown directive name": "D023",
    "could not find expected ':'": "D024",
    "did not find expected <document start>": "D024",
    "did not find expected key": "D025",
    "did not find expected '-' indicator": "D025",
    "found unknown escape character": "D026",
    "did not find expected hexdecimal number": "D026",
    "did not find expected comment or line break": "D029",
    "exceeded maximum nesting depth": "D011",
}
_TIGHT = re.compile(r"[ -]*([a-z]+:)[^\s:/]")
_FIRST = re.compile(r" +([a-z]+)")
#: Where the sentence began says more than where the parser gave up; of these the whole line is marked.
_BEGINNINGS = {"D021", "D022", "D024"}


def complaint(error: yaml.YAMLError, lines: list[str]) -> tuple[Mark, Mistake]:
    """What the parser could not read, where a person would look for it."""
    problem = str(getattr(error, "problem", None) or error)
    code = _PROBLEMS.get(problem, "D027")
    at: Place | None = getattr(error, "problem_mark", None)
    begun: Place | None = getattr(error, "context_mark", None)
    if at and begun and code == "D022" and at.line == begun.line and lines[at.line].startswith(": ", at.column):
        code = "D020"
    if code in _BEGINNINGS or (code == "D023" and getattr(error, "context", None) == "while scanning an alias"):
        at = begun or at
    elif code in {"D024", "D025"} and at and at.line < len(lines) and lines[at.line][: at.column].strip():
        code = "D029"
    if tight := _tight(code, at, lines):
        return tight, Mistake("D132")
    if code == "D020" and at and (found := _FIRST.fullmatch(lines[at.line][: at.column])):
        # The name of an entry that is set in too far is taken for more of the sentence above.
        return Mark(at.line + 1, found.start(1) + 1, found.end(1) + 1), Mistake("D025")
    mark = stretch(at, at, lines)
    if code in _BEGINNINGS:
        mark = mark._replace(end_column=max(mark.end_column, len(lines[mark.line - 1].rstrip()) + 1))
    quoted = {"quoted": '"'} if '"' in lines[mark.line - 1] else {}
    return mark, Mistake(code, why=problem[:200], depth=str(DEPTH), **quoted)


def _tight(code: str, at: Place | None, lines: list[str]) -> Mark | None:
    """A name whose colon has no space after it, on the line before one that the parser could not read, or on that line itself."""
    number = at.line - (code == "D020") if at and code in {"D020", "D024"} else -1
    found = _TIGHT.match(lines[number]) if 0 <= number < len(lines) else None
    return Mark(number + 1, found.start(1) + 1, found.end(1) + 1) if found else None


def stretch(start: Place | None, end: Place | None, lines: list[str]) -> Mark:
    """From `start` to `end`, or to the end of its first line; at least one column."""
    if start is None or end is None:
        return Mark(1, 1, 2)
    if start.line >= len(lines):  # the parser looks for more after the last line
        last = max(len(lines[-1]), 1)
        return Mark(len(lines), last, last + 1)
    last = end.column if end.line == start.line else len(lines[start.line].rstrip())
    return Mark(start.line + 1, start.column + 1, max(last, start.column + 1) + 1)
