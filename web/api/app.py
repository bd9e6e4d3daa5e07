"""The interface as an application of its own, which the pages carry under /api/v1."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from config.office import Office

from . import acting, evidence, problems, reading
from .caller import paces

PREFIX = "/api/v1"
VERSION = "1"


def interface(office: Office, clock: Callable[[], datetime], wake: Callable[[], None] = lambda: None) -> FastAPI:
    """The interface over an office; `wake` hears that a letter may leave. `/openapi.json` needs no key."""
    app = FastAPI(title="dondoc", version=VERSION, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.include_router(reading.router)
    app.include_router(acting.router)
    app.include_router(evidence.router)
    app.state.office, app.state.clock, app.state.wake = office, clock, wake
    app.state.calls, app.state.strangers = paces()
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    problems.tell(app)
    return app


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once."""
    if not app.openapi_schema:
        made = get_openapi(title=app.title, version=app.version, routes=app.routes, servers=[{"url": PREFIX}])
        app.openapi_schema = problems.described(made)
    return app.openapi_schema
