"""Where a leader's page leads: the rows behind each number, the decisions that are his, and what it vouches for."""

from __future__ import annotations

from datetime import date
from functools import partial
from urllib.parse import urlencode

from config.office import Office
from reports.page import Ways
from tasks.ledger import roster, sessions, watching
from tasks.values import Standing

from .words import Say, Tongue

_FILES = (("pdf", Say("Tải PDF")), ("docx", Say("Tải Word")), ("xlsx", Say("Tải Excel")), ("csv", Say("Tải CSV")))


def ways(office: Office, standing: Standing, recipient: str, base: str, to: Tongue) -> Ways:
    """The ways of a page that stands at `base`; who may not decide sees no way to it. After a login there is a way to all papers."""
    paper = standing.paper.id
    with office.store.read() as db:
        watch = watching.watch(db, paper, office.calendar, office.practice, standing.as_of)
        today = standing.as_of.astimezone(office.practice.tz).date()
        may = paper in sessions.decides(db, roster.row_of(db, recipient), today)
    decide = partial("/home/{}/tasks/{}".format, paper) if may else None
    others: tuple[tuple[str, str], ...] = (("/home/all", to.say(Say("Tất cả văn bản"))),) if base.startswith("/home/") else ()
    if may and standing.cells.overdue:
        others += ((f"/office/papers/{paper}/urge", to.say(Say("Đôn đốc các đơn vị quá hạn"))),)
    if base.startswith("/l/"):
        others += tuple((f"{base}/bao-cao.{form}", to.say(words)) for form, words in _FILES)
    changes = f"{base}/rows?change={{}}".format
    return Ways(rows=partial(rows_at, base), changes=changes, decide=decide, watch=watch, others=others, speaks=True)


def rows_at(base: str, cell: str, agency: str = "", clause: str = "", day: date | None = None) -> str:
    """The address of the rows behind a number; `day`: as they stood at its end."""
    asked = {"cell": cell, "agency": agency, "clause": clause, "day": day}
    return f"{base}/rows?{urlencode({name: value for name, value in asked.items() if value})}"
