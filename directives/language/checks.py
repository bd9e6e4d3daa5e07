"""What a directive says against its directory and itself: each check is a row of `CHECKS` and tells mistakes at their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from .amounts import agrees, comma, pointed
from .blanks import is_blank
from .calendar import written
from .directory import mail_of, members
from .drafts import Check, Draft, Told, readers, uses
from .mistakes import LIMIT, Fact, Mistake
from .shapes import Directive, Directory, Indicator, Target
from .tree import Loc
from .waits import circles, never_done
from .words import Guess, near

_BETWEEN = re.compile(r"[\s,;]+(?:và\s+|and\s+)?")


def unknown_ids(draft: Draft) -> Told:
    """Ids that the directory does not have; an issuer that lacks has been told."""
    strangers = [(loc, word) for loc, word in uses(draft.directive) if not draft.knows(word) and not is_blank(word)]
    yield from unknown([each for each in strangers if each != (("issuer",), "")], draft.directory)


def unknown(strangers: Sequence[tuple[Loc, str]], directory: Directory) -> Told:
    """The mistakes of unknown ids, with the agency or group that was perhaps meant, by its id or its name."""
    if not strangers:
        return
    names = {agency.id: agency.name for agency in directory.agencies.values()}
    guess = Guess([*names, *directory.groups], names)
    for loc, word in strangers[:LIMIT]:
        meant = guess.of(word) if word else None
        hint: dict[str, Fact] = {"near": meant, "name": names.get(meant, ("nhóm", "a group"))} if meant else {}
        parts = [part.lstrip("-") for part in _BETWEEN.split(word) if part.strip("-")]
        if len(parts) > 1 and all(part in names or part in directory.groups for part in parts):
            hint = {"ids": ", ".join(parts)[:60]}
        yield loc, Mistake("D061", word=word[:60], **hint) if word else Mistake("D034")


def groups_for_one(draft: Draft) -> Told:
    """Who issues, signs or types a figure is one agency, never a group."""
    indicators = draft.directive.indicators.items()
    ones = [(("issuer",), draft.directive.issuer), (("signer",), draft.directive.signer or "")]
    ones += [(("indicators", name, "source"), indicator.source or "") for name, indicator in indicators]  # type: ignore[misc]
    yield from ((loc, Mistake("D151", word=word)) for loc, word in ones if word in draft.directory.groups)


def ambiguous_ids(draft: Draft) -> Told:
    """Ids that several of the merged directories have."""
    told = set()
    for loc, word in uses(draft.directive):
        if word in draft.doubles and word not in told:
            told.add(word)
            one, two = draft.doubles[word]
            yield loc, Mistake("D062", word=word, one=one, two=two)


def unknown_indicators(draft: Draft) -> Told:
    """Targets that name an indicator which the paper does not have."""
    known = draft.directive.indicators
    for n, duty in enumerate(draft.directive.duties):
        if isinstance(duty.target, str) and duty.target not in known:
            yield ("duties", n, "target"), unknown_indicator(duty.target, known)


def unknown_indicator(word: str, known: Mapping[str, Indicator]) -> Mistake:
    """The mistake of an unknown indicator, with the one that was perhaps meant."""
    meant = near(word, known, {id: indicator.name for id, indicator in known.items()})
    return Mistake("D063", word=word[:60], **({"near": meant} if meant else {}))


def percentages(draft: Draft) -> Told:
    """Percentages lie between 0 and 100."""
    for loc, target in _targets(draft.directive):
        if target.percent and not 0 <= target.value <= 100:
            yield loc, Mistake("D064", value=comma(target.value))
    for name, indicator in draft.directive.indicators.items():
        if indicator.baseline and indicator.unit == "%" and not 0 <= indicator.baseline.value <= 100:
            yield ("indicators", name, "baseline", "value"), Mistake("D064", value=comma(indicator.baseline.value))


def _targets(directive: Directive) -> Iterator[tuple[Loc, Target]]:
    for name, indicator in directive.indicators.items():
        for n, milestone in enumerate(indicator.targets):
            yield ("indicators", name, "targets", n, "target"), milestone.target
    for n, duty in enumerate(directive.duties):
        if isinstance(duty.target, Target):
            yield ("duties", n, "target"), duty.target


def milestones(draft: Draft) -> Told:
    """Milestones follow each other in time, and what should rise does not fall."""
    for name, indicator in draft.directive.indicators.items():
        for n, (one, two) in enumerate(zip(indicator.targets, indicator.targets[1:], strict=False), start=1):
            loc: Loc = ("indicators", name, "targets", n)
            if one.on and two.on and two.on <= one.on:
                yield (*loc, "on"), Mistake("D065", day=written(one.on), before=written(two.on))
            elif two.target.operator in {">=", ">"} and one.target.operator in {">=", ">"} and two.target.value < one.target.value:
                yield (*loc, "target"), Mistake("D066", value=two.target.words, before=one.target.words)


def baselines(draft: Draft) -> Told:
    """The counts of a baseline fit each other and its share: 70,5 % … còn 3.960."""
    for name, indicator in draft.directive.indicators.items():
        mistake = _disagreement(indicator)
        if mistake:
            yield ("indicators", name, "baseline", "missing"), mistake


def _disagreement(indicator: Indicator) -> Mistake | None:
    baseline = indicator.baseline
    if baseline is None or baseline.missing is None or not baseline.total:
        return None
    missing, total = pointed(baseline.missing), pointed(baseline.total)
    if baseline.missing > baseline.total:
        return Mistake("D067", missing=missing, total=total)
    share = 100 * (1 - Decimal(baseline.missing) / baseline.total)
    if indicator.unit != "%" or agrees(baseline.total - baseline.missing, baseline.total, baseline.value):
        return None
    return Mistake("D068", missing=missing, total=total, share=comma(round(share, 2)), value=comma(baseline.value))


def leads(draft: Draft) -> Told:
    """An order or a request has somebody who leads."""
    for n, duty in enumerate(draft.directive.duties):
        if duty.force != "note" and not duty.lead:
            yield ("duties", n), Mistake("D069")


def clauses(draft: Draft) -> Told:
    """`after` names a clause of the paper, another one than its own."""
    known = {duty.clause for duty in draft.directive.duties}
    for n, duty in enumerate(draft.directive.duties):
        after = duty.due.after if duty.due else None
        if after == duty.clause:
            yield ("duties", n, "due"), Mistake("D077")
        elif after and after not in known:
            meant = near(after, known)
            yield ("duties", n, "due"), Mistake("D071", word=after[:60], **({"near": meant} if meant else {}))


def school_years(draft: Draft) -> Told:
    """A due date that is a school year takes its last day from the period, which must have one."""
    for n, duty in enumerate(draft.directive.duties):
        if duty.due and duty.due.form == "within" and duty.due.day is None:
            yield ("duties", n, "due"), Mistake("D050", word=duty.due.words, year=duty.due.words.strip()[-4:])


def windows(draft: Draft) -> Told:
    """What begins ends later."""
    spans: list[tuple[Loc, date | None, date | None]] = [
        (("duties", n, "until"), duty.from_, duty.until) for n, duty in enumerate(draft.directive.duties)
    ]
    if draft.directive.period:
        spans.append((("period", "until"), draft.directive.period.from_, draft.directive.period.until))
    for loc, start, end in spans:
        if start and end and end < start:
            yield loc, Mistake("D076", start=written(start), end=written(end))


def rungs(draft: Draft) -> Told:
    """No two rungs of a ladder are the same."""
    seen: dict[tuple[str, int, bool], str] = {}
    for n, rung in enumerate(draft.directive.escalation or ()):
        other = seen.setdefault((rung.side, rung.count, rung.working), rung.words)
        if other is not rung.words:
            yield ("escalation", n), Mistake("D072", word=rung.words, other=other)


def empty_groups(draft: Draft) -> Told:
    """A group that somebody should act in has members on the day of issue."""
    for loc, word in uses(draft.directive):
        if word in draft.directory.groups and not members(word, draft.directory, draft.on):
            yield loc, Mistake("D070", word=word, **_membership(word, draft))


def _membership(word: str, draft: Draft) -> dict[str, Fact]:
    """Since when, or until when, a group has members that it lacks on the day of issue."""
    agencies = draft.directory.agencies
    later = [agencies[id].since for id in members(word, draft.directory, date.max)]
    earlier = [agencies[id].until for id in members(word, draft.directory, date.min)]
    issued: dict[str, Fact] = {"issued": written(draft.on)}
    kinds = ", ".join(sorted({kind for agency in agencies.values() for kind in agency.kind})[:8])
    other: dict[str, Fact] = {"kinds": kinds or "–"}
    if not draft.directive.date:
        return other
    if since := [day for day in later if day and day > draft.on]:
        return issued | {"since": written(min(since))}
    if until := [day for day in earlier if day and day < draft.on]:
        return issued | {"until": written(max(until))}
    return other


def unreachable_readers(draft: Draft) -> Told:
    """A rung or a report reaches somebody."""
    for loc, word in readers(draft.directive):
        if not any(mail_of(each, draft.directory) for each in members(word, draft.directory, draft.on)):
            yield loc, Mistake("D073", word=word)


#: Need nothing but the paper and the ids of the directory.
CHECKS: tuple[Check, ...] = (
    unknown_ids,
    groups_for_one,
    ambiguous_ids,
    unknown_indicators,
    percentages,
    milestones,
    baselines,
    leads,
    clauses,
    circles,
    never_done,
    school_years,
    windows,
    rungs,
)
#: Look inside groups, so every id must be known.
GROUP_CHECKS: tuple[Check, ...] = (empty_groups, unreachable_readers)
