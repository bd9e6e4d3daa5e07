"""Logging in by an account elsewhere: to the other house and back. Coming back shows a button; only its press begins a session."""

from __future__ import annotations

import hmac
import logging
from datetime import datetime
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from config.other_house import Attempt, StrangerHouseError

from .form import Form, Submitted, submitted
from .front import Front
from .pages import page
from .sessions import begun, cookie_name, from_here, id_of, new_secret, own
from .threads import run_in_threadpool
from .words import Say

log = logging.getLogger(__name__)

UNKNOWN = Say("Tài khoản này chưa ứng với địa chỉ nào đã đăng ký, hoặc nơi xác nhận không trả lời. Hãy thử lại, hoặc đăng nhập bằng thư.")
MINUTES = 10 * 60


async def leave(request: Request) -> Response:
    """Send the browser to the other house; what it needs on its way back stands in a cookie."""
    return await run_in_threadpool(_left, request)


async def back(request: Request) -> Response:
    """Whoever comes back presses a button; the press asks the other house and begins a session."""
    if request.method != "POST":
        carried = {name: request.query_params.get(name, "") for name in ("code", "state")}
        return page(request, "login_back.html", carried=carried)
    if not from_here(request):
        raise HTTPException(403)
    async with submitted(request) as sent:
        return await run_in_threadpool(_entered, request, sent)


def _left(request: Request) -> Response:
    front = cast(Front, request.app.state.front)
    if not front.other_house:
        raise HTTPException(404)
    words = [new_secret() for _ in range(3)]
    try:
        answer = RedirectResponse(front.house_door(_attempt(front, words)), 303)
    except StrangerHouseError:
        log.exception("the other house could not be reached")
        return _refused(request)
    _remember(request, answer, f"{'.'.join(words)}{own(request.query_params.get('next', ''))}")
    return answer


def _entered(request: Request, sent: Submitted) -> Response:
    front, now = cast(Front, request.app.state.front), cast(datetime, request.app.state.clock())
    kept, slash, path = request.cookies.get(cookie_name(request, "dondoc-with"), "").partition("/")
    words = kept.split(".")
    if len(words) != 3 or not hmac.compare_digest(words[0].encode(), sent.values.get("state", "").encode()):
        return _refused(request)
    secret = new_secret()
    try:
        known = front.vouch(sent.values.get("code", ""), _attempt(front, words), id_of(secret), now)
    except StrangerHouseError as error:
        log.warning("the other house vouches for nobody: %s", error)
        known = False
    if not known:
        return _refused(request)
    answer = RedirectResponse(own(f"{slash}{path}"), 303)
    begun(request, answer, secret, now)
    _remember(request, answer, "")
    return answer


def _refused(request: Request) -> Response:
    elsewhere = cast(Front, request.app.state.front).other_house
    answer = page(request, "login.html", code=403, form=Form(values={"next": "/home"}), note=UNKNOWN, elsewhere=elsewhere)
    _remember(request, answer, "")
    return answer


def _attempt(front: Front, words: list[str]) -> Attempt:
    return Attempt(back=f"{front.base_url}/login/back", state=words[0], nonce=words[1], verifier=words[2])


def _remember(request: Request, answer: Response, value: str) -> None:
    name = cookie_name(request, "dondoc-with")
    age = MINUTES if value else 0
    answer.set_cookie(name, value, max_age=age, path="/", secure=name.startswith("__Host-"), httponly=True, samesite="lax")
