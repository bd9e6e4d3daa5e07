"""The whole way on real parts: a paper is issued, its letter arrives, a clerk on a small phone answers, the chairman reads it."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from config.clock import HandClock
from config.office import Office
from directives.language.reading import read
from dondoc.demo.stage import FILES, project
from notifications.sink import Sink
from tests.sample import at
from tests.test_pages_in_chromium import CHROMIUM, FLAGS, opened, seen, sign
from web.app import build
from web.house import House
from web.postman import Postman


class Town:
    """An office with its mail and its pages, on a clock that is set by hand."""

    def __init__(self, folder: Path) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.sink = Sink(folder / "mail")
        self.sink.start()
        settings = project(folder, self._socket.getsockname()[1], 1).model_copy(update={"smtp_port": self.sink.port})
        self.office, self.clock = Office.open(settings), HandClock(at("2020-05-18"))
        app = build(House(self.office, self.clock, Postman(self.office, self.clock)), self.clock.now)
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})
        [(_, directive)] = read([folder / FILES[0]], folder / "config" / "agencies").directives
        self.office.issue(directive, self.clock.now())
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
        self.sink.stop()
        self.office.close()

    def day(self, day: str, hour: str) -> None:
        """Everything that is due by then."""
        self.clock.at = at(day, hour)
        for turn in (self.office.poll, self.office.escalate, self.office.aggregate):
            turn(self.clock.now())
        with ThreadPoolExecutor(1) as elsewhere:  # the browser's driver keeps a loop of its own in this thread
            elsewhere.submit(lambda: asyncio.run(self.office.deliver(self.clock.now()))).result()

    def letter(self, mailbox: str, lane: str) -> str:
        """The plain text of the last letter of a lane to a mailbox."""
        for recipient, path in reversed(self.sink.received):
            message = message_from_bytes(path.read_bytes())
            if (recipient, message["X-Dondoc-Letter"]) == (mailbox, lane):
                plain = next(part for part in message.walk() if part.get_content_type() == "text/plain")
                return plain.get_payload(decode=True).decode()  # type: ignore[union-attr]
        raise AssertionError(f"no {lane} letter to {mailbox}")

    def link(self, mailbox: str, lane: str) -> str:
        """The address that a letter prints."""
        found = re.search(r"http://127\.0\.0\.1:\d+/[tl]/\S+", self.letter(mailbox, lane))
        assert found
        return found[0]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    found = Town(tmp_path)
    yield found
    found.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def send(page: Page) -> str:
    """Look at what will be sent and send it; the receipt's number."""
    sign(page)
    page.get_by_role("button", name="Xem lại rồi gửi").click()
    page.get_by_role("button", name="Gửi", exact=True).click()
    return page.locator(".govuk-panel__body strong").first.inner_text()


def test_from_the_paper_to_the_phone_to_the_chairman(town: Town, chromium: Browser) -> None:
    town.day("2020-05-18", "09:15")
    town.day("2020-05-22", "07:30")
    assert "trước ngày 25/5/2020" in town.letter("bhxh@cairang.example", "digest")
    assert "thứ sáu 22/5/2020" in town.letter("bhxh@cairang.example", "digest")

    phone = opened(chromium, 320)
    phone.goto(town.link("bhxh@cairang.example", "digest"))
    seen(phone, "whole-way-desk")
    phone.get_by_role("link", name="Mục 6.4. Bộ tài liệu tuyên truyền về BHYT").click()
    phone.get_by_label("Đã xong").check()
    phone.get_by_label("Số, ký hiệu văn bản trả lời").fill("118/BC-BHXH")
    for label, value in (("Ngày", "22"), ("Tháng", "5"), ("Năm", "2020")):
        phone.get_by_role("group", name="Ngày của văn bản").get_by_label(label).fill(value)
    number = send(phone)
    seen(phone, "whole-way-receipt")
    assert number.startswith("898-6.4-")

    town.day("2020-05-25", "08:05")
    assert number in town.letter("bhxh@cairang.example", "receipt")
    told = [path.read_bytes() for to, path in town.sink.received if to == "vanphong@cairang.example"]
    assert not [letter for letter in told if b"X-Dondoc-Letter: escalation" in letter]

    desk = opened(chromium, 1280)
    desk.goto(town.link("ct@cairang.example", "report"))
    seen(desk, "whole-way-leader")
    assert "1 việc xong" in desk.inner_text("body")
    narrow = opened(chromium, 360)
    narrow.goto(town.link("ct@cairang.example", "report"))
    seen(narrow, "whole-way-leader")


def test_a_duty_nobody_answers_reaches_the_leader_with_words_and_telephone(town: Town, chromium: Browser) -> None:
    for day in ("2020-05-18", "2020-05-22", "2020-05-25", "2020-05-29"):
        town.day(day, "09:15")
    told = town.letter("pct.vx@cairang.example", "escalation")
    assert "Quá hạn 5 ngày" in told
    assert "chưa báo gì" in told
    assert "0292 000 0013" in told
    page = opened(chromium, 1280)
    page.goto(town.link("pct.vx@cairang.example", "escalation"))
    assert "Bảo hiểm xã hội quận" in page.inner_text("body")
