"""From the short forms that clerks write to the long forms that the models read; every word keeps its place in the file."""

from __future__ import annotations

import re
from collections.abc import Callable

from .clauses import duties
from .contacts import spread
from .mistakes import Mistake, Notes
from .revisions import changes
from .shapes import Directive, Duty, Span
from .spans import school_year_of
from .tree import Block, Node, Row, Text
from .vocabulary import AUDIENCE, blocks, entries, known

_ID = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?")

_OPEN = ("không", "thường", "không mật", "no", "none", "bình thường")  # what people write who mean that nothing is secret

Form = Callable[[Node, Notes], Node]


def directive_form(tree: Block, notes: Notes) -> Block:
    """The long form of a directive, without its directory."""
    long = known(tree, "directive", notes)
    if "secrecy" in long:
        plain = str(long["secrecy"]).strip().lower() in _OPEN
        notes.tell(long.key("secrecy").mark, Mistake("D036", **({"plain": ""} if plain else {})))
    for word in ("secrecy", "agencies", "groups"):
        long.pop(word, None)
    for word, form in _FORMS.items():
        if word in long:
            long[word] = form(long[word], notes)
    if "changes" in long:
        long["changes"], overall = changes(long["changes"], notes)
        overall.update((word, _FORMS[word](value, notes)) for word, value in overall.items() if word in _FORMS)
        long["overall"] = overall
    return long


def directory_form(tree: Block, notes: Notes) -> Block:
    """The long form of a directory: agencies and groups, each with its id."""
    long = known(tree, "directory", notes)
    for word, place in (("agencies", "agency"), ("groups", "group")):
        if word in long:
            long[word] = _named(long[word], place, notes)
    spread(long.get("agencies"), notes)
    for _, agency in entries(long.get("agencies")):
        if isinstance(agency, Block):
            agency.setdefault("short", agency.get("name", Text("", agency.mark)))
    return long


def bounded(directive: Directive) -> Directive:
    """The directive with its school years ending where its period says that they end."""
    period = directive.period
    if period is None or period.until is None or school_year_of(period.name) is None:
        return directive
    duties = tuple(_ended(duty, period) for duty in directive.duties)
    return directive if duties == directive.duties else directive.model_copy(update={"duties": duties})


def _ended(duty: Duty, period: Span) -> Duty:
    due = duty.due
    if due is None or due.day or due.form != "within" or school_year_of(due.words) != school_year_of(period.name):
        return duty
    return duty.model_copy(update={"due": due.model_copy(update={"day": period.until})})


def _items(node: Node) -> Row:
    """One thing as a list of one."""
    if isinstance(node, Row):
        return node
    row = Row(node.mark)
    row.append(node)
    return row


def _listed(place: str) -> Form:
    """Each block of a list, or the only one, with its known words."""

    def form(node: Node, notes: Notes) -> Row:
        row = Row(node.mark)
        row.extend(known(item, place, notes) if isinstance(item, Block) else item for item in _items(node))
        return row

    return form


def _period(node: Node, notes: Notes) -> Node:
    return known(node, "period", notes) if isinstance(node, Block) else node


def _copies(node: Node, notes: Notes) -> Block:
    """Copies by purpose; a plain list has the purpose that the paper gives: none. Its "Lưu: VT" is one line, whatever YAML reads in it."""
    if isinstance(node, Block):
        return known(node, "cc", notes)
    long, row = Block(node.mark), Row(node.mark)
    row.extend(_line(item) for item in _items(node))
    long[""] = row
    return long


def _line(item: Node) -> Node:
    pair = next(entries(item), None)
    return Text(f"{pair[0]}: {pair[1]}", item.mark) if pair and len(item) == 1 and isinstance(pair[1], Text) else item


def _rungs(node: Node, notes: Notes) -> Row:
    row = Row(node.mark)
    for key, audience in blocks(node, "escalation", notes):
        rung = Block(key.mark)
        rung.update(words=key, audience=audience)
        row.append(rung)
    return row


def _named(node: Node, place: str, notes: Notes) -> Block:
    """Entries by id; each learns its own."""
    long = Block(node.mark)
    for key, value in blocks(node, place, notes):
        if not _ID.fullmatch(key) or key in AUDIENCE:
            notes.tell(key.mark, Mistake("D039", word=key[:60]))
        entry = known(value, place, notes)
        entry["id"] = key
        long[key] = entry
    return long


def _indicators(node: Node, notes: Notes) -> Block:
    long = _named(node, "indicator", notes)
    for _, indicator in entries(long):
        if isinstance(indicator, Block) and "targets" in indicator:
            indicator["targets"] = _milestones(indicator["targets"])
        if isinstance(indicator, Block) and isinstance(indicator.get("baseline"), Block):
            indicator["baseline"] = known(indicator["baseline"], "baseline", notes)
    return long


def _duties(node: Node, notes: Notes) -> Row:
    """Duties with the superiors' papers that they carry out; what points have inherited is read once."""
    found, read = duties(node, notes), dict[int, Node]()
    for duty in found:
        if isinstance(duty, Block) and (under := duty.get("under")) is not None:
            if id(under) not in read:
                read[id(under)] = _FORMS["under"](under, notes)
            duty["under"] = read[id(under)]
    return found


def _milestones(node: Node) -> Row:
    """Targets by day, or the only one, which has no day."""
    row = Row(node.mark)
    pairs = list(entries(node)) if isinstance(node, Block) else [(None, node)]
    for key, value in pairs:
        milestone = Block(key.mark if key is not None else node.mark)
        milestone.update(target=value, **({"on": key} if key is not None else {}))
        row.append(milestone)
    return row


_FORMS: dict[str, Form] = {
    "cc": _copies,
    **dict.fromkeys(("basis", "under", "amends", "replaces", "urges"), _listed("paper")),
    "period": _period,
    "indicators": _indicators,
    "duties": _duties,
    "escalation": _rungs,
    "reports": _listed("report"),
}
