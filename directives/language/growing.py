"""From YAML to a tree: no types, no tags, no surprises; what a clerk can have meant otherwise is told in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NoReturn

import yaml
from yaml import CSafeLoader

from .mistakes import Enough, Mark, Mistake, Notes
from .plain import unescaped
from .syntax import DEPTH, Place, complaint, stretch
from .tree import Block, Node, Row, Text

ALIASES = 32
NODES = 30_000  # of a directive; a paper of a thousand clauses has half of them
BOOK_NODES = 120_000  # of a directory: ten thousand agencies

_SENTENCES = {"do", "ask", "note", "name", "short", "title", "product"}  # what a comma may stand in
_IDS = re.compile(r"[a-z][a-z0-9.-]*(?:, *[a-z][a-z0-9.-]*)+")


def grow(text: str, notes: Notes, most: int = NODES) -> Block | None:
    """The tree of the only document in a cleaned text, None where there is no block; what is wrong is told to `notes`.

    `most` bounds its entries, counted as often as aliases repeat them.

    Raises Enough where the rest of a file is not worth reading.
    """
    lines = text.split("\n")
    grower = _Grower(lines, notes, most)
    try:
        for event in yaml.parse(text, Loader=CSafeLoader):
            grower.take(event)
    except yaml.YAMLError as error:
        if not notes.has("D004", "D005"):  # which would have caused it
            notes.tell(*complaint(error, lines))
        return None
    if isinstance(grower.root, Block):
        return grower.root
    notes.tell(grower.root.mark if grower.root else Mark(1, 1, 2), Mistake("D028" if grower.root else "D016"))
    return None


class _Grower:
    """Takes the parser's events one by one, so that no nesting can exhaust the stack."""

    def __init__(self, lines: list[str], notes: Notes, most: int) -> None:
        self.lines, self.notes, self.most = lines, notes, most
        self.root: Node | None = None
        self.open: list[Block | Row] = []
        self.keys: list[Text | None] = []  # the key that waits for its value, one for each open node
        self.anchors: dict[str, Node] = {}
        self.aliases = self.count = 0

    def take(self, event: yaml.Event) -> None:
        """Let one event add to the tree."""
        match event:
            case yaml.ScalarEvent():
                self.scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self.begin(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.keys.pop()
                self.place(self.listed(self.open.pop()))
            case yaml.AliasEvent():
                self.alias(event)
            case yaml.DocumentStartEvent() if self.root is not None:
                self.refuse(self.mark(event), Mistake("D015"))

    def scalar(self, event: yaml.ScalarEvent) -> None:
        mark = self.below(event) if event.style in ("|", ">") else self.mark(event)
        value = unescaped(event.value, mark, self.notes) if event.style == '"' else event.value
        text = Text(value, mark, self.several(event, mark))
        self.refuse_tag(event)
        self.name(event, text)
        if not event.style and len(text.split()) > 2 and self.cut(event.end_mark):
            self.notes.tell(text.mark, Mistake("D080"))
        self.place(text)

    def begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if len(self.open) >= DEPTH:
            self.refuse(self.mark(event), Mistake("D011", depth=str(DEPTH)))
        self.refuse_tag(event)
        waiting = self.keys[-1] if self.keys else None
        mark = waiting.mark if waiting is not None else self.mark(event)
        node: Block | Row = Block(mark) if isinstance(event, yaml.MappingStartEvent) else Row(mark)
        self.name(event, node)
        self.open.append(node)
        self.keys.append(None)

    def alias(self, event: yaml.AliasEvent) -> None:
        self.aliases += 1
        if self.aliases > ALIASES:
            self.refuse(self.mark(event), Mistake("D012", count=str(ALIASES)))
        node = self.anchors.get(str(event.anchor))
        if node is None or any(node is held for held in self.open):
            self.refuse(self.mark(event), Mistake("D013", word=str(event.anchor)))
        self.place(node)

    def place(self, node: Node) -> None:
        """Hang `node` into the node that is open: as an item, as a key, or as the value of the key that waits."""
        self.count += 1
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        top.size += node.size
        if max(top.size, self.count) > self.most:
            self.refuse(node.mark, Mistake("D014", count=str(self.most)))
        if isinstance(top, Row):
            if top and isinstance(node, Text) and self.is_rest(top[-1], node):
                self.notes.tell(node.mark, Mistake("D133"))
            top.append(node)
        elif self.keys[-1] is None:
            self.keys[-1] = self.fresh(top, node)
        else:
            self.fill(top, self.keys[-1], node)
            self.keys[-1] = None

    def fresh(self, top: Block, node: Node) -> Text:
        """A key that may stand in `top`."""
        if not isinstance(node, Text):
            self.refuse(node.mark, Mistake("D017"))
        if not top and node.mark[:2] == top.mark[:2]:
            top.mark = node.mark  # a block without a key is shown by its first word
        if node in top and not self.is_torn(top, node):
            first = top.key(node)
            self.notes.tell(node.mark, Mistake("D018", word=node, line=str(first.mark.line)), related=first.mark.line)
        elif node == "<<":
            self.notes.tell(node.mark, Mistake("D019"))
        return node

    def fill(self, top: Block, key: Text, node: Node) -> None:
        if node == "" and isinstance(node, Text):
            node.mark = key.mark
            if self.is_torn(top, key) and top[next(reversed(top))]:
                self.mend(top, key)
                return
        if key not in top and key != "<<":
            top[key] = node

    def is_torn(self, top: Block, key: Text) -> bool:
        """Whether a key has no colon: the rest of a sentence (or of 70,5%) that a comma has torn inside { }."""
        last = next(reversed(top.values()), None)
        if last is None or isinstance(last, Block) or (isinstance(last, Row) and (not last or last[0].mark[:2] != last.mark[:2])):
            return False  # a list in brackets is marked by its key
        return last.mark.line == key.mark.line and last.mark.end_column < key.mark.column and not self.has_colon(key)

    def is_rest(self, last: Node, text: Text) -> bool:
        """Whether an item inside [ ] goes on with the sentence before it: [Rà soát, vận động]."""
        if not isinstance(last, Text) or last.mark.line != text.mark.line:
            return False
        return last[:1].isupper() and text[:1].islower() and not text.isascii()

    def has_colon(self, key: Text) -> bool:
        return self.lines[key.mark.line - 1][key.mark.end_column - 1 :].lstrip().startswith(":")

    def mend(self, top: Block, key: Text) -> None:
        word = next(reversed(top))
        mark = top[word].mark._replace(end_column=key.mark.end_column)
        whole = self.lines[mark.line - 1][mark.column - 1 : mark.end_column - 1]
        if word not in _SENTENCES and _IDS.fullmatch(whole):
            top[word] = self.row([top[word], key], mark)
            return
        if "@" not in whole:  # two addresses are told as such
            self.notes.retell(mark, Mistake("D057", word=whole[:60]))
        top[word] = Text(whole, mark)

    def listed(self, node: Block | Row) -> Block | Row:
        """A node, or the list that was meant where braces hold mere words: {bhxh, phuong}."""
        first = next(iter(node), None) if isinstance(node, Block) else None
        if not isinstance(first, Text) or self.has_colon(first) or not self.before(first).endswith("{"):
            return node
        words = [key for key in node if isinstance(key, Text) and not self.has_colon(key)]
        if len(words) < len(node):
            return node
        return self.row(words, words[0].mark._replace(end_column=words[-1].mark.end_column))

    def row(self, words: Iterable[Node], mark: Mark) -> Row:
        """A list whose brackets lack, which is told."""
        row = Row(mark)
        for word in words:
            row += word if isinstance(word, Row) else [word]
        row.size = 1 + len(row)
        self.notes.retell(mark, Mistake("D131", ids=", ".join(map(str, row))[:60]))
        return row

    def before(self, text: Text) -> str:
        return self.lines[text.mark.line - 1][: text.mark.column - 1].rstrip()

    def below(self, event: yaml.ScalarEvent) -> Mark:
        """The first line of a sentence that begins below its `>` or `|`."""
        mark = self.mark(event)
        number = next((n for n in range(mark.line, len(self.lines)) if self.lines[n].strip()), mark.line - 1)
        line = self.lines[number]
        return Mark(number + 1, len(line) - len(line.lstrip()) + 1, len(line.rstrip()) + 1) if event.value.strip() else mark

    def several(self, event: yaml.ScalarEvent, mark: Mark) -> list[str]:
        """The file's own lines of a text that has several."""
        start, end = event.start_mark, event.end_mark
        if start is None or end is None or start.line == end.line:
            return []
        return self.lines[mark.line - 1 : end.line + (end.column > 0)]

    def name(self, event: yaml.NodeEvent, node: Node) -> None:
        if event.anchor:
            self.anchors[event.anchor] = node

    def refuse_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag is not None:
            self.notes.tell(self.mark(event), Mistake("D010", word=event.tag.replace("tag:yaml.org,2002:", "!!")))

    def refuse(self, mark: Mark, mistake: Mistake) -> NoReturn:
        self.notes.tell(mark, mistake)
        raise Enough

    def mark(self, event: yaml.Event) -> Mark:
        return stretch(event.start_mark, event.end_mark, self.lines)

    def cut(self, end: Place | None) -> bool:
        """Whether a comment begins one space after the text, as when a sentence holds a number sign."""
        return end is not None and self.lines[end.line][end.column : end.column + 2] == " #"
