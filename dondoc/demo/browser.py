"""A clerk's browser without scripts: it opens a page, reads its links and forms, fills one in and presses its button."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

_ROW = re.compile(r"row-(\d+)-numerator")


@dataclass
class Form:
    """A form with the values that it was served with."""

    action: str
    values: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """A page as read: its links in their order, its forms, the answers it offers, and a figures page's rows by agency."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self.offers: set[str] = set()
        self.rows: dict[str, str] = {}
        self._inside: list[str] = []
        self._legend = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links, forms and the values of their fields."""
        said = {name: value or "" for name, value in attrs}
        if tag in ("a", "legend"):
            self._inside.append(tag)
        if tag == "a":
            self.links.append((urljoin(self.address, said.get("href", "")), ""))
        elif tag == "legend":
            self._legend = ""
        elif tag == "form":
            self.forms.append(Form(urljoin(self.address, said.get("action", ""))))
        elif tag in ("input", "textarea") and self.forms:
            self._field(said)

    def handle_endtag(self, tag: str) -> None:
        """A link or a legend ends."""
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        """Keep the words of a link, and those of the legend that heads a row."""
        if "a" in self._inside:
            address, words = self.links[-1]
            self.links[-1] = (address, (words + data).strip())
        elif "legend" in self._inside:
            self._legend = (self._legend + data).strip()

    def _field(self, said: Mapping[str, str]) -> None:
        name, kind = said.get("name", ""), said.get("type", "")
        if kind == "radio" and name == "kind":
            self.offers.add(said["value"])
        if row := _ROW.fullmatch(name):
            self.rows[self._legend] = row[1]
        if name and (kind not in ("radio", "checkbox", "file") or "checked" in said):
            self.forms[-1].values[name] = said.get("value", "")


class Browser:
    """Opens pages over HTTP as a clerk would; it keeps no cookies from one agency to the next."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def open(self, address: str) -> Page:
        """Read a page. Raises httpx.HTTPStatusError for a refusal."""
        return _page(await self._client.get(address))

    async def answer(self, asked: Page, typed: Mapping[str, str]) -> None:
        """Fill in the form of a page, look at what will be sent, send it."""
        check = _page(await self._press(asked.forms[0], typed, "check"))
        (await self._press(check.forms[0], {}, "send")).raise_for_status()

    async def _press(self, form: Form, typed: Mapping[str, str], step: str) -> httpx.Response:
        # As a browser sends a form with a place for files: in parts, even where no file was chosen.
        parts = {name: (None, value) for name, value in {**form.values, **typed, "step": step}.items()}
        return await self._client.post(form.action, files=parts)


def _page(answer: httpx.Response) -> Page:
    answer.raise_for_status()
    page = Page(str(answer.url))
    page.feed(answer.text)
    return page
