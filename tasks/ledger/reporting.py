"""Report rounds: when each is due, the standing that it froze, and one letter for each of its readers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, select, text

from directives.language.calendar import Calendar
from directives.language.directory import resolve
from directives.language.expansion import report_plans
from directives.language.periods import rounds
from directives.language.shapes import ReportPlan

from ..values import Standing
from . import roster
from . import tables as t
from .issued import Issued, directory, load
from .rows import add, canonical, digest
from .standing import standing
from .store import Store
from .types import instant, seconds

#: A leader's read-only link lives so long after the last report that carried it.
LINK = timedelta(days=90)

_STANDING = TypeAdapter(Standing)


def due(store: Store, calendar: Calendar, now: datetime) -> list[int]:
    """The directives with a report round by `now` that has not been made."""
    with store.read() as db:
        return list(db.execute(text("SELECT id FROM directives WHERE state = 'issued' AND reports_at <= :now ORDER BY id"), {"now": seconds(now)}).scalars())


def report(store: Store, number: int, calendar: Calendar, now: datetime) -> int:
    """Make the latest due round of each of a directive's plans: freeze its standing, queue a letter a reader; returns new letters.

    After an outage only the latest round is made. Asked again for the same round it writes nothing.
    """
    with store.write() as db:
        issued = load(db, number, calendar)
        people = directory(db, number)
        letters, following = 0, []
        for plan in report_plans(issued.directive, issued.practice):
            before, last, next_ = _round(issued, plan, now)
            following.append(next_)
            if last:
                letters += _make(db, issued, plan, last, before, [who for word in plan.to for who in resolve(word, issued.directive.issuer, issued.directive, people)])
        db.execute(t.directives.update().where(t.directives.c.id == number).values(reports_at=min((at for at in following if at), default=None)))
    return letters


def frozen(db: Connection, number: int, round_: str) -> Standing:
    """The standing that a round froze."""
    query = select(t.reports.c.standing).where(t.reports.c.directive == number, t.reports.c.round == round_)
    return _STANDING.validate_json(db.execute(query).scalar_one())


def _round(issued: Issued, plan: ReportPlan, now: datetime) -> tuple[datetime | None, datetime | None, datetime | None]:
    """The round before the latest that is due by `now`, that one, and the one to come."""
    before = last = None
    for at in rounds(plan.every, issued.issued_at.astimezone(issued.practice.tz).date(), issued.calendar, issued.practice):
        if at > now:
            return before, last, at
        if at > issued.issued_at:
            before, last = last, at
    return before, last, None


def _make(db: Connection, issued: Issued, plan: ReportPlan, at: datetime, before: datetime | None, readers: list[str]) -> int:
    name = f"{at.astimezone(issued.practice.tz):%Y-%m-%dT%H:%M}"
    key = f"{name}/{plan.every.words}"
    if not db.execute(select(t.reports.c.round).where(t.reports.c.directive == issued.id, t.reports.c.round == key)).first():
        made = standing(db, issued.id, issued.calendar, at, before or issued.issued_at)
        body = canonical(_STANDING.dump_python(made, mode="json"))
        add(db, t.reports, [{"directive": issued.id, "round": key, "as_of": at, "seq": made.seq, "standing": body, "hash": digest(body)}])
    ids = roster.codes(db)
    to = [ids[reader] for reader in dict.fromkeys(readers) if reader in ids]
    reachable = set(db.execute(text("SELECT id FROM agencies WHERE mail_state <> 'none'")).scalars()) & set(to)
    roster.link(db, reachable, "page", at + LINK)
    return add(db, t.notices, [
        {
            "key": f"report:{issued.id}:{agency}:{name[:10]}", "directive": issued.id, "recipient": agency, "lane": "report",
            "hint": canonical(key), "not_before": at, "state": "queued",
        }
        for agency in sorted(reachable)
    ])
