"""The one form in which a directive is written: the order of its words, what stands on one line, where a line is left free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .layout import Branch, Entry, Value
from .vocabulary import FORCES, ROLES, WORDS

PAPERS = ("basis", "under", "amends", "replaces", "urges")
_PARTS = ("indicators", "duties", "changes", "escalation", "reports", "agencies", "groups")  # parted by free lines
_CLAUSES = ("duties", "changes")
_WHO = ("drop", "title", "lead", "with", "for", "cascade")
_SENTENCE = (*FORCES, "short")

#: The place of the entries under a word: by id, in a list, or the word's own.
_PLACES = {
    "agencies": "agency", "groups": "group", "indicators": "indicator", "duties": "duty", "changes": "duty", "baseline": "baseline",
    "contacts": "contacts", **dict.fromkeys(ROLES, "contact"), "period": "period", "cc": "cc", "reports": "report",
    **dict.fromkeys(PAPERS, "paper"), **dict.fromkeys(FORCES, "point"),
}  # fmt: skip
_BY_ID = {"agencies", "groups", "indicators", "duties", "changes"}
_ONE_LINE = {"agency", "contacts", "contact", "group", "paper", "period"}  # places whose entries stand on one line, where it holds them


def arranged(branch: Branch, place: str = "directive") -> Branch:
    """The entries of a directive in canonical form; what they say stays, and so do their comments."""
    known = _order(branch, place)
    entries = sorted(branch.entries, key=lambda entry: known.get(entry.key or "", len(known)))
    made = [_entry(entry, place) for entry in entries]
    if place == "directive" and made:
        _part(made)
        _head(made, branch.entries[0])
    return Branch(entries=made, below=branch.below, inline=place in _ONE_LINE)


def _order(branch: Branch, place: str) -> Mapping[str, int]:
    """The places of words: as the documentation has them, but a directory that is only named comes first.

    Of a duty: who, the sentence, when and the rest; points stand last, and a point begins with its sentence.
    """
    words = [*({**WORDS["change"], **WORDS["duty"]} if place in ("duty", "point") else WORDS.get(place, ()))]
    if place == "directive" and isinstance(branch.get("agencies"), str):
        words.insert(0, "agencies")
    if place in ("duty", "point"):
        rest = [word for word in words if word not in (*_WHO, *_SENTENCE)]
        listed = any(isinstance(branch.get(word), Branch) for word in FORCES)
        order = (_WHO, rest, _SENTENCE) if listed else (_SENTENCE, _WHO, rest) if place == "point" else (_WHO, _SENTENCE, rest)
        words = [word for part in order for word in part]
    return {word: n for n, word in reversed(list(enumerate(words)))}


def _entry(entry: Entry, place: str) -> Entry:
    word = entry.key or ""
    value = entry.value
    if isinstance(value, Branch):
        value = _branch(word, value, place)
    return Entry(key=entry.key, value=value, above=entry.above, beside=entry.beside, apart=entry.apart and bool(entry.above))


def _branch(word: str, branch: Branch, place: str) -> Value:
    """The value of a word, whose entries know their own place; one item that nobody comments on stands without its list."""
    inner = _PLACES.get(word)
    if place in ("duty", "point") and inner is None and word not in WORDS["change"]:
        inner = "duty"  # points under their full numbers
    if branch.is_list:
        return _listed(word, branch, inner)
    if word in _BY_ID and place == "directive":
        return _by_id(word, branch, inner or "")
    made = arranged(branch, inner or "")
    made.inline |= word == "targets" and len(made.entries) == 1
    return made


def _listed(word: str, branch: Branch, inner: str | None) -> Value:
    items = [_item(item, inner) for item in branch.entries]
    if len(items) == 1 and items[0].is_bare and not branch.below and word not in FORCES and not _is_list(items[0].value):
        return items[0].value
    for item in items:
        item.apart = False
    return Branch(entries=items, is_list=True, below=branch.below, inline=inner is None or inner == "cc")


def _is_list(value: Value) -> bool:
    return isinstance(value, Branch) and value.is_list


def _item(item: Entry, inner: str | None) -> Entry:
    value = item.value
    if isinstance(value, Branch):
        value = _listed("", value, None) if value.is_list else arranged(value, inner or "")
    return Entry(value=value, above=item.above, beside=item.beside)


def _by_id(word: str, branch: Branch, inner: str) -> Branch:
    """Entries by id in their own order; clauses are parted by free lines."""
    made: list[Entry] = []
    for entry in branch.entries:
        value: Value = entry.value
        if isinstance(value, Branch):
            value = arranged(value, inner) if not value.is_list else _listed(entry.key or "", value, None)
        apart = bool(made) if word in _CLAUSES and isinstance(value, Branch) else entry.apart and bool(made)
        made.append(Entry(key=entry.key, value=value, above=entry.above, beside=entry.beside, apart=apart))
    return Branch(entries=made, below=branch.below)


def _part(entries: list[Entry]) -> None:
    """Leave a line free around the parts of a paper."""
    parted = False
    for entry in entries:
        is_part = entry.key in _PARTS and isinstance(entry.value, Branch)
        entry.apart = is_part or parted
        parted = is_part


def _head(entries: list[Entry], first: Entry) -> None:
    """Leave what the file begins with at its beginning, whichever word comes first now."""
    entries[0].apart = False
    if first.above and entries[0].key != first.key:
        next(entry for entry in entries if entry.key == first.key).above = []
        entries[0].above = [*first.above, *entries[0].above]


def texts(value: Value) -> Iterator[str]:
    """Every text below, words and values."""
    if isinstance(value, str):
        yield value
        return
    for entry in value.entries:
        yield from (entry.key,) if entry.key is not None else ()
        yield from texts(entry.value)
