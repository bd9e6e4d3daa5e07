"""The text of a file as blocks, rows and texts that know where they stand."""

from __future__ import annotations

from typing import Self

from .mistakes import Mark


class Text(str):
    """A scalar as it was typed; whether it is a day, a number or a sentence is for its field to say."""

    __slots__ = ("mark",)
    mark: Mark
    size = 1

    def __new__(cls, value: str, mark: Mark) -> Self:
        """Text that stands at `mark`."""
        text = super().__new__(cls, value)
        text.mark = mark
        return text


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


def locate(node: Node, loc: Loc) -> Mark:
    """Where the longest prefix of `loc` that the tree knows stands."""
    for part in loc:
        if isinstance(node, Block) and part in node:
            node = node[str(part)]
        elif isinstance(node, Row) and isinstance(part, int) and part < len(node):
            node = node[part]
        elif not isinstance(part, int):
            break
    return node.mark
