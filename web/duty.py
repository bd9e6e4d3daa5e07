"""One duty: its page, the page that shows what will be sent, and the receipt."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from tasks.values import Act, Receipt, Work

from . import hindrances
from .answer import LABELS, WITH_FILES, Draft, choices, keyed, of_hundred, read
from .blanks import Blank
from .correcting import AGAIN_WITHIN_A_DAY, before
from .evidence import File, kept, sealed, unsealed
from .form import CLERK, Form, Submitted, boxes, clerk, clerk_cookie, new_nonce, submitted
from .front import Front
from .pages import remember
from .proving import is_asked, mailed, proven
from .qr import qr
from .receipt import HEADLINES, sentences, stored_at, told
from .sheet import Sheet
from .status import due_on, status
from .telling import EVIDENCE, course_rows, facts, hanging, last_figure
from .threads import run_in_threadpool
from .typed import Typed
from .visit import Visit, network, number_of, visited, work_of
from .words import Say, size_words

log = logging.getLogger(__name__)


async def duty(request: Request) -> HTMLResponse:
    """GET shows the duty and its form; POST checks, changes or sends an answer. Only "send" writes."""
    sheet = await _sheet(request)
    if request.method != "POST":
        return _asked(sheet)
    async with submitted(request) as sent:
        if sent.step == "send" and not (sent.uploads or sent.kept or sheet.work.code):
            return await _sent(sheet, sent)
        return await run_in_threadpool(_answered, sheet, sent)


async def _sheet(request: Request) -> Sheet:
    front, now, task = cast(Front, request.app.state.front), cast(datetime, request.app.state.clock()), request.path_params["task"]
    seen = await front.seen(request.path_params["token"], number_of(task), now)
    at = visited(request, "desk", seen.opened, now)
    if seen.desk is None:
        raise HTTPException(404)
    return Sheet(at, seen.desk, work_of(seen.desk, task), seen.files)


async def _sent(sheet: Sheet, sent: Submitted) -> HTMLResponse:
    """An answer that needs nothing from the disk: recorded with those that come at the same moment."""
    typed = Typed({**sent.values, "nonce": sent.nonce})
    draft = _draft(sheet, typed, [])
    if draft.act is None:
        return _form_page(sheet, Form(values=typed.values, mistakes=draft.mistakes), code=422)
    return _recorded(sheet, await sheet.at.front.recorded(keyed(draft.act, sent.nonce), sheet.at.now), typed)


def _asked(sheet: Sheet) -> HTMLResponse:
    """The form with what the browser remembers of the clerk; a button in a letter may have chosen the kind of answer."""
    at = sheet.at
    wished = at.request.query_params.get("do", "")
    chosen: dict[str, str] = {"kind": wished} if wished in sheet.offered else {}
    if chosen and "again" in at.request.query_params:
        chosen |= before(wished, sheet.work, at.now)
    clerk_ = {name: Blank(name, value) if name != "remember" else value for name, value in clerk(at.request).items()}
    own = {**clerk_, "nonce": Blank("nonce", new_nonce())}
    return _form_page(sheet, Form(values=boxes("figure-on", sheet.today) | chosen | own))


def _answered(sheet: Sheet, sent: Submitted) -> HTMLResponse:
    at = sheet.at
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
            return _recorded(sheet, at.front.act(keyed(act, sent.nonce), at.now), typed)
    return _check_page(sheet, draft, draft.act, typed)


def _files(at: Visit, sent: Submitted, typed: Typed) -> list[File]:
    """The files of the chosen answer: those kept before, and what came with this form, kept by hash though nothing is recorded."""
    kind = sent.values.get("kind", "")
    if kind not in WITH_FILES:
        return []
    known = [unsealed(text, at.link, at.front.form_key) for text in sent.kept.get(f"{kind}-kept", ())]
    already = [file for file in known if file and at.front.exhibit(file[0])]  # a form that lay for weeks may name what is gone
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
    work, said = sheet.work, sheet.common.work
    offered = [(kind, LABELS[kind] if work.lead else Say("Gửi ý kiến phối hợp")) for kind in sheet.offered]
    return sheet.molded(
        "duty.html",
        *(value for value in form.values.values() if isinstance(value, Blank)),
        code=code,
        status=status(work, sheet.at.now, sheet.paper.zone),
        facts=[*facts(said, sheet.paper), *course_rows(work, sheet.today), *hanging(work, sheet.at.now)],
        kinds=offered,
        form=form,
        last=last_figure(work),
        of_hundred=of_hundred(work),
        evidence=EVIDENCE[work.evidence],
        files=_brought(sheet),
        always={"hindrances": hindrances.KINDS},
    )


def _brought(sheet: Sheet) -> list[tuple[str, str, Say]]:
    """The evidence that was brought before: (address, name, size)."""
    at, work = sheet.at, sheet.work
    return [(at.path(work.id, h), name, size_words(size)) for h, name, size in sheet.files] if work.lead else []


def _check_page(sheet: Sheet, draft: Draft, act: Act, typed: Typed) -> HTMLResponse:
    carried = [(name, value) for name, value in typed.values.items() if value and name not in ("step", "code")]
    carried += [(f"{act.kind}-kept", sealed(file, sheet.at.link, sheet.at.front.form_key)) for file in act.files]
    form, code = Form(values={}, mistakes=typed.mistakes), 422 if typed.mistakes else 200
    sent = mailed(sheet.at, sheet.work) if is_asked(act, sheet.work) else None
    return sheet.page("check.html", code=code, doubts=draft.doubts, told=told(act, sheet.work), carried=carried, code_sent=sent, form=form)


def _recorded(sheet: Sheet, receipt: Receipt, typed: Typed) -> HTMLResponse:
    at, work, act = sheet.at, sheet.work, receipt.act
    if receipt.refusal:
        return _refused(sheet, receipt)
    now, here = receipt.work or work, sheet.common.at.path(sheet.common.work.id)
    links = [(here, Say("Rút lại trong 7 ngày"))] if "undo" in choices(now, at.now) else []
    if act.kind in AGAIN_WITHIN_A_DAY and act.kind in choices(now, at.now):
        links = [(f"{here}?do={act.kind}&again", Say("Sửa trong 24 giờ"))]
    if act.kind == "delegate" and not at.task:
        links = [(sheet.common.at.path("passed"), Say("Lấy đường dẫn cho người nhận việc"))]
    answer = _receipt_page(sheet, receipt, now, [*links, (sheet.common.at.path(), Say("Việc khác"))])
    remember(at.request, answer, CLERK, clerk_cookie(typed.values))
    return answer


def _receipt_page(sheet: Sheet, receipt: Receipt, now: Work, links: list[tuple[str, Say]]) -> HTMLResponse:
    act, zone = receipt.act, sheet.paper.zone
    name, role, number = Blank("name", act.said.name), Blank("role", act.said.role), Blank("number", receipt.number)
    times = [(word, Blank("moment", moment)) for word, moment in stored_at(receipt, zone)]
    code = Blank("code", qr(sheet.at.address(sheet.work.id)))
    about, _, *rows = told(replace(act, said=replace(act.said, name=name, role=role)), sheet.work)
    return sheet.molded(
        "receipt.html",
        *(name, role, number, code, *(moment for _, moment in times)),
        headline=HEADLINES[act.kind],
        numbers=[number],
        refusals=[],
        told=[about, *rows, *times],
        sentences=list(sentences(receipt, now, sheet.paper, sheet.common.mine.party)),
        links=links,
        code_of=code,
    )


def _refused(sheet: Sheet, receipt: Receipt) -> HTMLResponse:
    at = sheet.at
    links = [(at.path(sheet.work.id), Say("Xem lại việc này")), (at.path(), Say("Việc khác"))]
    headline, refusals = Say("Chưa ghi được"), [receipt.refusal]
    said = {"headline": headline, "numbers": [], "refusals": refusals, "told": [], "sentences": []}
    return sheet.page("receipt.html", code=409, **said, links=links, code_of="")
