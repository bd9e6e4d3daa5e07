"""A plan as a file: written when it was looked at, read again when it is issued, and what does not hold of it any more."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from pathlib import Path

from config.sealing import CHANGED, Broken, Promise, broken, promised
from directives.language.shapes import Directive

from .ledger import has_ledger, opened
from .project import Project
from .refusal import USAGE, Refusal
from .revising import feasible
from .speech import say


def promise(directive: Directive, path: Path, project: Project, as_of: date) -> Promise:
    """What issuing the directive on the morning of a day rests on, with the ledger as it is. Raises Refusal where it cannot be issued."""
    with feasible(), opened(project) if has_ledger(project) else nullcontext() as office:
        store = office.store if office else None
        return promised(directive, path, settings=project.settings, calendar=project.calendar, store=store, as_of=as_of)


def write(directive: Directive, path: Path, project: Project, as_of: date, to: Path) -> None:
    """Seal a plan into a file. Raises Refusal for a draft, of which nobody could say later what was planned."""
    if not (directive.number and directive.date):
        raise Refusal(say("văn bản chưa có số hoặc ngày ban hành"), say("ghi directive và date vào tệp rồi lập kế hoạch"), code=USAGE)
    text = promise(directive, path, project, as_of).text
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refusal(say("không ghi được {path}: {why}", path=to, why=error.strerror or error), code=USAGE) from error


def source(file: Path, project: Project) -> tuple[Path, Promise | None]:
    """The directive file that is meant, and the plan where `file` is one."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return file, None  # whoever reads it as a directive says what is wrong
    if not text.lstrip().startswith("{"):
        return file, None
    if plan := Promise.read(text):
        return project.home / plan.file, plan
    advice = say("lập kế hoạch: {command}", command="dondoc plan FILE --out P")
    raise Refusal(say("{file} không phải kế hoạch", file=file), advice, code=USAGE)


def kept(plan: Promise, directive: Directive, path: Path, project: Project, advice: str) -> None:
    """Raises Refusal with every part of the plan that does not hold any more."""
    if found := broken(plan, promise(directive, path, project, plan.as_of)):
        raise Refusal(say("khác với kế hoạch: {words}", words="; ".join(_changed(each) for each in found)), advice)


def _changed(of: Broken) -> str:
    return say(CHANGED[of.part], what=of.what)
