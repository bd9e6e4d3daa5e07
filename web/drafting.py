"""The công văn đôn đốc of a paper as a file: a draft that lists exactly the agencies that are late, for whoever decides of the paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from config.office import Office
from reports.urging import FORM, Signing, urging
from reports.word import form
from tasks.ledger import listing
from tasks.ledger.listing import Wanted
from tasks.values import Paper, Work

from .form import Submitted
from .house import House
from .sessions import Inside, session_demanded

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

#: What waits for the issuer is not late by its agency.
_THEIRS = ("open", "received", "progress")
_MOST, _DAYS = 2_000, 5


def draft_of(paper: int, agencies: Iterable[str] = ()) -> str:
    """The address of the draft: of all who are late, or of some."""
    asked = urlencode([("agency", agency) for agency in agencies])
    return f"/home/{paper}/cong-van-don-doc.docx{'?' if asked else ''}{asked}"


@session_demanded
def draft(at: Inside, sent: Submitted | None) -> Response:
    """The file, of all who are late or of those that the address names; where nobody is late there is none."""
    office, paper = cast(House, at.front).office, _mine(at)
    named = set(at.request.query_params.getlist("agency"))
    late = [work for work in theirs(office, paper, at) if not named or work.agency.id in named]
    if not late:
        raise HTTPException(404)
    until = office.calendar.add_working(at.now.astimezone(office.practice.tz).date(), _DAYS)
    made = urging(paper, late, at.now, until, Signing(office=paper.issuer, form=at.front.form(FORM) or form(FORM)))
    return Response(made, media_type=WORD, headers={"content-disposition": f'attachment; filename="cong-van-don-doc-{paper.id}.docx"'})


def theirs(office: Office, paper: Paper, at: Inside) -> list[Work]:
    """What is overdue and ordered, of the agencies alone: of what is asked of peers nobody is pressed."""
    wanted = Wanted(directive=paper.id, late_at=at.now, states=_THEIRS)
    with office.store.read() as db:
        found, _ = listing.tasks(db, wanted, office.calendar, _MOST)
    return [work for work in found if work.force == "do" and work.asks_until is None]


def _mine(at: Inside) -> Paper:
    for paper in at.front.papers(at.session):
        if str(paper.id) == at.request.path_params["directive"] and at.session.may("decide", paper.id):
            return paper
    raise HTTPException(404)
