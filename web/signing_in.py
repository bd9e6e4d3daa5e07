"""Logging in by a letter: an address is asked for, a link comes, a press uses it up; the first page after it, and the way out."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from typing import cast

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from notifications.links import derived
from tasks.sessions import LOGIN, Knock

from .form import Form, Submitted, submitted
from .front import Front
from .leaders import listed, standing_page
from .pace import Pace
from .pages import page
from .sessions import Inside, begun, cookie_name, ended, from_here, id_of, new_secret, own, session_demanded, signed_in
from .threads import run_in_threadpool
from .typed import Typed
from .visit import network, refused
from .words import Say

DEAD = Say("Đường dẫn đăng nhập này không còn dùng được. Hãy xin đường dẫn mới.")


async def login(request: Request) -> Response:
    """GET asks for an address; POST answers alike whether or not somebody is registered under it, and mails a link afterwards."""
    if request.method != "POST":
        return await run_in_threadpool(_asked, request)
    if not from_here(request):
        raise HTTPException(403)
    async with submitted(request) as sent:
        return _promised(request, sent)


async def knock(request: Request) -> Response:
    """A login link. GET shows a button; POST uses the link up, from the browser that asked for it or with the code that it shows."""
    if request.method != "POST":
        return await run_in_threadpool(_shown, request)
    if not from_here(request):
        raise HTTPException(403)
    async with submitted(request) as sent:
        return await run_in_threadpool(_entered, request, sent)


@session_demanded
def home(at: Inside, sent: Submitted | None) -> Response:
    """The directives that the session may read."""
    return at.page("home.html", papers=listed(at.front.papers(at.session), "/home"))


@session_demanded
def paper(at: Inside, sent: Submitted | None) -> Response:
    """One directive's page; one that the session may not read is not found."""
    number = at.request.path_params["directive"]
    for readable in at.front.papers(at.session):
        if str(readable.id) == number:
            return standing_page(at.request, at.front, readable.id, reader=at.session.agency, now=at.now, base=f"/home/{number}")
    raise HTTPException(404)


@session_demanded
def logout(at: Inside, sent: Submitted | None) -> Response:
    """End this session, or every one of its position."""
    if sent is None:
        return RedirectResponse("/home", 303)
    at.front.end(at.session, at.now, everywhere=sent.values.get("where") == "all")
    answer = page(at.request, "login_left.html")
    ended(at.request, answer)
    return answer


def _asked(request: Request) -> Response:
    if signed_in(request):
        return RedirectResponse(own(request.query_params.get("next", "")), 303)
    return _address_page(request, Form(values={"next": own(request.query_params.get("next", ""))}))


def _address_page(request: Request, form: Form, *, code: int = 200, note: Say | None = None) -> HTMLResponse:
    return page(request, "login.html", code=code, form=form, note=note, elsewhere=_front(request).other_house)


def _promised(request: Request, sent: Submitted) -> Response:
    now, typed = _now(request), Typed(sent.values)
    address = typed.line("mail", Say("Nhập địa chỉ thư đã đăng ký"))
    if typed.mistakes:
        return _address_page(request, Form(values=typed.values, mistakes=typed.mistakes), code=422)
    if not cast(Pace, request.app.state.logins).allows(network(request), now):
        raise HTTPException(429)
    word = new_secret()
    wish = _wish(word)
    answer = page(request, "login_asked.html", mail=address, digits=_digits(_front(request), wish))
    # After the answer, so that its time says nothing of who is registered.
    answer.background = BackgroundTask(_front(request).invite, address, wish, now)
    _remember(request, answer, f"{word}{own(typed.values.get('next', ''))}")
    return answer


def _shown(request: Request) -> Response:
    found = _found(request)
    if found is None:
        return _address_page(request, Form(values={"next": "/home"}), code=404, note=DEAD)
    return page(request, "login_press.html", name=found.name, known=_remembered(request)[0] == found.wish, form=Form(values={}))


def _entered(request: Request, sent: Submitted) -> Response:
    found, (wish, onward) = _found(request), _remembered(request)
    if found is None:
        return _address_page(request, Form(values={"next": "/home"}), code=404, note=DEAD)
    if wish != found.wish and (refusal := _mistaken(request, sent, found)):
        return refusal
    secret, front, now = new_secret(), _front(request), _now(request)
    if not front.begin(found.link, id_of(secret), now):
        return _address_page(request, Form(values={"next": "/home"}), code=404, note=DEAD)
    if before := signed_in(request):
        front.end(before, now, everywhere=False)
    answer = RedirectResponse(onward if wish == found.wish else "/home", 303)
    begun(request, answer, secret, now)
    _remember(request, answer, "")
    return answer


def _mistaken(request: Request, sent: Submitted, found: Knock) -> Response | None:
    """The page again where a browser that did not ask for the link does not know the code either."""
    typed = Typed(sent.values)
    code = "".join(typed.line("code", Say("Nhập mã sáu chữ số hiện ở nơi xin đăng nhập")).split())
    if code and not cast(Pace, request.app.state.codes).allows(found.link, _now(request)):
        raise HTTPException(429)
    if code and not hmac.compare_digest(code.encode(), _digits(_front(request), found.wish).replace(" ", "").encode()):
        typed.wrong("code", Say("Mã không đúng"))
    if not typed.mistakes:
        return None
    form = Form(values={}, mistakes=typed.mistakes)
    return page(request, "login_press.html", code=422, name=found.name, known=False, form=form)


def _found(request: Request) -> Knock | None:
    """What the address opens; whoever guesses is slowed down."""
    now = _now(request)
    found = _front(request).knock(request.path_params["token"], now)
    if found is None and (refusal := refused(request, now)).status_code == 429:
        raise refusal
    return found


def _remembered(request: Request) -> tuple[str, str]:
    """The hash of the word that this browser asked with, and where it wanted to go."""
    word, slash, path = request.cookies.get(cookie_name(request, "dondoc-wish"), "").partition("/")
    return (_wish(word) if word else "", own(f"{slash}{path}"))


def _remember(request: Request, answer: Response, value: str) -> None:
    name = cookie_name(request, "dondoc-wish")
    age = int(LOGIN.total_seconds()) if value else 0
    answer.set_cookie(name, value, max_age=age, path="/", secure=name.startswith("__Host-"), httponly=True, samesite="lax")


def _wish(word: str) -> str:
    return sha256(word.encode()).hexdigest()


def _digits(front: Front, wish: str) -> str:
    """The code of a wish: shown where it was made, asked for wherever else its link is opened."""
    key = derived(front.form_key, "login code")
    number = int.from_bytes(hmac.digest(key, wish.encode(), sha256)[:8], "big") % 1_000_000
    return f"{number // 1000:03} {number % 1000:03}"


def _front(request: Request) -> Front:
    return cast(Front, request.app.state.front)


def _now(request: Request) -> datetime:
    return cast(datetime, request.app.state.clock())
