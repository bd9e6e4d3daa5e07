"""What an agency is told of a decision about many of its tasks: a line for each duty, all of them in one letter."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from directives.language.calendar import written

from . import bonding, roster
from .deciding import Decision, ends_on
from .echoing import HEARS
from .retelling import day_words
from .roster import parties
from .rows import canonical, pairs
from .types import instant, seconds

#: (sign, what, before, after, reason, due_at) of a line; what is the same is told once for all whom it concerns.
Said = tuple[str, str, str, str, str, int | None]


def tell(of: Decision, seq: int, *, undone: bool = False) -> int:
    """Keep what becomes of the tasks and queue a letter for each agency, after the recall window; returns how many letters."""
    lines: defaultdict[tuple[int, str, Said], set[int]] = defaultdict(set)
    for row in of.rows:
        said = ("~", "undone", "", "", of.act.note, None) if undone else _said(of, row)
        lines[row.duty, row.term, said].add(row.agency)
    for (duty, term, said), agencies in lines.items():
        _line(of, {"seq": seq, "duty": duty, "term": term}, said, agencies)
    leaves = of.issued.calendar.window(of.at, of.issued.practice, minutes=of.issued.practice.recall)
    return queue(of.db, of.issued.id, seq, leaves)


def queue(db: Connection, directive: int, seq: int, leaves: datetime) -> int:
    """Queue a letter for each agency that a change of this event concerns; returns how many."""
    return db.execute(text(_LETTERS), {"d": directive, "seq": seq, "leaves": seconds(leaves)}).rowcount


def _line(of: Decision, where: dict[str, Any], said: Said, agencies: set[int]) -> None:
    sign, what, before, after, reason, due_at = said
    values: dict[str, Any] = {
        **where, "directive": of.issued.id, "paper": None, "sign": sign, "what": what,
        "before": before, "after": after, "reason": reason, "due_at": instant(due_at) if due_at is not None else None,
    }
    whom = f"SELECT x.a AS agency FROM {pairs(of.db)} x"
    bonding.change(of.db, values, whom, {"pairs": canonical([[agency, 0] for agency in sorted(agencies)])})


def _said(of: Decision, row: Row[Any]) -> Said:
    act = of.act
    until = written(act.until) if act.until else ""
    if act.kind == "postpone" and act.until:
        return "~", "due", day_words(row.due_at, of.issued.practice.tz), "", act.note, ends_on(of, act.until)
    if act.kind == "reassign":
        agency = roster.row_of(of.db, act.to)
        return "-", "duty", "", "", f"chuyển cho {parties(of.db, [agency])[agency].short}", None
    return ("-" if act.kind == "close" else "~"), act.kind, "", until, act.note, None


#: One letter for each agency.
_LETTERS = f"""
INSERT INTO notices (key, directive, recipient, lane, hint, not_before, state)
SELECT DISTINCT 'change:' || c.directive || ':' || c.seq || ':' || r.agency, c.directive, r.agency, 'new', CAST(c.seq AS text),
       CAST(:leaves AS bigint), 'queued'
  FROM changes c JOIN readers r ON r.change = c.id JOIN agencies a ON a.id = r.agency AND {HEARS}
 WHERE c.directive = :d AND c.seq = :seq
    ON CONFLICT (key) DO NOTHING"""
