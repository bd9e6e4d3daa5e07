"""Letters that another process claims and writes: the same bytes; its death and its starter's cost nothing but time."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from config.office import Office
from config.settings import load
from notifications import scribe
from notifications.scribe import Room, Scribe
from notifications.written import Compose, Written, claim
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import DOUBT, LEASE, LedgerOutbox
from tasks.ledger.store import Store
from tests.notices import composer
from tests.rows import ask
from tests.sample import CALENDAR, COVER, LEAFLETS, PEOPLE, PRACTICE, at, paper
from tests.scribes import deadly, held, room
from tests.sink import Box

ISSUED = at("2020-05-18")
LEFT = ISSUED + timedelta(minutes=10)


def issue(store: Store) -> LedgerOutbox:
    """A directive with five letters that may leave."""
    open_directive(store, paper(LEAFLETS, COVER), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    return LedgerOutbox(store, CALENDAR, "cairang.example")


def helped(store: Store, opens: Callable[[str], tuple[LedgerOutbox, Compose]], monkeypatch: pytest.MonkeyPatch) -> Scribe:
    """A scribe that has nothing to claim itself, so that each letter comes from the process that it starts at once."""
    monkeypatch.setattr(scribe, "MANY", 0)
    other: Room = partial(opens, store.url.render_as_string(hide_password=False))
    return Scribe(Box([]), composer().compose, other)


def unleased(letters: list[Written]) -> list[Written]:
    return [letter._replace(lease="", attempts=0) for letter in letters]


def test_another_process_freezes_and_writes_the_very_letters(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox, both = issue(sqlite_store), helped(sqlite_store, room, monkeypatch)
    while not (letters := both.claim(LEFT, 3)):
        pass  # it gets ready
    letters += both.claim(LEFT, 99)
    both.close()
    assert (len(letters), ask(sqlite_store, "SELECT count(params) AS n FROM notices WHERE state = 'leased'")[0].n) == (5, 5)
    outbox.recover(LEFT + LEASE)
    outbox.recover(LEFT + LEASE + DOUBT)
    assert unleased(letters) == unleased(claim(outbox, composer().compose, LEFT + LEASE + DOUBT, 99))


def test_an_office_can_be_opened_by_another_process(tmp_path: Path) -> None:
    office = Office.open(load(tmp_path, base_url="https://don-doc.cairang.example", mail_from="don-doc@cairang.example"))
    issue(office.store)
    outbox, compose = pickle.loads(pickle.dumps(office.room))()
    [notice, *_] = outbox.claim("new", LEFT, 1)
    assert compose(notice) == office.composer.compose(notice)
    for store in (outbox.store, office.store):
        store.close()


def test_a_process_that_dies_leaves_what_it_claimed_to_its_lease(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    issue(sqlite_store)
    both = helped(sqlite_store, deadly, monkeypatch)
    while not ask(sqlite_store, "SELECT 1 FROM notices WHERE state = 'leased'"):
        assert both.claim(LEFT, 3) == []
    assert both.claim(LEFT, 3) == []  # whoever asks goes on without it
    both.close()
    assert {row.state: row.n for row in ask(sqlite_store, "SELECT state, count(*) AS n FROM notices GROUP BY state")} == {
        "leased": 3, "queued": 2,
    }


def test_a_process_ends_with_the_one_that_started_it(sqlite_store: Store) -> None:
    issue(sqlite_store)
    with held(sqlite_store.url.render_as_string(hide_password=False), LEFT) as starter:
        assert starter.stdout
        assert starter.stderr
        assert starter.stdout.readline() == "started\n"
        starter.kill()
        starter.stderr.read()  # returns when nobody is left who could say something
    assert starter.returncode == -9
