"""How lines become letters: those for one reader on one day share a letter, and who has no address gets none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from typing import Any, Literal, NamedTuple

from .letters import Lane

Kind = Literal["new", "digest", "report"]

#: In the order in which they leave on a day.
_KINDS: dict[Lane, Kind] = {"new": "new", "digest": "digest", "escalation": "digest", "report": "report"}
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


def kept_back(letters: Iterable[Letter], a_week: int) -> int:
    """How many digests do not leave on their day where an inbox has at most `a_week` from Monday on: they join the next week's first."""
    days: defaultdict[str, set[date]] = defaultdict(set)
    for letter in letters:
        if _KINDS[letter.lane] == "digest":
            days[letter.to].add(letter.on)
    return sum(_waiting(sorted(of), a_week) for of in days.values())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _waiting(days: Iterable[date], a_week: int) -> int:
    kept, waits = 0, date.min  # the Monday on which what was kept back leaves
    for monday, week in groupby(days, key=_monday):
        leave = [*week]
        left = a_week - (waits == monday and leave[0] > monday)
        if len(leave) > left:
            kept, waits = kept + len(leave) - left, monday + timedelta(weeks=1)
    return kept


class Postbag:
    """Gathers lines by day and reader.

    A nation's letters are few different ones: a reader has the number of a list of lines, and adding a line leads to another number.
    """

    def __init__(self, has_address: Callable[[str], bool]) -> None:
        self._has_address = cache(has_address)
        self._lists: list[tuple[Line, ...]] = [()]
        self._known: dict[tuple[Line, ...], int] = {(): 0}
        self._longer: dict[tuple[int, Line], int] = {}
        self._bags: dict[tuple[date, Kind], dict[str, int]] = {}
        self._near: dict[date, set[str]] = {}
        self._unreached: dict[str, None] = {}

    def put(self, day: date, kind: Kind, readers: Mapping[str, int], line: Line | None = None, *, near: Set[str] = frozenset()) -> None:
        """Add a line to each reader's letter of a day, for so many tasks; those in `near` hear of their own."""
        bag = self._bags.setdefault((day, kind), {})
        self._near.setdefault(day, set()).update(near)
        lines = {tasks: line._replace(tasks=tasks) for tasks in set(readers.values())} if line else {}
        for who, tasks in readers.items():
            if not self._has_address(who):
                self._unreached[who] = None
            else:
                bag[who] = self._with(bag.get(who, 0), lines[tasks]) if line else 0

    def letters(self) -> tuple[Letter, ...]:
        """All letters in the order in which they leave."""
        return tuple(letter for day in sorted({day for day, _ in self._bags}) for lane in _KINDS for letter in self._of(day, lane))

    def _of(self, day: date, lane: Lane) -> Iterator[Letter]:
        """A letter about nobody's own work is a leader's."""
        kind, near = _KINDS[lane], self._near.get(day, set())
        for who, number in self._bags.get((day, kind), {}).items():
            if kind != "digest" or (who in near) is (lane == "digest"):
                yield Letter(day, lane, who, self._lists[number])

    def _with(self, number: int, line: Line) -> int:
        """The number of a list with one line more; a line that stands in it already stands for more tasks."""
        found = self._longer.get((number, line))
        if found is None:
            lines = {known._replace(tasks=0): known for known in self._lists[number]}
            bare = line._replace(tasks=0)
            lines[bare] = line._replace(tasks=line.tasks + lines.get(bare, bare).tasks)
            found = self._longer[number, line] = self._number(tuple(lines.values()))
        return found

    def _number(self, lines: tuple[Line, ...]) -> int:
        if lines not in self._known:
            self._known[lines] = len(self._lists)
            self._lists.append(lines)
        return self._known[lines]

    def unreached(self) -> tuple[str, ...]:
        """Who would have had a letter and has no address."""
        return tuple(self._unreached)

    def warnings(self, name: Callable[[str], str], a_week: int = 0) -> tuple[str, ...]:
        """One sentence about all who have no address, some of them by name; one about the letters that a weekly budget keeps back."""
        return (*self._mute(name), *self._kept_back(a_week))

    def _mute(self, name: Callable[[str], str]) -> Iterator[str]:
        if self._unreached:
            names = ", ".join(map(name, list(self._unreached)[:_NAMED]))
            more = " …" if len(self._unreached) > _NAMED else ""
            yield f"{len(self._unreached)} nơi nhận không có địa chỉ thư nên không nhận được thư nào: {names}{more}"

    def _kept_back(self, a_week: int) -> Iterator[str]:
        if a_week and (kept := kept_back(self.letters(), a_week)):
            yield f"mỗi hộp thư nhiều nhất {a_week} thư nhắc một tuần: {kept} thư trong kế hoạch được dồn vào thư của tuần sau"
