"""What the issuer decides of many tasks at once, one event each: the effects, in sets. One task is a set of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Connection, Row, text

from directives.language.calendar import instant as instant_of
from tasks.states import becomes
from tasks.values import Act

from . import former, holding, roster, settling
from .issued import Issued
from .rows import canonical, pairs
from .types import seconds


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One act about tasks of one directive, whose events stand at `seqs` (in the order of `rows`) and at `at`."""

    db: Connection
    issued: Issued
    act: Act
    rows: Sequence[Row[Any]]
    seqs: Sequence[int]
    at: datetime

    @property
    def ids(self) -> list[int]:
        """The tasks."""
        return [row.id for row in self.rows]

    def change(self, of: Callable[[Row[Any]], Mapping[str, Any]]) -> None:
        """Keep what the tasks were and write their new columns, in one statement for all whose values are the same.

        `:now`, `:until` and the like are values; what is to be worked out of a row's own columns is SQL after `=`.
        """
        groups: defaultdict[tuple[tuple[str, Any], ...], list[list[int]]] = defaultdict(list)
        for row in self.rows:
            groups[tuple(of(row).items())].append([row.id, 0])
        for values, tasks in groups.items():
            bound = {name: value for name, value in values if name not in _WORKED_OUT}
            columns = [f"{name} = {_WORKED_OUT.get(name) or _typed(name)}" for name, _ in values]
            written = f"UPDATE tasks SET {', '.join([*columns, holding.SINCE])} WHERE id IN (SELECT x.a FROM {{ids}} x)"
            for statement in (holding.KEEP, written):
                self.db.execute(text(statement.format(ids=pairs(self.db))), {"pairs": canonical(tasks), **bound})

    def moot(self, decision: str) -> None:
        """Decide what is asked for of the tasks."""
        of = {"pairs": canonical([[task, 0] for task in self.ids]), "now": seconds(self.at), "decision": decision}
        self.db.execute(text(_MOOT.format(ids=pairs(self.db))), of)

    def position(self, row: Row[Any], due_at: int | None) -> dict[str, int | None]:
        """Where a task stands on the ladder of a date that it has now: what has passed by now is not said any more."""
        rung = 0
        for step in self.issued.steps_of(cast(Row[Any], SimpleNamespace(**{**row._mapping, "due_at": due_at}))):
            if step.at > self.at:
                return {"rung": rung, "wake_at": seconds(step.at)}
            rung += 1
        return {"rung": rung, "wake_at": None}


def carry_out(of: Decision) -> None:
    """Do what was decided; the events are written already."""
    _EFFECTS[of.act.kind](of)


def ends_on(of: Decision, day: date) -> int:
    """The last second of a day in the directive's zone."""
    return seconds(of.issued.calendar.day_end(day, of.issued.practice.tz))


def goes_on(issued: Issued, day: date) -> datetime:
    """When a paused task goes on: as the office opens on that day."""
    return instant_of(day, issued.practice.opens, issued.practice.tz)


def _grants(of: Decision) -> None:
    """A date that was asked for, or another."""
    until = {row.id: ends_on(of, of.act.until or date.fromisoformat(row.asks_until)) for row in of.rows}
    of.moot("granted")
    of.change(lambda row: {"due_at": until[row.id], "due_version": None, "rung": 0, "wake_at": _next(of, row, until[row.id])})


def _next(of: Decision, row: Row[Any], due_at: int) -> int | None:
    """The next step of the ladder of a new date; a pause goes before it."""
    return max(wake, row.wake_at or 0) if (wake := of.position(row, due_at)["wake_at"]) and row.held else wake


def _pauses(of: Decision) -> None:
    assert of.act.until
    on = goes_on(of.issued, of.act.until)
    holding.hold(of.db, of.ids, "paused", at=of.at, until=on, note=of.act.note)
    of.change(lambda row: {"wake_at": seconds(on) if row.wake_at is not None else None})


def _resumes(of: Decision) -> None:
    """The ladder goes on where it stood: the next sweep says what was missed meanwhile."""
    holding.end(of.db, of.ids, "resumed", of.at)
    of.change(lambda row: {"wake_at": seconds(of.at) if row.wake_at is not None else None})


def _keeps(of: Decision) -> None:
    holding.end(of.db, of.ids, "kept", of.at)
    of.change(lambda row: {"state": becomes("keep", "returned", row.state)})


def _reassigns(of: Decision) -> None:
    """Another answers from now on, in whose name it is stays; nobody above hears before the new one has had his grace."""
    agency = roster.row_of(of.db, of.act.to)
    holding.end(of.db, of.ids, "reassigned", of.at)
    of.moot("moot")
    until = ends_on(of, of.act.until) if of.act.until else None
    of.db.execute(text(_KEEP_TOLD.format(ids=pairs(of.db))), {"pairs": canonical([[task, 0] for task in of.ids])})
    of.change(lambda row: {
        "agency": agency, "state": "open", "told_at": None, "reported_at": None, "due_version": None,
        **({"due_at": until} if until else {}), **of.position(row, until or row.due_at),
    })


def _closes(of: Decision) -> None:
    holding.end(of.db, of.ids, "moot", of.at)
    of.moot("moot")
    of.change(lambda row: {"state": "done", "closed_at": seconds(of.at), "wake_at": None, "reported_at": seconds(of.at)})
    for task in {row.parent: row.id for row in of.rows if row.parent is not None}.values():
        settling.close_parent(of.db, of.issued, task, of.at)


def _reopens(of: Decision) -> None:
    """Take closings back; only where papers or calendars have moved dates does each task need a look of its own."""
    if not former.is_untouched(of.db):
        for row, seq in zip(of.rows, of.seqs, strict=True):
            settling.reopen(of.db, of.issued, row, seq, at=of.at)
        return
    again = {"state": "progress", "closed_at": None, "claimed_at": None, "reported_at": seconds(of.at)}
    of.change(lambda row: {**again, "wake_at": of.position(row, row.due_at)["wake_at"]})
    for row in {row.parent: row for row in of.rows if row.parent is not None}.values():
        settling.reopen_parent(of.db, of.issued, row, of.at)


_EFFECTS: dict[str, Callable[[Decision], None]] = {
    "grant": _grants, "postpone": _grants, "pause": _pauses, "resume": _resumes, "keep": _keeps, "reassign": _reassigns,
    "close": _closes, "reopen": _reopens,
}

#: Columns whose new value is worked out of the row's own.
_WORKED_OUT = {"due_version": "due_version + 1"}


def _typed(name: str) -> str:
    """A parameter that PostgreSQL knows the type of, also where it is nothing."""
    return f"CAST(:{name} AS {'text' if name == 'state' else 'bigint'})"


_KEEP_TOLD = """
INSERT INTO told_history (task, to_seq, told_at)
SELECT k.id, (SELECT max(e.seq) FROM events e WHERE e.task = k.id) - 1, k.told_at
  FROM {ids} x JOIN tasks k ON k.id = x.a WHERE k.told_at IS NOT NULL"""

_MOOT = """
UPDATE requests SET decided_at = :now, decision = :decision
 WHERE decided_at IS NULL AND task IN (SELECT x.a FROM {ids} x)"""
