"""Sessions of leaders and of issuers' desks: the cookie, how long it lives, and what stands before every page of a session.

How a page of a session is added. Its function takes where it stands and, after a press, the form; it runs in a thread:

    @session_demanded
    def decisions(at: Inside, sent: Submitted | None) -> Response:
        if not at.session.may("decide", number):
            raise HTTPException(404)
        if sent is None:
            return at.page("decisions.html", ...)

and its address stands in the route table of `web.app`: `Route("/home/{directive}/decisions", decisions, methods=["GET", "POST"])`.
Templates extend `inside.html`; every form in them has `{% include "word.html" %}`, without which a press is refused (403). Whoever is not
logged in is led to `/login` and back. A GET writes nothing: that somebody was here stands in the cookie, signed.

The cookie is `__Host-dondoc` (Secure, HttpOnly, SameSite=Lax, the whole site). Where the configured address is plain http, as on a
developer's own machine, browsers take no such name, and it is `dondoc-plain`, without Secure.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from hashlib import sha256
from typing import cast
from urllib.parse import quote, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from notifications.links import derived
from tasks.sessions import IDLE, LONGEST, Session

from .form import Submitted, submitted
from .front import Front
from .pages import page
from .threads import run_in_threadpool

#: What a page of a session is: where it stands, and the form after a press.
Page = Callable[["Inside", Submitted | None], Response]

#: A cookie younger than this is not written again.
FRESH = timedelta(minutes=1)

_COOKIE = re.compile(r"([\w-]{43})\.(\d{1,12})\.([\w-]{24})", re.ASCII)
_OWN = re.compile(r"/(?!login)[a-z]{1,20}(?:/[\w.-]{1,80}){0,6}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """One request of somebody who is logged in. `now` is asked of the clock once."""

    request: Request
    front: Front
    now: datetime
    session: Session
    secret: str
    seen_at: datetime

    @property
    def word(self) -> str:
        """What every form of this session carries: another site cannot know it."""
        return _mac(self.front, "form", self.session.id)

    def page(self, template: str, *, code: int = 200, **facts: object) -> Response:
        """A page that says who is logged in."""
        return page(self.request, template, code=code, session=self.session, form_word=self.word, **facts)


def signed_in(request: Request) -> Session | None:
    """Who is logged in, None where nobody is. Reads the ledger: call it in a thread."""
    at = _inside(request)
    return at.session if at else None


def session_demanded(shown: Page) -> Callable[[Request], Awaitable[Response]]:
    """The page for whoever is logged in; everybody else is led to the login and back. A press from another site is refused."""

    @wraps(shown)
    async def guarded(request: Request) -> Response:
        at = await run_in_threadpool(_inside, request)
        if request.method not in ("GET", "HEAD") and not from_here(request):
            raise HTTPException(403)
        if at is None:
            return RedirectResponse(f"/login?next={quote(own(request.url.path))}", 303)
        if request.method in ("GET", "HEAD"):
            return _renewed(at, await run_in_threadpool(shown, at, None))
        async with submitted(request) as sent:
            if not hmac.compare_digest(sent.values.get("word", "").encode(), at.word.encode()):
                raise HTTPException(403)
            return _renewed(at, await run_in_threadpool(shown, at, sent))

    return guarded


def from_here(request: Request) -> bool:
    """Whether a press comes from our own pages, as far as the browser says. One that says nothing is no browser of today."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    base = urlsplit(cast(Front, request.app.state.front).base_url)
    return request.headers.get("origin") in (None, f"{base.scheme}://{base.netloc}")


def own(path: str) -> str:
    """The path if it is plainly one of our own pages, else the first page after a login."""
    return path if _OWN.fullmatch(path) and ".." not in path else "/home"


def begun(request: Request, answer: Response, secret: str, now: datetime) -> None:
    """Give the browser the cookie of a new session."""
    _set(request, answer, stamped(cast(Front, request.app.state.front), secret, now))


def stamped(front: Front, secret: str, now: datetime) -> str:
    """What the cookie of a session holds that was here just now."""
    seen = f"{secret}.{int(now.timestamp())}"
    return f"{seen}.{_mac(front, 'seen', seen)}"


def ended(request: Request, answer: Response) -> None:
    """Take the cookie back."""
    _set(request, answer, "")


def new_secret() -> str:
    """What makes a session: known to one browser alone."""
    return secrets.token_urlsafe(32)


def id_of(secret: str) -> str:
    """What the ledger keeps of a session's secret."""
    return sha256(secret.encode()).hexdigest()


def cookie_name(request: Request, name: str = "dondoc") -> str:
    """`__Host-` where browsers take it; on plain http a name of its own."""
    secure = cast(Front, request.app.state.front).base_url.startswith("https:")
    return f"__Host-{name}" if secure else f"{name}-plain"


def _inside(request: Request) -> Inside | None:
    front, now = cast(Front, request.app.state.front), cast(datetime, request.app.state.clock())
    found = _COOKIE.fullmatch(request.cookies.get(cookie_name(request), ""))
    if not found or not hmac.compare_digest(_mac(front, "seen", f"{found[1]}.{found[2]}"), found[3]):
        return None
    seen_at = datetime.fromtimestamp(int(found[2]), UTC)
    if now - seen_at >= IDLE:
        return None
    session = front.session(id_of(found[1]), now)
    return Inside(request=request, front=front, now=now, session=session, secret=found[1], seen_at=seen_at) if session else None


def _renewed(at: Inside, answer: Response) -> Response:
    """The answer, with a new cookie where the last one is a minute old; one that the page has set itself stays."""
    if at.now - at.seen_at >= FRESH and "set-cookie" not in answer.headers:
        begun(at.request, answer, at.secret, at.now)
    return answer


def _set(request: Request, answer: Response, value: str) -> None:
    name = cookie_name(request)
    age = int(LONGEST.total_seconds()) if value else 0
    answer.set_cookie(name, value, max_age=age, path="/", secure=name.startswith("__Host-"), httponly=True, samesite="lax")


def _mac(front: Front, purpose: str, said: str) -> str:
    key = derived(front.form_key, f"session {purpose}")
    return urlsafe_b64encode(hmac.digest(key, said.encode(), sha256)[:18]).decode()
