"""The desk: every duty of an agency over all directives, what is worst first, what is done below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from textwrap import shorten

from starlette.requests import Request
from starlette.responses import Response

from tasks.sayings import Reply
from tasks.values import Desk, FigureForm, Paper, Work

from . import decided
from .feeds import NAME
from .pages import page
from .status import Status, status
from .telling import course_rows, form_hint, late_above, name_of, paper_name, term_words
from .visit import Visit, visit
from .words import Say, local, near_day

#: Nothing is to be done by the agency meanwhile.
WAITING = ("claimed", "returned", "paused")
#: Headings of what is over: there for whoever opens them.
FOLDED = ("Đã xong", "Đã thu hồi")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the desk's list."""

    id: str
    href: str
    name: Say | str
    hints: list[Say]
    status: Status | None = None


def desk(request: Request) -> Response:
    """The list that the link in every letter opens."""
    at = visit(request, "desk")
    mine = at.desk()
    groups = [(heading, lines, heading.text in FOLDED) for heading, lines in _groups(at, mine) if lines]
    ways = {name: "" if at.task else at.path(name) for name in ("passed", "contact", "print")}
    ways["many"] = at.path("many") if not at.task and sum(work.lead and work.state not in WAITING for work in mine.open) > 1 else ""
    ways["calendar"] = "" if at.task else at.path(NAME)
    facts = {**ways, "pages": pages(at, mine), "party": mine.party, "contacts": contacts(mine), "groups": groups}
    return page(request, "desk.html", code=200, headline=_headline(mine), source=_source(mine), **facts)


def pages(at: Visit, mine: Desk) -> list[tuple[int, Say]]:
    """The pages beside this one."""
    return [(at.page - 1, Say("Trang trước"))] * (at.page > 1) + [(at.page + 1, Say("Trang sau"))] * mine.more


def contacts(mine: Desk) -> list[str]:
    """Whom to call, each once; the same line on every page."""
    return list(dict.fromkeys(paper.contact for paper in mine.papers.values() if paper.contact))


def _headline(mine: Desk) -> Say:
    count = len([work for work in mine.open if work.lead and work.state not in WAITING]) + len(mine.figures)
    if mine.more:
        return Say("Hơn %(count)s việc cần báo cáo", count=count)
    return Say("%(count)s việc cần báo cáo", count=count) if count else Say("Không có việc nào cần báo cáo")


def _source(mine: Desk) -> Say | str:
    papers = list(mine.papers.values())
    if len(papers) == 1:
        return Say("Văn bản %(paper)s.", paper=paper_name(papers[0]))
    return Say("Theo %(count)s văn bản.", count=len(papers)) if papers else ""


def _groups(at: Visit, mine: Desk) -> Iterable[tuple[Say, list[Line]]]:
    own = [work for work in mine.open if work.lead]
    yield Say("Thư trả lời chờ xác nhận"), [] if at.task else [_reply_line(at, reply) for reply in at.front.replies(at.recipient)]
    yield Say("Cần làm"), _lines(at, mine, [work for work in own if work.state not in WAITING])
    yield Say("Nhập số liệu cho các đơn vị"), [_form_line(at, mine, form) for form in mine.figures]
    yield Say("Chờ xác nhận"), _lines(at, mine, [work for work in own if work.state == "claimed"])
    yield Say("Chờ quyết định"), _lines(at, mine, [work for work in own if work.state == "returned"])
    yield Say("Tạm dừng"), _lines(at, mine, [work for work in own if work.state == "paused"])
    yield Say("Phối hợp"), _lines(at, mine, [work for work in mine.open if not work.lead])
    yield Say("Đã xong"), [_line(at, mine, work) for work in mine.closed if work.state != "void"]
    yield Say("Đã thu hồi"), [_line(at, mine, work) for work in mine.closed if work.state == "void"]


def _reply_line(at: Visit, reply: Reply) -> Line:
    name = name_of(reply.work) if reply.work else Say("Chưa rõ về việc nào")
    return Line(id=f"mail-{reply.id}", href=at.path("mail", reply.id), name=name, hints=[Say("“%(words)s”", words=reply.words[:120])])


def _lines(at: Visit, mine: Desk, works: Iterable[Work]) -> list[Line]:
    lines = [_line(at, mine, work) for work in works]
    return sorted(lines, key=lambda line: line.status.rank if line.status else 0)


def _line(at: Visit, mine: Desk, work: Work) -> Line:
    paper = mine.papers[work.directive]
    return Line(
        id=str(work.id),
        href=at.path(work.id),
        name=name_of(work),
        hints=list(_hints(at, mine, work)),
        status=status(work, at.now, paper.zone),
    )


def _hints(at: Visit, mine: Desk, work: Work) -> Iterable[Say]:
    paper, today = mine.papers[work.directive], at.today(mine.papers[work.directive])
    if len(mine.papers) > 1:
        yield paper_name(paper)
    if not work.lead:
        yield Say("Chủ trì: %(agency)s", agency=work.agency.name)
    if work.state == "void" and work.closed_at:
        yield Say("Thu hồi %(day)s", day=near_day(local(work.closed_at, paper.zone).date(), today))
        return
    if work.closed_at:
        yield Say("Xong %(day)s", day=near_day(local(work.closed_at, paper.zone).date(), today))
        return
    yield from term_words(work, paper, today)
    if work.due_before:
        yield Say("Hạn mới, trước đây %(day)s", day=work.due_before)
    if work.urged:
        yield Say("Đã đôn đốc bằng %(paper)s", paper=work.urged[-1])
    if work.children:
        yield Say("Cấp dưới đã xong %(done)s/%(all)s", done=work.children[0], all=work.children[1])
    if work.lacking:
        yield Say("Chưa xong: %(names)s", names=", ".join(work.lacking))
    if (late := late_above(work, at.now)) is not None:
        yield Say("Đang chờ %(what)s", what=late)
    if work.figure is not None:
        yield Say("Lần báo trước: %(figure)s%(sign)s", figure=work.figure, sign="%" if "%" in work.target else "")
    yield from _spoken(work, paper, today)


def _spoken(work: Work, paper: Paper, today: date) -> Iterable[Say]:
    """How the figure stands, what was said, what the issuer decided, what waits for his decision."""
    yield from (Say("So với mốc: %(words)s", words=words) for _, words in course_rows(work, today))
    if work.last_words:
        yield Say("Đã báo: “%(words)s”", words=shorten(work.last_words, 80, placeholder="…"))
    if work.decided and work.decided_at:
        yield Say("Quyết định: %(words)s", words=decided.decision(work, paper.zone))
    if work.asks_until:
        yield Say("Đã xin lùi tới %(day)s, đang chờ quyết định", day=near_day(work.asks_until, today))


def _form_line(at: Visit, mine: Desk, form: FigureForm) -> Line:
    return Line(
        id=f"{form.directive}-{form.indicator}",
        href=at.path("figures", form.directive, form.indicator),
        name=form.name,
        hints=form_hint(form, mine.papers[form.directive]),
    )
