"""Calendars that a phone subscribes to: an agency's due dates, and those of the papers that a leader reads."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from reports import feed

from .visit import Visit, visit

#: The end of the address of a calendar, after a link's.
NAME = "lich.ics"


def agency(request: Request) -> Response:
    """The open duties with a date of whoever holds the link."""
    at = visit(request, "desk")
    mine = at.desk()
    since = at.front.since(work.id for work in mine.open)
    return _calendar(feed.agency(mine, since, _domain(at), lambda work: at.front.base_url + at.path(work.id)))


def leader(request: Request) -> Response:
    """What falls due in the papers that the link lets read."""
    at = visit(request, "page")
    papers = {paper.id: paper for paper in at.front.readable(at.recipient, at.now)}
    return _calendar(feed.leader(at.front.falling(papers), papers, _domain(at)))


def _domain(at: Visit) -> str:
    return urlsplit(at.front.base_url).hostname or "localhost"


def _calendar(body: bytes) -> Response:
    return Response(body, media_type="text/calendar; charset=utf-8", headers={"content-disposition": f'inline; filename="{NAME}"'})
