"""`lateness` and `calls`: whose the late days are, the ranking that follows, and who is to be telephoned first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from tasks import lateness, triage
from tasks.lateness import Charged, Days, Ranked
from tasks.ledger import lateness as late_days
from tasks.ledger import standing
from tasks.ledger import triage as answers
from tasks.triage import Call
from tasks.values import Paper, Standing

from . import labels
from .arguments import AsOf, Here, Json, Number, option
from .following import head
from .ledger import opened, paper
from .screen import show, show_json, table
from .speech import day, say
from .speech import number as count

By = Literal["agency", "duty"]

#: How the ranking is reckoned, printed with every ranking.
FORMULA = "điểm = số ngày chậm do đơn vị ÷ số việc đã đến hạn hoặc đã xong; ít hơn thì xếp trên, bằng nhau thì đồng hạng"

_PARTS = ("Ngày chậm", "Do đơn vị", "Thư đi muộn", "Thư hỏng", "Chờ quyết định", "Chờ mục trước", "Ngày nghỉ")

SILENCE: dict[triage.Silence, str] = {
    "undelivered": "thư chưa tới", "contradictory": "lời báo trái nhau", "silent": "thư tới, im lặng",
    "received": "đã tiếp nhận, im lặng", "partial": "mới báo một phần",
}


def lateness_(
    number: Number, /, *, project: Here,
    by: Annotated[By, option("mỗi dòng là: đơn vị, nhiệm vụ")] = "agency",
    rank: Annotated[bool, option("xếp thứ tự các đơn vị theo số ngày chậm của chính họ")] = False,
    as_of: AsOf = None, json: Json = False,
) -> int:
    """Show whose each late day is: the agency's, the issuer's, another's, or nobody's; the parts sum to the whole."""
    at = project.closing(as_of)
    with opened(project) as office:
        of = paper(office, number)
        with office.store.read() as db:
            charged = late_days.late(db, of.id, office.calendar, at)
            made = standing.standing(db, of.id, office.calendar, at) if rank else None
    if made is not None:
        return _ranking(of, made, lateness.ranked(charged, ((row.party, row.rate.judged) for row in made.agencies)), at, json)
    rows = _grouped(charged, by)
    whole = sum((row.days for row in charged), Days())
    if json:
        show_json({
            "directive": labels.named(of), "as_of": at, "days": _plain(whole),
            "rows": [{"key": key, "name": name, "tasks": tasks, "days": _plain(days)} for key, name, tasks, days in rows],
        })
        return 0
    shown = _days_table("Đơn vị" if by == "agency" else "Mục")
    for _, name, tasks, days in rows:
        shown.add_row(name, count(tasks), *_cells(days))
    shown.add_section()
    shown.add_row(say("Tất cả"), count(sum(row.tasks for row in charged)), *_cells(whole))
    show(head(of, at), shown)
    return 0


def calls(number: Number, /, *, project: Here, as_of: AsOf = None, json: Json = False) -> int:
    """List whom to telephone, in order, and why nothing was heard of each."""
    at = project.closing(as_of)
    with opened(project) as office:
        of = paper(office, number)
        with office.store.read() as db:
            found = triage.calls(answers.heard(db, of.id, office.calendar, at))
    if json:
        show_json({"directive": labels.named(of), "as_of": at, "calls": [_call(call) for call in found]})
        return 0
    zone = ZoneInfo(of.zone)
    rows = table("Đơn vị", "Điện thoại", "Vì sao gọi", "Việc", "Hạn sớm nhất", right=("Việc",), wide=("Đơn vị",))
    for call in found:
        heard = call.heard
        due = day(heard.oldest.astimezone(zone).date()) if heard.oldest else ""
        rows.add_row(heard.agency.name, heard.agency.phone or "", say(SILENCE[call.silence]), count(heard.pressing), due)
    show(head(of, at), rows)
    return 0


def _ranking(of: Paper, made: Standing, ranked: tuple[Ranked, ...], at: datetime, as_json: bool) -> int:
    beside = made.rate
    if as_json:
        ranking = [
            {"place": row.place, "id": row.agency.id, "name": row.agency.name, "judged": row.judged, "days": row.days,
             "score": round(float(row.score), 4)} for row in ranked
        ]
        show_json({
            "directive": labels.named(of), "as_of": at, "formula": FORMULA, "exempt": beside.exempt,
            "unreachable": beside.unreachable, "ranking": ranking,
        })
        return 0
    rows = table("Thứ", "Đơn vị", "Việc", "Do đơn vị", "Điểm", right=("Thứ", "Việc", "Do đơn vị", "Điểm"), wide=("Đơn vị",))
    for row in ranked:
        rows.add_row(count(row.place), row.agency.name, count(row.judged), count(row.days), f"{float(row.score):.2f}".replace(".", ","))
    show(head(of, at), rows, Text(say(FORMULA), "dim"), Text(labels.aside(beside), "dim"))
    return 0


def _grouped(charged: Iterable[Charged], by: By) -> list[tuple[str, str, int, Days]]:
    """(key, name, late tasks, days) of each agency or clause, most days first."""
    names: dict[str, str] = {}
    tasks: defaultdict[str, int] = defaultdict(int)
    days: defaultdict[str, Days] = defaultdict(Days)
    for row in charged:
        key = row.agency.id if by == "agency" else row.clause
        names[key] = row.agency.name if by == "agency" else row.clause
        tasks[key] += row.tasks
        days[key] += row.days
    return sorted(((key, names[key], tasks[key], days[key]) for key in names), key=lambda row: (-row[3].whole, row[1], row[0]))


def _days_table(first: str) -> Table:
    made = table(first, "Việc", *_PARTS, right=("Việc", *_PARTS), wide=(first,))
    for column in made.columns[2:]:
        column.header = str(column.header).replace(" ", "\n", 1)
    return made


def _cells(days: Days) -> tuple[str, ...]:
    values = (days.whole, days.agency, days.unsent, days.bounced, days.undecided, days.upstream, days.calendar)
    return tuple(count(value) if value else "·" for value in values)


def _plain(days: Days) -> dict[str, int]:
    return {**asdict(days), "issuer": days.issuer, "whole": days.whole}


def _call(call: Call) -> dict[str, Any]:
    heard = call.heard
    return {
        "id": heard.agency.id, "name": heard.agency.name, "phone": heard.agency.phone, "class": call.silence,
        "pressing": heard.pressing, "oldest": heard.oldest, "told": heard.told, "tasks": heard.tasks,
    }
