"""Every refusal of the interface as a problem document (RFC 9457), whoever noticed it."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

log = logging.getLogger(__name__)

MEDIA = "application/problem+json"


class Mistake(BaseModel):
    """What is wrong with one part of a request."""

    place: str = Field(description="where: body.until, query.limit")
    words: str


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    code: str = Field(description="what it is, for programs")
    mistakes: list[Mistake] = []


class Refused(Exception):  # noqa: N818  # it is an answer, not a mistake of ours
    """A request that is refused: `code` for programs, `detail` for people."""

    def __init__(self, status: int, code: str, detail: str, **headers: str) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.headers = status, code, detail, headers


def answer(
    status: int, code: str, detail: str = "", mistakes: tuple[Mistake, ...] = (), *, headers: Mapping[str, str] | None = None
) -> Response:
    """A problem document."""
    problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, code=code, mistakes=list(mistakes))
    return Response(problem.model_dump_json(), status, dict(headers or {}), MEDIA)


def tell(app: FastAPI) -> None:
    """Let every error of an application become a problem document."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _wrong)
    app.add_exception_handler(Exception, _trouble)


def described(document: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document whose refusals are problem documents, as they are sent."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status >= "400" and "content" in response:
                    response["content"] = {MEDIA: next(iter(response["content"].values()))}
    return document


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals that an operation may answer with."""
    return {status: {"model": Problem, "description": HTTPStatus(status).phrase} for status in statuses}


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return answer(error.status, error.code, error.detail, headers=error.headers)


_HTTP = {
    404: ("unknown", "Không có địa chỉ này."), 405: ("method", "Địa chỉ này không nhận cách gọi ấy."),
    413: ("too-large", "Yêu cầu quá lớn; chưa có gì được ghi."),
}


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, detail = _HTTP.get(error.status_code, ("refused", "Không đọc được yêu cầu này; chưa có gì được ghi."))
    return answer(error.status_code, code, detail, headers=error.headers)


async def _wrong(request: Request, error: Exception) -> Response:
    """What was sent is not said again: it may hold what nobody should read in a log."""
    assert isinstance(error, RequestValidationError)
    places = ((".".join(map(str, each["loc"])), str(each["msg"])) for each in error.errors()[:20])
    said = tuple(Mistake(place=place[:200], words=words) for place, words in places)
    return answer(422, "malformed", "Yêu cầu không đúng khuôn dạng; chưa có gì được ghi.", said)


async def _trouble(request: Request, error: Exception) -> Response:
    incident = secrets.token_hex(4)
    log.error("incident %s: an answer could not be made", incident)
    return answer(500, "incident", f"Lỗi ở phía chúng tôi. Mã sự cố: {incident}")


def canonical(said: Mapping[str, Any]) -> str:
    """A request with one spelling, by which it is known when it comes again."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
