"""The application: which page answers which address, and what stands before all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Scope

from . import feeds
from .contact import confirming, contact
from .deciding import decide
from .desk import desk
from .drafting import draft
from .duty import duty
from .figures import figures
from .front import Front
from .gate import Bound, Gate
from .health import livez, readyz, robots
from .leaders import paper, papers
from .mailed import mailed
from .many import many
from .office.routes import ROUTES as OFFICE
from .pace import Pace
from .pages import page, static
from .papers import download
from .passing import passed
from .portfolio import everything
from .printed import sheet
from .renewing import renewable
from .rows import by_link
from .rows import inside as rows
from .showing import exhibit
from .signing_in import home, knock, login, logout
from .signing_in import paper as paper_inside
from .unsubscribing import reports
from .vouching import back, leave
from .words import Say

BOTH = ["GET", "POST"]
ROUTES = [
    Route("/t/{token}", renewable(desk), methods=BOTH),
    Route("/t/{token}/lich.ics", renewable(feeds.agency), methods=BOTH),
    Route("/l/{token}/lich.ics", renewable(feeds.leader), methods=BOTH),
    Route("/t/{token}/passed", renewable(passed, posts=True), methods=BOTH),
    Route("/t/{token}/figures/{directive}/{indicator}", renewable(figures, posts=True), methods=BOTH),
    Route("/t/{token}/contact", renewable(contact, posts=True), methods=BOTH),
    Route("/contact/{token}", confirming, methods=BOTH),
    Route("/t/{token}/mail/{reply}", renewable(mailed, posts=True), methods=BOTH),
    Route("/t/{token}/many", renewable(many, posts=True), methods=BOTH),
    Route("/t/{token}/print", sheet),
    Route("/t/{token}/{task}/{hash}", exhibit),
    Route("/t/{token}/{task}", renewable(duty, posts=True), methods=BOTH),
    Route("/l/{token}", renewable(papers), methods=BOTH),
    Route("/l/{token}/{directive}", renewable(paper), methods=BOTH),
    Route("/l/{token}/{directive}/bao-cao.{form}", download),
    Route("/l/{token}/{directive}/rows", renewable(by_link), methods=BOTH),
    Route("/u/{token}", reports, methods=BOTH),
    Route("/login", login, methods=BOTH),
    Route("/login/with", leave),
    Route("/login/back", back, methods=BOTH),
    Route("/login/{token}", knock, methods=BOTH),
    Route("/logout", logout, methods=BOTH),
    Route("/home", home),
    Route("/home/all", everything),
    Route("/home/{directive}", paper_inside),
    Route("/home/{directive}/rows", rows),
    Route("/home/{directive}/cong-van-don-doc.docx", draft),
    Route("/home/{directive}/tasks/{task}", decide, methods=BOTH),
    *OFFICE,
    Route("/static/{name}", static),
    Route("/livez", livez),
    Route("/readyz", readyz),
    Route("/robots.txt", robots),
]

REFUSALS = {
    403: (
        Say("Không nhận yêu cầu từ nơi khác"),
        [Say("Yêu cầu này không gửi từ trang của phiên đang đăng nhập. Chưa có gì được ghi. Hãy mở lại trang rồi thử lại.")],
    ),
    404: (
        Say("Đường dẫn không mở được"),
        [
            Say("Đường dẫn có thể đã hết hạn, đã bị thay thế hoặc bị chép thiếu."),
            Say("Hãy mở đường dẫn trong thư mới nhất, hoặc gọi cơ quan ban hành văn bản để xin đường dẫn mới."),
        ],
    ),
    413: (Say("Tệp gửi lên quá lớn"), [Say("Mỗi tệp tối đa 10 MB, nhiều nhất 5 tệp. Chưa có gì được ghi.")]),
    429: (Say("Quá nhiều lần gửi"), [Say("Hãy đợi mười phút rồi thử lại. Chưa có gì được ghi.")]),
    500: (Say("Trang bị lỗi"), [Say("Lỗi ở phía chúng tôi, chưa có gì được ghi. Hãy thử lại sau ít phút.")]),
}
UNREADABLE = (Say("Không đọc được yêu cầu này"), [Say("Chưa có gì được ghi. Hãy quay lại và thử lại.")])

LOOPBACK = ("127.0.0.1", "localhost")
WINDOW = timedelta(minutes=10)
MOST_PRESSES = 200  # of one link within the window: an agency with many duties, or fifty impatient presses
MOST_LOGINS = 20  # logins that one network address asks for within the window
MOST_CODES = 5  # codes tried for one login link, which lives no longer than the window
MOST_GUESSES = 60  # failed tokens from one network address within the window


def build(front: Front, clock: Callable[[], datetime], interface: ASGIApp | None = None) -> Starlette:
    """The pages over a front, and the interface for programs under /api/v1.

    Hosts other than the configured one are refused; only loopback may ask for health by number.
    """
    base = urlsplit(front.base_url)
    app = Starlette(
        routes=[*ROUTES, *([Mount("/api/v1", interface)] if interface else [])],
        middleware=[
            Middleware(Gate, secure=base.scheme == "https", trouble=_trouble),
            Middleware(TrustedHostMiddleware, allowed_hosts=[base.hostname or "", *LOOPBACK], www_redirect=False),
            Middleware(GZipMiddleware, minimum_size=500),
            Middleware(Bound),
        ],
        exception_handlers={HTTPException: _refused},
    )
    app.router.redirect_slashes = False
    app.state.front, app.state.clock = front, clock
    app.state.guesses, app.state.presses = Pace(MOST_GUESSES, WINDOW), Pace(MOST_PRESSES, WINDOW)
    app.state.logins, app.state.codes = Pace(MOST_LOGINS, WINDOW), Pace(MOST_CODES, WINDOW)
    return app


def _refused(request: Request, error: Exception) -> Response:
    """The same page for every refusal of its kind, whatever the address was."""
    code = error.status_code if isinstance(error, HTTPException) else 400
    headline, sentences = REFUSALS.get(code, UNREADABLE)
    again = code == 404 and request.url.path[:3] in ("/t/", "/l/")
    answer = page(request, "refusal.html", code=code, headline=headline, sentences=sentences, again=again)
    answer.headers.update(error.headers or {} if isinstance(error, HTTPException) else {})
    if code == 429:
        answer.headers["retry-after"] = str(int(WINDOW.total_seconds()))
    return answer


def _trouble(scope: Scope, incident: str) -> ASGIApp:
    headline, sentences = REFUSALS[500]
    told = [*sentences, Say("Mã sự cố: %(incident)s", incident=incident)]
    return page(Request(scope), "refusal.html", code=500, headline=headline, sentences=told, again=False)
