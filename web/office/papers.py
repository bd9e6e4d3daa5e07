"""The first page of the desk, one paper, its tasks, and the plan that it was issued by."""

from __future__ import annotations

from typing import cast, get_args
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from directives.language.calendar import written
from reports import owing, plan_page
from reports.foresight import foresight
from tasks.cells import Cells
from tasks.forecast import forecast
from tasks.ledger import breaker, counting, issued, orders, proposals, shelf, trays
from tasks.ledger.former import duties
from tasks.ledger.shelf import START, Chosen, Which
from tasks.values import Paper
from web.form import Submitted
from web.status import Status
from web.telling import paper_name
from web.words import Say, local

from .asking import asked_for
from .room import Line, Room, desk_demanded, term_of

MOST = 25  # papers of a page

#: A page that is shown as it was made for a file: it runs nothing, loads nothing, and has its style within.
SANDBOX = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)

TRAYS: dict[trays.Tray, Say] = {
    "confirm": Say("Chờ xác nhận hoàn thành"), "requests": Say("Xin gia hạn"), "returned": Say("Trả lại, không thuộc thẩm quyền"),
    "paused": Say("Đang tạm dừng"), "replies": Say("Thư trả lời chờ ghi"), "letters": Say("Thư hỏng hoặc chưa rõ"),
    "addresses": Say("Đơn vị thư không tới được"),
}  # fmt: skip

WHICH: dict[Which, Say] = {
    "open": Say("Đang mở, có hạn"), "late": Say("Quá hạn"), "undated": Say("Không có thời hạn"), "done": Say("Đã hoàn thành"),
}  # fmt: skip

#: What may be looked at or done with a whole paper, by the end of its address.
WAYS: dict[str, Say] = {
    "tasks": Say("Tất cả các việc"), "urge": Say("Đôn đốc các đơn vị quá hạn"), "many": Say("Quyết định nhiều việc một lần"),
    "ask": Say("Yêu cầu báo cáo"), "samples": Say("Kiểm tra ngẫu nhiên việc đã báo xong"), "plan": Say("Kế hoạch khi ban hành"),
    "letters/hold": Say("Giữ thư lại"),
    "letters/resume": Say("Cho thư đi tiếp"), "letters/cancel": Say("Thôi gửi hẳn những thư còn chờ"),
    "withdraw": Say("Thu hồi một mục, hoặc cả văn bản"),
}  # fmt: skip


@desk_demanded
def home(room: Room, sent: Submitted | None) -> Response:
    """What waits, what is held, and every paper in a line, the newest first."""
    words, late = room.asked("q"), room.asked("late") == "yes"
    before = room.asked("after")
    with room.read() as db:
        ids = shelf.paper_ids(db, room.mine, words, room.at.now if late else None)
        start = ids.index(int(before)) + 1 if before.isdecimal() and int(before) in ids else 0
        shown = shelf.counted(db, ids[start : start + MOST], room.office.calendar, room.at.now)
        sizes, held = trays.sizes(db, room.mine), breaker.stop(db)
        waiting = [each for each in proposals.waiting(db) if each.issuer in room.at.session.issues]
        numbers = {"", *shelf.numbers(db, room.mine)}
        standing = [each for each in orders.standing(db) if each.number in numbers]
    more = room.onward(after=ids[start + MOST - 1]) if len(ids) > start + MOST else ""
    return room.at.page(
        "office/home.html", trays=[Line(href=f"/office/waiting/{tray}", name=TRAYS[tray], count=size) for tray, size in sizes.items()],
        papers=[_paper_line(paper, cells) for paper, cells in shown], found=len(ids), more=more, words=words, late=late, held=held,
        proposals=waiting, orders=standing, zone=room.office.practice.zone,
    )


@desk_demanded
def paper(room: Room, sent: Submitted | None) -> Response:
    """One paper: its counts, its duties and its agencies, each leading to its tasks."""
    of = room.paper()
    with room.read() as db:
        known = issued.load(db, of.id, room.office.calendar)
        cells = counting.by_duty(db, counting.past(db, known, room.at.now))
        clauses = shelf.clauses(db, of.id)
        names, late = duties(db, known, cells), shelf.latest(db, of.id, room.at.now)
        letters = orders.counts(db, of.id)
    found = {clauses[duty]: each for duty, each in cells.items()}
    base = f"/office/papers/{of.id}"
    ways = [Line(href=f"{base}/{end}", name=name) for end, name in WAYS.items() if end != "ask" or asked_for(known.directive.duties)]
    return room.at.page(
        "office/paper.html", paper=of, name=paper_name(of), letters=letters, issued_at=local(known.issued_at, of.zone),
        duties=[_duty_line(base, clause, short, found.get(clause, Cells())) for clause, short in names],
        late=[_late_line(base, code, name, count) for code, name, count in late],
        ways=[Line(href=f"/home/{of.id}", name=Say("Báo cáo một trang")), *ways],
    )


@desk_demanded
def tasks(room: Room, sent: Submitted | None) -> Response:
    """The tasks of a paper, oldest date first, by clause and agency where asked."""
    of = room.paper()
    which = room.asked("which") if room.asked("which") in get_args(Which) else "open"
    chosen = Chosen(directive=of.id, which=cast(Which, which), clause=room.asked("clause"), agency=room.asked("agency"))
    with room.read() as db:
        found, onward = shelf.tasks(db, chosen, room.office.calendar, room.at.now, after=key_of(room.asked("after")))
    return room.at.page(
        "office/tasks.html", paper=of, name=paper_name(of), lines=[room.line(work, of, term_of(work)) for work in found],
        more=room.onward(after="-".join(map(str, onward))) if onward else "", chosen=chosen, which=WHICH, base=f"/office/papers/{of.id}",
    )


@desk_demanded
def plan(room: Room, sent: Submitted | None) -> Response:
    """The plan of an issued paper, as if nobody had answered: what it gave to whom, and the letters day by day."""
    of = room.paper()
    with room.read() as db:
        known, directory = issued.load(db, of.id, room.office.calendar), issued.directory(db, of.id)
    directive = known.directive.model_copy(update={"directory": directory})
    made = forecast(directive, directory, room.office.calendar, known.practice, issued_at=known.issued_at)
    seen = foresight(made, room.office.calendar, known.practice)
    back = (f"/office/papers/{of.id}", f"{of.number} ngày {written(of.issued_on)}")
    body = plan_page.html(seen, owing.rows(made), on=known.issued_at.astimezone(known.practice.tz).date(), back=back)
    return HTMLResponse(body, headers={"content-security-policy": SANDBOX})


def key_of(asked: str) -> shelf.Key:
    """Where a page begins. Raises HTTPException for what no page has said."""
    at, _, number = asked.rpartition("-")
    if not asked:
        return START
    if not (at.removeprefix("-").isdecimal() and number.isdecimal() and len(at) < 16 and len(number) < 16):
        raise HTTPException(404)
    return int(at), int(number)


def _duty_line(base: str, clause: str, short: str, cells: Cells) -> Line:
    """A duty with how its tasks stand; what there is none of is not said."""
    done = cells.on_time + cells.late + cells.undated_done
    undated = cells.undated - cells.undated_done
    counts = {
        Say("%(count)s sắp đến hạn", count=cells.soon): cells.soon, Say("%(count)s hoàn thành", count=done): done,
        Say("%(count)s trong hạn", count=cells.in_time - cells.soon): cells.in_time - cells.soon,
        Say("%(count)s không thời hạn", count=undated): undated,
    }  # fmt: skip
    told = tuple(said for said, count in counts.items() if count)
    stands = Status("late", Say("Quá hạn %(count)s", count=cells.overdue)) if cells.overdue else None
    asked = {"clause": clause} if cells.overdue or cells.in_time else {"clause": clause, "which": "undated" if cells.undated else "open"}
    name = Say("Mục %(clause)s. %(short)s", clause=clause, short=short)
    return Line(href=f"{base}/tasks?{urlencode(asked)}", name=name, hints=told, status=stands)


def _late_line(base: str, code: str, name: str, count: int) -> Line:
    asked = urlencode({"which": "late", "agency": code})
    return Line(href=f"{base}/tasks?{asked}", name=name, status=Status("late", Say("Quá hạn %(count)s", count=count)))


def _paper_line(paper: Paper, cells: Cells) -> Line:
    stands = Status("open", Say("Không có việc quá hạn"))
    if cells.overdue:
        stands = Status("late", Say("Quá hạn %(count)s", count=cells.overdue))
    done = cells.on_time + cells.late + cells.undated_done
    told = Say("%(open)s việc đang mở, %(done)s đã hoàn thành", open=cells.dated + cells.undated - done, done=done)
    return Line(href=f"/office/papers/{paper.id}", name=paper_name(paper), hints=(paper.title, told), status=stands)
