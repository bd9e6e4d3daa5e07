"""How findings are shown: to people with the lines they point into, to programs as JSON, to GitHub as annotations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.text import Text

from .findings import Finding, Lang

__all__ = ["Finding", "Lang", "github", "human", "machine"]

FORMAT_VERSION = "1"
WIDTH = 100  # columns of a source line that are shown where nobody says how many there are
_MARGIN = 9  # columns beside it
BEFORE = 20  # of them before a long word

_LEVELS = {("error", "vi"): "lỗi", ("error", "en"): "error", ("warning", "vi"): "cảnh báo", ("warning", "en"): "warning"}
_COLOURS = {"error": "bold red", "warning": "bold yellow"}
_HINT = {"vi": "gợi ý", "en": "hint"}


def human(findings: Iterable[Finding], sources: Mapping[Path, str], lang: Lang = "vi", width: int = WIDTH + _MARGIN) -> Text:
    """Each finding with its line, the lines around it and a mark under the word, and at the end how many there are.

    A source line that is longer than `width` allows is shown around its mark.
    """
    text, shown = Text(), list(findings)
    lines = {path: source.split("\n") if source else [] for path, source in sources.items()}
    for found in shown:
        text.append(f"{_LEVELS[found.level, lang]}: ", _COLOURS[found.level])
        text.append(f"{_printable(found.sentence(lang))}\n", "bold")
        text.append("   → ", "blue").append(_place(found), "cyan underline").append(f"  {found.code}\n", "dim")
        text.append_text(_excerpt(found, lines.get(found.path, []), max(width - _MARGIN, 2 * BEFORE)))
        if hint := found.advice(lang):
            text.append("     = ", "blue").append(f"{_HINT[lang]}: ", "yellow").append(f"{_printable(hint)}\n")
        text.append("\n")
    return text.append_text(_sum(shown, lang))


def _sum(findings: list[Finding], lang: Lang) -> Text:
    """How many of each level, and in which file or in how many."""
    count = Counter(found.level for found in findings)
    said = [f"{count[level]} {_LEVELS[level, lang]}{_plural(count[level], lang)}" for level in ("error", "warning") if count[level]]
    paths = list(dict.fromkeys(found.path for found in findings))
    where = _printable(str(paths[0])) if len(paths) == 1 else f"{len(paths)} {'tệp' if lang == 'vi' else 'files'}"
    return Text(f"{', '.join(said)} {'trong' if lang == 'vi' else 'in'} {where}.\n" if said else "", "bold")


def _plural(count: int, lang: Lang) -> str:
    return "s" if lang == "en" and count != 1 else ""


def _place(found: Finding) -> str:
    return _printable(f"{found.path}:{found.line}:{found.column}")


def _excerpt(found: Finding, lines: Sequence[str], width: int) -> Text:
    """The line, its neighbours that say something, and the mark."""
    text = Text()
    for number in range(found.line - 1, found.line + 2) if lines else ():
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        if number == found.line:
            text.append_text(_marked(found, line, width))
        elif line.strip():
            text.append_text(_numbered(number, Text(_window(line, 0, width))))
    return text


def _marked(found: Finding, line: str, width: int) -> Text:
    """The line that a finding is about, with a mark under its word."""
    start = max(0, min(found.end_column - width + 1, found.column - BEFORE)) if len(line) > width else 0
    first = max(found.column - 1, start)
    indent, length = first - start + (1 if start else 0), max(1, min(found.end_column - 1 - first, width - 1))
    shown = Text(_window(line, start, width))
    shown.stylize(_COLOURS[found.level], indent, indent + length)
    mark = (f"{' ' * indent}{'^' * length}\n", _COLOURS[found.level].removeprefix("bold "))
    return Text.assemble(_numbered(found.line, shown), ("      │ ", "blue"), mark)


def _numbered(number: int, line: Text) -> Text:
    return Text.assemble((f"{number:>5} │ ", "blue"), line, "\n")


def _window(line: str, start: int, width: int) -> str:
    """As much of a line as is shown, with an ellipsis where it goes on."""
    end = start + width - bool(start)
    return ("…" if start else "") + _printable(line[start:end]) + ("…" if len(line) > end else "")


def _printable(text: str) -> str:
    """Text that can do nothing to a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def machine(findings: Iterable[Finding], lang: Lang = "vi") -> str:
    """JSON: `format_version` and the findings."""
    plain = [_plain(found, lang) for found in findings]
    return json.dumps({"format_version": FORMAT_VERSION, "findings": plain}, ensure_ascii=False, indent=2)


def _plain(found: Finding, lang: Lang) -> dict[str, object]:
    return {
        "path": str(found.path),
        "line": found.line,
        "column": found.column,
        "end_column": found.end_column,
        "level": found.level,
        "code": found.code,
        "message": found.sentence(lang),
        "hint": found.advice(lang) or None,
        "related_line": found.related,
    }


def github(findings: Iterable[Finding], lang: Lang = "vi") -> str:
    """A workflow command for each finding, which GitHub shows beside the line."""
    return "".join(f"{_annotation(found, lang)}\n" for found in findings)


def _annotation(found: Finding, lang: Lang) -> str:
    place = f"file={_escaped(str(found.path))},line={found.line},col={found.column},endColumn={found.end_column},title={found.code}"
    message = plainly(found, lang)
    return f"::{found.level} {place}::{message.replace('%', '%25').replace(chr(13), '%0D').replace(chr(10), '%0A')}"


def plainly(found: Finding, lang: Lang) -> str:
    """What is wrong, and the hint where there is one, in one line."""
    hint = found.advice(lang)
    return found.sentence(lang) + (f" ({_HINT[lang]}: {hint})" if hint else "")


def _escaped(value: str) -> str:
    for sign, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        value = value.replace(sign, code)
    return value
