"""What an amending paper makes of an issued one: the paper as in force afterwards, and the difference in the paper's own words; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Literal, NamedTuple

from .calendar import written
from .mistakes import Mistake
from .shapes import Change, Directive, Directory, Due, Duty, Every, Indicator, Overall, ReportPlan, Rung, Target
from .tree import Loc
from .words import near

#: Naming any of these replaces the old time as a whole.
TIME = ("due", "every", "from_", "until")

_LISTED = 12  # clauses of the old paper that a hint names
_KEYS = ("clause", "printed", "drop")
_WORDS = tuple(word for word in Duty.model_fields if word not in _KEYS)


class Word(NamedTuple):
    """One word that changes: its name in the file, what it said and what it says; "" where it said or says nothing."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What becomes of a clause: `+` added, `~` changed, `-` withdrawn for `reason`. Clause "" is the paper as a whole."""

    sign: Literal["+", "~", "-"]
    clause: str
    before: Duty | None = None
    after: Duty | None = None
    reason: str = ""
    words: tuple[Word, ...] = ()


def amended(old: Directive, paper: Directive) -> Directive:
    """The old paper as in force after `paper`; its number, date and title stay its own.

    A clause that is added stands where its number belongs. What is counted from an issue is counted from the amending one.
    """
    changes = {change.clause: change for change in paper.changes}
    duties = [_changed(duty, changes.get(duty.clause), paper) for duty in old.duties if not _drops(changes.get(duty.clause))]
    known = {duty.clause for duty in old.duties}
    for change in paper.changes:
        if change.clause not in known and "text" in change.model_fields_set and not _drops(change):
            _insert(duties, _changed(_blank(change), change, paper))
    named = {duty.target for duty in duties if duty.clause in changes and isinstance(duty.target, str)}
    overall = {word: value for word in Overall.model_fields if (value := getattr(paper.overall, word)) is not None}
    return old.model_copy(update={
        "duties": tuple(duties),
        "indicators": {**old.indicators, **{id: paper.indicators[id] for id in paper.indicators if id in named}},
        "directory": _joined(old.directory, paper.directory),
        **overall,
    })


def differences(old: Directive, new: Directive, paper: Directive | None = None) -> tuple[Difference, ...]:
    """How `new` differs from `old`, the paper as a whole first, then in the paper's order; `paper` gives the reasons."""
    reasons = {change.clause: change.drop or "" for change in paper.changes} if paper else {}
    before, after = ({duty.clause: duty for duty in each.duties} for each in (old, new))
    whole = tuple(_words(old, new, tuple(Overall.model_fields)))
    found = [Difference(sign="~", clause="", words=whole)] if whole else []
    for clause in _merged(list(before), list(after)):
        one, two = before.get(clause), after.get(clause)
        if two is None:
            found.append(Difference(sign="-", clause=clause, before=one, reason=reasons.get(clause, "")))
        elif one is None:
            found.append(Difference(sign="+", clause=clause, after=two, words=tuple(_words(_nothing(two), two, _WORDS))))
        elif words := (*_words(one, two, _WORDS), *_aims(one, two, old.indicators, new.indicators)):
            found.append(Difference(sign="~", clause=clause, before=one, after=two, words=words))
    return tuple(found)


def faults(old: Directive, paper: Directive) -> Iterator[tuple[Loc, Mistake]]:
    """What `paper` says of `old` that cannot be carried out, with its place in `paper`."""
    known = {duty.clause: duty for duty in old.duties}
    new = amended(old, paper)
    after = {duty.clause: duty for duty in new.duties}
    for n, change in enumerate(paper.changes):
        loc, duty = ("changes", n), after.get(change.clause)
        if change.clause not in known and ("text" not in change.model_fields_set or change.drop):
            yield loc, _stranger(change, known)
        elif duty and duty.force != "note" and not duty.lead:
            yield loc, Mistake("D142", word=change.clause)
        elif duty and duty == known.get(change.clause) and not _aims(duty, duty, old.indicators, new.indicators):
            yield loc, Mistake("D141", word=change.clause)
        elif duty and isinstance(duty.target, str) and duty.target not in new.indicators:
            yield (*loc, "target"), Mistake("D063", word=duty.target)
    yield from _orphans(new, paper)


def _stranger(change: Change, known: Mapping[str, Duty]) -> Mistake:
    meant = near(change.clause, known) or next((clause for clause in known if clause.startswith(f"{change.clause}.")), None)
    few = ", ".join(list(known)[:_LISTED]) + (" …" if len(known) > _LISTED else "")
    return Mistake("D140", word=change.clause, known=few, **({"near": meant} if meant else {}))


def _orphans(new: Directive, paper: Directive) -> Iterator[tuple[Loc, Mistake]]:
    """Clauses that wait for one that the paper does not have any more."""
    places = {change.clause: n for n, change in enumerate(paper.changes)}
    clauses = {duty.clause for duty in new.duties}
    for duty in new.duties:
        waits = duty.due.after if duty.due else None
        place = places.get(duty.clause, places.get(waits or ""))
        if waits and waits not in clauses and place is not None:
            yield ("changes", place), Mistake("D147", word=waits, clause=duty.clause)


def _drops(change: Change | None) -> bool:
    return change is not None and change.drop is not None


def _blank(change: Change) -> Duty:
    return Duty(clause=change.clause, printed=change.printed, force=change.force, text="", short="")


def _nothing(duty: Duty) -> Duty:
    return Duty(clause=duty.clause, printed=duty.printed, force=duty.force, text="", short="")


def _changed(duty: Duty, change: Change | None, paper: Directive) -> Duty:
    """A duty with the words that a change says of it; any word of time replaces all of them."""
    if change is None:
        return duty
    said = {word: getattr(change, word) for word in change.model_fields_set if word not in _KEYS}
    if not said.keys().isdisjoint(TIME):
        said = {word: getattr(change, word) for word in TIME} | said
        if change.every and change.from_ is None:
            said["from_"] = paper.date
        if change.due and change.due.form == "relative" and change.due.after is None:
            said["due"] = change.due.model_copy(update={"since": paper.date})
    return duty.model_copy(update=said)


def _insert(duties: list[Duty], new: Duty) -> None:
    """Put a clause among those that share the longest beginning of its number, before the first that comes after it."""
    shared = [len(list(takewhile(lambda pair: pair[0] == pair[1], zip(_number(each.clause), _number(new.clause), strict=False))))
              for each in duties]
    family = [place for place, common in enumerate(shared) if common == max(shared)]
    later = (place for place in family if _number(duties[place].clause) > _number(new.clause))
    duties.insert(next(later, family[-1] + 1 if family else 0), new)


def _number(clause: str) -> tuple[tuple[int, str], ...]:
    """A clause's number part by part, digits as numbers."""
    return tuple((int(part), "") if part.isascii() and part.isdigit() else (1000, part) for part in re.split(r"[.-]", clause))


def _merged(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """All clauses in the old order, each new one behind the clause that it follows."""
    order = list(before)
    for place, clause in enumerate(after):
        if clause not in before:
            order.insert(order.index(after[place - 1]) + 1 if place else 0, clause)
    return order


def _joined(old: Directory, added: Directory) -> Directory:
    """The old directory with the entries that only the amending paper knows."""
    return Directory(agencies={**added.agencies, **old.agencies}, groups={**added.groups, **old.groups})


def _words(before: Duty | Directive, after: Duty | Directive, words: Sequence[str]) -> Iterator[Word]:
    for word in words:
        one, two = getattr(before, word), getattr(after, word)
        if one != two and not (word == "short" and before.model_copy(update={"short": ""}) != after.model_copy(update={"short": ""})):
            yield Word(word.rstrip("_"), said(one), said(two))


def _aims(one: Duty, two: Duty, before: Mapping[str, Indicator], after: Mapping[str, Indicator]) -> tuple[Word, ...]:
    """The milestones of an indicator that both name, where the amending paper sets others."""
    if not isinstance(two.target, str) or one.target != two.target or before.get(two.target) == after.get(two.target):
        return ()
    stages = (_stages(indicators.get(two.target)) for indicators in (before, after))
    return (Word("target", *stages),)


def _stages(indicator: Indicator | None) -> str:
    found = indicator.targets if indicator else ()
    return ", ".join(f"{stage.target.words} ({written(stage.on)})" if stage.on else stage.target.words for stage in found)


def said(value: object) -> str:
    """A value as the file writes it; "" for none."""
    if isinstance(value, (Due, Every, Target)):
        return value.words
    if isinstance(value, Rung):
        return f"{value.words}: {said(value.audience)}"
    if isinstance(value, ReportPlan):
        return f"{value.every.words}: {said(value.to)}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return written(value)
    return ", ".join(map(said, value)) if isinstance(value, tuple) else str(value) if value is not None else ""
