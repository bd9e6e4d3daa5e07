"""The report of a leader's page as a file: PDF, Word, Excel, or one of its tables as CSV."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from reports import official, printed, sheets
from reports.csv_files import csv_file
from reports.tables import tables
from reports.tongues import speaking
from reports.word import FormError
from tasks.values import Standing

from .front import Front
from .pages import spoken_in
from .visit import visit

log = logging.getLogger(__name__)

_OFFICE = "application/vnd.openxmlformats-officedocument"


def download(request: Request) -> Response:
    """The file of a directive that this leader may read; any other is not found. `?bang=` names the table of a CSV file."""
    at, form = visit(request, "page"), request.path_params["form"]
    for paper in at.front.readable(at.recipient, at.now):
        if str(paper.id) == request.path_params["directive"] and form in _FORMS:
            kind, made = _FORMS[form]
            stands = at.front.standing if form in _LISTS else at.front.abridged
            standing = stands(paper.id, at.recipient, at.now)
            with speaking(spoken_in(request).code):
                body = made(standing, at.front.reader(at.recipient), at.front, request.query_params.get("bang", "don-vi"))
            return Response(body, media_type=kind, headers={"content-disposition": f'attachment; filename="bao-cao-{paper.id}.{form}"'})
    raise HTTPException(404)


def _docx(standing: Standing, reader: str, front: Front, _: str) -> bytes:
    """In the office's own form where it has one; a leader gets his paper in ours where that cannot be filled in."""
    try:
        return official.docx(standing, reader=reader, signing=official.Signing(form=front.form(official.FORM)))
    except FormError as error:
        log.warning("không điền được mẫu %s.docx: %s", official.FORM, error.why)
        return official.docx(standing, reader=reader, signing=official.Signing())


def _csv(standing: Standing, _: str, __: Front, table: str) -> bytes:
    for each in tables(standing):
        if each.id == table:
            return csv_file(each)
    raise HTTPException(404)


_FORMS: dict[str, tuple[str, Callable[[Standing, str, Front, str], bytes]]] = {
    "pdf": ("application/pdf", lambda standing, reader, *_: printed.pdf(standing, reader=reader)),
    "docx": (f"{_OFFICE}.wordprocessingml.document", _docx),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", lambda standing, reader, *_: sheets.workbook(standing, reader=reader)),
    "csv": ("text/csv; charset=utf-8", _csv),
}

#: Which of them list every agency.
_LISTS = {"xlsx", "csv"}
