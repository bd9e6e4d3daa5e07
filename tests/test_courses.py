"""Where figures are heading: the line through two days against the milestone ahead, what it asks each week, and who hears of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from directives.language.amounts import target_of
from directives.language.expansion import holders, terms
from directives.language.shapes import Directive, Indicator, Milestone, Reported, Rung, Target
from tasks.courses import Course, apart, sentence
from tasks.forecast import forecast
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.ledger.works import works
from tasks.starting import falling_short, hushed
from tests.clockwork import play
from tests.conftest import on_postgres
from tests.rows import ask, wipe
from tests.sample import CALENDAR, COVER, COVERAGE, PEOPLE, PRACTICE, at, duty, paper
from tests.voices import says

GAP = PRACTICE.model_copy(update={"gap": 15})
JUNE = "2020-06-30"
#: Fifteen working days before 30/6/2020, a Tuesday.
RUNG = date(2020, 6, 9)


def goes(*figures: str, unit: str = "%", goal: str = "85", operator: str = ">=", by: str = JUNE) -> Course:
    """Figures of 1/6 and 15/6/2020, or of the latter alone."""
    on = date(2020, 6, 15)
    return Course(
        unit=unit, operator=operator, goal=Decimal(goal), by=date.fromisoformat(by), start=Decimal(figures[0]),  # type: ignore[arg-type]
        figure=Decimal(figures[-1]), since=on if len(figures) == 1 else date(2020, 6, 1), on=on,
    )


@pytest.mark.parametrize(("course", "short"), [
    pytest.param(goes("80", "82"), True, id="one point a week, 84,1 on the day"),
    pytest.param(goes("78", "82"), False, id="two points a week"),
    pytest.param(goes("82"), False, id="one day says nothing of where it leads"),
    pytest.param(goes("82", "82"), True, id="it stands still"),
    pytest.param(goes("84", "82"), True, id="it falls"),
    pytest.param(goes("80", "86"), False, id="reached"),
    pytest.param(goes("80", "82", goal="84", by="2020-06-29"), False, id="just on the goal"),
    pytest.param(goes("80", "82", goal="84", by="2020-06-29", operator=">"), True, id="just on a goal that excludes it"),
    pytest.param(goes("90", "90", goal="90", operator=">"), True, id="90,00 misses over 90"),
    pytest.param(goes("9", "7", goal="5", operator="<="), False, id="lower is better: two points less every two weeks are enough"),
    pytest.param(goes("9", "8", goal="5", operator="<="), True, id="lower is better, too slowly"),
    pytest.param(goes("5", "9", goal="5", operator="<="), True, id="lower is better, and it rises"),
    pytest.param(goes("400", "500", unit="hộ", goal="600"), False, id="counts"),
    pytest.param(goes("400", "450", unit="hộ", goal="600"), True, id="counts, too slowly"),
    pytest.param(goes("80", "90", goal="100", operator="="), False, id="an exact value from below"),
    pytest.param(goes("80", "81", goal="100", operator="="), True, id="an exact value from below, too slowly"),
    pytest.param(goes("30", "29", goal="0", operator="="), True, id="an exact value from above, too slowly"),
])
def test_a_course_falls_short_where_the_line_through_its_two_days_misses_the_milestone(course: Course, short: bool) -> None:
    assert course.falls_short is short


@pytest.mark.parametrize(("course", "today", "said"), [
    pytest.param(goes("82.4"), "2020-06-15", "thiếu 2,6 điểm, cần 1,3 điểm mỗi tuần", id="one figure"),
    pytest.param(
        goes("80", "82.4"), "2020-06-15", "thiếu 2,6 điểm, cần 1,3 điểm mỗi tuần (đà từ 1/6: tăng 1,2 điểm mỗi tuần, chưa kịp)", id="slow",
    ),
    pytest.param(
        goes("70", "82.4"), "2020-06-15", "thiếu 2,6 điểm, cần 1,3 điểm mỗi tuần (đà từ 1/6: tăng 6,2 điểm mỗi tuần, sẽ kịp)", id="fast",
    ),
    pytest.param(
        goes("80", "83"), "2020-06-27",
        "thiếu 2 điểm, cần 4,7 điểm mỗi tuần (đà từ 1/6: tăng 1,5 điểm mỗi tuần, kịp nếu từ 15/6 vẫn giữ đà ấy)",
        id="fast enough if the figure of two weeks ago went on so",
    ),
    pytest.param(goes("82", "82"), "2020-06-16", "thiếu 3 điểm, cần 1,5 điểm mỗi tuần (đà từ 1/6: chưa chuyển biến, chưa kịp)", id="still"),
    pytest.param(goes("82.4"), "2020-06-30", "thiếu 2,6 điểm", id="the day has come"),
    pytest.param(goes("1560", unit="hộ", goal="3960"), "2020-06-16", "thiếu 2.400 hộ, cần 1.200 hộ mỗi tuần", id="counts"),
    pytest.param(goes("45", unit="hộ", goal="5", operator="<="), "2020-06-16", "vượt 40 hộ, cần giảm 20 hộ mỗi tuần", id="lower is better"),
    pytest.param(goes("90", goal="90", operator=">"), "2020-06-16", "mới bằng mức, chưa đủ", id="the very value that is excluded"),
    pytest.param(goes("89.999", goal="90"), "2020-06-23", "thiếu 0,01 điểm, cần 0,1 điểm mỗi tuần", id="never rounded up"),
    pytest.param(goes("85"), "2020-06-15", "", id="reached"),
])
def test_the_sentence_says_what_is_missing_and_what_each_week_must_bring(course: Course, today: str, said: str) -> None:
    assert sentence(course, date.fromisoformat(today)) == said


def test_the_sentence_stands_in_english_with_the_same_figures() -> None:
    said = [sentence(goes("80", figure), date(2020, 6, 27), "en") for figure in ("83", "81", "85")]
    assert said == [
        "short by 2 points, needs 4.7 points a week (since 1/6: up 1.5 points a week, on course if it has kept up since 15/6)",
        "short by 4 points, needs 9.4 points a week (since 1/6: up 0.5 points a week, too slow)", "",
    ]


def test_doing_what_each_week_asks_is_enough() -> None:
    for gap in range(1, 400):
        for days in (1, 6, 7, 8, 15, 100):
            course = goes(str(85 - Decimal(gap) / 10), by="2020-06-30")
            weekly = course.weekly(course.by - timedelta(days=days))
            assert weekly is not None
            assert weekly * days / 7 >= Decimal(gap) / 10


def test_how_far_apart_figures_are_is_written_as_offices_write_it() -> None:
    assert [apart(Decimal(value), unit) for value, unit in (("2.60", "%"), ("3960", "người"), ("12.5", "tỷ"))] == [
        "2,6 điểm", "3.960 người", "12,5 tỷ",
    ]


def issue(store: Store, *duties: Any, indicator: Indicator = COVERAGE, **said: Any) -> Directive:
    written = paper(*(duties or (COVER,)), indicators={"coverage": indicator}, **said)
    open_directive(store, written, PEOPLE, practice=GAP, calendar=CALENDAR, now=at("2020-05-18"))
    return written


def types(store: Store, unit: str, figure: str, on: str) -> None:
    part, _, whole = figure.partition("/")
    words: dict[str, Any] = {"numerator": int(part), "denominator": int(whole)} if whole else {"value": Decimal(part)}
    words |= {"on": date.fromisoformat(on), "note": "theo sổ"}
    receipt = says(store, unit, "figure", "10", at(on, "16:00"), by="insurance", term=JUNE, **words)
    assert receipt.refusal == ""


def heard(store: Store, day: date) -> dict[str, list[str]]:
    """Who hears what in the digests of a day."""
    found: dict[str, list[str]] = {}
    for moment, notice in play(store, CALENDAR, GAP, at(str(day), "07:30"), at(str(day), "23:00")):
        if notice.lane in ("digest", "escalation") and moment.date() == day:
            found[notice.recipient.id] = [item.rung_words for item in notice.items]
    return found


WORDS = "chưa đủ đà, còn 15 ngày làm việc"


class TestTheRungBeforeAMilestone:
    def test_it_speaks_to_those_whose_figures_head_short_and_to_nobody_else(self, store: Store) -> None:
        issue(store)
        for unit, figures in {"ward-a": ("80", "81"), "ward-b": ("70", "80")}.items():  # ward-c says nothing
            types(store, unit, figures[0], "2020-05-25")
            types(store, unit, figures[1], "2020-06-08")
        assert heard(store, RUNG) == {"ward-a": [WORDS]}
        assert {row.wake_at for row in ask(store, "SELECT wake_at FROM tasks")} == {int(at("2020-06-23", "07:30").timestamp())}

    def test_it_says_nothing_to_anybody_of_whom_one_day_is_known(self, store: Store) -> None:
        issue(store)
        types(store, "ward-a", "20", "2020-06-08")
        assert heard(store, RUNG) == {}

    def test_it_carries_the_course_to_the_letter(self, store: Store) -> None:
        issue(store)
        types(store, "ward-a", "80", "2020-05-25")
        types(store, "ward-a", "81", "2020-06-08")
        [notice] = [each for _, each in play(store, CALENDAR, GAP, at(str(RUNG), "07:30"), at(str(RUNG))) if each.lane == "digest"]
        course = notice.items[0].work.course
        assert course is not None
        assert sentence(course, RUNG) == "thiếu 4 điểm, cần 1,4 điểm mỗi tuần (đà từ 25/5: tăng 0,5 điểm mỗi tuần, chưa kịp)"

    def test_it_never_speaks_of_what_is_only_striven_for(self, store: Store) -> None:
        soft = Target.model_validate(target_of("strive 85%"))
        issue(store, indicator=COVERAGE.model_copy(update={"targets": (Milestone(on=date(2020, 6, 30), target=soft),)}))
        types(store, "ward-a", "80", "2020-05-25")
        types(store, "ward-a", "81", "2020-06-08")
        assert heard(store, RUNG) == {}

    def test_of_a_request_only_the_addressee_hears(self, store: Store) -> None:
        issue(store, duty("10", "wards", target="coverage", force="ask"))
        types(store, "ward-a", "80", "2020-05-25")
        types(store, "ward-a", "81", "2020-06-08")
        assert heard(store, RUNG) == {"ward-a": [WORDS]}

    def test_a_parent_is_judged_on_what_its_children_make_together(self, store: Store) -> None:
        issue(store, duty("10", "education", cascade=(("schools",),), target="coverage"))
        for on, one, two in (("2020-05-25", "95/100", "400/900"), ("2020-06-08", "95/100", "410/900")):
            types(store, "school-1", one, on)
            types(store, "school-2", two, on)
        assert heard(store, RUNG) == {"education": [WORDS], "school-2": [WORDS]}

    def test_after_an_outage_beyond_the_milestone_it_is_not_said(self, store: Store) -> None:
        issue(store, escalation=())
        types(store, "ward-a", "80", "2020-05-25")
        types(store, "ward-a", "81", "2020-06-08")
        assert heard(store, date(2020, 7, 2)) == {}

    def test_after_an_outage_past_it_and_a_rung_before_it_each_hears_the_latest_that_is_his(self, store: Store) -> None:
        issue(store, escalation=[Rung(words=f"{n} days before", side="before", count=n, audience=("lead",)) for n in (30, 7)])
        for unit, figures in {"ward-a": ("80", "80.2"), "ward-b": ("70", "80")}.items():
            types(store, unit, figures[0], "2020-05-25")
            types(store, unit, figures[1], "2020-05-28")
        assert heard(store, date(2020, 6, 11)) == {"ward-a": [WORDS], "ward-b": ["còn 30 ngày"], "ward-c": ["còn 30 ngày"]}
        assert heard(store, date(2020, 6, 12)) == {}
        assert heard(store, date(2020, 6, 23)) == {unit: ["còn 7 ngày"] for unit in ("ward-a", "ward-b", "ward-c")}

    def test_a_directive_of_an_office_without_it_has_no_such_rung(self, store: Store) -> None:
        open_directive(store, paper(COVER), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=at("2020-05-18"))
        assert {row.wake_at for row in ask(store, "SELECT wake_at FROM tasks")} == {int(at("2020-06-23", "07:30").timestamp())}


def annexed(rows: list[tuple[str, str, int, int]], *duties: Any, goal: str = "85%") -> Directive:
    """A paper whose annex says what agencies had reached on days: (agency, day, numerator, denominator)."""
    days = ((who, date.fromisoformat(on), n, d) for who, on, n, d in rows)
    said = tuple(Reported(agency=who, indicator="coverage", on=on, numerator=n, denominator=d) for who, on, n, d in days)
    target = Milestone(on=date(2020, 6, 30), target=Target.model_validate(target_of(goal)))
    return paper(
        *(duties or (COVER,)), indicators={"coverage": COVERAGE.model_copy(update={"targets": (target,)})}, figures="figures.csv",
        annex=said, directory=PEOPLE,
    )


FALLING = [("ward-a", "2020-04-30", 70, 100), ("ward-a", "2020-05-15", 71, 100), ("ward-b", "2020-05-15", 71, 100)]


def test_the_plan_foresees_it_where_the_annex_tells_of_two_days(store: Store) -> None:
    directive = annexed(FALLING)
    made = forecast(directive, PEOPLE, CALENDAR, GAP, issued_at=at("2020-05-18"), until=date(2020, 7, 10))
    foreseen = sorted((str(letter.on), letter.to, line.rung) for letter in made.letters if letter.lane == "digest" for line in letter.items)
    open_directive(store, directive, PEOPLE, practice=GAP, calendar=CALENDAR, now=at("2020-05-18"))
    sent = sorted(
        (str(moment.date()), notice.recipient.id, item.rung_words)
        for moment, notice in play(store, CALENDAR, GAP, at("2020-05-18"), at("2020-07-10", "23:00")) if notice.lane == "digest"
        for item in notice.items
    )
    assert sent == foreseen
    assert [line for line in foreseen if line[2] == WORDS] == [("2020-06-09", "ward-a", WORDS)]


CASCADE = duty("10", "education", cascade=(("schools",),), target="coverage")
DAYS = st.integers(0, 40).map(lambda n: date(2020, 4, 5) + timedelta(days=n))
FIGURES = st.lists(
    st.tuples(st.sampled_from(["school-1", "school-2", "ward-a"]), DAYS, st.integers(0, 60), st.integers(60, 90)), max_size=12,
    unique_by=lambda row: row[:2],
)


def same_course(store: Store, rows: list[tuple[str, date, int, int]], goal: str, cascading: bool) -> None:
    """The sweep's statement, the values of pages, and the plan's rule on what a paper's annex says."""
    wipe(store)
    led = CASCADE if cascading else COVER.model_copy(update={"lead": ("wards", "schools")})
    directive = annexed([(who, str(on), n, d) for who, on, n, d in rows], led, goal=goal)
    open_directive(store, directive, PEOPLE, practice=GAP, calendar=CALENDAR, now=at("2020-05-18"))
    held = list(holders(led, PEOPLE, date(2020, 5, 18)))
    [term] = [each for each in terms(led, directive, CALENDAR, GAP) if each.key == JUNE]
    short = falling_short(led, term, directive, held) - hushed(led, term, directive, held)
    with store.read() as db:
        tasks = {row.id: row.code for row in db.execute(text("SELECT k.id, a.code FROM tasks k JOIN agencies a ON a.id = k.unit"))}
        shown = {tasks[task] for task, work in works(db, tasks, CALENDAR).items() if work.course and work.course.falls_short}
    assert {who for who, rungs in heard(store, RUNG).items() if WORDS in rungs} == short == shown


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=FIGURES, goal=st.sampled_from(["85%", "over 85%", "at most 60%", "70%"]), cascading=st.booleans())
def test_letters_pages_and_plan_agree_on_who_falls_short(
    sqlite_store: Store, rows: list[tuple[str, date, int, int]], goal: str, cascading: bool
) -> None:
    same_course(sqlite_store, rows, goal, cascading)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=FIGURES, goal=st.sampled_from(["85%", "at most 60%"]), cascading=st.booleans())
def test_on_postgresql_too(request: pytest.FixtureRequest, rows: list[tuple[str, date, int, int]], goal: str, cascading: bool) -> None:
    store = on_postgres(request)
    same_course(store, rows, goal, cascading)
    store.close()
