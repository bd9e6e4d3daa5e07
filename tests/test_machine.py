"""The engine under chance: time, answers, decisions, amendments, a failing relay, kills at any commit; the promises hold throughout."""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Connection, event

from directives.language.calendar import DAY, Calendar, overlay
from directives.language.shapes import Basis, Change
from notifications.outbox import LANES
from tasks.ledger import acts, chain, replaying
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import DOUBT, LEASE, LedgerOutbox
from tasks.ledger.store import Store
from tasks.ledger.types import instant
from tasks.letters import Outcome
from tasks.values import Act, Said
from tests.clockwork import turn
from tests.rows import ask
from tests.sample import PEOPLE, PRACTICE, at, by, duty, paper

START = at("2020-05-18")
ORDER = paper(
    duty("6.4", "insurance", with_=("radio",), due=by("2020-05-25")), duty("3", "radio", due=by("2020-06-05"), confirm=True),
    duty("2", "education", cascade=(("schools",),), due=by("2020-06-12")), duty("1", "wards", force="ask"),
)


class KilledError(Exception):
    """The process ends here."""


class Life(RuleBasedStateMachine):
    """One ledger from its issue on. `crash` counts the commits that are left before the process is killed; None: it lives."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.now, self.calendar, self.turns = START, Calendar(), 0
        self.crash: int | None = None
        self.copies: Counter[int] = Counter()
        self.bytes: dict[int, str] = {}
        self.delivered: set[int] = set()

    @initialize(template=st.none())
    def issue(self, template: None) -> None:
        path = Path(self.folder.name) / "ledger.sqlite"
        path.write_bytes(_empty())
        self.store = Store(f"sqlite:///{path}")
        event.listen(self.store.engine, "commit", self._commits)
        self._try(self._issue)

    def _issue(self) -> None:
        open_directive(self.store, ORDER, PEOPLE, practice=PRACTICE, calendar=self.calendar, now=START)

    def _commits(self, db: Connection) -> None:
        if self.crash is not None and db.get_execution_options().get("write"):
            self.crash -= 1
            if self.crash < 0:
                raise KilledError

    def _try(self, work: Callable[[], object]) -> None:
        """Work that may be killed; who comes after it does it again, as a restarted process would."""
        try:
            work()
        except KilledError:
            self.crash = None
            work()

    @rule(commits=st.integers(0, 5))
    def be_killed_soon(self, commits: int) -> None:
        self.crash = commits

    @rule()
    def restart(self) -> None:
        self.store.engine.dispose()

    @rule(days=st.sampled_from((0, 1, 1, 1, 3, 9, 40)), hour=st.sampled_from(("07:30", "09:10", "16:59", "21:00")))
    def wait(self, days: int, hour: str) -> None:
        later = at(str(self.now.astimezone(PRACTICE.tz).date() + days * DAY), hour)
        self.now = max(self.now + timedelta(minutes=1), later)
        self._try(self._issue)
        self._try(lambda: turn(self.store, self.calendar, PRACTICE, self.now))

    @rule(state=st.sampled_from(("sent", "sent", "sent", "queued", "uncertain", "failed", "")))
    def deliver(self, state: str) -> None:
        """The relay takes letters, puts them off, falls silent after the dot, refuses; or the carrier dies with them in its hands."""
        outbox = LedgerOutbox(self.store, self.calendar, "office.example")
        self._try(lambda: outbox.recover(self.now))
        for lane in LANES:
            with contextlib.suppress(KilledError):
                letters = outbox.claim(lane, self.now, 50)
                for letter in letters:
                    body = repr((letter.items, letter.recipient, letter.date, letter.message_id))
                    assert self.bytes.setdefault(letter.id, body) == body, "a copy differs"
                    self.copies[letter.id] += state in ("sent", "uncertain")
                wait = timedelta(minutes=5) if state == "queued" else None
                ends = [Outcome(notice_id=n.id, lease=n.lease, state=state, code=250, retry_after=wait) for n in letters]  # type: ignore[arg-type]
                outbox.record(ends if state else (), self.now)
            if self.crash is not None and self.crash < 0:
                self.crash = None
        if not state:
            self.now += LEASE + DOUBT

    @rule(
        kind=st.sampled_from(("received", "progress", "done", "extend", "undo", "grant", "refuse", "confirm", "reject")),
        which=st.integers(0, 9), days=st.integers(1, 30), twice=st.booleans(),
    )
    def speak(self, kind: str, which: int, days: int, twice: bool) -> None:
        rows = ask(self.store, "SELECT k.id, a.code, k.due_at FROM tasks k JOIN agencies a ON a.id = k.agency ORDER BY k.id")
        if not rows:
            return
        row, self.turns = rows[which % len(rows)], self.turns + 1
        issuer = kind in ("grant", "refuse", "confirm", "reject")
        until = instant(row.due_at).date() + days * DAY if row.due_at and kind == "extend" else None
        said = Act(
            kind=kind, task=row.id, said=Said(name="Người báo", role="Văn thư"), key=f"k{self.turns}", by="" if issuer else row.code,  # type: ignore[arg-type]
            note="lý do", until=until, document="1/BC",
        )
        before = len(ask(self.store, "SELECT 1 FROM events"))
        for _ in range(1 + twice):
            self._try(lambda: acts.act(self.store, said, self.calendar, self.now))
        keyed = ask(self.store, "SELECT 1 FROM acts WHERE key = :key", key=said.key)
        assert len(keyed) <= 1
        assert bool(keyed) == (len(ask(self.store, "SELECT 1 FROM events")) > before), "a refused act left something"

    @rule(days=st.sets(st.integers(1, 60), max_size=3))
    def decree(self, days: set[int]) -> None:
        """Days off that are ahead; what was dated stays as it was dated."""
        today = self.now.astimezone(PRACTICE.tz).date()
        self.calendar = overlay("off:\n" + "".join(f"  - {today + n * DAY}\n" for n in sorted(days))) if days else Calendar()

    @precondition(lambda self: not ask(self.store, "SELECT 1 FROM bonds"))
    @rule(days=st.integers(5, 40))
    def amend(self, days: int) -> None:
        """Another paper moves a date."""
        on = self.now.astimezone(PRACTICE.tz).date()
        moved = Change(clause="6.4", due=by(str(on + days * DAY)))
        other = paper(duty("1", "union", due=by("2021-06-30"))).model_copy(update={
            "number": "1021/UBND", "date": on, "amends": (Basis(number="898/UBND"),), "changes": (moved,),
        })
        self._try(lambda: open_directive(self.store, other, PEOPLE, practice=PRACTICE, calendar=self.calendar, now=self.now))

    @invariant()
    def a_state_changes_only_by_an_event_that_says_so(self) -> None:
        with self.store.read() as db:
            for row in ask(self.store, "SELECT id FROM directives"):
                assert chain.verify(db, row.id) is None
                assert replaying.departures(db, row.id, self.calendar) == ()

    @invariant()
    def each_letter_is_decided_once_and_none_is_lost(self) -> None:
        doubles = ask(self.store, "SELECT recipient, day FROM notices WHERE day IS NOT NULL GROUP BY recipient, day HAVING count(*) > 1")
        assert doubles == []
        sent = {row.id for row in ask(self.store, "SELECT id FROM notices WHERE state = 'sent'")}
        assert sent <= {id_ for id_, copies in self.copies.items() if copies}, "marked as sent, and was not"
        assert self.delivered <= sent, "a letter that had left is waiting again"
        self.delivered = sent
        assert all(copies <= 6 for copies in self.copies.values())

    @invariant()
    def nobody_above_hears_before_the_lead_was_told(self) -> None:
        assert ask(self.store, _UNTOLD) == []

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


#: Lines of a late task to somebody who neither holds it nor takes part, of which the lead has not been told by the letter's day.
_UNTOLD = """
SELECT i.task FROM notice_items i JOIN tasks k ON k.id = i.task JOIN notices n ON n.id = i.notice
 WHERE n.lane = 'escalation' AND i.recipient <> k.agency AND i.due_version = k.due_version AND k.told_at IS NULL"""

_template: list[bytes] = []


def _empty() -> bytes:
    return _template[0]


@pytest.fixture(autouse=True)
def empty(sqlite_template: bytes) -> None:
    """Every life begins with a copy of the empty ledger."""
    _template[:] = [sqlite_template]


_QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


def test_whatever_comes_the_promises_hold() -> None:
    run_state_machine_as_test(Life, settings=settings(_QUIET, max_examples=5, stateful_step_count=14, derandomize=True))


@pytest.mark.long
def test_whatever_comes_for_long_the_promises_hold() -> None:
    run_state_machine_as_test(Life, settings=settings(_QUIET, max_examples=400, stateful_step_count=60))
