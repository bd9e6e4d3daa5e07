"""What an assignment letter tells of earlier papers: each change that concerns its reader, as long as it is still true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from tasks.letters import Altered

from .bonding import STANDS, cited
from .rows import pairs
from .types import instant


def lines(db: Connection, wanted: Mapping[str, Any]) -> dict[int, tuple[Altered, ...]]:
    """The lines of letters (`pairs`: notice, recipient) in the order of the papers that they are about."""
    found: defaultdict[int, list[Altered]] = defaultdict(list)
    for row in db.execute(text(_LINES.format(ids=pairs(db))), wanted):
        due_at = row.due_at if row.sign != "!" else row.missed_at
        found[row.notice].append(Altered(
            sign=row.sign, what=row.what, paper=cited(row.number, date.fromisoformat(row.issued_on)),
            clause=row.clause if row.printed else "", text=row.text, short=row.short, before=row.before, after=row.after,
            reason=row.reason, due_at=None if due_at is None else instant(due_at),
        ))
    return {notice: tuple(of) for notice, of in found.items()}


#: By the paper that the letter is about; by the withdrawal that it tells of.
_LINES = f"""
SELECT n.id AS notice, c.sign, c.what, c.before, c.after, c.reason, c.due_at, d.number, d.issued_on, u.clause, u.printed, u.text, u.short,
       k.due_at AS missed_at
  FROM {{ids}} x
  JOIN notices n ON n.id = x.a AND n.lane = 'new'
  JOIN readers r ON r.agency = n.recipient
  JOIN changes c ON c.id = r.change
   AND (c.paper = n.directive OR (c.paper IS NULL AND c.directive = n.directive AND n.hint = CAST(c.seq AS text)))
  JOIN directives d ON d.id = c.directive
  JOIN duties u ON u.id = c.duty
  LEFT JOIN tasks k ON c.sign = '!' AND k.agency = r.agency AND k.closed_at IS NULL AND k.duty = c.duty AND k.term = c.term
 WHERE {STANDS}
 ORDER BY n.id, c.directive, CASE c.sign WHEN '!' THEN 0 ELSE 1 END, u.position, u.id, c.id"""
