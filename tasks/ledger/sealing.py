"""What of the ledger an issue rests on: how the papers stand that it changes, and which of its agencies cannot be reached."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from directives.language.calendar import written
from directives.language.shapes import Directive

from . import listing
from . import tables as t
from .rows import canonical, digest


def papers(db: Connection, directive: Directive) -> dict[str, str]:
    """How each paper that is amended, replaced or urged stands: its words and its tasks, by number and date.

    What was only said of a task changes nothing here: an agency that reports progress does not undo a plan.
    """
    found = {}
    for basis in (*directive.amends, *directive.replaces, *directive.urges):
        for of in listing.numbered(db, basis.number, basis.date)[:1]:
            found[f"{of.number} {written(of.issued_on)}"] = _stands(db, of.id)
    return found


def unreachable(db: Connection, codes: Iterable[str]) -> tuple[str, ...]:
    """Of these agencies, those whose address has bounced."""
    bad = db.execute(select(t.agencies.c.code).where(t.agencies.c.mail_state == "bad").order_by(t.agencies.c.code)).scalars()
    known = set(codes)
    return tuple(code for code in bad if code in known)


def _stands(db: Connection, directive: int) -> str:
    body = db.execute(select(t.directives.c.body).where(t.directives.c.id == directive)).scalar_one()
    k = t.tasks.c
    rows = db.execute(select(k.id, k.agency, k.closed_at.is_(None), k.due_at).where(k.directive == directive).order_by(k.id))
    return digest(body, canonical([[*row] for row in rows]))
