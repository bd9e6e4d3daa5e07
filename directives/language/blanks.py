"""Places that are still to be filled in, ‹…› in the file: what stands there from last year is read on, so that the rest can be checked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .mistakes import Mark, Mistake, Notes
from .tree import Block, Node, Row, Text

BLANK = re.compile(r"‹(năm trước )?([^‹›]*)›")


def blank(old: str) -> str:
    """The blank for what was `old` last year."""
    return f"‹năm trước {old.replace('‹', '').replace('›', '')}›"


def is_blank(text: str) -> bool:
    """Whether a text has a place that is still to be filled in."""
    return "‹" in text and BLANK.search(text) is not None


def looked_through(tree: Block, notes: Notes) -> Block:
    """The tree with last year's words in the places of their blanks, which are told; blanks without such words stay."""
    done: dict[int, Node] = {}  # what aliases repeat stays one node
    made = _filled(tree, notes, done)
    return made if isinstance(made, Block) else tree


def _filled(node: Node, notes: Notes, done: dict[int, Node]) -> Node:
    if id(node) not in done:
        done[id(node)] = _copied(node, notes, done)
    return done[id(node)]


def _copied(node: Node, notes: Notes, done: dict[int, Node]) -> Node:
    if isinstance(node, Text):
        return _read_on(node, notes)
    if isinstance(node, Row):
        row = Row(node.mark)
        row.extend(_filled(item, notes, done) for item in node)
        row.size = node.size
        return row
    block = Block(node.mark)
    for key, value in node.items():
        word = _read_on(key, notes) if isinstance(key, Text) else key
        block[word if word not in block else key] = _filled(value, notes, done)
    block.size = node.size
    return block


def _read_on(text: Text, notes: Notes) -> Text:
    if "‹" not in text:
        return text
    for mark, mistake in _told(text):
        notes.tell(mark, mistake)
    return Text(BLANK.sub(lambda found: found[2] if found[1] else found[0], text), text.mark, text.lines)


def _told(text: Text) -> Iterator[tuple[Mark, Mistake]]:
    for found in {found[0]: found for found in BLANK.finditer(text)}.values():
        yield text.spot(found[0]), Mistake("D120", old=found[2][:60]) if found[1] else Mistake("D121", what=found[2][:60])
