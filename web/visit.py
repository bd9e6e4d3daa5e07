"""Whoever opens a link: checks the token, holds the instant of the visit, slows down those who guess."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request

from tasks.values import Desk, Paper, Work

from .front import Front, Opened, Purpose
from .pace import Pace
from .words import local

log = logging.getLogger(__name__)

#: How programs that read other people's mail name themselves.
_SCANNERS = re.compile(
    r"safe ?links|barracuda|proofpoint|urldefense|mimecast|imageproxy|sentinel|trend ?micro|fortinet|headless|phantom|preview|scan|"
    r"bot\b|crawl|spider|curl|wget|python|java/|go-http|okhttp",
    re.IGNORECASE,
)

PLACES: dict[Purpose, str] = {"desk": "t", "page": "l"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request by a good link. `now` is asked of the clock once."""

    request: Request
    front: Front
    now: datetime
    purpose: Purpose
    token: str
    recipient: str
    link: str
    task: int = 0  # of a link that was passed on: the one task that it opens

    def path(self, *parts: object) -> str:
        """The address of a page of this link, without the host."""
        return "/".join(["", PLACES[self.purpose], self.token, *map(str, parts)])

    def address(self, *parts: object) -> str:
        """The whole address of a page of this link, as a code on paper holds it."""
        return self.front.base_url + self.path(*parts)

    def desk(self) -> Desk:
        """What the recipient owes and has done, a page of it where it is much; of a link that was passed on, its task alone."""
        return self.front.desk(self.recipient, self.now, self.task, self.page)

    @property
    def page(self) -> int:
        """The page that the address asks for, from 1."""
        asked = self.request.query_params.get("page", "")
        return int(asked) if re.fullmatch(r"[1-9]\d{0,3}", asked, re.ASCII) else 1

    def desk_of(self, task: str) -> Desk:
        """The one task of it that an address names; none where the link was passed on for another."""
        number = number_of(task)
        if not number or self.task not in (0, number):
            raise HTTPException(404)
        return self.front.desk(self.recipient, self.now, number)

    def today(self, paper: Paper) -> date:
        """The day of the visit in the directive's zone."""
        return local(self.now, paper.zone).date()


def visit(request: Request, purpose: Purpose) -> Visit:
    """The visit, if the path's token opens this purpose; the one page of "not found" for every other token.

    Only failures are counted by network address, so that a good link is never locked out by a neighbour who guesses.
    """
    now = cast(datetime, request.app.state.clock())
    return visited(request, purpose, cast(Front, request.app.state.front).opened(request.path_params["token"], now), now)


def visited(request: Request, purpose: Purpose, opened: Opened | None, now: datetime) -> Visit:
    """As `visit`, of a link that has been looked up."""
    if opened is None or opened.purpose != purpose:
        raise refused(request, now)
    request.state.lang = opened.lang
    if request.method != "POST":
        log.info("%s đã mở đường dẫn %s", "máy quét" if is_scanner(request) else "trình duyệt", opened.link)
    elif not cast(Pace, request.app.state.presses).allows(opened.link, now):
        raise HTTPException(429)
    return Visit(
        request=request, front=request.app.state.front, now=now, purpose=purpose,
        token=request.path_params["token"], recipient=opened.recipient, link=opened.link, task=opened.task,
    )  # fmt: skip


def number_of(task: str) -> int:
    """The task that a part of an address names, 0 for what is no number of one."""
    return int(task) if re.fullmatch(r"[1-9]\d{0,15}", task, re.ASCII) else 0


def refused(request: Request, now: datetime) -> HTTPException:
    """404, or 429 where this network address has failed too often."""
    guesses = cast(Pace, request.app.state.guesses)
    return HTTPException(404 if guesses.allows(network(request), now) else 429)


def network(request: Request) -> str:
    """The address the request came from; a proxy's header counts only where the server was told to trust it."""
    return request.client.host if request.client else ""


def is_scanner(request: Request) -> bool:
    """Whether a visit looks like that of a machine; said in the log and believed by nothing, since machines can look like people."""
    agent = request.headers.get("user-agent", "")
    return request.method == "HEAD" or not agent or bool(_SCANNERS.search(agent))


def work_of(desk: Desk, task: str) -> Work:
    """The task if it stands on this desk; the form never says which task it is, only the address does."""
    for work in (*desk.open, *desk.closed):
        if str(work.id) == task:
            return work
    raise HTTPException(404)
