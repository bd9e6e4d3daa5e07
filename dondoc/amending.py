"""`withdraw`: a clause or a whole directive ends without another paper: open work stops with the reason, done work stays."""

from __future__ import annotations

from typing import Annotated

from config.office import Office
from tasks.ledger import amending, listing
from tasks.ledger.entering import duties_of
from tasks.ledger.listing import Wanted
from tasks.states import OPEN
from tasks.values import Paper, Said

from . import ledger
from .arguments import Here, Json, Number, option
from .issuing import agreed
from .ledger import opened, paper
from .project import Project
from .refusal import FOUND, Refusal
from .revising import feasible
from .screen import next_step, show, show_json, tell
from .speech import moment, say


def withdraw(
    number: Number, clause: Annotated[str | None, option("mục: 6.4; không ghi: cả văn bản")] = None, /, *, project: Here,
    note: Annotated[str, option("lý do, ghi trong thư báo")],
    name: Annotated[str | None, option("họ tên người quyết định; mặc định: người đang làm việc")] = None,
    role: Annotated[str, option("chức vụ người quyết định")] = "",
    yes: Annotated[bool, option("đồng ý trước, không hỏi")] = False,
    dry_run: Annotated[bool, option("chỉ nói sẽ làm gì")] = False,
    json: Json = False,
) -> int:
    """Withdraw a clause, or a whole directive: open work ends, done work stays, each agency is told once. Twice is once."""
    if not note.strip():
        raise Refusal(say("thu hồi thì cần lý do"), "--note", code=FOUND)
    with opened(project) as office:
        of = paper(office, number)
        key = clause and _clause(office, of, clause)
        if key == "":
            return _told(of, clause, 0, project, json)
        tasks, agencies = _open(office, of, key or "")
        if not json:
            told = say("{n} đơn vị", n=agencies)
            tell(say("Thôi thực hiện {what}: {n} việc đang mở của {agencies}.", what=_what(of, key), n=tasks, agencies=told))
        if dry_run:
            return _told(of, key, None, project, json)
        if not yes:
            agreed(say("Gõ {number} để thu hồi", number=of.number), of.number, say("chưa thu hồi, chưa báo ai"))
        by = Said(name=name or office.settings.person, role=role)
        with feasible():
            told_ = amending.withdraw(office.store, of.id, key, reason=note.strip(), by=by, calendar=office.calendar, now=project.now)
        return _told(of, key, told_, project, json)


def _clause(office: Office, of: Paper, wanted: str) -> str:
    """A clause that is in force; "" for one that was withdrawn before. Raises Refusal for one that never was."""
    issued = ledger.issued(office, of)
    with office.store.read() as db:
        ended = wanted in duties_of(db, of.id) and all(duty.clause != wanted for duty in issued.directive.duties)
    return "" if ended else ledger.clause(issued, wanted)


def _open(office: Office, of: Paper, clause: str) -> tuple[int, int]:
    """How many tasks are open, and of how many agencies."""
    with office.store.read() as db:
        works, total = listing.tasks(db, Wanted(directive=of.id, clause=clause, states=OPEN), office.calendar, 1_000_000)
    return total, len({work.agency.id for work in works})


def _what(of: Paper, clause: str | None) -> str:
    return say("mục {clause} của {number}", clause=clause, number=of.number) if clause else of.number


def _told(of: Paper, clause: str | None, told: int | None, project: Project, as_json: bool) -> int:
    """What was done; `told` is None after a dry run, and 0 where nothing was left to withdraw."""
    practice = project.settings.practice
    if as_json:
        show_json({"directive": of.number, "date": of.issued_on, "clause": clause, "withdrawn": told is not None, "told": told or 0})
    elif told is None:
        tell(say("Chạy thử: chưa thu hồi, chưa báo ai."))
    elif told == 0:
        show(say("{what}: không còn gì để thu hồi.", what=_what(of, clause)))
    else:
        show(say("Đã thu hồi {what}, báo cho {n} đơn vị.", what=_what(of, clause), n=told))
        leaves_at = project.calendar.window(project.now, practice, minutes=practice.recall)
        tell(say("Thư rời đi từ {at}.", at=moment(leaves_at, practice.tz)), next_step(say("Gửi"), "dondoc run --once  ·  dondoc up"))
    return 0
