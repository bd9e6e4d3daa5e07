"""What a task hangs on is shown on it, and charged to nobody who did not cause it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from directives.language.shapes import Due
from dondoc.labels import beside
from reports import page
from reports.calls import calls
from tasks.ledger import clocks, listing, roster, standing
from tasks.ledger.desk import desk
from tasks.ledger.listing import Wanted
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.values import Work
from tests.rows import ask
from tests.sample import CALENDAR, PEOPLE, PRACTICE, SCHOOLS, at, by, duty, paper
from tests.test_deriving import below
from tests.voices import says

ISSUED = at("2020-05-18")
FIRST = duty("6.4", "insurance", with_=("radio", "union"), due=by("2020-05-25"))
SECOND = duty("7", "education", due=Due(words="3 days after 6.4", form="relative", count=3, after="6.4"))


@pytest.fixture
def number(store: Store) -> int:
    """A clause that is passed down, one with others, one that waits for it."""
    return open_directive(store, paper(FIRST, SECOND, SCHOOLS), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED).directive


def work(store: Store, number: int, clause: str, agency: str) -> Work:
    with store.read() as db:
        [found], _ = listing.tasks(db, Wanted(directive=number, clause=clause, agency=agency), CALENDAR, 9)
    return found


def test_children_roll_up_and_a_lead_that_ends_before_them_says_why(store: Store, number: int) -> None:
    assert work(store, number, "2", "education").children == (0, 2)
    says(store, "school-1", "done", "2", at("2020-05-20"))
    assert work(store, number, "2", "education").children == (1, 2)
    assert beside(work(store, number, "2", "education"), at("2020-05-21")) == "cấp dưới xong 1/2; còn: Cơ quan school-2"
    assert "ghi lý do" in says(store, "education", "done", "2", at("2020-05-21")).refusal
    assert says(store, "education", "done", "2", at("2020-05-21"), note="trường 2 nghỉ hè").refusal == ""
    assert work(store, number, "2", "school-2").state == "open"


def test_a_past_day_shows_the_children_of_that_day(store: Store, number: int) -> None:
    for school, day in (("school-1", "2020-10-02"), ("school-2", "2020-10-05")):
        says(store, school, "done", "2", at(day))
    with store.read() as db:
        stood = standing.standing(db, number, CALENDAR, at("2020-10-03"))
    [parent] = [each for each in stood.overdue if each.agency.id == "education"]
    assert parent.children == (1, 2)


def test_a_comment_is_kept_and_is_no_news_of_the_leads(store: Store, number: int) -> None:
    assert work(store, number, "6.4", "insurance").quiet == ("Cơ quan radio", "Cơ quan union")
    with store.read() as db:
        [seen] = [each for each in desk(db, roster.row_of(db, "radio"), CALENDAR).open if each.clause == "6.4"]
    assert not seen.lead
    assert "phối hợp" in says(store, "insurance", "done", "6.4", at("2020-05-19"), by="radio").refusal
    file = ("ab" * 32, "a.pdf", 9)
    said = says(store, "insurance", "progress", "6.4", at("2020-05-19"), by="radio", note="gửi kèm bản ghi âm", files=(file,))
    assert said.refusal == ""
    after = work(store, number, "6.4", "insurance")
    assert (after.quiet, after.state, after.last_words) == (("Cơ quan union",), "open", "")
    assert ask(store, "SELECT reported_at FROM tasks k JOIN duties u ON u.id = k.duty WHERE u.clause = '6.4'")[0].reported_at is None
    with store.read() as db:
        [event] = [each for each in listing.history(db, number, "6.4") if each.kind == "comment"]
    assert (event.payload["by"], event.payload["note"]) == ("radio", "gửi kèm bản ghi âm")


def test_silence_of_those_who_take_part_is_shown_and_in_no_count(store: Store, number: int) -> None:
    says(store, "insurance", "done", "6.4", at("2020-05-19"))
    with store.read() as db:
        stood = standing.standing(db, number, CALENDAR, at("2020-05-30"))
    assert {each.party.id: each.cells.on_time for each in stood.agencies}["insurance"] == 1
    assert {"radio", "union"}.isdisjoint(each.party.id for each in stood.agencies)


@pytest.mark.parametrize(("day", "words"), [
    ("2020-05-25", ""),
    ("2020-05-26", "chờ mục 6.4 của Cơ quan insurance, đã trễ 1 ngày"),
    ("2020-05-28", "chờ mục 6.4 của Cơ quan insurance, đã trễ 3 ngày"),
])
def test_lateness_above_is_shown_on_what_waits(store: Store, number: int, day: str, words: str) -> None:
    assert beside(work(store, number, "7", "education"), at(day)) == words


def test_the_report_names_who_keeps_whom_waiting_and_a_past_day_stays_what_it_was(store: Store, number: int) -> None:
    def stood(day: str) -> tuple[Work, ...]:
        with store.read() as db:
            return standing.standing(db, number, CALENDAR, at(day)).waiting

    [waits] = stood("2020-05-28")
    assert (waits.agency.id, waits.waits_for, waits.waits_by, stood("2020-05-24")) == ("education", "mục 6.4", ("Cơ quan insurance",), ())
    says(store, "insurance", "done", "6.4", at("2020-05-29"))
    clocks.start(store, number, CALENDAR, at("2020-05-29", "12:00"))
    assert (stood("2020-05-28"), stood("2020-05-30")) == ((waits,), ())
    with store.read() as db:
        made = standing.standing(db, number, CALENDAR, at("2020-05-28"))
    line = "Cơ quan education, mục 7: chờ mục 6.4 của Cơ quan insurance, đã trễ 3 ngày"
    bodies = (*page.letter(made, "https://dondoc.example/r/1", "Chủ tịch")[1:], page.html(made, link=None, reader=""))
    assert all(line in body for body in bodies)


def test_the_desk_and_the_call_name_the_children_that_lack(store: Store, number: int) -> None:
    says(store, "school-1", "done", "2", at("2020-05-20"))
    assert work(store, number, "2", "education").lacking == ("Cơ quan school-2",)
    with store.read() as db:
        late = standing.standing(db, number, CALENDAR, at("2020-10-03"))
    [call] = [each for each in calls(late) if each.party.id == "education"]
    assert call.said.endswith("cấp dưới xong 1/2, còn Cơ quan school-2")


def test_work_that_was_passed_on_by_a_paper_rolls_up_like_children(store: Store, number: int) -> None:
    own = below(duty("I", "schools", due=by("2020-06-10")), under=_ABOVE)
    open_directive(store, own, PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED + timedelta(days=2))
    assert work(store, number, "7", "education").children == (0, 2)
    says(store, "school-1", "done", "I", at("2020-06-01"))
    assert work(store, number, "7", "education").children == (1, 2)


_ABOVE = below().under[0].model_copy(update={"clause": "7"})
