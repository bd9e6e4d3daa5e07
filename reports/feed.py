"""Due dates as a calendar that phones subscribe to: the same event for the same duty, a higher number when its date moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from tasks.feeds import Falling, Since
from tasks.values import Desk, Paper, Work

from .calls import clause_of, due_day
from .vietnamese import day, number

#: How often a subscriber looks again, and how long before midnight of the day he is reminded: at nine the morning before.
LOOK_AGAIN = timedelta(hours=12)
BEFORE = timedelta(hours=15)

Address = Callable[[Work], str]


def agency(mine: Desk, since: Mapping[int, Since], domain: str, address: Address) -> bytes:
    """The open duties with a date of whoever holds the desk; `address` is where each is answered."""
    owed = [work for work in mine.open if work.lead and work.due_at is not None]
    return _calendar(f"Việc phải báo cáo: {mine.party.short}", (_task(work, mine.papers, since[work.id], domain, address) for work in owed))


def leader(fallen: Iterable[Falling], papers: Mapping[int, Paper], domain: str) -> bytes:
    """What falls due in the papers that he reads, a line for each duty and term."""
    return _calendar("Hạn của các văn bản đang theo dõi", (_term(each, papers[each.directive], domain) for each in fallen))


def _task(work: Work, papers: Mapping[int, Paper], since: Since, domain: str, address: Address) -> Event:
    paper = papers[work.directive]
    last = due_day(work, paper.zone)
    assert last is not None, "only what has a date stands in a calendar"
    title = f"Hạn: {work.short} ({_place(paper, clause_of(work))})"
    event = _event(f"viec-{work.id}@{domain}", title, work.last_working_day or last, since)
    event.add("description", f"{_until(last, work.due_words)}\n\n{work.text}")
    event.add("url", address(work))
    return event


def _term(each: Falling, paper: Paper, domain: str) -> Event:
    last = (each.due_at.astimezone(ZoneInfo(each.zone)) - timedelta(microseconds=1)).date()
    title = f"Hạn: {each.short} ({_place(paper, f'mục {each.clause}' if each.clause else '')})"
    event = _event(f"han-{each.duty}-{each.term or '0'}@{domain}", title, each.last_working_day or last, each.since)
    event.add("description", f"{_until(last, each.words)}\n{number(each.open)} trên {number(each.total)} việc chưa xong.")
    return event


def _event(uid: str, title: str, on: date, since: Since) -> Event:
    """An all-day event; its stamps are those of the ledger, so that the same state is the same bytes."""
    event = Event()
    event.add("uid", uid)
    event.add("sequence", since.seq)
    event.add("dtstamp", _utc(since.at))
    event.add("last-modified", _utc(since.at))
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", title)
    event.add("transp", "TRANSPARENT")
    event.add_component(_alarm(title))
    return event


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -BEFORE)
    return alarm


def _calendar(name: str, events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    for key, value in (("prodid", "-//dondoc//VI"), ("version", "2.0"), ("method", "PUBLISH"), ("x-wr-calname", name)):
        calendar.add(key, value)
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", LOOK_AGAIN, parameters={"value": "DURATION"})
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _place(paper: Paper, clause: str) -> str:
    return ", ".join(filter(None, (paper.number, clause)))


def _until(last: date, words: str) -> str:
    return f"Hạn {day(last)}{f' ({words})' if words else ''}."


def _utc(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo("UTC"))
