"""Answer once, count many: what is done under a lead's own paper is done for the clause above it, with that paper as evidence."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from directives.language.shapes import Basis, Directive, Every, Indicator, Milestone, Target
from tasks.ledger import chain, deriving, listing, standing
from tasks.ledger.bonding import StrangePaperError
from tasks.ledger.carrying import CircleError
from tasks.ledger.listing import Wanted
from tasks.ledger.opening import Opened, open_directive, open_terms
from tasks.ledger.rehearsal import rehearse
from tasks.ledger.store import Store
from tasks.values import Work
from tests.rows import ask, everything
from tests.sample import CALENDAR, PEOPLE, PRACTICE, at, by, duty, paper
from tests.voices import ISSUER, says

ISSUED = at("2020-05-18")
PASSED_ON = at("2020-05-20")
ABOVE = Basis(number="898/UBND", date=date(2020, 5, 18), clause="6.4")
MONTHLY = Every(words="month on 25", unit="month", day=25)
FRIDAYS = Every(words="friday", unit="week", weekday=4)
SHARE = Indicator(id="share", name="Tỷ lệ", targets=(Milestone(on=date(2020, 6, 30), target=Target(words="90%", value=Decimal(90))),))


def issue(store: Store, directive: Directive, now=ISSUED) -> Opened:  # type: ignore[no-untyped-def]
    return open_directive(store, directive, PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=now)


def below(*duties, number: str = "12/KH", under: Basis | None = ABOVE, **said) -> Directive:  # type: ignore[no-untyped-def]
    """The department's own paper for its schools."""
    words = {"number": number, "date": date(2020, 5, 20), "issuer": "education", "indicators": {}, **said}
    words["under"] = (under,) if under else ()
    return paper(*duties, **words)


def task(store: Store, number: int, clause: str) -> Work:
    with store.read() as db:
        [work], _ = listing.tasks(db, Wanted(directive=number, clause=clause, agency="education"), CALENDAR, 9)
    return work


def roll(store: Store, day: str) -> int:
    return deriving.roll_up(store, CALENDAR, at(day, "12:00"))


@pytest.fixture
def passed_on(store: Store) -> int:
    """A clause of the office's that the department has passed on to two schools by a paper of its own."""
    number = issue(store, paper(duty("6.4", "education", due=by("2020-06-30")), duty("7", "radio", due=by("2020-06-30")))).directive
    issue(store, below(duty("I", "school-1", due=by("2020-06-10")), duty("II", "schools", due=by("2020-06-20"))), PASSED_ON)
    return number


def test_a_clause_is_done_when_the_paper_that_carries_it_out_is(store: Store, passed_on: int) -> None:
    for school, clause, day in (("school-1", "I", "2020-05-22"), ("school-1", "II", "2020-05-25"), ("school-2", "II", "2020-06-01")):
        assert roll(store, "2020-06-02") == 0
        assert task(store, passed_on, "6.4").state == "open"
        says(store, school, "done", clause, at(day))
    assert roll(store, "2020-07-15") == 1
    work = task(store, passed_on, "6.4")
    assert (work.state, work.closed_at) == ("done", at("2020-06-01"))
    with store.read() as db:
        assert standing.standing(db, passed_on, CALENDAR, at("2020-07-16")).cells.on_time == 1
        [settled] = [each for each in listing.history(db, passed_on, "6.4") if each.kind == "settled"]
        assert settled.payload["document"] == "12/KH ngày 20/5/2020"
        assert chain.verify(db, passed_on) is None
    written = everything(store)
    assert roll(store, "2020-07-15") == 0
    assert everything(store) == written


def test_what_is_opened_again_below_is_open_again_above(store: Store, passed_on: int) -> None:
    for school, clause in (("school-1", "I"), ("school-1", "II"), ("school-2", "II")):
        says(store, school, "done", clause, at("2020-06-01"))
    assert roll(store, "2020-06-02") == 1
    says(store, "school-2", "undo", "II", at("2020-06-03"), note="nhầm")
    assert roll(store, "2020-06-03") == 1
    assert (task(store, passed_on, "6.4").state, roll(store, "2020-06-04")) == ("progress", 0)


def test_the_lead_may_end_it_early_with_a_reason_and_then_nobody_answers_twice(store: Store, passed_on: int) -> None:
    says(store, "education", "done", "6.4", at("2020-06-01"), note="hai trường báo sau")
    for school, clause in (("school-1", "I"), ("school-1", "II"), ("school-2", "II")):
        says(store, school, "done", clause, at("2020-06-02"))
    assert roll(store, "2020-06-03") == 0
    assert task(store, passed_on, "6.4").closed_at == at("2020-06-01")


def test_where_the_issuer_confirms_it_is_claimed(store: Store) -> None:
    number = issue(store, paper(duty("6.4", "education", due=by("2020-06-30"), confirm=True))).directive
    issue(store, below(duty("I", "school-1", due=by("2020-06-10"))), PASSED_ON)
    says(store, "school-1", "done", "I", at("2020-06-01"))
    assert roll(store, "2020-06-02") == 1
    assert task(store, number, "6.4").state == "claimed"
    says(store, "education", "confirm", "6.4", at("2020-06-05"), by=ISSUER)
    assert task(store, number, "6.4").closed_at is not None


def test_a_paper_of_somebody_else_carries_out_nothing(store: Store) -> None:
    number = issue(store, paper(duty("6.4", "education", due=by("2020-06-30")))).directive
    issue(store, below(duty("I", "radio", due=by("2020-06-10")), issuer="union"), PASSED_ON)
    says(store, "radio", "done", "I", at("2020-06-01"))
    assert roll(store, "2020-06-02") == 0
    assert task(store, number, "6.4").state == "open"


def test_figures_below_add_up_to_the_figure_above(store: Store) -> None:
    number = issue(store, paper(duty("6.4", "education", target="share"), indicators={"share": SHARE})).directive
    own = below(duty("I", "schools", target="share"), under=Basis(number="898/UBND", indicator="share"), indicators={"share": SHARE})
    issue(store, own, PASSED_ON)
    says(store, "school-1", "figure", "I", at("2020-06-01"), numerator=95, denominator=100, on=date(2020, 6, 1), term="2020-06-30")
    assert roll(store, "2020-06-01") == 0  # the other school has none yet, and nothing is imputed
    says(store, "school-2", "figure", "I", at("2020-06-02"), numerator=260, denominator=300, on=date(2020, 6, 2), term="2020-06-30")
    assert roll(store, "2020-06-02") == 1
    assert (task(store, number, "6.4").figure, task(store, number, "6.4").state) == (Decimal("88.75"), "progress")
    assert roll(store, "2020-06-02") == 0
    says(store, "school-2", "figure", "I", at("2020-06-09"), numerator=280, denominator=300, on=date(2020, 6, 9), term="2020-06-30")
    assert roll(store, "2020-06-09") == 1
    assert (task(store, number, "6.4").figure, task(store, number, "6.4").state) == (Decimal("93.75"), "done")
    [reading] = ask(store, "SELECT numerator, denominator FROM readings WHERE directive = :d AND numerator = 375", d=number)
    assert (reading.numerator, reading.denominator) == (375, 400)


def test_two_papers_cannot_carry_out_each_other(store: Store) -> None:
    first = paper(duty("6.4", "education", due=by("2020-06-30")), under=(Basis(number="12/KH", clause="I"),))
    issue(store, first)
    before = everything(store)
    with pytest.raises(CircleError, match="không thể cùng thực hiện lẫn nhau") as refused:
        issue(store, below(duty("I", "school-1", due=by("2020-06-10"))), PASSED_ON)
    assert isinstance(refused.value, StrangePaperError)
    assert everything(store) == before


def test_one_duty_carries_out_a_clause_and_the_rest_of_its_paper_does_not(store: Store) -> None:
    number = issue(store, paper(duty("6.4", "education", due=by("2020-06-30")))).directive
    own = duty("I", "school-1", due=by("2020-06-10"), under=(ABOVE,))
    issue(store, below(own, duty("II", "schools", due=by("2020-06-20")), duty("III", "schools", every=MONTHLY), under=None), PASSED_ON)
    assert task(store, number, "6.4").children == (0, 1)
    says(store, "school-1", "done", "I", at("2020-05-25"))
    assert roll(store, "2020-05-26") == 1
    assert (task(store, number, "6.4").closed_at, task(store, number, "6.4").children) == (at("2020-05-25"), (1, 1))


def test_what_a_whole_paper_carries_out_no_duty_of_it_carries_out_again(store: Store) -> None:
    number = issue(store, paper(duty("6.4", "education", due=by("2020-06-30")))).directive
    issue(store, below(duty("I", "schools", due=by("2020-06-10"), under=(ABOVE,))), PASSED_ON)
    assert task(store, number, "6.4").children == (0, 2)


def test_a_period_above_is_done_by_what_falls_due_in_it(store: Store) -> None:
    number = issue(store, paper(duty("6.4", "education", every=MONTHLY), until=date(2020, 8, 1))).directive
    own = issue(store, below(duty("I", "schools", every=FRIDAYS, until=date(2020, 8, 1))), PASSED_ON).directive
    done = []
    for friday in (date(2020, 5, 22) + timedelta(weeks=n) for n in range(6)):
        day = friday.isoformat()
        for paper_ in (number, own):
            open_terms(store, paper_, CALENDAR, at(day))
        assert roll(store, day) == 0
        [term] = {row.term for row in ask(store, "SELECT term FROM tasks WHERE directive = :d AND state <> 'done'", d=own)}
        for school in ("school-1", "school-2"):
            says(store, school, "done", "I", at(day), term=term)
        done.append(roll(store, day))
    closed = ask(store, "SELECT closed_at FROM tasks WHERE directive = :d AND state = 'done' ORDER BY term", d=number)
    assert done == [1, 0, 0, 0, 1, 0]  # up to 25/5 one Friday, up to 25/6 four
    assert [row.closed_at for row in closed] == [at("2020-05-22").timestamp(), at("2020-06-19").timestamp()]


def test_the_superiors_paper_may_be_issued_later(store: Store) -> None:
    own = duty("I", "school-1", due=by("2020-06-10"), under=(ABOVE,))
    issue(store, below(own, under=None, date=date(2020, 5, 15)), at("2020-05-15"))
    assert ask(store, "SELECT 1 FROM derivations") == []
    number = issue(store, paper(duty("6.4", "education", due=by("2020-06-30"))), ISSUED).directive
    assert task(store, number, "6.4").children == (0, 1)
    says(store, "school-1", "done", "I", at("2020-06-01"))
    assert roll(store, "2020-06-02") == 1


def test_figures_of_two_duties_and_two_papers_are_one_sum(store: Store) -> None:
    number = issue(store, paper(duty("6.4", "education", target="share"), indicators={"share": SHARE})).directive
    share, above = {"share": SHARE}, (Basis(number="898/UBND", indicator="share"),)
    issue(store, below(duty("I", "school-1", target="share", under=above), under=None, indicators=share), PASSED_ON)
    issue(store, below(duty("I", "school-2", target="share"), number="13/KH", under=above[0], indicators=share), PASSED_ON)
    on = date(2020, 6, 1)
    for school, part, whole in (("school-1", 90, 100), ("school-2", 30, 50)):
        assert roll(store, "2020-06-01") == 0
        says(store, school, "figure", "I", at("2020-06-01"), numerator=part, denominator=whole, on=on, term="2020-06-30")
    assert (roll(store, "2020-06-02"), task(store, number, "6.4").figure, roll(store, "2020-06-02")) == (1, Decimal(80), 0)


@pytest.mark.parametrize("whole", [True, False])
def test_a_plan_refuses_a_circle_as_the_issue_would(store: Store, whole: bool) -> None:
    names = Basis(number="12/KH", clause="I")
    first = duty("6.4", "education", due=by("2020-06-30"), under=() if whole else (names,))
    issue(store, paper(first, under=(names,) if whole else ()))
    before = everything(store)
    with pytest.raises(CircleError, match="bỏ under ở một trong hai"):
        rehearse(store, below(duty("I", "school-1", due=by("2020-06-10"))), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=PASSED_ON)
    assert everything(store) == before


def test_a_superior_outside_the_ledger_is_only_cited(store: Store) -> None:
    assert issue(store, below(duty("I", "school-1", due=by("2020-06-10"))), PASSED_ON).tasks == 1
    assert ask(store, "SELECT 1 FROM derivations") == []
    assert roll(store, "2020-06-02") == 0
