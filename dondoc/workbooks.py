"""`workbook export`, `workbook import`: a paper's duties as one workbook for each agency, and what it has filled in taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App
from rich.text import Text

from config.inbox import Inbox, Taken
from config.office import Office
from reports.vietnamese import moment
from reports.workbook import workbook as laid_out
from tasks import dropped
from tasks.dropped_rows import Row, Sheet
from tasks.ledger import feeding, listing, receiving
from tasks.ledger.listing import Wanted
from tasks.ledger.register import LedgerRegister
from tasks.ledger.works import works
from tasks.seals import Seal
from tasks.values import Paper, Work

from . import labels, ledger
from .arguments import Here, Number, option
from .ledger import opened, paper
from .project import Project
from .refusal import FOUND, USAGE, Refusal
from .screen import next_step, show, tell
from .speech import say

workbook = App(name="workbook", group_commands=say("Lệnh"))

_STATES = ("open", "received", "progress")
_MOST = 200_000


@workbook.command(help=say("mỗi đơn vị một tệp .xlsx, các việc đang mở của văn bản"))
def export(
    number: Number, folder: Annotated[Path, option("thư mục để ghi", name="FOLDER")], /, *, project: Here,
    agency: Annotated[tuple[str, ...], option("chỉ đơn vị này; nhiều đơn vị thì ghi nhiều lần")] = (),
) -> int:
    """Write a workbook for each agency that owes something."""
    with opened(project) as office:
        of = paper(office, number)
        chosen = [ledger.agency(office, each) for each in agency]
        owed = _owed(office, of, chosen)
        if not owed:
            raise Refusal(say("không đơn vị nào còn việc đang mở"))
        folder.mkdir(parents=True, exist_ok=True)
        made = f"Lập lúc {moment(project.now.astimezone(office.practice.tz))}."
        for code, mine in owed.items():
            (folder / f"{code}.xlsx").write_bytes(laid_out(of, mine, _marking(office, mine), made))
    show(say("Đã ghi {n} tệp vào {folder}.", n=len(owed), folder=folder))
    tell(next_step(say("Đơn vị gửi lại thì xem trước"), f"dondoc workbook import --dry-run {folder}/*.xlsx"))
    return 0


@workbook.command(name="import", help=say("nhập lại: xem từng dòng đổi gì rồi ghi, theo đúng luật của trang trả lời"))
def take_back(
    *files: Annotated[Path, option("tệp đã điền", name="FILE")], project: Here,
    dry_run: Annotated[bool, option("chỉ xem, không ghi")] = False,
) -> int:
    """Record what agencies have filled in; of files with a mistake nothing is recorded at all."""
    if not files:
        raise Refusal(say("cần ít nhất một tệp"), code=USAGE)
    with opened(project) as office:
        inbox = Inbox(settings=office.settings, store=office.store, calendar=office.calendar)
        read = [(path, _read(office, inbox, path, project)) for path in files]
        wrong = [line for path, sheet in read for line in _wrong(path, sheet)]
        for line in wrong:
            show(line)
        if wrong:
            tell(say("Chưa ghi dòng nào: sửa các lỗi trên rồi nhập lại."))
            return FOUND
        for path, sheet in read:
            _differences(office, path, sheet)
        return 0 if dry_run else _recorded(inbox, read, project)


def _owed(office: Office, of: Paper, chosen: Sequence[str]) -> dict[str, list[Work]]:
    """The open tasks that are theirs to answer, by agency."""
    with office.store.read() as db:
        found = [
            work for each in chosen or [""]
            for work in listing.tasks(db, Wanted(directive=of.id, agency=each, states=_STATES), office.calendar, _MOST)[0]
        ]
    owed: dict[str, list[Work]] = {}
    for work in found:
        owed.setdefault(work.agency.id, []).append(work)
    return owed


def _marking(office: Office, mine: Sequence[Work]) -> Callable[[Work], str]:
    """Marks rows by what the tasks are at this moment."""
    seals = Inbox(settings=office.settings, store=office.store, calendar=office.calendar).seals
    with office.store.read() as db:
        since = feeding.since(db, [work.id for work in mine])
    return lambda work: seals.mark(Seal(work.id, since[work.id].seq))


def _read(office: Office, inbox: Inbox, path: Path, project: Project) -> Sheet:
    """The rows of a file. Raises Refusal where it cannot be opened, or was taken before."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refusal(say("không mở được {path}: {why}", path=path, why=error.strerror or ""), code=USAGE) from error
    with office.store.read() as db:
        if receiving.is_known(db, inbox.arrival(data)):
            return Sheet()
        return dropped.read(data, path.name, LedgerRegister(db, inbox.seals), project.now.astimezone(office.practice.tz).date())


def _wrong(path: Path, sheet: Sheet) -> Iterator[str]:
    for line, column, found in dropped.told(sheet, path):
        place = say("dòng {line}, cột {column}", line=line, column=column) if column else say("dòng {line}", line=line)
        yield f"{path.name}: {place}: {found.code} {found.message}{f'; {found.hint}' if found.hint else ''}"


def _differences(office: Office, path: Path, sheet: Sheet) -> None:
    """What each row would change."""
    with office.store.read() as db:
        known = works(db, [row.task for row in sheet.rows], office.calendar)
    for row in sheet.rows:
        work = known[row.task]
        become = f"{say(labels.STATES[work.state])} → {say(labels.EVENTS[row.saying.kind])}"
        place = say("dòng {line}", line=row.line)
        show(Text("  ".join(filter(None, (path.name, place, work.clause, work.agency.short, become, _words(row))))))
    if not sheet.rows:
        show(say("{file}: không có gì mới.", file=path.name))


def _words(row: Row) -> str:
    said = row.saying
    counts = f"{said.numerator}/{said.denominator}" if said.numerator is not None else str(said.value) if said.value is not None else ""
    return " · ".join(filter(None, (counts, f"{said.until:%-d/%-m/%Y}" if said.until else "", said.document, said.note[:80])))


def _recorded(inbox: Inbox, read: Sequence[tuple[Path, Sheet]], project: Project) -> int:
    counted = Taken()
    for path, sheet in read:
        for row in sheet.rows:
            words, became = inbox.apply(row, path.name, project.now)
            counted += became
            if became.refused:
                show(f"{path.name}: {say('dòng {line}', line=row.line)}: {words}")
        receiving.set_aside(inbox.store, inbox.arrival(path.read_bytes()), "file", project.now)
    tell(say("Đã ghi {n} dòng, {m} dòng không ghi được.", n=counted.rows, m=counted.refused))
    if counted.rows:
        tell(next_step(say("Biên nhận chờ gửi cho đơn vị"), "dondoc run --once"))
    return FOUND if counted.refused else 0
