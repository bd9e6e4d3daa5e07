"""`replies`: what agencies have answered by mail, until somebody confirms or refuses it."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App

from config.office import Office
from tasks.ledger import listing, replying
from tasks.ledger.listing import Wanted
from tasks.sayings import Reply
from tasks.values import Said

from . import labels, ledger
from .arguments import Here, Json, option
from .ledger import opened, paper
from .refusal import USAGE, Refusal
from .screen import next_step, show, show_json, table, tell
from .speech import day, moment, say

_MOST = 20

replies = App(name="replies", group_commands=say("Lệnh"))


@replies.command(name="list", help=say("các thư trả lời đang chờ xác nhận"))
def list_(*, project: Here, json: Json = False) -> int:
    """List what waits: who wrote what, and which task it is taken to mean."""
    with opened(project) as office, office.store.read() as db:
        found = replying.waiting(db, office.calendar)
    if json:
        show_json({"replies": [_plain(each) for each in found]})
        return 0
    rows = table("Số", "Lúc", "Đơn vị", "Việc", "Đề nghị ghi", "Nguyên văn", wide=("Đề nghị ghi", "Nguyên văn"))
    for each in found:
        rows.add_row(
            str(each.id), moment(each.at, project.settings.practice.tz), each.agency.short, _task(each), _act(each),
            " · ".join(filter(None, (" ".join(each.words.split())[:200], each.note))),
        )
    show(rows)
    if found:
        tell(next_step(say("Ghi"), f"dondoc replies accept {found[0].id} --name … --role …"))
    return 0


@replies.command(help=say("ghi điều mà thư đề nghị; đơn vị nhận biên nhận"))
def accept(
    reply: Annotated[int, option("số thư trả lời")], /, *, project: Here,
    name: Annotated[str, option("họ tên người xác nhận")],
    role: Annotated[str, option("chức vụ người xác nhận")],
    number: Annotated[str | None, option("văn bản nào, khi thư chưa rõ về việc nào: 898/UBND")] = None,
    clause: Annotated[str | None, option("mục nào: 6.4")] = None,
    term: Annotated[str | None, option("kỳ nào, khi có nhiều kỳ: 2020-05-30")] = None,
) -> int:
    """Carry out what an answer proposes, by the same rules as a page."""
    with opened(project) as office:
        task = _meant(office, _waiting(office, reply), number, clause, term) if number and clause else None
        receipt = replying.accept(office.store, office.calendar, reply, Said(name=name, role=role), project.now, task=task)
    if receipt.refusal:
        raise Refusal(receipt.refusal)
    tell(say("Đã ghi số {number}.", number=receipt.number), next_step(say("Biên nhận chờ gửi"), "dondoc run --once"))
    return 0


@replies.command(help=say("bỏ qua: không ghi gì"))
def refuse(
    reply: Annotated[int, option("số thư trả lời")], /, *, project: Here, note: Annotated[str, option("lý do")] = ""
) -> int:
    """Let an answer be nothing."""
    with opened(project) as office:
        _waiting(office, reply)
        replying.refuse(office.store, reply, project.now, note=note)
    tell(say("Đã bỏ qua thư trả lời số {number}.", number=reply))
    return 0


def _waiting(office: Office, number: int) -> Reply:
    """The answer of a number. Raises Refusal where none of it waits."""
    with office.store.read() as db:
        found = replying.reply(db, office.calendar, number)
    if found is None or found.state != "waiting":
        look = say("xem: {command}", command="dondoc replies list")
        raise Refusal(say("không có thư trả lời số {n} đang chờ", n=number), look, code=USAGE)
    return found


def _meant(office: Office, of: Reply, number: str, clause: str, term: str | None) -> int:
    """The task that a person names for an answer. Raises Refusal."""
    directive = paper(office, number)
    key = ledger.clause(ledger.issued(office, directive), clause)
    with office.store.read() as db:
        found, _ = listing.tasks(db, Wanted(directive=directive.id, clause=key, agency=of.agency.id), office.calendar, _MOST)
    fit = [work.id for work in found if term in (None, work.term)]
    if len(fit) != 1:
        said = " · ".join(f"--term {work.term}" for work in found)
        raise Refusal(say("có {n} việc của {agency} ở mục {clause}", n=len(fit), agency=of.agency.id, clause=clause), said, code=USAGE)
    return fit[0]


def _task(of: Reply) -> str:
    return " ".join(filter(None, (of.work.clause, of.work.term))) if of.work else "?"


def _act(of: Reply) -> str:
    said = of.said
    figure = f"{said.numerator}/{said.denominator}" if said.numerator is not None else str(said.value) if said.value is not None else ""
    words = (say(labels.EVENTS[said.kind]), figure, day(said.until) if said.until else "", said.document, said.note[:100])
    files = say("{n} tệp", n=len(of.files)) if of.files else ""
    return " · ".join(filter(None, (*words, files)))


def _plain(of: Reply) -> dict[str, object]:
    return {
        "id": of.id, "at": of.at, "agency": of.agency.id, "clause": of.work.clause if of.work else "",
        "term": of.work.term if of.work else "", "act": of.said.to_json(), "words": of.words,
        "files": [name for _, name, _ in of.files], "note": of.note,
    }
