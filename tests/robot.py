"""What programs do that read other people's mail: ask for every address, follow every anchor, submit every form as it is shipped."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx
import uvicorn
from starlette.types import ASGIApp

AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Safe Links",
    "Mozilla/5.0 (compatible; BarracudaCentral)",
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "Mozilla/5.0 (X11; Linux x64) HeadlessChrome/120.0",
    "",
]


@dataclass
class Shape:
    """A form as shipped: where it goes, what it carries untouched, and its buttons."""

    address: str
    method: str
    kind: str
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Reader(HTMLParser):
    """A page's anchors and forms."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address, self.anchors, self.forms = address, list[str](), list[Shape]()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in said:
            self.anchors.append(urljoin(self.address, said["href"]))
        if tag == "form":
            where, kind = urljoin(self.address, said.get("action", "")), said.get("enctype", "")
            self.forms.append(Shape(where, said.get("method", "get"), kind))
        if self.forms and tag in ("input", "textarea"):
            self._field(said)
        if self.forms and tag == "button":
            self.forms[-1].buttons.append((said.get("name", ""), said.get("value", "")))

    def _field(self, said: dict[str, str]) -> None:
        chosen = said.get("type") not in ("radio", "checkbox") or "checked" in said
        if said.get("name") and chosen and said.get("type") != "file":
            self.forms[-1].values.append((said["name"], said.get("value", "")))


@dataclass
class Robot:
    """One robot and what it has done."""

    client: httpx.Client
    base: str
    heads: int = 0
    gets: int = 0
    followed: int = 0
    submitted: int = 0
    seen: set[str] = field(default_factory=set)

    def read(self, address: str, times: int) -> None:
        """HEAD, then GET so many times under every name; then everything that the page offers."""
        self.heads += 1
        self.client.head(address)
        for number in range(times):
            self.gets += 1
            answer = self.client.get(address, headers={"user-agent": AGENTS[number % len(AGENTS)]})
        self.use(Reader(address, answer.text))

    def use(self, page: Reader) -> None:
        """Follow what leads to our own pages, and submit every form with every button and with none."""
        for anchor in page.anchors:
            if anchor.startswith(self.base) and anchor not in self.seen:
                self.seen.add(anchor)
                self.followed += 1
                self._submit(Reader(anchor, self.client.get(anchor).text).forms)
        self._submit(page.forms)

    def _submit(self, forms: list[Shape]) -> None:
        for form in forms:
            for button in [*form.buttons, ("", "")]:
                self.submitted += 1
                values = dict([*form.values, button] if button[0] else form.values)
                if form.kind == "multipart/form-data":
                    self.client.request(form.method, form.address, files={name: (None, value) for name, value in values.items()})
                else:
                    self.client.request(form.method, form.address, data=values)


@contextmanager
def served(app: ASGIApp, listening: socket.socket) -> Iterator[None]:
    """The pages over real HTTP as long as the block lasts."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield
    server.should_exit = True
    thread.join()


@contextmanager
def port() -> Iterator[tuple[socket.socket, str]]:
    """A listening socket on loopback and its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening, f"http://127.0.0.1:{listening.getsockname()[1]}"
