"""A leader's pages in a real browser: nothing that axe-core finds, nothing wider than its screen, and a decision in two taps on a phone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.axe import faults, small
from tests.desk_office import LEADER, Place, place
from tests.test_pages_in_chromium import CHROMIUM, FLAGS, SHOTS
from tests.voices import says

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium on this machine")

TASK = "/home/1/tasks/{task}"
WIDTHS = (320, 360, 768, 1280)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A paper three weeks old: some are late, one asks for more time, a report has gone out."""
    listening = socket.create_server(("127.0.0.1", 0))
    with place(tmp_path_factory.mktemp("office"), base_url=f"http://127.0.0.1:{listening.getsockname()[1]}") as found:
        found.pass_(timedelta(days=22))
        found.office.poll(found.clock.now())
        found.office.escalate(found.clock.now())
        found.office.aggregate(found.clock.now())
        assert says(found.office.store, "ttgdnn", "extend", "8", found.clock.now(), note="chờ tuyển sinh", until=date(2020, 12, 1)).number
        server = uvicorn.Server(uvicorn.Config(found.app, log_level="warning", access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield found
        server.should_exit = True
        thread.join()
    listening.close()


@pytest.fixture(scope="module")
def cookie(office: Place) -> str:
    """What the leader's browser keeps of his login."""
    with office.visitor() as visitor:
        given = office.logged_in(visitor, LEADER).headers.get_list("set-cookie")
    return next(each for each in given if each.startswith("dondoc-plain=")).partition("=")[2].partition(";")[0]


@pytest.fixture(scope="module")
def chromium(cookie: str) -> Iterator[Browser]:  # the login comes first: it needs a loop of its own
    """A browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def entered(chromium: Browser, office: Place, cookie: str, *, scripts: bool, width: int = 320) -> BrowserContext:
    """A browser of a leader who has logged in."""
    context = chromium.new_context(viewport={"width": width, "height": 700}, java_script_enabled=scripts, bypass_csp=scripts)
    context.add_cookies([{"name": "dondoc-plain", "value": cookie, "url": office.base}])
    return context


def asked(office: Place) -> str:
    """The page of the task whose agency asks for more time."""
    return TASK.format(task=office.ask("SELECT task FROM requests")[0].task)


def addresses(office: Place) -> list[str]:
    """Each kind of page once."""
    task = asked(office)
    rows = [f"/home/1/rows?cell={cell}" for cell in ("late", "all")]
    return ["/home/1", "/home", "/home/all", "/home/all?by=territory", *rows, task, f"{task}?kind=refuse", f"{task}?kind=grant"]


def test_axe_finds_nothing_on_a_leaders_pages(office: Place, chromium: Browser, cookie: str) -> None:
    context = entered(chromium, office, cookie, scripts=True)
    page = context.new_page()
    for address in addresses(office):
        page.goto(office.base + address)
        assert faults(page) == [], address
        assert small(page) == [], address
    context.close()


def test_no_page_is_wider_than_its_screen(office: Place, chromium: Browser, cookie: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        context = entered(chromium, office, cookie, scripts=False, width=width)
        page = context.new_page()
        for place_, address in enumerate(addresses(office)):
            page.goto(office.base + address)
            page.screenshot(path=SHOTS / f"leader-{place_}-{width}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        context.close()


def test_a_leader_decides_in_two_taps_on_a_phone(office: Place, chromium: Browser, cookie: str) -> None:
    context = entered(chromium, office, cookie, scripts=False)
    page = context.new_page()
    page.goto(f"{office.base}/home/1")
    page.locator(".press").first.click()
    page.get_by_role("button", name="Đồng ý lùi hạn đến 1/12/2020").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Đồng ý gia hạn"
    page.get_by_role("link", name="Báo cáo", exact=True).click()
    assert page.locator(".press").count() == 0
    context.close()
