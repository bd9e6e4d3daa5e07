"""`decide`: what the issuer's side decides of one task; requests for more time and claims are answered here."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from config.office import Office
from tasks.ledger import acts, listing
from tasks.ledger.listing import Wanted
from tasks.values import Act, Paper, Said, Work

from . import labels, ledger
from .arguments import Here, Number, day_option, option
from .ledger import opened, paper
from .refusal import USAGE, Refusal
from .screen import next_step, show, tell
from .speech import day, say

_MOST = 50


def decide(
    number: Number, clause: Annotated[str, option("mục: 6.4")], agency: Annotated[str, option("mã đơn vị: bhxh")], /, *, project: Here,
    name: Annotated[str, option("họ tên người quyết định")],
    role: Annotated[str, option("chức vụ người quyết định")],
    grant: Annotated[date | None, day_option("đồng ý gia hạn đến ngày này")] = None,
    refuse: Annotated[str | None, option("không đồng ý gia hạn, với lý do này")] = None,
    confirm: Annotated[bool, option("xác nhận hoàn thành")] = False,
    reject: Annotated[str | None, option("yêu cầu thực hiện lại, với lý do này")] = None,
    term: Annotated[str | None, option("kỳ nào, khi có nhiều kỳ: 2020-05-30")] = None,
) -> int:
    """Record the issuer's decision; the agency is told by letter."""
    decision = _decision(grant, refuse, confirm, reject)
    with opened(project) as office:
        of = paper(office, number)
        key = ledger.clause(ledger.issued(office, of), clause)
        work = _task(office, of, Wanted(directive=of.id, clause=key, agency=ledger.agency(office, agency)), decision["kind"], term)
        said = Act(task=work.id, said=Said(name=name, role=role), key=f"dondoc:{secrets.token_hex(12)}", **decision)
        receipt = acts.act(office.store, said, office.calendar, project.now)
    if receipt.refusal:
        raise Refusal(receipt.refusal)
    show(say("Đã ghi số {number}: {agency}, {decision}.", number=receipt.number, agency=work.agency.name, decision=_words(said)))
    tell(next_step(say("Thư quyết định chờ gửi"), "dondoc run --once"))
    return 0


def _decision(grant: date | None, refuse: str | None, confirm: bool, reject: str | None) -> dict[str, Any]:
    """The one decision that was given, as an act's words. Raises Refusal."""
    given: list[dict[str, Any]] = []
    given += [{"kind": "grant", "until": grant}] if grant else []
    given += [{"kind": "refuse", "note": refuse}] if refuse is not None else []
    given += [{"kind": "confirm"}] if confirm else []
    given += [{"kind": "reject", "note": reject}] if reject is not None else []
    if len(given) == 1:
        return given[0]
    raise Refusal(say("cần đúng một quyết định"), "--grant DATE · --refuse REASON · --confirm · --reject REASON", code=USAGE)


def _task(office: Office, of: Paper, mine: Wanted, kind: str, term: str | None) -> Work:
    """The task that waits for such a decision. Raises Refusal where there is none, or several."""
    asking = kind in ("grant", "refuse")
    wanted = replace(mine, asking=asking, states=_OPEN if asking else ("claimed",))
    with office.store.read() as db:
        found, _ = listing.tasks(db, wanted, office.calendar, _MOST)
        all_of_them, _ = listing.tasks(db, mine, office.calendar, _MOST)
    found = tuple(work for work in found if term in (None, work.term))
    if len(found) == 1:
        return found[0]
    if found:
        raise Refusal(say("có {n} kỳ đang chờ", n=len(found)), " · ".join(f"--term {work.term}" for work in found), code=USAGE)
    nothing = say("không có đề nghị nào đang chờ quyết định") if asking else say("không có việc nào chờ xác nhận")
    zone = ZoneInfo(of.zone)
    stands = "; ".join(f"{labels.due(work, zone)} {say(labels.STATES[work.state])}".strip() for work in all_of_them[:5])
    raise Refusal(f"{of.number} {mine.clause}, {mine.agency}: {nothing}", say("đang có: {tasks}", tasks=stands) if stands else "")


_OPEN = ("open", "received", "progress", "claimed")


def _words(act: Act) -> str:
    said = say(labels.EVENTS[act.kind])
    return f"{said} {day(act.until)}" if act.until else f"{said}: {act.note}" if act.note else said
