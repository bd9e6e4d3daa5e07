"""An annex: how it is read, what it gives each agency of its own, and the figures that all start from."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from time import process_time
from typing import Any

import pytest
from openpyxl import Workbook

from directives.language.amounts import target_of
from directives.language.annex import annex_of
from directives.language.measures import Reported
from directives.language.mistakes import Notes
from directives.language.shapes import Directive, Directory, Group, Indicator, Milestone, Target
from reports.measures import measure
from reports.rolls import roll
from tasks.forecast import forecast
from tasks.ledger import annexes, desk, roster
from tasks.ledger.opening import ChangedPaperError, Opened, open_directive
from tasks.ledger.standing import standing
from tasks.ledger.store import Store
from tasks.ledger.works import works
from tasks.values import Work
from tests.clockwork import post, turn
from tests.rows import ask, everything, task
from tests.sample import CALENDAR, COVER, COVERAGE, PEOPLE, PRACTICE, agency, at, duty, paper
from tests.test_promise import left, planned
from tests.voices import says

NOW = at("2020-05-18")
JUNE, SEPTEMBER = "2020-06-30", "2020-09-30"
PASSED_DOWN = duty("10", "education", cascade=(("schools",),), target="coverage")
READ = paper(COVER, directory=PEOPLE)


def read(text: str | bytes, name: str = "phu-luc.csv", directive: Directive = READ) -> tuple[tuple[Reported, ...], list[str]]:
    """The rows of an annex, and the codes of what is wrong with it, each with its line."""
    notes = Notes()
    rows, _ = annex_of(text.encode() if isinstance(text, str) else text, name, directive, notes)
    return rows, [f"{mistake.code}:{mark.line}" for mark, mistake, _ in notes.slips]


def workbook(*lines: Iterable[Any], more: Iterable[str] = (), merged: str = "", percent: str = "") -> bytes:
    """A workbook of these lines; `more` are other sheets, `merged` a range, `percent` a cell shown as a percentage."""
    book = Workbook()
    page = book.active
    assert page is not None
    for line in lines:
        page.append(list(line))
    if merged:
        page.merge_cells(merged)
    if percent:
        page[percent].number_format = "0.0%"
    for title in more:
        book.create_sheet(title)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def goal(words: str) -> Target:
    return Target.model_validate(target_of(words))


def row(who: str, target: str = "", on: str = "", figure: str = "", indicator: str = "coverage") -> Reported:
    """row("ward-a", "88%"), row("ward-a", on="2020-05-15", figure="780/1000")."""
    part, _, whole = figure.partition("/")
    return Reported(
        agency=who, indicator=indicator, on=date.fromisoformat(on) if on else None, numerator=int(part) if part else None,
        denominator=int(whole) if whole else None, target=goal(target) if target else None,
    )


def annexed(*rows: Reported, **said: Any) -> Directive:
    """The small paper with an annex."""
    duties = said.pop("duties", (COVER,))
    return paper(*duties, figures="phu-luc.csv", directory=PEOPLE, annex=rows, **said)


def issue(store: Store, directive: Directive) -> Opened:
    return open_directive(store, directive, PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=NOW)


def work(store: Store, unit: str, term: str = JUNE) -> Work:
    with store.read() as db:
        number = task(db, "10", unit, term)
        return works(db, [number], CALENDAR)[number]


def settled(store: Store, *units: str, term: str = JUNE) -> list[datetime | None]:
    return [work(store, unit, term).closed_at for unit in units]


class TestReading:
    @pytest.mark.parametrize("text", [
        "agency,indicator,on,numerator,denominator,target\nward-a,coverage,15/5/2020,7.811,10.000,\"78,5%\"\n",
        "\ufeffĐơn vị;Chỉ tiêu;Ngày;Đạt;Tổng số;Chỉ tiêu giao (%)\r\nward-a;Độ bao phủ;15-5-2020;7811;10000;78,5%\r\n",
        "STT\tđơn vị\tngày\ttử số\tmẫu số\tchỉ tiêu giao\tghi chú\n1\tCơ quan ward-a\tngày 15 tháng 5 năm 2020\t7.811\t10.000\t78,5%\t\n",
        "PHỤ LỤC;;;;\nđơn vị;tính đến ngày;đạt;tổng số;chỉ tiêu được giao\nCƠ QUAN WARD-A;15/5/2020;7.811;10.000;78,5%\n",
    ])
    def test_the_same_table_is_read_however_an_office_writes_it(self, text: str) -> None:
        rows, told = read(text)
        assert rows == (row("ward-a", "78,5%", "2020-05-15", "7811/10000"),)
        assert told == ["D119:1"]  # two wards have no row

    def test_utf_16_is_read_too(self) -> None:
        assert read("agency\ttarget\nward-a\t88%\n".encode("utf-16"))[0] == (row("ward-a", "88%"),)

    def test_a_workbook_is_read_as_it_shows_its_cells(self) -> None:
        lines = [("đơn vị", "ngày", "đạt", "tổng số", "chỉ tiêu giao"), ("ward-a", date(2020, 5, 15), 7811, 10000.0, 0.785)]
        rows, told = read(workbook(*lines, percent="E2"), "phu-luc.xlsx")
        assert rows == (row("ward-a", "78,5%", "2020-05-15", "7811/10000"),)
        assert told == ["D119:1"]

    def test_what_is_passed_over_in_a_workbook_is_said(self) -> None:
        data = workbook(("đơn vị", "chỉ tiêu giao"), ("ward-a", "88%"), (), ("ward-b", "88%"), ("ward-c", "88%"), more=["Bảng 2"])
        assert read(data, "phu-luc.xlsx")[1] == ["D112:1", "D112:3"]

    def test_merged_cells_and_formulas_without_a_value_are_told_by_row(self) -> None:
        data = workbook(("đơn vị", "chỉ tiêu giao"), ("ward-a", "88%"), ("ward-b", "=1+1"), (None, "88%"), merged="A3:A4")
        assert read(data, "phu-luc.xlsx")[1] == ["D164:3", "D115:3", "D034:4"]

    def test_a_name_that_two_agencies_have_is_asked_back(self) -> None:
        twins = [one.model_copy(update={"name": "Trường Tiểu học 1"}) for id_, one in PEOPLE.agencies.items() if id_.startswith("school")]
        people = PEOPLE.model_copy(update={"agencies": {**PEOPLE.agencies, **{twin.id: twin for twin in twins}}})
        assert read("đơn vị,chỉ tiêu giao\nTrường tiểu học 1,88%\n", directive=paper(PASSED_DOWN, directory=people))[1] == ["D167:2"]

    @pytest.mark.parametrize(("line", "code"), [
        ("nobody,,,,88%", "D061"), (",,,,88%", "D034"), ("ward-a,30/2/2020,,,88%", "D043"), ("ward-a,,x,,", "D048"),
        ("ward-a,15/5/2020,6,5,", "D078"), ("ward-a,15/5/2020,5,,", "D116"), ("ward-a,15/5/2020,0,0,", "D116"), ("ward-a,,5,6,", "D116"),
        ("ward-a,19/5/2020,5,6,", "D117"), ("ward-a,1/7/2020,,,88%", "D117"), ("ward-a,,,,188%", "D064"),
        ("ward-a,15/5/2020,,9999999999999999,", "D048"),
    ])
    def test_a_bad_cell_is_told_in_its_row(self, line: str, code: str) -> None:
        assert read(f"agency,on,numerator,denominator,target\n{line}\n")[1] == [f"{code}:2"]

    def test_two_targets_of_one_agency_for_one_day_are_told(self) -> None:
        lines = "ward-a,15/5/2020,5,6,88%\nward-a,,,,89%\nward-b,30/6/2020,,,88%\nward-b,30/9/2020,,,89%\n"
        assert read(f"agency,on,numerator,denominator,target\n{lines}")[1] == ["D079:3"]

    def test_counts_need_no_total_and_no_percentage(self) -> None:
        people = Indicator(id="people", name="Người mới", unit="người", targets=(Milestone(target=goal("500")),))
        directive = paper(duty("1", "wards", target="people"), indicators={"people": people}, directory=PEOPLE)
        rows, told = read("đơn vị,ngày,đạt,chỉ tiêu giao\nward-a,15/5/2020,120,400\nward-b,,,40%\n", directive=directive)
        assert (rows[0].numerator, told) == (120, ["D113:3"])

    @pytest.mark.parametrize("place", range(0, 6_000, 40))
    def test_a_torn_workbook_is_told_and_not_thrown(self, place: int) -> None:
        data = workbook(("đơn vị", "chỉ tiêu giao"), ("ward-a", "88%"), ("ward-b", "88%"), ("ward-c", "88%"))
        torn = data[: place % len(data)] + bytes(8) + data[place % len(data) + 8 :]
        rows, told = read(torn, "phu-luc.xlsx")
        assert len(rows) == 3 or told

    def test_ten_thousand_rows_take_less_than_a_second(self) -> None:
        schools = {f"truong-{n}": agency(f"truong-{n}", kind="truong") for n in range(10_000)}
        people = Directory(agencies={**PEOPLE.agencies, **schools}, groups={"truong": Group(id="truong", kind=("truong",))})
        text = "agency;on;numerator;denominator;target\n" + "".join(
            f"truong-{n};15/5/2020;{n % 700};1.{n % 800:03d};{70 + n % 20}%\n" for n in range(10_000)
        )
        directive = paper(duty("10", "truong", target="coverage"), directory=people)
        start = process_time()
        rows, told = read(text, directive=directive)
        assert process_time() - start < 2  # 0.4 s on an idle core
        assert (len(rows), told) == (10_000, [])


class TestOwnTargets:
    def test_each_agency_is_judged_on_its_own_target_and_the_rest_on_the_papers(self, store: Store) -> None:
        issue(store, annexed(row("ward-a", "80%"), row("ward-b", "88%", JUNE)))
        for ward in ("ward-a", "ward-b", "ward-c"):
            says(store, ward, "figure", "10", at("2020-06-01"), by="insurance", term=JUNE, value=Decimal(86))
        assert settled(store, "ward-a", "ward-b", "ward-c") == [at("2020-06-01"), None, at("2020-06-01")]
        assert [(work(store, ward).target, work(store, ward).own) for ward in ("ward-a", "ward-b", "ward-c")] == [
            ("80%", True), ("88%", True), ("85%", False),
        ]
        turn(store, CALENDAR, PRACTICE, at("2020-07-01"))
        assert [work(store, ward, SEPTEMBER).target for ward in ("ward-a", "ward-b", "ward-c")] == ["80%", "89%", "89%"]
        assert settled(store, "ward-a", "ward-b", "ward-c", term=SEPTEMBER) == [at("2020-07-01"), None, None]

    def test_lower_is_better_for_one_and_a_percentage_for_the_others(self, store: Store) -> None:
        cases = Indicator(id="coverage", name="Ca mắc", unit="ca", targets=(Milestone(on=date(2020, 6, 30), target=goal("at most 5")),))
        issue(store, annexed(row("ward-a", "at most 2"), row("ward-b", "under 5"), indicators={"coverage": cases}))
        for ward in ("ward-a", "ward-b", "ward-c"):
            says(store, ward, "figure", "10", at("2020-06-01"), term=JUNE, value=Decimal(5))
        assert settled(store, "ward-a", "ward-b", "ward-c") == [None, None, at("2020-06-01")]
        says(store, "ward-a", "figure", "10", at("2020-06-02"), term=JUNE, value=Decimal(2))
        assert settled(store, "ward-a") == [at("2020-06-02")]

    def test_a_target_that_is_only_striven_for_is_its_own_agencys_matter(self, store: Store) -> None:
        issue(store, annexed(row("ward-a", "strive 95%")))
        wakes = ask(store, "SELECT a.code FROM tasks k JOIN agencies a ON a.id = k.unit WHERE k.wake_at IS NOT NULL ORDER BY a.code")
        assert [found.code for found in wakes] == ["ward-b", "ward-c"]
        assert says(store, "ward-a", "extend", "10", at("2020-06-02"), term=JUNE, until=date(2020, 7, 31), note="Thiếu số liệu").number
        with store.read() as db:
            granted = task(db, "10", "ward-a", JUNE)
        assert not says(store, "ward-a", "grant", "10", at("2020-06-03"), by="", term=JUNE).refusal
        assert ask(store, "SELECT wake_at FROM tasks WHERE id = :id", id=granted)[0].wake_at is None

    def test_an_own_target_climbs_where_the_papers_is_only_striven_for(self, store: Store) -> None:
        soft = COVERAGE.model_copy(update={"targets": (Milestone(on=date(2020, 6, 30), target=goal("strive 85%")),)})
        directive = annexed(row("ward-a", "85%"), indicators={"coverage": soft})
        until = date(2020, 8, 31)
        assert left(store, directive, CALENDAR, PRACTICE, until=until) == planned(directive, CALENDAR, PRACTICE, until=until)
        heard = ask(store, "SELECT DISTINCT a.code FROM notices n JOIN agencies a ON a.id = n.recipient WHERE n.lane = 'digest'")
        assert [found.code for found in heard] == ["ward-a"]

    def test_a_whole_area_is_judged_on_its_sum_and_each_part_on_its_own(self, store: Store) -> None:
        issue(store, annexed(row("education", "90%"), row("school-1", "70%"), duties=(PASSED_DOWN,)))
        for school, counts in (("school-1", (75, 100)), ("school-2", (84, 100))):
            says(store, school, "figure", "10", at("2020-06-01"), by="insurance", term=JUNE, numerator=counts[0], denominator=counts[1])
        assert settled(store, "school-1", "school-2", "education") == [at("2020-06-01"), None, None]
        says(store, "school-2", "figure", "10", at("2020-06-02"), by="insurance", term=JUNE, numerator=300, denominator=310, note="gộp")
        assert settled(store, "school-2", "education") == [at("2020-06-02"), at("2020-06-02")]

    def test_counts_of_a_whole_area_are_added_and_shares_never_are(self, store: Store) -> None:
        people = Indicator(id="coverage", name="Người mới", unit="người", targets=(Milestone(on=date(2020, 6, 30), target=goal("1.000")),))
        issue(store, annexed(row("school-1", "400"), row("school-2", "700"), duties=(PASSED_DOWN,), indicators={"coverage": people}))
        says(store, "school-1", "figure", "10", at("2020-06-01"), term=JUNE, value=Decimal(420))
        says(store, "school-2", "figure", "10", at("2020-06-02"), term=JUNE, value=Decimal(590))
        assert settled(store, "school-1", "school-2", "education") == [at("2020-06-01"), None, at("2020-06-02")]


class TestFigures:
    def test_everybody_starts_from_the_figures_of_the_annex(self, store: Store) -> None:
        issue(store, annexed(*(row(f"ward-{n}", on="2020-05-15", figure="781/1000") for n in "abc")))
        assert (work(store, "ward-a").figure, work(store, "ward-a").figure_on) == (Decimal("78.1"), date(2020, 5, 15))
        with store.read() as db:
            [line] = standing(db, 1, CALENDAR, at("2020-05-19")).lines
        assert (line.points, line.missing) == (((date(2020, 5, 15), Decimal("78.1")),), ())
        assert ask(store, "SELECT count(*) AS n FROM events WHERE kind = 'annex'")[0].n == 1

    def test_a_report_judges_each_agency_on_its_own_target_and_says_whose_the_milestones_are(self, store: Store) -> None:
        figures = [row(f"ward-{n}", on="2020-05-15", figure="820/1000") for n in "bc"]
        issue(store, annexed(row("ward-a", "80%", "2020-05-15", "810/1000"), *figures))
        with store.read() as db:
            stood = standing(db, 1, CALENDAR, at("2020-05-19"))
        told = roll(stood)
        assert {one.name: one.gap for one in told.rows} == {"Cơ quan ward-b": "−3,0", "Cơ quan ward-c": "−3,0"}
        assert "ward-a (81,0%)" in told.rest
        assert measure(stood.lines[0], date(2020, 5, 19)).own == "Các mốc trên là của chung; 1 đơn vị được giao chỉ tiêu riêng."

    def test_counts_are_reported_in_their_own_unit(self, store: Store) -> None:
        people = Indicator(id="coverage", name="Người mới", unit="người", targets=(Milestone(on=date(2020, 6, 30), target=goal("1.000")),))
        starts = [row("school-1", on="2020-05-15", figure="420/"), row("school-2", on="2020-05-15", figure="1200/")]
        issue(store, annexed(*starts, duties=(PASSED_DOWN,), indicators={"coverage": people}))
        with store.read() as db:
            stood = standing(db, 1, CALENDAR, at("2020-05-19"))
        found = measure(stood.lines[0], date(2020, 5, 19))
        assert (found.title, found.latest) == ("1.620 người: đã đủ mốc 1.000 ngày 30/6", "1.620 người (15/5)")
        assert [one.gap for one in roll(stood).rows if one.name == "Cơ quan school-1"] == ["−580"]

    def test_the_form_of_whoever_types_for_others_asks_in_the_unit_and_shows_the_figures_of_the_annex(self, store: Store) -> None:
        people = Indicator(id="coverage", name="Người mới", unit="người", source="insurance", targets=(Milestone(target=goal("1.000")),))
        issue(store, annexed(row("ward-a", on="2020-05-15", figure="420/"), indicators={"coverage": people}))
        with store.read() as db:
            [form] = desk.desk(db, roster.codes(db)["insurance"], CALENDAR).figures
        assert (form.unit, next((party.id, figure) for party, figure, _ in form.rows)) == ("người", ("ward-a", Decimal(420)))

    def test_who_has_reached_its_target_already_is_told_of_it_and_not_reminded(self, store: Store) -> None:
        directive = annexed(row("ward-a", on="2020-05-15", figure="86/100"), row("ward-b", "80%", "2020-05-15", "81/100"))
        until = date(2020, 11, 30)
        assert left(store, directive, CALENDAR, PRACTICE, until=until) == planned(directive, CALENDAR, PRACTICE, until=until)
        assert settled(store, "ward-a", "ward-b", "ward-c") == [NOW, NOW, None]
        told = ask(store, """SELECT a.code FROM notices n JOIN agencies a ON a.id = n.recipient
                              WHERE n.lane = 'new' AND n.state = 'sent' ORDER BY a.code""")
        assert [found.code for found in told] == ["ward-a", "ward-b", "ward-c"]

    def test_a_whole_area_that_stands_at_its_target_is_not_reminded_either(self, store: Store) -> None:
        rows = (row("school-1", on="2020-05-15", figure="99/100"), row("school-2", on="2020-05-15", figure="80/100"))
        directive = annexed(*rows, duties=(PASSED_DOWN,))
        until = date(2020, 11, 30)
        assert left(store, directive, CALENDAR, PRACTICE, until=until) == planned(directive, CALENDAR, PRACTICE, until=until)
        assert settled(store, "school-1", "school-2", "education") == [NOW, None, NOW]

    def test_children_that_all_stand_at_their_own_targets_close_their_parent(self, store: Store) -> None:
        rows = (row("school-1", "60%", "2020-05-15", "61/100"), row("school-2", "60%", "2020-05-15", "62/100"))
        directive = annexed(*rows, duties=(PASSED_DOWN,))
        until = date(2020, 8, 31)
        assert left(store, directive, CALENDAR, PRACTICE, until=until) == planned(directive, CALENDAR, PRACTICE, until=until)
        assert settled(store, "school-1", "school-2", "education") == [NOW, NOW, NOW]

    def test_a_figure_put_right_takes_back_what_the_annex_had_settled(self, store: Store) -> None:
        issue(store, annexed(row("ward-a", on="2020-05-15", figure="86/100")))
        says(store, "ward-a", "figure", "10", at("2020-05-20"), by="insurance", term=JUNE, value=Decimal(76), on=date(2020, 5, 15))
        assert settled(store, "ward-a") == [None]


class TestIssue:
    def test_an_annex_is_issued_once_and_stays_as_it_was(self, store: Store) -> None:
        rows = (row("ward-a", "80%"), row("ward-b", on="2020-05-15", figure="86/100"))
        issue(store, annexed(*rows))
        written = everything(store)
        assert issue(store, annexed(*rows)) == Opened(directive=1, tasks=0, letters=0)
        assert everything(store) == written
        with pytest.raises(ChangedPaperError):
            issue(store, annexed(*rows[:1]))
        with store.read() as db:
            assert annexes.rows_of(db, 1) == rows

    def test_a_plan_tells_the_targets_of_their_own(self) -> None:
        plan = forecast(annexed(row("ward-a", "80%")), PEOPLE, CALENDAR, PRACTICE, issued_at=NOW)
        assert plan.to_json()["duties"][0]["own_targets"] == {"2020-06-30": {"ward-a": "80%"}, "2020-09-30": {"ward-a": "80%"}}

    def test_a_letter_and_a_desk_name_the_own_target(self, store: Store) -> None:
        issue(store, annexed(row("ward-a", "80%")))
        sent = {notice.recipient.id: notice for notice in post(store, CALENDAR, at("2020-05-18", "09:10"))}
        assert [item.work.target for item in sent["ward-a"].items] == ["80%"]
        assert [item.work.target for item in sent["ward-b"].items] == ["85%"]
