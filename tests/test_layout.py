"""Every kind of page at every width and on paper: nothing pushed sideways or cut, targets for a thumb, nothing that axe-core finds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import Route, sync_playwright

from tests import axe
from tests.desk_office import HOST, place
from tests.every_page import FILES, LETTER, Page, every_page
from tests.test_pages_in_chromium import CHROMIUM, FLAGS, WIDTHS
from web.app import ROUTES
from web.pages import assets

AT = f"{HOST}/shown"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    """All pages, made before the browser, whose driver has this thread's loop."""
    with place(tmp_path_factory.mktemp("office")) as found:
        return every_page(found)


@pytest.fixture(scope="module")
def tab(pages: list[Page]) -> Iterator[Tab]:
    """A browser into which pages are written without a server; scripts may run in it, since axe is one."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine")
    static = {f"{HOST}/static/{name}": (content, kind) for name, content, kind in assets().values()}

    def answered(route: Route) -> None:
        content, kind = static.get(route.request.url, (b"", "text/html; charset=utf-8"))
        route.fulfill(body=content, content_type=kind)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_page(has_touch=True)
        opened.route("**/*", answered)
        opened.goto(AT)
        yield opened
        browser.close()


def test_every_route_is_a_page_of_the_table_or_a_file(pages: list[Page]) -> None:
    seen = {page.route for page in pages}
    assert {route.path for route in ROUTES} == seen | FILES
    assert not seen & FILES


def test_every_page_fits_every_screen_and_axe_finds_nothing(pages: list[Page], tab: Tab) -> None:
    found: dict[str, list[str]] = {}
    seen: set[tuple[int, tuple[str, str]]] = set()  # axe sees one page of each step on a phone, one of each route on a wide screen
    for page in pages:
        tab.set_content(page.body)
        steps = {min(WIDTHS): (page.route, page.step), max(WIDTHS): (page.route, "")}
        looked = {width for width, step in steps.items() if page.route != LETTER and (width, step) not in seen}
        seen |= set(steps.items())
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 700})
            wrong = axe.misfits(tab, width)
            wrong += axe.faults(tab) if width in looked else []
            found |= {f"{page.name} at {width}": wrong} if wrong else {}
        tab.set_viewport_size({"width": 320, "height": 700})
        tab.evaluate("document.documentElement.style.fontSize = '200%'")
        if (width := tab.evaluate("document.documentElement.scrollWidth")) > 320:
            found[f"{page.name} at twice the text size"] = [f"{width} wide"]
    assert found == {}


def test_what_is_vietnamese_on_an_english_page_says_so(pages: list[Page], tab: Tab) -> None:
    english = [page for page in pages if re.search(r'<html[^>]* lang="en"', page.body)]
    assert len({page.route for page in english}) > 6
    found: dict[str, list[str]] = {}
    for page in english:
        tab.set_content(page.body)
        found |= {page.name: wrong} if (wrong := axe.unmarked(tab)) else {}
    assert found == {}


@pytest.mark.parametrize("name", [
    "/t/…", "/t/…/10?do=figure of every kind: 10?do=figure", "/t/…/17 mistakes", "/t/…/many", "/home/1", "/home/all", "/office",
    "/office/tasks/17",
])  # fmt: skip
def test_the_keyboard_alone_reaches_everything_in_sight(name: str, pages: list[Page], tab: Tab) -> None:
    tab.set_content(next(page.body for page in pages if page.name == name))
    tab.set_viewport_size({"width": 360, "height": 700})
    assert axe.unreached(tab) == []


def test_every_page_prints_on_a4_without_controls_or_addresses(pages: list[Page], tab: Tab) -> None:
    found: dict[str, list[str]] = {}
    for page in pages:
        tab.set_content(page.body)
        found |= {page.name: wrong} if (wrong := axe.unprintable(tab)) else {}
    assert found == {}
