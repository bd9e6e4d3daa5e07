"""From the clauses of a paper to its duties: points inherit from their clause, and every duty gets a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .growing import NODES
from .mistakes import Enough, Mistake, Notes
from .tree import Block, Node, Row, Text
from .vocabulary import FORCES, WORDS, blocks, entries, known

SHORT = 60  # letters of a duty's name where the file gives none

CLAUSE = re.compile(r"[0-9A-Za-zĐđ]{1,8}(?:[.-][0-9A-Za-zĐđ]{1,8}){0,6}")
_POINT = re.compile(r"[a-zđ]|\d{1,2}")
_AROUND = re.compile(r"^(?:điều|khoản|mục|điểm|phần|nhiệm vụ)\s+", re.IGNORECASE)
_UNPRINTED = re.compile(r"(?:[a-zđ]{1,2}|end)(?:\.|$)")


def duties(node: Node, notes: Notes) -> Row:
    """The duties of all clauses in the order of the paper; a number that comes twice is told."""
    clauses = blocks(node, "duties", notes)
    return numbered(Row(node.mark), (duty for key, clause in clauses for duty in _clause(key, clause, {}, notes)), notes)


def numbered(row: Row, found: Iterable[Block], notes: Notes) -> Row:
    """The row filled with forms that have a clause; a number that comes twice is told."""
    first: dict[str, Text] = {}
    for duty in found:
        row.size += sum(value.size for value in duty.values())
        if row.size > NODES:  # many points that inherit long lists
            notes.tell(duty.mark, Mistake("D014", count=str(NODES)))
            raise Enough
        number = duty["clause"]
        if isinstance(number, Text) and (other := first.setdefault(number, number)) is not number:
            notes.tell(number.mark, Mistake("D018", word=number, line=str(other.mark.line)), related=other.mark.line)
        else:
            row.append(duty)
    return row


def printed(key: Text) -> Text:
    """Whether the paper prints the number of a clause."""
    return Text("no" if _UNPRINTED.match(key) else "yes", key.mark)


def _clause(key: Text, node: Node, inherited: dict[str, Node], notes: Notes) -> Iterator[Block]:
    """The duties of a clause: its own, one for each point of a list, and those of clauses written inside it."""
    if not CLAUSE.fullmatch(key):
        notes.tell(key.mark, misnumbered(key))
    if not isinstance(node, Block):
        notes.tell(node.mark, Mistake("D037", **({"inner": key} if key in WORDS["duty"] else {})))
        return
    inside = [(name, value) for name, value in entries(node) if name.startswith(f"{key}.")]
    points = [(name, value) for name, value in entries(node) if isinstance(value, Block) and _POINT.fullmatch(name)]
    for name, _ in points:
        notes.tell(name.mark, Mistake("D030", word=name, near=f"{key}.{name}"))
    own = known(_without(node, [*inside, *points]), "duty", notes)
    forces = [word for word in FORCES if word in own]
    shared = inherited | {word: value for word, value in own.items() if word not in FORCES and word != "short"}
    if len(forces) > 1:
        notes.tell(own.key(forces[1]).mark, Mistake("D038", one=forces[0], two=forces[1]))
    elif not forces and not inside and not points:
        notes.tell(key.mark, Mistake("D037"))
    if forces:
        yield from body(key, forces[0], own, shared, notes)
    for name, value in [*inside, *((Text(f"{key}.{name}", name.mark), value) for name, value in points)]:
        yield from _clause(name, value, shared, notes)


def misnumbered(key: str) -> Mistake:
    """The mistake of a number that is none, with the one inside it: `1` of `Điều 1.`, `a` of `điểm a)`."""
    inner = _AROUND.sub("", key).rstrip(".)")
    return Mistake("D054", word=key[:60], **({"near": inner} if CLAUSE.fullmatch(inner) else {}))


def _without(node: Block, inside: list[tuple[Text, Node]]) -> Block:
    taken = {name for name, _ in inside}
    rest = Block(node.mark)
    rest.update((name, value) for name, value in node.items() if name not in taken)
    return rest


def body(key: Text, force: str, own: Block, shared: dict[str, Node], notes: Notes) -> Iterator[Block]:
    """One duty of a sentence, one for each point of a list."""
    body = own[force]
    if isinstance(body, Text):
        yield _duty(key, force, body, {**shared, **{word: value for word, value in own.items() if word == "short"}})
    elif isinstance(body, Block):
        notes.tell(body.mark, Mistake("D033", word=force))
    elif "short" in own:
        notes.tell(own.key("short").mark, Mistake("D055"))
    for number, point in enumerate(body if isinstance(body, Row) else (), start=1):
        yield from _point(Text(f"{key}.{number}", point.mark), force, point, shared, notes)


def _point(key: Text, force: str, node: Node, shared: dict[str, Node], notes: Notes) -> Iterator[Block]:
    if node == "":
        notes.tell(node.mark, Mistake("D034"))
    elif isinstance(node, Text):
        yield _duty(key, force, node, shared)
    elif isinstance(node, Block):
        yield from _clause(key, node, shared, notes)
    else:
        notes.tell(node.mark, Mistake("D033", word=force))


def _duty(key: Text, force: str, text: Text, fields: dict[str, Node]) -> Block:
    duty = Block(key.mark)
    duty.update(
        clause=key,
        printed=printed(key),
        force=Text(force, text.mark),
        text=Text(text.strip(), text.mark, text.lines),
        short=Text(short_of(text), text.mark),
    )
    duty.update(fields)
    return duty


def short_of(text: str) -> str:
    """The first words of a sentence, at most `SHORT` letters, with an ellipsis where words were left out."""
    words = " ".join(text.split())
    if len(words) <= SHORT:
        return words.rstrip(" .;,:")
    return words[:SHORT].rpartition(" ")[0].rstrip(" .;,:(") + "…"
