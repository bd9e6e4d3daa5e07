"""Letters by other ways than mail: after it, in few words, to the reader alone, and in nobody's way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from config import ways
from config.courier import Courier
from config.office import Office
from config.settings import Settings
from notifications.channels import Handed, Message
from notifications.channels.brief import LONGEST, Brief
from notifications.channels.by_apprise import AddressesError, AppriseChannel, addresses
from notifications.channels.zalo import ZaloChannel, number_of
from notifications.links import Keys
from notifications.sink import Sink
from tasks.ledger import acts, bouncing, opening, otherwise, parcels
from tasks.ledger.echoing import BY
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.store import Store
from tasks.ledger.types import seconds
from tasks.letters import Notice
from tasks.values import Act, Said
from tests.clockwork import post
from tests.rows import ask, tell
from tests.sample import CALENDAR, LEAFLETS, PEOPLE, PRACTICE, at, paper

ISSUED = at("2020-05-18")
LEFT = ISSUED + timedelta(minutes=10)
LATER = LEFT + timedelta(hours=1)
Seen = list[tuple[dict[str, str], Any]]


@asynccontextmanager
async def service(*answers: str | None) -> AsyncIterator[tuple[str, Seen]]:
    """A service of messages: answers with these bodies in turn, the last one for ever, None never; keeps what came."""
    seen: Seen = []
    left, talks = list(answers), dict[asyncio.StreamWriter, asyncio.Task[None] | None]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks[writer] = asyncio.current_task()
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:] if line)}
        seen.append((headers, json.loads(await reader.readexactly(int(headers["content-length"])))))
        answer = left.pop(0) if len(left) > 1 else left[0]
        if answer is None:
            await reader.read()
            writer.close()
            return
        body = answer.encode()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", seen
    finally:
        server.close()
        for writer in talks:
            writer.close()
        await asyncio.gather(*filter(None, talks.values()))


TAKEN = '{"error": 0, "message": "Success"}'


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with Sink(tmp_path / "mail") as found:
        yield found


@asynccontextmanager
async def at_work(
    folder: Path, sink: Sink, zalo: str, lead: Mapping[str, Any] | None = None, **given: Any
) -> AsyncIterator[Office]:
    """An office that has issued a paper; insurance leads and names no way, radio takes part and wants mail alone."""
    (folder / "token").write_text("geheim\n")
    settings = Settings(home=folder, smtp_port=sink.port, smtp_tls="plain", zalo_url=f"http://{zalo}", zalo_token_file=folder / "token",
                        zalo_template="7", **{"channels": ("zalo",), **given})
    office = Office.open(settings)
    try:
        issue(office, "898/UBND", lead)
        yield office
    finally:
        office.close()


def issue(office: Office, number: str, lead: Mapping[str, Any] | None = None) -> None:
    radio = PEOPLE.agencies["radio"].model_copy(update={"channels": ("mail",)})
    insurance = PEOPLE.agencies["insurance"].model_copy(update=lead or {})
    people = PEOPLE.model_copy(update={"agencies": {**PEOPLE.agencies, "radio": radio, "insurance": insurance}})
    opening.open_directive(office.store, paper(LEAFLETS, number=number), people, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)


def letters(office: Office) -> set[tuple[str, str]]:
    """What became of the letters to the insurance."""
    rows = ask(office.store, "SELECT n.state, n.reply FROM notices n JOIN agencies a ON a.id = n.recipient AND a.code = 'insurance'")
    return {(row.state, row.reply) for row in rows}


def told(office: Office) -> list[int | None]:
    """When the insurance was told of each of its tasks."""
    rows = ask(office.store, "SELECT k.told_at FROM tasks k JOIN agencies a ON a.id = k.agency AND a.code = 'insurance'")
    return [row.told_at for row in rows]


async def morning(office: Office, day: str) -> None:
    """The rounds of a morning."""
    office.escalate(at(day, "07:31"))
    await office.deliver(at(day, "07:32"))
    await office.carry(at(day, "07:32"))


def counts(office: Office) -> dict[str, int]:
    with office.store.read() as db:
        return dict(parcels.counts(db))


def test_a_letter_is_said_by_zalo_once_mail_has_had_it(tmp_path: Path, sink: Sink) -> None:
    async def play() -> None:
        async with service(TAKEN) as (zalo, seen), at_work(tmp_path, sink, zalo) as office:
            assert await office.carry(LEFT) == (0, 0, 0)
            await office.deliver(LEFT)
            mail = {each.recipient: each.path.read_text() for each in sink.received}
            for minute in (0, 1):
                await office.carry(LEFT + timedelta(minutes=minute))
            assert len(seen) == len(mail) - 1  # radio wants mail alone
            assert {headers["access_token"] for headers, _ in seen} == {"geheim"}
            assert {data["phone"] for _, data in seen} == {"842920000001"}
            [lead] = [data["template_data"] for _, data in seen if "898/UBND" in data["template_data"]["content"]][:1]
            assert len(lead["content"]) + 1 + len(lead["link"]) <= LONGEST
            ours = {data["template_data"]["link"] for _, data in seen}
            assert len(ours) == len(seen)

    asyncio.run(play())


BY_PHONE = {"mail": None, "channels": ("zalo",), "phone": "0912 345 678"}


def test_who_has_no_mailbox_but_names_another_way_hears_by_it(tmp_path: Path, sink: Sink) -> None:
    """First of the paper, then of each step: told is whose message was taken, and those above hear when he has had his grace."""
    async def play() -> None:
        async with service(TAKEN) as (zalo, seen), at_work(tmp_path, sink, zalo, BY_PHONE) as office:
            await office.deliver(LEFT)
            assert letters(office) == {("superseded", "đi bằng kênh khác: zalo")}
            assert told(office) == [None]
            await office.carry(LEFT)
            assert letters(office) == {("sent", "đi bằng kênh khác: zalo")}
            assert told(office) == [seconds(LEFT)]
            assert "insurance@office.example" not in {each.recipient for each in sink.received}
            mine = [data["template_data"] for _, data in seen if data["phone"] == "84912345678"]
            [row] = ask(office.store, "SELECT l.id FROM links l JOIN agencies a ON a.id = l.agency WHERE a.code = 'insurance'")
            assert [said["link"].rpartition("/")[2] for said in mine] == [office.settings.keys.token("desk", row.id, "insurance")]
            assert "898/UBND" in mine[0]["content"]
            for day in ("2020-05-22", "2020-05-25"):
                await morning(office, day)
            assert len([data for _, data in seen if data["phone"] == "84912345678"]) == 3
            assert "office@office.example" in {each.recipient for each in sink.received}

    asyncio.run(play())


def test_a_message_that_no_way_takes_tells_nobody(tmp_path: Path, sink: Sink) -> None:
    async def play() -> None:
        async with service('{"error": -118}') as (zalo, _), at_work(tmp_path, sink, zalo, BY_PHONE) as office:
            await office.deliver(LEFT)
            await office.carry(LEFT)
            assert letters(office) == {("undeliverable", "zalo: Zalo trả lời mã -118")}
            for day in ("2020-05-22", "2020-05-25"):
                await morning(office, day)
            assert told(office) == [None]
            assert "office@office.example" not in {each.recipient for each in sink.received}

    asyncio.run(play())


@pytest.mark.parametrize("carried_before", [True, False])
def test_whose_mailbox_bounces_hears_by_the_way_of_the_settings(tmp_path: Path, sink: Sink, carried_before: bool) -> None:
    """The letter that came back counts by its message, whichever was first, and what follows goes that way alone."""
    async def play() -> None:
        async with service(TAKEN) as (zalo, seen), at_work(tmp_path, sink, zalo, {"phone": "0912 345 678"}) as office:
            await office.deliver(LEFT)
            if carried_before:
                await office.carry(LEFT)
            [letter] = ask(office.store, "SELECT n.id FROM notices n JOIN agencies a ON a.id = n.recipient AND a.code = 'insurance'")
            for _ in range(2):
                bouncing.bounced(office.store, letter.id, LATER, code=550, reply="5.1.1 no such user")
            if not carried_before:
                assert told(office) == [None]
                await office.carry(LATER)
            assert letters(office) == {("sent", "đi bằng kênh khác: zalo")}
            assert told(office) == [seconds(LEFT if carried_before else LATER)]
            assert [row.kind for row in ask(office.store, "SELECT kind FROM events WHERE kind = 'bounced'")] == ["bounced"]
            for day in ("2020-05-22", "2020-05-25"):
                await morning(office, day)
            assert len([data for _, data in seen if data["phone"] == "84912345678"]) == 3
            assert [each.recipient for each in sink.received].count("insurance@office.example") == 1
            assert "office@office.example" in {each.recipient for each in sink.received}

    asyncio.run(play())


def test_who_has_no_mailbox_gets_receipts_and_decisions_by_its_way(tmp_path: Path, sink: Sink) -> None:
    """A link that leaked shows there; beside mail a receipt is no message."""
    async def play() -> None:
        async with service(TAKEN) as (zalo, seen), at_work(tmp_path, sink, zalo, BY_PHONE) as office:
            await office.deliver(LEFT)
            await office.carry(LEFT)
            before = len(seen)
            [row] = ask(office.store, "SELECT k.id FROM tasks k JOIN agencies a ON a.id = k.agency AND a.code = 'insurance'")
            answers: Sequence[dict[str, Any]] = ({"kind": "extend", "until": date(2020, 6, 1)}, {"kind": "refuse", "by": ""})
            for key, said in enumerate(answers):
                words: dict[str, Any] = {"by": "insurance", "note": "vì mưa", "said": Said(name="Chị B", role="Văn thư"), **said}
                assert not acts.act(office.store, Act(task=row.id, key=f"k{key}", **words), CALENDAR, LATER).refusal
                await office.deliver(LATER)
                await office.carry(LATER)
            assert [data["phone"] for _, data in seen[before:]] == ["84912345678"] * 2
            assert all("898/UBND" in data["template_data"]["content"] for _, data in seen[before:])
            assert letters(office) == {("sent", "đi bằng kênh khác: zalo")}

    asyncio.run(play())


def test_a_leader_without_a_mailbox_gets_the_report_by_his_way(tmp_path: Path, sink: Sink) -> None:
    async def play() -> None:
        async with service(TAKEN) as (zalo, seen), at_work(tmp_path, sink, zalo) as office:
            tell(office.store, "UPDATE agencies SET mail = NULL, mail_state = 'none', channels = 'zalo', phone = '0912345678'"
                               " WHERE code = 'chair'")
            assert office.aggregate(at("2020-05-25", "17:30")) == 1
            await office.deliver(at("2020-05-26", "08:00"))
            await office.carry(at("2020-05-26", "08:00"))
            [report] = [data["template_data"] for _, data in seen if data["phone"] == "84912345678"]
            assert "898/UBND" in report["content"]
            assert "/l/t1." in report["link"]

    asyncio.run(play())


def test_a_receipt_that_no_way_is_open_for_is_not_kept_for_later(tmp_path: Path, sink: Sink) -> None:
    async def play() -> None:
        async with service(TAKEN) as (zalo, _), at_work(tmp_path, sink, zalo, channels=()) as office:
            await office.deliver(LEFT)
            [row] = ask(office.store, "SELECT k.id, n.id AS letter FROM tasks k JOIN agencies a ON a.id = k.agency AND a.code = 'insurance'"
                                      " JOIN notices n ON n.recipient = a.id")
            bouncing.bounced(office.store, row.letter, LATER, code=550, reply="5.1.1")
            said = Act(task=row.id, kind="received", key="k", by="insurance", said=Said(name="Chị B", role="Văn thư"))
            assert not acts.act(office.store, said, CALENDAR, LATER).refusal
            await office.deliver(LATER)
            [receipt] = ask(office.store, "SELECT state, hint FROM notices WHERE lane = 'receipt'")
            assert tuple(receipt) == ("superseded", "")

    asyncio.run(play())


def test_a_letter_that_cannot_be_said_in_few_words_holds_up_no_mail(tmp_path: Path, sink: Sink) -> None:
    def broken(_: Notice) -> str:
        raise LookupError

    async def play() -> None:
        async with service(TAKEN) as (zalo, _), at_work(tmp_path, sink, zalo, BY_PHONE) as office:
            office.__dict__["outbox"] = LedgerOutbox(office.store, CALENDAR, "office.example", ways.echo(office.settings, broken))
            assert (await office.deliver(LEFT)).sent == len(sink.received) > 0
            assert {state for state, _ in letters(office)} == {"undeliverable"}

    asyncio.run(play())


def test_a_way_that_breaks_ends_neither_its_round_nor_the_others(tmp_path: Path, sink: Sink) -> None:
    class Broken:
        async def hand(self, message: Message, now: datetime) -> Handed:
            raise LookupError(message.id)

    async def play() -> None:
        async with service(TAKEN) as (zalo, _), at_work(tmp_path, sink, zalo) as office:
            await office.deliver(LEFT)
            done = await Courier(office.store, office.settings, {"zalo": Broken()}).carry(LEFT)
            assert (done.taken, done.missed) == (0, 1)
            with office.store.read() as db:
                assert parcels.troubles(db) == {"zalo": (1, "không gọi được: LookupError")}

    asyncio.run(play())


@pytest.mark.parametrize("lead", [{"mail": None}, {"mail": None, "channels": ("mail",)}, {**BY_PHONE, "phone": None}])
def test_who_has_neither_mailbox_nor_another_way_is_told_by_nobody(tmp_path: Path, sink: Sink, lead: Mapping[str, Any]) -> None:
    async def play() -> None:
        async with service(TAKEN) as (zalo, seen), at_work(tmp_path, sink, zalo, lead) as office:
            await office.deliver(LEFT)
            await office.carry(LEFT)
            assert len(seen) == len(sink.received) - 1  # radio wants mail alone

    asyncio.run(play())


def test_a_way_that_fails_keeps_no_mail_back(tmp_path: Path, sink: Sink) -> None:
    async def play() -> None:
        async with service('{"error": -124}') as (zalo, _), at_work(tmp_path, sink, zalo, BY_PHONE) as office:
            sent = (await office.deliver(LEFT)).sent
            assert sent == len(sink.received) > 0
            assert (await office.carry(LEFT)).missed == 2
            assert counts(office)["queued"] > 0

    asyncio.run(play())


def test_each_reader_gets_its_own_link_and_the_ledger_keeps_none(tmp_path: Path, sink: Sink) -> None:
    async def play() -> None:
        async with service(TAKEN) as (zalo, seen), at_work(tmp_path, sink, zalo) as office:
            await office.deliver(LEFT)
            waiting = ask(office.store, "SELECT body FROM parcels")
            assert waiting
            assert not any("/t/" in row.body or "t1." in row.body for row in waiting)
            await office.carry(LEFT)
            links = {data["template_data"]["link"].rpartition("/")[2] for _, data in seen}
            readers = ask(office.store, "SELECT l.id, a.code FROM links l JOIN agencies a ON a.id = l.agency WHERE a.code <> 'radio'")
            assert links == {office.settings.keys.token("desk", row.id, row.code) for row in readers}
            assert {(row.address, row.body) for row in ask(office.store, "SELECT address, body FROM parcels")} == {("", "")}

    asyncio.run(play())


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise 2.0 still looks for it
def test_by_apprise_only_agencies_of_its_file_are_told(tmp_path: Path, sink: Sink) -> None:
    async def play() -> None:
        async with service(TAKEN) as (there, seen):
            (tmp_path / "apprise").write_text(f"# bí mật\ninsurance json://{there}/tin\n\n")
            async with at_work(tmp_path, sink, there, channels=("apprise",), apprise_file=tmp_path / "apprise") as office:
                await office.deliver(LEFT)
                assert (await office.carry(LEFT)).taken == len(seen) == 1
                [(_, said)] = seen
                words, _, link = said["message"].rpartition("\n")
                assert "898/UBND" in words
                assert link.startswith("http://127.0.0.1:8020/t/t1.")

    asyncio.run(play())


def test_a_service_that_hangs_holds_up_no_mail(tmp_path: Path, sink: Sink) -> None:
    """As `dondoc run` does it: both at once. The mail is there while the service still says nothing."""
    async def play() -> None:
        async with service(None) as (zalo, seen), at_work(tmp_path, sink, zalo) as office:
            await office.deliver(LEFT)
            before = len(sink.received)
            issue(office, "899/UBND")
            async with asyncio.timeout(8):
                others = asyncio.create_task(office.carry(LATER))
                done = await office.deliver(LATER)
            assert (done.sent, done.stopped) == (len(sink.received) - before, "")
            assert done.sent > 0
            assert not others.done()
            others.cancel()
            await asyncio.gather(others, return_exceptions=True)
            assert seen
            assert "sent" not in counts(office)

    asyncio.run(play())


def test_what_was_not_taken_is_tried_again_and_what_is_hopeless_is_not(tmp_path: Path, sink: Sink) -> None:
    async def play() -> None:
        async with service('{"error": -124}', TAKEN) as (zalo, _), at_work(tmp_path, sink, zalo) as office:
            await office.deliver(LEFT)
            missed = (await office.carry(LEFT)).missed
            assert missed == 1  # all have one telephone: it rests with what waits for it
            with office.store.read() as db:
                assert parcels.troubles(db) == {"zalo": (1, "Zalo trả lời mã -124")}
            await office.carry(LEFT + timedelta(minutes=1))
            assert set(counts(office)) == {"sent"}
        async with service('{"error": -118}') as (zalo, _):
            (tmp_path / "t").write_text("x")
            handed = await ZaloChannel(f"http://{zalo}", tmp_path / "t", "7").hand(Message("1", "0912 345 678", "a\nb"), LEFT)
            assert (handed.taken, handed.code, handed.again) == (False, -118, False)

    asyncio.run(play())


def test_a_message_counts_for_its_letter_on_both_stores(store: Store) -> None:
    opening.open_directive(store, paper(LEAFLETS), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    of = {letter.recipient.id: letter.id for letter in post(store, CALENDAR, LEFT)}
    for who in ("insurance", "radio"):
        bouncing.bounced(store, of[who], LATER, code=550, reply="5.1.1")
    for who, state in (("insurance", "sent"), ("radio", "undeliverable")):
        with store.write() as db:
            made = {"channel": "zalo", "endpoint": 0, "key": parcels.of_letter(of[who]), "address": "84", "body": "[]"}
            assert parcels.put(db, [made], LATER) == 1
            [parcel] = parcels.waiting(db, LATER, 9)
            if state == "sent":
                parcels.arrived(db, parcel, 200, LATER)
            else:
                db.execute(text("UPDATE notices SET state = 'superseded', reply = :by WHERE id = :id"), {"by": BY, "id": of[who]})
                parcels.missed(db, parcel, (-118, "không có tài khoản"), None)
                otherwise.given_up(db, parcel, "không có tài khoản")
                parcels.drop(db, of[who])
            otherwise.heard(db, of[who])
        assert [row.state for row in ask(store, f"SELECT state FROM notices WHERE id = {of[who]}")] == [state]
    assert [row.told_at for row in ask(store, "SELECT told_at FROM tasks")] == [seconds(LATER)]
    assert not ask(store, "SELECT 1 FROM parcels WHERE state = 'failed'")


@pytest.mark.parametrize(("phone", "number"), [
    ("0912 345 678", "84912345678"), ("+84 912.345.678", "84912345678"), ("(0292) 000-0001", "842920000001"), ("113", ""),
    ("vanthu@xa.example", ""), ("", ""), ("+1 202 555 0100", ""),
])
def test_a_telephone_is_written_as_the_service_has_it(phone: str, number: str) -> None:
    assert number_of(phone) == number


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise 2.0 still looks for it
def test_an_apprise_address_that_hangs_is_left_to_itself() -> None:
    async def play() -> Handed:
        async with service(None) as (there, _):
            return await AppriseChannel({"a": (f"json://{there}/",)}, timeout=0.3).hand(Message("1", "a", "tin"), LEFT)

    assert asyncio.run(play()) == Handed(False, 0, "trả lời quá chậm")


def test_no_secret_of_an_address_shows(tmp_path: Path) -> None:
    (tmp_path / "apprise").write_text("insurance tgram://geheim/1\nradio geheim\n")
    assert "geheim" not in repr(AppriseChannel({"a": ("tgram://geheim/1",)}))
    with pytest.raises(AddressesError, match=":2") as told:
        addresses(tmp_path / "apprise")
    assert "geheim" not in str(told.value)


def test_words_are_cut_and_the_address_never() -> None:
    keys = Keys({"k1": b"1" * 32})
    brief = Brief("Việc dài " * 60, "desk", "-" * 11, "insurance")
    words, _, link = brief.written("https://dondoc.xa.example", keys).rpartition("\n")
    assert len(words) + 1 + len(link) <= LONGEST
    assert words.endswith("…")
    assert link == f"https://dondoc.xa.example/t/{keys.token('desk', '-' * 11, 'insurance')}"
    assert Brief.read(brief.kept) == brief
