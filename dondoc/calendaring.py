"""`calendar check` and `calendar apply`: what days off that were decided later move, shown and then carried out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

from cyclopts import App
from rich.text import Text

from config.office import Office
from directives.language.calendar import Calendar
from directives.language.shapes import Duty
from tasks.ledger import origins, recounting, shifting
from tasks.ledger.entering import duties_of
from tasks.ledger.issued import Issued, load
from tasks.ledger.shifting import Shift
from tasks.ledger.works import papers
from tasks.values import Paper

from .arguments import Here, Json, option
from .ledger import opened
from .project import Project
from .refusal import FOUND
from .screen import next_step, show, show_json, table, tell
from .speech import day, moment, say, weekday

_SHOWN = 40  # rows that are shown without --all

All = Annotated[bool, option("mọi dòng", name="--all")]

calendar = App(name="calendar", group_commands=say("Lệnh"))


class _Found(NamedTuple):
    """What the calendar moves of one paper: dates, and how many clauses in all."""

    paper: Paper
    shifts: list[Shift]
    clauses: int


@calendar.command(name="check", help=say("lịch khác gì lịch đã tính các thời hạn, và đổi những hạn nào"))
def check(*, project: Here, every: All = False, json: Json = False) -> int:
    """Compare the calendar with the one that dates were counted with. Ends with 1 where something would move."""
    with opened(project) as office:
        found = list(_found(office, project.now))
        if not json:
            _differences(office, project)
    _told(found, project, as_json=json, every=every)
    if found and not json:
        tell(next_step(say("Tính lại"), "dondoc calendar apply"))
    return FOUND if found else 0


@calendar.command(name="apply", help=say("tính lại hạn và bậc đôn đốc sắp tới theo lịch; việc đã xong, đã gia hạn giữ nguyên"))
def apply(
    *, project: Here, dry_run: Annotated[bool, option("chỉ nói sẽ làm gì")] = False, every: All = False, json: Json = False
) -> int:
    """Count open dates and rungs to come anew. What is done, or was given a date by decision, stays. Twice is once."""
    with opened(project) as office:
        found = list(_found(office, project.now))
        for each in found if not dry_run else ():
            recounting.carry_out(office.store, each.paper.id, office.calendar, project.now)
    _told(found, project, as_json=json, every=every)
    if dry_run and not json:
        tell(say("Chạy thử: chưa ghi gì."))
    elif found and not json:
        tell(say("Đã tính lại. Nhắc đã gửi không gửi lại."))
    return 0


def counted_with(office: Office, issued: Issued, duty: Duty) -> Issued:
    """The paper with the calendar that the dates of a duty were really counted with."""
    with office.store.read() as db:
        versions, known = origins.versions(db, duties_of(db, issued.id).get(duty.clause, 0)), origins.known(db)
    used = [known[version][0] for version in versions.values() if version in known]
    return replace(issued, calendar=used[-1]) if used else issued


def words_of(office: Office, issued: Issued) -> str:
    """Which version of the calendar a paper is read with, and whether the office has another one by now."""
    version = issued.calendar.version
    with office.store.read() as db:
        known, now = origins.known(db), load(db, issued.id, office.calendar).calendar.version
    since = say(" (dùng từ {at})", at=moment(known[version][1], issued.practice.tz)) if version in known else ""
    words = say("Lịch làm việc: phiên bản {version}{since}.", version=version, since=since)
    return words if version == now else f"{words} {say('Lịch nay là phiên bản {version}: dondoc calendar check.', version=now)}"


def _found(office: Office, now: datetime) -> Iterator[_Found]:
    with office.store.read() as db:
        for directive in recounting.under_way(db):
            clauses = sum(1 for _ in shifting.clauses(db, load(db, directive, office.calendar), now))
            if clauses:
                yield _Found(papers(db, [directive])[directive], shifting.shifts(db, directive, office.calendar, now), clauses)


def _differences(office: Office, project: Project) -> None:
    """Say which days are others than in the calendar that was used last before this one."""
    mine = office.calendar
    with office.store.read() as db:
        known = origins.known(db)
    show(say("Lịch đang dùng: phiên bản {version}.", version=mine.version))
    others = [(version, of, at) for version, (of, at) in known.items() if version != mine.version]
    if not others:
        return
    version, before, at = others[-1]
    zone = project.settings.practice.tz
    show(say("Khác phiên bản {version} (dùng từ {at}):", version=version, at=moment(at, zone)))
    for on in _days(before, mine):
        words = _off(mine, on) if not mine.is_working(on) else say("làm việc")
        was = _off(before, on) if not before.is_working(on) else say("làm việc")
        if words != was:
            show(Text(f"  {weekday(on)}: {was} → {words}"))


def _days(*calendars: Calendar) -> list[date]:
    return sorted({day for of in calendars for day in (*of.off, *of.work)})


def _off(of: Calendar, on: date) -> str:
    return say("nghỉ ({reason})", reason=of.reason(on))


def _told(found: list[_Found], project: Project, *, as_json: bool, every: bool) -> None:
    """Agency, duty, old and new date, a row each."""
    if as_json:
        show_json({"version": project.calendar.version, "dates": [row for each in found for row in _plain(each)], "clauses": [
            {"directive": each.paper.number, "moved": each.clauses} for each in found]})
        return
    rows = [(name, each.paper, shift) for each in found for shift in each.shifts for name in shift.agencies]
    if rows:
        made = table("Đơn vị", "Văn bản", "Mục", "Hạn cũ", "Hạn mới", wide=("Đơn vị",))
        for name, of, shift in rows if every else rows[:_SHOWN]:
            made.add_row(name, of.number, shift.clause, day(_on(shift, of)), Text(day(shift.due.day), "bold"))
        show(made)
    if not every and len(rows) > _SHOWN:
        tell(say("… và {n} dòng nữa (--all)", n=len(rows) - _SHOWN))
    tell(say("{n} thời hạn đổi; bậc đôn đốc đổi ở {clauses} mục.", n=len(rows), clauses=sum(each.clauses for each in found)))


def _plain(found: _Found) -> Iterator[dict[str, Any]]:
    for shift in found.shifts:
        for name in shift.agencies:
            yield {
                "directive": found.paper.number, "clause": shift.clause, "term": shift.term, "agency": name,
                "was": _on(shift, found.paper), "due": shift.due.day,
            }


def _on(shift: Shift, of: Paper) -> date:
    return shift.was.astimezone(ZoneInfo(of.zone)).date()
