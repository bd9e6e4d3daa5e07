"""The agency's pages in a real browser without scripts: a small phone, the whole way, and a scanner that presses everything."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Request, Response, sync_playwright

from tests.counter import DESK, LEADER, NOW, PNG, SOURCE, Counter
from web.app import build

SHOTS = Path(__file__).parent.parent / "build" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTHS = [320, 360, 768, 1280]
ADDRESSES = [
    f"/t/{DESK}",
    f"/t/{DESK}/10?do=figure",
    f"/t/{DESK}/21?do=done",
    f"/t/{DESK}/22?do=extend",
    f"/t/{DESK}/71",
    f"/t/{SOURCE}",
    f"/t/{SOURCE}/figures/1/bao-phu",
    f"/l/{LEADER}",
    "/t/unknown",
]

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium on this machine")


class House:
    """The pages on a loopback port."""

    def __init__(self) -> None:
        self.counter = Counter()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = self.counter.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        app = build(self.counter, lambda: NOW)
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})
        self._thread.start()

    def close(self) -> None:
        """Stop serving; the thread has ended afterwards."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


@pytest.fixture
def house() -> Iterator[House]:
    found = House()
    yield found
    found.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def opened(chromium: Browser, width: int, *, scripts: bool = False) -> Page:
    """A page of a phone of this width; without scripts unless asked."""
    context = chromium.new_context(java_script_enabled=scripts, viewport={"width": width, "height": 700}, locale="vi-VN")
    page = context.new_page()
    page.set_default_timeout(10_000)
    return page


def sign(page: Page) -> None:
    """Type who reports."""
    page.get_by_label("Họ và tên").fill("Người trực")
    page.get_by_label("Chức vụ", exact=True).fill("Công chức Văn hóa – Xã hội")


def seen(page: Page, name: str) -> None:
    """Keep a picture, and see that nothing reaches beyond the screen's side."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_a_clerk_walks_from_the_desk_to_a_receipt_on_a_small_phone(house: House, chromium: Browser) -> None:
    page = opened(chromium, 320)
    page.goto(f"{house.url}/t/{DESK}")
    page.get_by_role("link", name="Mục 10").click()
    page.get_by_label("Nhập số liệu").check()
    page.get_by_label("Tỷ lệ bao phủ của phường").fill("8520")
    page.get_by_label("Họ và tên").fill("Người trực")
    page.get_by_role("button", name="Xem lại rồi gửi").click()
    seen(page, "walk-1-mistakes")
    assert page.title().startswith("Lỗi:")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.get_by_role("link", name="Tỷ lệ phải từ 0 đến 100; bạn nhập 8520").click()
    assert page.evaluate("document.activeElement.id") == "figure-value"
    page.get_by_label("Tỷ lệ bao phủ của phường").fill("86,5")
    sign(page)
    page.get_by_role("button", name="Xem lại rồi gửi").click()
    seen(page, "walk-2-check")
    assert house.counter.receipts == {}
    page.get_by_role("button", name="Gửi").click()
    seen(page, "walk-3-receipt")
    assert page.get_by_role("heading", level=1).inner_text() == "Đã nhận số liệu"
    (receipt,) = house.counter.receipts.values()
    assert receipt.number in page.inner_text("main")
    page.reload()
    assert "không ghi thêm lần nữa" in page.inner_text("main")
    page.get_by_role("link", name="Việc khác").click()
    assert "Lần báo trước: 86,5%" in page.inner_text("main")
    page.context.close()


def test_a_photo_is_sent_and_survives_going_back_to_change(house: House, chromium: Browser) -> None:
    page = opened(chromium, 360)
    page.goto(f"{house.url}/t/{DESK}/21?do=done")
    page.get_by_label("Tệp minh chứng").set_input_files([{"name": "Ảnh ra quân.png", "mimeType": "image/png", "buffer": PNG}])
    sign(page)
    page.get_by_role("button", name="Xem lại rồi gửi").click()
    seen(page, "photo-1-check")
    page.get_by_role("button", name="Sửa lại").click()
    seen(page, "photo-2-change")
    assert page.get_by_label("Đã nhận tệp Ảnh ra quân.png").is_checked()
    page.get_by_role("button", name="Xem lại rồi gửi").click()
    page.get_by_role("button", name="Gửi").click()
    (receipt,) = house.counter.receipts.values()
    assert [name for _, name, _ in receipt.act.files] == ["Ảnh ra quân.png"]
    page.context.close()


def test_fields_of_an_answer_show_only_when_it_is_chosen(house: House, chromium: Browser) -> None:
    page = opened(chromium, 320)
    page.goto(f"{house.url}/t/{DESK}/22")
    assert not page.locator("#extend-note").is_visible()
    page.get_by_label("Xin lùi hạn").check()
    assert page.locator("#extend-note").is_visible()
    assert not page.locator("#done-number").is_visible()
    page.context.close()


def test_l05_a_scanner_that_presses_every_button_changes_nothing(house: House, chromium: Browser) -> None:
    before = house.counter.dump()
    page = opened(chromium, 1280, scripts=True)
    for address in ADDRESSES:
        page.goto(house.url + address)
        for number in range(page.locator("button, input[type=submit]").count()):
            page.locator("button, input[type=submit]").nth(number).click()
            page.goto(house.url + address)
    assert house.counter.dump() == before
    assert house.counter.pressed == 0
    page.context.close()


def test_l04_opening_every_link_with_scripts_posts_nothing_and_asks_nobody_else(house: House, chromium: Browser) -> None:
    page = opened(chromium, 1280, scripts=True)
    asked: list[Request] = []
    refused: list[str] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  playwright marks the listener, so no builtin
    page.on("console", lambda message: refused.append(message.text))
    for address in ADDRESSES:
        page.goto(house.url + address)
        page.wait_for_load_state("networkidle")
    assert {request.method for request in asked} == {"GET"}
    assert all(request.url.startswith(house.url) for request in asked)
    assert [text for text in refused if "404" not in text] == []
    page.context.close()


def test_l21_a_form_pressed_in_a_browser_names_its_own_origin(house: House, chromium: Browser) -> None:
    page = opened(chromium, 360)
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response) if response.request.method == "POST" else None)
    page.goto(f"{house.url}/t/{DESK}/1")
    page.get_by_label("Đã tiếp nhận").check()
    sign(page)
    page.get_by_role("button", name="Xem lại rồi gửi").click()
    page.get_by_role("button", name="Gửi").click()
    assert [answer.status for answer in answers] == [200, 200]
    assert {answer.request.all_headers()["origin"] for answer in answers} == {house.url}
    assert len(house.counter.receipts) == 1
    page.context.close()


def test_the_first_page_is_light_over_the_wire(house: House, chromium: Browser) -> None:
    page = opened(chromium, 320)
    weights: dict[str, int] = {}

    def weigh(request: Request) -> None:
        sizes = request.sizes()
        weights[request.url] = sizes["responseBodySize"] + sizes["responseHeadersSize"]

    page.on("requestfinished", weigh)
    page.goto(f"{house.url}/t/{DESK}")
    page.wait_for_load_state("networkidle")
    assert len(weights) == 4
    assert sum(weights.values()) <= 20_000
    weights.clear()
    page.get_by_role("link", name="Mục 10").click()
    page.wait_for_load_state("networkidle")
    assert sum(weights.values()) <= 3_000 + 1_000
    page.context.close()
