"""The engine under chance, on both stores at once: time, answers, decisions, other papers, a failing relay, kills; the promises hold."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from directives.language.calendar import DAY, Calendar, overlay
from directives.language.shapes import Basis, Change, Directory
from tasks.ledger import reorganizing
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import DOUBT, LEASE
from tasks.ledger.store import Store
from tasks.ledger.types import instant
from tasks.reorganization import Reorganization
from tasks.values import Act, Said
from tests import promises
from tests.databases import Databases
from tests.rows import ask
from tests.sample import COVER, PEOPLE, PRACTICE, agency, at, by, duty, paper
from tests.world import World

START = at("2020-05-18")
ORDER = paper(
    duty("6.4", "insurance", with_=("radio",), due=by("2020-05-25")), duty("3", "radio", due=by("2020-06-05"), confirm=True),
    duty("2", "education", cascade=(("schools",),), due=by("2020-06-12")), duty("1", "wards", force="ask"), COVER,
)
NEW = Directory(agencies={"ward-d": agency("ward-d", kind="ward", in_="district")})
ASKED = ("received", "progress", "done", "extend", "undo", "return", "delegate", "answer", "figure")
DECIDED = ("grant", "refuse", "confirm", "reject", "keep", "reassign", "pause", "resume", "postpone", "reopen", "close")


class Life(RuleBasedStateMachine):
    """The same life of two ledgers from the issue on."""

    stores: ClassVar[Callable[[Path], list[Store]]]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.now, self.turns = START, 0

    @initialize()
    def issue(self) -> None:
        self.worlds = [World(store, Path(self.folder.name)) for store in type(self).stores(Path(self.folder.name))]
        self._issue()

    def _issue(self) -> None:
        for world in self.worlds:
            world.survive(lambda world=world: open_directive(  # type: ignore[misc]
                world.store, ORDER, PEOPLE, practice=PRACTICE, calendar=Calendar(), now=START))

    # What befalls the machine

    @rule(statements=st.integers(0, 80))
    def be_killed_soon(self, statements: int) -> None:
        for world in self.worlds:
            world.kill = statements

    @rule()
    def restart(self) -> None:
        for world in self.worlds:
            world.store.engine.dispose()

    @rule(days=st.sampled_from((0, 1, 1, 1, 3, 9, 40)), hour=st.sampled_from(("07:30", "09:10", "16:59", "21:00")))
    def wait(self, days: int, hour: str) -> None:
        """Time passes; nothing ran meanwhile."""
        later = at(str(self.now.astimezone(PRACTICE.tz).date() + days * DAY), hour)
        self.now = max(self.now + timedelta(minutes=1), later)
        self._issue()
        for world in self.worlds:
            world.round(self.now)

    @rule(mornings=st.integers(5, 12))
    def be_without_mail(self, mornings: int) -> None:
        """Every morning the office works, and no letter leaves."""
        for _ in range(mornings):
            self.wait(1, "07:30")

    @rule(seed=st.integers(0, 999))
    def deliver(self, seed: int) -> None:
        for world in self.worlds:
            world.deliver(self.now, seed)
        self.now += (LEASE + DOUBT) * (seed % 3 == 0)

    @rule(which=st.integers(0, 9))
    def bounce(self, which: int) -> None:
        for world in self.worlds:
            world.bounce(which, self.now)

    # What people say

    @rule(kind=st.sampled_from(ASKED + DECIDED), which=st.integers(0, 11), days=st.integers(1, 30), twice=st.booleans(),
          to=st.sampled_from(("union", "radio")))
    def speak(self, kind: str, which: int, days: int, twice: bool, to: str) -> None:
        self.turns += 1
        receipts = set()
        for world in self.worlds:
            tasks = world.names()
            name = list(tasks)[which % len(tasks)] if tasks else None
            if name is None:
                return
            said = self._said(kind, tasks[name], days, to)
            before = len(ask(world.store, "SELECT 1 FROM events"))
            found = [world.act(said, self.now) for _ in range(1 + twice)]
            keyed = ask(world.store, "SELECT 1 FROM acts WHERE key = :key", key=said.key)
            assert len(keyed) <= 1
            assert bool(keyed) == (len(ask(world.store, "SELECT 1 FROM events")) > before), "a refused act left something"
            receipts.add((found[0].number, found[0].refusal))
        assert len(receipts) == 1

    def _said(self, kind: str, task: object, days: int, to: str) -> Act:
        today = self.now.astimezone(PRACTICE.tz).date()
        due = task.due_at and instant(task.due_at).date()  # type: ignore[attr-defined]
        dated = {"extend": due, "postpone": due, "pause": today, "grant": due if days % 2 else None}.get(kind)
        speaker = "insurance" if kind == "figure" else task.holder  # type: ignore[attr-defined]
        counts: dict[str, Any] = {"numerator": 70 + days, "denominator": 100, "on": today} if kind == "figure" else {}
        return Act(
            kind=kind, task=task.id, said=Said(name="Người báo", role="Văn thư"), key=f"k{self.turns}",  # type: ignore[arg-type, attr-defined]
            by="" if kind in DECIDED else speaker, note="lý do", until=dated and dated + days * DAY, document="1/BC",
            to=to if kind == "reassign" else "Người khác" if kind == "delegate" else "", **counts,
        )

    # What the world decides

    @rule(days=st.sets(st.integers(1, 60), max_size=3))
    def decree(self, days: set[int]) -> None:
        """Days off that are ahead, and what they move."""
        today = self.now.astimezone(PRACTICE.tz).date()
        lines = "".join(f"  - {today + n * DAY}\n" for n in sorted(days))
        for world in self.worlds:
            world.recount(overlay(f"off:\n{lines}") if days else Calendar(), self.now)

    @precondition(lambda self: not ask(self.worlds[0].store, "SELECT 1 FROM bonds"))
    @rule(days=st.integers(5, 40))
    def amend(self, days: int) -> None:
        """Another paper moves a date."""
        on = self.now.astimezone(PRACTICE.tz).date()
        moved = Change(clause="6.4", due=by(str(on + days * DAY)))
        other = paper(duty("1", "union", due=by("2021-06-30"))).model_copy(update={
            "number": "1021/UBND", "date": on, "amends": (Basis(number="898/UBND"),), "changes": (moved,),
        })
        for world in self.worlds:
            world.changes += 1
            world.survive(lambda world=world: open_directive(  # type: ignore[misc]
                world.store, other, PEOPLE, practice=PRACTICE, calendar=world.calendar, now=self.now))

    @precondition(lambda self: not ask(self.worlds[0].store, "SELECT 1 FROM reorganizations"))
    @rule()
    def merge(self) -> None:
        """Two wards become one: what was open stays open, in one hand."""
        merged = Reorganization(kind="merge", on=self.now.astimezone(PRACTICE.tz).date(), bodies=("ward-a", "ward-b"), into=("ward-d",))
        for world in self.worlds:
            before = len(ask(world.store, "SELECT 1 FROM tasks WHERE closed_at IS NULL AND term = ''"))
            world.survive(lambda world=world: reorganizing.plan(world.store, merged, NEW, self.now))  # type: ignore[misc]
            world.follow(self.now)
            assert len(ask(world.store, "SELECT 1 FROM tasks WHERE closed_at IS NULL AND term = ''")) == before
            with world.store.read() as db:
                assert reorganizing.orphans(db, merged.on) == ()

    # The promises

    @invariant()
    def promise_1_a_state_changes_only_by_an_event_that_says_who_or_which_rule(self) -> None:
        assert promises.broken(self.worlds, promises.unexplained) == []

    @invariant()
    def promise_2_what_is_marked_as_sent_has_left_and_no_letter_is_forgotten(self) -> None:
        assert promises.broken(self.worlds, promises.forgotten) == []

    @invariant()
    def promise_3_each_step_is_said_to_a_reader_once(self) -> None:
        assert promises.broken(self.worlds, promises.twice) == []

    @invariant()
    def promise_4_after_any_silence_an_inbox_has_one_letter_a_day(self) -> None:
        assert promises.broken(self.worlds, promises.crowded) == []

    @invariant()
    def promise_5_nobody_above_hears_before_the_lead_was_told(self) -> None:
        assert promises.broken(self.worlds, promises.untold) == []

    @invariant()
    def promise_6_both_stores_decide_alike(self) -> None:
        mine, *others = [promises.decisions(world) for world in self.worlds]
        assert all(theirs == mine for theirs in others)

    def teardown(self) -> None:
        """2 again: with a mail server that works, whatever could leave has left within three days, or stands on the operator's list."""
        for world in getattr(self, "worlds", []):
            world.kill = None
            for hours in (0, 1, 24, 48, 72):
                world.deliver(self.now + timedelta(hours=hours), 0, ("sent",))
            found = promises.unsent(world, self.now)
            world.store.close()
            assert found == []
        self.folder.cleanup()


_QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.fixture
def lives(databases: Databases, sqlite_template: bytes) -> Iterator[type[Life]]:
    """Every life begins with two empty ledgers."""
    url = databases.take()

    def stores(folder: Path) -> list[Store]:
        databases.give_back(url)
        assert databases.take() == url
        (folder / "ledger.sqlite").write_bytes(sqlite_template)
        return [Store(f"sqlite:///{folder}/ledger.sqlite"), Store(url)]

    yield type("Lives", (Life,), {"stores": staticmethod(stores)})
    databases.give_back(url)


def test_whatever_comes_the_promises_hold_on_both_stores(lives: type[Life]) -> None:
    run_state_machine_as_test(lives, settings=settings(_QUIET, max_examples=3, stateful_step_count=14, derandomize=True))


@pytest.mark.long
def test_whatever_comes_for_long_the_promises_hold_on_both_stores(lives: type[Life]) -> None:
    run_state_machine_as_test(lives, settings=settings(_QUIET, max_examples=400, stateful_step_count=60))
