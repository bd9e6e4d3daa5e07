"""What axe-core finds wrong with a page that a real browser shows, in words; for every page that has a test."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

#: WCAG 2.2 A and AA with all that they build on; the page's own context must let scripts run, since axe is one.
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}


def faults(page: Page) -> list[str]:
    """Each rule that is broken, with the elements that break it; empty where all is well."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{rule['id']}: {', '.join(str(node['target'][0]) for node in rule['nodes'])}" for rule in found]


def small(page: Page, least: int = 44) -> list[str]:
    """What is to be pressed and is lower than `least` pixels; links within a sentence are not meant."""
    found: list[str] = page.evaluate(_SMALL, least)
    return found


_SMALL = """least => [...document.querySelectorAll(
    'button, .govuk-input, .govuk-textarea, .govuk-select, .govuk-radios__label, .govuk-checkboxes__label, .govuk-file-upload, summary, '
    + '.govuk-back-link, .govuk-task-list__item--with-link, .tap')]
  .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < least - 0.5)
  .map(one => `${one.tagName} ${one.id || one.textContent.trim().slice(0, 30)} ${one.getBoundingClientRect().height}`)"""
