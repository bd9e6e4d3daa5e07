"""The report of a leader's page as a file: PDF, Word, Excel, or one of its tables as CSV."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from reports import official, printed, sheets
from reports.csv_files import csv_file
from reports.tables import tables
from reports.tongues import speaking
from reports.word import FormError
from tasks.values import Standing
from tasks.watches import Watch

from .pages import spoken_in
from .visit import visit

log = logging.getLogger(__name__)

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a file is made of; `own` is the office's own Word form, `table` that of a CSV file."""

    standing: Standing
    reader: str
    watch: Watch
    own: bytes | None
    table: str


def download(request: Request) -> Response:
    """The file of a directive that this leader may read; any other is not found. `?bang=` names the table of a CSV file."""
    at, form = visit(request, "page"), request.path_params["form"]
    for paper in at.front.readable(at.recipient, at.now):
        if str(paper.id) == request.path_params["directive"] and form in _FORMS:
            kind, made = _FORMS[form]
            stands = at.front.standing if form in _LISTS else at.front.abridged
            asked = _Asked(
                standing=stands(paper.id, at.recipient, at.now), reader=at.front.reader(at.recipient),
                watch=at.front.watch(paper.id, at.now), own=at.front.form(official.FORM), table=request.query_params.get("bang", "don-vi"),
            )
            with speaking(spoken_in(request).code):
                body = made(asked)
            return Response(body, media_type=kind, headers={"content-disposition": f'attachment; filename="bao-cao-{paper.id}.{form}"'})
    raise HTTPException(404)


def _docx(asked: _Asked) -> bytes:
    """In the office's own form where it has one; a leader gets his paper in ours where that cannot be filled in."""
    made = partial(official.docx, asked.standing, reader=asked.reader, watch=asked.watch)
    try:
        return made(signing=official.Signing(form=asked.own))
    except FormError as error:
        log.warning("không điền được mẫu %s.docx: %s", official.FORM, error.why)
        return made(signing=official.Signing())


def _csv(asked: _Asked) -> bytes:
    for each in tables(asked.standing):
        if each.id == asked.table:
            return csv_file(each)
    raise HTTPException(404)


_FORMS: dict[str, tuple[str, Callable[[_Asked], bytes]]] = {
    "pdf": ("application/pdf", lambda asked: printed.pdf(asked.standing, reader=asked.reader, watch=asked.watch)),
    "docx": (f"{_OFFICE}.wordprocessingml.document", _docx),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", lambda asked: sheets.workbook(asked.standing, reader=asked.reader, watch=asked.watch)),
    "csv": ("text/csv; charset=utf-8", _csv),
}

#: Which of them list every agency.
_LISTS = {"xlsx", "csv"}
