"""Links that an agency has passed on to colleagues: shown to be handed over, and taken back by whoever says who he is."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from notifications.links import address
from tasks.values import Work

from .desk import contacts
from .form import Form, Submitted, clerk, submitted
from .pages import page
from .telling import name_of
from .threads import run_in_threadpool
from .typed import Typed
from .visit import Visit, visit
from .words import Say


async def passed(request: Request) -> HTMLResponse:
    """GET shows what stands; POST ends one of them. A link that was passed on itself passes nothing on."""
    at = await run_in_threadpool(visit, request, "desk")
    if at.task:
        raise HTTPException(404)
    if request.method != "POST":
        return await run_in_threadpool(_page, at, Form(values=clerk(request)))
    async with submitted(request) as sent:
        return await run_in_threadpool(_taken_back, at, sent)


def _page(at: Visit, form: Form, code: int = 200) -> HTMLResponse:
    mine = at.desk()
    names = {work.id: name_of(work) for work in (*mine.open, *mine.closed)}
    rows = [
        (each.id, each.name, names.get(each.task, Say("Việc không còn ở đơn vị")), address(at.front.base_url, "desk", token))
        for each, token in at.front.passed(at.link)
    ]
    return page(
        at.request, "passed.html", code=code, rows=rows, form=form, party=mine.party, contacts=contacts(mine), desk=at.path(),
    )  # fmt: skip


def _taken_back(at: Visit, sent: Submitted) -> HTMLResponse:
    typed = Typed(sent.values)
    typed.line("name", Say("Nhập họ và tên người báo"))
    which = typed.line("which", Say("Chọn đường dẫn cần thu hồi"))
    if typed.mistakes:
        return _page(at, Form(values=typed.values, mistakes=typed.mistakes), 422)
    at.front.take_back(at.link, which, at.now)
    return _page(at, Form(values=clerk(at.request)))


def may_pass_on(at: Visit, work: Work) -> bool:
    """Whether a task of this visit can be passed on: it is led here, and the link is the agency's own."""
    return work.lead and not at.task
