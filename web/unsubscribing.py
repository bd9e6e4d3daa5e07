"""Stopping the reports that a leader gets by mail, in one press of a mail program (RFC 8058) or of a person; nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from .form import submitted
from .front import Front
from .pages import page
from .threads import run_in_threadpool
from .visit import refused


async def reports(request: Request) -> HTMLResponse:
    """GET shows what stands; POST stops the reports, or lets them come again. Any other body is 400."""
    front, now = cast(Front, request.app.state.front), cast(datetime, request.app.state.clock())
    token = request.path_params["token"]
    comes = await run_in_threadpool(front.reports_come, token, now)
    if comes is None:
        raise refused(request, now)
    if request.method == "POST":
        comes = await _wished(request)
        await run_in_threadpool(front.let_reports_come, token, comes, now)
    return page(request, "reports.html", comes=comes)


async def _wished(request: Request) -> bool:
    async with submitted(request) as sent:
        if sent.values == {"List-Unsubscribe": "One-Click"}:
            return False
        if sent.values == {"reports": "again"}:
            return True
    raise HTTPException(400)
