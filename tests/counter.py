"""The other side of the pages for tests: desks in memory at the outermost edge, as strict about writes and keys as the ledger."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from html import unescape
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

import httpx
from starlette.types import ASGIApp

from tasks.cells import Cells
from tasks.states import TRANSITIONS
from tasks.values import Act, Desk, FigureForm, Paper, Party, Receipt, Standing, Work
from tasks.watches import Watch
from tests.callers import Callers
from web.front import Opened, Seen

NOW = datetime(2020, 9, 2, 2, 12, tzinfo=UTC)  # 9:12 on Wednesday in the office
NAMES = ("desk", "other", "source", "school", "leader", "reader", "expired")
DESK, OTHER, SOURCE, SCHOOL, LEADER, READER, EXPIRED = (f"t1.k1.{name:_<11}.{'m' * 24}" for name in NAMES)

#: One red dot, as a camera would send it.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)

WARD = Party(id="ba-lang", name="UBND phường Ba Láng", short="phường Ba Láng", mail="balang@cairang.example")
NEXT = Party(id="phu-thu", name="UBND phường Phú Thứ", short="phường Phú Thứ", mail="phuthu@cairang.example")
INSURANCE = Party(id="bhxh", name="Bảo hiểm xã hội quận", short="BHXH quận", mail="bhxh@cairang.example")
PRIMARY = Party(id="th-le-binh", name="Trường Tiểu học Lê Bình", short="Tiểu học Lê Bình")

BHYT = Paper(
    id=1, number="898/UBND", issued_on=date(2020, 5, 18), issuer="UBND quận Cái Răng",
    title="Tăng cường rà soát, vận động, phát triển đối tượng tham gia BHYT", contact="Văn phòng HĐND và UBND quận: 0292 000 0000",
)  # fmt: skip
FEVER = Paper(
    id=2, number="1021/UBND-VX", issued_on=date(2020, 8, 20), issuer="UBND quận Cái Răng",
    title="Tổ chức chiến dịch diệt lăng quăng phòng, chống sốt xuất huyết", contact="Văn phòng HĐND và UBND quận: 0292 000 0000",
)  # fmt: skip


def work(id: int, clause: str, short: str, **more: object) -> Work:
    """A task as the ledger hands it out; `more` overrides any field."""
    plain = Work(
        id=id, directive=1, clause=clause, text=f"{short}, theo nội dung của văn bản này", short=short, force="do", agency=WARD, lead=True,
        term="", due_at=None, due_words="", last_working_day=None, state="open", told_at=None, closed_at=None, evidence="optional",
        target="", indicator="", indicator_name="", figure=None, figure_on=None,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def end_of(day: date) -> datetime:
    """The last second of a day in the office."""
    return datetime(day.year, day.month, day.day, 16, 59, 59, tzinfo=UTC)


def due(day: date, words: str, working: date | None = None) -> dict[str, object]:
    """The fields of a dated task."""
    return {"due_at": end_of(day), "due_words": words, "last_working_day": working or day}


COVERAGE = work(
    10, "10", "Rà soát, vận động người chưa tham gia BHYT", indicator="bao-phu", indicator_name="Tỷ lệ bao phủ của phường", target="89%",
    term="2020-09-30", figure=Decimal("85.2"), figure_on=date(2020, 8, 1), state="received", **due(date(2020, 9, 30), "30/9/2020"),
    text="Chủ động rà soát, nắm chắc số người chưa tham gia BHYT trên địa bàn; liên hệ từng hộ để vận động; hoàn thành theo các mốc.",
    with_=("Bảo hiểm xã hội quận", "Hội Liên hiệp Phụ nữ quận"), last_words="Còn 212 hộ ở khu vực 3 chưa tham gia",
    last_words_at=NOW - timedelta(days=31),
)  # fmt: skip
CAMPAIGN = work(
    21, "2", "Ra quân diệt lăng quăng", directive=2, evidence="photo",
    text="Tổ chức ra quân diệt lăng quăng đợt 2; gửi ảnh và kết quả về UBND quận.",
    **due(date(2020, 8, 30), "before 31/8/2020", date(2020, 8, 28)),
)  # fmt: skip
PLAN = work(22, "1.1", "Gửi kế hoạch chiến dịch", directive=2, evidence="document", **due(date(2020, 9, 4), "4/9/2020"))
SPREAD = work(1, "1", "Tuyên truyền về BHYT", force="ask")
PROPAGANDA = work(
    71, "7.2", "Xe tuyên truyền lưu động hàng tuần", term="2020-08-29", lead=False, agency=INSURANCE, **due(date(2020, 9, 4), "hàng tuần"),
)  # fmt: skip
MATERIALS = work(
    64, "6.4", "Nhận bộ tài liệu tuyên truyền", state="done", closed_at=datetime(2020, 5, 23, 3, 0, tzinfo=UTC),
    **due(date(2020, 5, 24), "before 25/5/2020"),
)  # fmt: skip
THEIRS = replace(COVERAGE, id=11, agency=NEXT, figure=None, figure_on=None)
SCHOOLS = work(201, "2.1", "100% học sinh tham gia BHYT", agency=PRIMARY, evidence="required", **due(date(2020, 9, 30), "30/9/2020"))


HOST = "https://dondoc.cairang.example"
WHO = {"name": "Người trực", "role": "Công chức Văn hóa – Xã hội"}
PROGRESS = {"kind": "progress", "progress-note": "Đã vận động 40 hộ", **WHO}


class Counter(Callers):
    """`web.front.Front` in memory. `writes` counts what would have reached a ledger, `kept` what would have reached a disk."""

    base_url = HOST
    form_key = b"k" * 32

    def __init__(self) -> None:
        self.works = {one.id: one for one in (COVERAGE, CAMPAIGN, PLAN, SPREAD, PROPAGANDA, MATERIALS, THEIRS, SCHOOLS)}
        self.desks = {"ba-lang": [10, 21, 22, 1, 71, 64], "phu-thu": [11], "bhxh": [], "th-le-binh": [201]}
        self.receipts: dict[str, Receipt] = {}
        self.kept: dict[str, bytes] = {}
        self.forms: dict[str, bytes] = {}
        super().__init__()
        self.pressed = 0
        self.full = False
        self.broken = ""
        self._lock = Lock()

    def dump(self) -> str:
        """Everything that a page could have changed."""
        return repr((self.works, self.receipts, self.answers, self.contacts, sorted(self.kept)))

    def opened(self, token: str, now: datetime) -> Opened | None:
        whose = {DESK: "ba-lang", OTHER: "phu-thu", SOURCE: "bhxh", SCHOOL: "th-le-binh"}
        if token in whose:
            return Opened(purpose="desk", recipient=whose[token], link=f"link-{whose[token]}")
        pages = {LEADER: "ct", READER: "pct-vx"}
        return Opened(purpose="page", recipient=pages[token], link=f"link-{pages[token]}") if token in pages else None

    async def seen(self, token: str, task: int, now: datetime) -> Seen:
        opened = self.opened(token, now)
        mine = self.desk(opened.recipient, now, task) if opened and opened.purpose == "desk" and task else None
        return Seen(opened, mine, self.exhibits(task))

    def desk(self, recipient: str, now: datetime, task: int = 0, page: int = 1) -> Desk:
        if self.broken:
            raise RuntimeError(self.broken)
        mine = [self.works[id] for id in self.desks[recipient] if task in (0, id)]
        party = {"ba-lang": WARD, "phu-thu": NEXT, "bhxh": INSURANCE, "th-le-binh": PRIMARY}[recipient]
        wards = tuple((one.agency, one.figure, one.figure_on) for one in (self.works[10], self.works[11]))
        form = FigureForm(directive=1, indicator="bao-phu", name="Độ bao phủ BHYT toàn quận", rows=wards, tasks=(10, 11))
        papers = {paper.id: paper for paper in (BHYT, FEVER) if paper.id in {1, *(one.directive for one in mine)}}
        return Desk(
            party=party, papers=papers, figures=(form,) if recipient == "bhxh" else (),
            open=tuple(one for one in mine if one.closed_at is None), closed=tuple(one for one in mine if one.closed_at),
        )  # fmt: skip

    def act(self, act: Act, now: datetime) -> Receipt:
        with self._lock:
            self.pressed += 1
            if act.key in self.receipts:
                return replace(self.receipts[act.key], new=False)
            before = self.works[act.task]
            if (act.kind, before.state) not in TRANSITIONS:
                return Receipt(number="", at=None, work=before, act=act, refusal="Việc này đã hoàn thành nên không ghi thêm được.")
            self.works[act.task] = after = self._after(before, act, now)
            receipt = Receipt(number=f"898-{before.clause}-{len(self.receipts) + 1}", at=now, work=after, act=act)
            self.receipts[act.key] = receipt
            return receipt

    def _after(self, before: Work, act: Act, now: datetime) -> Work:
        state = TRANSITIONS[act.kind, before.state]
        closed = {"closed_at": now} if state == "done" else {}
        figure = {"figure": act.value, "figure_on": act.on} if act.value is not None else {}
        said = {"asks_until": act.until or before.asks_until, "last_words": act.note, "last_words_at": now}
        return replace(before, state=state, **said, **closed, **figure)  # type: ignore[arg-type]

    def keep(self, content: Iterable[bytes], name: str) -> tuple[str, str, int]:
        if self.full:
            raise OSError("no room")
        whole = b"".join(content)
        self.kept[sha256(whole).hexdigest()] = whole
        return sha256(whole).hexdigest(), name, len(whole)

    def exhibits(self, task: int) -> list[tuple[str, str, int]]:
        return [file for receipt in self.receipts.values() if receipt.act.task == task for file in receipt.act.files]

    def exhibit(self, hash_: str) -> Path | None:
        return Path(hash_) if hash_ in self.kept else None

    def send_code(self, task: int, now: datetime) -> bool:
        return True

    def prove(self, task: int, code: str, now: datetime) -> bool:
        return code == "123456"

    def readable(self, recipient: str, now: datetime) -> tuple[Paper, ...]:
        return (FEVER, BHYT) if recipient == "ct" else (BHYT,)

    def standing(self, directive: int, recipient: str, now: datetime) -> Standing:
        paper = {1: BHYT, 2: FEVER}[directive]
        return Standing(
            paper=paper, as_of=now, seq=1, before=None, cells=Cells(in_time=1), cells_before=None, duties=(("10", "Rà soát"),), agencies=(),
            overdue=(), requests=(), changes=(),
        )  # fmt: skip

    abridged = standing

    def watch(self, directive: int, now: datetime) -> Watch:
        return Watch(ran_at=now - timedelta(minutes=12), stands=False, held=False, unsent=0, queued=0)

    def reader(self, recipient: str) -> str:
        return "Chủ tịch" if recipient == "ct" else "Phó Chủ tịch"

    def form(self, name: str) -> bytes | None:
        return self.forms.get(name)

    def report_page(self, standing: Standing, recipient: str, stylesheet_at: str, base: str, lang: str) -> str:
        head = f'<title>{standing.paper.number}</title><link rel="stylesheet" href="{stylesheet_at}">'
        return f'<!doctype html><html lang="{lang}">{head}<h1>{standing.paper.title}</h1>'

    def ready(self) -> Mapping[str, str]:
        return {"ledger": "", "disk": "đĩa sắp đầy" if self.full else ""}


class Visitor:
    """A browser without a screen: asks the pages over ASGI, keeps cookies, follows nothing by itself."""

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self._loop = asyncio.Runner()
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.run(self._client.aclose())
        self._loop.close()

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request and its answer."""
        return self._loop.run(self._client.request(method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def at_once(self, count: int, path: str, **more: Any) -> list[httpx.Response]:
        """The same form sent `count` times in parallel."""
        return self._loop.run(self._all(count, path, more))

    async def _all(self, count: int, path: str, more: dict[str, Any]) -> list[httpx.Response]:
        return list(await asyncio.gather(*(self._client.post(path, **more) for _ in range(count))))


def hidden(page: str) -> dict[str, str]:
    """What a page's form carries without anybody typing."""
    return {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)}


def checked(visitor: Visitor, path: str, fields: Mapping[str, str], **more: Any) -> httpx.Response:
    """The page that follows "Xem lại rồi gửi" on a form opened at `path`."""
    nonce = hidden(visitor.get(path).text)["nonce"]
    return visitor.post(path, data={**fields, "nonce": nonce, "step": "check"}, **more)


def sent(visitor: Visitor, path: str, fields: Mapping[str, str], **more: Any) -> httpx.Response:
    """The page that follows "Gửi"."""
    check = checked(visitor, path, fields, **more)
    assert check.status_code == 200, check.text
    return visitor.post(path, data={**hidden(check.text), "step": "send"})


def words(page: str) -> str:
    """A page's text on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
