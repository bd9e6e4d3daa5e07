"""The pace of sending: never faster than the relay allows, whoever sends; slower where it asks for it; the urgent first; two relays."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from notifications.delivery import Delivered, deliver
from notifications.failover import carry
from notifications.forecast import campaigns, lasting
from notifications.pace import spread
from notifications.profiles import PROFILES, bounds, relay_at
from notifications.relay import Relay, RelaySettingsError
from notifications.written import Written
from tasks import pace as rules
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.relays import LedgerPace, known
from tasks.ledger.store import Store
from tasks.pace import Limits, Tempo
from tasks.postbag import Letter, Line
from tests import command_line
from tests.command_line import SAMPLE, Terminal
from tests.posts import mass, of, when, written
from tests.rows import ask, tell
from tests.sample import CALENDAR, COVER, HANOI, LEAFLETS, PEOPLE, PRACTICE, at, paper
from tests.sink import Scripted
from tests.virtual import played

dondoc = command_line.dondoc
ISSUED = at("2020-05-18")
LEFT = ISSUED + timedelta(minutes=10)
MINUTE, DAY = 60.0, 86_400.0


def clock(start: datetime = LEFT) -> datetime:
    """What the office's clock shows while the loop's runs."""
    return start + timedelta(seconds=asyncio.get_running_loop().time())


def outbox(store: Store) -> LedgerOutbox:
    return LedgerOutbox(store, CALENDAR, "office.example")


def most(stamps: list[float], window: float) -> int:
    """The most of them that any window has, its end not counted."""
    return max(sum(start <= stamp < start + window - 1e-6 for stamp in stamps) for start in stamps)


def test_s56_no_window_has_more_than_the_relay_allows_across_restarts_and_two_workers(store: Store) -> None:
    mass(store, 130, "digest")
    stamps: list[float] = []

    def stamped(phase: str, _nth: int, _to: str) -> str:
        if phase == "dot":
            stamps.append(asyncio.get_running_loop().time())
        return ""

    async def play() -> Scripted:
        async with Scripted(stamped) as server:
            allowed = {"per_minute": 30, "per_day": 100}

            async def work(connections: int, limit: int | None = None) -> Delivered:
                return await deliver(
                    outbox(store), server.relay(connections=connections, **allowed), written, clock, limit=limit, pace=LedgerPace(store)
                )

            await asyncio.gather(work(2, 15), work(3, 15))  # the second finds one connection left
            await work(3, 20)  # a restart within the same minute
            done = await asyncio.gather(work(2), work(3))
            assert any(each.is_spent for each in done)  # who found every letter taken by the other has asked for no turn
            await asyncio.sleep(DAY + 20 * MINUTE)
            await asyncio.gather(work(2), work(3))
            return server

    server = played(play())
    assert Counter(server.copies.values()) == {1: 130}
    assert most(stamps, MINUTE) == 30
    assert most(stamps, DAY) == 95  # the rest is kept for what somebody waits for
    assert server.most_open <= 3


def test_s56_what_somebody_waits_for_leaves_though_the_day_is_spent(sqlite_store: Store) -> None:
    async def play() -> Scripted:
        async with Scripted() as server:
            relay = server.relay(per_day=20)
            mass(sqlite_store, 30, "digest")
            assert (await deliver(outbox(sqlite_store), relay, written, clock, pace=LedgerPace(sqlite_store))).sent == 19
            mass(sqlite_store, 1, "login", first=100)
            assert (await deliver(outbox(sqlite_store), relay, written, clock, pace=LedgerPace(sqlite_store))).sent == 1
            return server

    assert played(play()).letters[-1][0] == "p100@office.example"


def test_s57_a_relay_that_asks_for_less_gets_less_then_again_as_much_and_the_whole_takes_a_bounded_time(sqlite_store: Store) -> None:
    mass(sqlite_store, 200, "digest")
    said: list[float] = []

    def stormy(phase: str, _nth: int, _to: str) -> str:
        now = asyncio.get_running_loop().time()
        if phase != "mail" or now > 30 * MINUTE:
            return ""
        said.append(now)
        return "421 4.7.0 slow down" if sum(stamp > now - MINUTE for stamp in said) > 40 else ""

    async def play() -> tuple[Scripted, float, list[float | None]]:
        pace, running = LedgerPace(sqlite_store), asyncio.get_running_loop()
        rates: list[float | None] = []
        async with Scripted(stormy) as server:
            relay = server.relay()
            while ask(sqlite_store, "SELECT 1 FROM notices WHERE state = 'queued'"):
                await deliver(outbox(sqlite_store), relay, written, clock, pace=pace)
                with sqlite_store.read() as db:
                    rates.append(known(db, relay.name, relay.limits, clock()).per_minute)
                await asyncio.sleep(5 * MINUTE)
            ended = running.time()
            await asyncio.sleep(10 * MINUTE)
            with sqlite_store.read() as db:
                rates.append(known(db, relay.name, relay.limits, clock()).per_minute)
            return server, ended, rates

    server, ended, rates = played(play())
    assert Counter(server.copies.values()) == {1: 200}
    assert {row.attempts for row in ask(sqlite_store, "SELECT attempts FROM notices")} == {1}
    assert min(rate for rate in rates if rate) < rules.BEARABLE * 0.6
    assert (rates[-1], ended < 60 * MINUTE) == (None, True)


def test_s58_after_six_hours_without_a_relay_each_inbox_gets_one_letter_what_is_done_none_and_the_urgent_first(sqlite_store: Store) -> None:
    open_directive(sqlite_store, paper(LEAFLETS, COVER), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    mass(sqlite_store, 5_000, "digest")
    away = Relay(host="127.0.0.1", port=1, sender="don-doc@cairang.example", tls="plain")
    queue, pace = outbox(sqlite_store), LedgerPace(sqlite_store)

    async def play() -> Scripted:
        for half in range(12):
            done = await deliver(queue, away, written, LEFT + timedelta(minutes=30 * half), pace=pace)
            assert (done.is_down, done.sent) == (True, 0)
        tell(sqlite_store, """
            UPDATE tasks SET state = 'done', closed_at = 1, wake_at = NULL
             WHERE duty IN (SELECT id FROM duties WHERE clause = '6.4')""")
        mass(sqlite_store, 20, "login", first=9_000)
        async with Scripted() as server:
            await deliver(queue, server.relay(connections=8), written, LEFT + timedelta(hours=6), pace=pace)
            return server

    server = asyncio.run(play())
    assert Counter(server.copies.values()) == {1: 5_000 + 20 + 4}
    assert "insurance@office.example" not in server.copies
    firsts = [to.partition("@")[0] for to, _ in server.letters[:20]]
    assert all(len(name) == 5 for name in firsts)  # p9000 and on
    assert ask(sqlite_store, "SELECT max(attempts) AS n FROM notices")[0].n == 1


def test_s59_a_login_letter_overtakes_53_000_others_within_a_minute(sqlite_store: Store) -> None:
    mass(sqlite_store, 53_000, "digest")
    arrived: dict[str, float] = {}

    def noted(phase: str, nth: int, to: str) -> str:
        if phase == "dot":
            arrived[to] = asyncio.get_running_loop().time()
        if phase == "dot" and nth == 50:
            mass(sqlite_store, 1, "login", first=60_000)
            arrived["asked"] = asyncio.get_running_loop().time()
        return ""

    async def play() -> None:
        async with Scripted(noted) as server:
            relay = server.relay(**bounds("m365"))
            await deliver(outbox(sqlite_store), relay, written, clock, limit=80, pace=LedgerPace(sqlite_store))

    played(play())
    assert arrived["p60000@office.example"] - arrived["asked"] < MINUTE


def test_s65_the_second_relay_is_given_only_what_the_first_can_have_had_nothing_of(sqlite_store: Store) -> None:
    mass(sqlite_store, 20, "digest")

    async def play() -> tuple[Scripted, Scripted]:
        queue, pace = outbox(sqlite_store), LedgerPace(sqlite_store)
        async with Scripted(of("dot", p3="drop")) as first, Scripted() as second:
            relays = (first.relay(connections=1), second.relay(connections=1))
            assert (await deliver(queue, relays[0], written, LEFT, limit=5, pace=pace)).uncertain == 1
            away = (Relay(host="127.0.0.1", port=1, sender="don-doc@cairang.example", tls="plain"), relays[1])
            queue.recover(LEFT + timedelta(minutes=15))
            done = await carry(queue, queue.sure(), away, written, LEFT + timedelta(minutes=15), pace=pace)
            assert (done.sent, done.stopped) == (15, "")
            first.script = lambda *_: ""
            assert (await carry(queue, queue.sure(), relays, written, LEFT + timedelta(minutes=20), pace=pace)).sent == 1
            return first, second

    first, second = played(play())
    assert (len(first.letters), len(second.letters)) == (6, 15)
    assert set(first.copies) & set(second.copies) == set()
    assert first.copies["p3@office.example"] == 2  # both copies at the relay that was in doubt


@pytest.mark.parametrize(("first_says", "to_second"), [
    pytest.param(("auth", "535 5.7.8 wrong password"), 9, id="a refused login fails over"),
    pytest.param(("mail", "550 5.7.1 sender refused"), 9, id="a refused sender fails over"),
    pytest.param(("greet", "554 no service"), 9, id="no service fails over"),
    pytest.param(("mail", "421 4.7.0 slow down"), 0, id="a busy relay is waited for"),
    pytest.param(("rcpt", "451 4.3.0 later"), 0, id="letters put off are waited for"),
])
def test_s65_only_a_relay_that_cannot_be_used_is_left_for_another(sqlite_store: Store, first_says: tuple[str, str], to_second: int) -> None:
    mass(sqlite_store, 9, "digest")

    async def play() -> tuple[Scripted, Scripted]:
        queue = outbox(sqlite_store)
        async with Scripted(when(*first_says), offers=["AUTH PLAIN"]) as first, Scripted() as second:
            relays = (first.relay(user="don-doc", password="secret"), second.relay())
            await carry(queue, queue.sure(), relays, written, LEFT, pace=LedgerPace(sqlite_store))
            return first, second

    first, second = played(play())
    assert (len(first.letters), len(second.letters)) == (0, to_second)


def test_letters_to_one_domain_are_spread_and_each_domain_keeps_its_order() -> None:
    mails = ["a@x", "b@x", "c@x", "d@y", "e@z", "f@y"]
    letters = [Written(number, "new", "", 0, LEFT, mail, b"") for number, mail in enumerate(mails)]
    assert [letter.mail for letter in spread(letters)] == ["a@x", "d@y", "e@z", "b@x", "f@y", "c@x"]


def test_a_storm_of_complaints_counts_once_and_the_pace_never_falls_below_an_eighth() -> None:
    limits, tempo, now = Limits(per_minute=80), Tempo(), 1_000_000
    rates = []
    for _ in range(6):
        tempo = rules.lowered(limits, rules.lowered(limits, tempo, now), now + 1)
        rates.append(rules.rate(limits, tempo, now))
        now += rules.STORM
    assert rates[0] == 40
    assert min(rate for rate in rates if rate) >= 10
    assert rules.rate(limits, tempo, now + rules.RECOVERY) == 80


def test_53_000_letters_take_29_hours_at_30_a_minute_and_days_where_the_day_is_bounded() -> None:
    hours = lasting(53_000, Limits(per_minute=30)) / timedelta(hours=1)
    assert round(hours, 1) == 29.4
    assert timedelta(days=5) < lasting(53_000, PROFILES["m365"]) < timedelta(days=6)
    assert lasting(53_000, PROFILES["postfix"]) == timedelta()


def test_the_forecast_is_what_sending_takes(sqlite_store: Store) -> None:
    mass(sqlite_store, 60, "digest")
    stamps: list[float] = []

    def stamped(phase: str, _nth: int, _to: str) -> str:
        if phase == "dot":
            stamps.append(asyncio.get_running_loop().time())
        return ""

    async def play() -> None:
        async with Scripted(stamped) as server:
            await deliver(outbox(sqlite_store), server.relay(per_minute=20), written, clock, pace=LedgerPace(sqlite_store))

    played(play())
    assert stamps[-1] - stamps[0] == pytest.approx(lasting(60, Limits(per_minute=20)).total_seconds(), abs=1)


def test_a_letter_that_leaves_after_the_date_it_speaks_of_is_named_even_when_the_day_before_holds_it_up() -> None:
    monday, tuesday = date(2020, 5, 18), date(2020, 5, 19)
    early = [Letter(monday, "digest", f"a{n}", (Line("1", "", "còn 5 ngày", date(2020, 5, 25)),)) for n in range(900)]
    urgent = [Letter(tuesday, "new", "b", (Line("2", "", "", tuesday),))]
    limits = Limits(per_minute=1)
    first, second = campaigns([*early, *urgent], limits, zone=HANOI, opens=PRACTICE.opens, first=LEFT)
    assert (first.letters, first.late, first.lasts) == (900, (), timedelta(minutes=899))
    assert second.late == ()
    assert campaigns([*early * 2, *urgent], limits, zone=HANOI, opens=PRACTICE.opens, first=LEFT)[1].late == ()
    three = campaigns([*early * 3, *urgent], limits, zone=HANOI, opens=PRACTICE.opens, first=LEFT)[1].late
    assert [(each.letter.to, each.due) for each in three] == [("b", tuesday)]


def test_an_issue_whose_letters_come_too_late_is_refused_unless_it_is_wanted_all_the_same(dondoc: Terminal) -> None:
    assert "giờ" not in dondoc("plan", SAMPLE).out
    dondoc.write(".env", "DONDOC_SMTP_PER_DAY=1")
    dondoc.change(SAMPLE, "  4:\n    lead: tram-y-te\n", "  4:\n    lead: tram-y-te\n    due: 1 working days\n")
    assert "không kịp trước hạn" in " ".join(dondoc("plan", SAMPLE).out.split())
    refused = dondoc("apply", SAMPLE, "--yes")
    assert refused.code == 1
    assert "--late" in refused.err
    assert dondoc("apply", SAMPLE, "--yes", "--late").code == 0
    assert "ngày với 1 thư/ngày" in dondoc("letters", "forecast").out


@pytest.mark.parametrize(("url", "expected"), [
    ("smtp://don-doc@mail2.example", ("mail2.example", 587, "starttls", "don-doc")),
    ("smtps://a%40b.example@mail2.example:4650", ("mail2.example", 4650, "tls", "a@b.example")),
    ("smtp+plain://127.0.0.1", ("127.0.0.1", 25, "plain", None)),
    ("mail2.example", None), ("http://mail2.example", None), ("smtp://u:secret@mail2.example", None), ("smtp://mail2.example:x", None),
    ("smtp+plain://mail2.example", None),
])
def test_a_second_relay_is_named_by_an_address_without_its_password(url: str, expected: tuple[object, ...] | None) -> None:
    if expected is None:
        with pytest.raises(RelaySettingsError):
            relay_at(url, sender="don-doc@cairang.example")
        return
    relay = relay_at(url, sender="don-doc@cairang.example", **bounds("google", per_minute=0))
    assert (relay.host, relay.port, relay.tls, relay.user) == expected
    assert (relay.connections, relay.per_minute, relay.per_day) == (4, None, 10_000)
