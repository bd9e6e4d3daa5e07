"""The promises that the office prints, each as a question to one ledger and to the mail server beside it: what it finds breaks one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from directives.language.calendar import DAY
from tasks.ledger import chain, letters, replaying
from tasks.letters import UNHEARD
from tasks.states import VERBS
from tests.rows import ask
from tests.sample import HANOI
from tests.world import World

#: Acts that somebody does; whatever else stands in the history is a rule's, and names itself by its kind.
PEOPLE = {verb.kind for verb in VERBS if verb.side != "rule"} | {"comment"}


def unexplained(world: World) -> list[Any]:
    """1. A state changes only by an act of somebody, or by a rule that names itself: rows follow from events, events from each other."""
    found: list[Any] = [tuple(row) for row in ask(world.store, "SELECT seq, kind, person FROM events")
                        if (row.kind in PEOPLE) != (row.person is not None)]
    with world.store.read() as db:
        for row in ask(world.store, "SELECT id FROM directives"):
            found += [broken] if (broken := chain.verify(db, row.id)) is not None else []
            found += replaying.departures(db, row.id, world.calendar)
    return found


def forgotten(world: World) -> list[Any]:
    """2. What was marked as sent has left, what has left is never taken for waiting; copies are few."""
    states = {row.id: row.state for row in ask(world.store, "SELECT id, state FROM notices")}
    return [
        *(("never left", id_) for id_, state in states.items() if state == "sent" and not world.copies.get(id_)),
        *(("is gone", id_) for id_ in world.left if id_ not in states),
        *(("too often", id_) for id_, copies in world.copies.items() if copies > 6),
    ]


def unsent(world: World, since: datetime) -> list[Any]:
    """2. Three days after `since`, with a mail server that works: what could leave by then has, or the operator's list has it."""
    with world.store.read() as db:
        listed = {letter.id for letter in letters.posted(db, failed=True, limit=10_000)}
    rows = ask(world.store, "SELECT id, lane, state, day FROM notices WHERE not_before <= :since AND state NOT IN ('sent', 'recalled')",
               since=int(since.timestamp()))
    return [tuple(row) for row in rows if row.id not in listed and not _is_moot(world, row)]


def _is_moot(world: World, row: Any) -> bool:
    """Whether nothing is lost: its lines stand in another letter, or none of them is worth a word any more."""
    return row.state in ("superseded", "expired") and not ask(world.store, _OPEN_LINES, id=row.id)


def twice(world: World) -> list[Any]:
    """3. Each (task, step, date, reader) is decided once: no second letter says it."""
    said = Counter((letter.recipient, line) for letter in world.left.values() for line in letter.lines if line[1])
    first = Counter((letter.recipient, letter.paper) for letter in world.left.values() if letter.lane == "new" and letter.paper)
    assigned = {row.code: row.n for row in ask(world.store, _FIRST)}
    return [*(each for each, n in said.items() if n > 1), *(each for each, n in first.items() if n > assigned.get(each[0], 0))]


def crowded(world: World) -> list[Any]:
    """4. However long it was silent, an inbox has one letter of the day, and in it the latest step of each task."""
    doubted = {row.id for row in ask(world.store, "SELECT id FROM notices WHERE doubts > 0")}
    daily = [letter for letter in world.left.values() if letter.lane in ("digest", "escalation")]
    days = Counter((letter.recipient, _day(letter.at)) for letter in daily if letter.id not in doubted)
    keys = Counter(tuple(row) for row in ask(world.store, "SELECT recipient, day FROM notices WHERE day IS NOT NULL"))
    return [*(each for each, n in days.items() if n > 1), *(each for each, n in keys.items() if n > 1)]


def untold(world: World) -> list[Any]:
    """5. Nobody above hears of a task before its lead has been told for a full grace; what came back told nobody.

    That a lead's letters come back is no word about its work, and is said at once.
    """
    found = []
    for row in ask(world.store, _ABOVE, unheard=UNHEARD):
        day = date.fromisoformat(row.day)
        by = day - DAY
        told = [_day(letter.at) for letter in world.left.values() if letter.recipient == row.lead
                and (letter.id not in world.back or _day(world.back[letter.id]) >= day)
                and (letter.paper == row.directive or any(line[0] == row.task for line in letter.lines))]
        found += [tuple(row)] if not any(at <= by for at in told) else []
    return found


def decisions(world: World) -> dict[str, list[Any]]:
    """6. What the ledger has decided, in the words of the office: the same on every store."""
    return {name: sorted(map(str, map(tuple, ask(world.store, query)))) for name, query in _DECIDED.items()}


def _day(at: datetime) -> date:
    return at.astimezone(HANOI).date()


_OPEN_LINES = """
SELECT 1 FROM notice_items i JOIN tasks k ON k.id = i.task
 WHERE i.notice = :id AND k.closed_at IS NULL AND k.due_version = i.due_version AND k.agency = i.recipient"""

_FIRST = """
SELECT a.code, count(*) AS n FROM notices n JOIN agencies a ON a.id = n.recipient
 WHERE n.lane = 'new' AND n.directive IS NOT NULL GROUP BY a.code"""

#: Lines to somebody who neither answers for the task nor takes part in it.
_ABOVE = """
SELECT k.id AS task, k.directive, a.code AS lead, n.day, i.rung, r.code AS reader
  FROM notice_items i JOIN notices n ON n.id = i.notice JOIN tasks k ON k.id = i.task JOIN agencies a ON a.id = k.agency
  JOIN agencies r ON r.id = i.recipient
 WHERE n.day IS NOT NULL AND i.recipient <> k.agency AND i.due_version = k.due_version AND i.rung > :unheard
   AND NOT EXISTS (SELECT 1 FROM coordinators c WHERE c.duty = k.duty AND c.agency = i.recipient AND c.lead = k.unit)"""

_NAMED = "JOIN duties u ON u.id = k.duty JOIN directives d ON d.id = k.directive JOIN agencies a ON a.id = k.unit"
_DECIDED = {
    "tasks": f"SELECT d.number, u.clause, a.code, k.term, h.code, k.state, k.due_at, k.told_at, k.wake_at, k.rung, k.closed_at "
             f"FROM tasks k {_NAMED} JOIN agencies h ON h.id = k.agency",
    "letters": "SELECT n.lane, a.code, n.day, n.state, n.not_before, n.attempts, d.number FROM notices n "
               "JOIN agencies a ON a.id = n.recipient LEFT JOIN directives d ON d.id = n.directive",
    "lines": f"SELECT d.number, u.clause, a.code, k.term, i.rung, i.due_version, r.code, n.day, n.state FROM notice_items i "
             f"JOIN notices n ON n.id = i.notice JOIN agencies r ON r.id = i.recipient JOIN tasks k ON k.id = i.task {_NAMED}",
    "events": "SELECT d.number, e.seq, e.at, e.kind FROM events e JOIN directives d ON d.id = e.directive",
}


def broken(worlds: Iterable[World], question: Callable[[World], list[Any]]) -> list[Any]:
    """What a question finds in any of the ledgers."""
    return [found for world in worlds for found in question(world)]

