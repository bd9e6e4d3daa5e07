"""Entering a directive: its paper, duties, indicators and who takes part become rows, once and for good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, insert, select

from directives.language import expansion
from directives.language.calendar import instant
from directives.language.directory import members
from directives.language.practice import Practice
from directives.language.shapes import Directive, Directory, Duty

from . import annexes, chain, roster, successions
from . import tables as t
from .chain import Event
from .issued import orders
from .rows import add, chunks, digest


class ChangedPaperError(Exception):
    """An issued directive is immutable paper."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number} đã ban hành và nội dung trong tệp đã khác. Văn bản đã ban hành không sửa được: "
            "hãy soạn văn bản sửa đổi với từ `amends:`."
        )


def enter(db: Connection, directive: Directive, people: Directory, *, practice: Practice, now: datetime) -> tuple[int, bool]:
    """Write the directive, its duties and who takes part; returns its row number, and whether it had not been there."""
    if directive.number is None or directive.date is None:
        raise ValueError("a directive without number and date is a draft")
    ids = roster.enter(db, people, now)
    hash_ = paper_hash(directive)
    d = t.directives.c
    key = (d.issuer == ids[directive.issuer], d.number == directive.number, d.issued_on == directive.date)
    if row := db.execute(select(d.id, d.hash).where(*key, d.state == "issued")).first():
        if row.hash != hash_:
            raise ChangedPaperError(directive.number)
        return int(row.id), False
    values = {
        "number": directive.number, "issuer": ids[directive.issuer], "issued_on": directive.date, "title": directive.title,
        "issued_at": now, "body": frozen(directive, people), "hash": hash_, "roster": roster.keep(db, people),
        "practice": practice.model_dump_json(), "opens_at": instant(directive.date, time(), practice.tz), "seq": 0,
        "reports_at": now if orders(directive) else None,  # what only changes others has nothing of its own to report
    }
    number = int(db.execute(insert(t.directives).values(values).returning(d.id)).scalar_one())
    chain.append(db, number, now, Event(kind="issued", payload={"hash": hash_}))
    add(db, t.duties, [duty_row(number, position, duty) for position, duty in enumerate(orders(directive))])
    add(db, t.indicators, [
        {"directive": number, "indicator": i.id, "name": i.name, "source": ids[i.source] if i.source else None}
        for i in directive.indicators.values()
    ])
    _keep_unasked(db, number, directive)
    _take_part(db, number, directive, people, ids)
    annexes.keep(db, number, directive, ids, now)
    return number, True


def paper_hash(directive: Directive) -> str:
    """The hash of a paper's words and of the annex beside it, by which a changed one is known.

    What the paper does not say is left out, so that a language that has learnt new words still knows its old papers.
    """
    body, annex = directive.model_dump_json(exclude={"annex", "directory"}, exclude_defaults=True), annexes.body_of(directive)
    return digest(body, annex) if annex else digest(body)


def frozen(directive: Directive, people: Directory) -> str:
    """The directive as it is carried out: a group that hears a rung is its members on the day of issue."""
    on, rungs = directive.date, directive.escalation
    if rungs and on:
        rungs = tuple(rung.model_copy(update={"audience": tuple(_named(rung.audience, people, on))}) for rung in rungs)
    return directive.model_copy(update={"escalation": rungs}).model_dump_json(exclude={"annex", "directory"})


def _named(audience: Iterable[str], people: Directory, on: date) -> Iterator[str]:
    for word in audience:
        yield from members(word, people, on) if word in people.groups else (word,)


def duty_row(number: int, position: int, duty: Duty) -> dict[str, Any]:
    """The row of a duty that orders something."""
    return {
        "directive": number, "position": position, "clause": duty.clause, "printed": duty.printed, "force": duty.force,
        "text": duty.text, "short": duty.short, "indicator": duty.target if isinstance(duty.target, str) else "",
        "product": duty.product or "", "evidence": duty.evidence, "confirm": duty.confirm, "code": duty.code,
        "recurring": expansion.has_rhythm(duty),
    }


def duties_of(db: Connection, number: int) -> dict[str, int]:
    """Row numbers of a directive's duties by clause."""
    rows = db.execute(select(t.duties.c.clause, t.duties.c.id).where(t.duties.c.directive == number))
    return {row.clause: row.id for row in rows}


def _keep_unasked(db: Connection, number: int, directive: Directive) -> None:
    """Which duties have no date yet and are not asked about, and what they wait for."""
    duties = duties_of(db, number)
    add(db, t.unasked, [
        {"duty": duties[duty.clause], "waits_for": duties.get(duty.due.after or "") if duty.due else None}
        for duty in orders(directive) if not expansion.is_asked_about(duty)
    ])


def _take_part(db: Connection, number: int, directive: Directive, people: Directory, ids: dict[str, int]) -> None:
    duties, heirs, on = duties_of(db, number), successions.heirs(db), directive.date
    assert on is not None
    rows = (
        {"duty": duties[duty.clause], "agency": heirs.get(ids[agency], ids[agency]), "lead": ids[holder.unit]}
        for duty in orders(directive) if duty.with_
        for holder in expansion.holders(duty, people, on) if holder.parent is None
        for agency in expansion.coordinators(duty, holder.unit, people, on)
    )
    for part in chunks(rows):
        add(db, t.coordinators, part)
