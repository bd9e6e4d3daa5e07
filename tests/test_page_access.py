"""The pages for everybody: axe-core finds nothing, thumbs find everything, and a keyboard alone goes the whole way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests import axe
from tests.counter import DESK, SOURCE
from tests.test_pages_in_chromium import ADDRESSES, House, chromium, house, opened, sign

__all__ = ["chromium", "house"]

PAGES = [*ADDRESSES, *(f"/t/{DESK}/{name}" for name in ("22?do=progress", "64", "many", "print", "contact")), "/t/unknown?again", "/login"]


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A small phone on which axe may run: the pages themselves bring no script."""
    page = opened(chromium, 320, scripts=True)
    yield page
    page.context.close()


def clean(page: Page, name: str) -> None:
    """Nothing is wrong with the page, too low for a thumb, or beyond its side."""
    assert (axe.faults(page), axe.small(page)) == ([], []), name
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, name


def test_axe_finds_nothing_on_any_page_of_an_agency(house: House, phone: Page) -> None:
    for address in [*PAGES, f"/t/{DESK}?lang=en", f"/t/{DESK}/many"]:
        phone.goto(house.url + address)
        clean(phone, address)


def test_axe_finds_nothing_on_mistakes_checks_and_receipts(house: House, phone: Page) -> None:
    forms = {f"/t/{DESK}/many": ("#tick-1", "#kind"), f"/t/{DESK}/1": ("#kind",), f"/t/{SOURCE}/figures/1/bao-phu": ()}
    for address, ticks in forms.items():
        phone.goto(house.url + address)
        phone.get_by_role("button", name="Xem lại rồi gửi").click()
        assert phone.title().startswith("Lỗi:")
        clean(phone, f"{address}: mistakes")
        for tick in ticks:
            phone.locator(tick).check()
        if not ticks:
            phone.locator("#row-10-value").fill("86,5")
        sign(phone)
        phone.get_by_role("button", name="Xem lại rồi gửi").click()
        clean(phone, f"{address}: check")
        phone.get_by_role("button", name="Gửi").click()
        clean(phone, f"{address}: receipt")


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
