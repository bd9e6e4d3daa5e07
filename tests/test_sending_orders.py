"""Letters held, let go and called off; workers that die or lose their lease; recipients who are gone between queue and claim."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from notifications import pace as pacing
from notifications.delivery import deliver
from notifications.outbox import LANES
from tasks.ledger import audit, orders, resolving
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import DOUBT, LEASE, LedgerOutbox
from tasks.ledger.relays import LedgerPace
from tasks.ledger.store import Store
from tasks.letters import Lane, Leased, Notice, Outcome
from tasks.pace import Limits
from tests import command_line
from tests.clockwork import turn
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.posts import mass, written
from tests.rows import ask, tell
from tests.sample import CALENDAR, COVER, LEAFLETS, PEOPLE, PRACTICE, at, paper
from tests.sink import Scripted
from tests.virtual import played

dondoc = command_line.dondoc
ISSUED = at("2020-05-18")
LEFT = ISSUED + timedelta(minutes=10)
WHO = {"by": "Trực ban", "note": "Chờ đính chính"}


def issue(store: Store) -> LedgerOutbox:
    """A directive with five letters, which may leave at LEFT."""
    open_directive(store, paper(LEAFLETS, COVER), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    return LedgerOutbox(store, CALENDAR, "office.example")


def number(store: Store) -> int:
    return int(ask(store, "SELECT id FROM directives")[0].id)


def states(store: Store) -> Counter[str]:
    return Counter(row.state for row in ask(store, "SELECT state FROM notices"))


def claimed(queue: LedgerOutbox, now: datetime) -> list[Notice]:
    """Everything that may leave, handed back."""
    found = [notice for lane in LANES for notice in queue.claim(lane, now, 99)]
    queue.release(found, now)
    return found


def counted(store: Store, directive: int | None = None, lane: str = "") -> orders.Counts:
    with store.read() as db:
        return orders.counts(db, directive, lane)


class Died(Exception):  # noqa: N818  # it names an end, not a mistake
    """The process ends here."""


class Mortal:
    """An outbox whose process dies at a point: from then on it says nothing more to anybody."""

    def __init__(self, queue: LedgerOutbox, point: str) -> None:
        self._queue, self._point, self.dead = queue, point, False

    def claim(self, lane: Lane, now: datetime, limit: int) -> Sequence[Notice]:
        found: Sequence[Notice] = self._alive(lambda: self._queue.claim(lane, now, limit))
        self.dead |= bool(found) and self._point == "claim"
        self._alive(lambda: None)
        return found

    def record(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        self.dead |= self._point == "before commit"
        self._alive(lambda: self._queue.record(outcomes, now))
        self.dead |= self._point == "after commit"
        self._alive(lambda: None)

    def release(self, notices: Sequence[Leased], now: datetime) -> None:
        self._alive(lambda: self._queue.release(notices, now))

    def _alive(self, work: Callable[[], Any]) -> Any:
        if self.dead:
            raise Died
        return work()


@pytest.mark.parametrize(("point", "copies"), [
    ("claim", 0), ("mail", 0), ("rcpt", 0), ("data", 0), ("dot", 1), ("before commit", 1), ("after commit", 0),
])
def test_s61_a_crash_at_any_point_loses_nothing_and_copies_one_letter_at_most(sqlite_store: Store, point: str, copies: int) -> None:
    queue = issue(sqlite_store)
    mortal = Mortal(queue, point)

    def script(phase: str, nth: int, _to: str) -> str:
        mortal.dead |= phase == point and nth == 2
        return "drop" if mortal.dead else ""

    async def play() -> Scripted:
        async with Scripted(script) as server:
            relay, pace = server.relay(connections=1), LedgerPace(sqlite_store)
            with pytest.raises(Died):
                await deliver(mortal, relay, written, LEFT, pace=pace)
            mortal.dead = False  # for the server: another process goes on
            for later in (LEASE, LEASE + DOUBT):
                queue.recover(LEFT + later)
                await deliver(queue, relay, written, LEFT + later, pace=pace)
            return server

    server = played(play())
    assert len(server.copies) == 5
    assert sum(server.copies.values()) - 5 == copies
    assert len(set(server.letters)) == 5
    assert states(sqlite_store) == {"sent": 5}


def test_s63_an_outcome_that_comes_after_its_lease_is_not_taken_and_costs_one_copy(store: Store) -> None:
    queue = issue(store)
    [slow, *rest] = queue.claim("new", LEFT, 99)
    queue.release(rest, LEFT)
    for later in (LEASE, LEASE + DOUBT):
        queue.recover(LEFT + later)
    again = [notice for notice in queue.claim("new", LEFT + LEASE + DOUBT, 99) if notice.id == slow.id]
    sent = [Outcome(notice_id=slow.id, lease=slow.lease, state="sent", code=250)]
    queue.record(sent, LEFT + LEASE + DOUBT)
    assert states(store) == {"leased": 5}
    queue.record([Outcome(notice_id=slow.id, lease=again[0].lease, state="sent", code=250)], LEFT + LEASE + DOUBT)
    assert states(store) == {"leased": 4, "sent": 1}


@pytest.mark.parametrize(("gone", "state"), [
    ("UPDATE agencies SET mail_state = 'bad' WHERE code = 'radio'", "undeliverable"),
    ("UPDATE agencies SET mail_state = 'none', mail = NULL WHERE code = 'radio'", "undeliverable"),
    ("DELETE FROM coordinators WHERE agency = (SELECT id FROM agencies WHERE code = 'radio')", "superseded"),
])
def test_s68_who_is_gone_between_queue_and_claim_gets_nothing(sqlite_store: Store, gone: str, state: str) -> None:
    queue = issue(sqlite_store)
    tell(sqlite_store, gone)
    assert "radio" not in [notice.recipient.id for notice in claimed(queue, LEFT)]
    assert states(sqlite_store) == {"queued": 4, state: 1}


def test_s69_a_campaign_that_is_called_off_midway_stops_within_a_second_and_its_counts_add_up(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "LOOK", 0.0)
    mass(sqlite_store, 500, "digest")
    mass(sqlite_store, 20, "escalation", first=600)

    def script(phase: str, nth: int, _to: str) -> str:
        if phase == "dot" and nth == 100:
            assert orders.order(sqlite_store, "cancel", None, "digest", LEFT, **WHO) > 300
        return "450 4.2.0 later" if phase == "rcpt" and nth == 99 else ""

    async def play() -> Scripted:
        async with Scripted(script) as server:
            queue, pace = LedgerOutbox(sqlite_store, CALENDAR, "office.example"), LedgerPace(sqlite_store)
            await deliver(queue, server.relay(connections=4), written, LEFT, pace=pace)
            await deliver(queue, server.relay(connections=4), written, LEFT + timedelta(hours=1), pace=pace)
            return server

    server = played(play())
    digests = sum(int(to[1:].partition("@")[0]) <= 500 for to in server.copies)
    assert 100 <= digests <= 100 + 2 * 4
    found = counted(sqlite_store, lane="digest")
    assert (found.sent, found.ended, found.waiting, found.in_flight) == (digests, 500 - digests, 0, 0)
    assert found.whole == 500
    assert counted(sqlite_store, lane="escalation").sent == 20


def test_held_letters_wait_whatever_comes_into_the_queue_meanwhile_and_go_on_as_they_are_then(store: Store) -> None:
    queue = issue(store)
    directive = number(store)
    assert orders.order(store, "pause", directive, "", LEFT, **WHO) == 5
    assert orders.order(store, "pause", directive, "", LEFT, **WHO) == 0
    assert orders.order(store, "pause", None, "digest", LEFT, **WHO) == 0
    assert claimed(queue, LEFT) == []
    tell(store, "UPDATE tasks SET told_at = :at", at=int(LEFT.timestamp()))
    morning = at("2020-05-22", "07:30")
    turn(store, CALENDAR, PRACTICE, morning)
    assert claimed(queue, morning) == []
    assert states(store)["queued"] == 10
    with store.read() as db:
        assert [(each.verb, each.number, each.lane, each.letters) for each in orders.standing(db)] == [
            ("pause", "898/UBND", "", 5), ("pause", "", "digest", 0),
        ]
    assert orders.resume(store, directive, "", morning, by="Trực ban") == 5
    assert {notice.lane for notice in claimed(queue, morning)} == {"new"}
    assert orders.resume(store, None, "digest", morning, by="Trực ban") == 5
    assert orders.resume(store, None, "digest", morning, by="Trực ban") is None
    assert {notice.lane for notice in claimed(queue, morning)} == {"new", "digest"}
    assert [row.kind for row in ask(store, "SELECT kind FROM events WHERE kind LIKE 'letters %' ORDER BY seq")] == [
        "letters paused", "letters resumed",
    ]
    with store.read() as db:
        assert (audit.breaks(db), audit.departures(db, CALENDAR)) == ((), ())


def test_what_was_called_off_stays_so_but_what_is_queued_afterwards_leaves(store: Store) -> None:
    queue = issue(store)
    directive = number(store)
    in_hand = queue.claim("new", LEFT, 2)
    assert orders.order(store, "cancel", directive, "new", LEFT, **WHO) == 3
    found = counted(store, directive)
    assert (found.ended, found.in_flight, found.whole) == (3, 2, 5)
    queue.release(in_hand[:1], LEFT)
    queue.record([Outcome(notice_id=in_hand[1].id, lease=in_hand[1].lease, state="uncertain")], LEFT)
    queue.recover(LEFT + DOUBT)
    assert claimed(queue, LEFT + DOUBT) == []
    assert states(store) == {"superseded": 5}
    assert ask(store, "SELECT count(*) AS n FROM tasks WHERE told_at IS NOT NULL")[0].n == 0
    with pytest.raises(IntegrityError, match="cancelled_stays_cancelled"):
        tell(store, "UPDATE orders SET ended_at = 1")
    mass(store, 1, "new", first=7)
    tell(store, "UPDATE notices SET directive = :directive, hint = '[]' WHERE key = 'new:7'", directive=directive)
    assert len(queue.claim("new", LEFT + DOUBT, 9)) == 1


@pytest.mark.parametrize(("state", "found"), [("uncertain", True), ("failed", True), ("sent", False), ("queued", False)])
def test_somebody_settles_a_letter_in_doubt_and_its_reader_counts_as_told(store: Store, state: Any, found: bool) -> None:
    queue = issue(store)
    letters = {notice.recipient.id: notice for notice in queue.claim("new", LEFT, 99)}
    mine = letters["insurance"]
    queue.record([Outcome(notice_id=mine.id, lease=mine.lease, state=state, retry_after=timedelta(hours=9))], LEFT)
    later = LEFT + timedelta(hours=2)
    assert resolving.arrived(store, mine.id, later, **WHO) == found
    assert resolving.arrived(store, mine.id, later, **WHO) is False
    told = ask(store, "SELECT told_at FROM tasks WHERE agency = (SELECT id FROM agencies WHERE code = 'insurance')")[0].told_at
    assert (told == int(later.timestamp())) == found
    events = ask(store, "SELECT payload FROM events WHERE kind = 'letter arrived'")
    assert [WHO["note"] in row.payload for row in events] == ([True] if found else [])
    assert ask(store, "SELECT count(*) AS n FROM failures WHERE until IS NULL")[0].n == 0


def test_a_letter_that_was_lost_goes_again_under_the_same_name(sqlite_store: Store) -> None:
    queue = issue(sqlite_store)
    first = queue.claim("new", LEFT, 1)[0]
    queue.record([Outcome(notice_id=first.id, lease=first.lease, state="uncertain")], LEFT)
    assert resolving.lost(sqlite_store, first.id, LEFT, **WHO)
    again = next(notice for notice in queue.claim("new", LEFT, 99) if notice.id == first.id)
    assert (again.message_id, again.date) == (first.message_id, first.date)


def test_a_worker_that_died_leaves_its_connections_after_a_minute(store: Store) -> None:
    pace, limits = LedgerPace(store), Limits(connections=3)
    assert pace.seats("relay:25", limits, "dead", LEFT) == 3
    assert pace.seats("relay:25", limits, "heir", LEFT + timedelta(seconds=59)) == 0
    assert pace.seats("other:25", limits, "heir", LEFT) == 3
    assert pace.seats("relay:25", limits, "heir", LEFT + timedelta(seconds=60)) == 3
    pace.leave("relay:25", "heir")
    assert pace.seats("relay:25", limits, "next", LEFT + timedelta(seconds=60)) == 3


def test_a_second_worker_finds_the_connections_taken_and_says_so(sqlite_store: Store) -> None:
    mass(sqlite_store, 5, "digest")

    async def play() -> None:
        async with Scripted() as server:
            relay, pace = server.relay(connections=2), LedgerPace(sqlite_store)
            pace.seats(relay.name, relay.limits, "another", LEFT)
            done = await deliver(LedgerOutbox(sqlite_store, CALENDAR, "office.example"), relay, written, LEFT, pace=pace)
            assert (done.is_shared, done.stopped, server.said) == (True, "", [])

    asyncio.run(play())


@pytest.fixture
def issued(dondoc: Terminal) -> Terminal:
    """A project whose sample has been issued: five letters wait."""
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    return dondoc


def test_letters_are_held_let_go_and_called_off_from_a_terminal(issued: Terminal) -> None:
    assert "Giữ lại 5 thư" in issued("letters", "pause", NUMBER, "--note", "Chờ đính chính").out
    shown = " ".join(issued("letters", "status", NUMBER).out.split())
    assert "Đang giữ thư 01/UBND-VX" in shown
    assert "Chờ đính chính" in shown
    assert issued("letters", "pause", "--note", "x").code == 2
    assert "5 thư đi tiếp" in issued("letters", "resume", NUMBER).out
    assert issued("letters", "resume", NUMBER).code == 1
    assert "Thôi gửi 5 thư" in issued("letters", "cancel", NUMBER, "--kind", "new", "--note", "Đã giao trực tiếp").out
    found = issued.json("letters", "status", NUMBER)
    assert (found["letters"]["ended"], found["letters"]["whole"]) == (5, 5)
    assert [each["verb"] for each in found["orders"]] == ["cancel"]
    assert "thôi gửi thư" in " ".join(issued("show", NUMBER).out.split()) or found["orders"][0]["note"] == "Đã giao trực tiếp"


def test_a_letter_in_doubt_is_settled_from_a_terminal(issued: Terminal) -> None:
    with issued.office() as office:
        tell(office.store, "UPDATE notices SET state = 'uncertain', doubts = 1")
        numbers = [row.id for row in ask(office.store, "SELECT id FROM notices ORDER BY id")]
    assert "chưa rõ" in issued("mail", "list", "--failed").out
    assert issued("letters", "settle", str(numbers[0]), "--note", "Đã gọi").code == 2
    assert "đã đến" in issued("letters", "settle", str(numbers[0]), "--arrived", "--note", "Đã gọi").out
    assert "chờ gửi lại" in issued("letters", "settle", str(numbers[1]), "--lost", "--note", "Đã gọi").out
    assert issued("letters", "settle", str(numbers[0]), "--lost", "--note", "Đã gọi").code == 1
    found = issued.json("letters", "status")["letters"]
    assert (found["sent"], found["waiting"]) == (1, 4)


def test_the_state_of_a_relay_that_is_away_is_told_with_its_reason(issued: Terminal) -> None:
    issued.write(".env", "DONDOC_SMTP_PORT=1\nDONDOC_SMTP_TLS=plain\nDONDOC_SMTP_PROFILE=m365\nDONDOC_SMTP_SECOND=smtp+plain://127.0.0.1:2")
    assert issued("run", "--once", at=at("2026-03-02", "09:00")).code == 75
    shown = " ".join(issued("letters", "status").out.split())
    assert "127.0.0.1:1 30 thư/phút, 10.000 thư/ngày" in shown
    assert "từ 09:00 T2 02/03/2026: không nối được 127.0.0.1:1" in shown
    assert "127.0.0.1:2" in shown
