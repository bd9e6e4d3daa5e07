"""A condition on tasks as a person types it: `clause=6.4,6.5 agency=bhxh kind=phuong term=2020-05-30 state=paused late asking`."""

from __future__ import annotations

import shlex
from datetime import datetime

from tasks.ledger.choosing import Where
from tasks.states import STATES

from .ledger import unknown
from .refusal import USAGE, Refusal
from .speech import say

#: What stands before “=”, and the field that it fills.
WORDS = {"clause": "clauses", "agency": "agencies", "kind": "kinds", "term": "terms", "state": "states"}

#: What stands alone.
FLAGS = ("late", "asking")


def read(typed: str, now: datetime) -> Where:
    """The condition; one that says nothing is refused, since it would mean everything. Raises Refusal."""
    found: dict[str, tuple[str, ...]] = {}
    flags: set[str] = set()
    for part in _parts(typed):
        word, is_pair, values = part.partition("=")
        if not is_pair and word in FLAGS:
            flags.add(word)
        elif is_pair and word in WORDS and values:
            found[WORDS[word]] = (*found.get(WORDS[word], ()), *values.split(","))
        else:
            raise unknown(say("--where không hiểu “{part}”", part=part), word, (*WORDS, *FLAGS))
    for state in found.get("states", ()):
        if state not in STATES:
            raise unknown(say("không có trạng thái “{state}”", state=state), state, STATES)
    if not (found or flags):
        raise Refusal(say("--where cần ít nhất một điều kiện"), "clause=6.4 · agency=bhxh · kind=… · term=… · state=… · late", code=USAGE)
    return Where(late_at=now if "late" in flags else None, asking="asking" in flags, **found)


def _parts(typed: str) -> list[str]:
    try:
        return shlex.split(typed)
    except ValueError as error:
        raise Refusal(say("--where không hiểu “{part}”", part=typed), code=USAGE) from error
