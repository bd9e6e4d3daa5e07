"""The plan is a promise: with nobody answering, the letters that leave are the letters that were planned, to the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from directives.language.calendar import Calendar, overlay
from directives.language.periods import add_months
from directives.language.practice import Practice
from directives.language.shapes import Directive, Due, Every, Group, ReportPlan
from notifications.letters import Composer
from notifications.links import Keys
from reports import page
from tasks.forecast import forecast
from tasks.ledger import opening
from tasks.ledger.store import Store
from tasks.letters import Notice
from tasks.sums import sums
from tests.clockwork import play, turn
from tests.conftest import on_postgres
from tests.generated import sample
from tests.rows import ask
from tests.sample import (
    CALENDAR,
    CAR,
    COVER,
    EVERY,
    LEAFLETS,
    PEOPLE,
    PRACTICE,
    STANDING,
    at,
    before,
    by,
    duty,
    paper,
)
from tests.seeds import directive

ROOT = Path(__file__).parents[1]
SEEDS = sorted(path.stem for path in (ROOT / "directives").glob("*.yaml"))
OFFICIAL = overlay((ROOT / "config" / "calendar.yaml").read_text(encoding="utf-8"))

COMPOSER = Composer(
    base_url="https://dondoc.example", keys=Keys({"k1": bytes(32)}), office="UBND", sender="dondoc@office.example", report=page.letter
)

#: (day, lane, to, lines) of a letter; a line is (clause, term, rung), of an assignment letter the clause alone.
Said = tuple[str, str, str, tuple[tuple[str, ...], ...]]


def planned(directive: Directive, calendar: Calendar, practice: Practice, *, until: date, issued_at: datetime | None = None) -> list[Said]:
    """Every letter that the plan foresees; the issue is in the morning of the paper's day unless said otherwise."""
    printed = {duty.clause: duty.clause if duty.printed else "" for duty in directive.duties}
    start = issued_at or at(str(directive.date))
    letters = forecast(directive, directive.directory, calendar, practice, issued_at=start, until=until).to_json()["letters"]
    return sorted(
        (letter["on"], letter["lane"], letter["to"], _lines(letter["lane"], [(printed[i["clause"]], i["term"], i["rung"]) for i in items]))
        for letter in letters
        for items in [letter["items"]]
    )


def left(
    store: Store, directive: Directive, calendar: Calendar, practice: Practice, *, until: date, issued_at: datetime | None = None
) -> list[Said]:
    """Every letter that the ledger sends on a virtual clock."""
    start = issued_at or at(str(directive.date))
    opening.open_directive(store, directive, directive.directory, practice=practice, calendar=calendar, now=start)
    sent = play(store, calendar, practice, start, at(until.isoformat(), "23:59"))
    return sorted(_said(moment.astimezone(practice.tz).date().isoformat(), _written(notice)) for moment, notice in sent)


def _written(notice: Notice) -> Notice:
    """The notice, once its letter has been composed: a letter that cannot be written is no promise kept."""
    assert COMPOSER.compose(notice).startswith(b"From: ")
    return notice


def _said(day: str, notice: Notice) -> Said:
    lines = [(item.work.clause, item.work.term, item.rung_words) for item in notice.items]
    lines += [(clause, "", "") for clause, *_ in (*notice.future, *notice.part)]
    return day, notice.lane, notice.recipient.id, _lines(notice.lane, lines)


def _lines(lane: str, lines: Iterable[tuple[str, str, str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted({(line[0],) if lane == "new" else line for line in lines}))


def test_the_small_paper_is_carried_out_as_planned(store: Store) -> None:
    directive = paper(*EVERY, directory=PEOPLE)
    until = at("2020-10-20").date()
    assert left(store, directive, CALENDAR, PRACTICE, until=until) == planned(directive, CALENDAR, PRACTICE, until=until)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_real_directive_is_carried_out_as_planned(sqlite_store: Store, seed: str) -> None:
    written = directive(seed)
    day = written.date or date(2026, 1, 15)
    issued = written.model_copy(update={"number": written.number or "1/UBND", "date": day})
    until = add_months(day, 9)
    assert left(sqlite_store, issued, OFFICIAL, PRACTICE, until=until) == planned(issued, OFFICIAL, PRACTICE, until=until)


#: When a paper is issued: by day and by night, on its own day, weeks later, days before it is dated.
HOURS = ("09:00", "23:00", "06:00", "07:30", "08:00", "16:55", "00:00")
LATER = (0, 0, 3, 40, 1, -3, 200)

SHORT, ALL = 40, 200


def kept(store: Store, number: int, months: int) -> None:
    """The generated directive of a number is carried out as planned, so many months long."""
    drawn = sample(number + 1)[number]
    day = (drawn.date or date.max) + timedelta(days=LATER[number % len(LATER)])
    issued_at, until = at(str(day), HOURS[number // len(LATER) % len(HOURS)]), add_months(day, months)
    practice = PRACTICE.model_copy(update={"gap": 15 * (number % 2)})
    sent = left(store, drawn, OFFICIAL, practice, until=until, issued_at=issued_at)
    assert sent == planned(drawn, OFFICIAL, practice, until=until, issued_at=issued_at)


@pytest.mark.parametrize("number", range(SHORT))
def test_what_chance_orders_is_carried_out_as_planned(sqlite_store: Store, number: int) -> None:
    kept(sqlite_store, number, months=5)


@pytest.mark.long
@pytest.mark.parametrize("number", range(ALL))
def test_two_hundred_orders_of_chance_are_carried_out_as_planned(sqlite_store: Store, number: int) -> None:
    kept(sqlite_store, number, months=14)


@pytest.mark.long
@pytest.mark.parametrize("number", range(0, ALL, 8))
def test_on_postgresql_chance_is_carried_out_as_planned(request: pytest.FixtureRequest, number: int) -> None:
    store = on_postgres(request)
    kept(store, number, months=14)
    store.close()


#: Leaders whose order in the directory is not that of their names.
HOUSE = PEOPLE.model_copy(update={"groups": {**PEOPLE.groups, "leaders": Group(id="leaders", list_=("chair", "deputy", "office"))}})
AT_ONCE = Due(words="at once", form="at once")
TET = {"date": date(2021, 1, 20), "until": date(2021, 3, 31)}
FRIDAYS = Every(words="friday at 8:00", unit="week", weekday=4, hour=time(8))
LAST_DAYS = Every(words="month on last day", unit="month", day=-1)
TWO_WEEKS = Every(words="2 weeks", unit="week", step=2)


@pytest.mark.parametrize(("issued", "issued_at"), [
    pytest.param(paper(COVER), at("2020-05-18"), id="milestones"),
    pytest.param(paper(COVER), at("2020-07-01"), id="a milestone that has passed at the issue"),
    pytest.param(paper(STANDING), at("2020-05-18"), id="a standing duty"),
    pytest.param(paper(duty("1", "radio", due=AT_ONCE)), at("2020-05-18"), id="a duty at once"),
    pytest.param(
        paper(STANDING, reports=tuple(ReportPlan(every=every, to=("chair", "wards")) for every in (FRIDAYS, LAST_DAYS, TWO_WEEKS))),
        at("2020-05-22", "08:00"), id="report rounds, one at the very issue",
    ),
    pytest.param(
        paper(duty("1", "radio", due=by("2020-06-12").model_copy(update={"hour": time(16)}), with_=("wards",)),
              duty("2", "insurance", due=before("2020-06-15").model_copy(update={"hour": time(9)}))),
        at("2020-05-18"), id="due at an hour",
    ),
    pytest.param(
        paper(CAR, duty("8", "wards", every=TWO_WEEKS), until=date(2020, 7, 3)), at("2020-05-18"), id="rhythms cut by an end",
    ),
    pytest.param(
        paper(duty("1", "wards", every=LAST_DAYS, from_=date(2020, 6, 3), until=date(2020, 6, 20)), STANDING), at("2020-05-18"),
        id="a rhythm that ends before it is ever due",
    ),
    pytest.param(
        paper(duty("1", "radio", due=by("2021-02-09")), duty("2", "wards", every=FRIDAYS), STANDING, **TET), at("2021-01-20"), id="Tết",
    ),
    pytest.param(paper(LEAFLETS), at("2020-05-23", "10:00"), id="issued on a Saturday, the day before the date"),
    pytest.param(paper(LEAFLETS, STANDING), at("2020-05-21", "22:15"), id="issued at night"),
    pytest.param(
        paper(duty("1", "leaders", due=by("2020-06-30"), cascade=(("union",),))), at("2020-05-18"), id="passed down by the first of many",
    ),
    pytest.param(paper(*EVERY), at("2020-05-11"), id="issued a week before its date"),
    pytest.param(paper(*EVERY), at("2020-08-03"), id="issued months after its date"),
    pytest.param(paper(*EVERY).model_copy(update={"escalation": None, "reports": None}), at("2020-05-18"), id="the office's own habits"),
])
def test_tasks_and_letters_come_as_planned(sqlite_store: Store, issued: Directive, issued_at: datetime) -> None:
    until = (issued_at + timedelta(days=150)).date()
    made = forecast(issued, HOUSE, OFFICIAL, PRACTICE, issued_at=issued_at, until=until)
    opened = opening.open_directive(sqlite_store, issued, HOUSE, practice=PRACTICE, calendar=OFFICIAL, now=issued_at)
    total = sums(made, issued_at)
    assert (opened.tasks, opened.letters) == (total.tasks, total.letters)
    whole = issued.model_copy(update={"directory": HOUSE})
    sent = left(sqlite_store, whole, OFFICIAL, PRACTICE, until=until, issued_at=issued_at)
    assert sent == planned(whole, OFFICIAL, PRACTICE, until=until, issued_at=issued_at)
    turn(sqlite_store, OFFICIAL, PRACTICE, at(until.isoformat(), "23:59"))
    assert ask(sqlite_store, "SELECT count(*) FROM tasks") == [(total.tasks + total.later,)]


def test_the_promise_is_about_something() -> None:
    letters = planned(paper(*EVERY, directory=PEOPLE), CALENDAR, PRACTICE, until=at("2020-10-20").date())
    assert {lane for _, lane, *_ in letters} == {"new", "digest", "escalation", "report"}
    assert len(letters) > 50
