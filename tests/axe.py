"""What axe-core finds wrong with a page that a real browser shows, in words; for every page that has a test."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

#: WCAG 2.2 A and AA with all that they build on; the page's own context must let scripts run, since axe is one.
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}


def faults(page: Page) -> list[str]:
    """Each rule that is broken, with the elements that break it; empty where all is well. The page may be written anew meanwhile."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("options => axe.run(options).then(found => found.violations)", OPTIONS)
    return [f"{rule['id']}: {', '.join(str(node['target'][0]) for node in rule['nodes'])}" for rule in found]


def misfits(page: Page, width: int) -> list[str]:
    """What pushes the page sideways, what is cut or broken within a word, and what to press is lower than the 44 px of a thumb.

    Links within a sentence are not meant. Where only a mouse points, dense tables are lower: look with a page that has touch.
    """
    found: list[str] = page.evaluate(_MISFITS, width)
    return found


def unprintable(page: Page) -> list[str]:
    """What is wrong with a page on A4: what does not fit, what only a screen can press, an address after the words of a link."""
    page.set_viewport_size({"width": 680, "height": 1000})  # 210 mm without margins of 15
    page.emulate_media(media="print")
    found: list[str] = page.evaluate(_UNPRINTABLE)
    page.emulate_media(media="screen")
    return found


def unmarked(page: Page) -> list[str]:
    """Vietnamese words that nothing on their way up calls Vietnamese."""
    found: list[str] = page.evaluate(_UNMARKED)
    return found


def unreached(page: Page) -> list[str]:
    """What the Tab key alone does not reach, or reaches unseen; it is pressed until it comes round."""
    found: list[str] = []
    left = set(page.evaluate(_TABBED))
    for _ in range(len(left) * 2 + 20):  # a date has stops of its own
        page.keyboard.press("Tab")
        number, seen = page.evaluate(_FOCUSED)
        left.discard(number)
        found += [seen] if seen else []
    return [*found, *(f"unreached: {number}" for number in left)]


_TABBED = """() => {
  const found = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
  const chosen = one => document.querySelector(`[name="${one.name}"]:checked`) || document.querySelector(`[name="${one.name}"]`);
  const tabbed = found.filter(one => one.getClientRects().length && (one.type !== 'radio' || one === chosen(one)));
  tabbed.forEach((one, number) => { one.dataset.tab = `${number} ${one.tagName} ${one.name || one.textContent.trim().slice(0, 30)}`; });
  return tabbed.map(one => one.dataset.tab);
}"""
_FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (!one.dataset.tab) return ['', ''];
  const item = one.matches('.govuk-radios__input, .govuk-checkboxes__input') && one.parentElement;
  const ring = item ? getComputedStyle(item.querySelector('label'), '::before') : getComputedStyle(one);
  const plain = ring.outlineStyle === 'none' && ring.boxShadow === 'none' && one.type !== 'date';
  const out = box.bottom <= 0 || box.top >= innerHeight || box.left < -1 || box.right > innerWidth + 1;
  return [one.dataset.tab, plain ? `without a ring: ${one.dataset.tab}` : out ? `out of sight: ${one.dataset.tab}` : ''];
}"""

_UNMARKED = """() => {
  const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; text = texts.nextNode();)
    if (/[\\u1ea0-\\u1ef9ăđơư]/i.test(text.data) && text.parentElement.closest('[lang]').lang !== 'vi'
      && !text.parentElement.closest('svg, option, textarea')) found.push(text.data.trim());
  return found;
}"""

_MISFITS = """width => {
  const named = one => `${one.tagName} ${one.id || one.className} ${one.textContent.trim().slice(0, 30)}`;
  const every = [...document.querySelectorAll('body *')].filter(one => one.getClientRects().length);
  const pushed = document.documentElement.scrollWidth > width ? ['wider than its screen'] : [];
  const cut = every.filter(one => one.scrollWidth > one.clientWidth + 1 && ['hidden', 'clip'].includes(getComputedStyle(one).overflowX)
    && !one.closest('.govuk-visually-hidden, .govuk-skip-link, .sr, svg, input'));
  const broken = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; text = texts.nextNode();) for (const word of text.data.matchAll(/(?<![\\w\\/.@-])\\p{L}{2,9}(?![\\w\\/.@-])/gu)) {
    const range = document.createRange();
    range.setStart(text, word.index), range.setEnd(text, word.index + word[0].length);
    if (range.getClientRects().length > 1) broken.push(word[0]);
  }
  const words = (block, links) => [...links].reduce((text, link) => text.replace(link.textContent, ''), block.textContent);
  const alone = one => {
    const block = one.matches('a') && one.closest('p, li, td, th, dd, nav, main, footer');
    return block && !/[\\p{L}\\d]/u.test(words(block, block.querySelectorAll('a')));
  };
  const pressed = 'button, .govuk-input, .govuk-textarea, .govuk-select, .govuk-radios__label, .govuk-checkboxes__label, summary, '
    + '.govuk-file-upload, .govuk-back-link, .govuk-task-list__item--with-link, .tap, .counts b a';
  const low = every.filter(one => (one.matches(pressed) || alone(one)) && one.getBoundingClientRect().height < 43.5
    && !one.closest('.govuk-task-list__item--with-link, .govuk-error-summary, .govuk-skip-link'));
  return [
    ...pushed, ...broken.map(one => `broken: ${one}`), ...cut.map(one => `cut: ${named(one)}`), ...low.map(one => `low: ${named(one)}`),
  ];
}"""

_UNPRINTABLE = """() => {
  const named = one => `${one.tagName} ${one.id || one.className} ${one.textContent.trim().slice(0, 30)}`;
  const every = [...document.querySelectorAll('body *')].filter(one => one.getClientRects().length);
  const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['wider than A4'] : [];
  const cut = every.filter(one => one.scrollWidth > one.clientWidth + 1 && !['visible', 'inline'].includes(getComputedStyle(one).overflowX)
    && !one.closest('.govuk-visually-hidden, .sr, svg'));
  const pressed = every.filter(one => one.matches('button, input, select, textarea, nav, .press, .govuk-back-link, [hreflang]'));
  const addressed = every.filter(one => one.matches('a') && getComputedStyle(one, '::after').content.includes('('));
  return [
    ...wide, ...cut.map(one => `cut: ${named(one)}`), ...pressed.map(one => `control: ${named(one)}`),
    ...addressed.map(one => `address: ${named(one)}`),
  ];
}"""
