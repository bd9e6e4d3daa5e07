"""What an annex leaves in the ledger: its rows as issued, the figures that agencies start from, the targets of their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select

from directives.language.expansion import Term
from directives.language.goals import own_targets, starts
from directives.language.shapes import Directive, Duty, Reported
from tasks.figures import worth

from . import chain, roster
from . import tables as t
from .chain import Event
from .issued import Issued
from .rows import add, chunks

_ROWS = TypeAdapter(tuple[Reported, ...])


def body_of(directive: Directive) -> str:
    """An annex as it is kept and hashed; "" where there is none."""
    return _ROWS.dump_json(directive.annex, exclude_defaults=True).decode() if directive.annex else ""


def keep(db: Connection, number: int, directive: Directive, ids: Mapping[str, int], now: datetime) -> None:
    """Keep the annex of a paper, and enter its figures as readings: one event, however many they are."""
    if not directive.annex:
        return
    db.execute(insert(t.annexes).values(directive=number, body=body_of(directive)))
    figures = list(starts(directive))
    if not figures:
        return
    [(seq, _)] = chain.append(db, number, now, Event(kind="annex", payload={"figures": len(figures)}))
    units = {indicator.id: indicator.unit for indicator in directive.indicators.values()}
    rows = (
        {"directive": number, "indicator": row.indicator, "agency": ids[row.agency], "on": row.on, "seq": seq, "numerator": row.numerator,
         "denominator": row.denominator or None, "value": worth(row.numerator, row.denominator, units[row.indicator])}
        for row in figures if row.numerator is not None
    )
    for part in chunks(rows):
        add(db, t.readings, part)


def rows_of(db: Connection, number: int) -> tuple[Reported, ...]:
    """The rows of the annex that was issued with a directive."""
    body = db.execute(select(t.annexes.c.body).where(t.annexes.c.directive == number)).scalar()
    return _read(body) if body else ()


@lru_cache(maxsize=4)  # a nation's takes half a second to read, and every term asks for it
def _read(body: str) -> tuple[Reported, ...]:
    return _ROWS.validate_json(body)


def give(db: Connection, issued: Issued, number: int, duty: Duty, term: Term) -> None:
    """Write the targets that agencies have of their own for a term of the duty with that row number."""
    if not issued.directive.figures or not isinstance(duty.target, str):
        return
    own = own_targets(issued.directive.model_copy(update={"annex": rows_of(db, issued.id)}), duty, term)
    ids = roster.codes(db) if own else {}
    said = {target: target.model_dump_json() for target in own.values()}
    rows = (
        {"duty": number, "term": term.key, "unit": ids[agency], "target": said[target], "climbs": not target.soft}
        for agency, target in own.items() if agency in ids
    )
    for part in chunks(rows):
        add(db, t.own_targets, part)


def has_own(db: Connection, duty: int, term: str) -> bool:
    """Whether anybody has a target of its own for a term."""
    o = t.own_targets.c
    return db.execute(select(o.unit).where(o.duty == duty, o.term == term).limit(1)).first() is not None
