"""Markdown as tests read it: its fenced blocks, the rows of its tables, its headings and links; no more of Markdown than our pages use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`]+)`")
_RULE = re.compile(r"^\|(?:-+:?\|)+$")


class Block(NamedTuple):
    """A fenced block: its language, whether it is to be run, its text, whether it shows what is wrong (`sai`)."""

    language: str
    runs: bool
    text: str
    wrong: bool = False


class Page:
    """One page of ours."""

    def __init__(self, name: str) -> None:
        self.path = ROOT / name
        self.text = self.path.read_text(encoding="utf-8")
        self.prose = _FENCE.sub("", self.text)

    def blocks(self, language: str) -> list[Block]:
        """The fenced blocks of a language in their order."""
        found = ((fence["info"].split(), fence["text"]) for fence in _FENCE.finditer(self.text))
        return [Block(info[0], "run" in info[1:], text, "sai" in info[1:]) for info, text in found if info and info[0] == language]

    def table(self, first: str) -> list[list[str]]:
        """The rows of the tables whose heading begins with this cell."""
        return [row for heading, row in self._rows() if heading[0] == first]

    def headings(self) -> list[tuple[int, str]]:
        """Depth and words."""
        return [(len(signs), words) for signs, words in _HEADING.findall(self.prose)]

    def anchors(self) -> set[str]:
        """What links may point at, as GitHub names it."""
        return {re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") for _, words in self.headings()}

    def links(self) -> list[str]:
        """Where links and pictures point."""
        return _LINK.findall(self.prose)

    def code(self) -> str:
        """Everything that stands as code: spans and blocks, a line each."""
        return "\n".join([*_CODE.findall(self.prose), *(fence["text"] for fence in _FENCE.finditer(self.text))])

    def _rows(self) -> Iterator[tuple[list[str], list[str]]]:
        heading: list[str] = []
        before = ""
        for line in self.prose.splitlines():
            if not line.startswith("|"):
                heading = []
            elif _RULE.match(line.replace(" ", "")):
                heading = _cells(before)
            elif heading:
                yield heading, _cells(line)
            before = line


def spans(cell: str) -> list[str]:
    """The code in a cell."""
    return _CODE.findall(cell)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
