"""What is written where: data on standard output, talk on standard error, JSON with its version; colours only where they are wanted."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TextIO, cast

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from .refusal import Refusal
from .speech import say

FORMAT_VERSION = "1"

# All controls but tab and newline, escapes that are no colours, and what turns the direction of writing.
_COMMANDS = re.compile("\x1b(?!\\[[0-9;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

#: Columns where nobody sits at a terminal that has a width of its own.
WIDTH = 100


def show(*what: RenderableType) -> None:
    """Data, on standard output."""
    _console(sys.stdout).print(*what, sep="\n")


def columns() -> int:
    """How wide the output is."""
    return _console(sys.stdout).width


def tell(*what: RenderableType) -> None:
    """Talk, on standard error."""
    _console(sys.stderr).print(*what, sep="\n")


def show_raw(text: str, end: str = "\n") -> None:
    """Text as it is, neither wrapped nor coloured."""
    _Guarded(sys.stdout).write(text if text.endswith("\n") else f"{text}{end}")


def show_json(value: Mapping[str, Any]) -> None:
    """An object with its format version, on standard output."""
    show_raw(json.dumps({"format_version": FORMAT_VERSION, **value}, ensure_ascii=False, indent=2, default=_plain))


def marked(sentence: str, **facts: object) -> Text:
    """A sentence that marks its own words: [b]…[/], [dim]…[/]; facts are plain."""
    return Text.from_markup(say(sentence, **{name: fact if isinstance(fact, int) else escape(str(fact)) for name, fact in facts.items()}))


def complaint(refusal: Refusal) -> Text:
    """A refusal as it is shown: what is wrong, then what helps."""
    text = Text.assemble((f"{say('lỗi')}: ", "bold red"), (refusal.sentence, "bold"))
    return text.append(f"\n{refusal.advice}") if refusal.advice else text


def next_step(words: str, command: str) -> Text:
    """The last line of a command: what one would do next."""
    return Text.assemble(f"{words}: ", (command, "bold"))


def table(*columns: str, right: Sequence[str] = (), wide: Sequence[str] = ()) -> Table:
    """An empty table without frames: columns in `right` hold numbers, those in `wide` share what the others leave and are cut there."""
    made = Table(
        box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), collapse_padding=True, header_style="bold", show_edge=False, expand=bool(wide)
    )
    for column in columns:
        made.add_column(say(column), justify="right" if column in right else "left", ratio=1 if column in wide else None, no_wrap=True)
    return made


def has_reader() -> bool:
    """Whether somebody sits there who can answer a question."""
    return sys.stdin.isatty()


def ask(question: str) -> str:
    """What somebody at the terminal types after the question; "" at the end of the input."""
    _console(sys.stderr).print(f"{question}: ", end="")
    try:
        return input().strip()
    except EOFError:
        return ""


class _Guarded:
    """A stream that lets colours pass and no other command to the terminal: strangers' words are shown on it."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(_COMMANDS.sub("", text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the program: `dondoc … | head` is no mistake."""
        raise BrokenPipeError


def _console(file: TextIO) -> Console:
    width = None if file.isatty() or "COLUMNS" in os.environ else WIDTH
    return _Console(file=cast(TextIO, _Guarded(file)), width=width, markup=False, emoji=False, highlight=False)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
