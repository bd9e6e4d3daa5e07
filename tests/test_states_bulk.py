"""One decision about many tasks: shown, carried out in one transaction with an event each, told in one letter each, taken back once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from directives.language.shapes import Duty
from tasks.ledger import bulk, chain, choosing, replaying, standing, undoing
from tasks.ledger.bulk import Line, Order
from tasks.ledger.choosing import Where
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.values import Act, Said
from tests.clockwork import post
from tests.rows import ask, everything, letters
from tests.sample import CALENDAR, PEOPLE, PRACTICE, SCHOOLS, STANDING, at, by, duty, paper
from tests.test_states_ledger import COMPOSER, decide, of
from tests.voices import says

ISSUED = at("2020-05-18")
NOW = at("2020-05-20")
WARDS = duty("5", "wards", due=by("2020-05-29"))
PLAIN = duty("3", "radio", due=by("2020-05-25"))
FIFTH = Where(clauses=("5",))
CHAIR = Said(name="Người ký", role="Chủ tịch")


def issue(store: Store, *duties: Duty) -> int:
    return open_directive(store, paper(*duties), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED).directive


def order(store: Store, kind: str, where: Where, key: str = "bulk:1", **words: Any) -> Order:
    with store.read() as db:
        act = Act(kind=kind, task=0, said=CHAIR, key=key, **words)  # type: ignore[arg-type]
        return Order(directive=1, act=act, tasks=tuple(choosing.chosen(db, 1, where)))


def carry_out(store: Store, kind: str, where: Where = FIFTH, key: str = "bulk:1", **words: Any) -> tuple[Line, ...]:
    return bulk.carry_out(store, order(store, kind, where, key, **words), CALENDAR, NOW)


def undo(store: Store, key: str = "bulk:1", now: Any = NOW) -> undoing.Undone:
    return undoing.undo(store, undoing.Order(1, key, Act(kind="undo", task=0, said=CHAIR, key="", note="nhầm")), CALENDAR, now)


def states(store: Store, clause: str = "5") -> list[str]:
    return [of(store, f"ward-{letter}", clause).state for letter in "abc"]


@pytest.mark.parametrize(("where", "count"), [
    (Where(), 7),
    (Where(clauses=("5",)), 3),
    (Where(clauses=("5", "3")), 4),
    (Where(agencies=("ward-a",)), 2),
    (Where(kinds=("ward",), clauses=("1",)), 3),
    (Where(kinds=("school",)), 0),
    (Where(terms=("2020-05-30",)), 0),
    (Where(states=("paused",)), 1),
    (Where(states=("received",)), 1),
    (Where(late_at=at("2020-05-26")), 1),
    (Where(asking=True), 1),
])
def test_a_condition_means_the_tasks_that_meet_all_of_it(store: Store, where: Where, count: int) -> None:
    issue(store, PLAIN, WARDS, STANDING)
    decide(store, "ward-a", "pause", "5", note="bão", until=date(2020, 6, 3))
    says(store, "ward-b", "received", "5", NOW)
    says(store, "radio", "extend", "3", NOW, note="mưa", until=date(2020, 6, 5))
    assert len(order(store, "close", where).tasks) == count


@pytest.mark.parametrize(("kind", "words", "becomes"), [
    ("close", {"note": "đã sáp nhập"}, "done"),
    ("pause", {"note": "bão", "until": date(2020, 6, 3)}, "paused"),
    ("postpone", {"until": date(2020, 6, 5)}, "open"),
    ("reassign", {"to": "union"}, "open"),
])
def test_what_is_decided_of_many_is_what_is_decided_of_each(store: Store, kind: str, words: dict[str, Any], becomes: str) -> None:
    issue(store, WARDS)
    post(store, CALENDAR, NOW)
    lines = carry_out(store, kind, **words)
    assert [(line.refusal, bool(line.seq)) for line in lines] == [("", True)] * 3
    assert states(store) == [becomes] * 3
    assert [row.n for row in ask(store, "SELECT count(*) AS n FROM events WHERE kind = :kind", kind=kind)] == [3]
    with store.read() as db:
        assert chain.verify(db, 1) is None


def test_a_look_does_nothing(store: Store) -> None:
    issue(store, WARDS)
    written = everything(store)
    with store.read() as db:
        looked = bulk.look(db, order(store, "close", Where(clauses=("5",)), note="thôi"), CALENDAR, NOW)
    assert [line.refusal for line in looked] == [""] * 3
    assert everything(store) == written


def test_what_the_rules_refuse_is_left_and_the_rest_is_done(store: Store) -> None:
    issue(store, WARDS)
    says(store, "ward-b", "done", "5", NOW)
    lines = carry_out(store, "close", note="đã sáp nhập")
    assert [bool(line.refusal) for line in lines] == [False, True, False]
    assert states(store) == ["done"] * 3
    assert carry_out(store, "close", key="bulk:2", note="lần nữa")[0].seq == 0


def test_each_agency_gets_one_letter_about_all_of_its_tasks(store: Store) -> None:
    issue(store, WARDS, duty("6", "wards", due=by("2020-06-12")))
    post(store, CALENDAR, NOW)
    before = letters(store)
    carry_out(store, "postpone", Where(kinds=("ward",)), until=date(2020, 7, 1))
    assert letters(store) - before == {("new", f"ward-{letter}"): 1 for letter in "abc"}
    assert post(store, CALENDAR, NOW) == []  # within the recall window
    told = post(store, CALENDAR, at("2020-05-20", "09:15"))
    assert "1/7/2020" in COMPOSER.preview(told[0]).text
    assert "cũ 29/5/2020" in COMPOSER.preview(told[0]).text


def test_whoever_takes_over_many_gets_them_in_one_letter(store: Store) -> None:
    issue(store, WARDS, duty("6", "ward-a", due=by("2020-06-12")))
    post(store, CALENDAR, NOW)
    carry_out(store, "reassign", Where(agencies=("ward-a",)), to="union")
    told = {notice.recipient.id: COMPOSER.preview(notice) for notice in post(store, CALENDAR, at("2020-05-20", "09:15"))}
    assert told.keys() == {"union", "ward-a"}
    assert "Việc 5" in told["union"].text
    assert "Việc 6" in told["union"].text
    assert "chuyển cho union" in told["ward-a"].text


def test_the_last_children_closed_together_close_their_parent_once(store: Store) -> None:
    issue(store, SCHOOLS)
    carry_out(store, "close", Where(kinds=("school",)), note="trường giải thể")
    assert of(store, "education", "2").state == "done"
    assert undo(store).tasks == 2
    assert [of(store, unit, "2").state for unit in ("education", "school-1", "school-2")] == ["progress", "open", "open"]


@pytest.mark.parametrize(("kind", "words"), [
    ("close", {"note": "đã sáp nhập"}),
    ("pause", {"note": "bão", "until": date(2020, 6, 3)}),
    ("postpone", {"until": date(2020, 6, 5)}),
    ("reassign", {"to": "union"}),
])
def test_taken_back_each_task_is_what_it_was_and_no_letter_leaves(store: Store, kind: str, words: dict[str, Any]) -> None:
    issue(store, WARDS)
    post(store, CALENDAR, NOW)
    columns = "SELECT unit, agency, state, due_at, closed_at, reported_at, rung, wake_at FROM tasks ORDER BY id"
    before = ask(store, columns)
    carry_out(store, kind, **words)
    assert undo(store) == (3, 0, ())
    assert (ask(store, columns), states(store)) == (before, ["open"] * 3)
    assert post(store, CALENDAR, at("2020-05-20", "09:15")) == []


@pytest.mark.parametrize(("kind", "words"), [
    ("postpone", {"until": date(2020, 6, 5)}), ("close", {"note": "đã sáp nhập"}), ("reassign", {"to": "union"}),
])
def test_what_was_asked_for_and_decided_for_many_waits_again_after_an_undo(store: Store, kind: str, words: dict[str, Any]) -> None:
    number = issue(store, WARDS)
    says(store, "ward-b", "extend", "5", at("2020-05-19"), note="mưa bão", until=date(2020, 6, 10))
    carry_out(store, kind, **words)
    assert of(store, "ward-b", "5").asks_until is None
    undo(store, now=at("2020-05-20", "10:00"))
    assert of(store, "ward-b", "5").asks_until == date(2020, 6, 10)
    assert of(store, "ward-a", "5").asks_until is None
    with store.read() as db:
        assert len(standing.standing(db, number, CALENDAR, at("2020-05-20", "09:30")).requests) == 0  # as it was then
        assert replaying.departures(db, number, CALENDAR) == ()


def test_a_second_undo_finds_nothing_left(store: Store) -> None:
    issue(store, WARDS)
    carry_out(store, "pause", note="bão", until=date(2020, 6, 3))
    undo(store)
    written = everything(store)
    assert undo(store) == (0, 3, ())
    assert everything(store) == written
    with pytest.raises(KeyError):
        undo(store, "bulk:9")


def test_what_has_moved_on_since_stays_as_it_is(store: Store) -> None:
    issue(store, WARDS)
    carry_out(store, "postpone", until=date(2020, 6, 5))
    says(store, "ward-b", "done", "5", NOW)
    undone = undo(store)
    assert (undone.tasks, len(undone.moved)) == (2, 1)
    assert states(store) == ["open", "done", "open"]


def test_who_has_read_of_it_reads_that_it_holds_no_more(store: Store) -> None:
    issue(store, WARDS)
    carry_out(store, "pause", note="bão", until=date(2020, 6, 3))
    post(store, CALENDAR, at("2020-05-20", "09:15"))
    undo(store, now=at("2020-05-20", "10:00"))
    told = post(store, CALENDAR, at("2020-05-20", "10:15"))
    assert [notice.lane for notice in told] == ["new"] * 3
    assert "không còn hiệu lực: nhầm" in COMPOSER.preview(told[0]).text


def test_a_pause_that_was_ended_for_many_is_there_again_after_an_undo(store: Store) -> None:
    issue(store, WARDS)
    carry_out(store, "pause", note="bão", until=date(2020, 6, 3))
    carry_out(store, "resume", key="bulk:2")
    assert states(store) == ["open"] * 3
    undo(store, "bulk:2")
    assert (states(store), of(store, "ward-a", "5").held_until) == (["paused"] * 3, date(2020, 6, 3))


def test_what_was_reopened_for_many_is_done_again_after_an_undo(store: Store) -> None:
    issue(store, SCHOOLS)
    for school in ("school-1", "school-2"):
        says(store, school, "done", "2", NOW)
    carry_out(store, "reopen", Where(kinds=("school",)), note="số liệu sai")
    assert [of(store, unit, "2").state for unit in ("education", "school-1", "school-2")] == ["progress"] * 3
    undo(store)
    assert [of(store, unit, "2").state for unit in ("education", "school-1", "school-2")] == ["done"] * 3
