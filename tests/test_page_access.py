"""The pages for everybody: a keyboard alone goes the whole way, and paper shows what a screen does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.counter import DESK
from tests.test_pages_in_chromium import House, chromium, house, opened, sign

__all__ = ["chromium", "house"]

@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A small phone."""
    page = opened(chromium, 320)
    yield page
    page.context.close()


def to(page: Page, selector: str) -> None:
    """Press the tabulator until the element has the focus, and see that it shows it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            box = page.locator(selector).bounding_box()
            assert box is not None
            assert 0 <= box["y"] <= 700
            return
    raise AssertionError(f"the keyboard does not come to {selector}")


def test_a_keyboard_alone_goes_from_the_desk_to_the_receipt(house: House, chromium: Browser) -> None:
    page = opened(chromium, 320)
    page.goto(f"{house.url}/t/{DESK}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
    to(page, f'a[href="/t/{DESK}/10"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/10")
    to(page, "#kind")
    page.keyboard.press("ArrowDown")
    assert page.locator("#kind-figure").is_checked()
    to(page, "#figure-value")
    page.keyboard.type("8520")
    to(page, "button[value=check]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".govuk-error-summary")
    to(page, '.govuk-error-summary a[href="#figure-value"]')
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type("86,5")
    for field, typed in (("#name", "Người trực"), ("#role", "Công chức Văn hóa – Xã hội")):
        to(page, field)
        page.keyboard.type(typed)
    to(page, "button[value=check]")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[value=send]")
    to(page, "button[value=send]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".govuk-panel--confirmation")
    assert len(house.counter.receipts) == 1
    page.context.close()


def test_the_printed_page_shows_its_code_and_nothing_to_press(house: House, phone: Page) -> None:
    phone.goto(f"{house.url}/t/{DESK}/1")
    phone.locator("#kind").check()
    sign(phone)
    phone.get_by_role("button", name="Xem lại rồi gửi").click()
    phone.get_by_role("button", name="Gửi").click()
    assert not phone.locator("svg").is_visible()
    phone.emulate_media(media="print")
    assert phone.locator("svg").is_visible()
    assert not phone.locator("button, .govuk-back-link, .links, .foot").filter(visible=True).count()
