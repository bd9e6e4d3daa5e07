"""The outcome table of sending, row by row, against a mail server that does what its row says: state, code, connection, tries."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from directives.language.addresses import AddressError, address
from notifications.delivery import Delivered, deliver
from notifications.outcomes import GREY, RULES, Answer, Phase, backoff, rule
from notifications.profiles import PROFILES
from notifications.relay import Relay
from tasks.ledger import audit
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.relays import LedgerPace, known
from tasks.ledger.store import Store
from tests.certificates import authority
from tests.notices import AT
from tests.posts import letters, of, ward, when, written
from tests.reader import Page
from tests.rows import ask
from tests.sample import CALENDAR, COVER, LEAFLETS, PEOPLE, PRACTICE, at, paper
from tests.sink import NEEDS, Box, Script, Scripted
from tests.virtual import played

ISSUED = at("2020-05-18")
LEFT = ISSUED + timedelta(minutes=10)
PAGE = "docs/operations.md"


@pytest.fixture
def queue(sqlite_store: Store) -> LedgerOutbox:
    """The outbox of a directive with five letters, which may leave at LEFT."""
    open_directive(sqlite_store, paper(LEAFLETS, COVER), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    return LedgerOutbox(sqlite_store, CALENDAR, "office.example")


def sent(
    queue: LedgerOutbox, script: Script, *, now: datetime = LEFT, offers: tuple[str, ...] = (), **relay: Any
) -> tuple[Delivered, Scripted]:
    """One run over one connection, on a clock that passes by itself; what was in doubt comes back first."""

    async def play() -> tuple[Delivered, Scripted]:
        async with Scripted(script, offers=offers) as server:
            queue.recover(now)
            return await deliver(queue, server.relay(connections=1, **relay), written, now, pace=LedgerPace(queue.store)), server

    return played(play())


def rows(queue: LedgerOutbox) -> dict[str, tuple[str, int, int]]:
    """Each letter by its recipient: state, code, tries."""
    found = ask(queue.store, """
        SELECT a.code AS who, n.state, coalesce(n.code, 0) AS code, n.attempts FROM notices n JOIN agencies a ON a.id = n.recipient""")
    return {row.who: (row.state, row.code, row.attempts) for row in found}


class Case(NamedTuple):
    """What the server does the first time that it is in a phase, and what becomes of the letter: state, code, tries, connections made.

    `stops`: the run ends and leaves all letters queued.
    """

    phase: str
    does: str
    state: str
    code: int
    tries: int = 1
    greeted: int = 1
    stops: bool = False

    @property
    def answer(self) -> Answer:
        """The same as delivery sees it."""
        of: Phase = {"greet": "connect", "auth": "login"}.get(self.phase, self.phase)  # type: ignore[assignment]  # a phase of delivery's
        return Answer(of, int(self.does[:3] or 250) if self.does[:3].isdigit() or not self.does else 0, self.does)


CASES = {
    "greeting 421": Case("greet", "421 4.3.2 too many", "queued", 0, tries=0, greeted=0, stops=True),
    "greeting 554": Case("greet", "554 no service", "queued", 0, tries=0, greeted=0, stops=True),
    "greeting silent": Case("greet", "silent", "queued", 0, tries=0, greeted=0, stops=True),
    "login 454": Case("auth", "454 4.7.0 not now", "queued", 0, tries=0, stops=True),
    "login 535": Case("auth", "535 5.7.8 wrong password", "queued", 0, tries=0, stops=True),
    "MAIL 421": Case("mail", "421 4.7.0 slow down", "queued", 0, tries=0, stops=True),
    "MAIL 530": Case("mail", "530 5.7.0 log in first", "queued", 0, tries=0, stops=True),
    "MAIL 535": Case("mail", "535 5.7.8 log in again", "queued", 0, tries=0, stops=True),
    "MAIL 552": Case("mail", "552 too big", "failed", 552),
    "MAIL 5.3.4": Case("mail", "554 5.3.4 too big", "failed", 554),
    "lost at MAIL": Case("mail", "drop", "sent", 250, greeted=2),
    "RCPT 450": Case("rcpt", "450 4.2.0 greylisted", "queued", 450),
    "RCPT 451": Case("rcpt", "451 4.3.0 later", "queued", 451),
    "RCPT 452": Case("rcpt", "452 4.2.2 full", "queued", 452),
    "RCPT 550 5.1.1": Case("rcpt", "550 5.1.1 unknown", "undeliverable", 550),
    "RCPT 550 5.7.1": Case("rcpt", "550 5.7.1 policy", "failed", 550),
    "RCPT 554 5.7.1": Case("rcpt", "554 5.7.1 blocked", "failed", 554),
    "lost at RCPT": Case("rcpt", "drop", "sent", 250, greeted=2),
    "DATA 451": Case("data", "451 later", "queued", 451),
    "DATA 554": Case("data", "554 no", "failed", 554),
    "lost at DATA": Case("data", "drop", "sent", 250, greeted=2),
    "421 after the dot": Case("dot", "421 closing", "queued", 421, greeted=2),
    "4xx after the dot": Case("dot", "451 4.3.0 later", "queued", 451),
    "5xx after the dot": Case("dot", "554 5.6.0 content", "failed", 554),
    "lost after the dot": Case("dot", "drop", "uncertain", 0, greeted=2),
    "silent after the dot": Case("dot", "silent", "uncertain", 0, greeted=2),
    "accepted": Case("dot", "", "sent", 250),
}


@pytest.mark.parametrize("offers", [("AUTH PLAIN",), ("AUTH PLAIN", "PIPELINING")], ids=["one by one", "several at once"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_s45_each_row_of_the_table(queue: LedgerOutbox, case: Case, offers: tuple[str, ...]) -> None:
    login: dict[str, Any] = {"user": "don-doc", "password": "secret"} if case.phase == "auth" else {}
    done, server = sent(queue, when(case.phase, case.does, times=1), offers=offers, **login)
    became = list(rows(queue).values())
    assert next((row for row in became if row[0] != "sent"), became[0]) == (case.state, case.code, case.tries)
    assert Counter(row[0] for row in became) == Counter(["queued"] * 5 if case.stops else [case.state, *["sent"] * 4])
    assert bool(done.stopped) == case.stops
    assert sum(line.startswith("EHLO") for line in server.said) == case.greeted
    assert rule(case.answer).keeps == (case.greeted == 1 and not case.stops)


def test_s45_a_server_that_wants_a_letter_for_nobody_is_left(queue: LedgerOutbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(NEEDS, "data")
    done, server = sent(queue, of("rcpt", radio="550 5.7.1 no"), offers=("PIPELINING",))
    assert (done.sent, done.failed, set(server.copies.values())) == (4, 1, {1})
    assert sum(line.startswith("EHLO") for line in server.said) == 2


def test_s45_the_cases_reach_every_row_of_the_table() -> None:
    reached = {rule(case.answer) for case in CASES.values()}
    assert {row for row in RULES if row not in reached and row.verdict != "go on"} == {rule(Answer("address", 0, ""))}


def test_s45_an_address_that_cannot_be_said_ends_its_own_letter_only(queue: LedgerOutbox) -> None:
    box = Box(letters(3))
    box.queued[1] = ward(2)
    strange = box.queued[1].recipient
    object.__setattr__(strange, "mail", "đơn-vị@cairang.example")
    done, server = sent(queue, lambda *_: "")
    assert done.sent == 5

    async def play() -> Scripted:
        async with Scripted() as server:
            await deliver(box, server.relay(connections=1), written, AT)
            return server

    server = played(play())
    assert [(became.state, became.code) for became in box.outcomes] == [("sent", 250), ("undeliverable", 0), ("sent", 250)]
    assert sum(line.startswith("EHLO") for line in server.said) == 1


def test_s46_a_greylisted_letter_waits_longer_each_time_and_is_delivered_once(queue: LedgerOutbox) -> None:
    now, tries = LEFT, []
    for attempt in range(4):
        sent(queue, of("rcpt", radio="450 4.2.0 greylisted" if attempt < 3 else ""), now=now)
        state, code, attempts = rows(queue)["radio"]
        tries.append((state, code, attempts))
        [row] = ask(queue.store, "SELECT not_before FROM notices WHERE recipient = (SELECT id FROM agencies WHERE code = 'radio')")
        wait = timedelta(seconds=row.not_before - now.timestamp())
        if attempt < 3:
            assert timedelta(minutes=GREY[attempt]) * 0.75 <= wait <= timedelta(minutes=GREY[attempt])
            now += wait
    assert tries == [("queued", 450, 1), ("queued", 450, 2), ("queued", 450, 3), ("sent", 250, 4)]


def test_s46_letters_that_were_put_off_together_come_back_apart() -> None:
    waits = {backoff(6, number) for number in range(100)}
    assert len(waits) > 50
    assert min(waits) >= timedelta(minutes=48)
    assert max(waits) == timedelta(minutes=64)


def test_s47_an_unknown_mailbox_is_written_to_no_more_and_a_policy_is_no_bad_address(queue: LedgerOutbox) -> None:
    sent(queue, of("rcpt", radio="550 5.1.1 no such user", ward_a="550 5.7.1 blocked"))
    states = {row.code: row.mail_state for row in ask(queue.store, "SELECT code, mail_state FROM agencies")}
    assert (states["radio"], states["ward-a"]) == ("bad", "ok")
    assert (rows(queue)["radio"][0], rows(queue)["ward-a"][0]) == ("undeliverable", "failed")
    [event] = ask(queue.store, "SELECT payload FROM events WHERE kind = 'bounced'")
    assert '"agency":"radio"' in event.payload
    with queue.store.write() as db:
        db.exec_driver_sql("UPDATE notices SET state = 'queued', params = NULL WHERE state = 'undeliverable'")
    _, server = sent(queue, lambda *_: "")
    assert not any("radio@" in line for line in server.said)
    with queue.store.read() as db:
        assert (audit.breaks(db), list(audit.departures(db, CALENDAR))) == ((), [])


def test_s48_a_wrong_password_stops_the_relay_burns_nothing_is_told_once_and_goes_on_when_mended(
    queue: LedgerOutbox, caplog: pytest.LogCaptureFixture
) -> None:
    says = {"auth": "535 5.7.8 bad credentials"}

    async def play() -> None:
        async with Scripted(lambda phase, _nth, _to: says.get(phase, ""), offers=["AUTH PLAIN"]) as server:
            relay, pace = server.relay(user="don-doc", password="old", connections=4), LedgerPace(queue.store)
            for minute in (0, 5, 10):
                done = await deliver(queue, relay, written, LEFT + timedelta(minutes=minute), pace=pace)
                assert (done.is_down, "535" in done.stopped) == (True, True)
                assert set(rows(queue).values()) == {("queued", 0, 0)}
                with queue.store.read() as db:
                    assert known(db, relay.name, relay.limits, LEFT).since == LEFT
            assert len(caplog.records) == 1
            says.clear()
            assert (await deliver(queue, relay, written, LEFT + timedelta(minutes=15), pace=pace)).sent == 5
            with queue.store.read() as db:
                assert known(db, relay.name, relay.limits, LEFT).trouble == ""

    played(play())


def test_s49_a_letter_in_doubt_goes_again_after_fifteen_minutes_with_the_same_bytes_twice_and_then_waits_for_somebody(
    queue: LedgerOutbox,
) -> None:
    script, bodies = of("dot", radio="drop"), []
    for round_ in range(4):
        now = LEFT + round_ * timedelta(minutes=15)
        if round_:
            _, server = sent(queue, script, now=now - timedelta(seconds=1))
            assert server.letters == []
        _, server = sent(queue, script, now=now)
        bodies += [body for to, body in server.letters if to.startswith("radio@")]
    assert (len(bodies), len(set(bodies))) == (3, 1)
    assert rows(queue)["radio"][0] == "failed"
    assert ask(queue.store, "SELECT count(*) AS n FROM failures WHERE until IS NULL")[0].n == 1


def test_s50_an_answer_that_comes_too_late_is_not_taken_for_the_next_letters(queue: LedgerOutbox) -> None:
    async def play() -> tuple[Delivered, Scripted]:
        async with Scripted(when("dot", "late 700 250 2.0.0 queued", times=1)) as server:
            return await deliver(queue, server.relay(connections=1), written, LEFT), server

    done, server = played(play())
    assert (done.sent, done.uncertain) == (4, 1)
    assert sum(line.startswith("EHLO") for line in server.said) == 2
    assert Counter(server.copies.values()) == {1: 5}


def test_s51_a_loss_before_the_dot_is_tried_again_at_once_and_leaves_one_copy(queue: LedgerOutbox) -> None:
    done, server = sent(queue, when("data", "drop", times=1))
    assert (done.sent, set(server.copies.values())) == (5, {1})


def test_s52_a_recipient_who_is_refused_costs_the_others_nothing(queue: LedgerOutbox) -> None:
    _, server = sent(queue, of("rcpt", radio="550 5.7.1 no"))
    assert Counter(server.copies.values()) == {1: 4}
    assert all(sum(f"TO:<{to}>" in line for line in server.said) == 1 for to in server.copies)


@pytest.mark.parametrize("then", ["250 2.0.0 queued then drop", ""])
def test_s53_a_relay_that_ends_its_connections_makes_no_copies(queue: LedgerOutbox, then: str) -> None:
    done, server = sent(queue, lambda phase, nth, _: then if phase == "dot" and nth % 2 == 0 else "", per_connection=3)
    assert (done.sent, set(server.copies.values())) == (5, {1})
    assert sum(line.startswith("EHLO") for line in server.said) == (3 if then else 2)
    assert ("QUIT" in server.said) or then


def test_s53_a_connection_that_has_rested_is_made_anew(queue: LedgerOutbox) -> None:
    _, server = sent(queue, lambda *_: "", per_minute=1, idle=50)
    assert sum(line.startswith("EHLO") for line in server.said) == 5


OLD = datetime(2021, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(("offers", "says", "of", "with_authority"), [
    pytest.param((), "", {}, True, id="missing"),
    pytest.param(("STARTTLS",), "454 4.7.0 not now", {}, True, id="refused"),
    pytest.param(("STARTTLS",), "", {"host": "10.0.0.1"}, True, id="another's name"),
    pytest.param(("STARTTLS",), "", {"until": OLD}, True, id="expired"),
    pytest.param(("STARTTLS",), "", {"self_signed": True}, True, id="self-signed"),
    pytest.param(("STARTTLS",), "", {}, False, id="unknown authority"),
])
def test_s54_without_a_sound_encryption_nothing_is_said_and_somebody_is_told(
    tmp_path: Path, offers: tuple[str, ...], says: str, of: dict[str, Any], with_authority: bool
) -> None:
    async def play() -> tuple[Delivered, Box, Scripted]:
        box = Box(letters(3))
        tls = authority(tmp_path, **{"host": "127.0.0.1", **of})
        async with Scripted(when("starttls", says), offers=offers, tls=tls) as server:
            relay = server.relay(tls="starttls", ca=tmp_path / "ca.pem" if with_authority else None)
            return await deliver(box, relay, written, AT), box, server

    done, box, server = played(play())
    assert (done.sent, box.outcomes, box.leased, len(box.queued)) == (0, [], {}, 3)
    assert done.stopped
    assert not any(line.startswith(("MAIL", "AUTH")) for line in server.said)


def test_s55_what_is_said_before_the_handshake_is_taken_for_no_answer(tmp_path: Path) -> None:
    async def play() -> tuple[Delivered, Scripted]:
        tls, injected = authority(tmp_path, "127.0.0.1"), "220 2.0.0 go on\r\n554 5.0.0 injected"
        async with Scripted(when("starttls", injected), offers=["STARTTLS"], tls=tls) as server:
            relay = server.relay(tls="starttls", ca=tmp_path / "ca.pem", connections=1)
            return await deliver(Box(letters(3)), relay, written, AT), server

    done, server = played(play())
    assert done == Delivered(sent=3)
    assert [line.split()[0] for line in server.said[:5]] == ["EHLO", "STARTTLS", "(encrypted)", "EHLO", "MAIL"]


@pytest.mark.parametrize(("typed", "wire"), [
    ("a@b.vn", "a@b.vn"), (" a@b.vn ", "a@b.vn"), ("a@Đơn-vị.vn", "a@xn--n-v-0ova5480d.vn"),
    ("a@b.vn, x@evil.example", None), ("a@b.vn\r\nRCPT TO:<x@evil.example>", None), ("a@@b.vn", None), ("a@b.vn.", None),
    ("đv@b.vn", None), (f"{'a' * 250}@b.vn", None), ("", None),
])
def test_s67_an_address_is_one_address_or_none_and_goes_on_the_wire_as_it_is_kept(typed: str, wire: str | None) -> None:
    if wire is None:
        with pytest.raises(AddressError):
            address(typed)
        return
    kept = address(typed)
    assert kept.lower() == wire or kept.startswith("a@xn--")

    async def play() -> Scripted:
        async with Scripted() as server:
            one = ward(1)
            object.__setattr__(one.recipient, "mail", kept)
            await deliver(Box([one]), server.relay(), written, AT)
            return server

    assert [line for line in played(play()).said if line.startswith("RCPT")] == [f"RCPT TO:<{kept}>"]


def test_the_table_stands_in_the_documentation() -> None:
    table = Page(PAGE).table("in reply to")
    assert [tuple(row) for row in table] == documented()


#: How the table names phases and what follows.
_PHASES = {
    "address": "nothing yet", "connect": "connecting", "login": "login", "mail": "`MAIL`", "rcpt": "`RCPT`", "data": "`DATA`",
    "dot": "the whole letter",
}
_FOLLOWS = {
    "sent": "`sent`", "queued": "queued for later", "failed": "`failed`", "undeliverable": "`undeliverable`", "uncertain": "`uncertain`",
    "again": "said again at once", "busy": "queued, slower", "down": "queued, the run stops",
}


_STATUS = {r"5\.[23]\.[34]": " 5.2.3, 5.3.4", r"5\.1\.(?!7$|8$)\d+|5\.2\.1": " 5.1.x but 5.1.7 and 5.1.8; 5.2.1"}


def documented() -> list[tuple[str, ...]]:
    """The rows of the table as the documentation has them."""
    return [
        (
            _PHASES[row.phase], f"`{row.codes.replace('.*', '*').replace('..', 'xx')}`" + _STATUS.get(row.status, ""), row.said,
            _FOLLOWS[row.verdict], "kept" if row.keeps else "closed", "no" if row.verdict in ("again", "busy", "down") else "yes",
        )
        for row in RULES if row.verdict != "go on"
    ]


def test_the_profiles_stand_in_the_documentation() -> None:
    rows = {row[0].strip("`"): [None if cell == "no bound" else int(cell) for cell in row[1:]] for row in Page(PAGE).table("profile")}
    assert rows == {name: [of.connections, of.per_minute, of.per_day, of.per_connection] for name, of in PROFILES.items()}


def test_the_relay_knows_itself_by_host_and_port() -> None:
    assert Relay(host="localhost", port=25, sender="don-doc@cairang.example").name == "localhost:25"
