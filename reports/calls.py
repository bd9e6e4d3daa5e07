"""Who is to be telephoned today, about what, and what they last said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tasks.values import Party, Standing, Work

from .targets import spoken
from .tongues import say
from .vietnamese import clipped, names, near, quantity

MOST = 5  # a leader telephones a few; the table below the list has the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One telephone call: an agency, its worst duty, how late, its last words; `more` further overdue tasks of the list are its own."""

    party: Party
    duty: str
    late: str
    said: str
    more: int


def calls(standing: Standing) -> tuple[Call, ...]:
    """The worst agencies to call, one call each. Left out is whoever waits for us: for a decision or for a confirmation.

    Peers are not called: a request (đề nghị) is not pressed.
    """
    today = local(standing.as_of, standing).date()
    by_agency: dict[str, list[Work]] = {}
    for work in filter(_is_theirs, standing.overdue):
        by_agency.setdefault(work.agency.id, []).append(work)
    return tuple(_call(works, standing, today) for works in list(by_agency.values())[:MOST])


def waiting(standing: Standing) -> int:
    """How many overdue tasks of the list wait for the issuer itself."""
    return sum(not _is_open(work) for work in standing.overdue)


def local(when: datetime, standing: Standing) -> datetime:
    """An instant as the clocks of the paper's zone show it."""
    return when.astimezone(ZoneInfo(standing.paper.zone))


def due_day(work: Work, zone: str) -> date | None:
    """The last day that counts; the midnight that ends a day belongs to that day."""
    if work.due_at is None:
        return None
    return (work.due_at.astimezone(ZoneInfo(zone)) - timedelta(microseconds=1)).date()


def clause_of(work: Work) -> str:
    """How the paper numbers the duty: "mục 6.4", "" where it has no number."""
    return say("mục {clause}", clause=work.clause) if work.clause else ""


def duty(work: Work, today: date) -> str:
    """The duty in a line: "Mục 10: mốc 85% ngày 30/6, mới 81,9%"."""
    words = _milestone(work, today) if work.indicator and work.term else _period(work, today)
    return say("Mục {clause}: {words}", clause=work.clause, words=words) if work.clause else words


def _is_theirs(work: Work) -> bool:
    return work.force == "do" and _is_open(work)


def _is_open(work: Work) -> bool:
    """Whether nobody but its agency has to do something."""
    return work.asks_until is None and work.state not in ("claimed", "returned", "paused")


def _call(works: Iterable[Work], standing: Standing, today: date) -> Call:
    worst, *others = works
    return Call(
        party=worst.agency,
        duty=duty(worst, today),
        late=_late(worst, standing, today),
        said=_last_said(worst, standing, today) + _below(worst) + _urged(worst),
        more=len(others),
    )


def _urged(work: Work) -> str:
    return say(" · đã đôn đốc bằng {paper}", paper=work.urged[-1]) if work.urged else ""


def _below(work: Work) -> str:
    if not work.children:
        return ""
    lacks = say(", còn {names}", names=names(work.lacking, MOST)) if work.lacking else ""
    return say(" · cấp dưới xong {done}/{all}{lacks}", done=work.children[0], all=work.children[1], lacks=lacks)


def waits(standing: Standing) -> tuple[str, ...]:
    """Those who cannot begin since others are late with the clause before, who keeps them, and for how many days."""
    return tuple(
        say(
            "{who}, {what}: chờ {before} của {whose}, đã trễ {n} ngày",
            who=work.agency.name, what=clause_of(work) or clipped(work.short, 120), before=_named(work.waits_for),
            whose=names(work.waits_by, MOST), n=(standing.as_of - work.waits_due_at).days + 1,
        )
        for work in standing.waiting if work.waits_due_at
    )


def _named(clause: str) -> str:
    """What the ledger calls a clause: "mục 6.4", or "việc “…”"."""
    kind, _, name = clause.partition(" ")
    return f"{say(kind)} {name}"


def _late(work: Work, standing: Standing, today: date) -> str:
    due = due_day(work, standing.paper.zone)
    days = (today - due).days if due else 0
    return say("{n} ngày", n=days) if days > 0 else say("hôm nay")


def _last_said(work: Work, standing: Standing, today: date) -> str:
    zone = ZoneInfo(standing.paper.zone)
    if work.last_words:
        quoted = f"“{clipped(work.last_words, 160)}”"
        return f"{near(work.last_words_at.astimezone(zone).date(), today)}: {quoted}" if work.last_words_at else quoted
    if work.figure is not None and work.figure_on:
        return say("Chỉ có số liệu ngày {day}, chưa nói lý do", day=near(work.figure_on, today))
    if work.told_at is None:
        return say("Thư giao việc chưa tới nơi")
    told = near(work.told_at.astimezone(zone).date(), today)
    return say("Chưa tiếp nhận, thư gửi {day}" if work.state == "open" else "Đã tiếp nhận, chưa báo gì từ {day}", day=told)


def _milestone(work: Work, today: date) -> str:
    figure = say("mới {value}", value=quantity(work.figure, work.unit)) if work.figure is not None else say("chưa có số liệu")
    day = near(date.fromisoformat(work.term[:10]), today)
    return say("mốc {goal} ngày {day}, {figure}", goal=spoken(work.target), day=day, figure=figure)


def _period(work: Work, today: date) -> str:
    name = clipped(work.short or work.text, 120)
    since = say(" (kỳ từ {day})", day=near(date.fromisoformat(work.term[:10]), today)) if work.term else ""
    return name + since + (say(" (hạn cũ {day})", day=work.due_before) if work.due_before else "")
