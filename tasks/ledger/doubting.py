"""Figures that were doubted or said again: marked when they are recorded, and shown to the issuer with the reason that was given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, insert, text

from directives.language.calendar import written
from directives.language.periods import cutoff_day, periods
from directives.language.shapes import Every
from tasks.doubts import WORDS, doubts
from tasks.figures import Part, value_of
from tasks.measured import Doubted, Restated
from tasks.values import Act

from .dating import Former, called
from .issued import Issued
from .remarks import remarks


def mark(db: Connection, row: Row[Any], said: Act, *, new: Part, on: date, unit: str, seq: int) -> None:
    """Keep what is odd about the figure of event `seq`, before it stands among the readings."""
    of = {"directive": row.directive, "indicator": row.indicator, "agency": row.agency, "on": on.isoformat()}
    kinds = list(doubts(new, _before(db, of), unit))
    if not said.by and db.execute(text(_SAID), of).first():
        kinds.append("restated")
    if kinds:
        db.execute(insert(remarks).values(directive=row.directive, seq=seq, kinds=" ".join(kinds)))


def unexplained(db: Connection, row: Row[Any], said: Act, *, on: date, unit: str) -> str:
    """Why a figure that is odd is not taken before its agency gives a reason; "" where it has, or where nothing is odd."""
    if not said.by or said.note.strip():
        return ""
    of = {"directive": row.directive, "indicator": row.indicator, "agency": row.agency, "on": on.isoformat()}
    odd = doubts((said.numerator, said.denominator, value_of(said, unit)), _before(db, of), unit)
    return f"So với lần trước, số liệu này {', '.join(WORDS[kind] for kind in odd)}: xin ghi lý do." if odd else ""


def _before(db: Connection, of: Mapping[str, Any]) -> Part | None:
    """The last word about the last day before that of a figure."""
    last = db.execute(text(_BEFORE), of).first()
    return (last.numerator, last.denominator, Decimal(last.value)) if last else None


def locked(said: Act, indicator: str, issued: Issued, today: date) -> str:
    """Why an agency may not touch a figure of a reading period that has been closed; "" where it may. The issuer's side always may."""
    of, days = issued.directive.indicators[indicator], issued.practice.lock
    if not said.by or said.on is None or of.every is None or not days or issued.directive.date is None:
        return ""
    for period in periods(of.every, issued.directive.date, before_means=issued.practice.before_means):
        cut = cutoff_day(of.every.cutoff, period.last) if of.every.cutoff else period.last
        if cut >= said.on:
            closes = issued.calendar.add_working(cut, days)
            return "" if today <= closes else (
                f"Kỳ số liệu đến {written(cut)} đã chốt hết ngày {written(closes)} nên đơn vị không nhập hay sửa được nữa:"
                " xin gọi cơ quan ban hành để đính chính."
            )
    return ""


def closed_by(every: Every, since: date, today: date, *, before_means: int) -> list[date]:
    """The days up to which figures of the reading periods are counted that have ended before `today`, in order."""
    found = []
    for period in periods(every, since, before_means=before_means):
        cut = cutoff_day(every.cutoff, period.last) if every.cutoff else period.last
        if cut >= today:
            break
        found.append(cut)
    return found


def doubted(db: Connection, of: Mapping[str, Any], names: Mapping[int, Former]) -> tuple[Doubted, ...]:
    """The figures of an indicator that are odd and stand, with their reasons; the latest first."""
    return tuple(
        Doubted(agency=called(names, row.agency, row.name), on=date.fromisoformat(row.on), figure=Decimal(row.value),
                doubts=odd, reason=_reason(row.payload))
        for row in db.execute(text(_MARKED), of) if (odd := tuple(kind for kind in row.kinds.split() if kind != "restated"))
        and row.is_last
    )


def restated(db: Connection, of: Mapping[str, Any], names: Mapping[int, Former]) -> tuple[Restated, ...]:
    """The figures of an indicator that were said again about the same day, with what stood before; the latest first."""
    return tuple(
        Restated(
            agency=called(names, row.agency, row.name), on=date.fromisoformat(row.on), before=Decimal(row.before),
            figure=Decimal(row.value), reason=_reason(row.payload), issuer="restated" in (row.kinds or "").split(),
        )
        for row in db.execute(text(_AGAIN), of)
    )


def _reason(payload: str) -> str:
    return str(json.loads(payload).get("note", ""))


_BEFORE = """
SELECT numerator, denominator, value FROM readings
 WHERE directive = :directive AND indicator = :indicator AND agency = :agency AND "on" < :on
 ORDER BY "on" DESC, seq DESC LIMIT 1"""

_SAID = """
SELECT 1 FROM readings
 WHERE directive = :directive AND indicator = :indicator AND agency = :agency AND "on" = :on LIMIT 1"""

_LATER = """EXISTS (SELECT 1 FROM readings l
                    WHERE l.directive = r.directive AND l.indicator = r.indicator AND l.agency = r.agency
                      AND l."on" = r."on" AND l.seq > r.seq AND l.seq <= :seq)"""

_MARKED = f"""
SELECT r.agency, a.name, r."on", r.value, q.kinds, e.payload, NOT {_LATER} AS is_last
  FROM remarks q
  JOIN events e ON e.directive = q.directive AND e.seq = q.seq
  JOIN readings r ON r.directive = q.directive AND r.indicator = :indicator AND r.seq = q.seq
  JOIN agencies a ON a.id = r.agency
 WHERE q.directive = :directive AND q.seq <= :seq
 ORDER BY q.seq DESC"""

_AGAIN = """
SELECT x.agency, a.name, x."on", x.value, x.before, e.payload, q.kinds
  FROM (SELECT r.agency, r."on", r.seq, r.value, lag(r.value) OVER (PARTITION BY r.agency, r."on" ORDER BY r.seq) AS before
          FROM readings r
         WHERE r.directive = :directive AND r.indicator = :indicator AND r.seq <= :seq) x
  JOIN events e ON e.directive = :directive AND e.seq = x.seq
  JOIN agencies a ON a.id = x.agency
  LEFT JOIN remarks q ON q.directive = :directive AND q.seq = x.seq
 WHERE x.before IS NOT NULL
 ORDER BY x.seq DESC"""
