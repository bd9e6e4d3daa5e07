"""`apply`: a directive, or a plan of one, becomes tasks and letters, after one question; or waits until another person approves."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from config import approval
from directives.language.calendar import written
from directives.language.dates import day_of
from directives.language.findings import sound
from directives.language.mistakes import Mistake
from directives.language.shapes import Directive
from tasks.ledger import listing
from tasks.ledger.opening import Opened
from tasks.sums import sums

from . import timing
from .arguments import Here, Json, day_option, option
from .checking import printed
from .ledger import has_ledger, opened
from .planning import foreseen, summary, the_directive
from .project import Project
from .refusal import FOUND, USAGE, Refusal
from .revising import carried_out, feasible, hearers, lines
from .screen import ask, has_reader, next_step, show, show_json, tell
from .sealed import kept, source
from .speech import moment, say
from .templating import published


def apply(
    file: Annotated[Path, option("tệp văn bản .yaml, hoặc kế hoạch do plan --out ghi")], /, *, project: Here,
    number: Annotated[str | None, option("số, ký hiệu mà bản thảo còn thiếu")] = None,
    date: Annotated[date | None, day_option("ngày ban hành mà bản thảo còn thiếu")] = None,
    yes: Annotated[bool, option("đồng ý trước, không hỏi")] = False,
    dry_run: Annotated[bool, option("chỉ nói sẽ làm gì")] = False,
    late: Annotated[bool, option("ban hành dù có thư không kịp trước hạn")] = False,
    json: Json = False,
) -> int:
    """Issue a directive, or exactly what a plan holds: open its tasks and queue its first letters. Applied again, it changes nothing."""
    path, plan = source(file, project)
    reading = project.read([path])
    if not sound(reading.findings):
        printed(reading)
        return FOUND
    directive = completed(the_directive(reading, path), *((plan.directive, plan.issued_on) if plan else (number, date)))
    known = has_ledger(project) and _is_issued(directive, project)
    if plan and not known:
        kept(plan, directive, path, project, say("lập lại: {command}", command=f"dondoc plan {plan.file} --out {file}"))
    made, changed = foreseen(directive, project, project.now), () if known else carried_out(directive, path, project)
    if not (known or json):
        tell(*lines(changed, directive.directory, project.settings.practice.tz), summary(made, project.now, hearers(changed)))
        for line in timing.lines(made, project):
            tell(line)
    if dry_run:
        return told(directive, None, project, json)
    if not (known or late):
        timing.arrive(made, project)
    letters = sums(made, project.now, hearers(changed)).letters
    if not known and project.settings.wants_approval(letters):
        return _proposed(directive, path, project, json)
    if not (known or yes):
        agreed(say("Gửi {letters}. Gõ {number} để đồng ý", letters=say("{n} thư", n=letters), number=directive.number), directive.number)
    published(project)
    with opened(project, new=True) as office, feasible():
        return told(directive, office.issue(directive, project.now), project, json)


def completed(directive: Directive, number: str | None, on: date | None) -> Directive:
    """The directive with the number and date that its draft lacks; what the paper says itself is never replaced. Raises Refusal."""
    for said, given, name in ((directive.number, number, "--number"), (directive.date, on, "--date")):
        if said and given and said != given:
            raise Refusal(say("tệp đã ghi {said}, khác với {name}", said=said, name=name), say("sửa tệp nếu tệp sai"), code=USAGE)
    number, on = directive.number or number, directive.date or on
    if not number:
        number = _asked(say("Số, ký hiệu của văn bản"), "--number 898/UBND")
    return directive.model_copy(update={"number": number, "date": on or _day(_asked(say("Ngày ban hành"), "--date 18/5/2020"))})


def _is_issued(directive: Directive, project: Project) -> bool:
    """Whether this very paper stands in the ledger, so that there is nothing to agree to. Raises Refusal where it was changed since."""
    with opened(project) as office, office.store.read() as db:
        stands = listing.stands(db, directive)
    if stands == "changed":
        paper = f"{directive.number} {written(directive.date)}" if directive.date else str(directive.number)
        raise Refusal(
            say("{paper} đã ban hành, mà nội dung trong tệp nay đã khác", paper=paper),
            say("trả tệp về như bản đã ban hành; điều cần sửa thì ghi trong một tệp mới, có amends: {paper} và changes", paper=paper),
        )
    return stands == "same"


def _asked(question: str, flag: str) -> str:
    if not has_reader():
        raise Refusal(say("văn bản chưa có: {what}", what=question), say("ghi vào tệp, hoặc thêm {flag}", flag=flag), code=USAGE)
    if answer := ask(question):
        return answer
    raise Refusal(say("chưa ban hành: thiếu {what}", what=question))


def _day(typed: str) -> date:
    try:
        return day_of(typed)
    except Mistake as mistake:
        raise Refusal(say("không đọc được ngày “{day}”; viết 18/5/2020", day=typed), code=USAGE) from mistake


def agreed(question: str, number: str | None, otherwise: str = "") -> None:
    """One question, answered with the paper's number: letters cannot be called back. Raises Refusal."""
    if not has_reader():
        raise Refusal(say("cần người đồng ý"), say("thêm --yes để ban hành không hỏi"), code=USAGE)
    if ask(question) != number:
        raise Refusal(otherwise or say("chưa ban hành, chưa gửi gì"))


def _proposed(directive: Directive, path: Path, project: Project, as_json: bool) -> int:
    """Let the issue wait for another person."""
    with opened(project, new=True) as office:
        proposal = approval.propose(office, directive, path, project.now)
    if as_json:
        waits = {"id": proposal.id, "author": proposal.author, "at": proposal.at}
        show_json({"directive": proposal.number, "date": proposal.issued_on, "issued": False, "proposal": waits, "tasks": 0, "letters": 0})
        return 0
    at = moment(proposal.at, project.settings.practice.tz)
    show(say("{number} chờ người khác duyệt: {author} trình lúc {at}. Chưa gửi gì.", number=proposal.number, author=proposal.author, at=at))
    tell(next_step(say("Người khác duyệt"), f"dondoc approve {proposal.number}"))
    return 0


def told(directive: Directive, done: Opened | None, project: Project, as_json: bool) -> int:
    """What was done, and when the letters leave; `done` is None after a dry run."""
    practice = project.settings.practice
    leaves_at = project.calendar.window(project.now, practice, minutes=practice.recall)
    tasks, letters = (done.tasks, done.letters) if done else (0, 0)
    if as_json:
        show_json({
            "directive": directive.number, "date": directive.date, "issued": done is not None, "tasks": tasks, "letters": letters,
            "leaves_at": leaves_at if letters else None,
        })
    elif done is None:
        tell(say("Chạy thử: chưa ban hành, chưa gửi gì."))
    elif not (tasks or letters):
        show(say("{number} đã ban hành, không có gì mới.", number=directive.number))
    else:
        opened_, queued = say("{n} việc", n=tasks), say("{n} thư", n=letters)
        show(say("Đã ban hành {number}: {tasks}, {letters}.", number=directive.number, tasks=opened_, letters=queued))
        tell(say("Thư rời đi từ {at}.", at=moment(leaves_at, practice.tz)), next_step(say("Gửi"), "dondoc run --once  ·  dondoc up"))
    return 0
