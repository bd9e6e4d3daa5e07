"""The pages over a real ledger: what a form does not offer, a forged form does not get either."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from config.clock import HandClock
from config.office import Office
from directives.language.reading import read
from dondoc.demo.stage import FILES, project
from notifications.delivery import Delivered, deliver
from tasks.ledger import doors
from tests.counter import WHO, Visitor, hidden, words
from tests.sample import at
from tests.sink import Scripted
from web.app import build
from web.house import House
from web.postman import Postman

NOW = at("2020-05-20")
FIGURE = {"figure-on-day": "20", "figure-on-month": "5", "figure-on-year": "2020", **WHO, "step": "send"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office.open(project(tmp_path, 8020, 1))
    [(_, directive)] = read([tmp_path / FILES[0]], tmp_path / "config" / "agencies").directives
    opened.issue(directive, at("2020-05-18"))
    yield opened
    opened.close()


def house(office: Office) -> House:
    """The pages' own side of the office, on a clock that stands still."""
    clock = HandClock(NOW)
    return House(office, clock, Postman(office, clock))


@pytest.fixture
def client(office: Office) -> Iterator[Visitor]:
    with Visitor(build(house(office), lambda: NOW), office.settings.base_url) as visitor:
        yield visitor


def address(office: Office, agency: str) -> str:
    """The path of an agency's link."""
    with office.store.write() as db:
        link = doors.give(db, agency, "desk", NOW)
    return "/t/" + office.settings.keys.token("desk", link, agency)


def test_a_figure_that_another_agency_types_is_refused_by_the_ledger_too(office: Office, client: Visitor) -> None:
    ward, source = address(office, "ba-lang"), address(office, "bhxh")
    [task] = [work.id for work in house(office).desk("ba-lang", NOW).open if work.indicator]
    nonce = hidden(client.get(f"{ward}/{task}").text)["nonce"]
    forged = client.post(f"{ward}/{task}", data={**FIGURE, "kind": "figure", "figure-value": "99", "nonce": nonce})
    assert forged.status_code == 409
    assert "Số liệu này do Bảo hiểm xã hội quận" in words(forged.text)
    typed = client.post(f"{source}/figures/1/bao-phu", data={**FIGURE, f"row-{task}-value": "80", "nonce": nonce})
    assert typed.status_code == 200


def test_w116_a_burst_on_the_pages_is_served_while_letters_are_at_the_relay(office: Office, client: Visitor) -> None:
    ward, at_the_relay, served = address(office, "ba-lang"), Event(), Event()

    def held(phase: str, nth: int, _: str) -> str:
        if phase == "dot" and nth == 1:
            at_the_relay.set()
            assert served.wait(60)
        return ""

    async def send() -> Delivered:
        async with Scripted(held) as server:
            return await deliver(office.outbox, server.relay(), office.composer.compose, NOW)

    with ThreadPoolExecutor(1) as beside:
        run = beside.submit(asyncio.run, send())
        assert at_the_relay.wait(60)
        work = next(work for work in house(office).desk("ba-lang", NOW).open if not work.indicator)
        burst = client.at_once(40, f"{ward}/{work.id}", data={**WHO, "kind": "received", "nonce": "n" * 22, "step": "send"})
        served.set()
        delivered = run.result(60)
    assert {answer.status_code for answer in burst} == {200}
    assert delivered.sent > 10
    assert (delivered.failed, delivered.uncertain) == (0, 0)
