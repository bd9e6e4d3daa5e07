"""Who is silent and why, what a random sample says, where tasks stand by level and where they have moved: nothing is counted twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.cells import Cells
from tasks.estimate import estimate
from tasks.ledger import counting, levels, moves, roster, sampling, triage
from tasks.ledger.issued import load
from tasks.ledger.moves import CELLS
from tasks.ledger.store import Store
from tasks.triage import ORDER, Heard, calls, silence
from tasks.values import Party
from tests.clockwork import post
from tests.rows import ask, tell
from tests.sample import CALENDAR, LEAFLETS, PEOPLE, SCHOOLS, at, by, duty
from tests.test_standing import CONFIRMED, PLAIN, Played, issue, played
from tests.voices import CLERK, ISSUER, says

__all__ = ["played"]  # the fixture


# Silence

def heard(
    name: str = "Xã A", *, told: int = 3, received: int = 0, spoken: int = 0, contradicted: int = 0, pressing: int = 1
) -> Heard:
    return Heard(
        agency=Party(id=name, name=name, short=name), tasks=3, told=told, received=received, spoken=spoken, contradicted=contradicted,
        pressing=pressing,
    )


@pytest.mark.parametrize(("facts", "found"), [
    pytest.param({"told": 0}, "undelivered", id="no letter"),
    pytest.param({"told": 0, "pressing": 0}, "undelivered", id="no letter, and nothing pressing yet"),
    pytest.param({}, "silent", id="told and silent"),
    pytest.param({"received": 1}, "received", id="received and silent"),
    pytest.param({"spoken": 1, "received": 1}, "partial", id="partial"),
    pytest.param({"spoken": 1, "contradicted": 1}, "contradictory", id="contradictory"),
    pytest.param({"pressing": 0}, None, id="nothing is pressing"),
])
def test_each_silence_is_of_one_class(facts: dict[str, int], found: str | None) -> None:
    assert silence(heard("Xã A", **facts)) == found


@given(st.lists(st.builds(
    heard, st.sampled_from(["Xã A", "Xã B", "Xã C"]), told=st.integers(0, 3), received=st.integers(0, 3), spoken=st.integers(0, 3),
    contradicted=st.integers(0, 1), pressing=st.integers(0, 3),
)))
def test_the_call_list_is_in_order_whatever_order_it_is_made_from(found: list[Heard]) -> None:
    made = calls(found)
    assert [ORDER.index(call.silence) for call in made] == sorted(ORDER.index(call.silence) for call in made)
    assert calls(reversed(found)) == made or len({each.agency.id for each in found}) < len(found)


def classes(store: Store, number: int, when: str) -> list[tuple[str, str]]:
    with store.read() as db:
        return [(call.heard.agency.id, call.silence) for call in calls(triage.heard(db, number, CALENDAR, at(when)))]


def test_who_is_called_first_and_why(store: Store) -> None:
    due = by("2020-05-29")
    number = issue(store, PLAIN, CONFIRMED, LEAFLETS, duty("7", "education", due=due), duty("8", "education", due=due))
    assert {silence for _, silence in classes(store, number, "2020-05-18")} == {"undelivered"}
    tell(store, "UPDATE agencies SET mail_state = 'bad' WHERE code = 'insurance'")
    post(store, CALENDAR, at("2020-05-18", "10:00"))
    says(store, "union", "done", "4", at("2020-05-20"))
    says(store, "union", "reject", "4", at("2020-05-21"), by=ISSUER, note="thiếu")
    says(store, "education", "progress", "7", at("2020-05-22"), note="đang làm")
    first = [("insurance", "undelivered"), ("union", "contradictory"), ("radio", "silent"), ("education", "partial")]
    assert classes(store, number, "2020-06-01") == first
    says(store, "radio", "received", "3", at("2020-06-02"))
    assert ("radio", "received") in classes(store, number, "2020-06-03")
    says(store, "union", "done", "4", at("2020-06-03"))
    assert "union" not in dict(classes(store, number, "2020-06-04"))  # it waits for us
    assert classes(store, number, "2020-06-01") == first


# Samples

def drawn(store: Store, number: int, seed: str) -> list[int]:
    with store.read() as db:
        found = sampling.found(db, number, seed, CALENDAR)
    assert found is not None
    return [one.work.id for one in found.drawn]


def test_a_seed_draws_the_same_sample_which_only_grows(played: Played) -> None:
    store, number, taken = played
    now = taken[-1].at + timedelta(days=1)
    claimed = ask(store, "SELECT id FROM tasks WHERE state IN ('done', 'claimed')")
    sampling.draw(store, number, "2020", 3, now)
    first = drawn(store, number, "2020")
    sampling.draw(store, number, "2020", 3, now)
    assert drawn(store, number, "2020") == first
    sampling.draw(store, number, "2020", 99, now)
    assert drawn(store, number, "2020")[:3] == first
    assert sorted(drawn(store, number, "2020")) == sorted(row.id for row in claimed)
    names = ask(store, """
        SELECT u.clause || a.code || k.term AS name FROM sampled x JOIN tasks k ON k.id = x.task
          JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.unit ORDER BY x.place""")
    assert " ".join(row.name for row in names[:5]) == "10ward-b2020-09-30 7.2radio2020-05-30 3radio 2education 4union"  # on both stores


def test_what_was_found_is_recorded_beside_the_task_and_estimated(store: Store) -> None:
    number = issue(store, PLAIN, CONFIRMED, LEAFLETS)
    for unit, clause in (("radio", "3"), ("union", "4"), ("insurance", "6.4")):
        assert says(store, unit, "done", clause, at("2020-05-20"), document="12/BC").refusal == ""
    before = ask(store, "SELECT id, state, closed_at FROM tasks ORDER BY id")
    sampling.draw(store, number, "7", 2, at("2020-05-21"))
    said = {"said": CLERK, "now": at("2020-05-22")}
    assert sampling.check(store, number, "7", 1, held=True, note="", **said)  # type: ignore[arg-type]  # two of its words
    assert sampling.check(store, number, "7", 2, held=False, note="chưa in", **said)  # type: ignore[arg-type]  # the same
    assert not sampling.check(store, number, "7", 3, held=True, note="", **said)  # type: ignore[arg-type]  # the same
    assert ask(store, "SELECT id, state, closed_at FROM tasks ORDER BY id") == before
    with store.read() as db:
        found = sampling.found(db, number, "7", CALENDAR)
    assert found is not None
    assert [(one.held, one.note) for one in found.drawn] == [(True, ""), (False, "chưa in")]
    assert found.estimate is not None
    assert (found.estimate.held, found.estimate.checked, found.population) == (1, 2, 3)
    assert [row.kind for row in ask(store, "SELECT kind FROM events WHERE kind IN ('sampled', 'checked') ORDER BY seq")] == [
        "sampled", "checked", "checked",
    ]


@settings(deadline=None)  # the first interval loads scipy
@given(checked=st.integers(1, 60), more=st.integers(1, 500), data=st.data())
def test_an_interval_holds_its_estimate(checked: int, more: int, data: st.DataObject) -> None:
    held = data.draw(st.integers(0, checked))
    found = estimate(held, checked, checked + more)
    assert found is not None
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert found.low < found.high


def test_who_has_looked_at_everything_knows(sqlite_store: Store) -> None:
    found = estimate(3, 4, 4)
    assert found is not None
    assert (found.low, found.share, found.high) == (0.75, 0.75, 0.75)
    assert estimate(0, 0, 4) is None
    exact = estimate(27, 30, 100)  # Clopper and Pearson's 0.735 – 0.979
    assert exact is not None
    assert (round(exact.low, 3), round(exact.high, 3)) == (0.735, 0.979)


# Levels and moves

@pytest.mark.parametrize("level", ["kind", "territory", "parent"])
def test_rows_of_every_level_sum_to_the_denominator_on_every_day(played: Played, level: str) -> None:
    for taken in played.taken:
        with played.store.read() as db:
            places = levels.places(db, played.number, taken.at)
        rows: dict[str, Cells] = {}
        for agency in taken.standing.agencies:
            name = getattr(places[agency.party.id], level)
            rows[name] = rows.get(name, Cells()) + agency.cells
        assert sum(rows.values(), Cells()) == taken.standing.cells


def test_a_body_that_moves_stood_in_its_old_place_before(store: Store) -> None:
    number = issue(store, SCHOOLS)
    with store.read() as db:
        before = levels.places(db, number, at("2020-06-01"))["school-1"]
    assert (before.kind, before.territory, before.parent) == ("school", "Cơ quan education", "Cơ quan education")
    moved = PEOPLE.agencies["school-1"].model_copy(update={"in_": ("ward-a",)})
    with store.write() as db:
        roster.enter(db, PEOPLE.model_copy(update={"agencies": {**PEOPLE.agencies, "school-1": moved}}), at("2020-06-10"))
    with store.read() as db:
        assert levels.places(db, number, at("2020-06-01"))["school-1"] == before
        assert levels.places(db, number, at("2020-06-11"))["school-1"].territory == "Cơ quan ward-a"


def test_the_moves_between_two_days_reconcile_both_standings_to_the_row(played: Played) -> None:
    store, number, taken = played
    for then, now in zip(taken, taken[3:], strict=False):
        with store.read() as db:
            issued = load(db, number, CALENDAR, now.at)
            two = counting.past(db, issued, then.at), counting.past(db, issued, now.at)
            counted, moved = moves.counted(db, *two), moves.moves(db, *two)
        for side, found in enumerate((then.standing.cells, now.standing.cells)):
            sums = {name: sum(n for pair, n in counted.items() if pair[side] == name) for name in CELLS}
            assert [sums[name] for name in CELLS[:5]] == [found.on_time, found.late, found.in_time, found.overdue, found.undated]
        assert len(moved) == sum(n for (was, is_), n in counted.items() if was != is_)
