"""Working days, days off and instants: Vietnam's calendar, the office's overlay, zones that change their clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directives.language.calendar import Calendar, CalendarError, instant, overlay
from tests.cai_rang import CALENDAR, PRACTICE, SAIGON

DAYS = st.dates(date(2018, 1, 1), date(2032, 12, 31))
ZONES = st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe", "UTC"])


@pytest.mark.parametrize(("day", "reason"), [
    pytest.param(date(2020, 5, 22), "", id="a Friday"),
    pytest.param(date(2020, 5, 23), "Thứ bảy", id="a Saturday"),
    pytest.param(date(2020, 5, 24), "Chủ nhật", id="a Sunday"),
    pytest.param(date(2020, 1, 24), "Giao thừa Tết Nguyên Đán", id="the eve of Tet"),
    pytest.param(date(2020, 1, 25), "Tết Nguyên Đán", id="Tet, although a Saturday"),
    pytest.param(date(2020, 1, 29), "Mùng năm Tết Nguyên Đán", id="the fifth day of Tet"),
    pytest.param(date(2020, 1, 30), "", id="work after Tet"),
    pytest.param(date(2020, 4, 2), "Ngày Giỗ Tổ Hùng Vương", id="a lunar holiday"),
    pytest.param(date(2026, 4, 27), "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)", id="a day given back for one lost to a Sunday"),
    pytest.param(date(2024, 5, 4), "", id="a Saturday that the package knows to be worked"),
    pytest.param(date(2026, 1, 2), "Nghỉ hoán đổi với thứ bảy 10/1/2026", id="a Friday off by the office's calendar"),
    pytest.param(date(2026, 1, 10), "", id="a Saturday worked by the office's calendar"),
    pytest.param(date(2020, 2, 29), "Thứ bảy", id="a leap day"),
    pytest.param(date(2024, 2, 29), "", id="a leap day that is worked"),
])
def test_a_day_off_has_a_reason_and_a_working_day_has_none(day: date, reason: str) -> None:
    assert CALENDAR.reason(day) == reason
    assert CALENDAR.is_working(day) is (reason == "")


def test_without_the_overlay_the_swap_of_2026_is_missing() -> None:
    assert Calendar().is_working(date(2026, 1, 2))
    assert not Calendar().is_working(date(2026, 1, 10))


@pytest.mark.parametrize(("day", "count", "lands"), [
    pytest.param(date(2020, 5, 18), 10, date(2020, 6, 1), id="ten working days over two weekends"),
    pytest.param(date(2020, 5, 22), 1, date(2020, 5, 25), id="Friday to Monday"),
    pytest.param(date(2020, 5, 24), 1, date(2020, 5, 25), id="from a day off"),
    pytest.param(date(2020, 5, 24), -1, date(2020, 5, 22), id="back from a day off"),
    pytest.param(date(2020, 1, 22), 1, date(2020, 1, 30), id="over Tet"),
    pytest.param(date(2020, 1, 30), -3, date(2020, 1, 20), id="back over Tet"),
    pytest.param(date(2026, 1, 1), 1, date(2026, 1, 5), id="over a Friday that was swapped"),
    pytest.param(date(2026, 1, 9), 1, date(2026, 1, 10), id="onto a Saturday that is worked"),
    pytest.param(date(2020, 5, 24), 0, date(2020, 5, 24), id="no days at all"),
])
def test_the_first_day_is_not_counted(day: date, count: int, lands: date) -> None:
    assert CALENDAR.add_working(day, count) == lands


@given(DAYS)
def test_the_nearest_working_days_enclose_a_day_and_nothing_worked_lies_between(day: date) -> None:
    early, late = CALENDAR.previous_working(day), CALENDAR.next_working(day)
    assert CALENDAR.is_working(early)
    assert CALENDAR.is_working(late)
    assert early <= day <= late
    assert (early == late) is CALENDAR.is_working(day)
    between = [early + timedelta(days=n) for n in range(1, (late - early).days)]
    assert not any(CALENDAR.is_working(one) for one in between)


@given(DAYS, st.integers(1, 60), st.integers(1, 60))
def test_working_days_add_up(day: date, first: int, second: int) -> None:
    assert CALENDAR.add_working(CALENDAR.add_working(day, first), second) == CALENDAR.add_working(day, first + second)


@given(DAYS, st.integers(1, 60))
def test_counting_back_undoes_counting_on_from_a_working_day(day: date, count: int) -> None:
    start = CALENDAR.next_working(day)
    assert CALENDAR.add_working(CALENDAR.add_working(start, count), -count) == start


def test_a_day_in_saigon_ends_with_its_last_second() -> None:
    assert CALENDAR.day_end(date(2020, 5, 24), SAIGON) == datetime(2020, 5, 24, 16, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(("zone", "wall", "at"), [
    pytest.param("Europe/Berlin", "2020-03-29 02:30:00", "2020-03-29 01:00:00", id="an hour that is skipped"),
    pytest.param("Europe/Berlin", "2020-10-25 02:30:00", "2020-10-25 00:30:00", id="an hour that comes twice"),
    pytest.param("America/Sao_Paulo", "2018-11-04 00:00:00", "2018-11-04 03:00:00", id="a midnight that is skipped"),
    pytest.param("America/Sao_Paulo", "2018-02-17 23:59:59", "2018-02-18 01:59:59", id="the end of a day that comes twice"),
    pytest.param("Pacific/Apia", "2011-12-30 23:59:59", "2011-12-30 10:00:00", id="a whole day that is skipped"),
])
def test_clocks_that_change_give_the_first_or_the_next_valid_instant(zone: str, wall: str, at: str) -> None:
    clock = datetime.fromisoformat(wall)
    assert instant(clock.date(), clock.time(), ZoneInfo(zone)) == datetime.fromisoformat(at).replace(tzinfo=UTC)


@given(DAYS, st.times().map(lambda hour: hour.replace(microsecond=0)), ZONES)
def test_an_instant_is_never_before_its_wall_clock_nor_out_of_order(day: date, hour: time, zone: str) -> None:
    tz = ZoneInfo(zone)
    at = instant(day, hour, tz)
    assert at.astimezone(tz).replace(tzinfo=None) >= datetime.combine(day, hour)
    assert instant(day, time(), tz) <= at <= CALENDAR.day_end(day, tz) < instant(day + timedelta(days=1), time(1), tz)


@pytest.mark.parametrize(("at", "opens"), [
    pytest.param("2020-05-18 10:00", "2020-05-18 10:10", id="after the recall, in the window"),
    pytest.param("2020-05-18 05:00", "2020-05-18 07:30", id="before the window"),
    pytest.param("2020-05-18 16:50", "2020-05-18 17:00", id="as the window closes"),
    pytest.param("2020-05-18 16:51", "2020-05-19 07:30", id="a minute too late"),
    pytest.param("2020-05-22 23:55", "2020-05-25 07:30", id="over midnight and a weekend"),
    pytest.param("2020-01-22 17:00", "2020-01-30 07:30", id="over Tet"),
])
def test_letters_leave_in_the_window_of_a_working_day(at: str, opens: str) -> None:
    first = CALENDAR.window(datetime.fromisoformat(at).replace(tzinfo=SAIGON), PRACTICE, minutes=10)
    assert first == datetime.fromisoformat(opens).replace(tzinfo=SAIGON)


@pytest.mark.parametrize("text", ["", "off:\nwork:\n", "off: []\n", "# nothing yet\n"])
def test_an_empty_overlay_is_the_official_calendar(text: str) -> None:
    assert overlay(text) == Calendar()


@pytest.mark.parametrize("text", ["off: {2/1/2026: Nghỉ}", "off:\n- 2026-01-02", "off: [02/01/2026]"])
def test_days_are_listed_or_given_a_reason(text: str) -> None:
    assert not overlay(text).is_working(date(2026, 1, 2))


def test_an_overlay_tells_all_its_problems_at_once() -> None:
    with pytest.raises(CalendarError) as told:
        overlay("off: [31/2/2020, 1/1/2020]\nwork: {1/1/2020: Làm bù}\nholiday: 5")
    assert len(told.value.problems) == 3
    assert all(word in str(told.value) for word in ("31/2/2020", "'holiday'", "vừa nghỉ"))


@pytest.mark.parametrize("text", ["off: 5", "just words", "off: {", "- 2/1/2026"])
def test_an_overlay_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(CalendarError):
        overlay(text)
