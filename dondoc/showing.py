"""`show`: one paper or one duty with its letters and its history."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from config.office import Office
from directives.language.shapes import Duty
from tasks.ledger import counting, letters, listing
from tasks.ledger.issued import Issued
from tasks.ledger.letters import Posted
from tasks.ledger.listing import Told, Wanted
from tasks.values import Paper

from . import approving, calendaring, labels, ledger
from .arguments import Here, Json, Number, option
from .following import head, words_of
from .ledger import opened, paper
from .levels import cells_table
from .screen import next_step, show, show_json, table, tell
from .speech import moment, say
from .why import reasons

_SHOWN = 20  # tasks and letters of a duty


def show_(
    number: Number, clause: Annotated[str | None, option("mục: 6.4")] = None, /, *, project: Here,
    why: Annotated[bool, option("ngày đó ở đâu ra: những ngày nào không tính, ngày nào nhắc")] = False,
    json: Json = False,
) -> int:
    """Show a paper, or one of its duties: who owes it, which letters left, what was said by whom."""
    with opened(project) as office:
        if not json and approving.shown(office, ledger.typed(number).number):
            return 0
        of = paper(office, number)
        issued = ledger.ever(office, of)
        if clause is None:
            return _paper(office, of, issued, project.now, json)
        duty = issued.duty(ledger.clause(issued, clause))
        if why:
            used = calendaring.counted_with(office, issued, duty)
            show(_duty(of, duty), *(Text(line) for line in reasons(duty, used)), Text(calendaring.words_of(office, used), "dim"))
            return 0
        return _one(office, of, duty, project.now, json)


def _paper(office: Office, of: Paper, issued: Issued, at: datetime, as_json: bool) -> int:
    with office.store.read() as db:
        cells = counting.count(db, counting.past(db, issued, at))
        told = listing.history(db, of.id)
    if as_json:
        show_json({
            "directive": labels.named(of), "issued_at": issued.issued_at, "cells": labels.plain(cells), "events": len(told),
            "duties": [duty.model_dump(mode="json", exclude_none=True) for duty in issued.directive.duties],
        })
        return 0
    duties = table("Mục", "Nhiệm vụ", "Chủ trì", wide=("Nhiệm vụ", "Chủ trì"))
    for duty in issued.directive.duties:
        duties.add_row(duty.clause, duty.short, ", ".join(duty.lead))
    sums = cells_table("", wide="")
    sums.add_row(say("Tất cả"), *labels.counts(cells))
    show(head(of, at), *([duties, sums] if issued.directive.duties else []))
    show(say("Ban hành lúc {at}; {n} sự kiện đã ghi.", at=moment(issued.issued_at, ZoneInfo(of.zone)), n=len(told)))
    for duty in issued.directive.duties[:1]:
        tell(next_step(say("Xem một nhiệm vụ"), f"dondoc show {of.number} {duty.clause}"))
    return 0


def _one(office: Office, of: Paper, duty: Duty, at: datetime, as_json: bool) -> int:
    with office.store.read() as db:
        works, total = listing.tasks(db, Wanted(directive=of.id, clause=duty.clause), office.calendar, 1_000_000 if as_json else _SHOWN)
        told = listing.history(db, of.id, duty.clause)
        posted = letters.posted(db, directive=of.id, clause=duty.clause, limit=1_000_000 if as_json else _SHOWN)
    if as_json:
        show_json({
            "directive": labels.named(of), "clause": duty.clause, "text": duty.text, "tasks": [asdict(work) for work in works],
            "letters": [asdict(letter) for letter in posted], "events": [asdict(event) for event in told],
        })
        return 0
    zone = ZoneInfo(of.zone)
    tasks = table("Đơn vị", "Kỳ", "Hạn", "Tình trạng", "Nói gần nhất", wide=("Đơn vị", "Nói gần nhất"))
    tasks.columns[4].no_wrap = False
    for work in works:
        tasks.add_row(work.agency.name, work.term, labels.due(work, zone), labels.state(work, at), words_of(work, at))
    show(_duty(of, duty), tasks)
    if more := total - len(works):
        show(Text(say("… và {n} việc nữa", n=more), "dim"))
    show(_heading("Thư"), letters_table(posted, zone), _heading("Diễn biến"), _history(told, zone))
    tell(next_step(say("Hạn ở đâu ra"), f"dondoc show {of.number} {duty.clause} --why"))
    return 0


def letters_table(posted: tuple[Posted, ...], zone: ZoneInfo, *, numbered: bool = False) -> Table:
    """Letters, the newest first."""
    rows = table(*(("Số", "Văn bản") if numbered else ()), "Lúc", "Nơi nhận", "Thư", "Tình trạng", wide=("Nơi nhận", "Tình trạng"))
    rows.columns[-1].ratio, rows.columns[-1].no_wrap = 2, False
    for letter in posted:
        colour = {"sent": "green", "failed": "bold red", "undeliverable": "bold red", "uncertain": "yellow"}.get(letter.state, "")
        reply = f": {letter.code or ''} {letter.reply}" if letter.state in letters.FAILED else ""
        state = Text(say(labels.POSTED[letter.state]), colour).append(reply, "")
        first = (str(letter.id), letter.number) if numbered else ()
        rows.add_row(*first, moment(letter.at, zone), letter.recipient, say(labels.LANES[letter.lane]), state)
    return rows


def _history(told: tuple[Told, ...], zone: ZoneInfo) -> Table:
    rows = table("Lúc", "Đơn vị", "Nội dung", "Người báo", wide=("Nội dung", "Người báo"))
    rows.columns[2].ratio, rows.columns[2].no_wrap, rows.columns[3].no_wrap = 2, False, False
    for event in told:
        rows.add_row(moment(event.at, zone), event.agency, labels.told(event), ", ".join(filter(None, (event.name, event.role))))
    return rows


def _duty(of: Paper, duty: Duty) -> Text:
    aside: list[Any] = [say("đề nghị") if duty.force == "ask" else say("giao"), ", ".join(duty.lead)]
    aside += [say("phối hợp {names}", names=", ".join(duty.with_))] if duty.with_ else []
    return Text.assemble(
        (f"{of.number} {duty.clause}", "bold"), f"  {duty.short}\n", f"{duty.text}\n", (" · ".join(filter(None, aside)), "dim"), "\n"
    )


def _heading(words: str) -> Text:
    return Text(f"\n{say(words)}", "bold")
