"""From a template and its facts to an answer in the reader's language; knows cookies and static files, no pages."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from reports.marking import marked
from reports.page import stylesheet

from .qr import qr
from .words import CODES, Code, Tongue, tongue

HERE = Path(__file__).parent
LANGUAGE = "dondoc-lang"
YEAR = 365 * 24 * 3600
TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@cache
def assets() -> Mapping[str, tuple[str, bytes, str]]:
    """Static files by their own name: (name with a version, bytes, media type)."""
    vendored = tomllib.loads((HERE / "static" / "vendor.toml").read_text(encoding="utf-8"))
    sheets = {name: rules["file"] for name, rules in vendored.items()} | {"pages": "pages.css", "mark": "mark.svg"}
    contents = {name: ((HERE / "static" / file).read_bytes(), Path(file).suffix) for name, file in sheets.items()}
    contents["report"] = (stylesheet().encode(), ".css")
    return {name: (f"{name}.{_version(content)}{suffix}", content, TYPES[suffix]) for name, (content, suffix) in contents.items()}


def address(name: str) -> str:
    """Where a static file is served."""
    return f"/static/{assets()[name][0]}"


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]


def static(request: Request) -> Response:
    """A static file: its name changes with its bytes, so it may be kept for ever."""
    for name, content, media_type in assets().values():
        if name == request.path_params["name"]:
            return Response(content, media_type=media_type, headers={"cache-control": f"public, max-age={YEAR}, immutable"})
    return PlainTextResponse("", 404)


@cache
def environment(code: Code) -> Environment:
    """The templates in one language; what a template forgets is an error, what people typed is escaped."""
    spoken = tongue(code)
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(spoken.catalogue, newstyle=True)  # type: ignore[attr-defined]
    made.filters["say"] = spoken.say
    made.globals["static"] = {name: address(name) for name in assets()}
    made.globals["language"] = code
    made.filters["qr"] = qr
    return made


def spoken_in(request: Request) -> Tongue:
    """The reader's language: asked for in the address, else remembered, else that of whose page it is, else Vietnamese."""
    theirs = _known(getattr(request.state, "lang", None))
    return tongue(_asked(request) or _known(request.cookies.get(LANGUAGE)) or theirs or "vi")


def page(request: Request, template: str, *, code: int = 200, **facts: object) -> HTMLResponse:
    """The template as an answer; a language asked for in the address is remembered by the browser."""
    spoken = spoken_in(request)
    body = environment(spoken.code).get_template(template).render(here=request.url.path, **facts)
    answer = HTMLResponse(marked(body) if spoken.code == "en" else body, status_code=code)
    remember_language(request, answer)
    return answer


def remember_language(request: Request, answer: Response) -> None:
    """Where the address asks for a language, let the browser keep it."""
    if asked := _asked(request):
        remember(request, answer, LANGUAGE, asked)


def remember(request: Request, answer: Response, name: str, value: str) -> None:
    """A cookie that scripts cannot read and other sites do not bring; an empty value forgets it."""
    secure = bool(request.app.state.front.base_url.startswith("https:"))
    age = YEAR if value else 0
    answer.set_cookie(name, value, max_age=age, path="/", secure=secure, httponly=True, samesite="lax")


def _asked(request: Request) -> Code | None:
    return _known(request.query_params.get("lang"))


def _known(code: str | None) -> Code | None:
    return next((known for known in CODES if known == code), None)
