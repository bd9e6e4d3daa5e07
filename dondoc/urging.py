"""`urge`: a draft of the công văn đôn đốc, listing exactly who is late, for a leader to sign."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from config.office import Office
from reports.urging import FORM, SIGNER, Signing, urging
from reports.word import FormError, form
from tasks.ledger import listing, prompting
from tasks.ledger.listing import Wanted
from tasks.ledger.prompting import Prompt
from tasks.values import Paper, Said, Work

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
    send: Annotated[bool, option("gửi luôn mỗi đơn vị ấy một thư đôn đốc")] = False,
    name: Annotated[str, option("họ tên người đôn đốc; mặc định: người đang làm việc")] = "",
    role: Annotated[str, option("chức vụ người đôn đốc, ghi trong thư; cần khi gửi")] = "",
) -> int:
    """Write the draft of a letter that urges those who are late; Word opens it. Nothing is sent unless asked, and once a day."""
    if send and not role:
        raise Refusal(say("cần --role của người đôn đốc"), code=USAGE)
    with opened(project) as office:
        of = paper(office, number)
        late = _late(office, of, [ledger.agency(office, each) for each in agency], project)
        if not late:
            raise Refusal(say("không đơn vị nào quá hạn"))
        signing = Signing(office=of.issuer, place=place, signer=signer, form=_form(project))
        output.write_bytes(_drafted(of, late, until or _soon(office, project), signing, project))
        show(say("Đã ghi {path}: {n} việc quá hạn.", path=output, n=len(late)))
        if send:
            _send(office, of, late, Said(name=name or office.settings.person, role=role), project)
    if not _own(project).exists():
        tell(say("Mẫu riêng của cơ quan: đặt ở {path}.", path=_own(project)))
    return 0


def _drafted(of: Paper, late: list[Work], until: date, signing: Signing, project: Project) -> bytes:
    """The draft. Raises Refusal where the office's own form cannot be filled in."""
    try:
        return urging(of, late, project.now, until, signing)
    except FormError as error:
        wrong = say("không điền được mẫu {path}: {why}", path=_own(project), why=error.why)
        raise Refusal(wrong, say("bỏ tệp ấy thì dùng mẫu có sẵn"), code=USAGE) from error


def _late(office: Office, of: Paper, codes: list[str], project: Project) -> list[Work]:
    """What is overdue and ordered, not asked."""
    wanted = [Wanted(directive=of.id, agency=code, late_at=project.now, states=_THEIRS) for code in codes or [""]]
    with office.store.read() as db:
        found = [work for each in wanted for work in listing.tasks(db, each, office.calendar, _MOST)[0]]
    return [work for work in found if work.force == "do"]


def _send(office: Office, of: Paper, late: list[Work], said: Said, project: Project) -> None:
    """One letter for each agency; the same tasks urged again on the same day are urged once."""
    tasks = tuple(sorted(work.id for work in late))
    today = project.now.astimezone(office.practice.tz).date()
    key = f"urge:{sha256(repr((of.id, today, tasks)).encode()).hexdigest()[:32]}"
    done = prompting.prompt(office.store, Prompt(directive=of.id, tasks=tasks, said=said, key=key), office.calendar, project.now)
    show(say("Thư đôn đốc về {n} việc gửi trong giờ gửi thư; thời hạn giữ nguyên.", n=len(done.tasks)))


def _own(project: Project) -> Path:
    return project.home / "templates" / f"{FORM}.docx"


def _form(project: Project) -> bytes:
    return _own(project).read_bytes() if _own(project).exists() else form(FORM)


def _soon(office: Office, project: Project) -> date:
    return office.calendar.add_working(project.now.astimezone(office.practice.tz).date(), _DAYS)
