"""What an annex says against its paper: rows that contradict themselves, one another, or what the paper gives to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from .amounts import agrees, comma, pointed
from .calendar import written
from .expansion import holders
from .measures import Baseline, Reported, Target
from .mistakes import Fact, Mistake
from .shapes import Directive, Indicator

_NO_DAYS = ("chỉ tiêu này không có mốc ngày; bỏ trống cột ngày", "the indicator has no dated milestone; leave the day empty")

NAMED = 3  # agencies named in a sentence, before it only counts

Told = Iterator[tuple[int | None, str, Mistake]]  # the row (None: the whole annex), its column, what is wrong


def alone(rows: Sequence[Reported], directive: Directive) -> Told:
    """What is wrong in the rows of an annex, each by itself and beside those above it."""
    for place, row in enumerate(rows):
        for column, mistake in _alone(row, directive):
            yield place, column, mistake
    yield from _twice(rows)


def together(rows: Sequence[Reported], directive: Directive) -> Told:
    """What is odd about rows that are sound: who is not among them or should not be, and what they add up to."""
    for indicator in {row.indicator: None for row in rows}:
        yield from _together(rows, directive, directive.indicators[indicator])


def _alone(row: Reported, directive: Directive) -> Iterator[tuple[str, Mistake]]:
    indicator = directive.indicators[row.indicator]
    if row.numerator is not None:
        yield from _figure(row, row.numerator, indicator, directive.date)
    if row.target:
        yield from _goal(row, row.target, indicator, directive)


def _figure(row: Reported, numerator: int, indicator: Indicator, issued: date | None) -> Iterator[tuple[str, Mistake]]:
    if row.denominator is not None and numerator > row.denominator:
        yield "numerator", Mistake("D078", numerator=pointed(numerator), denominator=pointed(row.denominator))
    if lacking := _lacking(row, indicator):
        yield "numerator", Mistake("D116", what=lacking)
    if issued and row.on and row.on > issued:
        day = written(issued)
        yield "on", Mistake("D117", day=written(row.on), why=(f"sau ngày ban hành {day}", f"after the issue of {day}"))


def _lacking(row: Reported, indicator: Indicator) -> Fact | None:
    if row.on is None:
        return "ngày chốt số liệu (on)", "the day of the figure (on)"
    if indicator.unit == "%" and not row.denominator:
        return "tổng số lớn hơn 0 (denominator)", "a total above 0 (denominator)"
    return None


def _goal(row: Reported, target: Target, indicator: Indicator, directive: Directive) -> Iterator[tuple[str, Mistake]]:
    if target.percent and not 0 <= target.value <= 100:
        yield "target", Mistake("D064", value=comma(target.value))
    if target.percent and indicator.unit != "%":
        yield "target", Mistake("D113", value=target.words, unit=indicator.unit)
    known, day = _days(indicator, directive), row.goal_day
    if day is not None and known is not None and day not in known:
        listed = ", ".join(map(written, sorted(known)))
        why = (f"không phải mốc nào; các mốc: {listed}", f"no milestone; milestones: {listed}")
        yield "on", Mistake("D117", day=written(day), why=why if known else _NO_DAYS)


def _days(indicator: Indicator, directive: Directive) -> set[date] | None:
    """The days on which the paper judges an indicator; None where a rhythm makes more of them than are written."""
    duties = [duty for duty in directive.duties if duty.target == indicator.id]
    if any(duty.every for duty in duties):
        return None
    dues = [duty.due.day if duty.due else duty.until for duty in duties]
    return {day for day in (*(stage.on for stage in indicator.targets), *dues) if day}


def _twice(rows: Sequence[Reported]) -> Told:
    seen: set[tuple[object, ...]] = set()
    for place, row in enumerate(rows):
        keys: set[tuple[object, ...]] = {(row.agency, row.indicator, row.on)}
        keys |= {("target", row.agency, row.indicator, row.goal_day)} if row.target else set()
        if keys & seen:
            yield place, "", Mistake("D079", agency=row.agency, indicator=row.indicator)
        seen |= keys


def _together(rows: Sequence[Reported], directive: Directive, indicator: Indicator) -> Told:
    """Who has a row and no duty, who a duty and no row, and whether the figures add up to what the paper says of all."""
    held = _held(directive, indicator)
    mine = [(place, row) for place, row in enumerate(rows) if row.indicator == indicator.id]
    strangers = {row.agency: place for place, row in reversed(mine) if row.agency not in held}
    if strangers:
        yield min(strangers.values()), "agency", Mistake("D118", names=_names(strangers, directive), word=indicator.id)
    present = {row.agency for _, row in mine}
    if missing := [agency for agency in held if agency not in present and agency not in held.values()]:
        yield None, "", Mistake("D119", names=_names(missing, directive), count=str(len(missing)), word=indicator.id)
    parents = {held[agency] for agency in present if held.get(agency)}
    counted = [(place, row) for place, row in mine if row.agency in held and row.agency not in parents and row.numerator is not None]
    if mistake := _sum([row for _, row in counted], indicator):
        yield counted[-1][0], "", mistake


def _held(directive: Directive, indicator: Indicator) -> Mapping[str, str | None]:
    """Who owes an indicator, each with the lead that passed it down."""
    on = directive.date or date.max
    duties = [duty for duty in directive.duties if duty.target == indicator.id and duty.force != "note"]
    return {holder.unit: holder.parent for duty in duties for holder in holders(duty, directive.directory, on)}


def _names(agencies: Sequence[str] | Mapping[str, int], directive: Directive) -> Fact:
    named = [directive.directory.agencies[agency].short for agency in list(agencies)[:NAMED]]
    more = len(agencies) - len(named)
    said = ", ".join(named)
    return (f"{said} và {more} đơn vị khác", f"{said} and {more} more") if more else said


def _sum(rows: Sequence[Reported], indicator: Indicator) -> Mistake | None:
    """What the figures of the baseline's day make together, where the baseline says otherwise."""
    days: defaultdict[date, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        if row.numerator is not None and row.on:
            days[row.on].append((row.numerator, row.denominator or 0))
    base = indicator.baseline
    counted = days.get(base.on or min(days), ()) if base and days else ()
    if base is None or len(counted) < 2:
        return None
    other = next(_others(sum(n for n, _ in counted), sum(d for _, d in counted), base, indicator.unit), None)
    return Mistake("D130", sum=other[0], said=other[1]) if other else None


def _others(reached: int, total: int, base: Baseline, unit: str) -> Iterator[tuple[str, str]]:
    """(what the rows make, what the baseline says), where they differ."""
    if base.total and total and base.total != total:
        yield pointed(total), pointed(base.total)
    if base.missing is not None and total and base.missing != total - reached:
        yield pointed(total - reached), pointed(base.missing)
    if unit == "%" and total and not agrees(reached, total, base.value):
        yield f"{comma(round(Decimal(100 * reached) / total, 2))}%", f"{comma(base.value)}%"
    if unit != "%" and base.value != reached:
        yield pointed(reached), comma(base.value)
