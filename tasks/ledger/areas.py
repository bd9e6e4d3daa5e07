"""What the agencies below each body make together: Σ numerators / Σ denominators at every level, never a mean of shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

from tasks.figures import Part, together
from tasks.measured import Area

from .dating import Former, called


def areas(
    db: Connection, unit: str, expected: Mapping[int, str], known: Mapping[int, Part], names: Mapping[int, Former]
) -> Iterator[Area]:
    """Yield what is made of the figures in `known` below each body, of the agencies that are `expected` to give one, by its name.

    A body of one agency says nothing more than the agency does, one of all of them nothing more than the whole.
    """
    below = _below(_above(db, names), expected) if len(expected) > 2 else {}
    called_ = {row.id: called(names, row.id, row.name) for row in db.execute(text("SELECT id, name FROM agencies"))} if below else {}
    for body in sorted(below, key=lambda each: (called_[each], each)):
        members = below[body]
        if 1 < len(members) < len(expected):
            missing = sorted(expected[each] for each in members if each not in known)
            sum_ = None if missing else together((known[each] for each in members), unit)
            alone = sorted(expected[each] for each in members & shares(known, unit))
            yield Area(name=called_[body], units=len(members), figure=sum_, missing=tuple(missing), shares=tuple(alone))


def shares(known: Mapping[int, Part], unit: str) -> set[int]:
    """Whose figure is a share without counts, which cannot be added up."""
    return {agency for agency, (_, denominator, value) in known.items() if unit == "%" and not denominator and value is not None}


def _above(db: Connection, names: Mapping[int, Former]) -> Mapping[int, tuple[int, ...]]:
    """Under which bodies each agency hung then."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for agency, parent in db.execute(text("SELECT agency, parent FROM parents WHERE until IS NULL")):
        found[agency].append(parent)
    return {**{agency: tuple(parents) for agency, parents in found.items()}, **{agency: then.above for agency, then in names.items()}}


def _below(above: Mapping[int, tuple[int, ...]], agencies: Mapping[int, str]) -> Mapping[int, set[int]]:
    """The agencies below each body, however many bodies lie between; each counts once below each."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for agency in agencies:
        ahead = list(above.get(agency, ()))
        while ahead:
            body = ahead.pop()
            if agency not in found[body]:
                found[body].add(agency)
                ahead += above.get(body, ())
    return found
