"""Clocks that start late: "3 days after 6.4" is counted from the real end of 6.4, once, however late the round that looks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from directives.language.shapes import Due, Duty, Every
from tasks.cells import Cells
from tasks.forecast import forecast
from tasks.ledger import clocks, roster, standing
from tasks.ledger.desk import desk
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.values import Work
from tests.cai_rang import target
from tests.clockwork import play, post, turn
from tests.rows import ask, everything
from tests.sample import CALENDAR, HANOI, PEOPLE, PRACTICE, at, by, duty, paper
from tests.test_promise import left, planned
from tests.voices import ISSUER, says

ISSUED = at("2020-05-18")
FIRST = duty("6.4", "wards", due=by("2020-05-29"))
EVENT = duty("9", "radio", every=Every(words="khi phát sinh", unit="on event"))


def after(clause: str, *, count: int = 3, working: bool = False) -> Due:
    return Due(words=f"{count} days after {clause}", form="relative", count=count, working=working, after=clause)


def issue(store: Store, *duties: Duty) -> int:
    number = open_directive(store, paper(*duties), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED).directive
    post(store, CALENDAR, ISSUED + timedelta(minutes=10))
    return number


def due(store: Store, clause: str, unit: str) -> str | None:
    """The day on which a task is due, "" where it has none."""
    [row] = ask(store, """
        SELECT k.due_at, k.original_due_at FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.unit
         WHERE u.clause = :clause AND a.code = :unit""", clause=clause, unit=unit)
    assert row.due_at == row.original_due_at
    return datetime.fromtimestamp(row.due_at, HANOI).date().isoformat() if row.due_at else ""


def work(store: Store, agency: str, clause: str) -> Work:
    """A task as its agency's desk shows it."""
    with store.read() as db:
        found = desk(db, roster.row_of(db, agency), CALENDAR)
    return next(each for each in (*found.open, *found.closed) if each.clause == clause)


def test_a_holder_of_the_clause_is_dated_from_its_own_end_and_anybody_else_from_the_last(store: Store) -> None:
    number = issue(store, FIRST, duty("7", "wards", due=after("6.4")), duty("8", "insurance", due=after("6.4", count=2, working=True)))
    assert clocks.start(store, number, CALENDAR, ISSUED) == 0
    for ward, day in (("ward-a", "2020-05-20"), ("ward-b", "2020-05-21"), ("ward-c", "2020-06-02")):
        assert due(store, "8", "insurance") == ""
        says(store, ward, "done", "6.4", at(day))
        clocks.start(store, number, CALENDAR, at(day, "10:00"))
    # Wednesday and three days are a Saturday, Thursday and three a Sunday: both end on Monday.
    assert [due(store, "7", f"ward-{letter}") for letter in "abc"] == ["2020-05-25", "2020-05-25", "2020-06-05"]
    assert due(store, "8", "insurance") == "2020-06-04"
    assert (work(store, "insurance", "8").due_words, work(store, "ward-a", "7").due_words) == (
        "trong 2 ngày làm việc sau khi xong mục 6.4", "trong 3 ngày sau khi xong mục 6.4")


def test_a_round_that_looks_late_or_again_gives_the_same_dates(store: Store) -> None:
    number = issue(store, FIRST, duty("7", "wards", due=after("6.4")))
    says(store, "ward-a", "done", "6.4", at("2020-05-20"))
    says(store, "ward-b", "done", "6.4", at("2020-05-27", "23:59"))
    assert clocks.start(store, number, CALENDAR, at("2020-07-15")) == 2
    written = everything(store)
    assert clocks.start(store, number, CALENDAR, at("2020-07-15")) == 0
    assert everything(store) == written
    assert [due(store, "7", f"ward-{letter}") for letter in "abc"] == ["2020-05-25", "2020-06-01", ""]
    with store.read() as db:
        assert clocks.waiting(db) == [number]


def test_a_clause_that_needs_confirmation_ends_when_it_was_claimed(store: Store) -> None:
    number = issue(store, duty("6.4", "radio", confirm=True), duty("7", "radio", due=after("6.4")))
    says(store, "radio", "done", "6.4", at("2020-05-19"))
    assert clocks.start(store, number, CALENDAR, at("2020-05-20")) == 0
    says(store, "radio", "confirm", "6.4", at("2020-05-26"), by=ISSUER)
    assert clocks.start(store, number, CALENDAR, at("2020-05-26")) == 1
    assert due(store, "7", "radio") == "2020-05-22"


def test_a_date_that_was_given_stays_when_the_clause_is_opened_again(store: Store) -> None:
    number = issue(store, FIRST, duty("7", "ward-a", due=after("6.4")))
    says(store, "ward-a", "done", "6.4", at("2020-05-20"))
    clocks.start(store, number, CALENDAR, at("2020-05-20"))
    says(store, "ward-a", "undo", "6.4", at("2020-05-21"), note="nhầm")
    says(store, "ward-a", "done", "6.4", at("2020-05-28"))
    assert clocks.start(store, number, CALENDAR, at("2020-05-28")) == 0
    assert due(store, "7", "ward-a") == "2020-05-25"


def test_a_clause_with_terms_has_ended_with_its_last_term(store: Store) -> None:
    weekly = duty("6.4", "radio", every=Every(words="week", unit="week"), from_=date(2020, 5, 18), until=date(2020, 5, 31))
    number = issue(store, weekly, duty("7", "union", due=after("6.4")))
    says(store, "radio", "done", "6.4", at("2020-05-19"), term="2020-05-18")
    assert clocks.start(store, number, CALENDAR, at("2020-05-20")) == 0
    turn(store, CALENDAR, PRACTICE, at("2020-05-26"))
    says(store, "radio", "done", "6.4", at("2020-05-27"), term="2020-05-25")
    turn(store, CALENDAR, PRACTICE, at("2020-05-27", "10:00"))
    assert due(store, "7", "union") == "2020-06-01"


def test_the_lead_hears_the_date_in_its_next_digest_and_then_the_ladder_runs(store: Store) -> None:
    issue(store, FIRST, duty("7", "insurance", due=after("6.4", count=10)))
    for ward in ("ward-a", "ward-b", "ward-c"):
        says(store, ward, "done", "6.4", at("2020-05-20"))
    heard = [
        (moment.astimezone(HANOI).date().isoformat(), notice.lane, item.rung_words)
        for moment, notice in play(store, CALENDAR, PRACTICE, at("2020-05-20", "10:00"), at("2020-06-05", "18:00"))
        for item in notice.items if item.work.clause == "7" and notice.recipient.id == "insurance"
    ]
    # Due on Monday 1/6 (Saturday 30/5 moved on): seven days before is 25/5, one day before is Friday the 29th.
    assert heard == [
        ("2020-05-20", "digest", "bắt đầu tính hạn: mục 6.4 đã xong"), ("2020-05-25", "digest", "còn 7 ngày"),
        ("2020-05-29", "digest", "còn 1 ngày"), ("2020-06-02", "digest", "quá hạn 1 ngày"),
    ]


def test_what_is_only_striven_for_is_dated_by_its_clock_and_nobody_hears_of_it(store: Store) -> None:
    issue(store, FIRST, duty("7", "insurance", due=after("6.4", count=10), target=target("89%", soft=True)))
    for ward in ("ward-a", "ward-b", "ward-c"):
        says(store, ward, "done", "6.4", at("2020-05-20"))
    heard = [
        item.work.clause
        for _, notice in play(store, CALENDAR, PRACTICE, at("2020-05-20", "10:00"), at("2020-06-30", "18:00"))
        for item in notice.items
    ]
    assert (due(store, "7", "insurance"), "7" in heard) == ("2020-06-01", False)


def test_missed_rungs_of_a_clock_that_was_started_late_collapse_to_the_latest(store: Store) -> None:
    number = issue(store, FIRST, duty("7", "ward-a", due=after("6.4")))
    says(store, "ward-a", "done", "6.4", at("2020-05-20"))
    clocks.start(store, number, CALENDAR, at("2020-05-26"))
    turn(store, CALENDAR, PRACTICE, at("2020-05-26", "09:30"))
    sent = post(store, CALENDAR, at("2020-05-26", "09:30"))
    [notice] = [each for each in sent if each.recipient.id == "ward-a" and each.lane == "digest"]
    assert [(item.work.clause, item.rung_words) for item in notice.items if item.work.clause == "7"] == [("7", "quá hạn 1 ngày")]


def test_what_waits_is_never_asked_about_and_never_silent(store: Store) -> None:
    number = issue(store, FIRST, duty("7", "radio", due=after("6.4")))
    letters = [notice for _, notice in play(store, CALENDAR, PRACTICE, ISSUED + timedelta(hours=1), at("2020-09-01"))]
    assert not [item for notice in letters for item in notice.items if item.work.clause == "7"]
    with store.read() as db:
        stood = standing.standing(db, number, CALENDAR, at("2020-09-01"))
    cells = next(agency.cells for agency in stood.agencies if agency.party.id == "radio")
    assert cells == Cells(undated=1)
    assert work(store, "radio", "7").due_words == "chờ xong mục 6.4"


def test_an_extension_of_a_started_clock_follows_the_new_date_alone(store: Store) -> None:
    number = issue(store, FIRST, duty("7", "ward-a", due=after("6.4")))
    says(store, "ward-a", "done", "6.4", at("2020-05-20"))
    clocks.start(store, number, CALENDAR, at("2020-05-20"))
    says(store, "ward-a", "extend", "7", at("2020-05-21"), until=date(2020, 6, 12), note="mưa")
    says(store, "ward-a", "grant", "7", at("2020-05-22"), by=ISSUER, until=date(2020, 6, 12))
    heard = [
        (moment.astimezone(HANOI).date().isoformat(), item.rung_words)
        for moment, notice in play(store, CALENDAR, PRACTICE, at("2020-05-22"), at("2020-06-12"))
        for item in notice.items if item.work.clause == "7"
    ]
    assert heard == [("2020-06-05", "còn 7 ngày"), ("2020-06-11", "còn 1 ngày")]
    assert work(store, "ward-a", "7").due_words == "gia hạn"


def test_a_past_day_shows_the_task_still_waiting(store: Store) -> None:
    number = issue(store, FIRST, duty("7", "ward-a", due=after("6.4")))
    with store.read() as db:
        before = standing.standing(db, number, CALENDAR, at("2020-05-19"))
    says(store, "ward-a", "done", "6.4", at("2020-05-20"))
    clocks.start(store, number, CALENDAR, at("2020-05-20"))
    with store.read() as db:
        again = standing.standing(db, number, CALENDAR, at("2020-05-19"))
        now = standing.standing(db, number, CALENDAR, at("2020-05-21"))
    assert again == before
    assert (before.cells.undated, now.cells.undated, now.cells.in_time) == (1, 0, 3)


def test_the_event_says_what_ended_and_when(store: Store) -> None:
    number = issue(store, FIRST, duty("7", "ward-a", due=after("6.4")))
    says(store, "ward-a", "done", "6.4", at("2020-05-20"))
    clocks.start(store, number, CALENDAR, at("2020-05-20"))
    [row] = ask(store, "SELECT payload FROM events WHERE kind = 'clock'")
    assert row.payload == '{"note":"mục 6.4 xong ngày 20/5/2020","until":"2020-05-25"}'


def test_an_event_stands_open_is_never_asked_about_and_stays_open_when_it_is_reported(store: Store) -> None:
    number = issue(store, EVENT)
    for day in ("2020-05-20", "2020-06-20"):
        receipt = says(store, "radio", "done", "9", at(day), document="12/BC")
        assert receipt.work
        assert (receipt.refusal, receipt.work.state, receipt.work.closed_at) == ("", "progress", None)
    letters = [notice.lane for _, notice in play(store, CALENDAR, PRACTICE, at("2020-06-21"), at("2020-12-31"))]
    assert set(letters) <= {"receipt", "report"}
    with store.read() as db:
        assert standing.standing(db, number, CALENDAR, at("2020-12-31")).cells == Cells(undated=1)
    assert work(store, "radio", "9").due_words == "khi phát sinh"


@pytest.mark.parametrize("held", ["radio", "wards"])
def test_events_and_waiting_clauses_are_carried_out_as_planned(store: Store, held: str) -> None:
    staged = duty("8", held, every=EVENT.every, target="coverage")
    directive = paper(FIRST, EVENT, duty("7", held, due=after("6.4")), staged, directory=PEOPLE)
    until = at("2020-10-20").date()
    assert left(store, directive, CALENDAR, PRACTICE, until=until) == planned(directive, CALENDAR, PRACTICE, until=until)


def test_the_plan_tells_of_an_event_in_the_first_letter_and_never_again() -> None:
    directive = paper(EVENT, directory=PEOPLE)
    letters = forecast(directive, PEOPLE, CALENDAR, PRACTICE, issued_at=ISSUED, until=date(2020, 12, 31)).letters
    assert [letter.lane for letter in letters if letter.to == "radio"] == ["new"]


def test_where_nobody_waits_no_directive_is_looked_at(sqlite_store: Store) -> None:
    issue(sqlite_store, FIRST, EVENT)
    with sqlite_store.read() as db:
        assert clocks.waiting(db) == []
