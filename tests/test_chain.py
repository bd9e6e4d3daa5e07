"""The chain of events: whoever changes, drops, adds or swaps a row is found at that row, and parallel writers do not tear it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, text

from tasks.ledger import chain
from tasks.ledger.chain import Event
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.values import Said
from tests.sample import CALENDAR, PEOPLE, PRACTICE, at, paper

NOW = at("2020-05-18")


@pytest.fixture
def issued(store: Store) -> int:
    """A directive whose chain has grown to at least ten events."""
    number = open_directive(store, paper(), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=NOW).directive
    with store.write() as db:
        chain.append(db, number, NOW, *(Event(kind="progress", payload={"note": f"lời thứ {n}"}) for n in range(8)))
    return number


def broken(store: Store, directive: int) -> int | None:
    with store.read() as db:
        return chain.verify(db, directive)


def _sql(*statements: str) -> Callable[[Connection], None]:
    def forge(db: Connection) -> None:
        for statement in statements:
            db.execute(text(statement))
    return forge


def _prolong(db: Connection) -> None:
    """An event whose hash follows, written past the directive's own counter."""
    last = db.execute(text("SELECT * FROM events ORDER BY seq DESC LIMIT 1")).mappings().one()
    row = dict(last) | {"seq": last["seq"] + 1}
    db.execute(
        text("INSERT INTO events VALUES (:directive, :seq, :at, :kind, :duty, :task, :person, :link, :payload, :hash, :who)"),
        row | {"hash": chain.link(last["hash"], row)},
    )


#: What a forger does, and the event at which he is found; -1 is the last, -2 the one after it.
FORGERIES = [
    *((change, _sql(f"UPDATE events SET {change} WHERE seq = 5"), 5) for change in (
        "at = at + 1", "kind = 'done'", "duty = 4711", "task = 4711", "person = 4711", "link = 'x'", "payload = '{}'", "hash = 'x'",
        "who = 'x'",
    )),
    ("the first dropped", _sql("DELETE FROM events WHERE seq = 1"), 1),
    ("one dropped", _sql("DELETE FROM events WHERE seq = 5"), 5),
    ("the last dropped", _sql("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)"), -1),
    ("two swapped", _sql(
        "UPDATE events SET seq = 99 WHERE seq = 5", "UPDATE events SET seq = 5 WHERE seq = 7", "UPDATE events SET seq = 7 WHERE seq = 99",
    ), 5),
    ("one inserted", _sql(
        *(f"UPDATE events SET seq = {seq} + 1 WHERE seq = {seq}" for seq in range(30, 4, -1)),
        "INSERT INTO events SELECT directive, 5, at, 'done', duty, task, person, link, payload, hash, who FROM events WHERE seq = 6",
        "UPDATE directives SET seq = seq + 1",
    ), 5),
    ("one added at the end", _prolong, -2),
]


def test_a_chain_that_nobody_touched_is_whole_and_a_forger_is_found_at_the_event_he_touched(store: Store, issued: int) -> None:
    with store.engine.connect() as db:
        last = db.execute(text("SELECT seq FROM directives")).scalar_one()
        assert chain.verify(db, issued) is None
        for name, forge, first in FORGERIES:
            with db.begin_nested() as forged:
                forge(db)
                assert (name, chain.verify(db, issued)) == (name, first if first > 0 else last - 1 - first)
                forged.rollback()


def test_eight_writers_at_once_leave_one_unbroken_chain(store: Store, issued: int) -> None:
    with store.read() as db:
        before = db.execute(text("SELECT seq FROM directives")).scalar_one()

    def write(n: int) -> None:
        for turn in range(10):
            with store.write() as db:
                chain.append(db, issued, NOW, *(Event(kind="progress", payload={"note": f"{n}.{turn}"}) for _ in range(1 + turn % 2)))

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(8)))
    with store.read() as db:
        assert db.execute(text("SELECT count(*), max(seq) FROM events")).one() == (before + 120, before + 120)
    assert broken(store, issued) is None


def test_an_event_is_never_dated_before_the_one_before_it(store: Store, issued: int) -> None:
    for hour in ("10:00", "08:00", "09:30", "11:00"):
        with store.write() as db:
            chain.append(db, issued, at("2020-05-19", hour), Event(kind="progress", payload={}))
    with store.read() as db:
        said = db.execute(text("SELECT at FROM events ORDER BY seq DESC LIMIT 4")).scalars().all()
    assert [when - int(at("2020-05-19", "10:00").timestamp()) for when in reversed(said)] == [0, 0, 0, 3600]
    assert broken(store, issued) is None


def test_a_name_can_be_erased_without_breaking_the_chain(store: Store, issued: int) -> None:
    with store.write() as db:
        person = chain.person(db, Said(name="Người báo", role="Văn thư"))
        chain.append(db, issued, NOW, Event(kind="progress", person=person, payload={}))
    with store.write() as db:
        db.execute(text("UPDATE persons SET name = '', role = '', ip = '', agent = ''"))
    assert broken(store, issued) is None
