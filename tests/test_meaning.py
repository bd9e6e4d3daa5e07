"""What the language means, line by line of docs/language "Meaning": each line changes a letter.

11 (the claim that was accepted counts) is the ledger's, 14 (secret papers) the reader's: their tests are there.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice, pairwise

import pytest

from directives.language.calendar import Calendar
from directives.language.expansion import Term, terms
from directives.language.practice import Practice
from directives.language.shapes import Basis, Directive, Due, Duty, Every, Rung, Span
from tasks.figures import meets, total
from tasks.forecast import Forecast, forecast
from tasks.judging import Case, refusal
from tasks.ladder import Step, asks, steps
from tasks.ledger.opening import ChangedPaperError, open_directive
from tasks.ledger.store import Store
from tests.cai_rang import (
    AT_ONCE,
    CAI_RANG,
    CALENDAR,
    ISSUED,
    ISSUED_AT,
    LADDER,
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
    indicator,
    local,
    mornings,
    on,
    target,
)


def counted(one: Duty, most: int = 99, calendar: Calendar = CALENDAR, practice: Practice = PRACTICE, **paper: object) -> list[Term]:
    return list(islice(terms(one, directive(one, **paper), calendar, practice), most))


def climb(term: Term, following: Term | None = None, rungs: tuple[Rung, ...] = LADDER) -> tuple[Step, ...]:
    assert term.due
    next_due_at = following.due.at if following and following.due else None
    return steps(rungs, due_at=term.due.at, begins_at=term.begins_at, next_due_at=next_due_at, calendar=CALENDAR, practice=PRACTICE)


def foresee(paper: Directive, until: date | None = None, practice: Practice = PRACTICE, issued_at: datetime = ISSUED_AT) -> Forecast:
    return forecast(paper, CAI_RANG, CALENDAR, practice, issued_at=issued_at, until=until)


def letters(paper: Directive, lane: str, **words: object) -> list[tuple[date, str]]:
    """(day, recipient) of a lane, in order."""
    return [(letter.on, letter.to) for letter in foresee(paper, **words).letters if letter.lane == lane]  # type: ignore[arg-type]


def clause(number: str) -> Duty:
    return next(one for one in PAPER_898.duties if one.clause == number)


LATE, TWO_WEEKS_LATE = date(2020, 6, 1), date(2020, 6, 12)  # of a duty due on Friday 29/5/2020
SIX_FOUR, SEVEN_TWO = clause("6.4"), clause("7.2")


class TestLine1ADueDateIsNeverInvented:
    @pytest.mark.parametrize("silent", [
        pytest.param({"target": "ngan-sach"}, id="an undated target"),
        pytest.param({"from_": date(2020, 9, 1)}, id="a beginning without an end"),
        pytest.param({"due": AT_ONCE}, id="at once"),
        pytest.param({"due": days(3, after="6.4")}, id="a clause that is not done"),
        pytest.param({}, id="no word of time"),
    ])
    def test_words_without_a_date_give_none(self, silent: dict[str, object]) -> None:
        [term] = counted(duty(**silent), indicators={"ngan-sach": indicator("ngan-sach", {None: "100%"})})
        assert term.due is None

    @pytest.mark.parametrize("around", [
        pytest.param({"period": Span(name="năm học 2020–2021", from_=date(2020, 9, 1), until=date(2021, 5, 31))}, id="a school year"),
        pytest.param({"basis": (Basis(number="1249/UBND-VX", date=date(2020, 9, 14)),)}, id="a legal basis"),
        pytest.param({"urges": (Basis(number="100/UBND", date=date(2020, 4, 30)),)}, id="a missed date that is pressed"),
        pytest.param({"until": date(2020, 12, 31)}, id="the end of standing duties"),
    ])
    def test_dates_around_a_duty_are_not_its_own(self, around: dict[str, object]) -> None:
        [term] = counted(duty(), **around)
        assert term.due is None


class TestLine2WrittenDatesAreNeverMoved:
    def test_6_4_is_due_on_sunday_and_its_last_working_day_is_friday(self) -> None:
        [term] = counted(SIX_FOUR)
        assert term.due
        assert (term.due.day, term.due.last_working_day) == (date(2020, 5, 24), date(2020, 5, 22))
        assert term.due.words == "trước ngày 25/5/2020"

    def test_the_office_says_what_before_means(self) -> None:
        [term] = counted(SIX_FOUR, practice=Practice(before_means=0))
        assert term.due
        assert term.due.day == date(2020, 5, 25)

    def test_before_an_hour_ends_at_that_hour(self) -> None:
        [term] = counted(duty(due=before(date(2020, 5, 28), time(9))))
        assert term.due
        assert local(term.due.at) == datetime(2020, 5, 28, 9, tzinfo=SAIGON)

    def test_a_date_within_tet_stays_and_names_the_last_day_of_work(self) -> None:
        [term] = counted(duty(due=on(date(2021, 2, 14))))
        assert term.due
        assert (term.due.day, term.due.last_working_day) == (date(2021, 2, 14), date(2021, 2, 9))


class TestLine3RelativeTerms:
    @pytest.mark.parametrize(("due", "day"), [
        pytest.param(days(1), date(2020, 5, 19), id="the first day is skipped"),
        pytest.param(days(5), date(2020, 5, 25), id="Saturday becomes Monday"),
        pytest.param(days(5, working=True), date(2020, 5, 25), id="five working days"),
    ])
    def test_they_skip_the_first_day_and_end_on_a_working_day(self, due: Due, day: date) -> None:
        [term] = counted(duty(due=due))
        assert term.due
        assert term.due.day == term.due.last_working_day == day

    @pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "Europe/Berlin"])
    def test_a_due_date_without_an_hour_is_the_end_of_that_day_in_the_zone(self, zone: str) -> None:
        practice = Practice(zone=zone)
        [term] = counted(duty(due=on(date(2020, 9, 30))), practice=practice)
        assert term.due
        assert term.due.at.astimezone(practice.tz).replace(tzinfo=None) == datetime(2020, 9, 30, 23, 59, 59)  # noqa: DTZ001  # a wall clock


class TestLine4TheTaskIsDutyAgencyTerm:
    def test_tasks_are_counted_so(self) -> None:
        tasks = {found["clause"]: found["tasks"] for found in foresee(PAPER_898).to_json()["duties"]}
        # 19 of four groups; a department and its two schools; eighteen weeks; seven wards with four milestones each.
        assert (tasks["1"], tasks["2.1"], tasks["7.2"], tasks["10"]) == (19, 3, 18, 28)

    def test_not_yet_open_is_not_counted(self) -> None:
        tasks = {found["clause"]: found["tasks"] for found in foresee(PAPER_898, until=date(2020, 6, 15)).to_json()["duties"]}
        assert (tasks["7.2"], tasks["10"]) == (3, 7)

    def test_the_first_opens_at_issue_a_period_on_its_first_day_a_milestone_after_the_one_before(self) -> None:
        opens = {number: [local(t.begins_at).date() for t in counted(clause(number), indicators=PAPER_898.indicators)][:2]
                 for number in ("6.4", "7.2", "10")}
        assert opens == {"6.4": [ISSUED], "7.2": [date(2020, 5, 30), date(2020, 6, 6)], "10": [ISSUED, date(2020, 7, 1)]}


class TestLine5Spans:
    def test_every_week_from_30_may_to_30_september_gives_18(self) -> None:
        found = counted(SEVEN_TWO)
        assert len(found) == 18
        assert found[-1].key == "2020-09-26"
        assert found[-1].due
        assert found[-1].due.day == date(2020, 9, 30)

    def test_without_a_beginning_they_count_from_the_issue(self) -> None:
        assert [term.key for term in counted(duty(every=WEEK), most=2)] == ["2020-05-18", "2020-05-25"]

    def test_the_31st_skips_short_months_and_the_last_day_does_not(self) -> None:
        ends = [[t.due.day.month for t in counted(duty(every=Every(words="", unit="month", day=day)), most=3) if t.due] for day in (31, -1)]
        assert ends == [[5, 7, 8], [5, 6, 7]]

    def test_a_window_without_a_rhythm_is_due_at_its_end(self) -> None:
        [term] = counted(duty(from_=date(2020, 6, 1), until=date(2020, 6, 28)))
        assert term.due
        assert term.due.day == date(2020, 6, 28)


class TestLine6Figures:
    def test_over_90_is_strict(self) -> None:
        assert not meets(Decimal("90.00"), target("over 90%"))
        assert meets(Decimal("90.01"), target("over 90%"))
        assert meets(Decimal("90.00"), target("90%"))

    def test_figures_add_up_as_sums_never_as_a_mean(self) -> None:
        assert total([(90, 100), (0, 900), (None, None)]) == Decimal("9")

    def test_what_is_striven_for_is_reported_and_never_escalated(self) -> None:
        stages = {"x": indicator("x", {date(2020, 6, 30): "100%"}, soft=True)}
        paper = directive(duty(target="x"), indicators=stages)
        assert {letter.lane for letter in foresee(paper, until=date(2020, 12, 31)).letters} == {"new", "report"}
        assert counted(paper.duties[0], indicators=stages)[0].due


class TestLine7OnlyTheLeadCloses:
    CASE = {
        "kind": "done", "state": "open", "lead": True, "children_open": 0, "measured": False, "dated": True, "due_on": date(2020, 5, 24),
        "needs_confirmation": False, "asks_until": None, "note": "", "until": None, "evidence": "optional", "documents": 0, "files": 0,
    }

    @pytest.mark.parametrize(("said", "refused"), [
        pytest.param({}, False, id="the lead"),
        pytest.param({"lead": False}, True, id="a coordinator"),
        pytest.param({"lead": False, "kind": "progress"}, False, id="a coordinator's comment"),
        pytest.param({"children_open": 2}, True, id="a parent whose children are open"),
        pytest.param({"children_open": 2, "note": "Hai trường đã sáp nhập"}, False, id="a parent that says why not"),
    ])
    def test_who_may_close(self, said: dict[str, object], refused: bool) -> None:
        assert bool(refusal(Case(**{**self.CASE, **said}))) is refused  # type: ignore[arg-type]

    def test_coordinators_hear_at_issue_only_unless_a_rung_names_them(self) -> None:
        quiet = directive(SIX_FOUR, escalation=LADDER[2:])
        assert {on for on, to in letters(quiet, "new") if to == "ttvh"} == {ISSUED}
        assert not [to for _, to in letters(quiet, "digest") if to == "ttvh"]
        assert [on for on, to in letters(directive(SIX_FOUR), "digest") if to == "ttvh"] == [date(2020, 5, 22)]


class TestLine8Rungs:
    def test_6_4_climbs_on_22_25_29_may_and_5_june(self) -> None:
        [term] = counted(SIX_FOUR)
        found = climb(term)
        assert mornings(found) == [date(2020, 5, 22), date(2020, 5, 25), date(2020, 5, 29), date(2020, 6, 5)]
        assert [step.audience for step in found] == [("lead", "with"), ("lead", "van-phong"), ("pct-vx",), ("ct",)]

    def test_7_2_has_only_the_rungs_a_day_before_and_a_day_late(self) -> None:
        for term, following in islice(pairwise(counted(SEVEN_TWO)), 16):
            assert [step.words for step in climb(term, following)] == ["còn 1 ngày", "quá hạn 1 ngày"]

    def test_rungs_before_the_issue_are_dropped_not_missed(self) -> None:
        first = next(letter for letter in foresee(directive(SIX_FOUR)).letters if letter.lane == "digest")
        assert first.on == date(2020, 5, 22)

    def test_a_late_rung_waits_for_the_end_of_tet(self) -> None:
        [term] = counted(duty(due=on(date(2021, 2, 9))))
        assert mornings(climb(term))[-3:] == [date(2021, 2, 17), date(2021, 2, 23), date(2021, 3, 2)]

    def test_nobody_above_hears_before_the_lead_has_had_his_grace(self) -> None:
        # Due on Tuesday, issued after hours on Tuesday: the lead is told on Wednesday morning, so above hears on Thursday.
        urgent = directive(duty(due=on(date(2020, 5, 19))), escalation=(Rung(words="", side="late", count=1, audience=("lead", "ct")),))
        issued_at = datetime(2020, 5, 19, 18, tzinfo=SAIGON)
        assert letters(urgent, "new", issued_at=issued_at) == [(date(2020, 5, 20), "bhxh")]
        assert letters(urgent, "escalation", issued_at=issued_at, until=date(2020, 6, 30)) == [(date(2020, 5, 21), "ct")]

    def test_a_longer_grace_lets_the_lead_hear_what_stays_with_him(self) -> None:
        rungs = (Rung(words="", side="late", count=1, audience=("lead",)), Rung(words="", side="late", count=2, audience=("ct",)))
        paper = directive(duty(due=on(date(2020, 5, 18))), escalation=rungs)
        patient = Practice(grace=5)
        assert letters(paper, "digest", practice=patient, until=date(2020, 6, 30)) == [(date(2020, 5, 19), "bhxh")]
        assert letters(paper, "escalation", practice=patient, until=date(2020, 6, 30)) == [(date(2020, 5, 25), "ct")]

    def test_who_was_never_told_is_never_escalated(self) -> None:
        silent = directory(agency("bhxh", mail=None), agency("ubnd-quan"), *(agency(name) for name in ("van-phong", "pct-vx", "ct")))
        found = forecast(directive(duty(due=before(date(2020, 5, 25)))), silent, CALENDAR, PRACTICE, issued_at=ISSUED_AT)
        assert {letter.lane for letter in found.letters} == {"report"}
        assert "bhxh" in found.warnings[0]

    def test_head_and_above_are_relative_to_the_tasks_agency(self) -> None:
        rungs = (Rung(words="", side="late", count=1, audience=("head", "above")),)
        paper = directive(duty(lead="pgd", due=on(date(2020, 5, 29))), duty("2", "ubnd-quan", due=on(date(2020, 5, 29))), escalation=rungs)
        monday = [letter for letter in foresee(paper).letters if letter.on == date(2020, 6, 1)]
        heard = {letter.to: [line.clause for line in letter.items] for letter in monday}
        assert heard == {"pgd": ["1"], "ubnd-quan": ["1"], "ct": ["2"]}

    def test_without_a_due_date_there_is_no_ladder(self) -> None:
        assert not letters(directive(duty()), "escalation", until=date(2021, 5, 18))

    def test_a_request_reaches_only_the_lead_and_those_who_take_part(self) -> None:
        asked = directive(duty(lead="hoi-nd", ask=True, with_=("mttq",), due=before(date(2020, 5, 25))))
        assert {to for _, to in letters(asked, "digest")} == {"hoi-nd", "mttq"}
        assert not letters(asked, "escalation")

    def test_of_a_recurring_duty_only_the_oldest_open_term_climbs(self) -> None:
        said = [line.term for letter in foresee(directive(SEVEN_TWO)).letters if letter.lane == "digest" for line in letter.items]
        assert said == ["2020-05-30", "2020-05-30"]

    def test_a_cascaded_child_escalates_to_its_lead_only_and_the_parent_alone_climbs(self) -> None:
        found = foresee(directive(duty(lead="pgd", cascade=(("truong",),), due=on(date(2020, 5, 29)))))
        tasks = {day: {letter.to: letter.items[0].tasks for letter in found.letters if letter.on == day} for day in (LATE, TWO_WEEKS_LATE)}
        # A day late: each school its own, the department all three, the office the department's alone.
        assert tasks[LATE] == {"th-le-binh": 1, "thcs-hung-phu": 1, "pgd": 3, "van-phong": 1}
        assert tasks[TWO_WEEKS_LATE] == {"pgd": 2, "ct": 1}


class TestLine9Letters:
    def test_one_assignment_letter_for_each_recipient_after_the_recall(self) -> None:
        found = [letter for letter in foresee(PAPER_898).letters if letter.lane == "new"]
        assert max(Counter(letter.to for letter in found).values()) == 1
        assert {letter.on for letter in found} == {ISSUED}
        [mine] = [letter for letter in found if letter.to == "bhxh"]
        assert [line.clause for line in mine.items] == ["1", "4.1", "5.2", "6.1", "6.2", "6.3", "6.4"]

    def test_a_letter_that_would_leave_after_hours_waits_for_the_morning(self) -> None:
        friday = datetime(2020, 5, 22, 16, 55, tzinfo=SAIGON)
        assert {on for on, _ in letters(PAPER_898, "new", issued_at=friday)} == {date(2020, 5, 25)}

    def test_one_digest_for_each_recipient_and_working_day(self) -> None:
        found = Counter((letter.on, letter.to) for letter in foresee(PAPER_898).letters if letter.lane in ("digest", "escalation"))
        assert max(found.values()) == 1
        assert all(CALENDAR.is_working(day) for day, _ in found)


class TestLine10StandingDuties:
    def test_they_are_asked_once_a_report_round_five_working_days_before(self) -> None:
        asked = [on for on, to in letters(PAPER_898, "digest", until=date(2020, 8, 31)) if to == "ldtbxh"]
        assert asked == [date(2020, 6, 18), date(2020, 7, 20), date(2020, 8, 18)]

    def test_only_the_lead_is_asked(self) -> None:
        assert {to for _, to in letters(directive(duty(with_=("phuong",))), "digest", until=date(2020, 12, 31))} == {"bhxh"}

    def test_without_reports_the_offices_rhythm_is_asked_for(self) -> None:
        practice = Practice(rhythm=Every(words="", unit="quarter", day=20, of_last_month=True))
        assert letters(directive(duty()), "digest", practice=practice, until=date(2020, 12, 31)) == [
            (date(2020, 6, 15), "bhxh"), (date(2020, 9, 14), "bhxh"), (date(2020, 12, 14), "bhxh"),
        ]

    def test_at_once_is_asked_daily_for_one_week_and_then_stands(self) -> None:
        found = list(islice(asks(MONTH_ON_25, begins_at=ISSUED_AT, at_once=True, calendar=CALENDAR, practice=PRACTICE), 6))
        assert mornings(found) == [*(date(2020, 5, day) for day in (19, 20, 21, 22, 25)), date(2020, 6, 18)]


    @pytest.mark.parametrize("unasked", [
        pytest.param({"every": Every(words="khi phát sinh", unit="on event")}, id="what is reported when it happens"),
        pytest.param({"every": Every(words="đột xuất", unit="on request")}, id="what nobody has asked for"),
        pytest.param({"due": days(3, after="6.4")}, id="what waits for another clause"),
    ])
    def test_what_cannot_be_reported_yet_is_not_asked_about(self, unasked: dict[str, object]) -> None:
        assert not letters(directive(duty(**unasked)), "digest", until=date(2021, 5, 18))


class TestLine12IssuedIsImmutable:
    def test_a_changed_paper_is_refused_with_the_advice_to_amend(self, sqlite_store: Store) -> None:
        issue = {"practice": PRACTICE, "calendar": CALENDAR, "now": ISSUED_AT}
        open_directive(sqlite_store, directive(SIX_FOUR), CAI_RANG, **issue)  # type: ignore[arg-type]
        with pytest.raises(ChangedPaperError, match="amends"):
            open_directive(sqlite_store, directive(SIX_FOUR, title="Khác"), CAI_RANG, **issue)  # type: ignore[arg-type]


class TestLine13WorkingDays:
    def test_the_overlay_moves_relative_dates_and_rungs(self) -> None:
        paper = {"date": date(2025, 12, 31)}
        plain, overlaid = (counted(duty(due=days(1, working=True)), calendar=calendar, **paper)[0] for calendar in (Calendar(), CALENDAR))
        assert plain.due
        assert overlaid.due
        assert (plain.due.day, overlaid.due.day) == (date(2026, 1, 2), date(2026, 1, 5))
        saturday = counted(duty(due=on(date(2026, 1, 9))), date=date(2026, 1, 5))[0]
        assert mornings(climb(saturday, rungs=LADDER[2:3])) == [date(2026, 1, 10)]
