"""One request at the issuer's desk: who is there, which papers are his to decide of, and the office's ledger behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from config.office import Office
from tasks.ledger import chronicle
from tasks.ledger.works import papers, works
from tasks.values import Paper, Work
from web.form import Submitted
from web.house import House
from web.sessions import Inside, session_demanded
from web.status import Status, status
from web.telling import name_of
from web.visit import network
from web.words import Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a list."""

    href: str
    name: Say | str
    hints: tuple[Say | str, ...] = ()
    status: Status | None = None
    count: int | None = None


@dataclass(frozen=True)
class Room:
    """Where a page of the desk stands. Everything that it shows is of papers that the session decides of."""

    at: Inside

    @property
    def house(self) -> House:
        """The pages' other side in production: the desk has no other."""
        return cast(House, self.at.front)

    @property
    def office(self) -> Office:
        """The office at work."""
        return self.house.office

    @property
    def mine(self) -> frozenset[int]:
        """The papers, by row number."""
        return self.at.session.decides

    def read(self) -> AbstractContextManager[Any]:
        """The ledger as it stands."""
        return self.office.store.read()

    def asked(self, name: str) -> str:
        """What the address asks for, "" where it does not."""
        return self.at.request.query_params.get(name, "")[:200]

    def number(self, name: str) -> int:
        """A number in the address. Raises HTTPException for what is none."""
        typed = str(self.at.request.path_params[name])
        if not (typed.isascii() and typed.isdigit() and len(typed) < 16):
            raise HTTPException(404)
        return int(typed)

    def paper(self) -> Paper:
        """The paper that the address names. Raises HTTPException where it is not this desk's."""
        number = self.number("directive")
        if number not in self.mine:
            raise HTTPException(404)
        with self.read() as db:
            return papers(db, [number])[number]

    def task(self) -> tuple[Work, Paper]:
        """The task that the address names, with its paper. Raises HTTPException where it is not this desk's."""
        number = self.number("task")
        with self.read() as db:
            if chronicle.directive_of(db, number) not in self.mine:
                raise HTTPException(404)
            work = works(db, [number], self.office.calendar)[number]
            return work, papers(db, [work.directive])[work.directive]

    def line(self, work: Work, paper: Paper, *hints: Say | str) -> Line:
        """A task in a list."""
        said = (work.agency.name, *(hint for hint in hints if hint))
        return Line(href=f"/office/tasks/{work.id}", name=name_of(work), hints=said, status=status(work, self.at.now, paper.zone))

    def onward(self, **asked: object) -> str:
        """The address of the next page of a list: what was asked for, and where it begins."""
        known = {name: value for name, value in self.at.request.query_params.items() if name not in ("lang", *asked)}
        return f"{self.at.request.url.path}?{urlencode({**known, **asked})}"

    @property
    def agent(self) -> dict[str, str]:
        """Where a decision came from, for the event."""
        return {"ip": network(self.at.request), "agent": self.at.request.headers.get("user-agent", "")[:200]}


def term_of(work: Work) -> Say | str:
    """The term of a task as a list says it, "" where it has none."""
    return Say("Kỳ từ %(day)s", day=date.fromisoformat(work.term[:10])) if work.term else ""


def desk_demanded(shown: Callable[[Room, Submitted | None], Response]) -> Callable[[Request], Awaitable[Response]]:
    """The page for whoever decides of a paper; for everybody else who is logged in there is no such page."""

    @session_demanded
    def guarded(at: Inside, sent: Submitted | None) -> Response:
        if not at.session.decides:
            raise HTTPException(404)
        return shown(Room(at), sent)

    return guarded


