"""How entries are laid out as lines: indents, lists in brackets, folded sentences, quotes where needed, comments in their place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

WIDTH = 110  # columns of a line, if its words allow it
BESIDE = 39  # columns before a comment that stands beside a short line

#: What a scalar without quotes may not begin with, hold, or end with; inside brackets there is more.
_UNSAFE = re.compile(r"^[-?:](?= |$)|^[\[\]{},#&*!|>'\"%@`]|^(?:---|\.\.\.)(?= |$)|^(?:~|null|Null|NULL)?$|^ | $|:(?= |$)| #|[\t\n]")
_UNSAFE_INSIDE = re.compile(r"[\[\]{},?]|^[-:]|:(?=\W)")
_BREAK = re.compile(r"(?<=\S) (?=\S)(?![^‹›]{0,60}›)")  # not inside a blank


@dataclass(slots=True, kw_only=True)
class Entry:
    """A word with its value, or an item of a list, which has no `key`; with the comments that belong to it.

    `above` are the lines before it, empty where the author left one free; `apart` asks for a free line.
    """

    key: str | None = None
    value: Value
    above: list[str] = field(default_factory=list)
    beside: str = ""
    apart: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether nobody has commented on it."""
        return not (self.above or self.beside)


@dataclass(slots=True, kw_only=True)
class Branch:
    """Entries of a block or items of a list; `below` are comments after the last. `inline`: on one line, where it fits."""

    entries: list[Entry] = field(default_factory=list)
    is_list: bool = False
    below: list[str] = field(default_factory=list)
    inline: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether nobody has commented on anything in it."""
        return not self.below and all(each.is_bare and (isinstance(each.value, str) or each.value.is_bare) for each in self.entries)

    def get(self, key: str) -> Value | None:
        """The value of a word."""
        return next((each.value for each in self.entries if each.key == key), None)


Value = str | Branch


def laid_out(branch: Branch) -> str:
    """The text of a file with these entries."""
    lines = list(_lines(branch, ""))
    return "\n".join([*lines[next((n for n, line in enumerate(lines) if line), 0) :], ""])


def scalar(text: str, *, inside: bool = False) -> str:
    """A text on one line, in quotes where YAML would read it otherwise; `inside` brackets more would be."""
    if not (_UNSAFE.search(text) or (inside and _UNSAFE_INSIDE.search(text))):
        return text
    if "\n" in text or "\t" in text or not ('"' in text or "\\" in text):
        return json.dumps(text, ensure_ascii=False)
    return "'" + text.replace("'", "''") + "'"


def _lines(branch: Branch, indent: str) -> Iterator[str]:
    for entry in branch.entries:
        if entry.apart and (not entry.above or entry.above[0]):
            yield ""
        yield from _comments(entry.above, indent)
        yield from _listed(entry, indent) if branch.is_list else _worded(entry, indent)
    yield from _comments(branch.below, indent)


def _comments(lines: list[str], indent: str) -> Iterator[str]:
    yield from (f"{indent}{line}" if line else "" for line in lines)


def _worded(entry: Entry, indent: str) -> Iterator[str]:
    yield from _valued(f"{indent}{scalar(entry.key or '')}:", entry, indent)


def _listed(entry: Entry, indent: str) -> Iterator[str]:
    """An item; one with entries of its own begins on the line of its dash."""
    value = entry.value
    if isinstance(value, str) or _in_one_line(value, indent) is not None:
        yield from _valued(f"{indent}-", entry, indent)
        return
    first, *rest = value.entries
    yield from _comments([*([entry.beside] if entry.beside and first.beside else []), *first.above], indent)
    first = Entry(key=first.key, value=first.value, beside=first.beside or entry.beside)
    inner = Branch(entries=[first, *rest], is_list=value.is_list, below=value.below)
    for n, line in enumerate(_lines(inner, f"{indent}  ")):
        yield f"{indent}- {line.lstrip()}" if n == 0 else line


def _valued(head: str, entry: Entry, indent: str) -> Iterator[str]:
    """A value after its word or dash: on the same line, as a folded sentence, or as lines of its own."""
    value, within = entry.value, f"{indent}  "
    one = scalar(value) if isinstance(value, str) else _in_one_line(value, head)
    if isinstance(value, str) and (sign := _block(value, f"{head} {one}")):
        yield _commented(f"{head} {sign}", entry.beside)
        yield from (f"{within}{line}" if line else "" for line in _folded(value.rstrip("\n"), sign, WIDTH - len(within)))
    elif one is not None:
        yield _commented(f"{head} {one}", entry.beside)
    elif isinstance(value, Branch):
        yield _commented(head, entry.beside)
        yield from _lines(value, within)


def _commented(line: str, comment: str) -> str:
    return f"{line:<{BESIDE - 2}}  {comment}" if comment else line


def _block(text: str, line: str) -> str:
    """How a text is opened that stands on lines of its own; "" where one line does."""
    whole = text.removesuffix("\n")
    if not whole or whole != whole.rstrip() or any(line != line.lstrip() for line in whole.split("\n")) or "\t" in text:
        return ""
    chomp = "" if text.endswith("\n") else "-"
    if "\n" in whole:
        return f"|{chomp}" if all(len(each) < WIDTH * 0.8 for each in whole.split("\n")) else f">{chomp}"
    return f">{chomp}" if len(line) > WIDTH and _BREAK.search(whole) else ""


def _folded(text: str, sign: str, width: int) -> Iterator[str]:
    """The lines of a text; in a folded one the end of a line is written as a free line."""
    if sign.startswith("|"):
        yield from text.split("\n")
        return
    for n, paragraph in enumerate(text.split("\n")):
        yield from [""] if n else []
        yield from _filled(paragraph, width) if paragraph else []


def _filled(paragraph: str, width: int) -> Iterator[str]:
    line, *words = _BREAK.split(paragraph)
    for word in words:
        if len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}"
    yield line


def _in_one_line(branch: Branch, head: str) -> str | None:
    """A block or list inside brackets, where it is meant to be and fits."""
    if not branch.entries and not branch.below:
        return "[]" if branch.is_list else "{}"
    if not branch.inline or not branch.is_bare:
        return None
    line = _bracketed(branch)
    return line if len(head) + 1 + len(line) <= WIDTH else None


def _bracketed(branch: Branch) -> str:
    parts = []
    for entry in branch.entries:
        said = scalar(entry.value, inside=True) if isinstance(entry.value, str) else _bracketed(entry.value)
        parts.append(said if branch.is_list else f"{scalar(entry.key or '', inside=True)}: {said}")
    if branch.is_list:
        return f"[{', '.join(parts)}]"
    return f"{{ {', '.join(parts)} }}" if parts else "{}"
