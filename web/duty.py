"""One duty: its page, the page that shows what will be sent, and the receipt."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import cast

from starlette.requests import Request
from starlette.responses import HTMLResponse

from tasks.values import Act, Desk, Paper, Receipt, Work

from . import hindrances
from .answer import LABELS, WITH_FILES, Draft, Kind, choices, keyed, of_hundred, read
from .correcting import AGAIN_WITHIN_A_DAY, before
from .desk import contacts
from .evidence import File, kept, sealed, unsealed
from .form import CLERK, Form, Submitted, boxes, clerk, clerk_cookie, submitted
from .front import Front
from .pages import page, remember
from .proving import is_asked, mailed, proven
from .receipt import HEADLINES, sentences, stored_at, told
from .status import due_on, status
from .telling import EVIDENCE, caption, course_rows, facts, hanging, last_figure
from .threads import looked, run_in_threadpool
from .typed import Typed
from .visit import Visit, network, visit, work_of
from .words import Say, size_words

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One duty as the visitor meets it."""

    at: Visit
    mine: Desk
    work: Work

    @property
    def paper(self) -> Paper:
        """The directive that orders it."""
        return self.mine.papers[self.work.directive]

    @property
    def today(self) -> date:
        """The day of the visit in the directive's zone."""
        return self.at.today(self.paper)

    @property
    def offered(self) -> tuple[Kind, ...]:
        """What may be said now."""
        return tuple(kind for kind in choices(self.work, self.at.now) if kind != "delegate" or not self.at.task)

    def page(self, template: str, *, code: int = 200, **more: object) -> HTMLResponse:
        """A page about this duty."""
        facts = {"party": self.mine.party, "contacts": contacts(self.mine), "desk": self.at.path(), "work": self.work}
        return page(self.at.request, template, code=code, caption=caption(self.work, self.paper), **facts, **more)


async def duty(request: Request) -> HTMLResponse:
    """GET shows the duty and its form; POST checks, changes or sends an answer. Only "send" writes."""
    front = cast(Front, request.app.state.front)
    if request.method != "POST":
        return await looked(front, _shown, request)
    at = await looked(front, visit, request, "desk")
    async with submitted(request) as sent:
        if sent.step == "send" and not sent.uploads:
            return await front.recorded(partial(_answered, at, sent))
        return await run_in_threadpool(_answered, at, sent)


def _shown(request: Request) -> HTMLResponse:
    with cast(Front, request.app.state.front).moment():
        return _asked(visit(request, "desk"))


def _sheet(at: Visit) -> Sheet:
    task = at.request.path_params["task"]
    mine = at.desk_of(task)
    return Sheet(at, mine, work_of(mine, task))


def _asked(at: Visit) -> HTMLResponse:
    """The form with what the browser remembers of the clerk; a button in a letter may have chosen the kind of answer."""
    sheet = _sheet(at)
    wished = at.request.query_params.get("do", "")
    chosen: dict[str, str] = {"kind": wished} if wished in sheet.offered else {}
    if chosen and "again" in at.request.query_params:
        chosen |= before(wished, sheet.work, at.now)
    return _form_page(sheet, Form(values=boxes("figure-on", sheet.today) | chosen | clerk(at.request)))


def _answered(at: Visit, sent: Submitted) -> HTMLResponse:
    sheet = _sheet(at)
    if sent.step != "send" and not sheet.offered:
        return _form_page(sheet, Form(values={}), code=409)
    typed = Typed({**sent.values, "nonce": sent.nonce})
    files = _files(at, sent, typed)
    draft = _draft(sheet, typed, files)
    if draft.act is None or sent.step == "change":
        form = Form(values=typed.values, mistakes=draft.mistakes, files=files, link=at.link, key=at.front.form_key)
        return _form_page(sheet, form, code=422 if draft.mistakes else 200)
    if sent.step == "send":
        act = proven(at, draft.act, sheet.work, typed)
        if not typed.mistakes:
            return _recorded(sheet, keyed(act, sent.nonce), typed)
    return _check_page(sheet, draft, draft.act, typed)


def _files(at: Visit, sent: Submitted, typed: Typed) -> list[File]:
    """The files of the chosen answer: those kept before, and what came with this form, kept by hash though nothing is recorded."""
    kind = sent.values.get("kind", "")
    if kind not in WITH_FILES:
        return []
    known = [unsealed(text, at.link, at.front.form_key) for text in sent.kept.get(f"{kind}-kept", ())]
    already = [file for file in known if file]
    try:
        files, problems = kept(sent.uploads.get(f"{kind}-files", ()), already, at.front.keep)
    except OSError:
        log.exception("evidence could not be kept")
        files, problems = already, [Say("Máy chủ chưa nhận được tệp; hãy thử lại sau, hoặc gửi số văn bản")]
    for problem in problems:
        typed.wrong(f"{kind}-files", problem)
    return files


def _draft(sheet: Sheet, typed: Typed, files: list[File]) -> Draft:
    kind, due = typed.values.get("kind", ""), due_on(sheet.work, sheet.paper.zone)
    kind = "" if kind == "delegate" and sheet.at.task else kind  # what was passed on is not passed on again
    draft = read(kind, typed, work=sheet.work, files=files, today=sheet.today, due_on=due)
    if draft.act is None:
        return draft
    request = sheet.at.request
    said = replace(draft.act.said, link=sheet.at.link, ip=network(request), agent=request.headers.get("user-agent", "")[:200])
    return replace(draft, act=replace(draft.act, said=said, by=sheet.at.recipient))


def _form_page(sheet: Sheet, form: Form, *, code: int = 200) -> HTMLResponse:
    work = sheet.work
    offered = [(kind, LABELS[kind] if work.lead else Say("Gửi ý kiến phối hợp")) for kind in sheet.offered]
    return sheet.page(
        "duty.html",
        code=code,
        status=status(work, sheet.at.now, sheet.paper.zone),
        facts=[*facts(work, sheet.paper), *course_rows(work, sheet.today), *hanging(work, sheet.at.now)],
        kinds=offered,
        form=form,
        last=last_figure(work),
        of_hundred=of_hundred(work),
        evidence=EVIDENCE[work.evidence],
        hindrances=hindrances.KINDS,
        files=_brought(sheet),
    )


def _brought(sheet: Sheet) -> list[tuple[str, str, Say]]:
    """The evidence that was brought before: (address, name, size)."""
    at, work = sheet.at, sheet.work
    return [(at.path(work.id, h), name, size_words(size)) for h, name, size in at.front.exhibits(work.id)] if work.lead else []


def _check_page(sheet: Sheet, draft: Draft, act: Act, typed: Typed) -> HTMLResponse:
    carried = [(name, value) for name, value in typed.values.items() if value and name not in ("step", "code")]
    carried += [(f"{act.kind}-kept", sealed(file, sheet.at.link, sheet.at.front.form_key)) for file in act.files]
    form, code = Form(values={}, mistakes=typed.mistakes), 422 if typed.mistakes else 200
    sent = mailed(sheet.at, sheet.work) if is_asked(act, sheet.work) else None
    return sheet.page("check.html", code=code, doubts=draft.doubts, told=told(act, sheet.work), carried=carried, code_sent=sent, form=form)


def _recorded(sheet: Sheet, act: Act, typed: Typed) -> HTMLResponse:
    at, work = sheet.at, sheet.work
    receipt = at.front.act(act, at.now)
    if receipt.refusal:
        return _refused(sheet, receipt)
    now = receipt.work or work
    links = [(at.path(work.id), Say("Rút lại trong 7 ngày"))] if "undo" in choices(now, at.now) else []
    if act.kind in AGAIN_WITHIN_A_DAY and act.kind in choices(now, at.now):
        links = [(f"{at.path(work.id)}?do={act.kind}&again", Say("Sửa trong 24 giờ"))]
    if act.kind == "delegate" and not at.task:
        links = [(at.path("passed"), Say("Lấy đường dẫn cho người nhận việc"))]
    answer = sheet.page(
        "receipt.html",
        headline=HEADLINES[act.kind],
        numbers=[receipt.number],
        refusals=[],
        told=[*told(receipt.act, work)[2:], *stored_at(receipt, sheet.paper.zone)],
        sentences=list(sentences(receipt, now, sheet.paper, sheet.mine.party)),
        links=[*links, (at.path(), Say("Việc khác"))],
        code_of=at.address(work.id),
    )
    remember(at.request, answer, CLERK, clerk_cookie(typed.values))
    return answer


def _refused(sheet: Sheet, receipt: Receipt) -> HTMLResponse:
    at = sheet.at
    links = [(at.path(sheet.work.id), Say("Xem lại việc này")), (at.path(), Say("Việc khác"))]
    headline, refusals = Say("Chưa ghi được"), [receipt.refusal]
    said = {"headline": headline, "numbers": [], "refusals": refusals, "told": [], "sentences": []}
    return sheet.page("receipt.html", code=409, **said, links=links, code_of="")
