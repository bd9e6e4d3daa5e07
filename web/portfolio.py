"""All papers of a reader on one page, worst first: by paper, by agency, by territory; two days compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, cast

from starlette.responses import Response

from tasks.cells import Cells
from tasks.ledger import overview, portfolio
from tasks.ledger.portfolio import Part
from tasks.values import Paper

from .form import Submitted
from .house import House
from .rows import asked_day, end_of
from .sessions import Inside, session_demanded
from .telling import paper_name
from .ways import rows_at
from .words import Say

WAYS = {"paper": Say("Theo văn bản"), "agency": Say("Theo đơn vị"), "territory": Say("Theo địa bàn")}
MOST = 500  # lines of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: `href` and `late`, its overdue rows, are "" where there is nothing beneath.

    `change`: how many overdue more than on the other day, None unless asked.
    """

    name: Say | str
    about: Say | str
    cells: Cells
    href: str = ""
    late: str = ""
    change: int | None = None


class Shown(NamedTuple):
    """The lines that are shown, how many there are, and what all come to; `change` is None where no day is compared."""

    lines: list[Line]
    size: int
    total: Cells
    change: int | None = None



@session_demanded
def everything(at: Inside, sent: Submitted | None) -> Response:
    """The page; only what the session may read is on it."""
    by = at.request.query_params.get("by", "")
    by = by if by in WAYS else "paper"
    day, since = (asked_day(at.request, name) for name in ("day", "since"))
    shown = _papers(at, day, since) if by == "paper" else _parts(at, by)
    return at.page(
        "portfolio.html", lines=shown.lines, left=shown.size - MOST, total=shown.total, by=by, ways=WAYS, day=day, since=since,
        compared=shown.change is not None, change=shown.change, sums=by != "territory",
    )


def _papers(at: Inside, day: date | None, since: date | None) -> Shown:
    """The papers as they stood at the end of a day, or stand now."""
    office, mine = cast(House, at.front).office, at.session.reads | at.session.decides
    moment, before = end_of(office, day, at.now), end_of(office, since, at.now) if since else None
    with office.store.read() as db:
        found = [(paper, cells) for paper, cells in overview.all_counted(db, office.calendar, moment) if paper.id in mine]
        then = {paper.id: cells for paper, cells in overview.all_counted(db, office.calendar, before)} if before else {}
    lines = [_line(paper, cells, then.get(paper.id, Cells()) if before else None, day) for paper, cells in found]
    worst = sorted(lines, key=lambda line: (-line.cells.overdue, -line.cells.silent, -line.cells.late))
    change = sum(line.change or 0 for line in lines) if before and lines else None
    return Shown(worst[:MOST], len(worst), sum((line.cells for line in lines), Cells()), change)


def _line(paper: Paper, cells: Cells, then: Cells | None, day: date | None) -> Line:
    change = None if then is None else cells.overdue - then.overdue
    href = f"/home/{paper.id}"
    return Line(name=paper_name(paper), about=paper.title, cells=cells, href=href, late=rows_at(href, "late", day=day), change=change)


def _parts(at: Inside, by: str) -> Shown:
    office, mine = cast(House, at.front).office, at.session.reads | at.session.decides
    counted = portfolio.by_agency if by == "agency" else portfolio.by_territory
    with office.store.read() as db:
        found = counted(db, mine, at.now, MOST)
    lines = [Line(name=part.name, about=_about(part, by), cells=part.cells) for part in found.parts]
    return Shown(lines, found.size, found.cells)


def _about(part: Part, by: str) -> Say:
    papers = Say("%(count)s văn bản", count=part.papers)
    return papers if by == "agency" else Say("%(agencies)s đơn vị, %(papers)s", agencies=part.agencies, papers=papers)
