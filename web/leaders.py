"""What a leader's link opens: the directives he may read, and each one's page; nothing here can be pressed."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tasks.values import Paper

from .pages import address, page
from .telling import paper_name
from .visit import Visit, visit


def papers(request: Request) -> Response:
    """The list of directives; the page itself where there is only one."""
    at = visit(request, "page")
    readable = at.front.readable(at.recipient, at.now)
    if len(readable) == 1:
        return _page(at, readable[0])
    listed = [(at.path(paper.id), paper_name(paper), paper.title) for paper in readable]
    return page(request, "papers.html", papers=listed)


def paper(request: Request) -> Response:
    """One directive's page; one that this leader may not read is not found."""
    at = visit(request, "page")
    for readable in at.front.readable(at.recipient, at.now):
        if str(readable.id) == request.path_params["directive"]:
            return _page(at, readable)
    raise HTTPException(404)


def _page(at: Visit, readable: Paper) -> Response:
    standing = at.front.standing(readable.id, at.recipient, at.now)
    return HTMLResponse(at.front.report_page(standing, at.recipient, address("report")))
