"""The issuer's desk in a real browser: nothing that axe-core finds, nothing that pushes a phone sideways, one act without scripts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from tests.axe import faults, small
from tests.desk_office import place
from tests.test_pages_in_chromium import CHROMIUM, FLAGS

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium on this machine")

#: Where the pages are, and the cookie of a clerk who has logged in.
Desk = tuple[str, str]

ADDRESSES = [
    "/office", "/office/papers/1", "/office/papers/1/tasks", "/office/tasks/1", "/office/tasks/1/decide/pause", "/office/letters/1",
    "/office/tasks/1/answer/progress", "/office/letters", "/office/agencies/ba-lang", "/office/waiting/requests",
    "/office/papers/1/withdraw",
]  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    listening = socket.create_server(("127.0.0.1", 0))
    with place(tmp_path_factory.mktemp("desk"), base_url=f"http://127.0.0.1:{listening.getsockname()[1]}") as found:
        server = uvicorn.Server(uvicorn.Config(found.app, log_level="warning", access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        with found.visitor() as visitor:  # before the browser, whose driver has this thread's loop
            given = found.logged_in(visitor).headers.get_list("set-cookie")
        session = next(each for each in given if each.startswith("dondoc-plain="))
        yield found.base, session.partition("=")[2].partition(";")[0]
        server.should_exit = True
        thread.join()
    listening.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def entered(chromium: Browser, desk: Desk, *, scripts: bool) -> Page:
    """A small phone whose clerk has logged in."""
    context = chromium.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=scripts, bypass_csp=scripts)
    context.add_cookies([{"name": "dondoc-plain", "value": desk[1], "url": desk[0]}])
    return context.new_page()


def test_axe_finds_nothing_on_the_desk(desk: Desk, chromium: Browser) -> None:
    page = entered(chromium, desk, scripts=True)
    for address in ADDRESSES:
        page.goto(desk[0] + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        assert faults(page) == [], address
        assert small(page) == [], address
    page.context.close()


def test_a_decision_is_made_on_a_small_phone_without_scripts(desk: Desk, chromium: Browser) -> None:
    page = entered(chromium, desk, scripts=False)
    page.goto(f"{desk[0]}/office/tasks/2")
    page.get_by_role("link", name="Kết thúc").click()
    page.get_by_label("Lý do").fill("đã có kết quả ở văn bản khác")
    page.get_by_label("Họ và tên người quyết định").fill("Người trực")
    page.get_by_role("button", name="Xem lại rồi ghi").click()
    assert page.get_by_role("alert").get_by_role("link").inner_text() == "Nhập chức vụ người quyết định"
    page.get_by_label("Chức vụ người quyết định").fill("Văn thư")
    page.get_by_role("button", name="Xem lại rồi ghi").click()
    page.get_by_role("button", name="Ghi", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "Đã ghi"
    page.get_by_role("link", name="Quay lại").last.click()
    assert "đã có kết quả ở văn bản khác" in page.get_by_role("main").inner_text()
    page.context.close()
