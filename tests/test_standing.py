"""How a directive stands: cells that sum up at every level, the same answer for a past day whenever it is asked, changes that reconcile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from pydantic import TypeAdapter

from directives.language.shapes import Agency, Duty, Every, ReportPlan
from tasks.cells import Cells
from tasks.ledger import letters, reporting, roster, standing
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.rows import canonical, digest
from tasks.ledger.store import Store
from tasks.letters import Outcome
from tasks.values import Standing
from tests.clockwork import play, post, turn
from tests.conftest import on_postgres, on_sqlite
from tests.rows import ask, tell
from tests.sample import CALENDAR, EVERY, LEAFLETS, PEOPLE, PRACTICE, STANDING, at, by, duty, paper
from tests.voices import ISSUER, says

ISSUED = at("2020-05-18")
PLAIN = duty("3", "radio", due=by("2020-05-29"))
CONFIRMED = duty("4", "union", due=by("2020-05-29"), confirm=True)
JUNE = {"term": "2020-06-30", "by": "insurance"}
_STANDING = TypeAdapter(Standing)

#: What is said when: (day, unit, act, clause, words). The radio takes its word back, the union's first claim is rejected.
SCRIPT: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("2020-05-20", "insurance", "progress", "6.4", {"note": "đang in"}),
    ("2020-05-21", "radio", "extend", "3", {"note": "mưa bão", "until": date(2020, 6, 5)}),
    ("2020-05-22", "insurance", "done", "6.4", {"document": "12/BC"}),
    ("2020-05-25", "radio", "grant", "3", {"by": ISSUER}),
    ("2020-05-27", "union", "done", "4", {}),
    ("2020-05-28", "union", "reject", "4", {"by": ISSUER, "note": "thiếu"}),
    ("2020-06-01", "union", "done", "4", {}),
    ("2020-06-03", "union", "confirm", "4", {"by": ISSUER}),
    ("2020-06-05", "radio", "done", "3", {}),
    ("2020-06-09", "radio", "undo", "3", {"note": "nhầm"}),
    ("2020-06-11", "radio", "done", "7.2", {"term": "2020-05-30"}),
    ("2020-06-15", "ward-a", "progress", "1", {"note": "đã họp dân"}),
    ("2020-06-22", "ward-a", "figure", "10", {"numerator": 870, "denominator": 1000, **JUNE}),
    ("2020-06-29", "radio", "done", "3", {}),
    ("2020-07-03", "ward-b", "figure", "10", {"numerator": 80, "denominator": 100, **JUNE}),
    ("2020-07-10", "school-1", "done", "2", {}),
    ("2020-07-20", "ward-b", "figure", "10", {"numerator": 90, "denominator": 100, **JUNE}),
    ("2020-08-03", "ward-c", "figure", "10", {"value": Decimal("84.5"), **JUNE}),
    ("2020-09-15", "school-2", "done", "2", {}),
    ("2020-09-16", "school-1", "undo", "2", {"by": ISSUER}),
    ("2020-10-01", "school-1", "done", "2", {}),
]


class Taken(NamedTuple):
    """A standing as it was counted on the day, and since when its changes count."""

    at: datetime
    before: datetime | None
    standing: Standing


def count(store: Store, number: int, when: datetime, before: datetime | None = None) -> Standing:
    with store.read() as db:
        return standing.standing(db, number, CALENDAR, when, before)


def hashed(found: Standing) -> str:
    return digest(canonical(_STANDING.dump_python(found, mode="json")))


def issue(store: Store, *duties: Duty, **words: Any) -> int:
    return open_directive(store, paper(*duties, **words), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED).directive


class Played(NamedTuple):
    """A directive that was carried out by the script, and how it stood each evening of the script and every Friday."""

    store: Store
    number: int
    taken: list[Taken]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The script, played once on each store: what asks about it changes nothing."""
    store = on_sqlite(request, tmp_path_factory.mktemp("played")) if request.param == "sqlite" else on_postgres(request)
    number = issue(store, *EVERY, PLAIN, CONFIRMED)
    yield Played(store, number, play_script(store, number))
    store.close()


def play_script(store: Store, number: int) -> list[Taken]:
    taken: list[Taken] = []
    script, before = iter([*SCRIPT, ("9999-12-31", "", "", "", {})]), None
    step = next(script)
    fridays = [date(2020, 5, 22) + timedelta(weeks=n) for n in range(21)]
    for day in sorted({*fridays, *(date.fromisoformat(said[0]) for said in SCRIPT)}):
        turn(store, CALENDAR, PRACTICE, at(day.isoformat(), "07:30"))
        post(store, CALENDAR, at(day.isoformat(), "07:35"))
        while step[0] <= day.isoformat():
            said_on, unit, kind, clause, words = step
            assert says(store, unit, kind, clause, at(said_on, "10:00"), **words).refusal == ""
            step = next(script)
        evening = at(day.isoformat(), "18:00")
        taken.append(Taken(evening, before, count(store, number, evening, before)))
        before = evening
    return taken


def as_of(store: Store, when: datetime) -> dict[int, tuple[str, int | None, int | None]]:
    """(state, due, closed) of each task that had opened, one at a time, the plain way."""
    [seq] = [row.seq for row in ask(store, "SELECT max(seq) AS seq FROM events WHERE at <= :at", at=int(when.timestamp()))]
    rows = ask(store, "SELECT id, since_seq AS low, 2000000000 AS high, state, due_at, closed_at FROM tasks")
    rows += ask(store, "SELECT task AS id, from_seq AS low, to_seq AS high, state, due_at, closed_at FROM task_history")
    return {row.id: (row.state, row.due_at, row.closed_at) for row in rows if row.low <= seq <= row.high}


def four(tasks: dict[int, tuple[str, int | None, int | None]], when: datetime) -> tuple[int, int, int, int, int, int]:
    """On time, late, in time, overdue; undated, undated and done."""
    cells = [0] * 6
    for _, due, closed in tasks.values():
        if due is None:
            cells[4] += 1
            cells[5] += closed is not None
        else:
            cells[(0 if closed <= due else 1) if closed is not None else (2 if due >= when.timestamp() else 3)] += 1
    return tuple(cells)  # type: ignore[return-value]  # six of them


def cells_of(cells: Cells) -> tuple[int, int, int, int, int, int]:
    return cells.on_time, cells.late, cells.in_time, cells.overdue, cells.undated, cells.undated_done


def test_a_past_day_stands_as_it_stood_whenever_it_is_asked(played: Played) -> None:
    for evening, before, then in played.taken:
        again = count(played.store, played.number, evening, before)
        assert (evening, again) == (evening, then)
        assert hashed(again) == hashed(then)


def test_what_a_report_froze_is_what_the_ledger_says_of_that_instant(played: Played) -> None:
    store, number, _ = played
    rounds = ask(store, "SELECT round, hash FROM reports ORDER BY as_of")
    assert len(rounds) == 5
    for row in rounds:
        with store.read() as db:
            frozen = reporting.frozen(db, number, row.round)
        assert count(store, number, frozen.as_of, frozen.before) == frozen
        assert hashed(frozen) == row.hash


def test_the_four_cells_sum_to_the_dated_tasks_at_every_level(played: Played) -> None:
    for evening, _, found in played.taken:
        tasks = as_of(played.store, evening)
        assert (evening, cells_of(found.cells)) == (evening, four(tasks, evening))
        assert found.cells.dated == sum(due is not None for _, due, _ in tasks.values())
        assert sum((agency.cells for agency in found.agencies), Cells()) == found.cells
        for agency in found.agencies:
            assert sum(agency.by_clause.values(), Cells()) == agency.cells


def test_the_script_fills_every_cell(played: Played) -> None:
    found = [taken.standing.cells for taken in played.taken]
    for cell in ("on_time", "late", "in_time", "overdue", "soon", "undated", "silent"):
        assert any(getattr(cells, cell) for cells in found), cell


def test_changes_between_two_reports_reconcile(played: Played) -> None:
    for then, now in pairwise(played.taken):
        reconciles(played.store, then, now)


def reconciles(store: Store, then: Taken, now: Taken) -> None:
    """Each task that was done or fell overdue in between is named by a change, and no other."""
    was, is_ = as_of(store, then.at), as_of(store, now.at)
    named = {kind: {change.work.id for change in now.standing.changes if change.kind == kind} for kind in ("done", "overdue")}
    done = {task for task, (_, _, closed) in is_.items() if closed is not None and was.get(task, ("", 0, None))[2] is None}
    overdue = {task for task in late(is_, now.at) if task not in late(was, then.at)}
    assert (now.at, named) == (now.at, {"done": done, "overdue": overdue})
    assert now.standing.changed.get("done", 0) == len(done)
    assert now.standing.cells_before is not None
    assert cells_of(now.standing.cells_before) == cells_of(then.standing.cells)


def late(tasks: dict[int, tuple[str, int | None, int | None]], when: datetime) -> set[int]:
    return {task for task, (_, due, closed) in tasks.items() if closed is None and due is not None and due < when.timestamp()}


def test_changes_and_decisions_of_any_two_days_are_those_of_their_standings(played: Played) -> None:
    """Weeks apart, whatever rounds, letters and answers came in between."""
    store, number, taken = played
    for then, now in zip(taken, taken[9:], strict=False):
        found = count(store, number, now.at, then.at)
        reconciles(store, then, Taken(now.at, then.at, found))
        decided = ask(store, "SELECT kind FROM events WHERE kind IN ('grant', 'refuse') AND at > :then AND at <= :now",
                      then=int(then.at.timestamp()), now=int(now.at.timestamp()))
        assert found.changed.get("granted", 0) + found.changed.get("refused", 0) == len(decided)


def test_an_outage_between_two_days_changes_nothing_of_what_is_said_of_them(store: Store) -> None:
    number = issue(store, PLAIN, LEAFLETS)
    turn(store, CALENDAR, PRACTICE, at("2020-05-19", "07:30"))
    assert not says(store, "insurance", "done", "6.4", at("2020-05-22", "10:00"), document="12/BC").refusal
    assert not says(store, "radio", "extend", "3", at("2020-05-25", "10:00"), note="mưa bão", until=date(2020, 6, 1)).refusal
    assert not says(store, "radio", "grant", "3", at("2020-05-26", "10:00"), by=ISSUER).refusal
    then, now = at("2020-05-20", "18:00"), at("2020-06-10", "18:00")
    silent = count(store, number, now, then)  # nothing has run since
    turn(store, CALENDAR, PRACTICE, at("2020-06-11", "07:30"))
    post(store, CALENDAR, at("2020-06-11", "07:35"))
    assert {kind: silent.changed[kind] for kind in ("done", "overdue", "granted")} == {"done": 1, "overdue": 1, "granted": 1}
    assert hashed(count(store, number, now, then)) == hashed(silent)


def test_requests_and_decisions_are_named_while_they_matter(played: Played) -> None:
    by_day = {taken.at.date().isoformat(): taken.standing for taken in played.taken}
    waiting = {day: [work.clause for work in found.requests] for day, found in by_day.items() if found.requests}
    assert waiting == {"2020-05-21": ["3"], "2020-05-22": ["3"]}
    assert [change.kind for change in by_day["2020-05-21"].changes] == ["asks"]
    assert [change.kind for change in by_day["2020-05-25"].changes] == ["granted"]
    asked = by_day["2020-05-21"].requests[0]
    assert (asked.asks_until, asked.last_words, asked.due_words) == (date(2020, 6, 5), "mưa bão", "đến ngày 29/5/2020")


@pytest.mark.parametrize(("closed", "cell"), [
    pytest.param(("2020-05-29", "23:59:59"), "on_time", id="the last second counts"),
    pytest.param(("2020-05-30", "00:00:00"), "late", id="a second later is late"),
])
def test_on_time_is_to_the_second(sqlite_store: Store, closed: tuple[str, str], cell: str) -> None:
    number = issue(sqlite_store, PLAIN)
    says(sqlite_store, "radio", "done", "3", at(*closed))
    assert count(sqlite_store, number, at("2020-06-10")).cells == Cells(**{cell: 1})


def test_an_open_task_is_in_time_to_its_last_second_and_soon_three_days_before(sqlite_store: Store) -> None:
    number = issue(sqlite_store, PLAIN)
    hours = [("2020-05-26", "23:59:58"), ("2020-05-26", "23:59:59"), ("2020-05-29", "23:59:59"), ("2020-05-30", "00:00:00")]
    found = [count(sqlite_store, number, at(*hour)).cells for hour in hours]
    assert found == [Cells(in_time=1), Cells(in_time=1, soon=1), Cells(in_time=1, soon=1), Cells(overdue=1)]


class TestSilence:
    def silent(self, store: Store, number: int, *days: str) -> list[int]:
        return [count(store, number, at(day, "09:00")).cells.silent for day in days]

    def test_who_says_nothing_in_a_round_is_silent_and_never_overdue(self, store: Store) -> None:
        number = issue(store, STANDING)
        # Rounds on 25/5, 25/6 and 27/7. That of 25/5 was never asked for: five working days before it lies before the issue.
        assert self.silent(store, number, "2020-05-24", "2020-05-26", "2020-06-24", "2020-06-26", "2020-07-28") == [0, 0, 0, 3, 3]
        says(store, "ward-a", "progress", "1", at("2020-06-20"), note="đã họp")
        says(store, "ward-b", "received", "1", at("2020-07-26"))
        assert self.silent(store, number, "2020-06-19", "2020-06-26", "2020-07-28", "2020-08-26") == [0, 2, 2, 3]
        assert count(store, number, at("2021-01-01")).cells == Cells(undated=3, silent=3)

    def test_what_begins_between_two_rounds_is_silent_only_after_it_was_asked(self, store: Store) -> None:
        number = issue(store, duty("1", "wards", from_=date(2020, 6, 20)), LEAFLETS)
        list(play(store, CALENDAR, PRACTICE, ISSUED, at("2020-06-22")))
        assert self.silent(store, number, "2020-06-24", "2020-06-26", "2020-07-26", "2020-07-28") == [0, 0, 0, 3]

    def test_who_is_done_is_not_silent(self, sqlite_store: Store) -> None:
        number = issue(sqlite_store, STANDING)
        says(sqlite_store, "ward-a", "done", "1", at("2020-05-20"))
        assert count(sqlite_store, number, at("2020-07-28")).cells == Cells(undated=3, silent=2, undated_done=1)


def test_whom_a_request_reaches_stands_apart_and_among_the_worst_is_only_who_was_ordered(store: Store) -> None:
    number = issue(store, duty("1", "union", force="ask", due=by("2020-05-20")), duty("2", "radio", due=by("2020-05-21")), LEAFLETS)
    found = count(store, number, at("2020-06-10"))
    assert {agency.party.id: agency.peer for agency in found.agencies} == {"union": True, "radio": False, "insurance": False}
    assert [work.agency.id for work in found.overdue] == ["radio", "insurance"]
    assert found.cells == Cells(overdue=3)


def test_who_cannot_be_reached_and_what_could_not_be_sent_is_shown(sqlite_store: Store) -> None:
    number = issue(sqlite_store, PLAIN, LEAFLETS)
    tell(sqlite_store, "UPDATE agencies SET mail_state = 'bad' WHERE code = 'radio'")
    tell(sqlite_store, "INSERT INTO failures (notice, since) VALUES (1, :at)", at=int(at("2020-05-20").timestamp()))
    found = count(sqlite_store, number, at("2020-05-21"))
    assert {agency.party.id for agency in found.agencies if agency.unreachable} == {"radio"}
    assert (found.unsent, count(sqlite_store, number, at("2020-05-19")).unsent) == (1, 0)


def test_what_was_told_and_counted_later_was_not_known_before(store: Store) -> None:
    number = issue(store, PLAIN, duty("10", "wards", target="coverage", from_=date(2020, 6, 20)))
    evening = at("2020-05-30", "18:00")
    before = count(store, number, evening)
    assert (before.overdue[0].told_at, before.lines[0].missing) == (None, ())
    post(store, CALENDAR, at("2020-06-01"))
    turn(store, CALENDAR, PRACTICE, at("2020-06-20"))
    now = count(store, number, at("2020-06-20", "18:00"))
    assert (now.overdue[0].told_at, len(now.lines[0].missing)) == (at("2020-06-01"), 3)
    assert count(store, number, evening) == before


def test_names_addresses_and_letters_of_today_stay_out_of_a_past_day(store: Store) -> None:
    number = issue(store, PLAIN, LEAFLETS, duty("10", "wards", target="coverage"))
    tell(store, "UPDATE agencies SET mail_state = 'bad' WHERE code = 'insurance'")
    outbox = LedgerOutbox(store, CALENDAR, "office.example")
    lost, *_ = outbox.claim("new", at("2020-05-18", "10:00"), 9)
    outbox.record([Outcome(notice_id=lost.id, lease=lost.lease, state="failed", code=550)], at("2020-05-18", "10:00"))
    evening = at("2020-05-20", "18:00")
    before = count(store, number, evening)
    assert (before.unsent, [row.party.id for row in before.agencies if row.unreachable]) == (1, ["insurance"])
    renamed = {code: changed(one) for code, one in PEOPLE.agencies.items()}
    with store.write() as db:
        roster.enter(db, PEOPLE.model_copy(update={"agencies": renamed}), at("2020-05-21"))
        letters.retry(db, lost.id, at("2020-05-21"))
    again, now = count(store, number, evening), count(store, number, at("2020-05-21", "18:00"))
    assert (again, hashed(again)) == (before, hashed(before))
    assert (now.unsent, [row.party.id for row in now.agencies if row.unreachable]) == (0, [])
    assert now.paper.issuer == "Cơ quan district mới"
    assert {row.party.name for row in now.agencies if row.party.id != "insurance"} == {
        f"{row.party.name} mới" for row in before.agencies if row.party.id != "insurance"
    }
    assert now.lines[0].missing == tuple(f"{name} mới" for name in before.lines[0].missing)


def changed(one: Agency) -> Agency:
    """An agency under another name, another number and, where its letters bounced, another address."""
    mail = "new@office.example" if one.id == "insurance" else one.mail
    return one.model_copy(update={"name": f"{one.name} mới" if one.id != "insurance" else one.name, "phone": "0292 000 0009", "mail": mail})


class TestRounds:
    def letters(self, store: Store) -> Iterator[tuple[str, str, datetime | None]]:
        """(reader, day, since when its changes count) of each report letter."""
        for row in ask(store, """
            SELECT a.code, n.directive, n.hint, n.not_before FROM notices n JOIN agencies a ON a.id = n.recipient
             WHERE n.lane = 'report' ORDER BY n.not_before, a.code"""):
            with store.read() as db:
                frozen, _ = reporting.vouched(db, row.directive, row.hint)
            yield row.code, datetime.fromtimestamp(row.not_before, ISSUED.tzinfo).date().isoformat(), frozen.before

    def test_a_round_is_made_once_for_each_reader(self, store: Store) -> None:
        plans = tuple(ReportPlan(every=Every(words=words, unit="month", day=25), to=to) for words, to in (
            ("month on 25", ("chair", "issuer")), ("25 hằng tháng", ("chair", "wards")),
        ))
        number = issue(store, PLAIN, reports=plans)
        for _ in range(3):
            reporting.report(store, number, CALENDAR, at("2020-06-25", "07:30"))
        assert [(reader, day) for reader, day, _ in self.letters(store)] == [
            (reader, "2020-06-25") for reader in ("chair", "district", "ward-a", "ward-b", "ward-c")
        ]

    def test_after_an_outage_the_latest_round_is_made_and_counts_from_the_last_that_was(self, store: Store) -> None:
        number = issue(store, PLAIN)
        for day in ("2020-05-25", "2020-08-26"):
            assert reporting.due(store, CALENDAR, at(day)) == [number]
            assert reporting.report(store, number, CALENDAR, at(day)) == 1
        assert list(self.letters(store)) == [("chair", "2020-05-25", ISSUED), ("chair", "2020-08-25", at("2020-05-25", "07:30"))]
        assert reporting.due(store, CALENDAR, at("2020-09-24")) == []
