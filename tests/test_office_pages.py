"""A clerk and a leader decide in a real browser on a small phone, without scripts: the whole way at the desk, two taps on the page."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from tests.desk_office import ISSUER, LEADER, Place, place
from tests.test_pages_in_chromium import CHROMIUM, FLAGS
from tests.voices import says

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium on this machine")

#: Where the pages are, and the cookie of each who has logged in.
Desk = tuple[str, dict[str, str]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A paper three weeks old; one agency asks for more time."""
    listening = socket.create_server(("127.0.0.1", 0))
    with place(tmp_path_factory.mktemp("desk"), base_url=f"http://127.0.0.1:{listening.getsockname()[1]}") as found:
        found.pass_(timedelta(days=22))
        assert says(found.office.store, "ttgdnn", "extend", "8", found.clock.now(), note="chờ tuyển sinh", until=date(2020, 12, 1)).number
        server = uvicorn.Server(uvicorn.Config(found.app, log_level="warning", access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield found.base, {mail: _cookie(found, mail) for mail in (ISSUER, LEADER)}  # before the browser, whose driver takes the loop
        server.should_exit = True
        thread.join()
    listening.close()


def _cookie(place: Place, mail: str) -> str:
    with place.visitor() as visitor:
        given = place.logged_in(visitor, mail).headers.get_list("set-cookie")
    return next(each for each in given if each.startswith("dondoc-plain=")).partition("=")[2].partition(";")[0]


@pytest.fixture(scope="module")
def chromium(desk: Desk) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def entered(chromium: Browser, desk: Desk, mail: str) -> Page:
    """A small phone whose owner has logged in."""
    context = chromium.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=False)
    context.add_cookies([{"name": "dondoc-plain", "value": desk[1][mail], "url": desk[0]}])
    return context.new_page()


def test_a_decision_is_made_on_a_small_phone_without_scripts(desk: Desk, chromium: Browser) -> None:
    page = entered(chromium, desk, ISSUER)
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


def test_a_leader_decides_in_two_taps_on_a_phone(desk: Desk, chromium: Browser) -> None:
    page = entered(chromium, desk, LEADER)
    page.goto(f"{desk[0]}/home/1")
    page.locator(".press").first.click()
    page.get_by_role("button", name="Đồng ý lùi hạn đến 1/12/2020").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Đồng ý gia hạn"
    page.get_by_role("link", name="Báo cáo", exact=True).click()
    assert page.locator(".press").count() == 0
    page.context.close()
