"""The overview: all directives in one statement, each as its own standing counts it, today and on any day that has passed."""

from __future__ import annotations

from datetime import date, datetime

from tasks.cells import Cells
from tasks.ledger import counting, overview
from tasks.ledger.issued import load
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tests.clockwork import post, turn
from tests.rows import tell
from tests.sample import CALENDAR, EVERY, PEOPLE, PRACTICE, at, by, duty, paper
from tests.test_standing import CONFIRMED, ISSUED, PLAIN, SCRIPT
from tests.voices import says

OTHER = (duty("77", "union", due=by("2020-06-20")), duty("78", "wards"))


def together(store: Store, when: datetime) -> dict[str, Cells]:
    with store.read() as db:
        return {paper.number: cells for paper, cells in overview.all_counted(db, CALENDAR, when)}


def apart(store: Store, numbers: dict[str, int], when: datetime) -> dict[str, Cells]:
    with store.read() as db:
        return {
            name: counting.count(db, counting.past(db, load(db, number, CALENDAR), when)) for name, number in numbers.items()
        }


def test_all_directives_at_once_are_what_each_is_alone(store: Store) -> None:
    later = duty("1", "office", from_=date(2021, 1, 1))
    numbers = {
        name: open_directive(store, each, PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED).directive
        for name, each in {
            "898/UBND": paper(*EVERY, PLAIN, CONFIRMED), "900/UBND": paper(*OTHER, number="900/UBND"), "1/KH": paper(later, number="1/KH"),
        }.items()
    }
    evenings, silent = [], 0
    for day, unit, kind, clause, words in SCRIPT:
        turn(store, CALENDAR, PRACTICE, at(day, "07:30"))
        post(store, CALENDAR, at(day, "07:35"))
        assert says(store, unit, kind, clause, at(day, "10:00"), **words).refusal == ""
        evenings.append(at(day, "18:00"))
        found = together(store, evenings[-1])
        assert found == apart(store, numbers, evenings[-1])
        silent += sum(cells.silent for cells in found.values())
    assert found["1/KH"] == Cells()
    assert silent
    now = at("2020-10-05")
    assert says(store, "ward-a", "done", "78", now).refusal == ""  # what has no date is done
    assert says(store, "union", "done", "77", now).refusal == ""
    tell(store, "UPDATE tasks SET closed_at = due_at WHERE duty = (SELECT id FROM duties WHERE clause = '77')")  # in its last second
    assert together(store, now) == apart(store, numbers, now)
    for evening in evenings:
        assert together(store, evening) == apart(store, numbers, evening)


def test_before_the_first_issue_there_is_nothing_to_see(store: Store) -> None:
    assert together(store, ISSUED) == {}
