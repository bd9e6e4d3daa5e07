"""The rows behind a number of a leader's page: read only, for as long as the link or the session that opened the page lives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from config.office import Office
from tasks.ledger import cells
from tasks.ledger.cells import Cell, Chosen, Key, Rows
from tasks.ledger.counting import past
from tasks.ledger.issued import load
from tasks.values import Paper, Standing, Work

from .form import Submitted
from .front import Front
from .house import House
from .pages import page
from .sessions import Inside, session_demanded
from .status import Status, status
from .telling import name_of, paper_name
from .visit import visit
from .ways import rows_at
from .words import Say, local

NAMES: dict[Cell, Say] = {
    "late": Say("Việc quá hạn"), "silent": Say("Việc chưa báo cáo"), "soon": Say("Việc sắp đến hạn"), "doing": Say("Việc đang làm"),
    "undated": Say("Việc không thời hạn"), "dateless": Say("Việc không thời hạn"), "done": Say("Việc đã xong"), "all": Say("Tất cả việc"),
    "asked": Say("Đề nghị gia hạn chờ quyết định"), "claimed": Say("Việc chờ xác nhận"), "returned": Say("Việc bị trả lại"),
}  # fmt: skip

#: Where a page begins, in numbers that every store holds.
_NUMBERS = re.compile(r"\d{1,15}-\d{1,15}", re.ASCII)

#: What has changed since the reader's last report.
CHANGED: dict[str, Say] = {
    "done": Say("Việc xong từ kỳ báo cáo trước"), "overdue": Say("Việc mới quá hạn từ kỳ báo cáo trước"),
    "granted": Say("Việc được gia hạn từ kỳ báo cáo trước"), "refused": Say("Đề nghị gia hạn không được đồng ý từ kỳ báo cáo trước"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A task as its leader reads it. `decide` is "" where he may not."""

    agency: str
    phone: str
    name: Say | str
    status: Status
    said: Say | str
    decide: str


def by_link(request: Request) -> Response:
    """The rows, by a leader's link."""
    at = visit(request, "page")
    paper = _wanted(request, at.front.readable(at.recipient, at.now))
    facts = _facts(request, at.front, at.now, paper, at.path(paper.id), reader=at.recipient, may=False)
    return page(request, "rows.html", layout="layout.html", **facts)


@session_demanded
def inside(at: Inside, sent: Submitted | None) -> Response:
    """The rows, after a login; with the way to decide of each."""
    paper = _wanted(at.request, at.front.papers(at.session))
    may = at.session.may("decide", paper.id)
    facts = _facts(at.request, at.front, at.now, paper, f"/home/{paper.id}", reader=at.session.agency, may=may)
    return at.page("rows.html", layout="inside.html", **facts)


def _wanted(request: Request, readable: tuple[Paper, ...]) -> Paper:
    for paper in readable:
        if str(paper.id) == request.path_params["directive"]:
            return paper
    raise HTTPException(404)


def _facts(request: Request, front: Front, now: datetime, paper: Paper, base: str, *, reader: str, may: bool) -> dict[str, Any]:
    """What the page says: the rows of the cell or of the change that the address asks for."""
    if (change := request.query_params.get("change", "")) in CHANGED:
        return _changed(front.standing(paper.id, reader, now), base, change, may=may)
    office, chosen = cast(House, front).office, _chosen(request)
    day = asked_day(request, "day")
    then = end_of(office, day, now)
    with office.store.read() as db:
        at = past(db, load(db, paper.id, office.calendar), then)
        found = cells.rows(db, at, chosen, office.calendar, after=_key(request.query_params.get("after", "")))
    who = found.works[0].agency.name if chosen.agency and found.works else ""
    return {
        "heading": NAMES[chosen.cell], "paper": paper_name(paper), "who": who, "clause": chosen.clause, "count": found.count, "back": base,
        "rows": [_row(work, then, paper, may=may and then == now) for work in found.works], "more": _more(base, chosen, found, day),
        "cells": _cells(base, chosen.cell, chosen.agency, chosen.clause, day), "day": day,
    }


def asked_day(request: Request, name: str) -> date | None:
    """The day that an address asks for, None where it asks for none that there is."""
    try:
        return date.fromisoformat(request.query_params.get(name, ""))
    except ValueError:
        return None


def end_of(office: Office, day: date | None, now: datetime) -> datetime:
    """The last instant of a day in the office's zone; no day, and what has not come yet, is now."""
    return min(now, office.calendar.day_end(day, office.practice.tz)) if day else now


def _changed(standing: Standing, base: str, kind: str, *, may: bool) -> dict[str, Any]:
    """The rows of a line of "what changed", the latest first where there are too many for a report."""
    works = [change.work for change in standing.changes if change.kind == kind]
    return {
        "heading": CHANGED[kind], "paper": paper_name(standing.paper), "who": "", "clause": "", "day": None, "back": base, "more": "",
        "count": standing.changed.get(kind, len(works)), "cells": _cells(base),
        "rows": [_row(work, standing.as_of, standing.paper, may=may) for work in works],
    }


def _cells(base: str, shown: str = "", agency: str = "", clause: str = "", day: date | None = None) -> list[tuple[str, Say]]:
    return [(rows_at(base, cell, agency, clause, day), NAMES[cell]) for cell in NAMES if cell not in (shown, "undated")]


def _chosen(request: Request) -> Chosen:
    asked = {name: request.query_params.get(name, "")[:200] for name in ("cell", "agency", "clause")}
    if asked["cell"] not in NAMES:
        raise HTTPException(404)
    return Chosen(cell=asked["cell"], agency=asked["agency"], clause=asked["clause"])


def _key(typed: str) -> Key:
    """Where a page begins, as `_more` wrote it."""
    due, _, task = typed.partition("-")
    return (int(due), int(task)) if _NUMBERS.fullmatch(typed) else cells.START


def _more(base: str, chosen: Chosen, found: Rows, day: date | None) -> str:
    here = rows_at(base, chosen.cell, chosen.agency, chosen.clause, day)
    return f"{here}&after={found.after[0]}-{found.after[1]}" if found.after else ""


def _row(work: Work, now: datetime, paper: Paper, *, may: bool) -> Row:
    said: Say | str = ""
    if work.last_words and work.last_words_at:
        said = Say("“%(words)s” (%(day)s)", words=work.last_words, day=local(work.last_words_at, paper.zone).date())
    return Row(
        agency=work.agency.name, phone=work.agency.phone or "", name=name_of(work), status=status(work, now, paper.zone), said=said,
        decide=f"/home/{paper.id}/tasks/{work.id}" if may and work.state != "void" else "",
    )
