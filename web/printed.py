"""The desk on paper: what is open, with room for an answer in ink and a code that opens the desk on a telephone."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from .desk import contacts, pages
from .pages import page
from .status import status
from .telling import caption, facts, name_of
from .visit import visit


def sheet(request: Request) -> Response:
    """A page made to be printed; it changes nothing, and the press that prints it is the browser's."""
    at = visit(request, "desk")
    mine = at.desk()
    rows = [
        (name_of(work), caption(work, paper), work.text, facts(work, paper)[:1], status(work, at.now, paper.zone))
        for work in mine.open if work.lead for paper in [mine.papers[work.directive]]
    ]
    return page(
        request, "print.html", rows=rows, code_of=at.address(),
        party=mine.party, contacts=contacts(mine), desk=at.path(), pages=pages(at, mine),
    )
