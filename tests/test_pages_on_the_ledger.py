"""The pages over a real ledger: what a form does not offer, a forged form does not get either."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.clock import HandClock
from config.office import Office
from directives.language.reading import read
from dondoc.demo.stage import FILES, project
from tasks.ledger import doors
from tests.counter import WHO, Visitor, hidden, words
from tests.sample import at
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
