"""`check --explain`: what a code means, in a clerk's words, with a wrong example and the right one."""

from __future__ import annotations

from rich.text import Text

from directives.language.explained import Example, explanations
from directives.language.findings import level_of
from directives.language.words import near

from .refusal import USAGE, Refusal
from .screen import next_step, show, tell
from .speech import lang, say

_COLOURS = {"error": "bold red", "warning": "bold yellow"}


def explain(code: str) -> None:
    """Show the explanation of a code. Raises Refusal where there is none."""
    found = explanations().get(code.upper())
    if found is None:
        meant = near(code.upper(), explanations())
        advice = say("có phải {word}?", word=meant) if meant else say("mã đứng sau chỗ sai: D043")
        raise Refusal(say("không có mã {code}", code=code), advice, code=USAGE)
    level = level_of(found.code)
    kind = say("lỗi") if level == "error" else say("cảnh báo")
    show(Text.assemble((f"{found.code} {kind}: ", _COLOURS[level]), (found.sentence(lang()), "bold")), "", found.words)
    wrong, right = (say("Sai:"), found.wrong, found.right, "red"), (say("Đúng:"), found.right, found.wrong, "green")
    for heading, example, other, colour in (wrong, right):
        show("", Text(heading, f"bold {colour}"), _example(example, other, colour))
    if level == "warning":
        tell("", next_step(say("Không cần nghe cảnh báo này thì ghi trong dondoc.toml"), f'lints_off = ["{found.code}"]'))


def _example(example: Example, other: Example, colour: str) -> Text:
    """The lines of an example, in its colour those that the other one lacks, each file beside it under its name."""
    shown = Text()
    theirs = {line for _, text in other.files for line in text.splitlines()}
    for name, text in example.files:
        shown.append(f"  {name}\n" if name else "", "cyan")
        for line in text.splitlines():
            said = line.strip("()") if example.is_told else line
            shown.append("  │ ", colour).append(f"{said}\n", "" if line in theirs else colour)
    shown.rstrip()
    return shown
