"""Many duties reported at once: a tick and a line of evidence for each, one page to check, one receipt that lists all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from tasks.values import Act, Desk, Receipt, Said, Work

from . import proof
from .answer import LABELS, choices, keyed
from .desk import WAITING, contacts, pages
from .form import CLERK, Form, Submitted, clerk, clerk_cookie, submitted
from .pages import page, remember
from .receipt import AGAIN, mailed, speaker, stored_at
from .status import Status, status
from .telling import Row, name_of, paper_name, term_words
from .threads import run_in_threadpool
from .typed import Typed
from .visit import Visit, network, visit
from .words import Say

#: What may be said of many at once, in the order of a task's life.
KINDS = ("received", "progress", "done")
WITH_FILE = ("photo", "file")
MOST = 100  # ticked on one page
_TICK = re.compile(r"tick-([1-9]\d{0,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ticked:
    """One duty of the form."""

    work: Work
    hint: Say
    term: Say | None
    status: Status

    @property
    def id(self) -> int:
        """The task's number, by which its fields are named."""
        return self.work.id

    @property
    def name(self) -> Say | str:
        """The duty's name, with the period or milestone that tells its tasks apart."""
        name = name_of(self.work)
        return Say("%(name)s (%(term)s)", name=name, term=self.term) if self.term else name


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form as the visitor meets it."""

    at: Visit
    mine: Desk

    @property
    def rows(self) -> dict[int, Ticked]:
        """What may be ticked: open duties led here of which something may be said; a task that a form names beside them is not heard."""
        open_ = [row for row in self.all.values() if row.work.state not in WAITING and self.offered(row.work)]
        return {row.id: row for row in sorted(open_, key=lambda row: row.status.rank)}

    @property
    def all(self) -> dict[int, Ticked]:
        """Every duty led here, open or done."""
        return {work.id: self._row(work) for work in (*self.mine.open, *self.mine.closed) if work.lead}

    def _row(self, work: Work) -> Ticked:
        paper = self.mine.papers[work.directive]
        term = term_words(work, paper, self.at.today(paper)) if work.term else []
        return Ticked(work, paper_name(paper), term[0] if term else None, status(work, self.at.now, paper.zone))

    def offered(self, work: Work) -> list[str]:
        """What may be said of a task without a file, and without a code that is mailed."""
        alone = work.evidence in WITH_FILE or work.code
        return [kind for kind in KINDS if kind in choices(work, self.at.now) and not (kind == "done" and alone)]

    def page(self, template: str, *, code: int = 200, **more: object) -> HTMLResponse:
        """A page about these duties."""
        facts = {"party": self.mine.party, "contacts": contacts(self.mine), "desk": self.at.path()}
        return page(self.at.request, template, code=code, caption=Say("Báo nhiều việc một lần"), **facts, **more)


async def many(request: Request) -> HTMLResponse:
    """GET shows the duties; POST checks, changes or sends what was ticked. Only "send" writes."""
    at = await run_in_threadpool(visit, request, "desk")
    if at.task:
        raise HTTPException(404)
    if request.method != "POST":
        return await run_in_threadpool(_asked, at)
    async with submitted(request) as sent:
        return await run_in_threadpool(_answered, at, sent)


def _asked(at: Visit) -> HTMLResponse:
    return _form_page(Sheet(at, at.desk()), Form(values=clerk(at.request)))


def _form_page(sheet: Sheet, form: Form, code: int = 200) -> HTMLResponse:
    kinds = [(kind, LABELS[kind]) for kind in KINDS]  # type: ignore[index]
    return sheet.page("many.html", code=code, rows=list(sheet.rows.values()), kinds=kinds, form=form, pages=pages(sheet.at, sheet.mine))


def _answered(at: Visit, sent: Submitted) -> HTMLResponse:
    sheet = Sheet(at, _with_ticked(at, at.desk(), sent))
    typed = Typed({**sent.values, "nonce": sent.nonce})
    # What was closed by the first press is gone from the form; a second press must come through to its receipt.
    known = sheet.all if sent.step == "send" else sheet.rows
    acts = _acts(sheet, typed, known, again=sent.step == "send")
    if typed.mistakes or sent.step == "change":
        return _form_page(sheet, Form(values=typed.values, mistakes=typed.mistakes), 422 if typed.mistakes else 200)
    if sent.step == "send":
        return _recorded(sheet, [keyed(act, sent.nonce) for act in acts], known, typed)
    carried = [(name, value) for name, value in typed.values.items() if value and name != "step"]
    return sheet.page("check.html", doubts=[], told=[*_told(acts, known), speaker(acts[0])], carried=carried, code_sent=None)


def _with_ticked(at: Visit, mine: Desk, sent: Submitted) -> Desk:
    """The desk with whatever was ticked and stands on another page of it by now."""
    here = {work.id for work in (*mine.open, *mine.closed)}
    ticked = {int(found[1]) for name in sent.values if (found := _TICK.fullmatch(name))}
    for task in sorted(ticked - here)[:MOST]:
        more = at.front.desk(at.recipient, at.now, task)
        papers = {**mine.papers, **more.papers}
        mine = replace(mine, papers=papers, open=(*mine.open, *more.open), closed=(*mine.closed, *more.closed))
    return mine


def _acts(sheet: Sheet, typed: Typed, known: dict[int, Ticked], *, again: bool) -> list[Act]:
    kind = typed.values.get("kind", "")
    if kind not in KINDS:
        typed.wrong("kind", Say("Chọn một mục để báo"))
    ticked = [row for row in known.values() if typed.values.get(f"tick-{row.id}")]
    if not ticked:
        typed.wrong(f"tick-{next(iter(known))}" if known else "kind", Say("Chọn ít nhất một việc"))
    acts = [_act(sheet, typed, row, kind, again=again) for row in ticked]
    request = sheet.at.request
    name, role = typed.line("name", Say("Nhập họ và tên người báo")), typed.line("role", Say("Nhập chức vụ của người báo"))
    said = Said(name=name, role=role, link=sheet.at.link, ip=network(request), agent=request.headers.get("user-agent", "")[:200])
    return [replace(act, said=said, by=sheet.at.recipient) for act in acts]


def _act(sheet: Sheet, typed: Typed, row: Ticked, kind: str, *, again: bool) -> Act:
    """What is said of one duty: its line is evidence of what is done, or the words of its progress."""
    if kind in KINDS and not again and kind not in sheet.offered(row.work):
        needs = row.work.evidence in WITH_FILE and kind == "done"
        why = Say("Việc này cần tệp gửi kèm: mở riêng để báo") if needs else Say("Việc này không báo như vậy được: mở riêng để báo")
        typed.wrong(f"tick-{row.id}", why)
    field = f"line-{row.id}"
    line = typed.line(field, Say("Ghi đã làm được gì") if kind == "progress" else None)
    document = proof.in_a_line(line, sheet.at.today(sheet.mine.papers[row.work.directive])) if kind == "done" else ""
    wanted = {"required": bool(document), "document": bool(document) and not proof.is_link(document)}.get(row.work.evidence, True)
    if kind == "done" and not wanted:
        typed.wrong(field, Say("Ghi số và ngày văn bản, ví dụ 123/BC-UBND ngày 20/5/2020"))
    said = Said(name="", role="")
    return Act(kind=kind, task=row.id, said=said, key="", note="" if document else line, document=document)  # type: ignore[arg-type]


def _told(acts: Sequence[Act], known: dict[int, Ticked]) -> list[Row]:
    kind: list[Row] = [(Say("Loại báo cáo"), LABELS[act.kind]) for act in acts[:1]]  # type: ignore[index]
    return [*kind, *((known[act.task].name, act.document or act.note or "–") for act in acts)]


def _recorded(sheet: Sheet, acts: Sequence[Act], known: dict[int, Ticked], typed: Typed) -> HTMLResponse:
    at = sheet.at
    receipts = [at.front.act(act, at.now) for act in acts]
    stored = [receipt for receipt in receipts if not receipt.refusal]
    refusals = [Say("%(agency)s: %(words)s", agency=known[one.act.task].name, words=one.refusal) for one in receipts if one.refusal]
    answer = sheet.page(
        "receipt.html",
        code=200 if stored else 409,
        headline=Say("Đã ghi nhận %(count)s việc", count=len(stored)) if stored else Say("Chưa ghi được"),
        numbers=[receipt.number for receipt in stored],
        refusals=refusals,
        told=_stored(sheet, stored, known) if stored else [],
        sentences=_sentences(stored, sheet.mine),
        links=[(at.path(), Say("Việc khác"))],
        code_of=at.address(),
    )
    remember(at.request, answer, CLERK, clerk_cookie(typed.values))
    return answer


def _stored(sheet: Sheet, stored: Sequence[Receipt], known: dict[int, Ticked]) -> list[Row]:
    zone = sheet.mine.papers[known[stored[0].act.task].work.directive].zone
    return [*_told([receipt.act for receipt in stored], known), *stored_at(stored[0], zone)]


def _sentences(stored: Sequence[Receipt], mine: Desk) -> list[Say]:
    again = [AGAIN] if stored and not any(receipt.new for receipt in stored) else []
    return [*again, *mailed(mine.party)] if stored else []
