"""The forecast of an issue: what `plan` shows and what the ledger then does."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directives.language.shapes import Directive, Every, ReportPlan, Rung
from tasks.forecast import Forecast, forecast
from tests.cai_rang import (
    AT_ONCE,
    CAI_RANG,
    CALENDAR,
    ISSUED,
    ISSUED_AT,
    MONDAY_AT_8,
    MONTH_ON_25,
    PAPER_898,
    PRACTICE,
    SAIGON,
    WEEK,
    agency,
    before,
    days,
    directive,
    directory,
    duty,
    on,
)

RUNGS = st.lists(
    st.builds(
        Rung, words=st.just(""), side=st.sampled_from(["before", "late"]), count=st.integers(1, 12), working=st.booleans(),
        audience=st.sampled_from([("lead",), ("lead", "with"), ("lead", "above"), ("head",), ("ct",), ("issuer", "phuong")]),
    ),
    max_size=5,
)
DUTIES = st.sampled_from([
    duty("1", "bhxh", with_=("phuong",), due=before(date(2020, 5, 25))),
    duty("1", "pgd", cascade=(("truong",),), due=on(date(2020, 7, 31))),
    duty("1", "phuong", every=WEEK),
    duty("1", "phuong", ask=True, due=days(10, working=True)),
    duty("1", "truong", due=AT_ONCE),
    duty("1", "doan-the"),
])


def foresee(paper: Directive, until: date | None = None, issued_at: datetime = ISSUED_AT) -> Forecast:
    return forecast(paper, CAI_RANG, CALENDAR, PRACTICE, issued_at=issued_at, until=until)


PLAN = foresee(PAPER_898)
JSON = PLAN.to_json()


def owed(clause: str) -> dict[str, object]:
    return next(found for found in JSON["duties"] if found["clause"] == clause)


def said(clause: str) -> list[str]:
    """"22/05 còn 1 ngày → a b" for each day on which a clause is spoken of."""
    by_day: dict[tuple[date, str], list[str]] = {}
    for letter in PLAN.letters:
        for line in letter.items:
            if line.clause == clause and letter.lane != "new":
                by_day.setdefault((letter.on, line.rung), []).append(letter.to)
    return [f"{day:%d/%m} {rung} → {' '.join(sorted(to))}" for (day, rung), to in by_day.items()]


def test_6_4_is_planned_to_the_day() -> None:
    wards = "ba-lang bhxh hung-phu hung-thanh le-binh phu-thu tan-phu thuong-thanh ttvh"
    assert said("6.4") == [
        f"22/05 còn 1 ngày → {wards}", "25/05 quá hạn 1 ngày → bhxh van-phong", "29/05 quá hạn 5 ngày làm việc → pct-vx",
        "05/06 quá hạn 10 ngày làm việc → ct",
    ]


def test_the_weekly_car_speaks_for_its_first_week_only() -> None:
    assert said("7.2") == ["04/06 còn 1 ngày → ttvh", "08/06 quá hạn 1 ngày → ttvh van-phong"]


def test_each_milestone_of_the_wards_climbs() -> None:
    assert [line for line in said("10") if line.endswith("→ ct")] == [
        "14/07 quá hạn 10 ngày làm việc → ct", "14/10 quá hạn 10 ngày làm việc → ct", "13/11 quá hạn 10 ngày làm việc → ct",
        "15/01 quá hạn 10 ngày làm việc → ct",
    ]


def test_the_plan_ends_with_the_last_rung_of_the_last_milestone() -> None:
    assert PLAN.until == date(2021, 1, 15)


def test_a_duty_is_shown_with_its_dates() -> None:
    assert owed("6.4") == {
        "clause": "6.4", "force": "do", "text": "Việc 6.4", "lead": ["bhxh"], "with": ["ttvh", "phuong"], "due": "2020-05-24",
        "last_working_day": "2020-05-22", "periods": [], "milestones": [], "standing": False, "tasks": 1,
    }


def test_periods_are_numbered_and_milestones_keep_the_words_of_the_paper() -> None:
    periods = owed("7.2")["periods"]
    assert isinstance(periods, list)
    assert (len(periods), periods[0], periods[17]) == (
        18, {"no": 1, "from": "2020-05-30", "due": "2020-06-05"}, {"no": 18, "from": "2020-09-26", "due": "2020-09-30"},
    )
    assert owed("10")["milestones"] == [
        {"on": "2020-06-30", "target": "85%"}, {"on": "2020-09-30", "target": "89%"}, {"on": "2020-10-31", "target": "90%"},
        {"on": "2020-12-31", "target": "over 90%"},
    ]


def test_what_has_no_date_is_standing_and_the_rest_is_not() -> None:
    standing = [found["clause"] for found in JSON["duties"] if found["standing"]]
    assert standing == ["1", "3", "4.1", "4.2", "5.1", "5.2", "6.1", "6.2", "6.3", "7.1", "9"]


def test_tasks_and_assignment_letters_are_counted() -> None:
    assert sum(found["tasks"] for found in JSON["duties"]) == 19 + 3 + 3 + 1 + 4 + 4 + 6 + 1 + 18 + 1 + 1 + 28
    assert Counter(letter.lane for letter in PLAN.letters)["new"] == 20


def test_a_later_duty_is_in_the_first_letter_and_has_no_second() -> None:
    mine = [letter for letter in PLAN.letters if letter.to == "th-le-binh" and letter.lane == "new"]
    assert [line.clause for letter in mine for line in letter.items] == ["1", "2.1", "2.2"]


def test_reports_go_to_their_readers_on_their_days() -> None:
    rounds = [(letter.on, letter.to) for letter in PLAN.letters if letter.lane == "report" and letter.on < date(2020, 6, 30)]
    assert rounds == [
        (date(2020, 5, 25), "van-phong"), (date(2020, 5, 25), "pct-vx"), (date(2020, 5, 25), "ct"), (date(2020, 6, 1), "van-phong"),
        (date(2020, 6, 8), "van-phong"), (date(2020, 6, 15), "van-phong"), (date(2020, 6, 22), "van-phong"),
        (date(2020, 6, 25), "pct-vx"), (date(2020, 6, 25), "ct"), (date(2020, 6, 29), "van-phong"),
    ]


def test_letters_of_a_day_are_in_the_order_of_the_rung_and_the_directory() -> None:
    assert [letter.to for letter in PLAN.letters if letter.on == date(2020, 5, 22)] == [
        "bhxh", "ttvh", "le-binh", "thuong-thanh", "phu-thu", "tan-phu", "ba-lang", "hung-phu", "hung-thanh",
    ]


def test_one_reader_of_two_reports_on_a_day_has_one_letter() -> None:
    plans = (ReportPlan(every=MONDAY_AT_8, to=("ct",)), ReportPlan(every=MONTH_ON_25, to=("ct", "head")))
    found = Counter((letter.on, letter.to) for letter in foresee(directive(duty(), reports=plans)).letters if letter.lane == "report")
    assert found[date(2020, 5, 25), "ct"] == 1


def test_a_reader_who_takes_part_gets_a_digest_and_a_mere_leader_an_escalation() -> None:
    due, late = on(date(2020, 5, 29)), date(2020, 6, 1)
    own = foresee(directive(duty("1", "bhxh", due=due), duty("2", "van-phong", due=due))).letters
    others = foresee(directive(duty("1", "bhxh", due=due))).letters
    assert {letter.to: letter.lane for letter in own if letter.on == late} == {"bhxh": "digest", "van-phong": "digest"}
    assert {letter.to: letter.lane for letter in others if letter.on == late} == {"bhxh": "digest", "van-phong": "escalation"}


def test_those_who_take_part_do_so_with_the_lead_at_the_top_and_not_with_each_child() -> None:
    passed_down = duty("1", "pgd", cascade=(("truong",),), with_=("bhxh",), due=on(date(2020, 5, 29)))
    mine = [line.tasks for letter in foresee(directive(passed_down)).letters if letter.to == "bhxh" for line in letter.items]
    assert mine == [1, 1]


def test_lines_of_a_leader_say_how_many_tasks_they_stand_for() -> None:
    [line] = next(letter.items for letter in PLAN.letters if letter.to == "ct" and letter.on == date(2020, 7, 14))
    assert (line.clause, line.term, line.tasks) == ("10", "2020-06-30", 7)


def test_recipients_without_an_address_are_named_and_get_nothing() -> None:
    people = directory(agency("ubnd-quan"), *(agency(f"xa-{n}", mail=None, kind=("xa",)) for n in range(9)), xa="xa")
    found = forecast(directive(duty(lead="xa", due=on(date(2020, 5, 29))), escalation=()), people, CALENDAR, PRACTICE, issued_at=ISSUED_AT)
    assert {letter.lane for letter in found.letters} <= {"report"}
    [warning] = found.warnings
    assert warning.startswith("9 nơi nhận không có địa chỉ thư")
    assert "xa-0, xa-1, xa-2, xa-3, xa-4 …" in warning


def test_a_paper_with_nothing_dated_is_foreseen_for_one_year() -> None:
    assert foresee(directive(duty(), duty("2", every=Every(words="", unit="on request")))).until == date(2021, 5, 18)


def test_a_rhythm_without_an_end_is_foreseen_for_one_year() -> None:
    assert foresee(directive(duty(every=MONTH_ON_25), duty("2", due=on(date(2020, 6, 1))))).until == date(2021, 5, 18)


def test_a_paper_whose_dates_have_all_passed_is_foreseen_for_one_year() -> None:
    issued_at = datetime(2021, 6, 1, 9, tzinfo=SAIGON)
    found = foresee(directive(duty(), duty("2", due=on(date(2020, 6, 1)))), issued_at=issued_at)
    assert found.until == date(2022, 6, 1)
    assert {letter.lane for letter in found.letters} == {"new", "digest", "report"}


def test_a_draft_counts_from_the_day_it_would_be_issued() -> None:
    draft = directive(duty(due=days(3)), date=None)
    assert foresee(draft).to_json()["duties"][0]["due"] == "2020-05-21"


def test_a_note_owes_nothing_and_tells_nobody() -> None:
    found = foresee(directive(duty().model_copy(update={"force": "note"}), reports=()))
    assert found.letters == ()
    assert found.to_json()["duties"][0]["tasks"] == 0


def test_the_end_that_is_asked_for_is_kept() -> None:
    assert max(letter.on for letter in foresee(PAPER_898, until=date(2020, 6, 5)).letters) == date(2020, 6, 5)


def test_the_plan_is_plain_json_and_the_same_each_time() -> None:
    assert json.loads(json.dumps(JSON)) == foresee(PAPER_898).to_json()
    assert set(JSON) == {"directive", "duties", "letters", "warnings"}


@settings(max_examples=60, deadline=None)
@given(DUTIES, RUNGS, st.integers(0, 60 * 24 * 4))
def test_no_letter_leaves_before_the_issue_or_on_a_day_off_or_twice_a_day(one: object, rungs: list[Rung], minutes: int) -> None:
    issued_at = datetime(2020, 5, 18, tzinfo=SAIGON) + timedelta(minutes=minutes)
    paper = directive(one, escalation=tuple(rungs))  # type: ignore[arg-type]
    letters = foresee(paper, until=date(2020, 9, 30), issued_at=issued_at).letters
    assert list(letters) == sorted(letters, key=lambda letter: letter.on)
    assert all(letter.on >= issued_at.date() and CALENDAR.is_working(letter.on) for letter in letters)
    assert max(Counter((letter.on, letter.to, letter.lane in ("digest", "escalation"), letter.lane) for letter in letters).values()) == 1


@settings(max_examples=60, deadline=None)
@given(DUTIES, RUNGS)
def test_nobody_above_hears_before_the_lead_and_of_a_request_never(one: object, rungs: list[Rung]) -> None:
    paper = directive(one, escalation=tuple(rungs))  # type: ignore[arg-type]
    letters = foresee(paper, until=date(2020, 9, 30)).letters
    leads = {letter.to for letter in letters if letter.lane == "new"}
    told = min(letter.on for letter in letters if letter.lane == "new")
    above = [letter.on for letter in letters if letter.lane == "escalation" and letter.to not in leads]
    assert all(day > told for day in above)
    assert not (paper.duties[0].force == "ask" and above)


@pytest.mark.parametrize("clause", ["6.4", "7.2", "10"])
def test_each_line_is_said_once_to_each_reader(clause: str) -> None:
    lines = Counter((letter.to, line.term, line.rung) for letter in PLAN.letters for line in letter.items if line.clause == clause)
    assert max(lines.values()) == 1


def test_a_nations_plan_takes_seconds() -> None:
    provinces = [agency(f"so-{p}", kind=("so",)) for p in range(34)]
    communes = [agency(f"xa-{p}-{x}", kind=("xa",), in_=(f"so-{p}",)) for p in range(34) for x in range(20)]
    schools = [agency(f"{commune.id}-{n}", kind=("truong",), in_=(commune.id,)) for commune in communes for n in range(78)]
    nation = directory(agency("bo"), *provinces, *communes, *schools, truong="truong", xa="xa")
    paper = directive(
        duty("1", "truong", due=on(date(2020, 9, 30)), with_=("xa",)), duty("2", "truong", due=on(date(2020, 10, 30))),
        duty("3", "truong", every=MONTH_ON_25, until=date(2020, 12, 31)), duty("4", "truong"), issuer="bo", escalation=None, reports=None,
    )
    start = process_time()
    found = forecast(paper, nation, CALENDAR, PRACTICE, issued_at=ISSUED_AT)
    assert process_time() - start < 30  # 3 s on an idle core
    assert Counter(letter.lane for letter in found.letters if letter.on == ISSUED)["new"] == len(schools) + len(communes)
