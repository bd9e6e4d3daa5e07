"""A way on for whoever holds a link that has ended: the same page for every token, a letter only to the registered address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from inspect import iscoroutinefunction
from typing import cast

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from .form import submitted
from .front import Front
from .pages import page
from .threads import run_in_threadpool
from .visit import refused

Page = Callable[[Request], Response] | Callable[[Request], Awaitable[Response]]


def renewable(shown: Page, *, posts: bool = False) -> Callable[[Request], Awaitable[Response]]:
    """The page of a link; a press of `?again`, which the page for tokens that open nothing offers, asks for a new letter."""

    async def answered(request: Request) -> Response:
        if request.method == "POST" and "again" in request.query_params:
            return await _again(request)
        if request.method == "POST" and not posts:
            raise HTTPException(405, headers={"allow": "GET, HEAD"})
        if iscoroutinefunction(shown):
            return cast(Response, await shown(request))
        return await run_in_threadpool(cast(Callable[[Request], Response], shown), request)

    return answered


async def _again(request: Request) -> Response:
    """The same answer whatever the token is; the letter is queued after it."""
    now = cast(datetime, request.app.state.clock())
    async with submitted(request) as sent:
        if sent.values.get("again") != "yes":
            raise HTTPException(404)
    if (refusal := refused(request, now)).status_code == 429:
        raise refusal
    answer = page(request, "renewal.html")
    answer.background = BackgroundTask(cast(Front, request.app.state.front).renew, request.path_params["token"], now)
    return answer
