"""The text of a file as blocks, rows and texts that know where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Self

from .mistakes import Mark


class Text(str):
    """A scalar as it was typed; whether it is a day, a number or a sentence is for its field to say.

    `lines` are the file's own from that of the mark on, where the text has several.
    """

    __slots__ = ("lines", "mark")
    mark: Mark
    lines: Sequence[str]
    size = 1

    def __new__(cls, value: str, mark: Mark, lines: Sequence[str] = ()) -> Self:
        """Text that stands at `mark`."""
        text = super().__new__(cls, value)
        text.mark, text.lines = mark, lines
        return text

    def spot(self, words: str) -> Mark:
        """Where `words` of the text begin, to the end of their line; the mark of it all where they cannot be found."""
        found = re.search(r"\s+".join(map(re.escape, words.split())), "\n".join(self.lines) or self) if words else None
        indent = 0 if self.lines else self.mark.column - 1 + (self.mark.end_column - self.mark.column - len(self)) // 2  # a quote
        if not found or not (self.lines or self.mark.end_column - self.mark.column - len(self) in (0, 2)):
            return self.mark
        before = found.string[: found.start()]
        column = len(before) - before.rfind("\n") + indent
        return Mark(self.mark.line + before.count("\n"), column, column + len(found[0].partition("\n")[0].rstrip()))


class Block(dict[str, "Node"]):
    """A mapping in the order of the file. `mark` is its key, or its first word where it has none; `size` counts all below."""

    __slots__ = ("mark", "size")

    def __init__(self, mark: Mark) -> None:
        """An empty block at `mark`."""
        super().__init__()
        self.mark, self.size = mark, 1

    def key(self, word: str) -> Text:
        """A key as it stands in the file."""
        return next(key for key in self if key == word and isinstance(key, Text))


class Row(list["Node"]):
    """A list. `mark` is its key, or its first item where it has none; `size` counts all below."""

    __slots__ = ("mark", "size")

    def __init__(self, mark: Mark) -> None:
        """An empty list at `mark`."""
        super().__init__()
        self.mark, self.size = mark, 1


Node = Text | Block | Row
Loc = tuple[int | str, ...]


def locate(node: Node, loc: Loc, words: str = "") -> Mark:
    """Where the longest prefix of `loc` that the tree knows stands, or `words` in its text."""
    for part in loc:
        if isinstance(node, Block) and part in node:
            node = node[str(part)]
        elif isinstance(node, Row) and isinstance(part, int) and part < len(node):
            node = node[part]
        elif not isinstance(part, int):
            break
    return node.spot(words) if isinstance(node, Text) else node.mark
