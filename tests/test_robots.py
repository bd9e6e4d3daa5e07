"""The corpus of robots over real HTTP and in Chromium, on every kind of page: nothing in the ledger moves, and a person needs two pages."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Request, sync_playwright

from tasks.ledger import doors, replying
from tasks.ledger.receiving import Arrival
from tasks.ledger.replying import Answer
from tasks.sayings import Saying
from tests.counter import WHO, Visitor, hidden
from tests.desk_office import LEADER, NOW, WARD, Place, place
from tests.every_page import FILES, route_of
from tests.robot import AGENTS, Reader, Robot, port, served
from web.app import ROUTES

CHROMIUM = "/usr/bin/chromium"

#: Every page that a link or nothing at all opens; what stands behind a login is met as its refusal.
OPEN = {route.path for route in ROUTES} - FILES - {route.path for route in ROUTES if route.path.startswith(("/office", "/home/"))}


@pytest.fixture(scope="module")
def listening() -> Iterator[tuple[socket.socket, str]]:
    with port() as found:
        yield found


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, listening: tuple[socket.socket, str]) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("robots"), base_url=listening[1]) as found, served(found.app, listening[0]):
        yield found


@pytest.fixture(scope="module")
def pages(here: Place) -> dict[str, str]:
    """An address of every kind of page. What follows a person's press is met again at the address of its form."""
    front, desk = here.app.state.front, f"/t/{here.token()}"
    work = next(work for work in front.desk(WARD, NOW).open if work.lead and not work.indicator)
    with here.visitor() as person:
        [counted] = set(re.findall(r'href="(/t/[^"]+/figures/[^"]+)"', person.get(f"/t/{here.token('bhxh')}").text))
        delegated = _answer(person, f"{desk}/{work.id}", "delegate", **{"delegate-to": "Chuyên viên Văn hóa"})
        _answer(person, f"{desk}/{work.id}", "done")
        child = re.findall(rf"{here.base}(/t/[^<\s]+)", person.get(f"{desk}/passed").text)[0]
        asked = _asked(here, person, desk)
        person.post("/login", data={"mail": LEADER})
    assert "biên nhận" in delegated.casefold()
    with here.office.store.write() as db:
        page = doors.give(db, "ct", "page", NOW, NOW + timedelta(days=90))
        ended = doors.give(db, "bhxh", "desk", NOW, NOW + timedelta(seconds=1))
        db.exec_driver_sql("UPDATE links SET expires_at = expires_at - 9 WHERE id = ?", (ended,))
    keys, figure = here.office.settings.keys, next(work for work in front.desk(WARD, NOW).open if work.indicator)
    leader = f"/l/{keys.token('page', page, 'ct')}"
    return {
        "desk": desk, "many duties": f"{desk}/many", "desk on paper": f"{desk}/print", "figures of others": counted,
        "duty": f"{desk}/{figure.id}", "answer chosen in a letter": f"{desk}/{figure.id}?do=progress",
        "check, and receipt with its undo": f"{desk}/{work.id}", "passed on": f"{desk}/passed", "colleague": child,
        "colleague's duty": f"{child}/{work.id}", "leader": leader, "leader's directive": f"{leader}/1",
        "leader's rows": f"{leader}/1/rows?cell=late", "stop reports": f"/u/{keys.token('unsubscribe', page, 'ct')}",
        "ended link": f"/t/{keys.token('desk', ended, 'bhxh')}", "login": "/login", "login link": here.path(here.letters()[-1]),
        **asked, "back from another house": "/login/back?code=x&state=y", "inside": "/home", "logout": "/logout",
    }  # fmt: skip


def _asked(here: Place, person: Visitor, desk: str) -> dict[str, str]:
    """The pages of contacts that wait to be confirmed, and of an answer that came by mail."""
    person.post(f"{desk}/contact", data={"phone": "0292 000 0099", **WHO})
    ward = here.ask("SELECT id FROM agencies WHERE code = :code", code=WARD)[0].id
    said = Answer(agency=ward, letter=0, sayings=[Saying(kind="progress", note="Đang làm")], words="Đang làm")
    replying.propose(here.office.store, Arrival(source="mail", key="1"), said, NOW)
    [reply] = here.app.state.front.replies(WARD)
    confirming = next(address for address in here.letters() if "/contact/" in address)
    return {"contact": f"{desk}/contact", "confirming": here.path(confirming), "answer by mail": f"{desk}/mail/{reply.id}"}


def _answer(person: Visitor, path: str, kind: str, **fields: str) -> str:
    check = person.post(path, data={**hidden(person.get(path).text), "kind": kind, **WHO, **fields, "step": "check"})
    return person.post(path, data={**hidden(check.text), "step": "send"}).text


@pytest.mark.parametrize("times", [len(AGENTS), pytest.param(100, marks=pytest.mark.long)])
def test_robots_over_http_change_nothing_on_any_page(here: Place, pages: dict[str, str], times: int) -> None:
    before = here.dump()
    with httpx.Client(base_url=here.base) as client:
        robot = Robot(client, here.base)
        for path in pages.values():
            robot.read(f"{here.base}{path}", times)
    assert here.dump() == before
    assert {route_of(urlsplit(address).path) for address in (*pages.values(), *robot.seen)} >= OPEN
    assert (robot.heads, robot.gets) == (len(pages), times * len(pages))
    assert robot.followed > 20
    assert robot.submitted > 50


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def pressed_everywhere(chromium: Browser, here: Place, pages: dict[str, str], wait: float) -> tuple[int, list[Request]]:
    """How many buttons were pressed, and what was asked for while nobody pressed any."""
    page = chromium.new_context(java_script_enabled=True, user_agent=AGENTS[0]).new_page()
    page.set_default_timeout(10_000)
    unasked, presses = list[Request](), 0

    def note(request: Request) -> None:
        unasked.append(request)

    for path in pages.values():
        page.on("request", note)
        page.goto(f"{here.base}{path}", wait_until="load")
        page.wait_for_timeout(wait)
        page.remove_listener("request", note)
        for number in range(page.locator("button").count()):
            page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
            page.locator("button").nth(number).click()
            presses += 1
            page.goto(f"{here.base}{path}")
    page.context.close()
    return presses, unasked


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium on this machine")
def test_l04_l05_a_browser_that_waits_and_presses_every_button_changes_nothing(
    chromium: Browser, here: Place, pages: dict[str, str]
) -> None:
    before = here.dump()
    presses, unasked = pressed_everywhere(chromium, here, pages, 100)
    assert here.dump() == before
    assert presses >= 10
    assert {request.method for request in unasked} == {"GET"}
    assert all(request.url.startswith(here.base) for request in unasked)


@pytest.mark.long
def test_l04_ten_seconds_of_waiting_change_nothing_either(chromium: Browser, here: Place, pages: dict[str, str]) -> None:
    before = here.dump()
    _, unasked = pressed_everywhere(chromium, here, pages, 10_000)
    assert here.dump() == before
    assert {request.method for request in unasked} == {"GET"}


def test_a_person_needs_two_pages_to_answer_and_two_to_log_in(here: Place, pages: dict[str, str]) -> None:
    events = "SELECT count(*) AS n FROM events"
    with here.visitor() as person:
        path, before = pages["duty"], here.ask(events)[0].n
        forms = 0
        answer = person.get(path)
        typed = {"kind": "progress", "progress-note": "Đã làm một nửa", **WHO, "step": "check"}
        while (shape := next((form for form in Reader(path, answer.text).forms), None)) and here.ask(events)[0].n == before:
            answer, forms = person.post(path, data={**dict(shape.values), **(typed if not forms else {"step": "send"})}), forms + 1
        assert forms == 2
        asked, at_home = person.post("/login", data={"mail": LEADER}), here.path(here.letters()[-1])
        assert asked.status_code == 200
        assert person.post(at_home).headers["location"] == "/home"

