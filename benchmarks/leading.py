"""What leaders open, each a whole GET through the pages: a directive and its PDF among a million tasks, two thousand papers at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

import httpx
from sqlalchemy import Table, text

from config.clock import HandClock
from config.office import Office
from config.settings import load
from directives.language.shapes import Directory
from tasks.ledger import roster, sessions
from tasks.ledger import tables as t
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from web.app import build
from web.house import House
from web.postman import Postman
from web.sessions import id_of, stamped

from .measuring import Bound, Figure, Taken, timed
from .million import CALM, MORNING, URGENT, close_some, million
from .nation import CALENDAR, ISSUED, PRACTICE, SCHOOLS, directory, paper
from .stores import KINDS, Shelf

LATE = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)  # two of the four dates of the paper to all schools are past
PAPERS, HOLDERS = 2_000, 25
LOOKS = 7
_NUMBER, _BODY = "CAST(n.n AS text) || '/CT'", "replace(x.body, '1/CT', CAST(n.n AS text) || '/CT')"
_HOLDER = "f.id + (u.directive * :holders + n.n) % (:schools - 1)"
WAYS = {"paper": "directive", "agency": "agency", "territory": "territory"}


def leading(shelf: Shelf, *, small: bool) -> Iterable[Figure]:
    """The worst case of each: the paper that every school has, with all of them late; then all papers of a ministry."""
    for kind in KINDS:
        with shelf.copy(kind, million(shelf, kind, small)) as store:
            close_some(store)
            yield from _one_of_many(shelf, store, kind, "9,720" if small else "1,000,000")
        with shelf.empty(kind) as store:
            papers = 20 if small else PAPERS
            fill(store, papers=papers, schools=530 if small else SCHOOLS)
            yield from _all_of_them(shelf, store, kind, papers)


def _one_of_many(shelf: Shelf, store: Store, kind: str, number: str) -> Iterable[Figure]:
    with store.read() as db:
        whole = db.execute(text("SELECT directive FROM tasks GROUP BY directive ORDER BY count(*) DESC LIMIT 1")).scalar_one()
    with store.write() as db:
        ids = roster.codes(db)
        roster.link(db, [ids["bo"]], "page")
        roster.link(db, [ids["s1"]], "desk")
    with opened(shelf, store, LATE) as pages:
        page, desk = f"/l/{pages.token('page', 'bo')}/{whole}", f"/t/{pages.token('desk', 's1')}"
        for address, said, must in (
            (page, "leader's page of a directive to every school", Bound(at="<", value=300, unit="ms")),
            (f"{page}/bao-cao.pdf", "its report as PDF", Bound(at="<", value=2, unit="s")),
            (desk, "agency's page at rest", Bound(at="<", value=50, unit="ms")),
        ):
            yield pages.took(address).span("leading", f"{said}, among {number} tasks", kind, must)


def _all_of_them(shelf: Shelf, store: Store, kind: str, papers: int) -> Iterable[Figure]:
    with opened(shelf, store, MORNING) as pages:
        pages.log_in("bo")
        for by, name in WAYS.items():
            took = pages.took(f"/home/all?by={by}")
            yield took.span("leading", f"portfolio of {papers:,} directives by {name}", kind, Bound(at="<", value=1, unit="s"))


class Pages:
    """The pages of an office in this process, asked by one person."""

    def __init__(self, office: Office, now: datetime) -> None:
        clock = HandClock(now)
        self._office, self._now, self._house = office, now, House(office, clock, Postman(office, clock))
        self._app, self._cookies = build(self._house, clock.now), dict[str, str]()

    def token(self, purpose: str, agency: str) -> str:
        """What opens the pages of an agency's link."""
        query = "SELECT l.id FROM links l JOIN agencies a ON a.id = l.agency WHERE a.code = :code AND l.purpose = :purpose"
        with self._office.store.read() as db:
            link = db.execute(text(query), {"code": agency, "purpose": purpose}).scalars().first()
        assert link
        return self._office.settings.keys.token("desk" if purpose == "desk" else "page", link, agency)

    def log_in(self, agency: str) -> None:
        """Begin a session of an agency."""
        secret = "s" * 43
        with self._office.store.write() as db:
            sessions.begin_for(db, roster.row_of(db, agency), id_of(secret), "oidc", self._now)
        self._cookies = {"dondoc-plain": stamped(self._house, secret, self._now)}

    def took(self, address: str) -> Taken:
        """What some looks took, after one that warmed the store."""
        self._get(address)
        return Taken(ours=tuple(timed(partial(self._get, address)) for _ in range(LOOKS)))

    def _get(self, address: str) -> None:
        answer = asyncio.run(self._asked(address))
        assert answer.status_code == 200, (address, answer.status_code, answer.headers.get("location"))

    async def _asked(self, address: str) -> httpx.Response:
        way = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=way, base_url=self._office.settings.base_url, cookies=self._cookies) as client:
            return await client.get(address)


@contextmanager
def opened(shelf: Shelf, store: Store, now: datetime) -> Iterator[Pages]:
    """An office over a ledger, with a clock that stands still."""
    home = shelf.folder / "leading"
    home.mkdir(exist_ok=True)
    url = store.url.render_as_string(hide_password=False)
    office = Office.open(load(home, database=url, base_url="http://dondoc.example"))
    try:
        yield Pages(office, now)
    finally:
        office.close()


def fill(store: Store, *, papers: int, schools: int) -> None:
    """So many papers of four duties to twenty-five schools each, one after another: the first is issued, the others are its copies."""
    people = directory(schools)
    few = Directory(agencies={id_: people.agencies[id_] for id_ in ("bo", "p0", "c0", "s0")})
    first = paper(few, number="1/CT", lead="s0", due=(*URGENT[1:3], CALM[0], None))
    with store.write() as db:
        roster.enter(db, people, ISSUED)
    open_directive(store, first, few, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    with store.write() as db:
        for statement in COPIES:
            db.execute(text(statement), {"papers": papers, "holders": HOLDERS, "schools": schools} if ":" in statement else {})
    close_some(store)


def _copied(table: Table, **changed: str) -> str:
    """The beginning of a statement that copies the rows `x` of a table, but for what is changed and for their numbers."""
    names = [column.name for column in table.columns if column.name != "id"]
    values = (changed.get(name, f"x.{name}") for name in names)
    return f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table.name} x"


_COUNT = "WITH RECURSIVE n(n) AS (SELECT {} UNION ALL SELECT n + 1 FROM n WHERE n < :{})"

#: The paper, its duties, terms and events, and the tasks of as many holders as each has.
COPIES = (
    f"{_COUNT.format(2, 'papers')} {_copied(t.directives, number=_NUMBER, body=_BODY)} CROSS JOIN n",
    f"{_copied(t.duties, directive='d.id')} JOIN directives d ON d.id <> x.directive",
    f"{_copied(t.terms, duty='u.id')} JOIN duties o ON o.id = x.duty JOIN duties u ON u.clause = o.clause AND u.id <> o.id",
    f"{_copied(t.events, directive='d.id')} JOIN directives d ON d.id <> x.directive",
    f"""{_COUNT.format(1, 'holders')}
        {_copied(t.tasks, directive='u.directive', duty='u.id', unit=_HOLDER, agency=_HOLDER)}
        JOIN duties o ON o.id = x.duty JOIN duties u ON u.clause = o.clause AND u.id <> o.id CROSS JOIN n
        CROSS JOIN (SELECT id FROM agencies WHERE code = 's1') f""",
)
