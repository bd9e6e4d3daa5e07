"""Days, due dates, rhythms, numbers and rungs are read as a paper means them, in Vietnamese and in English."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directives.language.amounts import baseline_of, number_of, target_of, whole_of
from directives.language.calendar import written
from directives.language.dates import bound_of, day_of, hour_of
from directives.language.deadlines import due_of
from directives.language.fields import paper_of
from directives.language.mistakes import Mistake
from directives.language.rhythms import end_of, every_of, rung_of
from directives.language.shapes import Due, Every, Target

END = date(2020, 9, 30)


def code(read: Callable[[str], object], text: str) -> str:
    """The code of the mistake that `read` finds in a text."""
    with pytest.raises(Mistake) as mistake:
        read(text)
    return mistake.value.code


@pytest.mark.parametrize(
    "text",
    ["30/9/2020", "30-9-2020", "30.9.2020", "30/09/2020", "ngày 30 tháng 9 năm 2020", "2020-09-30", " 30 / 9 / 2020 "],
)
def test_a_day_is_read_in_every_form_of_the_papers(text: str) -> None:
    assert day_of(text) == END


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("9/30/2020", "D042", id="month before day"),
        pytest.param("31/2/2018", "D043", id="a day that cannot be"),
        pytest.param("29/2/2019", "D043", id="no leap year"),
        pytest.param("25/5", "D041", id="no year"),
        pytest.param("30/9/20", "D041", id="half a year"),
        pytest.param("30/9/3020", "D044", id="a year out of reach"),
        pytest.param("0/9/2020", "D040", id="no day at all"),
        pytest.param("30/9-2020", "D040", id="two kinds of signs"),
        pytest.param("cuối tháng", "D040", id="free words"),
        pytest.param("٣٠/٩/٢٠٢٠", "D040", id="digits of another script"),
    ],
)
def test_a_day_that_cannot_be_is_refused_for_its_own_reason(text: str, expected: str) -> None:
    assert code(day_of, text) == expected


@pytest.mark.parametrize("text", ["từ ngày 30/9/2020 trở đi", "từ 30/9/2020", "kể từ ngày 30/9/2020", "đến hết ngày 30/9/2020"])
def test_a_bound_of_a_window_is_read_with_the_words_around_it(text: str) -> None:
    assert bound_of(text) == END


@pytest.mark.parametrize("text", ["16:00 30/9/2020", "từ 8h00 ngày 30/9/2020", "30/9/2020 lúc 16 giờ"])
def test_a_window_has_days_and_no_hours(text: str) -> None:
    assert code(bound_of, text) == "D108"


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_is_read_back_from_its_written_form(day: date) -> None:
    assert day_of(written(day)) == day_of(day.isoformat()) == day


def due(text: str) -> Due:
    return Due.model_validate(due_of(text), strict=True)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["30/9/2020", "by 30/9/2020", "đến ngày 30/9/2020", "chậm nhất ngày 30 tháng 9 năm 2020"], {"form": "on", "day": END}),
        (["before 25/5/2020", "trước 25/5/2020", "Trước ngày 25 tháng 5 năm 2020"], {"form": "before", "day": date(2020, 5, 25)}),
        (["16:00 20/4/2018", "16h00 ngày 20/4/2018", "20/4/2018 lúc 16 giờ"], {"form": "on", "day": date(2018, 4, 20), "hour": time(16)}),
        (["before 9:00 23/4/2018", "trước 9h ngày 23/4/2018"], {"form": "before", "day": date(2018, 4, 23), "hour": time(9)}),
        (["tháng 8/2026", "trong tháng 8 năm 2026", "within 8/2026"], {"form": "within", "day": date(2026, 8, 31)}),
        (["quý II/2026", "trong quý 2 năm 2026", "quarter II/2026"], {"form": "within", "day": date(2026, 6, 30)}),
        (["6 tháng đầu năm 2026", "first half of 2026"], {"form": "within", "day": date(2026, 6, 30)}),
        (["6 tháng cuối năm 2026", "năm 2026", "trong năm 2026", "year 2026"], {"form": "within", "day": date(2026, 12, 31)}),
        (["năm học 2020-2021", "school year 2020–2021"], {"form": "within"}),
        (["10 working days", "10 ngày làm việc", "trong vòng 10 ngày làm việc"], {"form": "relative", "count": 10, "working": True}),
        (["3 days after 6.4", "3 ngày sau 6.4", "3 ngày sau điểm 6.4"], {"form": "relative", "count": 3, "after": "6.4"}),
        (["5 ngày kể từ ngày ban hành", "5 days"], {"form": "relative", "count": 5}),
        (["3 days after II.1"], {"form": "relative", "count": 3, "after": "II.1"}),
        (["at once", "ngay", "Khẩn trương", "kịp thời"], {"form": "at once"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_due_date_says_the_same_in_both_languages(texts: list[str], expected: dict[str, object]) -> None:
    for text in texts:
        assert due(text) == Due.model_validate({"words": text, **expected})


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["hoàn thành trước ngày 30/6/2026", "xong trước 30/6/2026", "chậm nhất trước ngày 30/6/2026", "báo cáo trước ngày 30/6/2026"],
         {"form": "before", "day": date(2026, 6, 30)}),
        (["chậm nhất là ngày 30/9/2020", "chậm nhất đến ngày 30/9/2020", "đến hết ngày 30/9/2020", "thứ Tư, ngày 30/9/2020",
          "30/9/2020 (thứ tư)", "no later than 30/9/2020", "ngày 30 tháng 9/2020"], {"form": "on", "day": END}),
        (["trước 9h00 ngày 23/4/2018", "trước 9 giờ 00, thứ Hai ngày 23/4/2018", "23/4/2018 trước 9h", "trước 9h00' ngày 23/4/2018"],
         {"form": "before", "day": date(2018, 4, 23), "hour": time(9)}),
        (["by 16:00 on 20/4/2018", "chậm nhất 16h00 ngày 20/4/2018"], {"form": "on", "day": date(2018, 4, 20), "hour": time(16)}),
        (["trước tháng 6/2026"], {"form": "before", "day": date(2026, 6, 1)}),
        (["trước quý III/2026", "before quarter III/2026"], {"form": "before", "day": date(2026, 7, 1)}),
        (["trước năm 2027"], {"form": "before", "day": date(2027, 1, 1)}),
        (["hoàn thành trong tháng 6/2026", "đến hết tháng 6/2026", "cuối tháng 6/2026", "in June 2026", "hết quý II/2026",
          "trong quý I, II/2026", "quý I và quý II/2026"], {"form": "within", "day": date(2026, 6, 30)}),
        (["9 tháng đầu năm 2026"], {"form": "within", "day": date(2026, 9, 30)}),
        (["giai đoạn 2021-2025", "đến năm 2025", "cả năm 2025", "cuối năm 2025"], {"form": "within", "day": date(2025, 12, 31)}),
        (["không quá 10 ngày làm việc kể từ ngày ban hành", "trong thời hạn 10 ngày làm việc, kể từ ngày ký ban hành văn bản này",
          "within 10 working days of issue", "mười ngày làm việc"], {"form": "relative", "count": 10, "working": True}),
        (["2 tuần", "2 weeks", "hai tuần kể từ ngày ban hành"], {"form": "relative", "count": 14}),
        (["trong 3 ngày sau khi hoàn thành mục 6.4", "sau 3 ngày kể từ khi xong 6.4", "ba ngày sau khi xong mục 6.4"],
         {"form": "relative", "count": 3, "after": "6.4"}),
        (["3 days after a.b"], {"form": "relative", "count": 3, "after": "a.b"}),
        (["ngay sau khi nhận được công văn này", "khẩn trương, kịp thời", "càng sớm càng tốt", "as soon as possible"], {"form": "at once"}),
        (["30/9/2020 cutoff 25/9/2020", "30/9/2020, số liệu chốt đến ngày 25/9/2020", "30/9/2020, chốt số liệu ngày 25/9/2020"],
         {"form": "on", "day": END, "cutoff": date(2020, 9, 25)}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_due_dates_are_read_as_ordinary_papers_write_them(texts: list[str], expected: dict[str, object]) -> None:
    for text in texts:
        assert due(text) == Due.model_validate({"words": text, **expected})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("before 25/5", "D041"), ("trước ngày 31/4/2018", "D043"), ("25:00 20/4/2018", "D045"), ("16:75 20/4/2018", "D045"),
        ("6 tháng cuối năm", "D041"), ("trong tháng 6", "D041"), ("quý II", "D041"), ("đầu tháng 6/2026", "D046"),
        ("học kỳ I năm học 2025-2026", "D046"), ("từ 1/6/2026", "D103"), ("từ ngày 1/6/2026 trở đi", "D103"),
        ("từ ngày 1/6/2026 đến hết ngày 30/6/2026", "D103"), ("10 ngày kể từ ngày nhận được văn bản", "D105"),
        ("thứ sáu ngày 30/9/2020", "D106"), ("thường xuyên", "D107"),
        ("cuối tuần sau", "D046"), ("tháng 13/2026", "D042"), ("quý V/2026", "D046"), ("8/2026", "D040"), ("", "D046"), ("soon", "D046"),
    ],
)  # fmt: skip
def test_no_date_is_invented_for_words_that_name_none(text: str, expected: str) -> None:
    assert code(due_of, text) == expected


def every(text: str) -> Every:
    return Every.model_validate(every_of(text), strict=True)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["week", "tuần", "hàng tuần", "hằng tuần"], {"unit": "week"}),
        (["day", "hàng ngày"], {"unit": "day"}),
        (["friday", "thứ 6", "thứ sáu", "thứ sáu hàng tuần", "tuần vào thứ 6"], {"unit": "week", "weekday": 4}),
        (["friday at 8:00", "thứ sáu lúc 8h00", "thứ 6 lúc 8 giờ"], {"unit": "week", "weekday": 4, "hour": time(8)}),
        (["2 weeks on friday", "2 tuần vào thứ sáu"], {"unit": "week", "step": 2, "weekday": 4}),
        (["month on 25", "tháng ngày 25", "ngày 25 hàng tháng", "hàng tháng vào ngày 25"], {"unit": "month", "day": 25}),
        (["month on last day", "ngày cuối tháng", "tháng ngày cuối"], {"unit": "month", "day": -1}),
        (["month on last friday", "thứ sáu cuối tháng"], {"unit": "month", "weekday": 4, "last_weekday": True}),
        (["quarter", "quý", "hàng quý"], {"unit": "quarter"}),
        (["quarter on 20 of last month", "quý ngày 20 tháng cuối"], {"unit": "quarter", "day": 20, "of_last_month": True}),
        (["half year", "6 tháng", "sáu tháng một lần"], {"unit": "half year"}),
        (["year", "hằng năm", "năm"], {"unit": "year"}),
        (["year on 15/6 and 1/12", "ngày 15/6 và 1/12 hằng năm"], {"unit": "year", "fixed": ((15, 6), (1, 12))}),
        (["month on 25 in months 2–5", "tháng ngày 25 trong các tháng 2 đến 5"], {"unit": "month", "day": 25, "months": (2, 3, 4, 5)}),
        (["month in months 11-2"], {"unit": "month", "months": (11, 12, 1, 2)}),
        (["month on 28 cutoff 25", "tháng ngày 28 chốt số liệu ngày 25"], {"unit": "month", "day": 28, "cutoff": 25}),
        (["on request", "đột xuất", "theo yêu cầu"], {"unit": "on request"}),
        (["on event", "khi phát sinh"], {"unit": "on event"}),
        (["rrule:FREQ=MONTHLY;BYDAY=-1FR"], {"unit": "rrule", "rrule": "FREQ=MONTHLY;BYDAY=-1FR"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_rhythm_says_the_same_in_both_languages(texts: list[str], expected: dict[str, object]) -> None:
    for text in texts:
        assert every(text) == Every.model_validate({"words": text, **expected})


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["trước ngày 25 hằng tháng", "trước 25 hàng tháng", "month before 25"], {"unit": "month", "day": 25, "before": True}),
        (["trước thứ sáu hằng tuần"], {"unit": "week", "weekday": 4, "before": True}),
        (["trước 16h00 thứ sáu hằng tuần", "thứ sáu hằng tuần (trước 16h00)", "16 giờ thứ sáu hằng tuần"],
         {"unit": "week", "weekday": 4, "hour": time(16)}),
        (["trước 16h00 hằng ngày", "daily at 16:00"], {"unit": "day", "hour": time(16)}),
        (["ngày 20 của tháng cuối quý", "ngày 20 tháng cuối quý"], {"unit": "quarter", "day": 20, "of_last_month": True}),
        (["trước ngày 20 tháng cuối quý"], {"unit": "quarter", "day": 20, "of_last_month": True, "before": True}),
        (["ngày 10 tháng đầu quý", "ngày 10 của tháng đầu quý sau"], {"unit": "quarter", "day": 10}),
        (["15/6 và 1/12 hằng năm", "ngày 15/6 và ngày 01/12 hằng năm", "ngày 15 tháng 6 và ngày 1 tháng 12 hằng năm", "15/6, 1/12"],
         {"unit": "year", "fixed": ((15, 6), (1, 12))}),
        (["15/12 hằng năm"], {"unit": "year", "fixed": ((15, 12),)}),
        (["trước ngày 15/12 hằng năm"], {"unit": "year", "fixed": ((15, 12),), "before": True}),
        (["mỗi tuần một lần", "1 lần/tuần", "weekly"], {"unit": "week"}),
        (["hai tuần một lần", "2 tuần 1 lần"], {"unit": "week", "step": 2}),
        (["3 tháng một lần"], {"unit": "month", "step": 3}),
        (["6 tháng một lần", "định kỳ 6 tháng"], {"unit": "half year"}),
        (["ngày 25 các tháng 3, 6, 9 và 12", "ngày 25 của tháng 3, 6, 9, 12"], {"unit": "month", "day": 25, "months": (3, 6, 9, 12)}),
        (["ngày 25 hằng tháng, số liệu tính đến ngày 20", "ngày 25 hằng tháng, chốt số liệu đến hết ngày 20"],
         {"unit": "month", "day": 25, "cutoff": 20}),
        (["thứ 2, thứ 4 và thứ 6 hằng tuần", "monday, wednesday and friday"], {"unit": "rrule", "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR"}),
        (["khi có yêu cầu", "đột xuất khi có yêu cầu", "đột xuất theo yêu cầu"], {"unit": "on request"}),
        (["khi có phát sinh", "khi có sự cố", "khi xảy ra"], {"unit": "on event"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_rhythms_are_read_as_ordinary_papers_write_them(texts: list[str], expected: dict[str, object]) -> None:
    for text in texts:
        assert every(text) == Every.model_validate({"words": text, **expected})


@pytest.mark.parametrize("text", ["hằng tuần", "trước ngày 25 hằng tháng", "15/6 và 1/12 hằng năm", "quý"])
def test_a_rhythm_in_the_place_of_a_due_date_is_told_apart(text: str) -> None:
    assert code(end_of, text) == "D104"


@pytest.mark.parametrize(
    "text",
    ["fortnight", "before week", "month on 32", "week on 25", "quarter on 20", "0 weeks", "year on 30/2", "month on 25 in months 13",
     "month on 28 cutoff 40", "", "rrule:FREQ=HOURLY",
     "rrule:FREQ=DAILY;INTERVAL=0", "rrule:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31", "rrule:FREQ=DAILY;BYSETPOS=5"],
)  # fmt: skip
def test_a_rhythm_that_never_comes_round_is_refused(text: str) -> None:
    assert code(every_of, text) == "D047"


@pytest.mark.parametrize(
    ("text", "value"), [("85", "85"), ("78,11%", "78.11"), ("3.960", "3960"), ("1.234.567,5", "1234567.5"), ("100 %", "100"), ("0", "0")]
)
def test_a_comma_parts_decimals_and_a_point_thousands(text: str, value: str) -> None:
    assert number_of(text) == Decimal(value)


@pytest.mark.parametrize(("text", "asked"), [("3.96", "3,96 hay 396"), ("78.11%", "78,11% hay 7.811%")])
def test_a_point_that_may_be_meant_for_a_comma_is_asked_about(text: str, asked: str) -> None:
    with pytest.raises(Mistake) as mistake:
        number_of(text)
    assert mistake.value.facts["near"][0] == asked


@pytest.mark.parametrize("text", ["89 phần trăm", "1e3", "NaN", "inf", "-5", "3,9,6", "", "%", "٨٥"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert code(number_of, text) == "D048"


def test_a_count_is_whole() -> None:
    assert whole_of("3.960") == 3960
    assert [code(whole_of, text) for text in ("3,5", "70%")] == ["D048", "D048"]


@pytest.mark.parametrize(
    ("texts", "operator", "value", "percent", "soft"),
    [
        (["85%", "đạt 85%", "at least 85%", "≥ 85%", "85% trở lên", "tối thiểu 85%"], ">=", "85", True, False),
        (["over 90%", "vượt 90%", "trên 90%", "> 90%"], ">", "90", True, False),
        (["at most 5", "tối đa 5", "không quá 5", "<= 5"], "<=", "5", False, False),
        (["under 5%", "dưới 5%"], "<", "5", True, False),
        (["strive 100%", "phấn đấu 100%", "phấn đấu đạt 100%"], ">=", "100", True, True),
        (["phấn đấu vượt 95,5%"], ">", "95.5", True, True),
        (["3.960"], ">=", "3960", False, False),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_target_knows_its_side_and_how_hard_it_is(texts: list[str], operator: str, value: str, percent: bool, soft: bool) -> None:
    for text in texts:
        read = Target.model_validate(target_of(text), strict=True)
        assert (read.operator, read.value, read.percent, read.soft, read.words) == (operator, Decimal(value), percent, soft, text)


@pytest.mark.parametrize("text", ["78,11% on 15/5/2020", "78,11% ngày 15/5/2020", "78,11% đến ngày 15/5/2020", "78,11% as of 2020-05-15"])
def test_a_baseline_in_one_line_has_a_value_and_a_day(text: str) -> None:
    assert baseline_of(text) == {"value": Decimal("78.11"), "on": date(2020, 5, 15)}


@pytest.mark.parametrize(
    ("texts", "side", "count", "working"),
    [
        (["7 days before", "trước hạn 7 ngày", "7 ngày trước hạn"], "before", 7, False),
        (["3 working days before", "trước hạn 3 ngày làm việc"], "before", 3, True),
        (["1 day late", "quá hạn 1 ngày"], "late", 1, False),
        (["5 working days late", "5 ngày làm việc quá hạn"], "late", 5, True),
    ],
)
def test_a_rung_says_the_same_in_both_languages(texts: list[str], side: str, count: int, working: bool) -> None:
    for text in texts:
        assert rung_of(text) == {"words": text, "side": side, "count": count, "working": working}


@pytest.mark.parametrize("text", ["7 days", "late", "a week before", "trước hạn 7 ngày quá hạn"])
def test_a_rung_needs_a_count_and_one_side(text: str) -> None:
    assert code(rung_of, text) == "D049"


@pytest.mark.parametrize(
    ("text", "number", "day"),
    [
        ("1249/UBND-VX 14/9/2023", "1249/UBND-VX", date(2023, 9, 14)),
        ("Công văn 1249/UBND-VX ngày 14/9/2023", "Công văn 1249/UBND-VX", date(2023, 9, 14)),
        ("20-KH/TU ngày 3 tháng 12 năm 2025", "20-KH/TU", date(2025, 12, 3)),
        ("52-CT/TW", "52-CT/TW", None),
    ],
)
def test_a_paper_is_named_by_number_and_perhaps_by_date(text: str, number: str, day: date | None) -> None:
    read = paper_of(text)
    assert (read["number"], read.get("date")) == (number, day)


@pytest.mark.parametrize(
    ("text", "hour"),
    [("16:00", time(16)), ("8h", time(8)), ("8h30", time(8, 30)), ("16 giờ 30 phút", time(16, 30)), ("7g45", time(7, 45))],
)
def test_an_hour_is_read_in_every_form_of_the_papers(text: str, hour: time) -> None:
    assert hour_of(text) == hour
