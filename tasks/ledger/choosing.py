"""Which tasks of a directive a condition means: by clause, agency, its kind, term and state, what is late, what is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from .rows import canonical, each
from .types import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A condition; what is empty means any."""

    clauses: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # of agencies
    terms: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    late_at: datetime | None = None  # only what is open and overdue then
    asking: bool = False  # only what waits for a decision about more time


def chosen(db: Connection, directive: int, where: Where) -> list[int]:
    """The row numbers of the tasks that are meant, in the paper's order."""
    of = {
        "directive": directive, "late": seconds(where.late_at) if where.late_at else 0, "asking": int(where.asking),
        **{name: canonical(list(getattr(where, name))) for name in _LISTS},
        **{f"any_{name}": int(not getattr(where, name)) for name in _LISTS},
    }
    return list(db.execute(text(_CHOSEN.format(**{name: each(db, name) for name in _LISTS})), of).scalars())


_LISTS = ("clauses", "agencies", "kinds", "terms", "states")

_CHOSEN = """
SELECT k.id
  FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.agency
 WHERE k.directive = :directive
   AND (:any_clauses = 1 OR u.clause IN ({clauses}))
   AND (:any_agencies = 1 OR a.code IN ({agencies}))
   AND (:any_kinds = 1 OR a.id IN (SELECT g.id FROM agencies g CROSS JOIN (SELECT '' AS kind WHERE 1 = 0 UNION ALL {kinds}) w
                                    WHERE ' ' || g.kind || ' ' LIKE '% ' || w.kind || ' %'))
   AND (:any_terms = 1 OR k.term IN ({terms}))
   AND (:any_states = 1 OR coalesce(
            (SELECT h.kind FROM holds h WHERE h.task = k.id AND h.to_seq IS NULL AND k.closed_at IS NULL), k.state) IN ({states}))
   AND (:late = 0 OR (k.closed_at IS NULL AND k.due_at < :late))
   AND (:asking = 0 OR EXISTS (SELECT 1 FROM requests r WHERE r.task = k.id AND r.decided_at IS NULL))
 ORDER BY u.position, k.term, a.name, k.id"""
