"""From long forms to models: each of pydantic's errors becomes a mistake in its place, and what remains can still be checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .mistakes import Mistake, Notes
from .shapes import Shape
from .tree import Block, Loc, Node, Row, Text, locate

S = TypeVar("S", bound=Shape)

_CODES = {"string_type": "D033", "tuple_type": "D032", "dict_type": "D032", "mapping_type": "D032", "model_type": "D032"}
_NAMES = {"title", "issuer", "name", "short"}  # texts that may be blank while the rest is checked


def shaped(shape: type[S], tree: Block, notes: Notes) -> S | None:
    """The value of a long form. Where parts of it cannot be read these are told, taken out of `tree`, and the rest is the value."""
    for first in (True, False, False, False):
        try:
            return shape.model_validate(tree, strict=True)
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
            for detail in details if first else ():  # later ones only come of what was taken out
                notes.tell(locate(tree, detail["loc"]), _mistake(detail))
            _prune(tree, details)
    return None


def _mistake(detail: ErrorDetails) -> Mistake:
    word = next((part for part in reversed(detail["loc"]) if isinstance(part, str)), "")
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, Mistake):
        return Mistake(cause.code, **{"word": word, **cause.facts})
    if detail["type"] == "missing":
        return Mistake("D031", word=word)
    return Mistake(_CODES.get(detail["type"], "D059"), word=word, why=detail["msg"])


def _prune(tree: Block, details: Sequence[ErrorDetails]) -> None:
    """Take out what is wrong, last first, so that the places before it stay."""
    for detail in sorted(details, key=lambda each: [(isinstance(part, str), str(part).zfill(9)) for part in each["loc"]], reverse=True):
        loc = detail["loc"]
        holder = _node(tree, loc[:-1])
        if loc[-1] in _NAMES and isinstance(holder, Block):
            holder[str(loc[-1])] = Text("", holder.mark)
        else:
            _take(tree, loc[:-1] if detail["type"] == "missing" else loc)


def _node(tree: Block, loc: Loc) -> Node | None:
    node: Node | None = tree
    for part in loc:
        if isinstance(node, Block):
            node = node.get(str(part))
        elif isinstance(node, Row) and isinstance(part, int):
            node = node[part] if part < len(node) else None
        else:
            return None
    return node


def _take(tree: Block, loc: Loc) -> None:
    """Take out the last part of `loc` that is there."""
    while loc and _node(tree, loc) is None:
        loc = loc[:-1]
    holder = _node(tree, loc[:-1]) if loc else None
    if isinstance(holder, Block):
        holder.pop(str(loc[-1]), None)
    elif isinstance(holder, Row):
        del holder[int(loc[-1])]
