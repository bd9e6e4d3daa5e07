"""`answer`: what an agency says by telephone or on paper, typed by a clerk and judged like what it would have typed itself."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from config.office import Office
from tasks.ledger import acts, listing
from tasks.ledger.listing import Wanted
from tasks.states import TRANSITIONS
from tasks.values import Act, Paper, Said, Work

from . import labels, ledger
from .arguments import Here, Number, day_option, option
from .ledger import opened, paper
from .refusal import USAGE, Refusal
from .restating import figure_of
from .screen import next_step, show, tell
from .speech import say

Via = Literal["phone", "paper"]

#: How it came, as the history, the page and the receipt say it.
_WAYS: Mapping[Via, str] = {"phone": "điện thoại", "paper": "văn bản giấy"}
_MOST = 50
_FLAGS = "--received · --progress WORDS · --figure FIGURE · --done · --extend DATE"


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was said: one of these."""

    received: Annotated[bool, option("đã tiếp nhận")] = False
    progress: Annotated[str | None, option("báo tiến độ, với lời này")] = None
    figure: Annotated[str | None, option("báo số liệu: 86,5 hoặc 170/200")] = None
    done: Annotated[bool, option("báo đã xong")] = False
    extend: Annotated[date | None, day_option("xin lùi hạn đến ngày này; cần --note")] = None
    on: Annotated[date | None, day_option("số liệu tính đến ngày này; mặc định: hôm nay")] = None
    document: Annotated[str, option("số và ngày của văn bản trả lời")] = ""
    note: Annotated[str, option("lý do")] = ""

    @property
    def words(self) -> dict[str, Any]:
        """The one thing that was said, as an act's words. Raises Refusal."""
        said: list[dict[str, Any]] = [{"kind": "received"}] if self.received else []
        said += [{"kind": "progress", "note": self.progress}] if self.progress else []
        said += [{"kind": "figure", "on": self.on, **figure_of(self.figure)}] if self.figure else []
        said += [{"kind": "done", "document": self.document}] if self.done else []
        said += [{"kind": "extend", "until": self.extend}] if self.extend else []
        if len(said) != 1:
            raise Refusal(say("cần đúng một câu trả lời"), _FLAGS, code=USAGE)
        return {**said[0], "note": said[0].get("note", self.note)}


_NOTHING = Answer()


def answer(
    number: Number, clause: Annotated[str, option("mục: 6.4")], agency: Annotated[str, option("mã đơn vị: bhxh")], /, *, project: Here,
    by: Annotated[str, option("chức danh người trả lời")],
    via: Annotated[Via, option("nhận qua: phone (điện thoại), paper (văn bản giấy)")],
    ref: Annotated[str, option("số, ngày của văn bản giấy, hoặc giờ của cuộc gọi")] = "",
    source: Annotated[str | None, option("đơn vị trả lời, khi nhập số liệu thay cho đơn vị có việc: mã đơn vị", name="--from")] = None,
    term: Annotated[str | None, option("kỳ nào, khi có nhiều kỳ: 2020-05-30")] = None, what: Answer = _NOTHING,
) -> int:
    """Record an agency's answer that came by telephone or on paper; its receipt goes to the agency."""
    words = what.words
    if via == "paper" and not ref.strip():
        raise Refusal(say("trả lời bằng văn bản giấy thì cần số và ngày của văn bản (--ref)"), code=USAGE)
    with opened(project) as office:
        of = paper(office, number)
        key, who = ledger.clause(ledger.issued(office, of), clause), ledger.agency(office, agency)
        work = _task(office, of, Wanted(directive=of.id, clause=key, agency=who), words["kind"], term)
        said = Act(
            task=work.id, said=Said(name="", role=by), key=f"dondoc:{secrets.token_hex(12)}",
            source=f"{_WAYS[via]} {ref}".strip(), by=ledger.agency(office, source) if source else who, **words,
        )
        receipt = acts.act(office.store, said, office.calendar, project.now)
    if receipt.refusal:
        raise Refusal(receipt.refusal)
    told = {"number": receipt.number, "agency": work.agency.name, "decision": say(labels.EVENTS[said.kind])}
    show(say("Đã ghi số {number}: {agency}, {decision}.", **told))
    tell(next_step(say("Biên nhận chờ gửi cho đơn vị"), "dondoc run --once"))
    return 0


def _task(office: Office, of: Paper, mine: Wanted, kind: str, term: str | None) -> Work:
    """The one task that can be answered so. Raises Refusal where there is none, or several."""
    with office.store.read() as db:
        all_of_them, _ = listing.tasks(db, mine, office.calendar, _MOST)
    found = [work for work in all_of_them if (kind, work.state) in TRANSITIONS and term in (None, work.term)]
    still = [work for work in found if work.closed_at is None] or found
    if len(still) == 1:
        return still[0]
    if still:
        raise Refusal(say("có {n} kỳ đang chờ", n=len(still)), " · ".join(f"--term {work.term}" for work in still), code=USAGE)
    nothing = say("không có việc nào để “{decision}”", decision=say(labels.EVENTS[kind]))
    raise Refusal(f"{of.number} {mine.clause}, {mine.agency}: {nothing}")
