"""What an agency has answered by mail, on its own page: shown as it would be recorded, and recorded or left by whoever says who he is."""

from __future__ import annotations

from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from tasks.sayings import Reply
from tasks.values import Act, Receipt, Said

from .desk import contacts
from .form import Form, Submitted, clerk, submitted
from .pages import page
from .receipt import HEADLINES, told
from .receipt import mailed as mailed_to
from .telling import Row
from .threads import run_in_threadpool
from .typed import Typed
from .visit import Visit, network, visit
from .words import Say


async def mailed(request: Request) -> HTMLResponse:
    """GET shows an answer; POST records it, or leaves it. A link that was passed on shows none."""
    at = await run_in_threadpool(visit, request, "desk")
    reply = await run_in_threadpool(_reply, at)
    if request.method != "POST":
        return await run_in_threadpool(_page, at, reply, Form(values=clerk(request)))
    async with submitted(request) as sent:
        return await run_in_threadpool(_decided, at, reply, sent)


def _reply(at: Visit) -> Reply:
    wanted = at.request.path_params["reply"]
    found = next((reply for reply in ([] if at.task else at.front.replies(at.recipient)) if str(reply.id) == wanted), None)
    if found is None:
        raise HTTPException(404)
    return found


def _page(at: Visit, reply: Reply, form: Form, code: int = 200) -> HTMLResponse:
    mine = at.desk()
    facts = {"party": mine.party, "contacts": contacts(mine), "desk": at.path()}
    return page(at.request, "mailed.html", code=code, reply=reply, told=_told(reply), form=form, **facts)


def _told(reply: Reply) -> list[Row]:
    """What would be recorded, without who says so."""
    if reply.work is None:
        return []
    said = Said(name="", role="")
    act = Act(kind=reply.said.kind, task=reply.work.id, said=said, key="", files=reply.files)
    return told(replace(act, **{name: value for name, value in reply.said.words().items() if name != "kind"}), reply.work)[:-1]


def _decided(at: Visit, reply: Reply, sent: Submitted) -> HTMLResponse:
    """Nothing is done for whoever does not say who he is: a machine that presses every button fills in no name."""
    typed = Typed(sent.values)
    name = typed.line("name", Say("Nhập họ và tên người báo"))
    role = typed.line("role", Say("Nhập chức vụ của người báo"))
    step = typed.values.get("step", "")
    if typed.mistakes or step not in ("send", "leave"):
        return _page(at, reply, Form(values=typed.values, mistakes=typed.mistakes), 422)
    if step == "leave":
        at.front.leave_reply(reply.id, at.recipient, at.now)
        return _ended(at, Say("Đã bỏ qua thư trả lời này"), None)
    agent = at.request.headers.get("user-agent", "")[:200]
    said = Said(name=name, role=role, link=at.link, ip=network(at.request), agent=agent)
    return _ended(at, HEADLINES[reply.said.kind], at.front.confirm_reply(reply.id, said, at.recipient, at.now))


def _ended(at: Visit, headline: Say, receipt: Receipt | None) -> HTMLResponse:
    mine = at.desk()
    facts = {"party": mine.party, "contacts": contacts(mine), "desk": at.path(), "told": [], "code_of": ""}
    facts["links"] = [(at.path(), Say("Việc khác"))]
    if receipt and receipt.refusal:
        facts |= {"headline": Say("Chưa ghi được"), "numbers": [], "refusals": [receipt.refusal], "sentences": []}
        return page(at.request, "receipt.html", code=409, **facts)
    facts |= {"headline": headline, "numbers": [receipt.number if receipt else "–"], "refusals": []}
    return page(at.request, "receipt.html", code=200, sentences=mailed_to(mine.party) if receipt else [], **facts)
