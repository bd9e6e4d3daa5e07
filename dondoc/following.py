"""`status`: how all papers stand, or one of them by duty, agency, task or indicator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from config.office import Office
from reports.measures import course
from reports.vietnamese import amount, quantity
from tasks.cells import Cells
from tasks.courses import Course
from tasks.ledger import listing, standing
from tasks.ledger.listing import Wanted
from tasks.measured import Line
from tasks.values import Paper, Standing, Work

from . import approving, labels, levels, releasing
from .arguments import AsOf, Here, Json, Number, day_option, option
from .ledger import issued, opened, paper
from .levels import cells_table
from .screen import next_step, show, show_json, table, tell
from .speech import day, moment, say
from .speech import number as count

By = Literal["duty", "agency", "task", "indicator", "kind", "territory", "parent"]

_TASKS = 40  # tasks that are shown without --all
_EVERY = 1_000_000


def status(
    number: Number | None = None, /, *, project: Here,
    by: Annotated[By, option("mỗi dòng là: nhiệm vụ, đơn vị, việc, chỉ tiêu, loại, địa bàn, cấp trên")] = "duty",
    late: Annotated[bool, option("chỉ những gì quá hạn")] = False,
    as_of: AsOf = None,
    since: Annotated[date | None, day_option("so với cuối ngày này: việc nào từ ô nào sang ô nào")] = None,
    every: Annotated[bool, option("mọi dòng", name="--all")] = False,
    json: Json = False,
) -> int:
    """Show how things stand, worst first."""
    at = project.closing(as_of)
    with opened(project) as office:
        if number is None:
            return _all(office, at, late, json)
        of = paper(office, number)
        if by == "task":
            wanted = Wanted(directive=of.id, late_at=at if late else None)
            return _tasks(office, of, wanted, at=at, limit=_EVERY if every or json else _TASKS, as_json=json)
        with office.store.read() as db:
            made = standing.standing(db, of.id, office.calendar, at)
        before = project.closing(since) if since else None
        shown = _shown(office, made, by, late) if before is None else levels.since(office, of, before, at)
    if json:
        cells, rate = labels.plain(made.cells), labels.rate(made.rate)
        show_json({"directive": labels.named(of), "as_of": at, "seq": made.seq, "cells": cells, "rate": rate, **shown[1]})
    else:
        show(head(of, at), shown[0], Text(labels.aside(made.rate), "dim"))
    return 0


def _shown(office: Office, made: Standing, by: By, late: bool) -> levels.Shown:
    if by in levels.LEVELS:
        return levels.by_level(office, made, late, by)
    return {"duty": _by_duty, "agency": _by_agency, "indicator": _by_indicator}[by](office, made, late)


def head(of: Paper, at: datetime) -> Text:
    """A paper's name over a table, and the instant of what stands below."""
    aside = say("{issuer} · lúc {at}", issuer=of.issuer, at=moment(at, ZoneInfo(of.zone)))
    since = [(f"{labels.tie(tie, ZoneInfo(of.zone))}\n", "yellow") for tie in of.ties]
    return Text.assemble((of.number, "bold"), f"  {of.title}\n", *since, (aside, "dim"), "\n")


def _all(office: Office, at: datetime, late: bool, as_json: bool) -> int:
    found = [(of, cells) for of, cells in office.standings(at) if cells.overdue or not late]
    proposals = approving.waiting(office)
    if as_json:
        directives = [{**labels.named(of), "cells": labels.plain(cells)} for of, cells in found]
        show_json({"as_of": at, "directives": directives, "proposals": [approving.plain(each) for each in proposals]})
        return 0
    rows = cells_table("Văn bản", "Ngày", "Trích yếu", wide="Trích yếu")
    for of, cells in found:
        rows.add_row(Text(of.number, "bold"), day(of.issued_on), of.title, *labels.counts(cells))
    show(*releasing.lines(office), rows, *approving.lines(proposals, office.practice.tz))
    if found:
        tell(next_step(say("Xem một văn bản"), f"dondoc status {found[0][0].number}"))
    return 0


Shown = tuple[Table, dict[str, Any]]


def _by_duty(office: Office, made: Standing, late: bool) -> Shown:
    sums = {duty.clause: Cells() for duty in issued(office, made.paper).directive.duties if duty.force != "note"}
    for row in made.agencies:
        for clause, cells in row.by_clause.items():
            sums[clause] += cells
    shorts = dict(zip(sums, (short for _, short in made.duties), strict=True))
    kept = {clause: cells for clause, cells in sums.items() if cells.overdue or not late}
    rows = cells_table("Mục", "Nhiệm vụ", wide="Nhiệm vụ")
    for clause, cells in kept.items():
        rows.add_row(clause, shorts[clause], *labels.counts(cells))
    rows.add_section()
    rows.add_row("", say("Tất cả"), *labels.counts(made.cells))
    return rows, {"duties": [{"clause": clause, "short": shorts[clause], "cells": labels.plain(cells)} for clause, cells in kept.items()]}


def _by_agency(office: Office, made: Standing, late: bool) -> Shown:
    kept = [row for row in made.agencies if row.cells.overdue or not late]
    rows = cells_table("Đơn vị", "Điện thoại", wide="Đơn vị")
    for row in kept:
        name = Text(row.party.short).append(say(" (không có địa chỉ thư)") if row.unreachable else "", "yellow")
        rows.add_row(name, row.party.phone or "", *labels.counts(row.cells))
    return rows, {"agencies": [
        {"id": row.party.id, "name": row.party.name, "phone": row.party.phone, "figure": row.figure, "asked_only": row.peer,
         "unreachable": row.unreachable, "cells": labels.plain(row.cells)} for row in kept
    ]}


def _by_indicator(office: Office, made: Standing, late: bool) -> Shown:
    columns = ("Chỉ tiêu", "Mới nhất", "Ngày", "Mốc tới", "So với mốc", "Chưa có số")
    rows = table(*columns, right=("Mới nhất", "Chưa có số"), wide=("Chỉ tiêu", "So với mốc"))
    today = made.as_of.astimezone(ZoneInfo(made.paper.zone)).date()
    for line in made.lines:
        ahead = next((f"{day(on)} {words}" for on, _, words in line.milestones if on >= today), "")
        last = line.points[-1] if line.points else None
        latest = (quantity(last[1], line.unit), day(last[0])) if last else ("·", "")
        rows.add_row(line.name, *latest, ahead, _heading(course(line, today), today), count(len(line.missing)))
    return rows, {"indicators": list(_lines(made.lines, today))}


def _heading(of: Course | None, today: date) -> str:
    """How far the figure is from the milestone ahead, and what each week must bring."""
    if of is None or of.is_reached:
        return ""
    gap, weekly = _apart(of.gap, of.unit), of.weekly(today)
    if weekly is None:
        return gap
    words = "vượt {gap}, cần giảm {need} mỗi tuần" if of.falls else "thiếu {gap}, cần {need} mỗi tuần"
    said = say(words, gap=gap, need=_apart(weekly, of.unit))
    return f"{said} ({say('chưa kịp')})" if of.falls_short else said


def _apart(value: Decimal, unit: str) -> str:
    said = amount(value)
    return say("{n} điểm", n=said) if unit == "%" else f"{said} {unit}"


def _lines(lines: tuple[Line, ...], today: date) -> Iterator[dict[str, Any]]:
    for line in lines:
        of = course(line, today)
        yield {
            "id": line.indicator, "name": line.name, "unit": line.unit, "missing": list(line.missing), "lapsed": list(line.lapsed),
            "shares": list(line.shares),
            "gap": of.gap if of else None, "weekly": of.weekly(today) if of else None, "falls_short": of.falls_short if of else None,
            "areas": [asdict(area) for area in line.areas],
            "points": [{"on": on, "value": value} for on, value in line.points],
            "milestones": [{"on": on, "value": value, "words": words} for on, value, words in line.milestones],
        }


def words_of(work: Work, at: datetime) -> str:
    """What was said of a task last, and what it hangs on."""
    return " · ".join(filter(None, (work.last_words, labels.beside(work, at))))


def _tasks(office: Office, of: Paper, wanted: Wanted, *, at: datetime, limit: int, as_json: bool) -> int:
    with office.store.read() as db:
        found, total = listing.tasks(db, wanted, office.calendar, limit)
    if as_json:
        show_json({"directive": labels.named(of), "as_of": at, "count": total, "tasks": [asdict(work) for work in found]})
        return 0
    zone = ZoneInfo(of.zone)
    rows = table("Mục", "Đơn vị", "Việc", "Kỳ", "Hạn", "Tình trạng", "Nói gần nhất", wide=("Đơn vị", "Việc", "Nói gần nhất"))
    for work in found:
        rows.add_row(
            work.clause, work.agency.short, work.short, work.term, labels.due(work, zone), labels.state(work, at), words_of(work, at)
        )
    show(head(of, at), rows)
    if more := total - len(found):
        show(Text(say("… và {n} việc nữa (--all)", n=more), "dim"))
    return 0
