"""Every kind of page that there is, made once over a small office in which something of everything has happened."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple, cast

import httpx
from sqlalchemy import text
from starlette.routing import Match

from tasks.ledger import replying
from tasks.ledger.receiving import Arrival
from tasks.ledger.replying import Answer
from tasks.ledger.roster import row_of
from tasks.sayings import Saying
from tests.counter import DESK, NOW, SOURCE, WHO, Counter, Visitor, hidden
from tests.counter import LEADER as COUNTED_LEADER
from tests.desk_office import FLOOD, ISSUER, LEADER, WARD, Place
from tests.voices import says
from web.app import ROUTES, build
from web.front import Front
from web.office.many import KINDS

#: A letter as its reader sees it: laid out like a page, and none, since a mail program puts it into one.
LETTER = "/office/letters/{letter}/view"

#: What answers no page: files, and words for programs.
FILES = {
    "/t/{token}/lich.ics", "/l/{token}/lich.ics", "/t/{token}/{task}/{hash}", "/l/{token}/{directive}/bao-cao.{form}", "/login/with",
    "/home/{directive}/cong-van-don-doc.docx", "/office/evidence/{directive}/{seq}/{hash}", "/office/letters/{letter}/text",
    "/office/letters/{letter}/eml", "/static/{name}", "/livez", "/readyz", "/robots.txt",
}  # fmt: skip

REPORTED = {**WHO, "note": "theo chỉ đạo", "remember": "yes"}
UNTIL = {"until-day": "30", "until-month": "12", "until-year": "2020"}
DAY = {"figure-on-day": "9", "figure-on-month": "6", "figure-on-year": "2020"}
CALL = {"via": "phone", "ref": "9h20", "by": "Phó Chủ tịch"}

COUNTED = [
    f"/t/{DESK}", f"/t/{DESK}/1", f"/t/{DESK}/10?do=figure", f"/t/{DESK}/21?do=done", f"/t/{DESK}/22?do=extend", f"/t/{DESK}/64",
    f"/t/{DESK}/71", f"/t/{DESK}/many", f"/t/{DESK}/print", f"/t/{SOURCE}/figures/1/bao-phu", f"/l/{COUNTED_LEADER}",
]  # fmt: skip


class Page(NamedTuple):
    """A page as it was answered, the route that answered it, and at which step of its way with what asked for."""

    name: str
    route: str
    body: str
    step: str


def route_of(path: str) -> str:
    """The route that answers an address."""
    scope = {"type": "http", "method": "GET", "path": path.partition("?")[0]}
    return next(route.path for route in ROUTES if route.matches(scope)[0] != Match.NONE)


def happen(place: Place) -> None:
    """Three weeks go by: some are late, one asks for more time, others claim, return, pause; a report has gone out."""
    with place.office.store.write() as db:
        db.execute(text("UPDATE duties SET confirm = TRUE WHERE clause = '6.4'"))
    place.pass_(timedelta(days=22))
    now, office = place.clock.now(), place.office
    for beat in (office.poll, office.escalate, office.aggregate):
        beat(now)
    assert says(office.store, "ttgdnn", "extend", "8", now, note="chờ tuyển sinh", until=date(2020, 12, 1)).number
    assert says(office.store, "bhxh", "done", "6.4", now, document="12/BC-BHXH ngày 19/5/2020").number
    with office.store.write() as db:
        db.execute(text("UPDATE agencies SET mail_state = 'bad' WHERE code = 'an-binh'"))
        db.execute(text("UPDATE notices SET state = 'uncertain' WHERE id = 1"))
        db.execute(text("INSERT INTO stops (at, wanted, expected) VALUES (1, 5000, 20)"))
        rows = [row_of(db, agency) for agency in (WARD, "bhxh")]
    for number, row in enumerate(rows):
        arrival, said = Arrival(source="mail", key=f"<{number}@a.example>"), Saying(kind="progress", note="đang làm")
        replying.propose(office.store, arrival, Answer(row, 0, (said,), "Đang làm"), now)


class Walk:
    """One visitor's way from page to page; each answer is kept under its address."""

    def __init__(self, visitor: Visitor, kept: list[Page]) -> None:
        self._visitor, self._kept = visitor, kept

    def see(self, path: str, name: str = "") -> httpx.Response:
        """Open a page."""
        return self._keep(self._visitor.get(path), path, name)

    def send(self, path: str, name: str, fields: Mapping[str, str]) -> httpx.Response:
        """Press a form at once."""
        form = "/home" if path == "/logout" else path  # which stands on every page inside
        return self._keep(self._visitor.post(path, data={**hidden(self.see(form).text), **fields}), path, name)

    def press(self, path: str, fields: Mapping[str, str]) -> None:
        """A form empty, sent with mistakes, checked, and recorded."""
        nonce = {**hidden(self.see(path).text), "step": "check"}
        self._keep(self._visitor.post(path, data=nonce), path, "mistakes")  # a form that asks for nothing goes on at once
        check = self._keep(self._visitor.post(path, data={**nonce, **fields}), path, "check")
        assert check.status_code == 200, (path, check.text)
        self._keep(self._visitor.post(path, data={**hidden(check.text), "step": "send"}), path, "receipt")

    def _keep(self, answer: httpx.Response, path: str, name: str) -> httpx.Response:
        assert answer.headers.get("content-type", "").startswith("text/html"), (path, answer.status_code, answer.headers)
        assert answer.status_code < 500, path
        known = re.sub(r"t1\.[\w.-]+", "…", path)
        self._kept.append(Page(f"{known} {name}".strip(), route_of(path), answer.text, f"{known.partition('?')[2]} {name}"))
        return answer


def every_page(place: Place) -> list[Page]:
    """All of them, in the order of the table below; then what an agency meets that has duties of every kind."""
    kept: list[Page] = []
    happen(place)
    counter = Counter()
    with Visitor(build(cast(Front, counter), lambda: NOW), counter.base_url) as visitor:
        for address in COUNTED:
            Walk(visitor, kept).see(address, f"of every kind: {address.rpartition('/')[2]}")
    for mail, walk in WALKS:
        with place.visitor() as visitor:
            if mail:
                place.logged_in(visitor, mail)
            walk(place, Walk(visitor, kept))
    return list({page.name: page for page in kept}.values())


def _task(place: Place, agency: str, where: str = "u.indicator = ''") -> int:
    query = f"SELECT k.id FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.agency WHERE a.code = :code AND {where}"
    return int(place.ask(f"{query} AND k.closed_at IS NULL ORDER BY k.id LIMIT 1", code=agency)[0].id)


def _agency(place: Place, at: Walk) -> None:
    desk = f"/t/{place.token()}"
    task, counted = _task(place, WARD), _task(place, WARD, "u.indicator <> ''")
    for address in (desk, f"{desk}?lang=en", f"{desk}?lang=vi", f"{desk}/print", f"{desk}/many", f"{desk}/mail/1"):
        at.see(address)
    at.see(f"{desk}/{counted}")
    for kind in ("progress", "extend", "return", "delegate"):
        at.see(f"{desk}/{task}?do={kind}")
    at.press(f"{desk}/{task}", {**REPORTED, "kind": "delegate", "delegate-to": "Chuyên viên Văn hóa"})
    at.press(f"{desk}/{task}", {**REPORTED, "kind": "progress", "progress-note": "đã vận động 40 hộ"})
    at.press(f"{desk}/many", {**REPORTED, f"tick-{task}": "yes", "kind": "progress", f"line-{task}": "đã vận động 40 hộ"})
    passed = at.see(f"{desk}/passed").text
    at.see(place.path(re.findall(r"https://[^<\s]+", passed)[0]), "passed on")
    at.send(f"{desk}/contact", "asked", {**WHO, "mail": "moi@cairang.example", "phone": "0292 000 0099"})
    at.send(f"{desk}/mail/1", "recorded", {**WHO, "step": "send"})


def _strangers(place: Place, at: Walk) -> None:
    at.see("/t/unknown")
    at.send("/t/unknown?again", "asked again", {"again": "yes"})
    source, indicator = place.ask("SELECT a.code, n.indicator FROM indicators n JOIN agencies a ON a.id = n.source LIMIT 1")[0]
    figures = f"/t/{place.token(source)}/figures/1/{indicator}"
    at.see(f"/t/{place.token(source)}", "source")
    form = at.see(figures).text
    at.press(figures, {**WHO, **DAY, re.findall(r'name="(row-\d+-value)"', form)[0]: "86,5"})
    leader = f"/l/{place.token('ct', 'page')}"
    for address in (leader, f"{leader}/1", f"{leader}/1/rows?cell=late", f"{leader}/1/rows?cell=asked"):
        at.see(address)
    at.see(f"/u/{place.token('ct', 'unsubscribe')}")
    at.send("/login", "mistakes", {})
    at.send("/login", "asked", {"mail": ISSUER})
    at.see(place.path(place.letters()[-1]))
    at.see("/login/back?code=c&state=s")
    at.send("/login/back?code=c&state=s", "refused", {})
    while at.see("/t/unknown", "again").status_code != 429:
        pass


def _contact(place: Place, at: Walk) -> None:
    [of] = place.ask("SELECT c.link, a.code FROM corrections c JOIN agencies a ON a.id = c.confirmer")
    address = f"/contact/{place.office.settings.keys.token('contact', of.link, of.code)}"
    at.see(address)
    at.send(address, "mistakes", {"step": "confirm"})
    at.send(address, "confirmed", {"step": "confirm", "name": "Chánh Văn phòng"})


def _leader(place: Place, at: Walk) -> None:
    task = place.ask("SELECT task FROM requests")[0].task
    for address in ("", "/all", "/all?by=agency", "/all?by=territory", "/all?day=2020-06-10&since=2020-05-25", "/1"):
        at.see(f"/home{address}")
    for address in ("rows?cell=late", "rows?cell=asked", f"tasks/{task}", f"tasks/{task}?kind=refuse", f"tasks/{task}?kind=grant"):
        at.see(f"/home/1/{address}")
    at.send(f"/home/1/tasks/{task}", "mistakes", {"kind": "refuse", "typed": "yes"})
    at.send(f"/home/1/tasks/{task}", "granted", {"kind": "grant"})


def _clerk(place: Place, at: Walk) -> None:
    task, counted = _task(place, WARD), _task(place, WARD, "u.indicator <> ''")
    trays = ("confirm", "requests", "returned", "paused", "replies", "letters", "addresses")
    lists = ("", "?q=bhyt", "/letters", "/agencies", *(f"/waiting/{tray}" for tray in trays))
    of_one = ("papers/1", "papers/1/tasks", "papers/1/tasks?which=late", "papers/1/plan", "letters/1", "letters/1/settle/arrived")
    for address in (*lists, *(f"/{each}" for each in of_one), f"/agencies/{WARD}", f"/tasks/{task}"):
        at.see(f"/office{address}")
    at.press(f"/office/tasks/{task}/decide/pause", {**REPORTED, **UNTIL})
    at.press(f"/office/tasks/{counted}/figure", {
        **REPORTED, "figure-numerator": "170", "figure-denominator": "200", "on-day": "9", "on-month": "6", "on-year": "2020",
    })
    at.press(f"/office/tasks/{_task(place, WARD)}/answer/progress", {**CALL, "note": "đã vận động 40 hộ"})
    at.press("/office/papers/1/letters/hold", REPORTED)
    for letter in place.ask("SELECT min(id) AS id, lane FROM notices WHERE directive IS NOT NULL GROUP BY lane"):
        at.see(f"/office/letters/{letter.id}/view", letter.lane)
    _many(place, at)
    at.press("/office/papers/1/withdraw", {**REPORTED, "clause": "6.4"})
    at.see("/office", "held")
    at.press("/office/release", REPORTED)
    accept = at.see("/office/replies/2/accept").text
    at.press("/office/replies/2/accept", {**REPORTED, "task": re.findall(r'name="task" value="(\d+)"', accept)[0]})
    at.see("/office/replies/2/refuse")
    at.send("/logout", "left", {"where": "here"})


def _many(place: Place, at: Walk) -> None:
    """What a desk does to many tasks at once."""
    for kind in ("", *(f"/{kind}" for kind in KINDS)):
        at.see(f"/office/papers/1/many{kind}")
    at.press("/office/papers/1/many/close", {**REPORTED, "which": "any", "clause-2.1": "yes", "clause-10": "yes"})
    [closed] = place.ask("SELECT key FROM acts WHERE key LIKE 'web:%:%' LIMIT 1")
    at.press(f"/office/papers/1/undo/{closed.key.rpartition(':')[0]}", REPORTED)
    late = re.findall(r'name="(agency-[\w.-]+)"', at.see("/office/papers/1/urge").text)
    at.press("/office/papers/1/urge", {**REPORTED, **dict.fromkeys(late, "yes")})
    flood = place.issue(FLOOD)
    at.press(f"/office/papers/{flood}/ask", {**REPORTED, "clause": "1", "due": "30/6/2020"})
    at.see(f"/office/papers/{flood}/urge", "nobody")
    at.press("/office/papers/1/samples/draw", {"n": "30", "seed": "1"})
    for address in ("/samples", "/samples/1"):
        at.see(f"/office/papers/1{address}")
    at.press("/office/papers/1/samples/1/1", {**REPORTED, "held": "no"})


def _english(place: Place, at: Walk) -> None:
    """The pages with the longest words, in the other language, which the browser keeps from the first of them on."""
    ways = ("office/papers/1", "office/papers/1/many/postpone", "office/papers/1/urge", "home/1", "home/all")
    for address in ("office?lang=en", *ways, f"office/tasks/{_task(place, WARD)}"):
        assert 'lang="en"' in at.see(f"/{address}", "in English").text


WALKS: list[tuple[str, Callable[[Place, Walk], None]]] = [
    ("", _agency), ("", _contact), (LEADER, _leader), (ISSUER, _english), (ISSUER, _clerk), ("", _strangers),
]  # fmt: skip
