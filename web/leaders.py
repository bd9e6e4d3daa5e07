"""What a leader's link opens: the directives he may read, and each one's page; nothing here can be pressed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tasks.values import Paper

from .front import Front
from .pages import address, page, remember_language, spoken_in
from .telling import paper_name
from .visit import Visit, visit
from .words import Say


def papers(request: Request) -> Response:
    """The list of directives; the page itself where there is only one."""
    at = visit(request, "page")
    readable = at.front.readable(at.recipient, at.now)
    if len(readable) == 1:
        return _page(at, readable[0])
    return page(request, "papers.html", papers=listed(readable, at.path()))


def paper(request: Request) -> Response:
    """One directive's page; one that this leader may not read is not found."""
    at = visit(request, "page")
    for readable in at.front.readable(at.recipient, at.now):
        if str(readable.id) == request.path_params["directive"]:
            return _page(at, readable)
    raise HTTPException(404)


def listed(papers: Iterable[Paper], under: str) -> list[tuple[str, Say, str]]:
    """The lines of a list of directives: where each is shown, its name, its title."""
    return [(f"{under}/{paper.id}", paper_name(paper), paper.title) for paper in papers]


def standing_page(request: Request, front: Front, directive: int, *, reader: str, now: datetime, base: str) -> Response:
    """The page of a directive as of now for its reader; `base` is its own address, and that of its rows beneath it."""
    standing = front.abridged(directive, reader, now)
    answer = HTMLResponse(front.report_page(standing, reader, address("report"), base, spoken_in(request).code))
    remember_language(request, answer)
    return answer


def _page(at: Visit, readable: Paper) -> Response:
    return standing_page(at.request, at.front, readable.id, reader=at.recipient, now=at.now, base=at.path(readable.id))
