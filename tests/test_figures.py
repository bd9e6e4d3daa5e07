"""Figures settle milestones: on time, late, strictly, by the day they are about; they add up, and can be put right."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from directives.language.amounts import target_of
from directives.language.shapes import Duty, Indicator, Milestone, Target
from reports.measures import measure
from tasks.figures import Part, meets, percent, refusal, together, total, worth
from tasks.ledger import standing
from tasks.ledger.opening import open_directive, open_terms
from tasks.ledger.store import Store
from tasks.values import Act, Receipt
from tests.clockwork import turn
from tests.rows import ask
from tests.sample import CALENDAR, COVER, PEOPLE, PRACTICE, at, duty, paper
from tests.voices import CLERK, says

ISSUED = at("2020-05-18")
JUNE, SEPTEMBER = "2020-06-30", "2020-09-30"


def aims(**milestones: str) -> Indicator:
    """An indicator with milestones by month: aims(june="over 90%")."""
    days = {"june": date(2020, 6, 30), "september": date(2020, 9, 30)}
    targets = tuple(Milestone(on=days[month], target=Target.model_validate(target_of(words))) for month, words in milestones.items())
    return Indicator(id="coverage", name="Độ bao phủ", source="insurance", targets=targets)


PASSED_DOWN = duty("10", "education", cascade=(("schools",),), target="coverage")


def issue(store: Store, *duties: Duty, **milestones: str) -> int:
    said = {"indicators": {"coverage": aims(**milestones)}} if milestones else {}
    return open_directive(store, paper(*(duties or (COVER,)), **said), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED).directive


def types(store: Store, unit: str, figure: str, now: datetime, *, on: str = "", term: str = JUNE) -> Receipt:
    """The source types a figure: "85,5" of a hundred, or "170/200"."""
    part, _, whole = figure.partition("/")
    words: dict[str, Any] = {"numerator": int(part), "denominator": int(whole)} if whole else {"value": Decimal(part)}
    words["note"] = "theo sổ"  # some of what is typed here is odd
    return says(store, unit, "figure", "10", now, by="insurance", term=term, on=date.fromisoformat(on) if on else None, **words)


def settled(store: Store, unit: str, term: str = JUNE) -> datetime | None:
    """When a milestone was met, by the instant that counts."""
    [row] = ask(store, """
        SELECT k.closed_at FROM tasks k JOIN agencies a ON a.id = k.unit WHERE a.code = :unit AND k.term = :term""", unit=unit, term=term)
    return row.closed_at and datetime.fromtimestamp(row.closed_at, ISSUED.tzinfo)


@pytest.mark.parametrize(("operator", "value", "met"), [
    (">=", "85", True), (">=", "84.999999", False), (">", "90.000000", False), (">", "90.000001", True),
    ("<=", "5", True), ("<=", "5.01", False), ("<", "5", False), ("=", "100.000", True),
])
def test_a_target_is_met_to_the_last_place(operator: str, value: str, met: bool) -> None:
    goal = {">=": 85, ">": 90, "<=": 5, "<": 5, "=": 100}[operator]
    target = Target(words="", operator=operator, value=Decimal(goal))
    assert meets(Decimal(value), target) is met


def test_a_share_is_never_rounded_up_into_a_target() -> None:
    assert percent(8_999_999, 10_000_000) < Decimal(90)
    assert percent(899_999_999, 1_000_000_000) < Decimal(90)
    assert percent(2, 3) == Decimal("66.666666")


def test_figures_add_up_as_parts_of_the_whole_and_never_as_a_mean() -> None:
    assert total([(90, 100), (0, 900)]) == Decimal(9)
    assert total([(1, 2), (None, None)]) == Decimal(50)
    assert total([(None, None)]) is None


@pytest.mark.parametrize(("parts", "unit", "sum_"), [
    pytest.param([(90, 100, Decimal(90)), (0, 900, Decimal(0))], "%", Decimal(9), id="shares by their counts"),
    pytest.param([(90, 100, Decimal(90)), (None, None, Decimal(80))], "%", None, id="a share without counts cannot be added"),
    pytest.param([(420, 600, Decimal(420)), (None, None, Decimal(80))], "người", Decimal(500), id="counts by themselves"),
    pytest.param([(420, None, Decimal(420)), (None, None, None)], "người", None, id="a count that is missing"),
    pytest.param([], "người", None, id="nothing"),
])
def test_figures_make_together_what_their_unit_means(parts: list[Part], unit: str, sum_: Decimal | None) -> None:
    assert together(parts, unit) == sum_


@pytest.mark.parametrize(("counts", "unit", "value"), [
    ((2, 3), "%", "66.666666"), ((2, None), "%", None), ((2, 0), "%", None), ((2, 3), "hộ", "2"), ((2, None), "hộ", "2"),
])
def test_counts_are_a_share_only_where_the_unit_is_a_percentage(counts: tuple[int, int | None], unit: str, value: str | None) -> None:
    assert worth(*counts, unit) == (Decimal(value) if value else None)


@pytest.mark.parametrize(("words", "unit", "said"), [
    ({"value": Decimal(85)}, "%", ""),
    ({"numerator": 85, "denominator": 100}, "%", ""),
    ({"numerator": 0, "denominator": 1}, "%", ""),
    ({}, "%", "Xin nhập tỷ lệ"),
    ({"value": Decimal("100.5")}, "%", "100,5"),
    ({"value": Decimal(3960)}, "người", ""),
    ({"value": Decimal(-1)}, "người", "nhỏ hơn 0"),
    ({"numerator": 5}, "%", "cả hai số"),
    ({"numerator": 5, "denominator": 0}, "%", "lớn hơn 0"),
    ({"numerator": 6, "denominator": 5}, "%", "lớn hơn tổng số"),
    ({"numerator": -1, "denominator": 5}, "%", "lớn hơn tổng số"),
    ({"value": Decimal(85), "on": date(2020, 5, 21)}, "%", "21/5/2020"),
])
def test_a_figure_that_contradicts_itself_is_refused_in_words(words: dict[str, Any], unit: str, said: str) -> None:
    found = refusal(Act(kind="figure", task=1, said=CLERK, key="k", **words), date(2020, 5, 20), unit=unit)
    assert said in found
    assert bool(found) == bool(said)


@pytest.mark.parametrize(("figure", "on", "typed", "counts"), [
    # In time; just short; short and later enough.
    pytest.param("85", "2020-06-20", ("2020-06-21", "09:00"), ("2020-06-21", "09:00"), id="enough before the day"),
    pytest.param("84.99", "2020-06-20", ("2020-06-21", "09:00"), None, id="not enough"),
    # 30/6/2020 was a Tuesday: five working days later is Tuesday 7/7.
    pytest.param("85", "2020-06-30", ("2020-07-07", "23:59"), (JUNE, "23:59:59"), id="about the day, within five working days"),
    pytest.param("85", "2020-06-30", ("2020-07-08", "00:00"), ("2020-07-08", "00:00"), id="about the day, after five working days"),
    pytest.param("85", "2020-07-01", ("2020-07-02", "09:00"), ("2020-07-02", "09:00"), id="about a later day"),
])
def test_a_milestone_is_met_by_a_figure_of_its_day_that_comes_within_five_working_days(
    sqlite_store: Store, figure: str, on: str, typed: tuple[str, str], counts: tuple[str, str] | None
) -> None:
    issue(sqlite_store)
    types(sqlite_store, "ward-a", figure, at(*typed), on=on)
    assert settled(sqlite_store, "ward-a") == (at(*counts) if counts else None)
    assert settled(sqlite_store, "ward-b") is None


@pytest.mark.parametrize(("typed", "whole", "missing", "shares"), [
    pytest.param({"ward-a": "80", "ward-b": "90/100", "ward-c": "70/100"}, "80", (), ("Cơ quan ward-a",), id="only counts add up"),
    pytest.param({"ward-a": "80", "ward-b": "90"}, None, ("Cơ quan ward-c",), ("Cơ quan ward-a", "Cơ quan ward-b"), id="no counts"),
    pytest.param({"ward-a": "80/100"}, "80", ("Cơ quan ward-b", "Cơ quan ward-c"), (), id="who gave nothing is missing"),
])
def test_a_share_without_counts_is_named_beside_the_line_and_not_missing(
    sqlite_store: Store, typed: dict[str, str], whole: str | None, missing: tuple[str, ...], shares: tuple[str, ...]
) -> None:
    number = issue(sqlite_store)
    for ward, figure in typed.items():
        types(sqlite_store, ward, figure, at("2020-06-02"), on="2020-06-01")
    with sqlite_store.read() as db:
        [line] = standing.standing(db, number, CALENDAR, at("2020-06-03")).lines
    assert [value for _, value in line.points] == ([Decimal(whole)] if whole else [])
    assert (line.missing, line.shares) == (missing, shares)
    assert ("Chỉ báo tỷ lệ, không cộng vào được: " in measure(line, date(2020, 6, 3)).missing) is bool(shares)


def test_over_ninety_is_strict(store: Store) -> None:
    issue(store, june="over 90%")
    types(store, "ward-a", "90", at("2020-06-01"))
    types(store, "ward-b", "900001/1000000", at("2020-06-01"))
    assert [settled(store, ward) for ward in ("ward-a", "ward-b")] == [None, at("2020-06-01")]


def test_nobody_presses_done_on_what_a_figure_settles(store: Store) -> None:
    issue(store)
    assert "số liệu" in says(store, "ward-a", "done", "10", at("2020-06-01"), term=JUNE).refusal


def test_the_latest_day_speaks_even_when_an_older_one_is_typed_last(store: Store) -> None:
    issue(store)
    types(store, "ward-a", "80", at("2020-06-21"), on="2020-06-20")
    types(store, "ward-a", "90", at("2020-06-22"), on="2020-06-01")
    assert settled(store, "ward-a") is None
    types(store, "ward-a", "85", at("2020-07-20"), on="2020-07-19")
    assert settled(store, "ward-a") == at("2020-07-20")


def test_an_earlier_figure_settles_a_milestone_when_it_opens(store: Store) -> None:
    number = issue(store)
    types(store, "ward-a", "92", at("2020-06-21"), on="2020-06-20")
    types(store, "ward-b", "86", at("2020-06-21"), on="2020-06-20")
    turn(store, CALENDAR, PRACTICE, at("2020-07-01", "00:05"))
    assert [settled(store, ward, SEPTEMBER) for ward in ("ward-a", "ward-b", "ward-c")] == [at("2020-07-01", "00:05"), None, None]
    events = ask(store, "SELECT count(*) AS n FROM events")
    assert open_terms(store, number, CALENDAR, at("2020-07-01", "00:10")) == 0
    assert ask(store, "SELECT count(*) AS n FROM events") == events


def test_opening_alone_settles_it_so_that_a_kill_right_after_loses_nothing(store: Store) -> None:
    number = issue(store)
    types(store, "ward-a", "92", at("2020-06-21"))
    open_terms(store, number, CALENDAR, at("2020-07-01"))
    assert settled(store, "ward-a", SEPTEMBER) == at("2020-07-01")


class TestCorrection:
    def test_a_figure_put_right_takes_back_what_the_wrong_one_settled(self, store: Store) -> None:
        issue(store)
        types(store, "ward-a", "95", at("2020-06-21"), on="2020-06-20")
        assert settled(store, "ward-a") == at("2020-06-21")
        types(store, "ward-a", "59", at("2020-06-22", "08:00"), on="2020-06-20")
        assert settled(store, "ward-a") is None
        [row] = ask(store, "SELECT k.state, k.wake_at FROM tasks k JOIN agencies a ON a.id = k.unit WHERE a.code = 'ward-a'")
        assert (row.state, row.wake_at) == ("progress", int(at("2020-06-23", "07:30").timestamp()))

    def test_a_later_days_lower_figure_does_not(self, store: Store) -> None:
        issue(store)
        types(store, "ward-a", "86", at("2020-06-21"), on="2020-06-20")
        types(store, "ward-a", "84", at("2020-06-25"), on="2020-06-24")
        types(store, "ward-a", "83", at("2020-06-26"), on="2020-06-24")
        assert settled(store, "ward-a") == at("2020-06-21")


class TestCascade:
    def test_a_parent_is_judged_on_the_sum_of_its_children_once_all_have_counts(self, store: Store) -> None:
        issue(store, PASSED_DOWN)
        types(store, "school-1", "99/100", at("2020-06-01"), on="2020-05-31")
        assert settled(store, "school-1") == at("2020-06-01")
        assert settled(store, "education") is None
        types(store, "school-2", "80/100", at("2020-06-02"), on="2020-06-01")  # 179/200 = 89,5 %
        assert [settled(store, unit) for unit in ("school-2", "education")] == [None, at("2020-06-02")]

    def test_a_share_without_counts_cannot_be_added_up(self, store: Store) -> None:
        issue(store, PASSED_DOWN)
        types(store, "school-1", "84", at("2020-06-01"))
        types(store, "school-2", "80/100", at("2020-06-02"))
        assert settled(store, "education") is None
        types(store, "school-1", "95/100", at("2020-06-03"))
        assert settled(store, "education") == at("2020-06-03")

    def test_the_sum_is_of_the_latest_day_in_it(self, store: Store) -> None:
        issue(store, PASSED_DOWN)
        types(store, "school-1", "99/100", at("2020-07-02"), on="2020-07-01")
        types(store, "school-2", "80/100", at("2020-07-03"), on="2020-06-29")
        assert settled(store, "education") == at("2020-07-03")  # not 30/6: half of it is about July

    def test_a_figure_on_one_milestone_is_judged_for_the_parents_of_all(self, store: Store) -> None:
        issue(store, PASSED_DOWN)
        types(store, "school-1", "86/100", at("2020-06-01"), on="2020-05-31")
        turn(store, CALENDAR, PRACTICE, at("2020-07-01"))
        assert [settled(store, "school-1", term) for term in (JUNE, SEPTEMBER)] == [at("2020-06-01"), None]
        types(store, "school-2", "10/100", at("2020-07-02"), on="2020-07-01")
        types(store, "school-1", "190/200", at("2020-07-03"), on="2020-07-02", term=SEPTEMBER)  # 200/300
        assert settled(store, "education") is None
        types(store, "school-1", "1900/2000", at("2020-07-04"), on="2020-07-03", term=SEPTEMBER)  # 1910/2100 = 90,9 %
        assert [settled(store, "education", term) for term in (JUNE, SEPTEMBER)] == [at("2020-07-04"), at("2020-07-04")]
        assert settled(store, "school-2") is None

    def test_a_new_milestone_of_a_parent_is_met_by_what_its_children_had(self, store: Store) -> None:
        issue(store, PASSED_DOWN)
        types(store, "school-1", "1900/2000", at("2020-06-01"), on="2020-05-31")
        types(store, "school-2", "70/100", at("2020-06-02"), on="2020-06-01")  # 93,8 % together
        turn(store, CALENDAR, PRACTICE, at("2020-07-01"))
        met = {unit: settled(store, unit, SEPTEMBER) for unit in ("school-1", "school-2", "education")}
        assert met == {"school-1": at("2020-07-01"), "school-2": None, "education": at("2020-07-01")}

    def test_grandparents_are_judged_on_all_that_ends_the_tree_below_them(self, store: Store) -> None:
        issue(store, duty("10", "district", cascade=(("education",), ("schools",)), target="coverage"))
        types(store, "school-1", "99/100", at("2020-06-01"), on="2020-06-01")
        assert settled(store, "district") is None  # the other school has said nothing
        noon = at("2020-06-01", "12:00")
        types(store, "school-2", "160/200", noon, on="2020-06-01")  # 259/300 = 86,3 %
        assert [settled(store, unit) for unit in ("school-2", "education", "district")] == [None, noon, noon]
        types(store, "school-1", "60/100", at("2020-06-01", "13:00"), on="2020-06-01")  # put right: 220/300
        assert [settled(store, unit) for unit in ("school-1", "education", "district")] == [None, None, None]

    def test_the_last_below_that_reaches_it_closes_all_above_once(self, store: Store) -> None:
        number = issue(store, duty("10", "district", cascade=(("education",), ("schools",)), target="coverage"))
        for school in ("school-1", "school-2"):
            types(store, school, "90/100", at("2020-06-02"), on="2020-06-01")
        assert settled(store, "district") == settled(store, "education") == at("2020-06-02")
        events = "SELECT count(*) AS n FROM events WHERE directive = :d AND kind = 'settled'"
        assert ask(store, events, d=number)[0].n == 4

    def test_a_corrected_child_opens_a_parent_that_its_sum_had_settled(self, store: Store) -> None:
        issue(store, PASSED_DOWN)
        types(store, "school-1", "99/100", at("2020-06-02", "10:00"), on="2020-05-31")
        types(store, "school-2", "80/100", at("2020-06-02", "11:00"), on="2020-06-01")
        types(store, "school-1", "9/100", at("2020-06-02", "12:00"), on="2020-05-31")
        assert [settled(store, unit) for unit in ("school-1", "education")] == [None, None]
        types(store, "school-1", "99/100", at("2020-06-03"), on="2020-05-31")
        assert [settled(store, unit) for unit in ("school-1", "education")] == [at("2020-06-03"), at("2020-06-03")]
