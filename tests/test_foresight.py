"""The plan seen from above: letters on the calendar, load by inbox, who hears nothing, days off, how high silence is told; its page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from time import process_time

import pytest
from playwright.sync_api import Browser, sync_playwright

from directives.language.calendar import Calendar
from directives.language.shapes import Directive, Directory, Reported
from dondoc import outlook
from reports import plan_page
from reports.almanac import is_tet, months
from reports.foresight import Foresight, foresight
from tasks.forecast import forecast
from tasks.specimens import specimens
from tests import command_line
from tests.cai_rang import (
    AT_ONCE,
    CAI_RANG,
    CALENDAR,
    ISSUED,
    ISSUED_AT,
    MONTH_ON_25,
    PAPER_898,
    PRACTICE,
    WEEK,
    agency,
    directive,
    directory,
    duty,
    indicator,
    local,
    on,
    target,
)
from tests.command_line import SAMPLE, Terminal
from tests.seeds import PAPERS, ROOT
from tests.test_pages_in_chromium import CHROMIUM, FLAGS

dondoc = command_line.dondoc


def foresee(paper: Directive, people: Directory = CAI_RANG, until: date | None = None) -> Foresight:
    issued_at = local(paper.date or ISSUED) if paper.date != ISSUED else ISSUED_AT
    return foresight(forecast(paper, people, CALENDAR, PRACTICE, issued_at=issued_at, until=until), CALENDAR, PRACTICE)


def page_of(seen: Foresight) -> str:
    return plan_page.html(seen, outlook.rows(seen.forecast))


SEEN = foresee(PAPER_898)


def height(unit: str, seen: Foresight = SEEN) -> tuple[str, tuple[str, ...], tuple[str, ...], str]:
    """The highest rung of an agency: its words, who hears it, of which clauses, and why it goes no higher."""
    [found] = [each.height for each in seen.heights if unit in each.units]
    return found.words, found.hearers, found.clauses, found.why


# The calendar of letters.

def test_every_letter_stands_on_its_day() -> None:
    drawn = Counter[tuple[date, str]]()
    for month in SEEN.months:
        for day in (day for week in month.weeks for day in week if day):
            drawn.update({(day.on, lane): many for lane, many in day.letters.items()})
    assert drawn == Counter((letter.on, letter.lane) for letter in SEEN.forecast.letters)


def test_weeks_begin_on_monday_and_no_letter_stands_on_a_day_off() -> None:
    days = [(place, day) for month in SEEN.months for week in month.weeks for place, day in enumerate(week) if day]
    assert all(place == day.on.weekday() for place, day in days)
    assert not any(day.letters for _, day in days if day.off)


def test_holidays_of_a_month_are_named_and_tet_is_one() -> None:
    calendar = Calendar()
    letters = forecast(directive(duty(due=on(date(2021, 2, 26)))), CAI_RANG, calendar, PRACTICE, issued_at=ISSUED_AT).letters
    february = next(month for month in months(letters, calendar) if month.first == date(2021, 2, 1))
    assert february.holidays == ("10–16/2 Tết Nguyên Đán",)


@pytest.mark.parametrize(("day", "belongs"), [
    pytest.param(date(2026, 2, 14), True, id="the Saturday before Tết, which the holiday runs into"),
    pytest.param(date(2026, 2, 22), True, id="the Sunday after"),
    pytest.param(date(2026, 2, 13), False, id="a working day"),
    pytest.param(date(2026, 2, 28), False, id="a Saturday far from it"),
    pytest.param(date(2026, 1, 1), False, id="New Year by the sun"),
])
def test_tet_is_every_day_off_around_it(day: date, belongs: bool) -> None:
    assert is_tet(day, Calendar()) is belongs


# Load by inbox and week.

def test_every_letter_is_in_one_inbox_and_week() -> None:
    assert sum(load.total * len(load.owners) for load in SEEN.loads) == len(SEEN.forecast.letters)


def test_the_fullest_inbox_is_first_with_its_week() -> None:
    first = SEEN.loads[0]
    weeks = Counter(letter.on.isocalendar()[:2] for letter in SEEN.forecast.letters if letter.to == first.owners[0])
    assert first.most == max(weeks.values()) == max(load.most for load in SEEN.loads)
    assert weeks[first.fullest.isocalendar()[:2]] == first.most


def test_readers_without_an_inbox_fill_their_superiors() -> None:
    schools = [agency(f"th-{n}", mail=None, in_=("xa",), kind=("th",)) for n in range(3)]
    people = directory(agency("ubnd-quan"), agency("xa"), *schools, th="th")
    seen = foresee(directive(duty(lead="th", due=on(date(2020, 5, 29))), escalation=(), reports=()), people)
    assert [(load.owners, load.most) for load in seen.loads] == [(("xa",), 3)]
    assert seen.borrowed == {"th-0": "xa", "th-1": "xa", "th-2": "xa"}
    assert seen.mute == ()


def test_who_has_no_address_is_named() -> None:
    people = directory(agency("ubnd-quan"), agency("xa-1", mail=None), agency("xa-2", mail=None))
    paper = directive(duty(lead="xa-1", due=on(date(2020, 5, 29))), escalation=(), cc={"report": ("xa-1", "xa-2")})
    seen = foresee(paper, people)
    assert (seen.mute, seen.listed) == (("xa-1",), ("xa-2",))
    assert "xa-2" in page_of(seen)


# Days off.

def test_dates_on_days_off_come_with_the_last_working_day() -> None:
    told = [(each.clause, each.on, each.reason, each.last_working_day) for each in SEEN.days_off]
    assert told[0] == ("6.4", date(2020, 5, 24), "Chủ nhật", date(2020, 5, 22))
    assert told[-1][:2] == ("10", date(2020, 10, 31))


def test_what_a_day_off_moves_is_told_with_both_days() -> None:
    moved = {(each.clause, each.words, each.named, each.on) for each in SEEN.moved}
    assert ("6.4", "còn 1 ngày", date(2020, 5, 23), date(2020, 5, 22)) in moved
    assert ("10", "quá hạn 1 ngày", date(2020, 11, 1), date(2020, 11, 2)) in moved
    assert all(not CALENDAR.is_working(each.named) and CALENDAR.is_working(each.on) for each in SEEN.moved)


def test_a_rung_that_falls_into_tet_says_so() -> None:
    paper = directive(duty(due=on(date(2021, 2, 9))), date=date(2021, 1, 4), reports=())
    [late] = [each for each in foresee(paper).moved if each.words == "quá hạn 1 ngày"]
    assert (late.named, late.on, late.tet) == (date(2021, 2, 10), date(2021, 2, 17), True)


# How high silence is told.

@pytest.mark.parametrize(("unit", "words", "hearers", "clauses", "why"), [
    ("le-binh", "quá hạn 10 ngày làm việc", ("ct",), ("10",), ""),
    ("bhxh", "quá hạn 10 ngày làm việc", ("ct",), ("6.4",), ""),
    ("th-le-binh", "quá hạn 10 ngày làm việc", ("pgd",), ("2.1", "2.2"), "được giao lại: chỉ nơi chủ trì nghe"),
    ("ttvh", "quá hạn 1 ngày", ("van-phong",), ("7.2",), "kỳ sau đến hạn trước bậc tiếp theo"),
    ("mttq", "", (), (), "đề nghị, chỉ nhắc chính đơn vị"),
    ("ttyt", "", (), (), "đề nghị, chỉ nhắc chính đơn vị; không có thời hạn"),
])
def test_the_highest_rung_of_an_agency(unit: str, words: str, hearers: tuple[str, ...], clauses: tuple[str, ...], why: str) -> None:
    assert height(unit) == (words, hearers, clauses, why)


def test_every_agency_with_a_duty_stands_once() -> None:
    held = {holder.unit for owed in SEEN.forecast.duties for crew in owed.crews for holder in crew.holders}
    assert Counter(unit for each in SEEN.heights for unit in each.units) == Counter(held)


def test_the_highest_rung_is_the_last_letter_that_leaves_above() -> None:
    for each in SEEN.heights:
        for clause in each.height.clauses:
            above = [
                (letter.on, letter.to) for letter in SEEN.forecast.letters for line in letter.items
                if line.clause == clause and line.rung == each.height.words and letter.to in each.height.hearers
            ]
            assert above


def silenced(who: str) -> Directory:
    """The district with one that no letter reaches."""
    mute = {who: {"mail": None, "in_": ()}}
    return directory(*(each.model_copy(update=mute.get(each.id, {})) for each in CAI_RANG.agencies.values()))


SOFT = {"indicators": {"x": indicator("x", {date(2020, 9, 30): "90%"}, soft=True)}}


@pytest.mark.parametrize(("paper", "people", "why"), [
    pytest.param(directive(duty(due=AT_ONCE)), CAI_RANG, "không có thời hạn", id="no date"),
    pytest.param(directive(duty(ask=True, due=on(date(2020, 6, 30)))), CAI_RANG, "đề nghị, chỉ nhắc chính đơn vị", id="a request"),
    pytest.param(directive(duty(target="x"), **SOFT), CAI_RANG, "chỉ tiêu phấn đấu, chỉ báo cáo", id="a target striven for"),
    pytest.param(
        directive(duty(due=on(date(2020, 6, 30)))), silenced("bhxh"), "không có địa chỉ thư nên chưa được giao việc", id="no address",
    ),
])
def test_why_silence_is_told_to_nobody(paper: Directive, people: Directory, why: str) -> None:
    assert height("bhxh", foresee(paper, people)) == ("", (), (), why)


def test_a_rung_whose_reader_has_no_address_is_not_reached() -> None:
    seen = foresee(directive(duty(due=on(date(2020, 6, 30)))), silenced("ct"))
    assert height("bhxh", seen) == ("quá hạn 5 ngày làm việc", ("pct-vx",), ("1",), "bậc trên không có địa chỉ thư")


def test_a_target_of_ones_own_that_is_only_striven_for_climbs_for_nobody_else() -> None:
    strive = Reported(agency="le-binh", indicator="x", target=target("90%", soft=True))
    paper = directive(duty(lead="phuong", target="x"), indicators={"x": indicator("x", {date(2020, 9, 30): "90%"})}, annex=(strive,))
    seen = foresee(paper)
    assert height("le-binh", seen) == ("", (), (), "chỉ tiêu riêng đã đạt, hoặc chỉ phấn đấu")
    assert height("ba-lang", seen)[1] == ("ct",)


# Sample letters.

def test_a_letter_of_each_kind_is_shown_as_it_will_be_written() -> None:
    shown = {notice.lane: notice for notice in specimens(SEEN.forecast, PRACTICE)}
    assert set(shown) == {"new", "digest", "escalation"}
    for notice in shown.values():
        [letter] = [
            each for each in SEEN.forecast.letters
            if (each.to, each.on, each.lane) == (notice.recipient.id, notice.date.date(), notice.lane)
        ]
        said = {item.work.clause for item in notice.items} | {clause for clause, *_ in (*notice.future, *notice.part)}
        assert said == {line.clause for line in letter.items}
        assert notice.lane == "new" or len(notice.items) == sum(line.tasks for line in letter.items)


# The page.

class Outline(HTMLParser):
    """Tags of a page in order, and every address that it names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_page_needs_nothing_else() -> None:
    text = page_of(SEEN)
    found = Outline(text)
    assert not found.addresses
    assert not {"script", "link", "img", "iframe"} & set(found.tags)
    assert "url(" not in text


def test_the_page_is_built_for_ears_too() -> None:
    text = page_of(SEEN)
    assert len(re.findall("<h1>", text)) == 1
    assert '<html lang="vi">' in text
    assert text.count("<caption>") >= len(SEEN.months)
    assert all("scope=" in head for head in re.findall(r"<th[ >][^>]*", text))
    assert all('role="img"' in picture and "aria-label=" in picture for picture in re.findall(r"<svg[^>]*>", text))


def test_the_headline_says_what_is_set_going() -> None:
    later = len(SEEN.forecast.letters) - 20
    assert plan_page.headline(SEEN) == (
        f"Giao 17 nhiệm vụ cho 20 đơn vị: 20 thư khi ban hành, {later} thư nữa đến 15/1/2021 nếu không ai báo cáo."
    )


def test_names_are_text_on_the_page() -> None:
    named = agency("xa", short="<b>xã</b>").model_copy(update={"name": "<script>alert(1)</script>"})
    people = directory(agency("ubnd-quan"), named)
    text = page_of(foresee(directive(duty(lead="xa", due=on(date(2020, 5, 29))), title="<i>Tiêu đề</i>", escalation=()), people))
    assert [each for each in ("<script>", "<b>xã</b>", "<i>Tiêu") if each in text] == []


def test_a_nations_page_is_small_and_made_in_seconds() -> None:
    communes = [agency(f"xa-{n}", kind=("xa",)) for n in range(680)]
    schools = [agency(f"{c.id}-{n}", kind=("truong",), in_=(c.id,), mail=None if n % 9 == 0 else f"{c.id}.{n}@a.example")
               for c in communes for n in range(78)]
    nation = directory(agency("bo"), *communes, *schools, truong="truong", xa="xa")
    paper = directive(
        duty("1", "truong", due=on(date(2020, 9, 30)), with_=("xa",)), duty("2", "truong", every=MONTH_ON_25, until=date(2020, 8, 31)),
        issuer="bo", escalation=None, reports=None,
    )
    made = forecast(paper, nation, CALENDAR, PRACTICE, issued_at=ISSUED_AT)
    start = process_time()
    text = page_of(foresight(made, CALENDAR, PRACTICE))
    assert process_time() - start < 15  # 2 s on an idle core
    assert len(text.encode()) < 100_000


def test_the_command_writes_the_page_and_says_where(dondoc: Terminal) -> None:
    ended = dondoc("plan", SAMPLE, "--html", "xem.html")
    text = (dondoc.home / "xem.html").read_text(encoding="utf-8")
    assert (ended.code, "xem.html" in ended.err) == (0, True)
    assert "Giao 4 nhiệm vụ cho 5 đơn vị: 5 thư khi ban hành" in text
    assert "Thư sẽ viết như thế nào" in text
    assert Outline(text).addresses == []


def test_a_page_that_cannot_be_written_is_told(dondoc: Terminal) -> None:
    ended = dondoc("plan", SAMPLE, "--html", "khong/co/xem.html")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("lỗi: không ghi được khong/co/xem.html")


@pytest.mark.parametrize("paper", PAPERS)
def test_every_directive_of_the_house_has_its_page(dondoc: Terminal, paper: str) -> None:
    ended = dondoc("--home", str(ROOT), "plan", str(ROOT / "directives" / f"{paper}.yaml"), "--as-of", "1/3/2026", "--html", "xem.html")
    text = (dondoc.home / "xem.html").read_text(encoding="utf-8")
    assert ended.code == 0
    assert text.count("<h3>") >= 2
    assert len(text.encode()) < 100_000


def test_the_page_is_vietnamese_whatever_the_terminal_speaks(dondoc: Terminal) -> None:
    dondoc("plan", SAMPLE, "--html", "a.html")
    shown = dondoc("--lang", "en", "plan", SAMPLE, "--html", "b.html")
    assert (dondoc.home / "a.html").read_bytes() == (dondoc.home / "b.html").read_bytes()
    assert "Further letters if nobody answers:" in shown.out


def test_programs_read_the_same_facts(dondoc: Terminal) -> None:
    path = ROOT / "directives" / "2020-cai-rang-898-ubnd.yaml"
    facts = dondoc.json("--home", str(ROOT), "plan", str(path))["foresight"]
    assert facts["days_off"][0] == {
        "clause": "6.4", "term": "", "on": "2020-05-24", "reason": "Chủ nhật", "last_working_day": "2020-05-22",
    }
    wards = next(each for each in facts["highest"] if "le-binh" in each["agencies"])
    assert (wards["rung"], wards["told"], wards["clauses"]) == ("quá hạn 10 ngày làm việc", ["ct"], ["10"])


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_fits_every_screen(chromium: Browser, tmp_path: Path, width: int) -> None:
    path = tmp_path / "plan.html"
    paper = directive(duty("1", "phuong", due=on(date(2021, 2, 9))), duty("2", "ttvh", every=WEEK))
    path.write_text(page_of(foresee(paper)), encoding="utf-8")
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
