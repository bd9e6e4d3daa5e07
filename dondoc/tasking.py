"""`tasks`: one decision about many tasks of a paper: shown first, carried out once, an event each, with a file that takes it back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from cyclopts import App, Parameter
from rich.table import Table
from rich.text import Text

from config import undo_files
from config.office import Office
from tasks.ledger import bulk, choosing, undoing
from tasks.ledger.bulk import Line, Order
from tasks.states import VERBS
from tasks.values import Act, Paper, Said

from . import conditions, labels
from .arguments import Here, Number, day_option, option
from .issuing import agreed
from .ledger import agency, opened, paper
from .project import Project
from .refusal import FOUND, USAGE, Refusal
from .screen import next_step, show, show_json, table, tell
from .speech import say

_SHOWN = 60  # rows that are shown without --all

tasks = App(name="tasks", group_commands=say("Lệnh"))


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class How:
    """What every decision about many tasks takes."""

    where: Annotated[str, option("những việc nào: “clause=6.4 agency=bhxh late”", metavar="CONDITION")]
    name: Annotated[str, option("họ tên người quyết định; mặc định: người đang làm việc")] = ""
    role: Annotated[str, option("chức vụ người quyết định")] = ""
    yes: Annotated[bool, option("đồng ý trước, không hỏi")] = False
    dry_run: Annotated[bool, option("chỉ nói sẽ làm gì")] = False
    every: Annotated[bool, option("mọi dòng", name="--all")] = False
    json: Annotated[bool, option("in JSON, cho chương trình khác đọc", name="--json")] = False


Note = Annotated[str, option("lý do, ghi trong thư báo")]
Until = Annotated[date, day_option("đến ngày này")]


@tasks.command(help=say("kết thúc nhiều việc"))
def close(number: Number, /, *, project: Here, how: How, note: Note) -> int:
    """Close tasks."""
    return _decide(project, number, how, _act("close", note=note))


@tasks.command(help=say("lùi hạn nhiều việc"))
def extend(number: Number, /, *, project: Here, how: How, until: Until, note: Note = "") -> int:
    """Give tasks a later date."""
    return _decide(project, number, how, _act("postpone", until=until, note=note))


@tasks.command(help=say("chuyển nhiều việc cho đơn vị khác"))
def reassign(number: Number, /, *, project: Here, how: How, to: Annotated[str, option("mã đơn vị nhận việc")], note: Note = "") -> int:
    """Pass tasks to another agency."""
    return _decide(project, number, how, _act("reassign", to=to, note=note))


@tasks.command(help=say("tạm dừng nhiều việc"))
def pause(number: Number, /, *, project: Here, how: How, until: Until, note: Note) -> int:
    """Pause tasks until a day."""
    return _decide(project, number, how, _act("pause", until=until, note=note))


@tasks.command(help=say("cho nhiều việc thực hiện tiếp"))
def resume(number: Number, /, *, project: Here, how: How, note: Note = "") -> int:
    """Let paused tasks go on."""
    return _decide(project, number, how, _act("resume", note=note))


@tasks.command(help=say("mở lại nhiều việc đã xong"))
def reopen(number: Number, /, *, project: Here, how: How, note: Note) -> int:
    """Open tasks again that are done."""
    return _decide(project, number, how, _act("reopen", note=note))


@tasks.command(help=say("hoàn tác một lần quyết định nhiều việc, từ tệp đã ghi"))
def undo(
    file: Annotated[Path, option("tệp hoàn tác")], /, *, project: Here, note: Annotated[str, option("lý do")] = "",
    name: Annotated[str, option("họ tên người quyết định; mặc định: người đang làm việc")] = "",
    role: Annotated[str, option("chức vụ người quyết định")] = "",
) -> int:
    """Take a decision about many tasks back: what nobody has touched since is what it was."""
    kept = _read(file)
    with opened(project) as office:
        of = paper(office, kept["directive"])
        said = Act(kind="undo", task=0, said=_person(office, name, role), key="", note=note)
        try:
            done = undoing.undo(office.store, undoing.Order(of.id, kept["batch"], said), office.calendar, project.now)
        except KeyError as error:
            raise Refusal(say("sổ không có lần quyết định của tệp {path}", path=file)) from error
    show(say("Hoàn tác {n} việc; {before} việc đã hoàn tác từ trước.", n=done.tasks, before=done.before))
    if done.moved:
        clauses = ", ".join(f"{each['clause']} {each['agency']}" for each in kept["tasks"] if each["task"] in done.moved)
        tell(Text(say("Giữ nguyên, vì sau đó đã có thay đổi khác: {tasks}", tasks=clauses), "yellow"))
    return 0


Kind = Literal["close", "postpone", "reassign", "pause", "resume", "reopen"]


def _act(kind: Kind, **words: Any) -> Act:
    """The decision before it is known who makes it."""
    return Act(kind=kind, task=0, said=Said(name="", role=""), key=f"bulk:{secrets.token_hex(8)}", **words)


def _decide(project: Project, number: str, how: How, act: Act) -> int:
    """Show what would be done, ask, do it, and keep the way back."""
    with opened(project) as office:
        of = paper(office, number)
        if act.to:
            agency(office, act.to)
        order, lines = _looked_at(office, of, how, act, project)
        if not how.json:
            show(_rows(lines if how.every else lines[:_SHOWN], of), _counted(lines, how))
        ready = sum(not line.refusal for line in lines)
        if how.dry_run or not ready:
            if how.json:
                show_json(undo_files.plain(of, act, lines, done=False))
            return 0 if ready else FOUND
        if not how.yes:
            agreed(say("Gõ {number} để quyết định {n} việc", number=of.number, n=ready), of.number, say("chưa quyết định gì, chưa báo ai"))
        data = office.settings.data
        done = bulk.carry_out(office.store, order, office.calendar, project.now, lambda lines: undo_files.keep(data, of, act, lines))
        path = undo_files.path_of(data, act)
    return _told(of, act, done, path, how)


def _looked_at(office: Office, of: Paper, how: How, act: Act, project: Project) -> tuple[Order, tuple[Line, ...]]:
    """The order, and what it would do. Where the condition names no state, those that the decision is about are meant."""
    where = conditions.read(how.where, project.now)
    if not where.states:
        where = replace(where, states=tuple(next(verb.moves for verb in VERBS if verb.kind == act.kind)))
    act = replace(act, said=_person(office, how.name, how.role))
    with office.store.read() as db:
        order = Order(directive=of.id, act=act, tasks=tuple(choosing.chosen(db, of.id, where)))
        return order, bulk.look(db, order, office.calendar, project.now)


def _person(office: Office, name: str, role: str) -> Said:
    return Said(name=name or office.settings.person, role=role)


def _rows(lines: Sequence[Line], of: Paper) -> Table:
    zone = ZoneInfo(of.zone)
    rows = table("Mục", "Đơn vị", "Kỳ", "Hạn", "Tình trạng", "Không làm được", wide=("Đơn vị", "Không làm được"))
    rows.columns[5].no_wrap = False
    for line in lines:
        work = line.work
        rows.add_row(
            work.clause, work.agency.short, work.term, labels.due(work, zone), say(labels.STATES[work.state]), Text(line.refusal, "yellow")
        )
    return rows


def _counted(lines: Sequence[Line], how: How) -> Text:
    refused = sum(bool(line.refusal) for line in lines)
    said = say("{n} việc, trong đó {refused} việc không làm được.", n=len(lines), refused=refused)
    dry = say("Chạy thử: chưa quyết định gì.") if how.dry_run else ""
    return Text(" ".join(filter(None, (said, dry))))


def _told(of: Paper, act: Act, done: Sequence[Line], path: Path, how: How) -> int:
    if how.json:
        show_json({**undo_files.plain(of, act, done, done=True), "undo": str(path)})
        return 0
    ready = sum(not line.refusal for line in done)
    show(say("Đã ghi “{decision}” cho {n} việc.", decision=say(labels.EVENTS[act.kind]), n=ready))
    tell(next_step(say("Hoàn tác"), f"dondoc tasks undo {path}"))
    return 0


def _read(file: Path) -> dict[str, Any]:
    """A file that takes a decision back. Raises Refusal for any other."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if {"directive", "batch", "tasks"} <= kept.keys():
            return dict(kept)
    except (OSError, ValueError, AttributeError):
        pass
    raise Refusal(say("{path} không phải tệp hoàn tác", path=file), code=USAGE)
