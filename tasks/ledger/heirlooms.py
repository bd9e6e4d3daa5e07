"""Figures about bodies that have ended: they become part of those about their heirs, and nothing is imputed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, text

from directives.language.calendar import Calendar
from tasks.figures import together

from . import tables as t
from .figures import figure_of
from .issued import load
from .rows import add, canonical, listed
from .settling import LAST_WORD


def hand_on(db: Connection, directive: int, moved: Iterable[Row[Any]], seq: int, calendar: Calendar) -> None:
    """Figures about bodies that have ended become part of those about their heirs, as far as all parts have counts."""
    found: dict[tuple[str, int], set[int]] = {}
    for row in moved:
        if row.indicator:
            found.setdefault((row.indicator, row.heir), set()).add(row.agency)
    if not found:
        return
    for (indicator, heir), agencies in found.items():  # who had done its part before is part of the same figure
        agencies |= set(db.execute(text(_FORMER), {"d": directive, "indicator": indicator, "heir": heir}).scalars())
    add(db, t.inherited, [
        {"directive": directive, "indicator": indicator, "agency": agency, "heir": heir, "seq": seq}
        for (indicator, heir), agencies in found.items() for agency in agencies
    ])
    indicators = load(db, directive, calendar).directive.indicators
    for (indicator, heir), agencies in found.items():
        own = {heir} if db.execute(text(_OWN), {"d": directive, "indicator": indicator, "heir": heir}).first() else set()
        if indicator in indicators:
            _add_up(db, (directive, indicator, heir), agencies | own, seq, indicators[indicator].unit)


def _add_up(db: Connection, of: tuple[int, str, int], parts: set[int], seq: int, unit: str) -> None:
    directive, indicator, heir = of
    bound = {"d": directive, "indicator": indicator, "parts": canonical([[part] for part in parts])}
    rows = db.execute(text(_LATEST.format(parts=listed(db, "parts", "agency"))), bound).all()
    value = together([(row.numerator, row.denominator, figure_of(row)) for row in rows], unit)
    if len(rows) < len(parts) or value is None:
        return  # nothing is imputed: the heir's figure is missing until it says one
    numerator, denominator = (_sum(getattr(row, name) for row in rows) for name in ("numerator", "denominator"))
    add(db, t.readings, [{
        "directive": directive, "indicator": indicator, "agency": heir, "on": date.fromisoformat(max(row.on for row in rows)), "seq": seq,
        "numerator": numerator, "denominator": denominator, "value": value,
    }])


def _sum(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(count or 0 for count in known)


_OWN = """
SELECT 1 FROM tasks k JOIN duties u ON u.id = k.duty AND u.indicator = :indicator
 WHERE k.directive = :d AND k.unit = :heir AND k.state <> 'void' LIMIT 1"""

_FORMER = """
SELECT DISTINCT k.agency FROM successions s JOIN tasks k ON k.agency = s.agency AND k.state <> 'void'
  JOIN duties u ON u.id = k.duty AND u.indicator = :indicator
 WHERE s.heir = :heir AND k.directive = :d"""

_LATEST = f"""
SELECT r."on", r.numerator, r.denominator, r.value FROM {{parts}} x CROSS JOIN readings r
 WHERE r.agency = x.agency AND r.directive = :d AND r.indicator = :indicator AND {LAST_WORD}"""
