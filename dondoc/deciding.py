"""`decide`: what the issuer's side decides of one task; requests, returns and claims are answered here, pauses begin and end."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from config.office import Office
from tasks.ledger import acts, listing
from tasks.ledger.listing import Wanted
from tasks.states import TRANSITIONS
from tasks.values import Act, Paper, Receipt, Said, Work

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
    keep: Annotated[str | None, option("không nhận trả lại, với lý do này")] = None,
    reassign: Annotated[str | None, option("chuyển cho đơn vị này: mã đơn vị")] = None,
    pause: Annotated[date | None, day_option("tạm dừng đến ngày này; cần --note")] = None,
    resume: Annotated[bool, option("thực hiện tiếp")] = False,
    postpone: Annotated[date | None, day_option("lùi hạn đến ngày này, không cần đề nghị")] = None,
    reopen: Annotated[str | None, option("mở lại việc đã xong, với lý do này")] = None,
    close: Annotated[str | None, option("kết thúc, với lý do này")] = None,
    note: Annotated[str, option("lý do")] = "",
    term: Annotated[str | None, option("kỳ nào, khi có nhiều kỳ: 2020-05-30")] = None,
) -> int:
    """Record the issuer's decision; the agency is told by letter."""
    days = {"grant": grant, "pause": pause, "postpone": postpone}
    reasons = {"refuse": refuse, "reject": reject, "keep": keep, "reopen": reopen, "close": close}
    decision = _decision(days, reasons, {"confirm": confirm, "resume": resume}, reassign) | ({"note": note} if note else {})
    with opened(project) as office:
        of = paper(office, number)
        key = ledger.clause(ledger.issued(office, of), clause)
        work = _task(office, of, Wanted(directive=of.id, clause=key, agency=ledger.agency(office, agency)), decision["kind"], term)
        if reassign:
            ledger.agency(office, reassign)
        said = Act(task=work.id, said=Said(name=name, role=role), key=f"dondoc:{secrets.token_hex(12)}", **decision)
        receipt = _recorded(office, said, project.now)
    show(say("Đã ghi số {number}: {agency}, {decision}.", number=receipt.number, agency=work.agency.name, decision=_words(said)))
    tell(next_step(say("Thư quyết định chờ gửi"), "dondoc run --once"))
    return 0


def _recorded(office: Office, said: Act, now: datetime) -> Receipt:
    """The receipt of a decision. Raises Refusal."""
    receipt = acts.act(office.store, said, office.calendar, now)
    if receipt.refusal:
        raise Refusal(receipt.refusal)
    return receipt


def _decision(
    days: Mapping[str, date | None], reasons: Mapping[str, str | None], plain: Mapping[str, bool], reassign: str | None
) -> dict[str, Any]:
    """The one decision that was given, as an act's words. Raises Refusal."""
    given: list[dict[str, Any]] = [{"kind": kind, "until": day} for kind, day in days.items() if day]
    given += [{"kind": kind, "note": reason} for kind, reason in reasons.items() if reason is not None]
    given += [{"kind": kind} for kind, yes in plain.items() if yes]
    given += [{"kind": "reassign", "to": reassign}] if reassign else []
    if len(given) == 1:
        return given[0]
    raise Refusal(say("cần đúng một quyết định"), _FLAGS, code=USAGE)


_FLAGS = (
    "--grant DATE · --refuse REASON · --confirm · --reject REASON · --keep REASON · --reassign AGENCY · --pause DATE · --resume · "
    "--postpone DATE · --reopen REASON · --close REASON"
)


def _task(office: Office, of: Paper, mine: Wanted, kind: str, term: str | None) -> Work:
    """The task that waits for such a decision. Raises Refusal where there is none, or several."""
    asking = kind in ("grant", "refuse")
    with office.store.read() as db:
        all_of_them, _ = listing.tasks(db, mine, office.calendar, _MOST)
    fit = (work for work in all_of_them if (kind, work.state) in TRANSITIONS and (work.asks_until is not None or not asking))
    found = tuple(work for work in fit if term in (None, work.term))
    if len(found) == 1:
        return found[0]
    if found:
        raise Refusal(say("có {n} kỳ đang chờ", n=len(found)), " · ".join(f"--term {work.term}" for work in found), code=USAGE)
    zone = ZoneInfo(of.zone)
    stands = "; ".join(f"{labels.due(work, zone)} {say(labels.STATES[work.state])}".strip() for work in all_of_them[:5])
    raise Refusal(f"{of.number} {mine.clause}, {mine.agency}: {_nothing(kind)}", say("đang có: {tasks}", tasks=stands) if stands else "")


def _nothing(kind: str) -> str:
    if kind in ("grant", "refuse"):
        return say("không có đề nghị nào đang chờ quyết định")
    if kind in ("confirm", "reject"):
        return say("không có việc nào chờ xác nhận")
    return say("không có việc nào để “{decision}”", decision=say(labels.EVENTS[kind]))


def _words(act: Act) -> str:
    said = say(labels.EVENTS[act.kind])
    words = [day(act.until) if act.until else "", act.to]
    named = " ".join([said, *filter(None, words)])
    return f"{named}: {act.note}" if act.note else named
