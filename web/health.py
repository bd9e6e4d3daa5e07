"""Whether the process lives and whether it is ready; no word about anybody's tasks."""

from __future__ import annotations

from typing import cast

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from .front import Front


def livez(request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


def readyz(request: Request) -> Response:
    """Every check by name; 503 where one says what is wrong."""
    checks = dict(cast(Front, request.app.state.front).ready())
    return JSONResponse(checks, status_code=503 if any(checks.values()) else 200)


def robots(request: Request) -> Response:
    """No page here is for a search engine."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")
