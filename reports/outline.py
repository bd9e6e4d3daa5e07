"""What a report says, in its order: one reading of a standing that page, letter and text share, so that they cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tasks.cells import Cells
from tasks.rates import Rate
from tasks.values import Standing
from tasks.watches import Watch

from . import classes
from .calls import Call, calls, local, waits
from .changes import Note, notes, quiet, reckoned
from .classes import Share
from .headline import asks, headline
from .measures import Measure, measure
from .rolls import Group, Roll, columns, grid, roll, unmapped
from .targets import main_line
from .ties import ties
from .tongues import say
from .vietnamese import day, moment, near, number, percent
from .vouching import is_sound, vouched


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One of the numbers at the top. `change` is "▲ tăng 2", "" in a first report."""

    share: Share
    number: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The whole report as words and numbers, ready to be set in type."""

    subject: str
    document: str
    title: str
    addressee: str
    span: str
    vouched: str  # the proof of silence, "" where nobody watched
    sound: bool  # whether that reassures
    ties: tuple[str, ...]  # what was done to the paper since its issue
    headline: str
    asks: str
    counts: tuple[Count, ...]
    undated: str
    silent: str
    undated_done: str
    sum: str
    rate: str  # "Đúng hạn 72,5%: 29/40 việc đã xong hoặc đã đến hạn. Ngoài tỷ lệ: …"
    waits: tuple[str, ...]  # who cannot begin, since others are late with the clause before
    measure: Measure | None
    others: tuple[Measure, ...]
    calls: tuple[Call, ...]
    since: str
    changes: tuple[Note, ...]
    reckoned: str  # how the overdue of the report before became those of today
    quiet: str
    roll: Roll
    duties: tuple[tuple[str, str], ...]  # (heading of the map's column, the duty's short name)
    grid: tuple[Group, ...]
    unmapped: str
    legend: tuple[Share, ...]
    footer: tuple[str, ...]


def outline(standing: Standing, reader: str, watch: Watch | None = None) -> Outline:
    """Read a standing for `reader`, a position ("Phó Chủ tịch UBND quận"); `watch` vouches for silence."""
    paper, sentence = standing.paper, headline(standing)
    today = local(standing.as_of, standing).date()
    first = main_line(standing)
    return Outline(
        subject=say("{sentence} (báo cáo {number})", number=paper.number, sentence=sentence.rstrip(".")),
        document=say("Văn bản {number} ngày {day}", number=paper.number, day=day(paper.issued_on)),
        title=paper.title,
        addressee=say("Kính gửi {reader}", reader=reader),
        span=_span(standing, today),
        vouched=vouched(watch, paper.zone) if watch else "",
        sound=watch is None or is_sound(watch),
        ties=ties(paper),
        headline=sentence,
        asks=asks(standing),
        counts=_counts(standing),
        undated=number(standing.cells.undated),
        silent=number(standing.cells.silent),
        undated_done=number(standing.cells.undated_done),
        sum=_sum(standing.cells),
        rate=_rate(standing.rate),
        waits=waits(standing),
        measure=measure(first, today) if first else None,
        others=tuple(measure(line, today) for line in standing.lines if line is not first),
        calls=calls(standing),
        since=say("Thay đổi từ kỳ trước") if standing.before else say("Kỳ báo cáo đầu tiên"),
        changes=notes(standing),
        reckoned=reckoned(standing),
        quiet=quiet(standing),
        roll=roll(standing),
        duties=tuple((head, short) for (_, head), (_, short) in zip(columns(standing.duties), standing.duties, strict=True)),
        grid=grid(standing),
        unmapped=number(unmapped(standing)) if unmapped(standing) else "",
        legend=classes.ALL,
        footer=_footer(standing),
    )


def _span(standing: Standing, today: date) -> str:
    if standing.before is None:
        return say("Báo cáo đầu tiên, đến {day}", day=day(today))
    return say("Kỳ báo cáo {since} – {day}", since=near(local(standing.before, standing).date(), today), day=day(today))


def _counts(standing: Standing) -> tuple[Count, ...]:
    kinds = (classes.LATE, classes.SOON, classes.DOING, classes.DONE)
    now, before = _four(standing.cells), _four(standing.cells_before or standing.cells)
    changes = [_change(count - old) if standing.cells_before else "" for count, old in zip(now, before, strict=True)]
    return tuple(Count(share=kind, number=number(count), change=change) for kind, count, change in zip(kinds, now, changes, strict=True))


def _four(cells: Cells) -> tuple[int, int, int, int]:
    return cells.overdue, cells.soon, cells.in_time - cells.soon, cells.on_time + cells.late


def _change(by: int) -> str:
    if not by:
        return say("như kỳ trước")
    return say("▲ tăng {by}", by=by) if by > 0 else say("▼ giảm {by}", by=-by)


def _sum(cells: Cells) -> str:
    if not cells.dated:
        return say("Không việc nào có thời hạn.")
    return say(
        "{n} việc có thời hạn = {on_time} hoàn thành đúng hạn + {late} hoàn thành quá hạn + {in_time} đang thực hiện trong hạn"
        " + {overdue} đang thực hiện quá hạn.",
        n=cells.dated, on_time=cells.on_time, late=cells.late, in_time=cells.in_time, overdue=cells.overdue,
    )


def _rate(rate: Rate) -> str:
    """The rate with its denominator; what it does not judge stands beside it."""
    outside = "Ngoài tỷ lệ: {exempt} việc miễn tính, {unreachable} việc thư không tới được."
    beside = say(outside, exempt=rate.exempt, unreachable=rate.unreachable)
    if rate.percent is None:
        return beside if rate.exempt or rate.unreachable else ""
    judged = "Đúng hạn {percent}: {on_time}/{judged} việc đã xong hoặc đã đến hạn."
    return f"{say(judged, percent=percent(rate.percent), on_time=rate.on_time, judged=rate.judged)} {beside}"


def _footer(standing: Standing) -> tuple[str, ...]:
    """When and from what it was made; letters that failed; the head of the chain, so that readers are witnesses; whom to ask."""
    at = moment(local(standing.as_of, standing))
    made = say("Lập lúc {at}, từ {n} sự kiện đã ghi của văn bản.", at=at, n=standing.seq)
    failed = say("{n} thư chưa gửi được, đang chờ người vận hành.", n=standing.unsent)
    letters = failed if standing.unsent else say("Không có thư nào gửi hỏng.")
    chain = say(" Dấu của chuỗi sự kiện: {seal}.", seal=f"{standing.seq}:{standing.head[:16]}") if standing.head else ""
    return tuple(line for line in (made, letters + chain, standing.paper.contact) if line)
