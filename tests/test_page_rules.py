"""The rules behind the pages, without HTTP: what is typed, what is offered, how a status is said."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from reports.page import served
from tasks.states import TRANSITIONS
from tests.counter import COVERAGE, MATERIALS, NOW, PLAN, PROPAGANDA, SPREAD
from tests.test_report_page import standing
from web import answer, pages
from web.numbers import UnreadableError, amount_of, count_of, doubts, share_of
from web.pace import Pace
from web.status import status
from web.telling import vietnamese
from web.typed import Typed, clean
from web.words import Say, Tongue, tongue

HERE = Path(__file__).parent.parent / "web"
ZONE = "Asia/Ho_Chi_Minh"
VI, EN = tongue("vi"), tongue("en")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("86,5", "86.5"),
        ("86.5", "86.5"),
        ("86,5%", "86.5"),
        (" 86 , 5 % ", "86.5"),
        ("86", "86"),
        ("0", "0"),
        ("100", "100"),
        ("100,00", "100"),
        ("８６", "86"),
        ("78,110000", "78.11"),
    ],
)
def test_a_percentage_is_read_as_people_type_it(typed: str, value: str) -> None:
    assert share_of(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["100,01", "101", "8520", "-1", "1e3", "86,5,1", "1.000,5", "abc", "86%%", "NaN", "86/100"])
def test_what_is_no_percentage_is_refused_in_words_that_quote_it(typed: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        share_of(typed)
    assert typed in VI.say(refused.value.say)


@pytest.mark.parametrize(("typed", "value"), [("3960", 3960), ("3.960", 3960), ("1.234.567", 1_234_567), ("3 960", 3960), ("0", 0)])
def test_a_count_takes_points_between_thousands(typed: str, value: int) -> None:
    assert count_of(typed) == value


@pytest.mark.parametrize("typed", ["3.96", "3,96", "3.9600", "-1", "1.23.456", "một", "１.２"])
def test_a_count_that_could_mean_two_things_is_asked_back(typed: str) -> None:
    with pytest.raises(UnreadableError):
        count_of(typed)


@pytest.mark.parametrize(("typed", "value"), [("3,96", "3.96"), ("3.960", "3960"), ("3.960,5", "3960.5"), ("12", "12")])
def test_an_amount_is_written_the_vietnamese_way(typed: str, value: str) -> None:
    assert amount_of(typed) == Decimal(value)
    with pytest.raises(UnreadableError):
        amount_of("3.96")


@pytest.mark.parametrize(
    ("value", "on", "asked"),
    [
        pytest.param("86.5", "2020-09-02", [], id="a little more"),
        pytest.param("85.2", "2020-09-02", [], id="the same"),
        pytest.param("95.2", "2020-09-02", [], id="exactly ten points more"),
        pytest.param("95.3", "2020-09-02", ["Tăng 10,1 điểm"], id="more than ten"),
        pytest.param("85.1", "2020-09-02", ["Giảm 0,1"], id="less"),
        pytest.param("80", "2020-07-01", ["Giảm 5,2", "mới hơn"], id="less, and older than what is there"),
    ],
)
def test_a_figure_that_falls_or_leaps_is_asked_about(value: str, on: str, asked: list[str]) -> None:
    said = doubts(Decimal(value), date.fromisoformat(on), Decimal("85.2"), date(2020, 8, 1), of_hundred=True)
    assert len(said) == len(asked)
    assert all(part in VI.say(one) for part, one in zip(asked, said, strict=True))


def boxes(parts: str) -> Typed:
    """A form in which the three boxes of "on" hold these parts."""
    return Typed(dict(zip(("on-day", "on-month", "on-year"), parts.split("/"), strict=True)))


@pytest.mark.parametrize("whole", ["30/9/2020", "30-09-2020", "30.9.2020"])
def test_a_whole_day_in_the_first_box_is_that_day(whole: str) -> None:
    typed = Typed({"on-day": whole, "on-month": "", "on-year": ""})
    assert typed.day("on") == date(2020, 9, 30)


def test_a_day_that_is_none_is_quoted_as_it_was_typed() -> None:
    typed = Typed({"on-day": "30/9/20", "on-month": "", "on-year": ""})
    assert typed.day("on") is None
    assert VI.say(typed.mistakes[0].say).startswith("30/9/20 không")


@pytest.mark.parametrize(("parts", "day"), [("30/9/2020", date(2020, 9, 30)), ("01/02/2021", date(2021, 2, 1)), ("//", None)])
def test_a_day_is_three_boxes(parts: str, day: date | None) -> None:
    typed = boxes(parts)
    assert typed.day("on") == day
    assert typed.mistakes == []


@pytest.mark.parametrize("parts", ["31/2/2020", "30/9/20", "30//2020", "1_0/9/2020", "a/9/2020", "0/9/2020", "1/1/0001", "31/12/9999"])
def test_an_impossible_day_is_a_mistake_that_quotes_it(parts: str) -> None:
    typed = boxes(parts)
    assert typed.day("on") is None
    assert [mistake.field for mistake in typed.mistakes] == ["on-day"]
    assert parts in VI.say(typed.mistakes[0].say)


@given(st.text())
def test_cleaned_text_holds_no_hidden_sign_and_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", once)


@pytest.mark.parametrize("name", ["=?UTF-8?Q?=0A?=Bcc: x", "x" * 201])
def test_a_name_that_could_spoil_a_header_is_refused(name: str) -> None:
    typed = Typed({"name": name})
    typed.line("name")
    assert [mistake.field for mistake in typed.mistakes] == ["name"]


def test_a_name_is_one_line_without_doubled_spaces() -> None:
    assert Typed({"name": " Người \r\n trực\x00 "}).line("name") == "Người trực"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        pytest.param("2020-08-31T17:00:00", "… Còn 3 ngày", id="the first minute of the third day before"),
        pytest.param("2020-08-31T16:59:59", "• Hạn 4/9", id="a second before that"),
        pytest.param("2020-09-04T16:59:59", "… Hạn hôm nay", id="the last second"),
        pytest.param("2020-09-04T17:00:00", "! Quá hạn 1 ngày", id="the next day's first"),
        pytest.param("2020-01-01T00:00:00", "• Hạn 4/9", id="long before"),
        pytest.param("2019-12-01T00:00:00", "• Hạn 4/9/2020", id="in another year"),
    ],
)
def test_a_status_counts_days_as_the_office_does(now: str, said: str) -> None:
    found = status(PLAN, datetime.fromisoformat(now).replace(tzinfo=UTC), ZONE)
    assert f"{found.mark} {VI.say(found.words)}" == said


def test_a_due_hour_is_named_on_its_day() -> None:
    at_four = replace(PLAN, due_at=datetime(2020, 9, 2, 9, 0, tzinfo=UTC))
    assert VI.say(status(at_four, NOW, ZONE).words) == "Hạn 16:00 hôm nay"
    assert VI.say(status(at_four, NOW + timedelta(hours=7), ZONE).words) == "Quá hạn hôm nay"


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (replace(SPREAD, state="claimed"), "? Chờ xác nhận"),
        (replace(SPREAD, state="returned"), "? Đã báo trả lại"),
        (replace(SPREAD, state="paused", held_until=date(2020, 10, 5)), "? Tạm dừng đến 5/10"),
        (SPREAD, "– Không thời hạn"),
        (MATERIALS, "✓ Hoàn thành"),
        (replace(MATERIALS, closed_at=NOW), "✓ Hoàn thành quá hạn"),
        (replace(SPREAD, state="void", closed_at=NOW), "– Đã thu hồi"),
    ],
)
def test_a_status_says_and_marks_what_it_colours(work: answer.Work, said: str) -> None:
    found = status(work, NOW, ZONE)
    assert f"{found.mark} {VI.say(found.words)}" == said


#: What a lead may do beside answering.
OTHERS = ("return", "delegate")
WITH_UNDO = {**TRANSITIONS, ("undo", "done"): "progress", ("undo", "claimed"): "progress"}


@pytest.mark.parametrize(
    ("work", "offered"),
    [
        pytest.param(PLAN, ("received", "progress", "done", "extend", *OTHERS), id="a dated duty that nobody has answered"),
        pytest.param(replace(PLAN, state="progress"), ("progress", "done", "extend", *OTHERS), id="under way"),
        pytest.param(replace(PLAN, state="progress", asks_until=date(2020, 10, 1)), ("progress", "done", *OTHERS), id="more time is asked"),
        pytest.param(replace(PLAN, state="returned"), ("progress",), id="returned, so somebody has to decide"),
        pytest.param(replace(PLAN, state="paused"), ("progress", "done", "delegate"), id="paused"),
        pytest.param(SPREAD, ("received", "progress", "done", *OTHERS), id="no date, so nothing to put off"),
        pytest.param(COVERAGE, ("progress", "figure", "extend", *OTHERS), id="a figure settles it, nobody presses done"),
        pytest.param(replace(COVERAGE, figure_by="Bảo hiểm xã hội quận"), ("progress", "extend", *OTHERS), id="another types its figure"),
        pytest.param(PROPAGANDA, ("progress",), id="taking part"),
        pytest.param(replace(PLAN, state="claimed"), ("progress", "delegate", "undo"), id="waiting for confirmation"),
        pytest.param(replace(PLAN, state="done", closed_at=NOW - timedelta(days=7)), ("undo", "answer"), id="done a week ago"),
        pytest.param(replace(PLAN, state="done", closed_at=NOW - timedelta(days=8)), ("answer",), id="done longer ago"),
        pytest.param(replace(COVERAGE, state="done", closed_at=NOW), ("figure", "answer"), id="a figure is corrected by a figure"),
        pytest.param(replace(PROPAGANDA, state="done", closed_at=NOW), (), id="done by another"),
        pytest.param(replace(PLAN, state="void", closed_at=NOW), ("answer",), id="withdrawn"),
    ],
)
def test_the_form_offers_what_the_state_allows(work: answer.Work, offered: tuple[str, ...]) -> None:
    assert answer.choices(work, NOW, WITH_UNDO) == offered


def test_a_pace_forgets_with_time_and_keeps_keys_apart() -> None:
    pace = Pace(2, timedelta(minutes=10))
    assert [pace.allows("a", NOW) for _ in range(3)] == [True, True, False]
    assert pace.allows("b", NOW)
    assert not pace.allows("a", NOW + timedelta(minutes=9, seconds=59))
    assert pace.allows("a", NOW + timedelta(minutes=10))


def sentences() -> set[str]:
    """Every sentence of the pages' source."""
    found = extract_from_dir(
        HERE,
        method_map=[("**.py", "python"), ("templates/**.html", "jinja2")],
        options_map={"templates/**.html": {"extensions": "jinja2.ext.i18n"}},
        keywords={"Say": None, "_": None},
    )
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def test_every_sentence_has_its_english_with_the_same_facts() -> None:
    with (HERE / "locale" / "en" / "LC_MESSAGES" / "web.po").open("rb") as source:
        english = {str(message.id): str(message.string) for message in read_po(source, locale="en") if message.id}
    assert set(english) == sentences()
    for text, said in english.items():
        assert said
        assert set(re.findall(r"%\(\w+\)s", said)) == set(re.findall(r"%\(\w+\)s", text))


@pytest.mark.parametrize(
    ("spoken", "thing", "said"),
    [
        (VI, NOW.replace(tzinfo=None), "2:12 ngày 2/9/2020"),
        (EN, NOW.replace(tzinfo=None), "2:12 on 2/9/2020"),
        (VI, Decimal("1234.5"), "1.234,5"),
        (EN, Decimal("1234.5"), "1,234.5"),
        (VI, Decimal("89.999"), "89,99"),
        (VI, 212_000, "212.000"),
        (VI, date(2020, 9, 30), "30/9/2020"),
        (EN, Say("Hạn %(day)s", day=Say("Thứ Tư")), "Due Wednesday"),
        (VI, "100% là chữ", "100% là chữ"),
    ],
)
def test_facts_are_written_as_each_language_writes_them(spoken: Tongue, thing: object, said: str) -> None:
    assert spoken.say(thing) == said


@pytest.mark.parametrize(
    ("words", "said"),
    [("before 25/5/2020", "trước 25/5/2020"), ("trước 25/5/2020", "trước 25/5/2020"), ("beforehand", "beforehand")],
)
def test_a_due_dates_words_are_shown_as_the_paper_says_them(words: str, said: str) -> None:
    assert vietnamese(words) == said


def test_our_own_sheet_asks_nothing_of_a_browser_of_2021() -> None:
    sheet = re.sub(r"/\*.*?\*/", "", (HERE / "static" / "pages.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    for young in (":has", "@layer", "@container", "light-dark", "color-mix", "&", "dvh", "@import", "url(", "!important"):
        assert young not in sheet
    depth = 0
    for sign in sheet:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth <= 2


def test_the_vendored_sheet_is_what_its_rules_say_without_font_and_crest() -> None:
    for rules in tomllib.loads((HERE / "static" / "vendor.toml").read_text(encoding="utf-8")).values():
        content = (HERE / "static" / rules["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == rules["sha256"]
        assert (HERE / "static" / rules["licence_file"]).read_text(encoding="utf-8").startswith("The MIT License")
        for foreign in (b"@font-face", b"GDS Transport", b"crest", b"crown-", b"url(", b":has("):
            assert foreign not in content


def test_the_leaders_page_needs_nothing_that_our_policy_forbids() -> None:
    page = served(standing(), stylesheet_at=pages.address("report"), link=None, reader="Chủ tịch")
    assert not re.search(r"<style|\sstyle=|<script|\son\w+=", page)
    assert pages.address("report") in page
