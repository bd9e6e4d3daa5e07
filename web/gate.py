"""What every answer carries and what no request may do: headers, no body for HEAD, bounded bodies, no traces shown."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

MOST_MULTIPART = 55 * 1024 * 1024
MOST_PLAIN = 1024 * 1024

POLICY = "default-src 'none'; style-src {styles}; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = {
    "content-security-policy": POLICY.format(styles="'self'"),
    "referrer-policy": "same-origin",  # with no-referrer a form sent to its own host carries `Origin: null`
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
HSTS = "max-age=31536000; includeSubDomains"


class Gate:
    """Outermost: dresses every answer; an error becomes `trouble`'s page with an incident number and one log entry without the address."""

    def __init__(self, app: ASGIApp, secure: bool, trouble: Callable[[Scope, str], ASGIApp]) -> None:
        self._app, self._trouble = app, trouble
        ours = HEADERS | ({"strict-transport-security": HSTS} if secure else {})
        self._headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in ours.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(scope["method"] == "HEAD", self._headers, send)
        try:
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            return
        except Exception:
            incident = secrets.token_hex(4)
            # The path holds the token, so it is not logged; the incident number is how the two ends find each other.
            log.exception("incident %s: a page could not be made", incident)
            if not answer.begun:
                await self._trouble(scope, incident)(scope, receive, answer)


class _Answer:
    """The `send` of one request: adds the headers that an answer does not set itself, drops the body for HEAD."""

    def __init__(self, bare: bool, headers: Sequence[tuple[bytes, bytes]], send: Callable[[Message], Awaitable[None]]) -> None:
        self._bare, self._headers, self._send = bare, headers, send
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            theirs = message.get("headers", ())
            named = {name.lower() for name, _ in theirs}
            message = {**message, "headers": [*theirs, *(header for header in self._headers if header[0] not in named)]}
        elif self._bare:
            message = {**message, "body": b""}
        await self._send(message)


class Bound:
    """Refuses a body that is too large, by its announced length or as it arrives.

    A NUL, which no store takes, makes a path a wrong one and is dropped from a query.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most = MOST_MULTIPART if headers.get("content-type", "").startswith("multipart/") else MOST_PLAIN
        announced = headers.get("content-length", "0")
        left = most if announced.isdecimal() and int(announced[:20]) <= most else -1

        async def bounded() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413)
            return message

        path, query = scope["path"].replace("\0", "\N{REPLACEMENT CHARACTER}"), scope["query_string"].replace(b"%00", b"")
        await self._app({**scope, "path": path, "query_string": query}, bounded, send)
