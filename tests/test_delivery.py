"""Delivery against a real mail server on loopback: what each failure means, what a crash costs, who waits for whom."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Sequence
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from directives.language.addresses import AddressError
from notifications import clerk
from notifications.clerk import Clerk
from notifications.delivery import PATIENCE, Delivered, deliver
from notifications.outcomes import TRIES, Answer, Phase, Verdict, backoff, outcome, verdict
from notifications.relay import TIMEOUTS, Relay
from notifications.scribe import Scribe
from notifications.sink import Sink
from tasks.letters import Lane, Notice, Outcome
from tests.certificates import authority
from tests.notices import AT, composer, notice, work
from tests.posts import letters, ward, when, written
from tests.sink import Box, Script, Scripted


def played(script: Script, box: Box, **relay: Any) -> tuple[Delivered, Scripted]:
    """One run against a scripted server."""

    async def play() -> tuple[Delivered, Scripted]:
        async with Scripted(script) as server:
            return await deliver(box, server.relay(**relay), written, AT), server

    return asyncio.run(play())


@pytest.mark.parametrize(
    ("phase", "code", "text", "expected"),
    [
        ("connect", 0, "connection refused", "down"),
        ("connect", 421, "too many connections", "busy"),
        ("connect", 554, "no service", "down"),
        ("login", 454, "4.7.0 temporary failure", "busy"),
        ("login", 535, "5.7.8 bad credentials", "down"),
        ("mail", 250, "ok", "go on"),
        ("mail", 0, "connection lost", "again"),
        ("mail", 421, "closing", "busy"),
        ("mail", 432, "4.3.2 concurrent connections exceeded", "busy"),
        ("mail", 451, "4.7.0 slow down", "busy"),
        ("mail", 530, "5.7.0 authentication required", "down"),
        ("mail", 550, "5.7.1 sender refused", "down"),
        ("mail", 552, "message too big", "failed"),
        ("mail", 554, "5.3.4 message too big", "failed"),
        ("rcpt", 250, "ok", "go on"),
        ("rcpt", 251, "will forward", "go on"),
        ("rcpt", 0, "connection lost", "again"),
        ("rcpt", 421, "closing", "queued"),
        ("rcpt", 450, "4.2.1 greylisted", "queued"),
        ("rcpt", 452, "4.2.2 mailbox full", "queued"),
        ("rcpt", 550, "5.1.1 no such user", "undeliverable"),
        ("rcpt", 550, "5.1.10 null MX", "undeliverable"),
        ("rcpt", 550, "5.2.1 mailbox closed", "undeliverable"),
        ("rcpt", 553, "5.1.8 bad sender", "failed"),
        ("rcpt", 550, "5.7.1 relaying denied", "failed"),
        ("rcpt", 554, "5.7.1 blocked by policy", "failed"),
        ("rcpt", 550, "no reason given", "failed"),
        ("data", 354, "go on", "go on"),
        ("data", 0, "connection lost", "again"),
        ("data", 451, "try later", "queued"),
        ("data", 554, "no valid recipients", "failed"),
        ("dot", 250, "queued", "sent"),
        ("dot", 0, "connection lost", "uncertain"),
        ("dot", -1, "a reply that is none", "uncertain"),
        ("dot", 421, "closing", "queued"),
        ("dot", 451, "4.3.0 try later", "queued"),
        ("dot", 552, "5.3.4 too big", "failed"),
        ("dot", 554, "5.7.1 spam", "failed"),
    ],
)
def test_each_answer_has_one_meaning(phase: Phase, code: int, text: str, expected: Verdict) -> None:
    assert verdict(Answer(phase, code, text)) == expected


def test_an_answer_about_the_relay_costs_the_letter_no_try() -> None:
    assert outcome(ward(1), Answer("mail", 421, "")) is None
    assert outcome(ward(1), Answer("login", 535, "")) is None


def test_a_letter_put_off_for_three_days_goes_to_the_operator() -> None:
    late = notice("new", number=1, attempts=TRIES - 1)
    became = outcome(late, Answer("rcpt", 450, "4.2.1 greylisted"))
    assert became is not None
    assert became.state == "failed"
    assert timedelta(hours=48) < sum((backoff(attempt) for attempt in range(TRIES - 1)), timedelta()) <= timedelta(hours=72)


def test_waits_double_up_to_six_hours() -> None:
    minutes = [backoff(attempts) // timedelta(minutes=1) for attempts in (0, 1, 2, 3, 8, 9, 30)]
    assert minutes == [1, 2, 4, 8, 256, 360, 360]


def test_every_letter_is_sent_once_and_byte_for_byte() -> None:
    box = Box(letters(50))
    delivered, server = played(lambda *_: "", box)
    assert delivered == Delivered(sent=50)
    assert sorted(server.letters) == sorted((each.recipient.mail or "", written(each)) for each in letters(50))
    assert server.most_open == 4


def test_lanes_are_served_in_their_order() -> None:
    lanes: list[Lane] = ["report", "escalation", "digest", "new", "decision", "receipt", "login"]
    box = Box([ward(number, lane) for number, lane in enumerate(lanes, start=1)])
    _, server = played(lambda *_: "", box, connections=1)
    assert [recipient for recipient, _ in server.letters] == [f"p{number}@cairang.example" for number in range(7, 0, -1)]


def test_a_login_letter_overtakes_a_campaign() -> None:
    box = Box(letters(200))
    box.on_record = lambda _: box.queued.insert(0, ward(999, "login")) if box.commits == 0 else None
    _, server = played(lambda *_: "", box, connections=1)
    assert [recipient for recipient, _ in server.letters].index("p999@cairang.example") <= 20


@pytest.mark.parametrize(
    ("script", "state", "code"),
    [
        pytest.param(when("rcpt", "450 4.2.1 greylisted"), "queued", 450, id="greylisted"),
        pytest.param(when("rcpt", "550 5.1.1 unknown"), "undeliverable", 550, id="no such user"),
        pytest.param(when("rcpt", "550 5.7.1 denied"), "failed", 550, id="policy"),
        pytest.param(when("data", "451 later"), "queued", 451, id="put off before the body"),
        pytest.param(when("data", "drop"), "queued", 0, id="lost twice before the dot"),
        pytest.param(when("dot", "451 later"), "queued", 451, id="put off after the dot"),
        pytest.param(when("dot", "554 5.7.1 spam"), "failed", 554, id="refused after the dot"),
        pytest.param(when("dot", "drop"), "uncertain", 0, id="lost after the dot"),
        pytest.param(when("dot", "nonsense"), "uncertain", 0, id="garbled after the dot"),
        pytest.param(when("rcpt", "drop", times=1), "sent", 250, id="lost once before the dot"),
        pytest.param(when("mail", "drop", times=1), "sent", 250, id="lost while it rested"),
    ],
)
def test_what_became_of_a_letter_is_recorded(script: Script, state: str, code: int) -> None:
    box = Box(letters(1))
    played(script, box)
    (became,) = box.outcomes
    assert (became.state, became.code) == (state, code)
    assert (became.retry_after is not None) == (state in ("queued", "uncertain"))


def test_a_loss_before_the_dot_leaves_exactly_one_copy() -> None:
    _, server = played(when("data", "drop", times=1), Box(letters(1)))
    assert server.copies == {"p1@cairang.example": 1}


def test_silence_after_the_dot_is_uncertain_and_ends_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TIMEOUTS, "dot", 0.05)
    box = Box(letters(2))
    played(when("dot", "silent", times=1), box, connections=1)
    assert [became.state for became in box.outcomes] == ["uncertain", "sent"]


def test_a_relay_slower_than_the_lease_gets_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clerk, "FRESH", 0.05)
    delivered, server, _ = down(when("rcpt", "silent"), connections=2)
    assert "quá chậm" in delivered.stopped
    assert server.letters == []


def test_a_refused_letter_leaves_the_connection_to_the_next() -> None:
    box = Box(letters(3))
    _, server = played(lambda phase, _, to: "550 5.1.1 unknown" if phase == "rcpt" and to.startswith("p2@") else "", box, connections=1)
    assert box.states == {"sent": 2, "undeliverable": 1}
    assert sum(line.startswith("EHLO") for line in server.said) == 1


def test_a_relay_that_hangs_up_after_every_letter_makes_no_copies() -> None:
    box = Box(letters(20))
    delivered, server = played(when("dot", "250 2.0.0 queued then drop"), box)
    assert delivered.sent == 20
    assert set(server.copies.values()) == {1}


def down(script: Script, **relay: Any) -> tuple[Delivered, Scripted, Box]:
    """A run that must stop and burn nothing."""
    box = Box(letters(100))
    delivered, server = played(script, box, **relay)
    assert (box.outcomes, box.leased, len(box.queued)) == ([], {}, 100)
    return delivered, server, box


def test_a_wrong_password_stops_the_run_after_one_try() -> None:
    async def play() -> None:
        box = Box(letters(100))
        async with Scripted(when("auth", "535 5.7.8 bad credentials"), offers=["AUTH PLAIN"]) as server:
            delivered = await deliver(box, server.relay(user="don-doc", password="wrong"), written, AT)
        assert "535" in delivered.stopped
        assert sum(line.startswith("AUTH") for line in server.said) == 1
        assert (box.outcomes, box.leased, len(box.queued)) == ([], {}, 100)

    asyncio.run(play())


def test_a_refused_sender_stops_the_run() -> None:
    delivered, _, _ = down(when("mail", "550 5.7.1 sender refused"))
    assert "sender refused" in delivered.stopped


def test_a_relay_out_of_service_stops_the_run() -> None:
    delivered, _, _ = down(when("greet", "554 no service"))
    assert "554" in delivered.stopped


def test_a_relay_that_is_not_there_stops_the_run() -> None:
    box = Box(letters(3))
    delivered = asyncio.run(deliver(box, Relay(host="127.0.0.1", port=1, sender="don-doc@cairang.example", tls="plain"), written, AT))
    assert "127.0.0.1:1" in delivered.stopped
    assert (box.outcomes, box.leased, len(box.queued)) == ([], {}, 3)


def test_a_busy_relay_loses_a_connection_and_the_others_go_on() -> None:
    box = Box(letters(50))
    delivered, server = played(lambda phase, nth, _: "421 4.3.2 too many" if phase == "mail" and nth in (5, 9) else "", box)
    assert delivered == Delivered(sent=50)
    assert set(server.copies.values()) == {1}


def test_a_relay_busy_on_every_connection_ends_the_run_and_burns_nothing() -> None:
    delivered, _, _ = down(when("mail", "421 4.7.0 slow down"))
    assert "slow down" in delivered.stopped


def test_a_relay_that_refuses_every_letter_is_at_fault_itself() -> None:
    box = Box(letters(200))
    delivered, _ = played(when("dot", "554 5.7.1 daily quota exceeded"), box, connections=1)
    assert len(box.outcomes) == delivered.failed == PATIENCE
    assert (len(box.queued), box.leased) == (200 - PATIENCE, {})
    assert "quota" in delivered.stopped


def test_without_starttls_nothing_is_said_in_clear() -> None:
    delivered, server, _ = down(lambda *_: "", tls="starttls")
    assert "STARTTLS" in delivered.stopped
    assert [line.split()[0] for line in server.said] == ["EHLO"]


def test_letters_go_encrypted_where_the_authority_is_known(tmp_path: Path) -> None:
    async def play() -> None:
        box = Box(letters(3))
        async with Scripted(offers=["STARTTLS"], tls=authority(tmp_path, "127.0.0.1")) as server:
            delivered = await deliver(box, server.relay(tls="starttls", ca=tmp_path / "ca.pem", connections=1), written, AT)
        assert delivered == Delivered(sent=3)
        assert next(line for line in server.said if line.startswith("MAIL")) in server.said[server.said.index("(encrypted)") :]

    asyncio.run(play())


@pytest.mark.parametrize(("name", "known"), [("127.0.0.1", False), ("10.0.0.1", True)], ids=["unknown authority", "another's name"])
def test_a_server_that_cannot_prove_its_name_gets_nothing(tmp_path: Path, name: str, known: bool) -> None:
    async def play() -> None:
        box = Box(letters(3))
        async with Scripted(offers=["STARTTLS"], tls=authority(tmp_path, name)) as server:
            delivered = await deliver(box, server.relay(tls="starttls", ca=tmp_path / "ca.pem" if known else None), written, AT)
        assert "certificate" in delivered.stopped
        assert (box.outcomes, len(box.queued)) == ([], 3)
        assert not any(line.startswith("MAIL") for line in server.said)

    asyncio.run(play())


@pytest.mark.parametrize("host", ["mail.cairang.example", "10.0.0.1", "127.0.0.1.cairang.example"])
def test_mail_in_clear_does_not_leave_this_machine(host: str) -> None:
    with pytest.raises(ValueError, match="không mã hóa"):
        Relay(host=host, port=25, sender="don-doc@cairang.example", tls="plain")


def test_settings_do_not_show_the_password() -> None:
    assert "secret" not in repr(Relay(host="localhost", port=25, sender="don-doc@cairang.example", user="u", password="secret"))


class Killed(Exception):  # noqa: N818  # it names an end, not a mistake
    """The process ends here."""


@pytest.mark.parametrize("kill", range(1, 12))
@pytest.mark.parametrize("connections", [1, 4])
def test_a_kill_between_sending_and_recording_costs_one_copy_a_connection_at_most(kill: int, connections: int) -> None:
    box = Box(letters(40))

    def die(_: Sequence[Outcome]) -> None:
        if box.commits + 1 == kill:
            box.on_record = dead
            raise Killed

    def dead(_: Sequence[Outcome]) -> None:
        raise Killed

    async def play() -> Scripted:
        async with Scripted() as server:
            box.on_record = die
            with pytest.raises(Killed):
                await deliver(box, server.relay(connections=connections), written, AT)
            box.on_record = lambda _: None
            box.expire()
            await deliver(box, server.relay(connections=connections), written, AT)
            return server

    server = asyncio.run(play())
    assert set(server.copies) == {f"p{number}@cairang.example" for number in range(1, 41)}
    assert 0 < len(server.letters) - 40 <= connections
    assert len(set(server.letters)) == 40  # copies have the same bytes


def test_a_connection_takes_its_next_letter_only_after_its_last_outcome_is_committed() -> None:
    async def play() -> None:
        box = Box(letters(100))
        async with Scripted() as server:

            def unrecorded(outcomes: Sequence[Outcome]) -> None:
                assert len(server.letters) - len(box.outcomes) <= 4

            box.on_record = unrecorded
            assert (await deliver(box, server.relay(connections=4), written, AT)).sent == 100

    asyncio.run(play())


def test_outcomes_that_wait_share_one_commit() -> None:
    async def play() -> Box:
        box = Box(letters(8))
        relay = Relay(host="localhost", port=25, sender="don-doc@cairang.example")
        with Clerk(box, Scribe(box, written), lambda: AT, relay) as desk:
            for _ in range(8):
                assert await desk.next()
            became = [Outcome(notice_id=number, lease="lease", state="sent") for number in range(1, 9)]
            loop, begun = asyncio.get_running_loop(), asyncio.Event()

            def has_begun(_: Sequence[Outcome]) -> None:
                loop.call_soon_threadsafe(begun.set)

            box.on_record = has_begun
            together = [asyncio.create_task(desk.record(each)) for each in became[:5]]
            await begun.wait()
            await asyncio.gather(*together, *(desk.record(each) for each in became[5:]))
        return box

    box = asyncio.run(play())
    assert (box.commits, len(box.outcomes)) == (2, 8)  # those of one moment, then all that came meanwhile


def test_a_cancelled_run_finishes_letters_in_flight_and_hands_back_the_rest() -> None:
    async def play() -> None:
        box, in_flight, go_on = Box(letters(30)), threading.Event(), threading.Event()

        def held(_: Sequence[Outcome]) -> None:
            in_flight.set()
            assert go_on.wait(5)

        box.on_record = held
        async with Scripted() as server:
            run = asyncio.create_task(deliver(box, server.relay(connections=2), written, AT))
            await asyncio.to_thread(in_flight.wait, 5)
            run.cancel()
            go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await run
        assert box.leased == {}
        assert box.states == {"sent": len(server.letters)}
        assert 1 <= len(server.letters) <= 4
        assert len(box.queued) == 30 - len(server.letters)

    asyncio.run(play())


@pytest.mark.parametrize(
    ("error", "state"),
    [(AddressError("x", "form"), "undeliverable"), (KeyError("short"), "failed"), (ValueError("no link"), "failed")],
)
def test_a_letter_that_cannot_be_written_does_not_hold_up_the_others(error: Exception, state: str) -> None:
    def compose(of: Notice) -> bytes:
        if of.id == 2:
            raise error
        return written(of)

    async def play() -> Box:
        box = Box(letters(5))
        async with Scripted() as server:
            await deliver(box, server.relay(), compose, lambda: AT)
        return box

    box = asyncio.run(play())
    assert box.states == {"sent": 4, state: 1}


def test_no_more_letters_leave_than_asked_for() -> None:
    box = Box(letters(30))
    delivered = played(lambda *_: "", box)[0], len(box.queued), box.leased
    assert delivered == (Delivered(sent=30), 0, {})

    async def some() -> Delivered:
        async with Scripted() as server:
            return await deliver(box, server.relay(), written, AT, limit=7)

    box.queued = letters(30)
    assert asyncio.run(some()) == Delivered(sent=7)
    assert (len(box.queued), box.leased) == (23, {})


def test_s64_a_run_holds_a_few_dozen_letters_however_many_wait() -> None:
    def most(waiting: int) -> int:
        box, held = Box(letters(waiting)), list[int]()
        box.on_record = lambda _: held.append(len(box.leased))
        assert played(lambda *_: "", box, connections=2)[0] == Delivered(sent=waiting)
        return max(held)

    assert most(60) <= 60
    assert most(400) <= 60


def test_letters_keep_the_pace_of_the_relay() -> None:
    async def play() -> None:
        box, loop = Box(letters(22)), asyncio.get_running_loop()
        at: list[float] = []

        def script(phase: str, nth: int, _: str) -> str:
            if phase == "mail":
                at.append(loop.time())
            return ""

        async with Scripted(script) as server:
            await deliver(box, server.relay(per_minute=6000), written, AT)
        assert len(at) == 22
        assert at[-1] - at[0] >= 0.15

    asyncio.run(play())


def test_the_size_of_a_letter_is_told_where_the_relay_asks() -> None:
    async def play() -> Scripted:
        async with Scripted(offers=["SIZE 10000"]) as server:
            await deliver(Box(letters(1)), server.relay(), written, AT)
        return server

    assert f"MAIL FROM:<don-doc@cairang.example> SIZE={len(written(ward(1)))}" in asyncio.run(play()).said


def test_the_collector_walks_through_what_a_run_makes_alone() -> None:
    async def play() -> list[int]:
        left_alone: list[int] = []

        def compose(of: Notice) -> bytes:
            left_alone.append(gc.get_freeze_count())
            return written(of)

        async with Scripted() as server:
            await deliver(Box(letters(3)), server.relay(), compose, AT)
        return left_alone

    assert min(asyncio.run(play())) > 1000
    assert gc.get_freeze_count() == 0


def test_an_empty_outbox_asks_nothing_of_the_relay() -> None:
    delivered, server = played(lambda *_: "", Box([]))
    assert delivered == Delivered()
    assert server.said == []


def test_the_sink_keeps_what_the_preview_showed(tmp_path: Path) -> None:
    writer, duty = composer(), work()

    async def play() -> Sink:
        box = Box([notice("new", duty, number=1), notice("digest", duty, number=2)])
        async with Sink(tmp_path / "mail") as sink:
            await deliver(box, Relay(host="127.0.0.1", port=sink.port, sender="don-doc@cairang.example", tls="plain"), writer.compose, AT)
        return sink

    kept = asyncio.run(play()).received
    assert [path.name for _, path in kept] == ["00001-bhxh@cairang.example.eml", "00002-bhxh@cairang.example.eml"]
    shown = {writer.preview(notice(lane, duty)).subject for lane in ("new", "digest")}
    assert {str(BytesParser(policy=policy.SMTP).parsebytes(path.read_bytes())["Subject"]) for _, path in kept} == shown


def test_a_sink_without_a_port_says_so(tmp_path: Path) -> None:
    with Sink(tmp_path / "one") as first, pytest.raises(OSError, match="address"):
        Sink(tmp_path / "two", port=first.port).start()
