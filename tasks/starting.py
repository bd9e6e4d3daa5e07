"""Of whom no rung speaks from the first: what they are to reach is only striven for, or reached by the annex's figures; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache

from directives.language.expansion import Holder, Term
from directives.language.goals import latest, own_targets
from directives.language.shapes import Directive, Duty, Reported, Target

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


def _settled(indicator: str, directive: Directive, held: Sequence[Holder], goals: Mapping[str, Target | None]) -> set[str]:
    """Whose figures meet their goal at once: a leaf by its own, a parent by the sum of its children, or as the last of them does."""
    unit, figures = directive.indicators[indicator].unit, latest(directive, indicator)
    below: defaultdict[str, list[str]] = defaultdict(list)
    for holder in held:
        if holder.parent:
            below[holder.parent].append(holder.unit)

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
