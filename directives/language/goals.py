"""What an annex gives each agency of its own: a target in place of the paper's, a figure to start from; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .expansion import Term
from .measures import Reported, Target
from .shapes import Directive, Duty


def own_targets(directive: Directive, duty: Duty, term: Term) -> Mapping[str, Target]:
    """The targets of their own that agencies have for a term of a duty; one for the term's day goes before one for every day."""
    days = {term.due.day} if term.due else set()
    if duty.due and duty.due.day and not term.key:
        days.add(duty.due.day)  # D itself of "before D"
    general: dict[str, Target] = {}
    special: dict[str, Target] = {}
    for row in directive.annex if isinstance(duty.target, str) else ():
        if row.indicator == duty.target and row.target:
            if row.goal_day is None:
                general[row.agency] = row.target
            elif row.goal_day in days:
                special[row.agency] = row.target
    return general | special


def starts(directive: Directive) -> Iterator[Reported]:
    """The rows of an annex that say what an agency had reached on a day."""
    return (row for row in directive.annex if row.numerator is not None and row.on)


def latest(directive: Directive, indicator: str) -> Mapping[str, Reported]:
    """The figure of the last day of each agency that has one."""
    found: dict[str, Reported] = {}
    for row in starts(directive):
        if row.indicator == indicator and (row.agency not in found or str(row.on) > str(found[row.agency].on)):
            found[row.agency] = row
    return found
