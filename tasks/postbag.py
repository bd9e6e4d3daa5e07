"""How lines become letters: those for one reader on one day share a letter, and who has no address gets none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple

from .values import Lane

Kind = Literal["new", "digest", "report"]

_ORDER: tuple[Lane, ...] = ("new", "digest", "escalation", "report")
_NAMED = 5  # a warning names so many and counts the others


class Line(NamedTuple):
    """A line of a letter: a term of a clause, and why it is said ("" at the assignment); `tasks` of the reader's letter stand behind it."""

    clause: str
    term: str
    rung: str
    due: date | None
    tasks: int = 0


class Letter(NamedTuple):
    """A letter that leaves on a day for one recipient."""

    on: date
    lane: Lane
    to: str
    items: tuple[Line, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values with ISO dates."""
        items = [{**line._asdict(), "due": line.due.isoformat() if line.due else None} for line in self.items]
        return {"on": self.on.isoformat(), "lane": self.lane, "to": self.to, "items": items}


class Postbag:
    """Gathers lines by day and reader.

    A nation's letters are few different ones: they are counted by the number of their lines, and equal lists of lines are one list.
    """

    def __init__(self, has_address: Callable[[str], bool]) -> None:
        self._has_address = cache(has_address)
        self._numbers: dict[Line, int] = {}
        self._bags: dict[tuple[date, Kind], dict[str, dict[int, int]]] = {}
        self._near: dict[date, set[str]] = {}
        self._unreached: dict[str, None] = {}

    def put(self, day: date, kind: Kind, readers: Mapping[str, int], line: Line | None = None, *, near: Set[str] = frozenset()) -> None:
        """Add a line to each reader's letter of a day, for so many tasks; those in `near` hold the duty or take part in it."""
        bag = self._bags.setdefault((day, kind), {})
        self._near.setdefault(day, set()).update(near & readers.keys())
        number = self._numbers.setdefault(line, len(self._numbers)) if line else None
        for who, tasks in readers.items():
            if not self._has_address(who):
                self._unreached[who] = None
                continue
            lines = bag.setdefault(who, {})
            if number is not None:
                lines[number] = lines.get(number, 0) + tasks

    def letters(self) -> tuple[Letter, ...]:
        """All letters in the order in which they leave."""
        known, same = list(self._numbers), {}
        found = []
        for (day, kind), bag in self._bags.items():
            for who, lines in bag.items():
                key = tuple(lines.items())
                if key not in same:
                    same[key] = tuple(known[number]._replace(tasks=tasks) for number, tasks in key)
                found.append(Letter(day, self._lane(kind, day, who), who, same[key]))
        return tuple(sorted(found, key=lambda letter: (letter.on, _ORDER.index(letter.lane))))

    def warnings(self) -> tuple[str, ...]:
        """One sentence about all who have no address."""
        if not self._unreached:
            return ()
        names = ", ".join(list(self._unreached)[:_NAMED])
        more = " …" if len(self._unreached) > _NAMED else ""
        return (f"{len(self._unreached)} nơi nhận không có địa chỉ thư nên không nhận được thư nào: {names}{more}",)

    def _lane(self, kind: Kind, day: date, who: str) -> Lane:
        return "escalation" if kind == "digest" and who not in self._near[day] else kind
