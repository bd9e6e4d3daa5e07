"""Which paper did what to which: the issued one that a paper names, the bond between them, and each change with whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, text

from directives.language.calendar import written
from directives.language.shapes import Basis, Directive

from . import tables as t


class StrangePaperError(Exception):
    """A paper would change one that is not in the ledger, or that has ended."""

    def __init__(self, basis: Basis) -> None:
        super().__init__(
            f"trong sổ không có {cited(basis.number, basis.date)} đang còn hiệu lực, nên không sửa được: "
            "hãy xem lại số và ngày sau amends."
        )


def cited(number: str | None, on: Any) -> str:
    """A paper as others cite it: 898/UBND ngày 18/5/2020."""
    return f"{number} ngày {written(on)}" if on else str(number)


def named(directive: Directive) -> str:
    """An issued directive as others cite it."""
    return cited(directive.number, directive.date)


def find(db: Connection, basis: Basis, issuer: str, but: int) -> int | None:
    """The paper under way, other than `but`, that `basis` names, that of `issuer` before any other's, the newest first."""
    key = {"number": basis.number, "on": basis.date.isoformat() if basis.date else "", "issuer": issuer, "but": but}
    return db.execute(text(_FIND), key).scalar()


def is_bound(db: Connection, directive: int) -> bool:
    """Whether a paper has done something to another, or had something done to it."""
    return db.execute(text("SELECT 1 FROM bonds WHERE directive = :d OR paper = :d LIMIT 1"), {"d": directive}).first() is not None


def has_ended(db: Connection, directive: int) -> bool:
    """Whether a directive has been withdrawn or replaced as a whole."""
    return db.execute(text(f"SELECT 1 FROM directives d WHERE d.id = :d AND EXISTS ({ENDED})"), {"d": directive}).first() is not None


def bind(
    db: Connection, kind: str, directive: int, *, paper: int | None, seq: int, at: datetime, clause: str = "", reason: str = ""
) -> None:
    """Keep that a paper, or an operator, did this to a directive at its event `seq`."""
    values = {"directive": directive, "kind": kind, "paper": paper, "seq": seq, "at": at, "clause": clause, "reason": reason}
    db.execute(insert(t.bonds).values(values))


def change(db: Connection, values: Mapping[str, Any], whom: str, bound: Mapping[str, Any]) -> None:
    """Keep a change as letters will say it, for the agencies (column `agency`) that the statement `whom` finds; for nobody, nothing.

    `values` are the row's: directive, seq, paper, duty, sign, what; and term, before, after, reason, due_at where there are any.
    """
    number = db.execute(insert(t.changes).values(**values).returning(t.changes.c.id)).scalar_one()
    found = f"INSERT INTO readers (agency, change) SELECT DISTINCT w.agency, CAST(:change AS bigint) FROM ({whom}) w"
    if not db.execute(text(found), {**bound, "change": number}).rowcount:
        db.execute(delete(t.changes).where(t.changes.c.id == number))


#: A directive that an operator or another paper has ended as a whole.
ENDED = "SELECT 1 FROM bonds b WHERE b.directive = d.id AND b.clause = '' AND b.kind IN ('replaced', 'withdrawn')"

_FIND = f"""
SELECT d.id FROM directives d JOIN agencies a ON a.id = d.issuer
 WHERE d.state = 'issued' AND d.id <> :but AND d.number = :number AND (:on = '' OR d.issued_on = :on) AND NOT EXISTS ({ENDED})
 ORDER BY CASE WHEN a.code = :issuer THEN 0 ELSE 1 END, d.issued_on DESC, d.id DESC
 LIMIT 1"""

#: Whether a line about a change (`c`) is still true for its reader (`r`): no later change took it back, the date is the one that counts,
#: what is urged is still open.
STANDS = """
       NOT EXISTS (SELECT 1 FROM changes l JOIN readers q ON q.change = l.id AND q.agency = r.agency
                    WHERE l.duty = c.duty AND l.id > c.id AND l.seq > c.seq AND c.sign <> '!' AND l.what IN (c.what, 'duty')
                      AND (l.what <> 'due' OR l.term = c.term))
   AND (c.what NOT IN ('due', 'urged')
     OR EXISTS (SELECT 1 FROM tasks o
                 WHERE o.agency = r.agency AND o.closed_at IS NULL AND o.duty = c.duty AND o.term = c.term
                   AND (c.what = 'urged' OR o.due_at IS NOT DISTINCT FROM c.due_at))
     OR (NOT EXISTS (SELECT 1 FROM tasks w WHERE w.duty = c.duty AND w.unit = r.agency)
         AND EXISTS (SELECT 1 FROM tasks o
                      WHERE o.duty = c.duty AND o.term = c.term AND o.closed_at IS NULL AND o.due_at IS NOT DISTINCT FROM c.due_at)))"""
