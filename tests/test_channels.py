"""What goes another way than mail: told once, signed, to nobody inside, in nobody's way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from config.courier import Courier
from config.settings import Settings
from notifications.channels import Handed, Message
from notifications.channels.outside import ForbiddenAddressError, checked, place
from notifications.channels.webhook import WebhookChannel, secret_of
from tasks.ledger import acts, endpoints, opening, parcels
from tasks.ledger.store import Store
from tasks.values import Act, Said
from tests.rows import ask
from tests.sample import CALENDAR, LEAFLETS, PEOPLE, PRACTICE, at, paper

NOW = at("2020-05-20")
HERE = (ip_network("127.0.0.0/8"),)
Seen = list[tuple[dict[str, str], str]]


@asynccontextmanager
async def receiver(*statuses: int, hangs: bool = False) -> AsyncIterator[tuple[str, Seen]]:
    """A system that is told: answers with these statuses in turn, the last one for ever; keeps what came."""
    seen: Seen = []
    left = list(statuses)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:] if line)}
        body = (await reader.readexactly(int(headers["content-length"]))).decode()
        seen.append((headers, body))
        if hangs:
            await reader.read()
        status = left.pop(0) if len(left) > 1 else left[0]
        writer.write(b"HTTP/1.1 %d x\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % status)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/nhan", seen
    finally:
        server.close()


def courier(store: Store, folder: Path, **given: Any) -> Courier:
    return Courier(store, Settings(home=folder, webhook_networks=HERE), {}, **given)


def told(store: Store, url: str, *kinds: str, now: datetime = NOW) -> int:
    with store.write() as db:
        return endpoints.make(db, url, kinds, now)


def issue(store: Store) -> int:
    """Issue a paper; returns the task of its lead."""
    opening.open_directive(store, paper(LEAFLETS), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=at("2020-05-18"))
    return int(ask(store, "SELECT id FROM tasks")[0].id)


def says(store: Store, task: int, kind: str, by: str = "insurance", **words: Any) -> None:
    said = Act(kind=kind, task=task, said=Said(name="Chuyên viên", role="Văn thư"), key=f"{kind}{words}", by=by, **words)  # type: ignore[arg-type]
    assert acts.act(store, said, CALENDAR, NOW).refusal == ""


def kinds_of(seen: Seen) -> list[str]:
    return [json.loads(body)["type"] for _, body in seen]


def test_each_event_is_told_once_and_signed(store: Store, tmp_path: Path) -> None:
    async def play() -> None:
        async with receiver(204) as (url, seen):
            number = told(store, url)
            says(store, issue(store), "done", document="12/BC ngày 20/5/2020")
            carrying = courier(store, tmp_path)
            for hour in (1, 2):
                await carrying.carry(NOW + timedelta(hours=hour))
            assert kinds_of(seen) == ["paper.issued", "answer.given", "duty.done"]
            headers, body = seen[-1]
            secret = secret_of(carrying.settings.secrets[0], number)
            signed_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
            assert headers["webhook-signature"] == Webhook(secret).sign(headers["webhook-id"], signed_at, body)
            assert json.loads(body)["data"]["agency"] == "insurance"
            assert len({headers["webhook-id"] for headers, _ in seen}) == 3

    asyncio.run(play())


def test_who_is_told_from_now_on_hears_nothing_of_before(store: Store, tmp_path: Path) -> None:
    async def play() -> None:
        async with receiver(200) as (url, seen):
            task = issue(store)
            told(store, url)
            await courier(store, tmp_path).carry(NOW)
            assert seen == []
            says(store, task, "extend", until=at("2020-06-05").date(), note="thiếu giấy")
            says(store, task, "grant", by="", until=at("2020-06-03").date())
            await courier(store, tmp_path).carry(NOW)
            assert kinds_of(seen) == ["answer.given", "decision.made"]

    asyncio.run(play())


def test_a_duty_that_falls_due_is_told_once_by_the_kinds_that_were_asked(store: Store, tmp_path: Path) -> None:
    async def play() -> None:
        async with receiver(200) as (url, seen):
            issue(store)
            told(store, url, "duty.overdue")
            for day in ("2020-05-24", "2020-05-26", "2020-05-27"):
                await courier(store, tmp_path).carry(at(day))
            assert kinds_of(seen) == ["duty.overdue"]

    asyncio.run(play())


@pytest.mark.parametrize("status", [500, 404, 302, 429])
def test_a_failure_is_tried_again_under_the_same_name_when_it_has_rested(store: Store, tmp_path: Path, status: int) -> None:
    async def play() -> None:
        async with receiver(status, 200) as (url, seen):
            told(store, url)
            issue(store)
            carrying = courier(store, tmp_path)
            assert (await carrying.carry(NOW)).missed == 1
            assert await carrying.carry(NOW + timedelta(seconds=59)) == (0, 0, 0)
            assert (await carrying.carry(NOW + timedelta(minutes=1))).taken == 1
            assert len({headers["webhook-id"] for headers, _ in seen}) == 1

    asyncio.run(play())


def test_an_endpoint_that_fails_for_days_is_told_no_more_and_the_operator_hears(store: Store, tmp_path: Path) -> None:
    async def play() -> None:
        async with receiver(503) as (url, seen):
            told(store, url)
            issue(store)
            for hours in range(0, 200, 6):
                await courier(store, tmp_path).carry(NOW + timedelta(hours=hours))
            with store.read() as db:
                [of] = endpoints.known(db)
            assert (of.ended_why, of.ended_at) == ("failing", NOW + timedelta(days=5))
            assert len(seen) == 21

    asyncio.run(play())


def test_an_endpoint_that_is_gone_is_told_no_more(store: Store, tmp_path: Path) -> None:
    async def play() -> None:
        async with receiver(410) as (url, _):
            told(store, url)
            issue(store)
            await courier(store, tmp_path).carry(NOW)
            with store.read() as db:
                assert [of.ended_why for of in endpoints.known(db)] == ["gone"]
                assert parcels.counts(db) == {"failed": 1}

    asyncio.run(play())


def test_one_that_hangs_holds_up_neither_the_others_nor_the_round(store: Store, tmp_path: Path) -> None:
    async def play() -> None:
        async with receiver(200, hangs=True) as (slow, waited), receiver(200) as (quick, seen):
            told(store, slow)
            told(store, quick)
            issue(store)
            done = await courier(store, tmp_path, longest=0.5).carry(NOW)
            assert (len(waited), len(seen), done.taken) == (1, 1, 1)
            with store.read() as db:
                assert parcels.counts(db) == {"queued": 1, "sent": 1}

    asyncio.run(play())




@pytest.mark.parametrize("number", [
    "127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1%eth0", "fd00::1",
    "::ffff:10.0.0.1",
])
def test_an_address_inside_is_not_called(number: str) -> None:
    async def inside(host: str, port: int) -> Sequence[str]:
        return ["203.0.114.7", number]

    with pytest.raises(ForbiddenAddressError):
        asyncio.run(place("https://nhan.example/x", (), inside))


@pytest.mark.parametrize(("url", "allowed", "fits"), [
    ("https://nhan.example/x", (), False), ("https://nhan.example/x", (ip_network("10.1.0.0/16"),), True),
    ("http://nhan.example/x", (ip_network("10.1.0.0/16"),), True), ("https://nhan.example/x", (ip_network("10.2.0.0/16"),), False),
])
def test_a_network_is_opened_by_settings_alone(url: str, allowed: tuple[Any, ...], *, fits: bool) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["10.1.2.3"]

    def called() -> str:
        return asyncio.run(place(url, allowed, resolve))

    if fits:
        assert called() == "10.1.2.3"
    else:
        with pytest.raises(ForbiddenAddressError):
            called()


@pytest.mark.parametrize("url", [
    "ftp://a.example/", "https:///x", "https://u:p@a.example/", "https://a.example:0/", "https://a b/", "javascript:1", "https://[",
])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        checked(url)


def test_clear_text_leaves_no_opened_network() -> None:
    async def outside(host: str, port: int) -> Sequence[str]:
        return ["8.8.8.8"]

    with pytest.raises(ForbiddenAddressError):
        asyncio.run(place("http://nhan.example/", (), outside))


def test_the_number_that_was_checked_is_the_one_that_is_called() -> None:
    """A name that means another machine a moment later leads nowhere else."""
    async def play() -> Handed:
        asked: list[str] = []

        async def once(host: str, port: int) -> Sequence[str]:
            asked.append(host)
            return ["127.0.0.1"]

        async with receiver(200) as (url, seen):
            there = url.replace("127.0.0.1", "nhan.example")
            handed = await WebhookChannel(["whsec_" + "A" * 32], HERE, once).hand(Message("1", there, "{}"), NOW)
            assert asked == ["nhan.example"]
            assert seen[0][0]["host"].startswith("nhan.example:")
            return handed

    assert asyncio.run(play()).taken


def test_no_secret_shows_in_what_is_printed_of_a_channel() -> None:
    assert "whsec" not in repr(WebhookChannel(["whsec_" + "A" * 32]))
