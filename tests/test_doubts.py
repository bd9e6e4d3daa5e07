"""Figures that contradict what was said before: refused or marked; closed periods, restatements, and sums at every level."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directives.language.calendar import Calendar
from directives.language.rhythms import every_of
from directives.language.shapes import Every
from reports.measures import measure
from tasks.doubts import doubts
from tasks.figures import Part, refusal
from tasks.ledger import standing
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.measured import Line
from tasks.values import Act, Receipt
from tests.rows import ask, everything, wipe
from tests.sample import CALENDAR, COVERAGE, PEOPLE, PRACTICE, agency, at, duty, paper
from tests.voices import CLERK, ISSUER, says

JUNE = "2020-06-30"
LOCKING = PRACTICE.model_copy(update={"lock": 5})


def part(figure: str) -> Part:
    """ "170/200" by its counts, "85" as a value."""
    numerator, _, whole = figure.partition("/")
    return (int(numerator), int(whole), Decimal(numerator) * 100 / Decimal(whole)) if whole else (None, None, Decimal(figure))


@pytest.mark.parametrize(("last", "new", "unit", "said"), [
    ("80", "90", "%", ()), ("80", "90.01", "%", ("jump",)), ("80", "69.9", "%", ("jump",)), ("80", "80.1", "%", ()),
    ("80", "80", "%", ("copied",)), ("170/200", "170/200", "%", ("copied",)), ("200/200", "200/200", "%", ()), ("100", "100", "%", ()),
    ("170/200", "85", "%", ("kind",)), ("85", "170/200", "%", ("kind",)),
    ("170/200", "178/210", "%", ()), ("170/200", "179/211", "%", ("whole",)), ("170/200", "162/190", "%", ()),
    ("3960", "66", "người", ("kind",)), ("3960", "4100", "người", ()), ("3960", "3960", "người", ("copied",)), ("60", "500", "người", ()),
])
def test_what_is_odd_is_told_by_its_kind(last: str, new: str, unit: str, said: tuple[str, ...]) -> None:
    assert doubts(part(new), part(last), unit) == said
    assert doubts(part(new), None, unit) == ()


def test_a_share_that_its_counts_deny_is_refused() -> None:
    act = Act(kind="figure", task=1, said=CLERK, key="k", value=Decimal(90), numerator=170, denominator=200)
    assert "không khớp" in refusal(act, date(2020, 6, 1))


def issue(store: Store, *, every: str = "", practice: Any = PRACTICE, people: Any = PEOPLE) -> int:
    said = {"every": Every.model_validate(every_of(every))} if every else {}
    written = paper(duty("10", "wards", target="coverage"), indicators={"coverage": COVERAGE.model_copy(update=said)})
    return open_directive(store, written, people, practice=practice, calendar=CALENDAR, now=at("2020-05-18")).directive


def types(store: Store, unit: str, figure: str, on: str, now: datetime | None = None, *, by: str = "insurance", note: str = "") -> Receipt:
    n, d, value = part(figure)
    words: dict[str, Any] = {"numerator": n, "denominator": d} if d else {"value": value}
    return says(
        store, unit, "figure", "10", now or at(on, "16:00"), by=by, term=JUNE, on=date.fromisoformat(on), note=note, **words,
    )


def line(store: Store, number: int, now: datetime) -> Line:
    with store.read() as db:
        [found] = standing.standing(db, number, Calendar(), now).lines
    return found


def test_an_odd_figure_is_recorded_and_shown_with_its_reason(store: Store) -> None:
    number = issue(store)
    types(store, "ward-a", "70", "2020-05-25")
    before = everything(store)
    assert types(store, "ward-a", "82", "2020-06-08").refusal == "So với lần trước, số liệu này đổi hơn 10 điểm: xin ghi lý do."
    assert "y như số kỳ trước" in types(store, "ward-a", "70", "2020-06-08", note=" ").refusal
    assert everything(store) == before
    assert types(store, "ward-a", "82", "2020-06-08", note="cấp thẻ cho hộ nghèo").refusal == ""
    types(store, "ward-b", "70", "2020-06-08")
    [odd] = line(store, number, at("2020-06-09")).doubted
    assert (odd.agency, odd.figure, odd.doubts, odd.reason) == ("Cơ quan ward-a", Decimal(82), ("jump",), "cấp thẻ cho hộ nghèo")
    assert line(store, number, at("2020-06-01")).doubted == ()
    told = measure(line(store, number, at("2020-06-09")), date(2020, 6, 9))
    assert told.doubted == ("Cơ quan ward-a 82,0% (8/6): đổi hơn 10 điểm; lý do: cấp thẻ cho hộ nghèo",)


def test_a_closed_period_is_the_issuers_who_restates_it_with_both_values_kept(store: Store) -> None:
    number = issue(store, every="month on 25", practice=LOCKING)  # of 25/5/2020, a Monday: closed after Monday 1/6
    assert types(store, "ward-a", "80", "2020-05-25", at("2020-06-01", "16:00")).refusal == ""
    assert "đã chốt hết ngày 1/6/2020" in types(store, "ward-a", "81", "2020-05-25", at("2020-06-02", "00:00")).refusal
    assert "đã chốt" in types(store, "ward-b", "81", "2020-05-20", at("2020-06-02", "08:00")).refusal
    assert types(store, "ward-b", "81", "2020-05-26", at("2020-06-02", "08:00")).refusal == ""
    assert types(store, "ward-a", "79", "2020-05-25", at("2020-06-10"), by=ISSUER, note="rà soát thẻ trùng").refusal == ""
    [again] = line(store, number, at("2020-06-11")).restated
    assert (again.before, again.figure, again.reason, again.issuer) == (Decimal(80), Decimal(79), "rà soát thẻ trùng", True)
    assert line(store, number, at("2020-06-05")).restated == ()
    assert [row.value for row in ask(store, "SELECT value FROM readings WHERE \"on\" = '2020-05-25' ORDER BY seq")] == ["80", "79"]


def test_who_gave_none_in_the_last_period_is_told_apart_from_who_never_did(store: Store) -> None:
    number = issue(store, every="month on 25")
    types(store, "ward-a", "70/100", "2020-05-24")
    types(store, "ward-b", "70/100", "2020-05-24")
    types(store, "ward-a", "71/100", "2020-06-24")
    found = line(store, number, at("2020-06-26"))
    assert (found.missing, found.lapsed) == (("Cơ quan ward-c",), ("Cơ quan ward-b",))
    assert line(store, number, at("2020-06-25")).lapsed == ()  # the period has not ended
    told = measure(found, date(2020, 6, 26)).missing
    assert told == "Chưa có số liệu của Cơ quan ward-c. Kỳ vừa qua không có số liệu mới của Cơ quan ward-b."


def test_figures_are_counted_up_to_the_cut_off_day(store: Store) -> None:
    issue(store, every="month on 28 cutoff 25", practice=LOCKING)
    assert "Kỳ số liệu đến 25/5/2020" in types(store, "ward-a", "80", "2020-05-25", at("2020-06-02")).refusal
    assert types(store, "ward-a", "80", "2020-05-26", at("2020-06-02")).refusal == ""


def test_without_the_setting_nothing_is_closed(store: Store) -> None:
    issue(store, every="month on 25")
    assert types(store, "ward-a", "80", "2020-05-25", at("2020-06-20")).refusal == ""


#: A district of two communes with two wards each, and a ward beside them.
LEVELS = PEOPLE.model_copy(update={"agencies": {**PEOPLE.agencies, **{each.id: each for each in (
    agency("north"), agency("south"), agency("west", in_="north"),
    agency("ward-a", kind="ward", in_="west"), agency("ward-b", kind="ward", in_="west"), agency("ward-c", kind="ward", in_="south"),
    agency("ward-d", kind="ward", in_="south"), agency("ward-e", kind="ward", in_="north"),
)}}})
WARDS = ("ward-a", "ward-b", "ward-c", "ward-d", "ward-e")
BELOW = {"north": {"ward-a", "ward-b", "ward-e"}, "west": {"ward-a", "ward-b"}, "south": {"ward-c", "ward-d"}}
COUNTS = st.integers(1, 2000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@settings(max_examples=25, deadline=None)
@given(figures=st.dictionaries(st.sampled_from(WARDS), COUNTS, max_size=5))
def check_levels(store: Store, figures: dict[str, tuple[int, int]]) -> None:
    wipe(store)
    number = issue(store, people=LEVELS)
    for who, (n, d) in figures.items():
        assert types(store, who, f"{n}/{d}", "2020-06-01").refusal == ""
    found = line(store, number, at("2020-06-02"))
    assert found.missing == tuple(f"Cơ quan {who}" for who in WARDS if who not in figures)
    assert {area.name.removeprefix("Cơ quan "): area.figure for area in found.areas} == {
        body: of_all([figures[who] for who in members]) if members <= figures.keys() else None for body, members in BELOW.items()
    }
    assert [value for _, value in found.points] == ([of_all(list(figures.values()))] if figures else [])


def of_all(counts: list[tuple[int, int]]) -> Decimal:
    """Σ numerators / Σ denominators, cut to six places."""
    return Decimal(sum(n for n, _ in counts) * 100_000_000 // sum(d for _, d in counts)) / 1_000_000


def test_at_every_level_figures_are_the_sum_of_parts_over_the_sum_of_wholes(store: Store) -> None:
    check_levels(store)
