"""What has changed since the report before, and what waits for a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tasks.values import Standing, Work

from .calls import clause_of, due_day, local
from .tongues import say
from .vietnamese import clipped, names, near, number

#: kind of change → (colour, mark, words), in the order they are told.
_TOLD = {
    "done": ("done", "✓", "{n} việc xong"),
    "overdue": ("late", "!", "{n} việc mới quá hạn"),
    "granted": ("plain", "→", "{n} việc được gia hạn"),
    "refused": ("plain", "×", "{n} đề nghị gia hạn không được đồng ý"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A line of the section: the kind of change, its colour, mark, count with its words, and who."""

    kind: str
    key: str
    mark: str
    head: str
    body: str


def notes(standing: Standing) -> tuple[Note, ...]:
    """Changes by kind, then the requests that wait. A request that came and was decided in between is told by its decision."""
    told = []
    for kind, (key, mark, words) in _TOLD.items():
        works = [change.work for change in standing.changes if change.kind == kind]
        if works:
            told.append(Note(kind=kind, key=key, mark=mark, head=say(words, n=_count(standing, kind)), body=_who(works)))
    return (*told, *_requests(standing))


def reckoned(standing: Standing) -> str:
    """How the overdue of the report before became those of today, row by row; "" in a first report, and where changes were not counted."""
    if standing.cells_before is None:
        return ""
    before, now, new = standing.cells_before.overdue, standing.cells.overdue, _count(standing, "overdue")
    gone = before + new - now
    if gone < 0:
        return ""
    left = say(" − {gone} đã xong, được gia hạn hoặc thôi thực hiện", gone=gone) if gone else ""
    return say("Quá hạn: {before} từ kỳ trước + {new} mới{left} = {now}.", before=before, new=new, left=left, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A request that waits for its reader: the task, whose it is, what is asked, and why."""

    task: int
    agency: str
    phone: str
    what: str
    dates: str
    why: str


def decisions(standing: Standing) -> tuple[Decision, ...]:
    """The requests for more time that nobody has decided, the oldest first."""
    today = local(standing.as_of, standing).date()
    return tuple(_decision(work, standing.paper.zone, today) for work in standing.requests)


def _decision(work: Work, zone: str, today: date) -> Decision:
    due, until = due_day(work, zone), work.asks_until
    dates = " → ".join(near(day, today) for day in (due, until) if day)
    times = say(", lần thứ {nth}", nth=work.asked) if work.asked >= 3 else ""
    what = say("Mục {clause}: {words}", clause=work.clause, words=clipped(work.short, 120)) if work.clause else clipped(work.short, 120)
    why = f"“{clipped(work.last_words, 160)}”" if work.last_words else ""
    return Decision(
        task=work.id, agency=work.agency.name, phone=work.agency.phone or "", what=what, why=why,
        dates=say("xin lùi hạn {dates}{times}", dates=dates, times=times),
    )


def _count(standing: Standing, kind: str) -> int:
    """All changes of a kind, of which a standing may list a part."""
    return standing.changed.get(kind, sum(change.kind == kind for change in standing.changes))


def quiet(standing: Standing) -> str:
    """What stands in place of changes where there are none to tell."""
    if standing.before is None:
        return say("Đây là báo cáo đầu tiên; kỳ sau sẽ so với báo cáo này.")
    if standing.changes:
        return ""
    since = near(local(standing.before, standing).date(), local(standing.as_of, standing).date())
    return say("Không có gì thay đổi từ {day}.", day=since)


def _who(works: Sequence[Work]) -> str:
    """Agencies with their clauses, or with a count where an agency has many."""
    by_agency: dict[str, list[Work]] = {}
    for work in works:
        by_agency.setdefault(work.agency.id, []).append(work)
    return names([_whose(mine) for mine in by_agency.values()])


def _whose(works: Sequence[Work]) -> str:
    clauses = Counter(clause_of(work) for work in works if work.clause)
    if not clauses or len(clauses) > 3:
        return f"{works[0].agency.short} {number(len(works))}"
    listed = ", ".join(clause if count == 1 else say("{n} việc {clause}", n=count, clause=clause) for clause, count in clauses.items())
    return f"{works[0].agency.short} ({listed})"


def _requests(standing: Standing) -> tuple[Note, ...]:
    if not standing.requests:
        return ()
    today = local(standing.as_of, standing).date()
    told = names([_request(work, standing.paper.zone, today) for work in standing.requests], others="và {n} đề nghị khác")
    return (Note(kind="asks", key="asked", mark="?", head=say("{n} đề nghị gia hạn chờ quyết định", n=len(standing.requests)), body=told),)


def _request(work: Work, zone: str, today: date) -> str:
    due, until = due_day(work, zone), work.asks_until
    dates = [say("hạn {day}", day=near(due, today)) if due else "", say("xin đến {day}", day=near(until, today)) if until else ""]
    what = ", ".join(part for part in (clause_of(work) or clipped(work.short, 60), *dates) if part)
    why = f": “{clipped(work.last_words, 120)}”" if work.last_words else ""
    return f"{work.agency.short} ({what}){why}"
