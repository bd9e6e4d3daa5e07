"""A year of an office as chance has it: papers, answers and decisions on a virtual clock, played to a ledger and to the oracle at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import Any, NamedTuple

from directives.language.calendar import DAY, Calendar
from directives.language.practice import Practice
from directives.language.shapes import Directive, Directory
from tasks.ledger import acts, opening, reporting
from tasks.ledger.store import Store
from tasks.values import Act, Said
from tests.clockwork import post, turn
from tests.generated import drawn
from tests.oracle import Oracle
from tests.owed import Task
from tests.rows import ask
from tests.sample import at

CALENDAR = Calendar()
PRACTICE = Practice(ack_timeout=0, gap=15)  # who has received a duty and is silent is asked again elsewhere
CLERK = Said(name="Người báo", role="Văn thư")


@dataclass(frozen=True, kw_only=True)
class Office:
    """What a seed makes of a year: who there is, which papers are issued when."""

    seed: int
    agencies: int
    papers: int
    days: int

    @cached_property
    def first(self) -> date:
        return date(2017 + self.seed % 8, 1, 1) + 37 * self.seed % 90 * DAY

    @cached_property
    def people(self) -> Directory:
        return drawn(self.seed, self.agencies, lone=True).directory

    @cached_property
    def directives(self) -> dict[date, list[Directive]]:
        """Papers by the day of their issue, in the first two thirds of the time."""
        chance, found = Random(self.seed), {}  # type: Random, dict[date, list[Directive]]
        for number in range(self.papers):
            on = self.first + chance.randrange(1 + self.days * 2 // 3) * DAY
            paper = drawn(1000 * self.seed + number, chance.choice((6, 9, 15)), lone=True, within=self.people, on=on)
            paper = paper.model_copy(update={"number": f"{number + 1}/UBND", "under": ()})
            found.setdefault(on, []).append(paper)
        return found


class Answer(NamedTuple):
    """What somebody says of a task."""

    task: Task
    kind: str
    words: dict[str, Any]

    def act(self, task: int, turn: int) -> Act:
        """The act that the pages would send."""
        words = {"by": self.task.unit, **self.words}
        return Act(kind=self.kind, task=task, said=CLERK, key=f"turn-{turn}", **words)  # type: ignore[arg-type]

    @property
    def figure(self) -> tuple[int, int | None]:
        """Numerator and denominator, or the value alone."""
        return self.words.get("numerator", int(self.words.get("value", 0))), self.words.get("denominator")


@dataclass
class Played:
    """What came of it: letters as (day, recipient, lane, of what), cells of reports, how each task ended, how often an act was refused."""

    letters: set[tuple[Any, ...]] = field(default_factory=set)
    cells: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    tasks: dict[tuple[str, str, str, str], tuple[Any, ...]] = field(default_factory=dict)
    acts: int = 0
    refused: list[str] = field(default_factory=list)


def play(store: Store, office: Office) -> tuple[Played, Played]:
    """The year as the ledger had it, and as the oracle says it must be."""
    end = at(str(office.first + office.days * DAY))
    oracle, chance, played = Oracle(office.people, CALENDAR, PRACTICE, end), Random(office.seed), Played()
    names: dict[int, tuple[str, str, str, str]] = {}
    for n in range(office.days):
        day = str(office.first + n * DAY)
        morning, issue, left, noon = (at(day, hour) for hour in ("07:30", "09:00", "09:10", "10:00"))
        turn(store, CALENDAR, PRACTICE, morning)
        oracle.open(morning)
        oracle.sweep(morning)
        _post(store, oracle, played, names, morning)
        for paper in office.directives.get(office.first + n * DAY, ()):
            opening.open_directive(store, paper, office.people, practice=PRACTICE, calendar=CALENDAR, now=issue)
            oracle.issue(paper, issue)
        _post(store, oracle, played, names, left)
        for number in reporting.due(store, CALENDAR, noon):
            reporting.report(store, number, CALENDAR, noon)
        oracle.report(noon)
        _post(store, oracle, played, names, noon)
        ids = {key: id_ for id_, key in _names(store, names).items()}
        for minute, answer in enumerate(_answers(oracle, chance, noon), 1):
            said = answer.act(ids[answer.task.key], 1000 * n + minute)
            receipt = acts.act(store, said, CALENDAR, noon + timedelta(minutes=minute))
            played.acts += 1
            if receipt.refusal:
                played.refused.append(f"{said.kind}: {receipt.refusal}")
            else:
                oracle.act(answer.task.key, said.kind, noon + timedelta(minutes=minute), until=said.until, figure=answer.figure)
    return _found(store, played), _foreseen(oracle)


def _post(store: Store, oracle: Oracle, played: Played, names: dict[int, tuple[str, str, str, str]], now: datetime) -> None:
    sent = [notice for notice in post(store, CALENDAR, now) if notice.lane not in ("receipt", "decision")]
    if any(notice.items for notice in sent):
        _names(store, names)
    day = oracle.times.day(now)
    for notice in sent:
        of: object = frozenset((names[item.work.id], item.rung) for item in notice.items)
        if notice.lane in ("new", "report"):
            of = notice.paper.number if notice.paper else ""
        played.letters.add((day, notice.recipient.id, notice.lane, of))
    oracle.post(now)


def _names(store: Store, known: dict[int, tuple[str, str, str, str]]) -> dict[int, tuple[str, str, str, str]]:
    """Tasks as the oracle calls them, by row number."""
    for row in ask(store, _TASKS, known=max(known, default=0)):
        known[row.id] = (row.number, row.clause, row.code, row.term)
    return known


def _answers(oracle: Oracle, chance: Random, now: datetime) -> Iterator[Answer]:
    """What people do on a day: those who were told answer, as chance has it, and the issuer decides what waits."""
    told = sorted((task for task in oracle.tasks.values() if task.told), key=lambda task: task.key)
    for task in chance.sample([task for task in told if not task.closed], min(len(told) // 25 + 1, 9, sum(not t.closed for t in told))):
        yield from _answer(oracle, task, chance, now)
    for task in [task for task in told if task.state == "claimed" or task.asked]:
        if chance.random() < 0.25 and (task.asked or task.claimed):
            yes, no = ("confirm", "reject") if task.state == "claimed" else ("grant", "refuse")
            yield Answer(task, yes if chance.random() < 0.7 else no, {"note": "đã xem xét", "by": ""})
    done = [task for task in told if task.closed and task.by == "done" and now - task.closed < 5 * DAY]
    for task in done:
        if chance.random() < 0.05:
            yield Answer(task, "undo", {"note": "chưa đủ"})


def _answer(oracle: Oracle, task: Task, chance: Random, now: datetime) -> Iterator[Answer]:
    if task.state == "claimed":
        return
    kind = chance.choice(("received", "progress", "done", "done", "done", "extend"))
    if kind == "extend" and not task.asked and task.due:
        yield Answer(task, kind, {"note": "chờ kinh phí", "until": oracle.times.day(task.due) + chance.randint(3, 40) * DAY})
    elif kind == "done" and task.measured:
        yield from _figure(oracle, task, chance, now)
    elif kind == "done":
        yield Answer(task, kind, {"note": "đã xong", "document": "1/BC", "files": (("0" * 64, "anh.jpg", 10),)})
    elif kind == "progress" or task.state in ("open", "received"):
        yield Answer(task, kind if kind in ("received", "progress") else "progress", {"note": "đang làm"})


def _figure(oracle: Oracle, task: Task, chance: Random, now: datetime) -> Iterator[Answer]:
    """A figure of the day, where there is none yet."""
    paper, of = task.paper.indicators[str(task.duty.target)], (task.key[0], str(task.duty.target), task.unit)
    last = oracle.figures.get(of)
    if last is None or last[0] < oracle.times.day(now):
        whole = chance.randint(50, 5000)
        part = min(whole, int(whole * chance.uniform(0.5, 1.1)))
        counts = {"numerator": part, "denominator": whole} if paper.unit == "%" else {"value": Decimal(part)}
        yield Answer(task, "figure", {**counts, "by": paper.source or task.unit, "note": "theo sổ của đơn vị"})


def _found(store: Store, played: Played) -> Played:
    for row in ask(store, "SELECT d.number, r.round, r.standing FROM reports r JOIN directives d ON d.id = r.directive"):
        cells = reporting._STANDING.validate_json(row.standing).cells
        played.cells[row.number, row.round] = (cells.on_time, cells.late, cells.in_time, cells.overdue, cells.undated)
    for row in ask(store, _ENDED):
        played.tasks[row.number, row.clause, row.code, row.term] = (row.state, row.due_at, row.closed_at)
    return played


def _foreseen(oracle: Oracle) -> Played:
    ended = {key: (task.state, _seconds(task.due), _seconds(task.closed)) for key, task in oracle.tasks.items()}
    return Played(letters=oracle.said, cells=oracle.cells, tasks=ended)


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


_NAMED = "FROM tasks k JOIN duties u ON u.id = k.duty JOIN directives d ON d.id = k.directive JOIN agencies a ON a.id = k.unit"
_TASKS = f"SELECT k.id, d.number, u.clause, a.code, k.term {_NAMED} WHERE k.id > :known ORDER BY k.id"
_ENDED = f"SELECT d.number, u.clause, a.code, k.term, k.state, k.due_at, k.closed_at {_NAMED}"
