"""When a task is spoken of: rungs on working mornings, what is dropped and what collapses, and when standing tasks are asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directives.language.calendar import overlay
from directives.language.practice import Practice
from directives.language.shapes import ReportPlan, Rung
from tasks.ladder import Saying, Step, ask_rhythm, asks, saying, steps, words_of
from tests.cai_rang import CALENDAR, LADDER, MONDAY_AT_8, MONTH_ON_25, PRACTICE, SAIGON, directive, local, mornings

LONG_AGO = datetime(2017, 1, 1, tzinfo=SAIGON)
DAYS = st.dates(date(2018, 1, 1), date(2032, 12, 31))
RUNGS = st.lists(
    st.builds(
        Rung, words=st.just(""), side=st.sampled_from(["before", "late"]), count=st.integers(1, 30), working=st.booleans(),
        audience=st.sampled_from([("lead",), ("lead", "with"), ("lead", "above"), ("ct",)]),
    ),
    max_size=6,
)


def rung(words: str, *audience: str) -> Rung:
    """A rung from its words: "5 working days late"."""
    count, *middle, side = words.split()
    return Rung(words=words, side=side, count=int(count), working="working" in middle, audience=audience or ("lead",))  # type: ignore[arg-type]


def climb(*rungs: Rung, due: date, begins_at: datetime = LONG_AGO, next_due: date | None = None) -> tuple[Step, ...]:
    return steps(
        rungs, due_at=CALENDAR.day_end(due, SAIGON), begins_at=begins_at,
        next_due_at=CALENDAR.day_end(next_due, SAIGON) if next_due else None, calendar=CALENDAR, practice=PRACTICE,
    )


@pytest.mark.parametrize(("words", "due", "day"), [
    pytest.param("1 day before", date(2020, 5, 24), date(2020, 5, 22), id="a Saturday goes back to Friday"),
    pytest.param("1 day late", date(2020, 5, 22), date(2020, 5, 25), id="a Saturday goes on to Monday"),
    pytest.param("0 days before", date(2020, 5, 24), date(2020, 5, 22), id="the due day itself, a Sunday"),
    pytest.param("5 working days late", date(2020, 5, 24), date(2020, 5, 29), id="working days after a Sunday"),
    pytest.param("10 working days late", date(2020, 5, 24), date(2020, 6, 5), id="two weeks of them"),
    pytest.param("3 working days before", date(2020, 2, 3), date(2020, 1, 22), id="back over Tet"),
    pytest.param("2 days before", date(2020, 1, 31), date(2020, 1, 22), id="a day of Tet goes back before it"),
    pytest.param("2 days late", date(2020, 1, 22), date(2020, 1, 30), id="a day of Tet goes on after it"),
    pytest.param("1 day before", date(2026, 1, 3), date(2025, 12, 31), id="a Friday that was swapped"),
    pytest.param("1 day late", date(2026, 1, 9), date(2026, 1, 10), id="a Saturday that is worked"),
    pytest.param("1 day before", date(2024, 3, 1), date(2024, 2, 29), id="a leap day"),
])
def test_a_rung_before_moves_back_and_a_rung_late_moves_on(words: str, due: date, day: date) -> None:
    assert mornings(climb(rung(words), due=due)) == [day]


def test_rungs_are_numbered_in_order_of_time_however_they_are_written() -> None:
    found = climb(*reversed(LADDER), due=date(2020, 6, 30))
    assert [step.no for step in found] == [1, 2, 3, 4, 5]
    assert mornings(found) == [date(2020, 6, 23), date(2020, 6, 29), date(2020, 7, 1), date(2020, 7, 7), date(2020, 7, 14)]


def test_rungs_before_the_beginning_are_dropped_and_the_rest_counts_from_one() -> None:
    begun = datetime(2020, 6, 29, 7, 31, tzinfo=SAIGON)
    found = climb(*LADDER, due=date(2020, 6, 30), begins_at=begun)
    assert [(step.no, step.words) for step in found][:1] == [(1, "quá hạn 1 ngày")]


def test_a_rung_on_the_very_morning_of_the_beginning_is_kept() -> None:
    begun = datetime(2020, 6, 29, 7, 30, tzinfo=SAIGON)
    assert climb(*LADDER, due=date(2020, 6, 30), begins_at=begun)[0].words == "còn 1 ngày"


def test_a_rung_not_before_the_next_due_day_is_dropped() -> None:
    found = climb(*LADDER, due=date(2020, 6, 5), next_due=date(2020, 6, 12))
    assert mornings(found) == [date(2020, 5, 29), date(2020, 6, 4), date(2020, 6, 8)]


def test_rungs_on_one_morning_are_one_step_with_the_words_of_the_later() -> None:
    found = climb(rung("2 days late", "lead", "with"), rung("5 days late", "ct", "lead"), due=date(2020, 1, 22))
    assert [(step.no, step.audience, step.words) for step in found] == [(1, ("lead", "with", "ct"), "quá hạn 5 ngày")]


@pytest.mark.parametrize(("audience", "climbs"), [
    (("lead",), False), (("lead", "with"), False), (("lead", "above"), True), (("ct",), True), (("head",), True), (("issuer",), True),
])
def test_a_step_climbs_when_somebody_beyond_the_lead_hears(audience: tuple[str, ...], climbs: bool) -> None:
    assert Step(no=1, at=LONG_AGO, audience=audience, words="").climbs is climbs


@pytest.mark.parametrize(("words", "said"), [
    ("1 day before", "còn 1 ngày"), ("3 working days before", "còn 3 ngày làm việc"), ("0 days before", "đến hạn hôm nay"),
    ("1 day late", "quá hạn 1 ngày"), ("5 working days late", "quá hạn 5 ngày làm việc"),
])
def test_a_rung_is_said_in_vietnamese(words: str, said: str) -> None:
    assert words_of(rung(words)) == said


@given(RUNGS, DAYS)
def test_steps_are_working_mornings_in_order_on_their_side_of_the_due_day(rungs: list[Rung], due: date) -> None:
    found = climb(*rungs, due=due)
    days = mornings(found)
    assert all(CALENDAR.is_working(day) for day in days)
    assert [step.no for step in found] == list(range(1, len(found) + 1))
    assert all(early < late for early, late in pairwise(days))
    assert all((day > due) is step.words.startswith("quá hạn") for day, step in zip(days, found, strict=True))


@given(RUNGS, DAYS)
def test_nobody_who_is_named_is_lost(rungs: list[Rung], due: date) -> None:
    assert {who for step in climb(*rungs, due=due) for who in step.audience} == {who for one in rungs for who in one.audience}


@given(RUNGS, DAYS, st.integers(1, 40))
def test_a_ladder_stays_within_its_task(rungs: list[Rung], due: date, gap: int) -> None:
    begins_at, next_due = CALENDAR.day_end(due - timedelta(days=gap), SAIGON), due + timedelta(days=gap)
    found = climb(*rungs, due=due, begins_at=begins_at, next_due=next_due)
    assert all(begins_at <= step.at for step in found)
    assert all(day < next_due for day in mornings(found))


def heard(*said: str) -> tuple[Step, ...]:
    """Steps on successive days: "low" stays with the lead, "high" climbs."""
    return tuple(
        Step(no=no, at=LONG_AGO + timedelta(days=no), audience=("lead",) if word == "low" else ("ct",), words=word)
        for no, word in enumerate(said, start=1)
    )


LOW_HIGH_LOW_HIGH = heard("low", "high", "low", "high")


@pytest.mark.parametrize(("said", "days", "say", "low", "wake"), [
    # Nothing is due yet.
    (0, 0, None, None, 1),
    # On the first step itself.
    (0, 1, 1, 1, 2),
    # Two were missed: the later is said, the earlier stays behind for a lead in his grace.
    (0, 2, 2, 1, 3),
    # All were missed at once.
    (0, 9, 4, 3, None),
    # What was said is not said again.
    (2, 2, None, None, 3),
    # The end of the ladder, all said.
    (4, 9, None, None, None),
    # Only what climbs is left: nothing stays with the lead.
    (3, 9, 4, None, None),
])
def test_missed_steps_collapse_to_the_latest(said: int, days: int, say: int | None, low: int | None, wake: int | None) -> None:
    found = saying(LOW_HIGH_LOW_HIGH, said=said, now=LONG_AGO + timedelta(days=days))
    assert (found.say and found.say.no, found.low and found.low.no) == (say, low)
    assert found.wake_at == (LONG_AGO + timedelta(days=wake) if wake else None)


def test_a_task_without_a_ladder_says_nothing_and_sleeps() -> None:
    assert saying((), said=0, now=LONG_AGO) == Saying(say=None, low=None, wake_at=None)


@given(st.lists(st.sampled_from(["low", "high"]), max_size=8), st.lists(st.integers(0, 10), min_size=1, max_size=8))
def test_however_often_the_sweep_comes_each_step_is_said_at_most_once_and_the_last_always(words: list[str], sweeps: list[int]) -> None:
    ladder, said, heard_of = heard(*words), 0, []
    for day in [*sorted(sweeps), 10]:
        found = saying(ladder, said=said, now=LONG_AGO + timedelta(days=day))
        if found.say:
            heard_of.append(found.say.no)
            said = found.say.no
    assert heard_of == sorted(set(heard_of))
    assert heard_of[-1:] == [step.no for step in ladder][-1:]


ISSUED_AT = datetime(2020, 5, 18, 10, tzinfo=SAIGON)


def test_a_standing_task_is_asked_five_working_days_before_each_report_round() -> None:
    found = list(islice(asks(MONTH_ON_25, begins_at=ISSUED_AT, at_once=False, calendar=CALENDAR, practice=PRACTICE), 3))
    # Five working days before 25/5 would be 18/5 at 07:30, which was before the issue.
    assert mornings(found) == [date(2020, 6, 18), date(2020, 7, 20), date(2020, 8, 18)]
    assert [step.words for step in found] == ["kỳ báo cáo 25/6/2020", "kỳ báo cáo 27/7/2020", "kỳ báo cáo 25/8/2020"]
    assert {step.audience for step in found} == {("lead",)}


def test_what_is_to_be_done_at_once_is_asked_each_working_day_for_one_week_and_then_by_rounds() -> None:
    found = list(islice(asks(MONTH_ON_25, begins_at=ISSUED_AT, at_once=True, calendar=CALENDAR, practice=PRACTICE), 7))
    assert mornings(found) == [*(date(2020, 5, day) for day in (19, 20, 21, 22, 25)), date(2020, 6, 18), date(2020, 7, 20)]
    assert [step.no for step in found] == [1, 2, 3, 4, 5, 6, 7]


def test_asks_that_days_off_bring_together_are_one() -> None:
    daily = MONTH_ON_25.model_copy(update={"unit": "day", "day": None})
    found = list(islice(asks(daily, begins_at=ISSUED_AT, at_once=False, calendar=CALENDAR, practice=PRACTICE), 10))
    assert all(early < late for early, late in pairwise(mornings(found)))


def test_the_office_says_how_long_before_a_round_it_asks() -> None:
    found = next(asks(MONTH_ON_25, begins_at=ISSUED_AT, at_once=False, calendar=CALENDAR, practice=Practice(ask_before=1)))
    assert local(found.at).date() == date(2020, 5, 22)


def test_standing_tasks_are_asked_in_the_slowest_rhythm_of_the_reports_else_in_the_offices() -> None:
    plans = tuple(ReportPlan(every=every, to=("ct",)) for every in (MONDAY_AT_8, MONTH_ON_25))
    assert ask_rhythm(directive(reports=plans), PRACTICE) == MONTH_ON_25
    assert ask_rhythm(directive(reports=plans[:1]), PRACTICE) == MONDAY_AT_8
    assert ask_rhythm(directive(reports=()), PRACTICE) == PRACTICE.rhythm
    assert ask_rhythm(directive(), PRACTICE) == PRACTICE.rhythm


def test_a_changed_calendar_changes_future_rungs() -> None:
    swapped = overlay("off: {25/5/2020: Nghỉ bão}")
    found = steps([rung("1 day late")], due_at=swapped.day_end(date(2020, 5, 24), SAIGON), begins_at=LONG_AGO, next_due_at=None,
                  calendar=swapped, practice=PRACTICE)
    assert mornings(found) == [date(2020, 5, 26)]
