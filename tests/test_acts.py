"""Acts: each becomes one event with all that follows from it, pressing twice is once, and a refusal changes nothing."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from directives.language.shapes import Duty
from tasks.ledger import acts, chain
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.ledger.works import works
from tasks.states import DECISIONS
from tasks.values import Act, Receipt
from tests.clockwork import post
from tests.rows import ask, everything, task, tell
from tests.sample import CALENDAR, COVER, HANOI, LEAFLETS, PEOPLE, PRACTICE, SCHOOLS, STANDING, at, by, duty, paper
from tests.test_states import GRID
from tests.voices import CLERK, ISSUER, says

ISSUED = at("2020-05-18")
NOW = at("2020-05-20")
PLAIN = duty("3", "radio", due=by("2020-05-29"))
CONFIRMED = duty("4", "union", due=by("2020-05-29"), confirm=True)
DOCUMENT = {"document": "12/BC-BHXH ngày 20/5/2020"}


def issue(store: Store, *duties: Duty) -> int:
    return open_directive(store, paper(*duties), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED).directive


def kinds(store: Store) -> list[str]:
    """The acts and what the ledger added to them, in order."""
    return [row.kind for row in ask(store, "SELECT kind FROM events WHERE kind NOT IN ('issued', 'opened') ORDER BY directive, seq")]


def now_of(store: Store, clause: str, unit: str) -> tuple[str, datetime | None]:
    """A task's state, and when it closed."""
    [row] = ask(store, """
        SELECT k.state, k.closed_at FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.unit
         WHERE u.clause = :clause AND a.code = :unit""", clause=clause, unit=unit)
    return row.state, row.closed_at and datetime.fromtimestamp(row.closed_at, NOW.tzinfo)


def put(store: Store, clause: str, state: str, asks: bool) -> None:
    """Bring a task into a state behind the ledger's back."""
    held = state in ("returned", "paused")
    tell(store, "DELETE FROM requests")
    tell(store, "DELETE FROM holds")
    tell(store, """
        UPDATE tasks SET state = :state, due_at = original_due_at, claimed_at = :now, reported_at = :now, wake_at = NULL,
               agency = unit, closed_at = CASE WHEN :state IN ('done', 'void') THEN CAST(:now AS bigint) END
         WHERE duty = (SELECT id FROM duties WHERE clause = :clause)""",
        state="received" if held else state, clause=clause, now=int(NOW.timestamp()))
    if held:
        tell(store, """
            INSERT INTO holds (task, from_seq, kind, at, until)
            SELECT id, 0, :kind, 0, CAST(:until AS bigint) FROM tasks
             WHERE duty = (SELECT id FROM duties WHERE clause = :clause)""",
            kind=state, until=int(NOW.timestamp()) + 10**6 if state == "paused" else None, clause=clause)
    if asks:
        tell(store, "INSERT INTO requests (task, until, note, asked_at) SELECT id, '2020-06-05', '', 0 FROM tasks WHERE term = '' LIMIT 1")


def shown(store: Store, clause: str, unit: str, term: str = "") -> str:
    """A task's state as people see it."""
    with store.read() as db:
        number = task(db, clause, unit, term)
        return works(db, [number], CALENDAR)[number].state


def test_every_act_in_every_state_does_what_the_table_says(store: Store) -> None:
    issue(store, PLAIN, duty("10", "ward-a", target="coverage"))
    for n, (act, state, becomes) in enumerate(GRID):
        clause, unit, term = ("10", "ward-a", "2020-06-30") if act == "figure" else ("3", "radio", "")
        put(store, clause, state, asks=act in ("grant", "refuse"))
        issuers = act in (*DECISIONS, "figure")
        words: dict[str, Any] = {"note": "lý do", "until": date(2020, 6, 5), "to": "union" if act == "reassign" else "Người nhận"}
        if act == "figure":  # of another day each time, so that none corrects another
            words = {"value": Decimal(50), "on": date(2020, 5, 1) - timedelta(n)}
        receipt = says(store, unit, act, clause, NOW, by=ISSUER if issuers else unit, term=term, **words)
        assert (act, state, bool(receipt.refusal)) == (act, state, becomes == ".")
        assert (act, state, shown(store, clause, unit, term)) == (act, state, state if becomes == "." else becomes)


def test_a_second_press_gives_the_same_receipt_and_records_nothing_new(store: Store) -> None:
    issue(store, PLAIN)
    first = says(store, "radio", "progress", "3", NOW, key="form", note="đang in")
    written = everything(store)
    second = says(store, "radio", "progress", "3", NOW + timedelta(hours=1), key="form", note="đang in")
    assert (first.new, second.new, second.number, second.at) == (True, False, first.number, first.at)
    assert first.number == "898-3-3"
    assert everything(store) == written


def test_fifty_presses_of_one_form_at_once_are_one_event(store: Store) -> None:
    issue(store, PLAIN)
    with ThreadPoolExecutor(12) as threads:
        receipts = list(threads.map(lambda _: says(store, "radio", "done", "3", NOW, key="form"), range(50)))
    assert {receipt.number for receipt in receipts} == {"898-3-3"}
    assert Counter(receipt.new for receipt in receipts) == {True: 1, False: 49}
    assert kinds(store) == ["done"]
    assert [row.n for row in ask(store, "SELECT count(*) AS n FROM task_history")] == [1]


def test_of_two_who_close_a_task_at_once_one_is_refused(store: Store) -> None:
    issue(store, PLAIN)
    with ThreadPoolExecutor(8) as threads:
        receipts = list(threads.map(lambda n: says(store, "radio", "done", "3", NOW, key=f"form {n}"), range(8)))
    assert sorted(bool(receipt.refusal) for receipt in receipts) == [False, *[True] * 7]
    assert kinds(store) == ["done"]


def test_a_refusal_says_why_and_changes_nothing(store: Store) -> None:
    issue(store, PLAIN, LEAFLETS, CONFIRMED, COVER, STANDING)
    written = everything(store)
    refused: dict[str, Receipt] = {
        "thuộc đơn vị": says(store, "radio", "done", "3", NOW, by="union"),
        "cơ quan ban hành": says(store, "union", "confirm", "4", NOW),
        "phối hợp": says(store, "insurance", "done", "6.4", NOW, by="ward-a", **DOCUMENT),
        "minh chứng": says(store, "insurance", "done", "6.4", NOW),
        "không có thời hạn": says(store, "ward-a", "extend", "1", NOW, note="x", until=date(2020, 6, 5)),
        "không có chỉ tiêu": says(store, "radio", "figure", "3", NOW, value=Decimal(50)),
        "do Cơ quan insurance nhập": says(store, "ward-a", "figure", "10", NOW, term="2020-06-30", value=Decimal(50)),
        "chưa tới": says(store, "ward-a", "figure", "10", NOW, by="insurance", term="2020-06-30", value=Decimal(50), on=date(2020, 5, 21)),
        "Không có đề nghị": says(store, "radio", "grant", "3", NOW, by=ISSUER),
    }
    for why, receipt in refused.items():
        assert why in receipt.refusal
        assert (receipt.number, receipt.at) == ("", None)
    assert everything(store) == written


def test_nobody_speaks_of_a_task_that_there_is_not(sqlite_store: Store) -> None:
    receipt = acts.act(sqlite_store, Act(kind="done", task=4711, said=CLERK, key="k"), CALENDAR, NOW)
    assert (receipt.work, bool(receipt.refusal)) == (None, True)


def test_who_takes_part_comments_and_the_source_types_figures_for_others(store: Store) -> None:
    issue(store, LEAFLETS, COVER)
    assert not says(store, "insurance", "progress", "6.4", NOW, by="radio", note="đã phát 3 buổi").refusal
    assert not says(store, "ward-b", "figure", "10", NOW, by="insurance", term="2020-06-30", numerator=80, denominator=100).refusal
    assert now_of(store, "6.4", "insurance")[0] == "open"
    read = ask(store, "SELECT a.code, r.value FROM readings r JOIN agencies a ON a.id = r.agency")
    assert [tuple(row) for row in read] == [("ward-b", "80.000000")]


def test_an_act_is_never_dated_before_the_event_before_it(store: Store) -> None:
    number = issue(store, PLAIN)
    first = says(store, "radio", "progress", "3", NOW, note="một")
    second = says(store, "radio", "done", "3", NOW - timedelta(days=1))
    assert (first.at, second.at) == (NOW, NOW)
    assert now_of(store, "3", "radio") == ("done", NOW)
    with store.read() as db:
        assert chain.verify(db, number) is None


def test_every_answer_is_receipted_to_the_registered_address(store: Store) -> None:
    issue(store, CONFIRMED)
    post(store, CALENDAR, ISSUED + timedelta(minutes=10))
    done = says(store, "union", "done", "4", NOW)
    rejected = says(store, "union", "reject", "4", NOW, by=ISSUER, note="thiếu số liệu")
    letters = {notice.lane: notice for notice in post(store, CALENDAR, NOW)}
    assert {lane: notice.recipient.id for lane, notice in letters.items()} == {"receipt": "union", "decision": "union"}
    assert letters["receipt"].receipt == done
    assert letters["decision"].receipt == rejected
    assert [row.n for row in ask(store, "SELECT count(*) AS n FROM notices WHERE hint <> '' OR params IS NOT NULL")] == [0]


class TestConfirmation:
    def test_on_time_is_judged_by_the_claim_that_was_finally_accepted(self, store: Store) -> None:
        issue(store, CONFIRMED)
        says(store, "union", "done", "4", at("2020-05-25"))
        assert now_of(store, "4", "union") == ("claimed", None)
        says(store, "union", "reject", "4", at("2020-05-26"), by=ISSUER, note="thiếu")
        assert now_of(store, "4", "union") == ("progress", None)
        claimed = says(store, "union", "done", "4", at("2020-05-29", "16:00"))
        says(store, "union", "confirm", "4", at("2020-06-08"), by=ISSUER)
        assert now_of(store, "4", "union") == ("done", claimed.at)

    def test_a_claim_that_came_late_is_late_however_soon_it_is_confirmed(self, sqlite_store: Store) -> None:
        issue(sqlite_store, CONFIRMED)
        says(sqlite_store, "union", "done", "4", at("2020-05-30"))
        says(sqlite_store, "union", "confirm", "4", at("2020-05-30", "09:01"), by=ISSUER)
        assert now_of(sqlite_store, "4", "union") == ("done", at("2020-05-30"))


class TestMoreTime:
    def row(self, store: Store) -> tuple[date, date, int, int]:
        """The day that a task is due, the day that the paper said, how often it was moved, the last step that was said."""
        [row] = ask(store, "SELECT due_at, original_due_at, due_version, rung FROM tasks")
        due, original = (datetime.fromtimestamp(seconds, HANOI).date() for seconds in (row.due_at, row.original_due_at))
        return due, original, row.due_version, row.rung

    def test_a_grant_moves_the_date_and_keeps_the_first_one(self, store: Store) -> None:
        issue(store, PLAIN)
        asked = says(store, "radio", "extend", "3", NOW, note="mưa bão", until=date(2020, 6, 12))
        assert asked.work
        assert (asked.work.asks_until, asked.work.state) == (date(2020, 6, 12), "open")
        assert "đang chờ" in says(store, "radio", "extend", "3", NOW, note="nữa", until=date(2020, 6, 19)).refusal
        tell(store, "UPDATE tasks SET rung = 2")
        granted = says(store, "radio", "grant", "3", NOW, by=ISSUER)
        assert self.row(store) == (date(2020, 6, 12), date(2020, 5, 29), 1, 0)
        assert granted.work
        assert (granted.work.due_words, granted.work.last_working_day, granted.work.asks_until) == ("gia hạn", date(2020, 6, 12), None)
        # Seven days before the new date.
        assert [row.wake_at for row in ask(store, "SELECT wake_at FROM tasks")] == [int(at("2020-06-05", "07:30").timestamp())]

    def test_another_date_may_be_granted_and_a_further_request_be_made(self, store: Store) -> None:
        issue(store, PLAIN)
        says(store, "radio", "extend", "3", NOW, note="mưa bão", until=date(2020, 6, 30))
        says(store, "radio", "grant", "3", NOW, by=ISSUER, until=date(2020, 6, 5))
        assert not says(store, "radio", "extend", "3", NOW, note="còn ngập", until=date(2020, 6, 12)).refusal
        says(store, "radio", "grant", "3", NOW, by=ISSUER)
        assert self.row(store) == (date(2020, 6, 12), date(2020, 5, 29), 2, 0)

    def test_a_refused_request_leaves_the_date_and_the_ladder(self, store: Store) -> None:
        issue(store, PLAIN)
        ladder = ask(store, "SELECT wake_at, rung FROM tasks")
        says(store, "radio", "extend", "3", NOW, note="mưa bão", until=date(2020, 6, 12))
        says(store, "radio", "refuse", "3", NOW, by=ISSUER, note="đã nắng")
        assert self.row(store) == (date(2020, 5, 29), date(2020, 5, 29), 0, 0)
        assert ask(store, "SELECT wake_at, rung FROM tasks") == ladder
        assert [tuple(row) for row in ask(store, "SELECT decision, decided_at FROM requests")] == [("refused", int(NOW.timestamp()))]

    def test_who_finishes_asks_no_more(self, store: Store) -> None:
        issue(store, PLAIN)
        says(store, "radio", "extend", "3", NOW, note="mưa bão", until=date(2020, 6, 12))
        receipt = says(store, "radio", "done", "3", NOW)
        assert receipt.work
        assert receipt.work.asks_until is None
        says(store, "radio", "undo", "3", NOW)
        assert not says(store, "radio", "extend", "3", NOW, note="lại mưa", until=date(2020, 6, 12)).refusal


class TestTakingBack:
    def test_done_is_taken_back_within_seven_days_and_its_ladder_goes_on(self, store: Store) -> None:
        issue(store, PLAIN)
        says(store, "radio", "done", "3", NOW)
        assert ask(store, "SELECT wake_at FROM tasks")[0].wake_at is None
        says(store, "radio", "undo", "3", NOW + timedelta(days=6, hours=23), note="nhầm")
        assert now_of(store, "3", "radio") == ("progress", None)
        assert ask(store, "SELECT wake_at FROM tasks")[0].wake_at == int(at("2020-05-28", "07:30").timestamp())

    def test_after_seven_days_only_by_the_issuer_whom_the_refusal_names(self, sqlite_store: Store) -> None:
        issue(sqlite_store, PLAIN)
        says(sqlite_store, "radio", "done", "3", NOW)
        refused = says(sqlite_store, "radio", "undo", "3", NOW + timedelta(days=7)).refusal
        assert "7 ngày" in refused
        assert "gọi cơ quan ban hành" in refused
        says(sqlite_store, "radio", "undo", "3", NOW + timedelta(days=30), by=ISSUER, note="theo điện thoại")
        assert now_of(sqlite_store, "3", "radio") == ("progress", None)

    def test_what_was_done_stays_in_the_history(self, store: Store) -> None:
        issue(store, PLAIN)
        for kind in ("received", "done", "undo", "done"):
            says(store, "radio", kind, "3", NOW)
        found = [tuple(row) for row in ask(store, "SELECT state, from_seq, to_seq FROM task_history ORDER BY from_seq")]
        assert found == [("open", 2, 2), ("received", 3, 3), ("done", 4, 4), ("progress", 5, 5)]
        assert kinds(store) == ["received", "done", "undo", "done"]


class TestCascade:
    def test_a_parent_closes_with_its_last_child_at_the_instant_that_counts_for_it(self, store: Store) -> None:
        issue(store, SCHOOLS)
        says(store, "school-1", "done", "2", at("2020-05-21"))
        assert now_of(store, "2", "education") == ("open", None)
        assert "1 đơn vị" in says(store, "education", "done", "2", NOW).refusal
        last = says(store, "school-2", "done", "2", at("2020-05-22"))
        assert now_of(store, "2", "education") == ("done", last.at)
        assert kinds(store) == ["done", "done", "settled"]

    def test_it_is_open_again_when_a_child_is(self, store: Store) -> None:
        issue(store, SCHOOLS)
        for school in ("school-1", "school-2"):
            says(store, school, "done", "2", NOW)
        says(store, "school-1", "undo", "2", NOW, note="nhầm")
        assert (now_of(store, "2", "school-1")[0], now_of(store, "2", "school-2")[0]) == ("progress", "done")
        assert now_of(store, "2", "education") == ("progress", None)
        says(store, "school-1", "done", "2", at("2020-05-25"))
        assert now_of(store, "2", "education") == ("done", at("2020-05-25"))

    def test_a_lead_who_said_why_stays_done_when_a_child_takes_its_word_back(self, store: Store) -> None:
        issue(store, SCHOOLS)
        says(store, "education", "done", "2", NOW, note="school-2 đã giải thể")
        says(store, "school-1", "done", "2", NOW)
        says(store, "school-1", "undo", "2", NOW)
        assert now_of(store, "2", "education") == ("done", NOW)

    def test_level_by_level_up_to_the_top_and_back(self, store: Store) -> None:
        issue(store, duty("3", "district", cascade=(("education",), ("schools",)), due=by("2020-09-30")))
        for school in ("school-1", "school-2"):
            says(store, school, "done", "3", NOW)
        assert [now_of(store, "3", unit)[0] for unit in ("district", "education")] == ["done", "done"]
        says(store, "school-2", "undo", "3", NOW)
        assert [now_of(store, "3", unit)[0] for unit in ("district", "education")] == ["progress", "progress"]

    def test_two_last_children_at_once_close_their_parent_once(self, store: Store) -> None:
        issue(store, SCHOOLS)
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda school: says(store, school, "done", "2", NOW), ("school-1", "school-2")))
        assert kinds(store) == ["done", "done", "settled"]
        assert now_of(store, "2", "education") == ("done", NOW)


def test_evidence_is_kept_by_its_hash_beside_the_event(store: Store) -> None:
    issue(store, duty("3", "radio", evidence="photo"))
    assert "ảnh" in says(store, "radio", "done", "3", NOW, **DOCUMENT).refusal
    says(store, "radio", "done", "3", NOW, files=(("ab" * 32, "ảnh.jpg", 1234),))
    assert [tuple(row) for row in ask(store, "SELECT seq, hash, name, size FROM evidence")] == [(3, "ab" * 32, "ảnh.jpg", 1234)]


def test_a_day_of_many_voices_leaves_one_whole_chain(store: Store) -> None:
    number = issue(store, PLAIN, LEAFLETS, SCHOOLS, STANDING)
    speakers = [("radio", "3"), ("insurance", "6.4"), ("school-1", "2"), ("school-2", "2"), ("ward-a", "1"), ("ward-b", "1")]

    def speak(n: int) -> str:
        unit, clause = speakers[n % len(speakers)]
        return says(store, unit, "progress", clause, NOW + timedelta(minutes=n % 7), note=f"lần {n}").refusal

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(speak, range(48))) == {""}
    with store.read() as db:
        assert chain.verify(db, number) is None
    assert len(kinds(store)) == 48
