"""Figures that one agency types for others: a row for each agency, an act for each row, one receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from tasks.values import Act, Desk, FigureForm, Paper, Receipt, Said

from .answer import any_typed, figure_act, keyed, unit_sign, value_of
from .desk import contacts
from .form import CLERK, Form, Submitted, boxes, clerk, clerk_cookie, submitted
from .numbers import doubts, unexplained
from .pages import page, remember
from .receipt import AGAIN, figure_words, mailed, speaker
from .telling import Row, paper_name
from .threads import run_in_threadpool
from .typed import Typed
from .visit import Visit, network, visit
from .words import Say, local


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency of the form: the task its figure is recorded on, and the figure before."""

    task: int
    agency: str
    figure: Decimal | None
    figure_on: date | None
    unit: str

    @property
    def last(self) -> Say:
        """The figure before, under the agency's name."""
        if self.figure is None or self.figure_on is None:
            return Say("Chưa có số liệu")
        return Say("Lần trước %(figure)s%(sign)s (%(day)s)", figure=self.figure, sign=unit_sign(self.unit), day=self.figure_on)

    def doubts(self, act: Act) -> list[Say]:
        """What to ask before this agency's figure is sent."""
        value = value_of(act)
        if value is None or act.on is None:
            return []
        asked = doubts(value, act.on, self.figure, self.figure_on, of_hundred=self.unit == "%")
        return [self.of(doubt) for doubt in asked]

    def unexplained(self, act: Act) -> Say | None:
        """What this agency's figure needs a reason for."""
        value = value_of(act)
        if value is None or act.on is None:
            return None
        asked = unexplained(value, act.on, self.figure, self.figure_on, of_hundred=self.unit == "%")
        return self.of(asked) if asked else None

    def of(self, words: object) -> Say:
        """Words about this agency."""
        return Say("%(agency)s: %(words)s", agency=self.agency, words=words)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form as the visitor meets it."""

    at: Visit
    mine: Desk
    form: FigureForm

    @property
    def paper(self) -> Paper:
        """The directive that the indicator stands in."""
        return self.mine.papers[self.form.directive]

    @property
    def rows(self) -> dict[int, AgencyRow]:
        """The rows by task, as they stand on the desk: a task that a submitted form names beside them is not heard."""
        paired = zip(self.form.rows, self.form.tasks, strict=True)
        return {task: AgencyRow(task, party.name, figure, on, self.form.unit) for (party, figure, on), task in paired}

    def page(self, template: str, *, code: int = 200, **more: object) -> HTMLResponse:
        """A page about this form."""
        facts = {"party": self.mine.party, "contacts": contacts(self.mine), "desk": self.at.path()}
        return page(self.at.request, template, code=code, caption=paper_name(self.paper), **facts, **more)


async def figures(request: Request) -> HTMLResponse:
    """GET shows the rows; POST checks, changes or sends what was typed. Only "send" writes."""
    at = await run_in_threadpool(visit, request, "desk")
    if request.method != "POST":
        return await run_in_threadpool(_asked, at)
    async with submitted(request) as sent:
        return await run_in_threadpool(_answered, at, sent)


def _sheet(at: Visit) -> Sheet:
    mine = at.desk()
    wanted = (at.request.path_params["directive"], at.request.path_params["indicator"])
    for form in mine.figures:
        if (str(form.directive), form.indicator) == wanted:
            return Sheet(at, mine, form)
    raise HTTPException(404)


def _asked(at: Visit) -> HTMLResponse:
    sheet = _sheet(at)
    return _form_page(sheet, Form(values=boxes("figure-on", at.today(sheet.paper)) | clerk(at.request)))


def _answered(at: Visit, sent: Submitted) -> HTMLResponse:
    sheet = _sheet(at)
    typed = Typed({**sent.values, "nonce": sent.nonce})
    acts = _acts(sheet, typed)
    if typed.mistakes or sent.step == "change":
        return _form_page(sheet, Form(values=typed.values, mistakes=typed.mistakes), code=422 if typed.mistakes else 200)
    if sent.step == "send":
        return _recorded(sheet, [keyed(act, sent.nonce) for act in acts], typed)
    return _check_page(sheet, acts, typed)


def _acts(sheet: Sheet, typed: Typed) -> list[Act]:
    """The rows that hold a figure, as acts."""
    on = typed.day("figure-on", Say("Nhập ngày chốt số liệu"))
    if on and on > sheet.at.today(sheet.paper):
        typed.wrong("figure-on-day", Say("Ngày chốt số liệu không thể sau hôm nay"))
    rows = list(sheet.rows.values())
    acts = [figure_act(typed, f"row-{row.task}", row.task, on, of_hundred=row.unit == "%") for row in rows]
    if rows and not any(any_typed(typed, f"row-{row.task}", "value", "numerator", "denominator") for row in rows):
        typed.wrong(f"row-{rows[0].task}-value", Say("Nhập số liệu của ít nhất một đơn vị"))
    said = _speaker(sheet, typed)
    given = [act for act in acts if act]
    note = typed.text("figure-note", next(filter(None, (sheet.rows[act.task].unexplained(act) for act in given)), None))
    return [replace(act, said=said, by=sheet.at.recipient, note=note) for act in given]


def _speaker(sheet: Sheet, typed: Typed) -> Said:
    request = sheet.at.request
    name, role = typed.line("name", Say("Nhập họ và tên người báo")), typed.line("role", Say("Nhập chức vụ của người báo"))
    return Said(name=name, role=role, link=sheet.at.link, ip=network(request), agent=request.headers.get("user-agent", "")[:200])


def _form_page(sheet: Sheet, form: Form, *, code: int = 200) -> HTMLResponse:
    facts = {"name": sheet.form.name, "unit": sheet.form.unit, "of_hundred": sheet.form.unit == "%"}
    return sheet.page("figures.html", code=code, rows=list(sheet.rows.values()), form=form, **facts)


def _check_page(sheet: Sheet, acts: Sequence[Act], typed: Typed) -> HTMLResponse:
    asked = [doubt for act in acts for doubt in sheet.rows[act.task].doubts(act)]
    carried = [(name, value) for name, value in typed.values.items() if value and name != "step"]
    return sheet.page("check.html", doubts=asked, told=[*_told(sheet, acts), speaker(acts[0])], carried=carried, code_sent=None)


def _told(sheet: Sheet, acts: Sequence[Act]) -> list[Row]:
    rows, told = sheet.rows, [(Say("Tính đến ngày"), act.on) for act in acts[:1]]
    valued = [(rows[act.task], act, value) for act in acts if (value := value_of(act)) is not None]
    return [*told, *((row.agency, figure_words(act, value, row.figure, unit=row.unit)) for row, act, value in valued)]


def _recorded(sheet: Sheet, acts: Sequence[Act], typed: Typed) -> HTMLResponse:
    at, rows = sheet.at, sheet.rows
    receipts = [at.front.act(act, at.now) for act in acts]
    stored = [receipt for receipt in receipts if not receipt.refusal]
    answer = sheet.page(
        "receipt.html",
        code=200 if stored else 409,
        headline=Say("Đã nhận %(count)s số liệu", count=len(stored)) if stored else Say("Chưa ghi được"),
        numbers=[receipt.number for receipt in stored],
        refusals=[rows[receipt.act.task].of(receipt.refusal) for receipt in receipts if receipt.refusal],
        told=[*_told(sheet, [receipt.act for receipt in stored]), *_at(stored, sheet.paper.zone)] if stored else [],
        sentences=_sentences(stored, sheet.mine),
        links=[(at.path(), Say("Việc khác"))],
        code_of=at.address(),
    )
    remember(at.request, answer, CLERK, clerk_cookie(typed.values))
    return answer


def _at(stored: Sequence[Receipt], zone: str) -> list[Row]:
    return [(Say("Lúc"), local(receipt.at, zone)) for receipt in stored[:1] if receipt.at]


def _sentences(stored: Sequence[Receipt], mine: Desk) -> list[Say]:
    again = [AGAIN] if stored and not any(receipt.new for receipt in stored) else []
    return [*again, *mailed(mine.party)] if stored else []
