"""Last year's directive as this year's draft: every number, date, period and figure of it becomes a question, and else a blank."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from .amounts import number_of
from .blanks import blank
from .canonical import PAPERS, arranged
from .dates import day_of
from .deadlines import due_of
from .layout import Branch, Entry, Value, laid_out
from .markup import marked_up
from .mistakes import Notes
from .plain import cleaned

Kind = Literal["day", "due", "number", "words"]


class Question(NamedTuple):
    """What is asked anew: where it stands, as words from the outermost in; what it was; what may be answered."""

    place: tuple[str, ...]
    old: str
    kind: Kind


#: Answers a question; None leaves a blank.
Answer = Callable[[Question], str | None]

_DAYS = {"date", "on", "from", "until"}
_NUMBERS = {"value", "missing", "total"}
_WHOLE = {"directive", "figures", "files", *PAPERS}  # last year's own, whatever it says
_SENTENCES = {"title", "do", "ask", "note", "short", "product", "name", "drop"}
_DIRECTORY = {"agencies", "groups"}

_YEAR = r"(?:19|20|21)\d\d"
_DAY = r"\d{1,2}"
_DATED = re.compile(
    rf"(?:ngày\s+)?{_DAY}\s*[/.-]\s*{_DAY}\s*[/.-]\s*{_YEAR}|{_YEAR}-{_DAY}-{_DAY}"
    rf"|(?:ngày\s+)?{_DAY}\s+tháng\s+{_DAY}(?:,?\s+năm\s+{_YEAR})?|(?:ngày|trước|đến|từ)\s+{_DAY}/{_DAY}(?!\d|/)"
    rf"|tháng\s+{_DAY}(?:\s*[/.-]\s*|,?\s+năm\s+){_YEAR}|quý\s+(?:[IViv]+|\d)(?:\s*[/-]\s*|\s+năm\s+|\s+){_YEAR}"
    rf"|(?<![\d/]){_DAY}/{_YEAR}(?![\d/])|(?:6|sáu)\s+tháng\s+(?:đầu|cuối)\s+năm\s+{_YEAR}|(?<![\d/]){_YEAR}\s*[-–]\s*{_YEAR}(?!\d)|(?<![\d/.,]){_YEAR}(?![\d%]|[.,]\d)",
    re.IGNORECASE,
)


def renewed(text: str, answer: Answer = lambda question: None) -> str:
    """The canonical text of last year's file with `answer` in place of what changes every year. Raises AliasUsed."""
    return laid_out(arranged(_branch(arranged(marked_up(cleaned(text, Notes()))), (), answer)))


def check(question: Question, said: str) -> None:
    """Raise Mistake where an answer cannot be read."""
    if question.kind != "words":
        {"day": day_of, "due": due_of, "number": number_of}[question.kind](said)


def _branch(branch: Branch, place: tuple[str, ...], answer: Answer) -> Branch:
    entries = [_entry(entry, place, n, answer) for n, entry in enumerate(branch.entries, start=1)]
    return Branch(entries=entries, is_list=branch.is_list, below=branch.below, inline=branch.inline)


def _entry(entry: Entry, place: tuple[str, ...], n: int, answer: Answer) -> Entry:
    where = (*place, str(n) if entry.key is None else entry.key)
    key = entry.key
    if key is not None and place[-1:] == ("targets",):
        key = _asked(Question(where[:-1], key, "day"), answer)
    return Entry(key=key, value=_value(entry.value, where, answer), above=entry.above, beside=entry.beside, apart=entry.apart)


def _value(value: Value, place: tuple[str, ...], answer: Answer) -> Value:
    if place[0] in _DIRECTORY or not value:
        return value  # a directory's own dates stay true
    if isinstance(value, Branch):
        return _branch(value, place, answer)
    kind = _kind(value, place)
    if kind:
        return _asked(Question(place, value, kind), answer)
    return _sentence(value, place, answer) if _is_sentence(place) else value


def _kind(value: str, place: tuple[str, ...]) -> Kind | None:
    """How the whole of a value is asked anew, None where it is not."""
    word = next(word for word in reversed(place) if not word.isdigit() or word == place[0])
    if word in _DAYS:
        return "day"
    if word == "due" and re.search(_YEAR, value):
        return "due"
    if place[0] == "indicators" and word in _NUMBERS:
        return "number"
    return "words" if _is_last_years(value, place, word) else None


def _is_last_years(value: str, place: tuple[str, ...], word: str) -> bool:
    """Whether a value belongs to last year as a whole: papers, files, where an indicator stood, a period, a rule with an end."""
    own = place[0] in _WHOLE or place == ("source",) or "baseline" in place[2:]
    return own or (word == "period" and bool(re.search(_YEAR, value))) or (word == "every" and "until=" in value.casefold())


def _is_sentence(place: tuple[str, ...]) -> bool:
    """Whether a value is words of the paper: a title, a name, a sentence, or a point of a list of them."""
    return any(word in _SENTENCES for word in (place[-1], *([place[-2]] if len(place) > 1 and place[-1].isdigit() else [])))


def _sentence(text: str, place: tuple[str, ...], answer: Answer) -> str:
    return _DATED.sub(lambda found: _asked(Question(place, found[0], "words"), answer), text)


def _asked(question: Question, answer: Answer) -> str:
    said = answer(question)
    return blank(question.old) if said is None else said


def questions(text: str) -> Iterator[Question]:
    """Everything that is asked anew of last year's file, in the order of its canonical text."""
    asked: list[Question] = []
    renewed(text, asked.append)
    yield from asked
