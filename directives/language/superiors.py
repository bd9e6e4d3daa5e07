"""What a paper carries out of its superiors' papers, as a whole or one duty at a time, and that none carries out itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .checks import unknown_indicator
from .drafts import Check, Draft, Told
from .mistakes import Mistake
from .shapes import Basis, Directive
from .tree import Loc


class Carried(NamedTuple):
    """A superior's paper that a directive carries out by a duty of the clause, or by all that it orders (""); with its place."""

    clause: str
    basis: Basis
    loc: Loc


def carried_out(directive: Directive) -> Iterator[Carried]:
    """What a directive carries out, that of the paper as a whole first."""
    yield from (Carried("", basis, ("under", n)) for n, basis in enumerate(directive.under))
    for n, duty in enumerate(directive.duties):
        yield from (Carried(duty.clause, basis, ("duties", n, "under", m)) for m, basis in enumerate(duty.under))


def names(basis: Basis, directive: Directive) -> bool:
    """Whether a paper is the one that a basis names."""
    return basis.number == directive.number and basis.date in (None, directive.date)


def circles(draft: Draft) -> Told:
    """No paper carries out itself, nor one that carries it out in turn: both would wait for ever."""
    told: set[str] = set()
    for _, basis, loc in carried_out(draft.directive):
        if basis.number in told:
            continue
        told.add(basis.number)
        if names(basis, draft.directive):
            yield loc, Mistake("D175", word=basis.number)
        elif path := _back(basis, draft, (basis.number,)):
            yield loc, Mistake("D176", circle=" → ".join([str(draft.directive.number), *path, str(draft.directive.number)]))


def _back(basis: Basis, draft: Draft, path: tuple[str, ...]) -> tuple[str, ...]:
    """The papers from one back to the draft; none where it does not lead there, or lies elsewhere."""
    above = draft.issued(basis)
    for _, further, _ in carried_out(above) if above else ():
        if names(further, draft.directive):
            return path
        if further.number not in path and (found := _back(further, draft, (*path, further.number))):
            return found
    return ()


def strange_clauses(draft: Draft) -> Told:
    """A clause or a figure that is carried out stands in its paper, where somebody has that."""
    for _, basis, loc in carried_out(draft.directive):
        above = draft.issued(basis) if basis.clause or basis.indicator else None
        if above is None or names(basis, draft.directive):
            continue
        if basis.clause and not any(duty.clause == basis.clause or duty.clause.startswith(f"{basis.clause}.") for duty in above.duties):
            yield (*loc, "clause"), Mistake("D148", number=basis.number, word=basis.clause[:60])
        if basis.indicator and basis.indicator not in above.indicators:
            yield (*loc, "indicator"), unknown_indicator(basis.indicator, above.indicators)


CHECKS: tuple[Check, ...] = (circles, strange_clauses)
