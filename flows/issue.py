"""Issue: one directive file, or the plan of one, becomes tasks and first letters, or waits for another person; letters leave later."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from prefect import flow
from prefect import task as step
from prefect.runtime import flow_run
from prefect.utilities.annotations import quote

from config import approval
from config.sealing import Promise
from directives.language.reading import read
from directives.language.shapes import Directive
from tasks.ledger import listing

from .deliver import post
from .desk import asked, log, office, tagged
from .shown import key, progress


class UnfitDirectiveError(Exception):
    """The file has errors; `dondoc check` shows them with line and mark."""


@step(name="đọc văn bản", task_run_name="đọc {file}")
def understood(file: str) -> Directive:
    """The directive of a file in the project. Raises UnfitDirectiveError for one that `check` would refuse."""
    home = office().settings.home
    reading = read([home / file], home / "config" / "agencies")
    errors = [found for found in reading.findings if found.level == "error"]
    if errors or not reading.directives:
        raise UnfitDirectiveError(f"{file}: {len(errors)} lỗi; chạy `dondoc check {file}` để xem từng lỗi")
    return reading.directives[0][1]


@step(name="mở việc", task_run_name="mở việc", retries=3, retry_delay_seconds=5)
def opened(directive: Directive, now: datetime) -> dict[str, int]:
    """Open the directive's tasks and queue its first letters; a retry goes on where a kill left off."""
    name = key(str(directive.number), (directive.date or now).year)
    done = office().issue(directive, now, progress(name, f"Mở việc của {directive.number}"))
    log.info("%d việc, %d thư giao việc", done.tasks, done.letters)
    return {"directive": done.directive, "tasks": done.tasks, "letters": done.letters}


@step(name="trình duyệt", task_run_name="trình duyệt")
def proposed(directive: Directive, file: str, now: datetime) -> dict[str, int]:
    """Ask for another person's approval; nothing is opened and nothing sent."""
    proposal = approval.propose(office(), directive, office().settings.home / file, now)
    log.info("chờ người khác duyệt: dondoc approve %s", proposal.number)
    return {"proposal": proposal.id, "tasks": 0, "letters": 0}


@flow(name="issue", flow_run_name=lambda: f"ban hành {Path(flow_run.get_parameters().get('file', '')).stem}")
async def issue(file: str, number: str | None = None, date: str | None = None, as_of: datetime | None = None) -> dict[str, int]:
    """Issue the directive of `file`, a path within the project, or exactly what a plan in it holds.

    `number` and `date` (ISO) fill in what the draft lacks. Raises BrokenPlanError where a plan does not hold any more.
    """
    now = asked(as_of)
    if plan := plan_in(file):
        file, number, date = plan.file, plan.directive, plan.issued_on.isoformat()
    directive = completed(understood(file), number, date)
    await tagged("ban hành", f"{directive.number}")
    # Unquoted, Prefect would walk through the whole directory in search of other runs' results.
    if not stands(directive):
        if plan:
            approval.holds(office(), plan, directive, office().settings.home / file)
        if approval.is_wanted(office(), directive, now):
            waits: dict[str, int] = proposed(quote(directive), file, now)  # type: ignore[call-overload]  # a quote is what it wraps
            return waits
    done: dict[str, int] = opened(quote(directive), now)  # type: ignore[call-overload]  # a quote is what it wraps
    await post(now)
    return done


def plan_in(file: str) -> Promise | None:
    """The plan that a file of the project holds; None for a directive."""
    path = office().settings.home / file
    return Promise.read(path.read_text(encoding="utf-8")) if path.suffix not in (".yaml", ".yml") and path.is_file() else None


def stands(directive: Directive) -> bool:
    """Whether the paper is in the ledger, so that nothing is left to ask."""
    with office().store.read() as db:
        return listing.stands(db, directive) != "new"


def completed(directive: Directive, number: str | None, date: str | None) -> Directive:
    """The directive with the number and date that were asked for. What the paper says itself is never replaced."""
    given = {"number": directive.number or number, "date": directive.date or (datetime.fromisoformat(date).date() if date else None)}
    return directive.model_copy(update=given)
