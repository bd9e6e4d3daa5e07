"""From the changes of an amending paper to one long form for each clause, and one for the amended paper as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from .clauses import CLAUSE, body, misnumbered, numbered, printed
from .mistakes import Mistake, Notes
from .tree import Block, Node, Row, Text
from .vocabulary import FORCES, WORDS, blocks, known


def changes(node: Node, notes: Notes) -> tuple[Row, Block]:
    """What becomes of each clause, and what is said of the paper as a whole; a clause that comes twice is told."""
    overall = Block(node.mark)
    clauses: list[tuple[Text, Node]] = []
    for key, value in blocks(node, "changes", notes):
        if key in WORDS["overall"]:
            overall[key] = value
        else:
            clauses.append((key, value))
    return numbered(Row(node.mark), (change for key, value in clauses for change in _change(key, value, notes)), notes), overall


def _change(key: Text, node: Node, notes: Notes) -> Iterator[Block]:
    """What is said of one clause; a list under do or ask adds a clause for each of its points."""
    if not CLAUSE.fullmatch(key):
        notes.tell(key.mark, misnumbered(key))
    own = known(node, "change", notes) if isinstance(node, Block) else Block(node.mark)
    forces = [word for word in FORCES if word in own]
    if not own:
        notes.tell(key.mark, Mistake("D145", word=key[:60]))
    elif "drop" in own and len(own) > 1:
        notes.tell(own.key("drop").mark, Mistake("D144", word=key[:60]))
    elif len(forces) > 1:
        notes.tell(own.key(forces[1]).mark, Mistake("D038", one=forces[0], two=forces[1]))
    elif forces:
        yield from body(key, forces[0], own, {word: value for word, value in own.items() if word not in (*FORCES, "short")}, notes)
    else:
        change = Block(key.mark)
        change.update(clause=key, printed=printed(key), **own)
        yield change
