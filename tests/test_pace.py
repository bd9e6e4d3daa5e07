"""How often an inbox hears, and when a ladder goes on: silence after a receipt, held requests, a week's budget, habits as of the issue."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from directives.language.practice import Practice
from directives.language.shapes import Duty, Rung
from tasks.forecast import forecast
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.letters import Notice
from tasks.postbag import Letter, kept_back
from tests.clockwork import play, post, turn
from tests.rows import ask
from tests.sample import CALENDAR, PEOPLE, PRACTICE, at, by, duty, paper
from tests.voices import ISSUER, says

ISSUED = at("2020-05-18")
LATER = duty("3", "radio", due=by("2020-06-30"))
SOON = duty("3", "radio", due=by("2020-05-29"))


def issue(store: Store, *duties: Duty, practice: Practice = PRACTICE, **words: object) -> None:
    open_directive(store, paper(*duties, **words), PEOPLE, practice=practice, calendar=CALENDAR, now=ISSUED)
    post(store, CALENDAR, ISSUED + timedelta(minutes=10))


def live(store: Store, first: str, last: str, practice: Practice = PRACTICE) -> list[tuple[str, str, Notice]]:
    """Every reminder that leaves: day, reader, letter."""
    letters = play(store, CALENDAR, practice, at(first, "07:30"), at(last, "17:00"))
    kept = [(now, n) for now, n in letters if n.lane in ("digest", "escalation")]
    return [(_day(now), n.recipient.id, n) for now, n in kept]


def daily(store: Store, first: str, last: str, practice: Practice) -> list[tuple[str, str, Notice]]:
    """The same where every morning is swept, whether anything wakes or not."""
    sent, now = [], at(first, "07:30")
    while now <= at(last, "17:00"):
        turn(store, CALENDAR, practice, now)
        sent += [(_day(now), n.recipient.id, n) for n in post(store, CALENDAR, now) if n.lane in ("digest", "escalation")]
        now += timedelta(days=1)
    return sent


def days(letters: list[tuple[str, str, Notice]]) -> list[tuple[str, str]]:
    return [(day, reader) for day, reader, _ in letters]


def _day(now: datetime) -> str:
    return now.astimezone(PRACTICE.tz).date().isoformat()


def test_what_was_received_and_left_in_silence_is_asked_about_again_once(store: Store) -> None:
    issue(store, LATER)
    says(store, "radio", "received", "3", at("2020-05-20", "14:00"))
    [(day, reader, letter)] = live(store, "2020-05-20", "2020-06-19")
    assert (day, reader) == ("2020-05-27", "radio")  # five working days after Wednesday 20/5
    assert [item.rung_words for item in letter.items] == ["đã tiếp nhận, chưa có tin"]


def test_whoever_speaks_after_a_receipt_is_not_asked_again(store: Store) -> None:
    issue(store, LATER)
    says(store, "radio", "received", "3", at("2020-05-20", "14:00"))
    says(store, "radio", "progress", "3", at("2020-05-26"), note="đang soạn")
    assert live(store, "2020-05-20", "2020-06-19") == []


def test_receiving_twice_counts_from_the_last_time(store: Store) -> None:
    issue(store, LATER)
    says(store, "radio", "received", "3", at("2020-05-20"))
    says(store, "radio", "received", "3", at("2020-05-25"))
    assert days(live(store, "2020-05-20", "2020-06-19")) == [("2020-06-01", "radio")]


def test_an_office_may_never_ask_again_and_its_ladder_goes_on_as_it_was(store: Store) -> None:
    patient = PRACTICE.model_copy(update={"ack_timeout": 0})
    issue(store, LATER, practice=patient)
    says(store, "radio", "received", "3", at("2020-05-20"))
    assert days(live(store, "2020-05-20", "2020-06-23", patient)) == [("2020-06-23", "radio")]


def test_a_reminder_in_between_leaves_the_question_standing(store: Store) -> None:
    issue(store, SOON)
    says(store, "radio", "received", "3", at("2020-05-21"))
    assert days(live(store, "2020-05-21", "2020-05-28")) == [("2020-05-22", "radio"), ("2020-05-28", "radio")]


RUNGS = tuple(
    Rung(words=f"{n} working days late", side="late", count=n, working=True, audience=who)
    for n, who in ((1, ("lead", "office")), (3, ("deputy",)), (10, ("chair",)))
)


@pytest.mark.parametrize(("asked", "until"), [("extend", date(2020, 6, 30)), ("return", None)])
def test_what_nobody_decides_holds_the_ladder_and_it_goes_on_at_the_same_rung(store: Store, asked: str, until: date | None) -> None:
    issue(store, SOON, escalation=RUNGS)
    says(store, "radio", asked, "3", at("2020-05-29"), note="mưa bão", until=until)
    # Asked on Friday 29/5: held through Friday 5/6, past the rungs of 1/6 and 3/6.
    assert days(live(store, "2020-05-30", "2020-06-15")) == [
        ("2020-06-08", "radio"), ("2020-06-08", "office"), ("2020-06-09", "deputy"), ("2020-06-12", "chair"),
    ]


def test_after_a_pause_the_lead_hears_first(store: Store) -> None:
    issue(store, SOON, escalation=RUNGS)
    says(store, "radio", "pause", "3", at("2020-05-27"), by=ISSUER, note="chờ kinh phí", until=date(2020, 6, 11))
    assert days(live(store, "2020-05-28", "2020-06-15")) == [("2020-06-11", "radio"), ("2020-06-12", "chair")]


def test_a_changed_habit_of_the_office_leaves_running_ladders_as_they_were_issued(store: Store) -> None:
    issue(store, SOON, escalation=RUNGS, practice=PRACTICE.model_copy(update={"grace": 2, "hold": 1}))
    says(store, "radio", "extend", "3", at("2020-05-29"), note="mưa bão", until=date(2020, 6, 30))
    found = days(live(store, "2020-05-30", "2020-06-02", PRACTICE.model_copy(update={"hold": 9})))
    assert found == [("2020-06-02", "radio"), ("2020-06-02", "office")]


#: Four duties whose reminders fall on four days of one week.
FOUR = tuple(duty(str(n), "radio", due=by(f"2020-06-{8 + n:02}")) for n in range(1, 5))
TWO = PRACTICE.model_copy(update={"letters_a_week": 2})


def test_beyond_the_budget_of_a_week_lines_are_merged_into_the_next_letter_worst_first_and_none_is_lost(store: Store) -> None:
    rungs = (Rung(words="1 day before", side="before", count=1, audience=("lead",)),)
    issue(store, *FOUR, escalation=rungs, reports=(), practice=TWO)
    sent = daily(store, "2020-06-08", "2020-06-19", TWO)
    assert days(sent) == [("2020-06-08", "radio"), ("2020-06-09", "radio"), ("2020-06-15", "radio")]
    assert [sorted(item.work.clause for item in letter.items) for *_, letter in sent] == [["1"], ["2"], ["3", "4"]]


def test_the_plan_says_in_words_how_many_letters_a_budget_keeps_back(store: Store) -> None:
    rungs = (Rung(words="1 day before", side="before", count=1, audience=("lead",)),)
    of = paper(*FOUR, escalation=rungs, reports=())
    plain, made = (forecast(of, PEOPLE, CALENDAR, practice, issued_at=at("2020-05-18")) for practice in (PRACTICE, TWO))
    assert plain.warnings == ()
    assert made.letters == plain.letters
    issue(store, *FOUR, escalation=rungs, reports=(), practice=TWO)
    foreseen = {(str(letter.on), letter.to) for letter in made.letters if letter.lane == "digest"}
    kept = foreseen - set(days(daily(store, "2020-06-08", "2020-06-19", TWO)))
    assert made.warnings == (
        f"mỗi hộp thư nhiều nhất 2 thư nhắc một tuần: {len(kept)} thư trong kế hoạch được dồn vào thư của tuần sau",
    )


@pytest.mark.parametrize(("days_", "kept"), [
    pytest.param("8 9", 0, id="within the budget"),
    pytest.param("8 9 10 11", 2, id="two beyond it"),
    pytest.param("8 9 10 16 17", 2, id="what was kept back takes a place of the next week"),
    pytest.param("8 9 10 15 16", 1, id="it joins the letter of Monday"),
    pytest.param("8 9 10 23 24", 1, id="a week without letters takes it"),
])
def test_letters_beyond_the_budget_are_counted(days_: str, kept: int) -> None:
    letters = [Letter(date(2020, 6, int(day)), "digest", "radio", ()) for day in days_.split()]
    assert kept_back(letters, 2) == kept


def test_what_was_done_while_its_line_waited_is_not_said(store: Store) -> None:
    rungs = (Rung(words="1 day before", side="before", count=1, audience=("lead",)),)
    issue(store, *FOUR, escalation=rungs, reports=(), practice=TWO)
    daily(store, "2020-06-08", "2020-06-12", TWO)
    says(store, "radio", "done", "3", at("2020-06-12"))
    [(_, _, letter)] = daily(store, "2020-06-13", "2020-06-19", TWO)
    assert [item.work.clause for item in letter.items] == ["4"]


def test_nobody_above_hears_while_the_leads_own_line_waits_for_its_week(store: Store) -> None:
    rungs = (
        Rung(words="1 day before", side="before", count=1, audience=("lead",)),
        Rung(words="1 day late", side="late", count=1, audience=("office",)),
    )
    issue(store, *FOUR[:3], escalation=rungs, reports=(), practice=TWO)
    sent = daily(store, "2020-06-08", "2020-06-19", TWO)
    told = {item.work.clause: day for day, reader, letter in reversed(sent) if reader == "office" for item in letter.items}
    assert told["1"] == "2020-06-10"
    assert told["3"] == "2020-06-16"
    assert [tuple(row) for row in ask(store, "SELECT count(*) FROM notices WHERE state = 'gathering'")] == [(0,)]
