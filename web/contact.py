"""An agency corrects its own contacts: asked for on its desk, shown and decided where the confirming letter leads."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from directives.language.addresses import AddressError, address
from tasks.values import Said

from .desk import contacts
from .form import Form, Submitted, clerk, submitted
from .front import Front
from .pages import page
from .threads import run_in_threadpool
from .typed import Typed
from .visit import Visit, network, refused, visit
from .words import Say


async def contact(request: Request) -> HTMLResponse:
    """GET shows the contacts and a form; POST asks for others. A link that was passed on changes nothing."""
    at = await run_in_threadpool(visit, request, "desk")
    if at.task:
        raise HTTPException(404)
    if request.method != "POST":
        return await run_in_threadpool(_form, at, Form(values=clerk(request)))
    async with submitted(request) as sent:
        return await run_in_threadpool(_asked, at, sent)


async def confirming(request: Request) -> HTMLResponse:
    """GET shows what is asked; POST decides it. The same page of "not found" for every token that asks nothing."""
    if request.method != "POST":
        return await run_in_threadpool(_shown, request, Form(values={}))
    async with submitted(request) as sent:
        return await run_in_threadpool(_decided, request, sent)


def _form(at: Visit, form: Form, code: int = 200) -> HTMLResponse:
    mine = at.desk()
    return page(at.request, "contact.html", code=code, form=form, party=mine.party, contacts=contacts(mine), desk=at.path())


def _asked(at: Visit, sent: Submitted) -> HTMLResponse:
    typed = Typed(sent.values)
    mail, phone = typed.line("mail"), typed.line("phone")
    if not (mail or phone):
        typed.wrong("mail", Say("Nhập địa chỉ thư hoặc số điện thoại mới"))
    try:
        mail = address(mail) if mail else ""
    except AddressError:
        typed.wrong("mail", Say("Địa chỉ thư viết như vanthu@xa.example"))
    said = Said(
        name=typed.line("name", Say("Nhập họ và tên người báo")), role=typed.line("role", Say("Nhập chức vụ của người báo")),
        link=at.link, ip=network(at.request),
    )  # fmt: skip
    if typed.mistakes:
        return _form(at, Form(values=typed.values, mistakes=typed.mistakes), 422)
    to = at.front.ask_contact(at.recipient, said, at.now, mail=mail, phone=phone)
    words = Say("Đã gửi thư xác nhận tới %(name)s. Địa chỉ chỉ đổi khi nơi ấy xác nhận, trong 7 ngày.", name=to) if to else Say(
        "Chưa có nơi nào xác nhận được: xin gọi cơ quan ban hành.")
    return _ended(at.request, Say("Đã ghi đề nghị đổi địa chỉ") if to else Say("Chưa ghi được"), words, at.path())


def _shown(request: Request, form: Form, code: int = 200) -> HTMLResponse:
    front, now = _front(request)
    found = front.correction(request.path_params["token"], now)
    if found is None:
        raise refused(request, now)
    return page(request, "confirming.html", code=code, found=found, form=form, party=found.confirmer, contacts=[])


def _decided(request: Request, sent: Submitted) -> HTMLResponse:
    """Nothing is decided for whoever does not say who he is: a machine that presses every button fills in no name."""
    typed = Typed(sent.values)
    typed.line("name", Say("Nhập họ và tên người xác nhận"))
    step = typed.values.get("step", "")
    if typed.mistakes or step not in ("confirm", "refuse"):
        return _shown(request, Form(values=typed.values, mistakes=typed.mistakes), 422)
    front, now = _front(request)
    if not front.decide_contact(request.path_params["token"], now, confirm=step == "confirm"):
        raise refused(request, now)
    confirmed = step == "confirm"
    words = Say("Thư từ nay gửi tới địa chỉ mới.") if confirmed else Say("Địa chỉ giữ nguyên như cũ.")
    return _ended(request, Say("Đã xác nhận địa chỉ mới") if confirmed else Say("Đã không đổi địa chỉ"), words, "")


def _ended(request: Request, headline: Say, words: Say, desk: str) -> HTMLResponse:
    return page(request, "contact_ended.html", code=200, headline=headline, words=words, desk=desk)


def _front(request: Request) -> tuple[Front, datetime]:
    return cast(Front, request.app.state.front), cast(datetime, request.app.state.clock())
