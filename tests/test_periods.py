"""From the words of time to days: due dates, rhythms and their periods."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directives.language.periods import Period, cutoff_day, due_day, periods, rhythm_words, rounds, slowest, span_words
from directives.language.practice import Practice
from directives.language.shapes import Due, Every
from tests.cai_rang import AT_ONCE, CALENDAR, ISSUED, MONDAY_AT_8, MONTH_ON_25, PRACTICE, WEEK, before, days, local, on

DAYS = st.dates(date(2018, 1, 1), date(2032, 12, 31))
UNITS = st.sampled_from(["day", "week", "month", "quarter", "half year", "year"])
SPANS = st.builds(Every, words=st.just(""), unit=UNITS, step=st.integers(1, 4))
NAMED = st.one_of(
    st.builds(Every, words=st.just(""), unit=st.just("week"), weekday=st.integers(0, 6), step=st.integers(1, 3)),
    st.builds(Every, words=st.just(""), unit=st.just("month"), day=st.integers(1, 31) | st.just(-1), step=st.integers(1, 3)),
    st.builds(Every, words=st.just(""), unit=st.just("month"), weekday=st.integers(0, 6), last_weekday=st.just(True)),
    st.builds(Every, words=st.just(""), unit=st.just("quarter"), day=st.integers(1, 31), of_last_month=st.booleans()),
    st.just(Every(words="", unit="year", fixed=((15, 6), (1, 12)))),
    st.just(Every(words="", unit="rrule", rrule="FREQ=MONTHLY;BYDAY=2TU")),
)


def every(unit: str, **words: object) -> Every:
    return Every(words=unit, unit=unit, **words)  # type: ignore[arg-type]


def lasts(rhythm: Every, since: date, count: int, until: date | None = None) -> list[str]:
    return [f"{period.last:%d/%m/%y}" for period in islice(periods(rhythm, since, until), count)]


@pytest.mark.parametrize(("due", "day"), [
    pytest.param(on(date(2020, 9, 30)), date(2020, 9, 30), id="by a day, which counts"),
    pytest.param(before(date(2020, 5, 25)), date(2020, 5, 24), id="before a day, which does not count"),
    pytest.param(before(date(2018, 4, 23), time(9)), date(2018, 4, 23), id="before an hour of a day"),
    pytest.param(Due(words="tháng 9/2020", form="within", day=date(2020, 9, 30)), date(2020, 9, 30), id="within a month"),
    pytest.param(days(10, working=True), date(2020, 6, 1), id="working days from the issue"),
    pytest.param(days(3), date(2020, 5, 21), id="days from the issue"),
    pytest.param(days(5), date(2020, 5, 25), id="days from the issue that end on a Saturday"),
    pytest.param(days(3, after="6.4"), None, id="after a clause that is not done yet"),
    pytest.param(AT_ONCE, None, id="at once"),
])
def test_a_due_date_is_the_last_day_that_counts(due: Due, day: date | None) -> None:
    assert due_day(due, ISSUED, CALENDAR, PRACTICE) == day


def test_an_office_may_let_the_day_named_after_before_count() -> None:
    assert due_day(before(date(2020, 5, 25)), ISSUED, CALENDAR, Practice(before_means=0)) == date(2020, 5, 25)


@given(DAYS, st.integers(1, 40), st.booleans())
def test_a_relative_term_never_ends_on_a_day_off_nor_on_its_first_day(start: date, count: int, working: bool) -> None:
    end = due_day(days(count, working=working), start, CALENDAR, PRACTICE)
    assert end is not None
    assert CALENDAR.is_working(end)
    assert end >= start + timedelta(days=count)


@pytest.mark.parametrize(("rhythm", "since", "ends"), [
    pytest.param(WEEK, date(2020, 5, 30), ["05/06/20", "12/06/20", "19/06/20"], id="weeks from a Saturday"),
    pytest.param(every("week", step=2), date(2020, 5, 30), ["12/06/20", "26/06/20", "10/07/20"], id="fortnights"),
    pytest.param(every("month"), date(2020, 1, 31), ["28/02/20", "30/03/20", "29/04/20"], id="months from the 31st do not drift"),
    pytest.param(every("quarter"), date(2020, 5, 18), ["17/08/20", "17/11/20", "17/02/21"], id="quarters from the issue"),
    pytest.param(every("half year"), date(2020, 5, 18), ["17/11/20", "17/05/21", "17/11/21"], id="half years"),
    pytest.param(every("year"), date(2020, 2, 29), ["27/02/21", "27/02/22", "27/02/23"], id="years from a leap day"),
    pytest.param(every("day"), date(2020, 2, 28), ["28/02/20", "29/02/20", "01/03/20"], id="days over a leap day"),
])
def test_spans_without_a_named_day_are_counted_from_the_start(rhythm: Every, since: date, ends: list[str]) -> None:
    assert lasts(rhythm, since, 3) == ends


@pytest.mark.parametrize(("rhythm", "since", "ends"), [
    pytest.param(every("week", weekday=4), ISSUED, ["22/05/20", "29/05/20", "05/06/20"], id="on Friday"),
    pytest.param(every("week", weekday=0), ISSUED, ["18/05/20", "25/05/20", "01/06/20"], id="on the weekday of the start"),
    pytest.param(every("week", step=2, weekday=4), ISSUED, ["22/05/20", "05/06/20", "19/06/20"], id="every other Friday"),
    pytest.param(MONTH_ON_25, date(2020, 5, 26), ["25/06/20", "25/07/20", "25/08/20"], id="the 25th, just missed"),
    pytest.param(every("month", day=31), date(2020, 1, 1), ["31/01/20", "31/03/20", "31/05/20"], id="the 31st skips short months"),
    pytest.param(every("month", day=-1), date(2020, 1, 1), ["31/01/20", "29/02/20", "31/03/20"], id="the last day skips none"),
    pytest.param(every("month", weekday=4, last_weekday=True), ISSUED, ["29/05/20", "26/06/20", "31/07/20"], id="the last Friday"),
    pytest.param(every("month", day=10, step=2), ISSUED, ["10/06/20", "10/08/20", "10/10/20"], id="every other month"),
    pytest.param(every("quarter", day=20, of_last_month=True), ISSUED, ["20/06/20", "20/09/20", "20/12/20"], id="last month"),
    pytest.param(every("quarter", day=-1), ISSUED, ["30/06/20", "30/09/20", "31/12/20"], id="a quarter's last day"),
    pytest.param(every("quarter", day=5), ISSUED, ["05/07/20", "05/10/20", "05/01/21"], id="first month"),
    pytest.param(every("half year", day=15, of_last_month=True), ISSUED, ["15/06/20", "15/12/20", "15/06/21"], id="half years"),
    pytest.param(every("year", fixed=((1, 12), (15, 6))), date(2020, 7, 1), ["01/12/20", "15/06/21", "01/12/21"], id="two days a year"),
    pytest.param(every("year", fixed=((29, 2),)), date(2020, 1, 1), ["29/02/20", "29/02/24", "29/02/28"], id="leap days"),
    pytest.param(every("month", day=25, months=(2, 3, 9)), date(2020, 3, 1), ["25/03/20", "25/09/20", "25/02/21"], id="some months"),
    pytest.param(every("month", day=25, before=True), ISSUED, ["24/05/20", "24/06/20", "24/07/20"], id="before the 25th"),
    pytest.param(every("month", day=1, before=True), ISSUED, ["31/05/20", "30/06/20", "31/07/20"], id="before the first"),
    pytest.param(every("month", day=25, before=True, hour=time(9)), ISSUED, ["25/05/20", "25/06/20", "25/07/20"], id="before an hour"),
    pytest.param(every("week", weekday=4, before=True), date(2020, 5, 22), ["28/05/20", "04/06/20", "11/06/20"], id="before Fridays"),
    pytest.param(every("year", fixed=((15, 6), (1, 12)), before=True), ISSUED, ["14/06/20", "30/11/20", "14/06/21"], id="before two days"),
    pytest.param(every("rrule", rrule="FREQ=MONTHLY;BYDAY=2TU"), ISSUED, ["09/06/20", "14/07/20", "11/08/20"], id="by a rule"),
])
def test_a_named_day_ends_each_period(rhythm: Every, since: date, ends: list[str]) -> None:
    assert lasts(rhythm, since, 3) == ends


def test_the_day_after_before_counts_where_the_office_says_so() -> None:
    found = islice(periods(every("month", day=25, before=True), ISSUED, before_means=0), 2)
    assert [period.last for period in found] == [date(2020, 5, 25), date(2020, 6, 25)]


@pytest.mark.parametrize(("cutoff", "last", "day"), [
    pytest.param(20, date(2020, 6, 25), date(2020, 6, 20), id="in the month of the due day"),
    pytest.param(25, date(2020, 6, 25), date(2020, 6, 25), id="the due day itself"),
    pytest.param(25, date(2020, 6, 5), date(2020, 5, 25), id="in the month before"),
    pytest.param(31, date(2020, 3, 5), date(2020, 2, 29), id="in a month that is too short"),
    pytest.param(25, date(2021, 1, 5), date(2020, 12, 25), id="in the year before"),
])
def test_figures_are_cut_off_on_the_last_such_day_up_to_the_due_day(cutoff: int, last: date, day: date) -> None:
    assert cutoff_day(cutoff, last) == day


def test_every_week_from_30_may_to_30_september_is_18_and_the_last_is_cut() -> None:
    found = list(periods(WEEK, date(2020, 5, 30), date(2020, 9, 30)))
    assert len(found) == 18
    assert found[0] == Period(date(2020, 5, 30), date(2020, 6, 5))
    assert found[-1] == Period(date(2020, 9, 26), date(2020, 9, 30))


def test_a_named_day_after_the_end_is_no_occurrence() -> None:
    assert lasts(MONTH_ON_25, date(2020, 5, 18), 9, until=date(2020, 7, 24)) == ["25/05/20", "25/06/20"]


def test_a_month_left_out_still_ends_its_period() -> None:
    found = list(islice(periods(every("month", day=25, months=(2,)), date(2020, 3, 1)), 1))
    assert found == [Period(date(2021, 1, 26), date(2021, 2, 25))]


@pytest.mark.parametrize("unit", ["on request", "on event"])
def test_what_is_not_foreseen_has_no_periods(unit: str) -> None:
    assert not list(periods(every(unit), ISSUED))


def test_a_day_that_no_month_has_gives_no_period_and_ends() -> None:
    assert not list(periods(every("month", day=31, months=(2,)), ISSUED))


@pytest.mark.parametrize("rhythm", [MONDAY_AT_8, every("week", hour=time(8))])
def test_an_hour_goes_with_its_period(rhythm: Every) -> None:
    assert next(periods(rhythm, ISSUED)).hour == time(8)


@given(SPANS | NAMED, DAYS)
def test_periods_follow_each_other_without_gap_or_overlap(rhythm: Every, since: date) -> None:
    found = list(islice(periods(rhythm, since), 12))
    assert found[0].first == since
    assert all(period.first <= period.last for period in found)
    assert all(late.first - early.last == timedelta(days=1) for early, late in pairwise(found))


@given(SPANS | NAMED, DAYS, st.integers(0, 500))
def test_nothing_lies_beyond_the_end_and_nothing_before_it_is_lost(rhythm: Every, since: date, length: int) -> None:
    until = since + timedelta(days=length)
    cut = list(periods(rhythm, since, until))
    whole = list(islice(periods(rhythm, since), len(cut) + 1))
    assert all(period.last <= until for period in cut)
    assert [period.first for period in cut] == [period.first for period in whole[: len(cut)]]
    assert whole[-1].last > until or whole[-1].first > until


@given(NAMED, DAYS)
def test_periods_of_named_days_are_due_on_those_days(rhythm: Every, since: date) -> None:
    for period in islice(periods(rhythm, since), 6):
        if rhythm.weekday is not None:
            assert period.last.weekday() == rhythm.weekday
        if rhythm.day is not None and rhythm.day > 0:
            assert period.last.day == rhythm.day


def test_report_rounds_move_past_days_off_and_keep_their_hour() -> None:
    found = [local(at) for at in islice(rounds(MONTH_ON_25, ISSUED, CALENDAR, PRACTICE), 3)]
    assert [f"{at:%d/%m %H:%M}" for at in found] == ["25/05 07:30", "25/06 07:30", "27/07 07:30"]
    tet = next(rounds(MONDAY_AT_8, date(2020, 1, 21), CALENDAR, PRACTICE))
    assert f"{local(tet):%d/%m %H:%M}" == "30/01 08:00"


def test_rounds_that_days_off_bring_together_are_one() -> None:
    found = [local(at).date() for at in islice(rounds(every("day"), date(2020, 5, 22), CALENDAR, PRACTICE), 3)]
    assert found == [date(2020, 5, 22), date(2020, 5, 25), date(2020, 5, 26)]


@pytest.mark.parametrize(("rhythms", "chosen"), [
    pytest.param([MONDAY_AT_8, MONTH_ON_25], 1, id="month over week"),
    pytest.param([every("quarter"), every("month", step=4)], 1, id="four months over a quarter"),
    pytest.param([every("year", fixed=((15, 6), (1, 12))), every("year")], 1, id="once a year over twice"),
    pytest.param([every("rrule", rrule="FREQ=YEARLY"), every("half year")], 0, id="a yearly rule over half a year"),
    pytest.param([every("on request"), every("day")], 1, id="any rhythm over none"),
    pytest.param([every("month"), MONTH_ON_25], 0, id="the first of equals"),
])
def test_the_slowest_rhythm_has_the_rarest_rounds(rhythms: list[Every], chosen: int) -> None:
    assert slowest(rhythms) is rhythms[chosen]


@pytest.mark.parametrize(("rhythm", "words"), [
    (WEEK, "mỗi tuần"), (every("week", step=2), "mỗi 2 tuần"), (MONTH_ON_25, "mỗi tháng"), (every("quarter"), "mỗi quý"),
    (every("half year"), "mỗi 6 tháng"), (every("half year", step=2), "mỗi 12 tháng"), (every("year"), "mỗi năm"),
    (every("rrule", rrule="FREQ=DAILY"), "định kỳ"),
])
def test_a_rhythm_is_said_in_vietnamese(rhythm: Every, words: str) -> None:
    assert rhythm_words(rhythm) == words


@pytest.mark.parametrize(("first", "last", "words"), [
    (date(2020, 5, 30), date(2020, 6, 5), "30/5–5/6/2020"),
    (date(2020, 12, 28), date(2021, 1, 3), "28/12/2020–3/1/2021"),
    (date(2020, 6, 5), date(2020, 6, 5), "5/6/2020"),
])
def test_a_period_is_written_with_its_year_once(first: date, last: date, words: str) -> None:
    assert span_words(first, last) == words
