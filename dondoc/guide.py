"""How `--help` is laid out: headings, then names and what they do; no frames."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from rich.text import Text

from .speech import say

if TYPE_CHECKING:
    from cyclopts.help import HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions

_NAMES = 24  # columns of names before what they do

#: What cyclopts calls the blocks of a command that stands beneath another.
_OWN = {"Arguments": "Tham số", "Parameters": "Tùy chọn"}


class Guide:
    """Help in the language that is spoken; the form that cyclopts asks for."""

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        """One block of commands or flags."""
        if not panel.entries:
            return
        title = str(panel.title)
        console.print(Text(say(_OWN[title]) if title in _OWN else title, "bold"))
        for entry in panel.entries:
            console.print(_row(entry, options.max_width))
        console.print()

    def render_usage(self, console: Console, options: ConsoleOptions, usage: Any) -> None:
        """How the command is written."""
        console.print(Text.assemble((f"{say('Cách dùng')}: ", "bold"), str(usage).strip().removeprefix("Usage: "), "\n"))

    def render_description(self, console: Console, options: ConsoleOptions, description: Any) -> None:
        """What the command is for."""
        if words := _plain(description):
            console.print(f"{words[0].upper()}{words[1:]}\n", highlight=False, markup=False)


def _row(entry: HelpEntry, width: int) -> Text:
    names = "  " + ", ".join(entry.display_labels_with_metavar)
    facts = [
        _plain(entry.description),
        say("một trong: {words}", words=", ".join(entry.choices)) if entry.choices else "",
        say("biến môi trường {name}", name=", ".join(entry.env_var)) if entry.env_var else "",
    ]
    lines = wrap(" · ".join(filter(None, facts)), max(30, width - _NAMES)) or [""]
    indent = "\n" + " " * _NAMES
    head = f"{names:<{_NAMES}}" if len(names) < _NAMES else f"{names}{indent}"
    return Text.assemble((head, "cyan"), indent.join(lines))


def _plain(description: Any) -> str:
    """The words of a description; cyclopts wraps them for markup that we do not use."""
    return str(getattr(description, "primary_renderable", description) or "").strip()
