"""Killed again and again while it delivers, a real process loses no letter, and an inbox gets at most one more copy a connection."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter, defaultdict
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from directives.language.shapes import Directory, Group
from notifications.sink import Sink
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import DOUBT, LEASE
from tasks.ledger.store import Store
from tests.carrier import carry
from tests.rows import ask
from tests.sample import CALENDAR, PEOPLE, PRACTICE, agency, at, by, duty, paper

ISSUED = at("2020-05-18")
LEFT = ISSUED + timedelta(minutes=10)
SEED = 20200518


def issue(store: Store, letters: int) -> None:
    """A directive to so many offices, with a letter to each."""
    offices = {one.id: one for one in (agency(f"p-{n}", kind="p", in_="district") for n in range(letters))}
    people = Directory(agencies={"district": PEOPLE.agencies["district"], **offices}, groups={"all": Group(id="all", kind=("p",))})
    directive = paper(duty("3", "all", due=by("2020-05-29")), indicators={}, escalation=(), reports=())
    open_directive(store, directive, people, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)


class Carriers:
    """Processes that deliver from one ledger to one mail server; each lives half an hour after the one before."""

    def __init__(self, store: Store, sink: Sink, connections: int) -> None:
        # Forked from a process that has loaded everything once, so that a life costs no start.
        self._forks = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload(["tests.carrier"])
        self._url, self._sink, self._connections = store.url.render_as_string(hide_password=False), sink, connections
        self._now = LEFT

    def start(self) -> BaseProcess:
        process = self._forks.Process(target=carry, args=(self._url, self._sink.port, self._connections, self._now))
        process.start()
        self._now += LEASE + DOUBT + timedelta(minutes=1)
        return process

    def kill_after(self, letters: int, moment: float) -> bool:
        """Start one and kill it some letters and a moment later; False where it had come to its end before."""
        process, before = self.start(), len(self._sink.received)
        while process.is_alive() and len(self._sink.received) < before + letters:
            process.join(0.002)
        process.join(moment)
        process.kill()
        process.join()
        return process.exitcode == -9


def is_delivered(store: Store, sink: Sink, *, letters: int, kills: int, connections: int, most: int) -> None:
    """Kill carriers at random moments until `kills` have died, let the last one finish, and count."""
    rng, carriers, dead = random.Random(SEED), Carriers(store, sink, connections), 0
    while dead < kills:
        assert carriers.kill_after(rng.randint(0, most), rng.random() / 50), "the letters ran out before the kills"
        dead += 1
    last = carriers.start()
    last.join()
    assert last.exitcode == 0
    again = carriers.start()  # what the kills left in doubt was taken up by the last; nothing is left for another
    again.join()
    copies = Counter(received.recipient for received in sink.received)
    assert len(copies) == letters
    assert sum(copies.values()) - letters <= kills * connections
    assert {row.state: row.n for row in ask(store, "SELECT state, count(*) AS n FROM notices GROUP BY state")} == {"sent": letters}
    assert ask(store, "SELECT count(*) AS n FROM tasks WHERE told_at IS NULL")[0].n == 0
    same: dict[str, set[bytes]] = defaultdict(set)
    for recipient, path in sink.received:
        same[recipient].add(path.read_bytes())
    assert {len(each) for each in same.values()} == {1}


def test_s60_a_dozen_kills_lose_nothing_and_copy_at_most_one_letter_a_connection(sqlite_store: Store, tmp_path: Path) -> None:
    issue(sqlite_store, 600)
    with Sink(tmp_path / "sink") as sink:
        is_delivered(sqlite_store, sink, letters=600, kills=12, connections=2, most=25)


@pytest.mark.long
def test_s60_sixty_kills_of_eight_connections_keep_the_promise(sqlite_store: Store, tmp_path: Path) -> None:
    issue(sqlite_store, 12_000)
    with Sink(tmp_path / "sink") as sink:
        is_delivered(sqlite_store, sink, letters=12_000, kills=60, connections=8, most=120)
