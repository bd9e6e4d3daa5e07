"""Acts that wait together are recorded together: the very rows that they make one after another, in hardly more statements than one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tasks.ledger import acts, chain
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.values import Act, Receipt, Said
from tests.rows import ask, everything_in
from tests.sample import CALENDAR, LEAFLETS, PEOPLE, PRACTICE, SCHOOLS, at, by, duty, paper

ISSUED = at("2020-05-18")
NOW = at("2020-05-20")
WARDS = duty("5", "wards", due=by("2020-05-29"), evidence="document")
PAPER = paper(duty("3", "radio", due=by("2020-05-29")), duty("4", "union", due=by("2020-05-29"), confirm=True), WARDS, LEAFLETS, SCHOOLS)
OTHER = paper(duty("1", "wards", due=by("2020-06-05")), number="17/KH")

#: What is pressed: mostly what changes nothing but its task, and what takes a press out of its group.
KINDS = ("received", "progress", "done", "done", "extend", "undo", "return", "answer")

#: A kind, about which task, how many minutes after noon, whether another agency says it, whether the form was sent before.
PRESS = st.tuples(st.sampled_from(KINDS), st.integers(0, 99), st.integers(0, 9), st.integers(0, 5), st.integers(0, 5))


#: A ledger is opened once for all examples, which leave nothing in it.
QUICK = settings(
    max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class UndoneError(Exception):
    """Ends a transaction of which nothing shall stand."""


def opened(store: Store) -> list[Any]:
    """Two papers, issued when the first of many asks, and their tasks with who answers for them."""
    for each in () if ask(store, "SELECT 1 FROM directives") else (PAPER, OTHER):
        open_directive(store, each, PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    return ask(store, "SELECT k.id, a.code FROM tasks k JOIN agencies a ON a.id = k.agency ORDER BY k.id")


def spoken(tasks: list[Any], pressed: list[tuple[str, int, int, int, int]]) -> list[acts.Spoken]:
    """The acts of presses, each by somebody with a name of his own."""
    said: list[acts.Spoken] = []
    for n, (kind, which, minutes, other, again) in enumerate(pressed):
        row, key = tasks[which % len(tasks)], f"web:{n - 1 if n and not again else n}"
        words: dict[str, Any] = {"document": "12/BC ngày 20/5/2020"} if kind == "done" and which % 2 else {}
        words |= {"note": "lý do", "until": (NOW + timedelta(days=30 + n)).date()} if kind in ("extend", "return", "answer") else {}
        act = Act(
            kind=kind,  # type: ignore[arg-type]  # one of KINDS
            task=row.id if which < 98 else 10**9, said=Said(name=f"Người thứ {n}", role="Văn thư", link="l1"), key=key,
            by=row.code if other else "insurance", **words,
        )
        said.append((act, NOW + timedelta(minutes=minutes)))
    return said


def tried(store: Store, record: Callable[[Any], list[Receipt]]) -> tuple[list[Receipt], dict[str, list[str]]]:
    """The receipts, and every row as it would stand; nothing does."""
    try:
        with store.write() as db:
            found = record(db), everything_in(db)
            for number in db.execute(text("SELECT id FROM directives")).scalars().all():
                assert chain.verify(db, number) is None
            raise UndoneError
    except UndoneError:
        return found


@QUICK
@given(st.lists(PRESS, min_size=2, max_size=12))
def test_a_group_writes_the_rows_that_its_acts_write_one_after_another(
    store: Store, pressed: list[tuple[str, int, int, int, int]]
) -> None:
    said = spoken(opened(store), pressed)
    apart = tried(store, lambda db: [acts.act_in(db, act, CALENDAR, now) for act, now in said])
    assert tried(store, lambda db: acts.acts_in(db, said, CALENDAR)) == apart


def statements(store: Store, said: list[acts.Spoken]) -> int:
    """How many statements acts take on SQLite that are recorded together."""
    seen: list[str] = []
    with store.write() as db:
        driver: Any = db.connection.driver_connection
        driver.set_trace_callback(seen.append)
        receipts = acts.acts_in(db, said, CALENDAR)
        driver.set_trace_callback(None)
    assert not any(receipt.refusal for receipt in receipts)
    return len({statement.partition("VALUES")[0] for statement in seen})


def test_a_group_takes_as_many_statements_as_one(sqlite_store: Store) -> None:
    tasks = opened(sqlite_store)

    def done(which: slice, now: datetime = NOW) -> list[acts.Spoken]:
        said = Said(name="Người báo", role="Văn thư")
        return [
            (Act(kind="done", task=row.id, said=said, key=f"web:{row.id}", by=row.code, document="12/BC ngày 20/5/2020"), now)
            for row in [row for row in tasks if row.code.startswith("ward-")][which]
        ]

    one = statements(sqlite_store, done(slice(1)))
    assert statements(sqlite_store, done(slice(1, 3))) == one <= 16
