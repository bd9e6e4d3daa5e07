"""How all directives stand at once: one statement however many there are, each cell a range of the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from datetime import datetime

from sqlalchemy import Connection, text

from directives.language.calendar import Calendar
from tasks.cells import Cells
from tasks.values import Paper

from .counting import Past, as_of, count
from .issued import all_issued
from .rows import canonical, listed
from .types import seconds
from .works import papers


def all_counted(db: Connection, calendar: Calendar, at: datetime) -> list[tuple[Paper, Cells]]:
    """Every directive that has been issued by `at`, with its cells."""
    found = all_issued(db, calendar, at)
    upto = {row.directive: row for row in db.execute(text(_UPTO), {"at": seconds(at)})}
    moments = [as_of(issued, at, upto[issued.id].seq) for issued in found]
    present = {past.directive: past for past in moments if past.seq == upto[past.directive].last}
    cells = _counted(db, list(present.values()))
    cells |= {past.directive: count(db, past) for past in moments if past.directive not in present}
    named = papers(db, cells)
    return [(named[past.directive], cells[past.directive]) for past in moments]


def _counted(db: Connection, moments: Sequence[Past]) -> dict[int, Cells]:
    """The cells of directives of which nothing has been written since."""
    query = _CELLS.format(moments=listed(db, "moments", *(field.name for field in fields(Past))))
    rows = db.execute(text(query), {"moments": canonical([astuple(past) for past in moments])})
    found = {past.directive: Cells() for past in moments}
    for directive, *texts in rows:
        of = dict(zip(_NAMES, (int(number) for number in " ".join(texts).split()), strict=True))
        found[directive] += Cells(**{**of, "undated": of["undated"] + of["undated_done"]})
    return found


_UPTO = """
SELECT d.id AS directive, d.seq AS last,
       (SELECT coalesce(max(e.seq), 0) FROM events e WHERE e.directive = d.id AND e.at <= :at) AS seq
  FROM directives d
 WHERE d.state = 'issued' AND d.issued_at <= :at"""


#: Ranges of the index (directive, duty, closed_at, due_at, reported_at), and what is counted in each, in one walk.
_RANGES = {
    "k.closed_at IS NOT NULL": {"on_time": "k.closed_at <= k.due_at", "late": "k.closed_at > k.due_at", "undated_done": "k.due_at IS NULL"},
    "k.closed_at IS NULL AND k.due_at >= m.at": {"in_time": ""},
    "k.closed_at IS NULL AND k.due_at >= m.at AND k.due_at <= m.soon": {"soon": ""},
    "k.closed_at IS NULL AND k.due_at < m.at": {"overdue": ""},
    "k.closed_at IS NULL AND k.due_at IS NULL": {
        "undated": "", "silent": "m.round_at > 0 AND (k.reported_at IS NULL OR k.reported_at <= m.since)",
    },
}
_NAMES = [name for counts in _RANGES.values() for name in counts]


def _counts(within: str, counts: Mapping[str, str]) -> str:
    """One walk over a range; a subquery gives one value, so that its numbers come as words of a text."""
    numbers = (f"count(*) FILTER (WHERE {condition})" if condition else "count(*)" for condition in counts.values())
    return f"""
       (SELECT {" || ' ' || ".join(("''", *numbers))} FROM tasks k
         WHERE k.directive = m.directive AND k.duty = m.duty AND k.state <> 'void' AND {within})"""


#: A row for each duty; where its round was not asked for there is none to be silent in.
_CELLS = f"""
WITH m AS MATERIALIZED (
     SELECT x.directive, u.id AS duty, x.at, x.soon, x.since,
            CASE WHEN t.begins_at <= x.asked_at AND w.duty IS NULL THEN x.round_at ELSE 0 END AS round_at
       FROM {{moments}} x
       JOIN duties u ON u.directive = x.directive
       LEFT JOIN terms t ON t.duty = u.id AND t.term = ''
       LEFT JOIN unasked w ON w.duty = u.id)
SELECT m.directive, {", ".join(_counts(within, counts) for within, counts in _RANGES.items())}
  FROM m"""
