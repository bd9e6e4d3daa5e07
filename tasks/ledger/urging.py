"""An urging letter attaches to the work that it urges: an event a duty, a line for each holder. It moves no date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, text

from . import bonding, chain, roster
from .chain import Event
from .issued import Issued
from .rows import canonical, pairs


def urge(db: Connection, issued: Issued, clause: str, named: Collection[str], *, paper: int, name: str, now: datetime) -> None:
    """Attach a paper to the open work of a clause and its points ("": all) of those whom it names; of all holders where it names nobody."""
    ids = roster.codes(db)
    whom = "" if not named else f"AND k.agency IN (SELECT h.a FROM {pairs(db)} h)"
    bound = {"d": issued.id, "clause": clause, "pairs": canonical([[ids[code], 0] for code in named])}
    terms = db.execute(text(_TERMS.format(whom=whom)), bound).all()
    duties = list(dict.fromkeys(row.duty for row in terms))
    said = {"paper": name, "note": name}
    (seq, at), *_ = chain.append(db, issued.id, now, *(Event(kind="urged", duty=duty, payload=said) for duty in duties or (None,)))
    for row in terms:
        of = {"duty": row.duty, "term": row.term}
        values = {"directive": issued.id, "seq": seq, "paper": paper, "sign": "!", "what": "urged", **of}
        bonding.change(db, values, _OPEN.format(whom=whom), bound | of)
    bonding.bind(db, "urged", issued.id, paper=paper, seq=seq, at=at, clause=clause)


_TERMS = """
SELECT DISTINCT u.position, k.duty, k.term
  FROM tasks k JOIN duties u ON u.id = k.duty
 WHERE k.directive = :d AND k.closed_at IS NULL
   AND (:clause = '' OR u.clause = :clause OR substr(u.clause, 1, length(:clause) + 1) = :clause || '.') {whom}
 ORDER BY u.position, k.duty, k.term"""

_OPEN = "SELECT k.agency FROM tasks k WHERE k.duty = :duty AND k.term = :term AND k.closed_at IS NULL {whom}"
