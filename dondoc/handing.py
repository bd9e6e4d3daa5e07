"""`letters print`, `letters handed`: letters on paper for agencies without mail, and that they were handed over."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

from config.office import Office
from notifications import links
from reports.notice import Notice, notices
from tasks.ledger import doors, handing, listing
from tasks.ledger.listing import Wanted
from tasks.values import Paper

from . import ledger
from .arguments import Here, Number, day_option, option
from .ledger import opened, paper
from .refusal import USAGE, Refusal
from .screen import next_step, show, tell
from .speech import day, say

_STATES = ("open", "received", "progress")
_MOST = 1_000


def print_(
    number: Number, /, *, project: Here, output: Annotated[Path, option("ghi vào tệp PDF này", alias="-o")],
    agency: Annotated[tuple[str, ...], option("chỉ đơn vị này; mặc định: mọi đơn vị không có hộp thư dùng được")] = (),
) -> int:
    """Write one PDF with a letter for each agency: its open duties, its link as a QR code."""
    with opened(project) as office:
        of = paper(office, number)
        with office.store.read() as db:
            codes = tuple(ledger.agency(office, each) for each in agency) or handing.unmailed(db, of.id)
        told = [notice for code in codes if (notice := _notice(office, of, code, project.now))]
    if not told:
        raise Refusal(say("không đơn vị nào còn việc đang mở mà không có hộp thư"), say("in cho đơn vị có hộp thư: --agency MÃ"))
    output.write_bytes(notices(of, told, project.now.astimezone(office.practice.tz).date()))
    show(say("Đã ghi {n} thư vào {path}.", n=len(told), path=output))
    tell(next_step(say("Giao xong thì ghi vào sổ"), f'dondoc letters handed "{of.number}" {told[0].party.id} --by …'))
    return 0


def handed(
    number: Number, /, *agencies: Annotated[str, option("mã đơn vị đã nhận")], project: Here,
    by: Annotated[str, option("chức danh người giao")],
    on: Annotated[date | None, day_option("ngày giao; mặc định: hôm nay")] = None,
    ref: Annotated[str, option("ký nhận ở đâu")] = "",
) -> int:
    """Record that letters on paper were handed over: those agencies know what they owe."""
    if not agencies:
        raise Refusal(say("ghi ít nhất một đơn vị đã nhận"), code=USAGE)
    with opened(project) as office:
        of = paper(office, number)
        codes = [ledger.agency(office, each) for each in agencies]
        at = min(datetime.combine(on, time(12), office.practice.tz), project.now) if on else project.now
        if on and on > project.now.astimezone(office.practice.tz).date():
            raise Refusal(say("ngày giao {on} ở phía trước", on=day(on)), code=USAGE)
        told = handing.hand_over(office.store, of.id, codes, at, project.now, by=by, ref=ref)
    show(say("Đã ghi: {n} việc đã báo cho đơn vị.", n=told))
    return 0


def _notice(office: Office, of: Paper, code: str, now: datetime) -> Notice | None:
    """What the agency is told on paper, None where nothing is open; its link is made where it has none."""
    with office.store.write() as db:
        works, _ = listing.tasks(db, Wanted(directive=of.id, agency=code, states=_STATES), office.calendar, _MOST)
        if not works:
            return None
        id_ = doors.give(db, code, "desk", now)
    link = links.address(office.settings.base_url, "desk", office.settings.keys.token("desk", id_, code))
    return Notice(party=works[0].agency, works=works, link=link)
