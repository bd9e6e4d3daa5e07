"""`urge`: a draft of the công văn đôn đốc, listing exactly who is late, for a leader to sign."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from config.office import Office
from reports.urging import FORM, SIGNER, Signing, urging
from reports.word import FormError, form
from tasks.ledger import listing
from tasks.ledger.listing import Wanted
from tasks.values import Paper, Work

from . import ledger
from .arguments import Here, Number, day_option, option
from .ledger import opened, paper
from .project import Project
from .refusal import USAGE, Refusal
from .screen import show, tell
from .speech import say

#: Whose turn it is: what waits for the issuer is not late by the agency.
_THEIRS = ("open", "received", "progress")
_MOST = 100_000
_DAYS = 5  # working days given, where no date is


def urge(
    number: Number, /, *, project: Here, output: Annotated[Path, option("ghi vào tệp .docx này", alias="-o")],
    until: Annotated[date | None, day_option("hẹn báo cáo trước ngày này; mặc định: sau 5 ngày làm việc")] = None,
    agency: Annotated[tuple[str, ...], option("chỉ đơn vị này; mặc định: mọi đơn vị quá hạn")] = (),
    signer: Annotated[str, option("chức vụ người ký")] = SIGNER, place: Annotated[str, option("địa danh")] = "…",
) -> int:
    """Write the draft of a letter that urges those who are late; Word opens it, nothing is sent."""
    with opened(project) as office:
        of = paper(office, number)
        late = _late(office, of, [ledger.agency(office, each) for each in agency], project)
        if not late:
            raise Refusal(say("không đơn vị nào quá hạn"))
        signing = Signing(office=of.issuer, place=place, signer=signer, form=_form(project))
        try:
            made = urging(of, late, project.now, until or _soon(office, project), signing)
        except FormError as error:
            wrong = say("không điền được mẫu {path}: {why}", path=_own(project), why=error.why)
            raise Refusal(wrong, say("bỏ tệp ấy thì dùng mẫu có sẵn"), code=USAGE) from error
    output.write_bytes(made)
    show(say("Đã ghi {path}: {n} việc quá hạn.", path=output, n=len(late)))
    if not _own(project).exists():
        tell(say("Mẫu riêng của cơ quan: đặt ở {path}.", path=_own(project)))
    return 0


def _late(office: Office, of: Paper, codes: list[str], project: Project) -> list[Work]:
    """What is overdue and ordered, not asked."""
    wanted = [Wanted(directive=of.id, agency=code, late_at=project.now, states=_THEIRS) for code in codes or [""]]
    with office.store.read() as db:
        found = [work for each in wanted for work in listing.tasks(db, each, office.calendar, _MOST)[0]]
    return [work for work in found if work.force == "do"]


def _own(project: Project) -> Path:
    return project.home / "templates" / f"{FORM}.docx"


def _form(project: Project) -> bytes:
    return _own(project).read_bytes() if _own(project).exists() else form(FORM)


def _soon(office: Office, project: Project) -> date:
    return office.calendar.add_working(project.now.astimezone(office.practice.tz).date(), _DAYS)
