"""Pages over a small real office, and the way in by a letter, for tests of links and sessions."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from config.clock import HandClock
from config.office import Office
from config.settings import load
from directives.language.reading import read
from dondoc.demo.stage import FILES, project
from notifications import links
from notifications.links import Purpose
from tasks.ledger import doors
from tests.counter import Visitor
from tests.sample import at
from web.app import build
from web.house import House
from web.postman import Postman

NOW = at("2020-05-20")

#: A paper whose report comes when the office asks for it.
FLOOD = """
agencies: cai-rang
directive: 12/UBND
date: 19/5/2020
title: Phòng, chống lụt bão năm 2020
issuer: ubnd-quan
signer: pct-vx
duties:
  1:
    lead: phuong
    do: Các phường báo cáo thiệt hại khi có yêu cầu.
    short: Báo cáo thiệt hại
    every: on request
"""
HOST = "https://don-doc.cairang.example"
ISSUER, LEADER, WARD = "vanthu@cairang.example", "ct@cairang.example", "ba-lang"


@dataclass
class Place:
    """An office that has issued 898/UBND, its pages, and a clock that stands still until it is moved."""

    office: Office
    clock: HandClock = field(default_factory=lambda: HandClock(NOW))

    def __post_init__(self) -> None:
        self.app = build(House(self.office, self.clock, Postman(self.office, self.clock)), self.clock.now)

    def issue(self, paper: str) -> int:
        """Issue one more paper, written as its file would be, now; its row number."""
        file = self.office.settings.home / "directives" / "another.yaml"
        file.write_text(paper, encoding="utf-8")
        [(_, directive)] = read([file], self.office.settings.home / "config" / "agencies").directives
        return self.office.issue(directive, self.clock.now()).directive

    @property
    def base(self) -> str:
        return self.office.settings.base_url

    @contextmanager
    def again(self, change: Callable[[Path], object]) -> Iterator[Place]:
        """The same office started again after a change to its folder of state."""
        change(self.office.settings.data)
        office = Office.open(load(self.office.settings.home, base_url=self.base))
        yield Place(office, self.clock)
        office.close()

    def visitor(self) -> Visitor:
        """A browser of its own."""
        return Visitor(self.app, self.base)

    def pass_(self, span: timedelta) -> None:
        """Let time go by."""
        self.clock.at += span

    def token(self, agency: str = WARD, purpose: Purpose = "desk", until: datetime | None = None) -> str:
        """The token of a link that stands."""
        with self.office.store.write() as db:
            link = doors.give(db, agency, purpose, self.clock.now(), until)
        return self.office.settings.keys.token(purpose, link, agency)

    def ask(self, query: str, **values: object) -> list[Any]:
        """Rows of the ledger."""
        with self.office.store.read() as db:
            return list(db.execute(text(query), values))

    def dump(self) -> str:
        """Everything that the ledger holds."""
        with self.office.store.read() as db:
            names = sorted(db.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())
            return repr([(name, sorted(map(repr, db.execute(text(f'SELECT * FROM "{name}"'))))) for name in names])

    def letters(self, lane: str = "login") -> list[str]:
        """The addresses in the letters of a lane that wait, in their order."""
        found = self.office.outbox.claim(lane, self.clock.now(), 50)  # type: ignore[arg-type]
        made = [self.office.composer.preview(notice).text for notice in found]
        self.office.outbox.release(found, self.clock.now())
        return [address for letter in made for address in re.findall(r"https?://\S+", letter)[:1]]

    def path(self, address: str) -> str:
        """An address without the host, which must be ours."""
        assert address.startswith(f"{self.base}/")
        return address.removeprefix(self.base)

    def logged_in(self, visitor: Visitor, mail: str = ISSUER) -> httpx.Response:
        """The answer to the press that ends a login."""
        visitor.post("/login", data={"mail": mail})
        return visitor.post(self.path(self.letters()[-1]))


@contextmanager
def place(folder: Path, base_url: str = HOST, again: bool = False, **settings: object) -> Iterator[Place]:
    """The office in a folder, open as long as the block lasts; `again` issues into a ledger of its own."""
    for name, content in _issued().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    office = Office.open(load(folder, base_url=base_url, **settings))
    if again:
        _issue(office, folder)
    yield Place(office)
    office.close()


@cache
def _issued() -> dict[str, bytes]:
    """The files of an office that has just issued."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = Office.open(project(folder, 8020, 1))
        _issue(office, folder)
        office.close()
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _issue(office: Office, folder: Path) -> None:
    [(_, directive)] = read([folder / FILES[0]], folder / "config" / "agencies").directives
    office.issue(directive, at("2020-05-18"))


def parts(token: str) -> links.Token:
    """The parts of a token that looks right."""
    found = links.read(token)
    assert found is not None
    return found
