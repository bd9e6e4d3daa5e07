"""Whose each late day is: every day has one owner, the parts sum to the whole, the ranking is computed from them and ties are stable."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directives.language.shapes import Due
from tasks.cells import Cells
from tasks.lateness import Charged, Days, Delay, between, ranked, shared
from tasks.ledger import dating, lateness, standing
from tasks.ledger.holds import holds
from tasks.ledger.store import Store
from tasks.values import Party
from tests.clockwork import post, turn
from tests.rows import ask, tell
from tests.sample import CALENDAR, LEAFLETS, PRACTICE, at, by, duty
from tests.test_standing import CONFIRMED, ISSUED, PLAIN, Played, count, hashed, issue, played
from tests.voices import ISSUER, says

__all__ = ["played"]  # the fixture

FRIDAY = date(2020, 5, 29)


@pytest.mark.parametrize(("delay", "days"), [
    pytest.param(
        Delay(due=FRIDAY, end=date(2020, 6, 3), ready=date(2020, 5, 18), told=date(2020, 5, 18)), Days(agency=3, calendar=2),
        id="a weekend is nobody's, the rest the agency's",
    ),
    pytest.param(
        Delay(due=FRIDAY, end=date(2020, 6, 3), ready=date(2020, 5, 18), told=None), Days(unsent=3, calendar=2), id="never told"),
    pytest.param(
        Delay(due=FRIDAY, end=date(2020, 6, 3), ready=date(2020, 5, 18), told=None, bounced=True), Days(bounced=3, calendar=2),
        id="the letter came back",
    ),
    pytest.param(
        Delay(due=FRIDAY, end=date(2020, 6, 3), ready=date(2020, 5, 18), told=date(2020, 5, 20)), Days(agency=1, unsent=2, calendar=2),
        id="as many days as the letter was late",
    ),
    pytest.param(
        Delay(due=FRIDAY, end=date(2020, 6, 3), ready=date(2020, 5, 28), told=date(2020, 6, 1)), Days(agency=1, unsent=2, calendar=2),
        id="told after the date, and a day late before it",
    ),
    pytest.param(
        Delay(due=FRIDAY, end=date(2020, 6, 3), ready=date(2020, 5, 18), told=date(2020, 5, 18), held=2),
        Days(agency=1, undecided=2, calendar=2), id="a decision was owed",
    ),
    pytest.param(
        Delay(due=FRIDAY, end=FRIDAY, ready=date(2020, 5, 18), told=date(2020, 5, 18), waited=4), Days(upstream=4), id="the clause before"),
    pytest.param(Delay(due=FRIDAY, end=FRIDAY, ready=FRIDAY, told=FRIDAY), Days(), id="late by hours is no day"),
])
def test_each_late_day_has_one_owner(delay: Delay, days: Days) -> None:
    assert shared(delay, CALENDAR) == days


_DAYS = st.dates(date(2020, 1, 15), date(2020, 7, 15))


@given(
    due=_DAYS, late=st.integers(0, 90), ready=_DAYS, told=st.none() | _DAYS, bounced=st.booleans(),
    held=st.integers(0, 100), waited=st.integers(0, 30),
)
def test_the_parts_sum_to_the_whole_and_none_is_negative(
    *, due: date, late: int, ready: date, told: date | None, bounced: bool, held: int, waited: int
) -> None:
    days = shared(Delay(
        due=due, end=due + timedelta(late), ready=ready, told=told, bounced=bounced, held=held, waited=waited), CALENDAR)
    assert days.whole == late + waited
    assert min(days.agency, days.unsent, days.bounced, days.undecided, days.upstream, days.calendar) >= 0
    assert days.calendar == late - between(due, due + timedelta(late), CALENDAR)


def owed(store: Store, number: int, when: str) -> dict[tuple[str, str], Days]:
    with store.read() as db:
        return {(row.agency.id, row.clause): row.days for row in lateness.late(db, number, CALENDAR, at(when, "18:00"))}


def test_the_late_days_of_a_day_are_those_of_its_tasks_whenever_it_is_asked(played: Played) -> None:
    for taken in played.taken:
        with played.store.read() as db:
            rows = lateness.late(db, played.number, CALENDAR, taken.at)
        cells = sum((agency.cells for agency in taken.standing.agencies), Cells())
        assert sum(row.tasks for row in rows) == cells.late + cells.overdue
        whole = ask(played.store, _WHOLE, seq=taken.standing.seq, at=int(taken.at.timestamp()), off=7 * 3600)[0].days
        assert sum(row.days.whole for row in rows) == int(whole or 0)


#: Late days one task at a time, by the clock of Hanoi.
_WHOLE = """
SELECT sum((coalesce(closed_at, :at) + :off) / 86400 - (due_at + :off) / 86400) AS days
  FROM (SELECT due_at, closed_at FROM tasks WHERE state <> 'void' AND since_seq <= :seq
        UNION ALL
        SELECT due_at, closed_at FROM task_history WHERE state <> 'void' AND from_seq <= :seq AND to_seq >= :seq) k
 WHERE due_at < coalesce(closed_at, :at)"""


def test_who_was_never_written_to_has_no_late_day_of_its_own(store: Store) -> None:
    number = issue(store, PLAIN)
    assert owed(store, number, "2020-06-03") == {("radio", "3"): Days(unsent=3, calendar=2)}
    tell(store, "UPDATE agencies SET mail_state = 'bad' WHERE code = 'radio'")
    assert owed(store, number, "2020-06-03") == {("radio", "3"): Days(bounced=3, calendar=2)}


def test_days_on_which_the_issuer_owed_a_decision_are_the_issuers(store: Store) -> None:
    number = issue(store, PLAIN, CONFIRMED)
    post(store, CALENDAR, at("2020-05-18", "10:00"))
    says(store, "radio", "extend", "3", at("2020-05-28"), note="mưa bão", until=date(2020, 6, 30))
    says(store, "union", "done", "4", at("2020-06-01"))
    assert owed(store, number, "2020-06-03") == {
        ("radio", "3"): Days(undecided=3, calendar=2), ("union", "4"): Days(agency=1, undecided=2, calendar=2),
    }
    says(store, "radio", "refuse", "3", at("2020-06-02"), by=ISSUER, note="không")
    says(store, "union", "reject", "4", at("2020-06-03"), by=ISSUER, note="thiếu")
    assert owed(store, number, "2020-06-05") == {
        ("radio", "3"): Days(agency=3, undecided=2, calendar=2), ("union", "4"): Days(agency=3, undecided=2, calendar=2),
    }
    assert owed(store, number, "2020-06-01")["radio", "3"] == Days(undecided=1, calendar=2)


def test_who_waited_for_a_late_clause_charges_those_days_to_it(store: Store) -> None:
    after = duty("8", "union", due=Due(words="3 days after 6.4", form="relative", count=3, after="6.4"))
    number = issue(store, LEAFLETS, after)
    post(store, CALENDAR, at("2020-05-18", "10:00"))
    says(store, "insurance", "done", "6.4", at("2020-05-28"), document="12/BC")
    turn(store, CALENDAR, PRACTICE, at("2020-05-28", "10:00"))
    found = owed(store, number, "2020-05-28")
    assert found["insurance", "6.4"].whole == 4
    assert found["union", "8"] == Days(upstream=4)
    assert owed(store, number, "2020-06-02")["union", "8"].upstream == 4


def test_what_is_asked_paused_or_cannot_be_reached_stands_beside_the_rate(store: Store) -> None:
    number = issue(store, PLAIN, CONFIRMED, LEAFLETS, duty("5", "radio", force="ask", due=by("2020-05-29")))
    tell(store, "UPDATE agencies SET mail_state = 'none' WHERE code = 'insurance'")
    paused = ask(store, "SELECT k.id FROM tasks k JOIN agencies a ON a.id = k.agency WHERE a.code = 'union'")[0].id
    with store.write() as db:
        db.execute(holds.insert().values(task=paused, from_seq=1, kind="paused", at=ISSUED, until=at("2021-01-01")))
    found = count(store, number, at("2020-06-10"))
    rate = found.rate
    assert (rate.on_time, rate.judged, rate.exempt, rate.unreachable) == (0, 1, 2, 1)
    assert rate.judged + rate.exempt + rate.unreachable == found.cells.on_time + found.cells.late + found.cells.overdue


def test_fewer_own_days_a_task_rank_higher_and_equal_scores_share_a_place() -> None:
    people = [Party(id=id_, name=name, short=name) for id_, name in (("b", "Xã B"), ("a", "Xã A"), ("c", "Xã C"), ("d", "Xã D"))]
    late = [
        Charged(agency=people[0], clause="1", asked=False, tasks=1, days=Days(agency=2, calendar=9)),
        Charged(agency=people[1], clause="1", asked=False, tasks=1, days=Days(agency=4)),
        Charged(agency=people[2], clause="1", asked=True, tasks=1, days=Days(agency=7)),
    ]
    judged = [(people[0], 1), (people[1], 2), (people[2], 3), (people[3], 0)]
    found = ranked(late, judged)
    assert [(row.place, row.agency.id, row.days) for row in found] == [(1, "c", 0), (2, "a", 4), (2, "b", 2)]
    assert ranked(reversed(late), reversed(judged)) == found


def test_a_rename_leaves_the_late_days_of_a_past_day_their_names(sqlite_store: Store) -> None:
    number = issue(sqlite_store, PLAIN)
    with sqlite_store.write() as db:
        radio = ask(sqlite_store, "SELECT id FROM agencies WHERE code = 'radio'")[0].id
        dating.keep(db, [radio], int(at("2020-06-10").timestamp()))
    tell(sqlite_store, "UPDATE agencies SET name = 'Đài mới' WHERE code = 'radio'")
    with sqlite_store.read() as db:
        names = [lateness.late(db, number, CALENDAR, at(day))[0].agency.name for day in ("2020-06-03", "2020-06-11")]
        again = standing.standing(db, number, CALENDAR, at("2020-06-03"))
    assert names == ["Cơ quan radio", "Đài mới"]
    assert hashed(again) == hashed(count(sqlite_store, number, at("2020-06-03")))
