"""`ask`: the issuer asks for a report of a clause on request or on event, today, of all who hold it or of those named."""

from __future__ import annotations

from typing import Annotated

from directives.language.deadlines import due_of
from directives.language.mistakes import Mistake
from directives.language.shapes import Due
from tasks.ledger.asking import Asking
from tasks.ledger.asking import ask as open_term
from tasks.values import Said

from . import ledger
from .arguments import Here, Number, option
from .ledger import opened, paper
from .refusal import USAGE, Refusal
from .screen import next_step, show, tell
from .speech import say


def ask(
    number: Number, clause: Annotated[str, option("mục: 6.4")], /, *, project: Here,
    name: Annotated[str, option("họ tên người yêu cầu")],
    role: Annotated[str, option("chức vụ người yêu cầu")],
    due: Annotated[str | None, option("hạn: 30/9/2020, 16:00 30/9/2020, 5 ngày làm việc; không có: không kèm hạn")] = None,
    agency: Annotated[tuple[str, ...], option("chỉ yêu cầu đơn vị này; ghi được nhiều lần")] = (),
    note: Annotated[str, option("yêu cầu báo cáo điều gì; in trong thư")] = "",
) -> int:
    """Open a term of today and send a letter to each who is asked. Twice on a day is once."""
    with opened(project) as office:
        of = paper(office, number)
        key = ledger.clause(ledger.issued(office, of), clause)
        agencies = tuple(ledger.agency(office, each) for each in agency)
        asking = Asking(directive=of.id, clause=key, said=Said(name=name, role=role), due=_due(due), agencies=agencies, note=note)
        asked = open_term(office.store, asking, office.calendar, project.now)
    if asked.refusal:
        raise Refusal(asked.refusal)
    if not (asked.tasks or asked.letters):
        show(say("{number} mục {clause}: hôm nay đã yêu cầu rồi, không có gì mới.", number=of.number, clause=key))
        return 0
    tasks, letters = say("{n} việc", n=asked.tasks), say("{n} thư", n=asked.letters)
    show(say("Đã yêu cầu {number} mục {clause}: {tasks}, {letters}.", number=of.number, clause=key, tasks=tasks, letters=letters))
    tell(next_step(say("Thư chờ gửi"), "dondoc run --once"))
    return 0


def _due(typed: str | None) -> Due | None:
    """A date as the language reads due dates. Raises Refusal."""
    if typed is None:
        return None
    try:
        return Due.model_validate(due_of(typed))
    except Mistake as mistake:
        sentence = say("không hiểu hạn “{due}”", due=typed)
        raise Refusal(sentence, say("viết như 30/9/2020, 16:00 30/9/2020 hoặc 5 ngày làm việc"), code=USAGE) from mistake
