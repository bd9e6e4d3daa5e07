"""`figure`: the issuer's side puts a figure right, or enters one of a reading period that is closed; both values are kept."""

from __future__ import annotations

import re
import secrets
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from config.office import Office
from tasks.ledger import acts, listing
from tasks.ledger.listing import Wanted
from tasks.values import Act, Paper, Said, Work

from . import ledger
from .arguments import Here, Number, day_option, option
from .ledger import opened, paper
from .refusal import USAGE, Refusal
from .screen import show
from .speech import day, say

_COUNTS = re.compile(r"(\d[\d.]*)/(\d[\d.]*)")
_VALUE = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,6}))?%?")


def figure(
    number: Number, indicator: Annotated[str, option("mã chỉ tiêu: bao-phu")], agency: Annotated[str, option("mã đơn vị: bhxh")],
    value: Annotated[str, option("số liệu: 86,5 hoặc 170/200")], /, *, project: Here,
    on: Annotated[date, day_option("tính đến ngày này")],
    note: Annotated[str, option("lý do")],
    name: Annotated[str, option("họ tên người đính chính")],
    role: Annotated[str, option("chức vụ người đính chính")],
) -> int:
    """Put a figure right; the one before stays in the history, and the report shows both."""
    words = figure_of(value)
    with opened(project) as office:
        of = paper(office, number)
        work = _task(office, of, indicator, ledger.agency(office, agency))
        key = f"dondoc:{secrets.token_hex(12)}"
        said = Act(kind="figure", task=work.id, said=Said(name=name, role=role), key=key, on=on, note=note, **words)
        receipt = acts.act(office.store, said, office.calendar, project.now)
    if receipt.refusal:
        raise Refusal(receipt.refusal)
    told = {"number": receipt.number, "agency": work.agency.name, "value": value, "day": day(on)}
    show(say("Đã ghi số {number}: {agency}, {value} tính đến {day}.", **told))
    return 0


def figure_of(value: str) -> dict[str, Any]:
    """A figure as it is typed. Raises Refusal."""
    if counts := _COUNTS.fullmatch(value):
        numerator, denominator = (int(part.replace(".", "")) for part in counts.groups())
        return {"numerator": numerator, "denominator": denominator}
    if found := _VALUE.fullmatch(value):
        return {"value": Decimal(f"{found[1].replace('.', '')}.{found[2] or 0}")}
    raise Refusal(say("không hiểu số liệu “{value}”", value=value), "86,5 · 170/200 · 3.960", code=USAGE)


def _task(office: Office, of: Paper, indicator: str, agency: str) -> Work:
    """The task that a figure is put down to: the oldest open one, else the last. Raises Refusal where there is none."""
    clauses = [duty.clause for duty in ledger.issued(office, of).directive.duties if duty.target == indicator]
    with office.store.read() as db:
        wanted = (Wanted(directive=of.id, clause=clause, agency=agency) for clause in clauses)
        found = [work for each in wanted for work in listing.tasks(db, each, office.calendar, 1_000)[0] if work.state != "void"]
    still = [work for work in found if work.closed_at is None]
    if not found:
        raise Refusal(say("{agency} không có chỉ tiêu “{indicator}” trong văn bản này", agency=agency, indicator=indicator))
    return min(still, key=lambda work: work.term) if still else max(found, key=lambda work: work.term)
