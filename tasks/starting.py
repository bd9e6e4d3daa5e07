"""What an annex's figures mean for the ladder: of whom no rung speaks, and whose figures head short of what is due; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from directives.language.expansion import Holder, Term
from directives.language.goals import latest, own_targets, starts
from directives.language.shapes import Directive, Duty, Reported, Target

from .courses import summed
from .figures import Part, meets, together, worth


def hushed(duty: Duty, term: Term, directive: Directive, held: Sequence[Holder]) -> frozenset[str]:
    """The holders of a dated term of whom nothing is said while nobody answers."""
    if term.due is None:
        return frozenset()
    if not directive.annex:
        return frozenset(holder.unit for holder in held) if term.target and term.target.soft else frozenset()
    own = own_targets(directive, duty, term)
    goals = {holder.unit: own.get(holder.unit, term.target) for holder in held}
    soft = {unit for unit, goal in goals.items() if goal and goal.soft}
    return frozenset(soft | (_settled(duty.target, directive, held, goals) if isinstance(duty.target, str) else set()))


def falling_short(duty: Duty, term: Term, directive: Directive, held: Sequence[Holder]) -> frozenset[str]:
    """The holders whose figures head short of their goal while nobody says another: those to whom the rung before a milestone speaks."""
    if term.due is None or not isinstance(duty.target, str):
        return frozenset()
    unit, figures, own = directive.indicators[duty.target].unit, _days(directive, duty.target), own_targets(directive, duty, term)
    if not any(len(days) > 1 for days in figures.values()):
        return frozenset()
    below = _below(held)
    goals = {holder.unit: own.get(holder.unit, term.target) for holder in held}
    found = {
        who: summed(goal, term.due.day, {leaf: figures.get(leaf, {}) for leaf in _leaves(who, below)}, unit)
        for who, goal in goals.items() if goal
    }
    return frozenset(who for who, course in found.items() if course and course.falls_short)


def _days(directive: Directive, indicator: str) -> Mapping[str, Mapping[date, Part]]:
    """The figures of each agency by day; of two of one day the first counts."""
    unit, found = directive.indicators[indicator].unit, defaultdict[str, dict[date, Part]](dict)
    for row in starts(directive):
        if row.indicator == indicator and row.on:
            found[row.agency].setdefault(row.on, _part(row, unit))
    return found


def _below(held: Sequence[Holder]) -> Mapping[str, Sequence[str]]:
    below: defaultdict[str, list[str]] = defaultdict(list)
    for holder in held:
        if holder.parent:
            below[holder.parent].append(holder.unit)
    return below


def _leaves(who: str, below: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Who gives the figures in the end of what a holder is judged by: itself, or those to whom it was passed down."""
    children = below.get(who)
    if not children:
        yield who
    else:
        yield from (leaf for child in children for leaf in _leaves(child, below))


def _settled(indicator: str, directive: Directive, held: Sequence[Holder], goals: Mapping[str, Target | None]) -> set[str]:
    """Whose figures meet their goal at once: a leaf by its own, a parent by the sum of its children, or as the last of them does."""
    unit, figures = directive.indicators[indicator].unit, latest(directive, indicator)
    below = _below(held)

    @cache
    def ends(who: str) -> bool:
        children = below.get(who, [])
        goal, sum_ = goals[who], _sum(children or [who], figures, unit)
        return bool((goal and sum_ is not None and meets(sum_, goal)) or (children and all(map(ends, children))))

    return {holder.unit for holder in held if ends(holder.unit)}


def _sum(units: Sequence[str], figures: Mapping[str, Reported], unit: str) -> Decimal | None:
    """What the figures of all of them make together, None where one is missing."""
    if not all(each in figures for each in units):
        return None
    return together((_part(figures[each], unit) for each in units), unit)


def _part(row: Reported, unit: str) -> Part:
    assert row.numerator is not None
    return row.numerator, row.denominator, worth(row.numerator, row.denominator, unit)
