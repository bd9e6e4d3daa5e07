"""The outbox: each letter is claimed by one, judged at the claim, frozen at the first, and ends in exactly one way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from notifications.outbox import LANES
from tasks.ledger import ending, letters
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import DOUBT, LEASE, LedgerOutbox
from tasks.ledger.store import Store
from tasks.letters import Notice, Outcome
from tests.clockwork import post, turn
from tests.conftest import on_postgres
from tests.rows import ask, tell
from tests.sample import CALENDAR, CAR, COVER, LEAFLETS, PEOPLE, PRACTICE, STANDING, at, duty, paper

ISSUED = at("2020-05-18")
LEFT = ISSUED + timedelta(minutes=10)


@pytest.fixture
def outbox(store: Store) -> LedgerOutbox:
    """The outbox of a directive whose first letters may leave: insurance leads, radio and the wards take part; wards owe a figure."""
    open_directive(store, paper(LEAFLETS, COVER), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    return LedgerOutbox(store, CALENDAR, "office.example")


def became(notices: Sequence[Notice], state: str, **words: object) -> list[Outcome]:
    return [Outcome(notice_id=n.id, lease=n.lease, state=state, **words) for n in notices]  # type: ignore[arg-type]


def states(outbox: LedgerOutbox) -> Counter[str]:
    return Counter(row.state for row in ask(outbox.store, "SELECT state FROM notices"))


def close(outbox: LedgerOutbox, clause: str) -> None:
    tell(outbox.store, """
        UPDATE tasks SET state = 'done', closed_at = 1, wake_at = NULL
         WHERE duty IN (SELECT id FROM duties WHERE clause = :clause)""", clause=clause)


def unleased(notices: Sequence[Notice]) -> list[Notice]:
    return [replace(notice, lease="", attempts=0) for notice in notices]


def names(notices: Sequence[Notice]) -> list[str]:
    return sorted(notice.recipient.id for notice in notices)


def test_a_letter_is_leased_to_one_and_given_in_the_order_in_which_it_fell_due(outbox: LedgerOutbox) -> None:
    tell(outbox.store, "UPDATE notices SET not_before = not_before - id")
    first, second = outbox.claim("new", LEFT, 3), outbox.claim("new", LEFT, 99)
    assert (len(first), len(second), outbox.claim("new", LEFT, 99)) == (3, 2, ())
    assert [n.id for n in (*first, *second)] == sorted((n.id for n in (*first, *second)), reverse=True)
    assert states(outbox) == {"leased": 5}


def test_what_was_settled_in_between_is_not_sent(outbox: LedgerOutbox) -> None:
    close(outbox, "6.4")  # the wards still owe a figure, radio still takes part
    tell(outbox.store, """
        UPDATE notices SET expires_at = not_before WHERE recipient = (SELECT id FROM agencies WHERE code = 'radio')""")
    tell(outbox.store, "UPDATE agencies SET mail_state = 'bad' WHERE code = 'ward-a'")
    tell(outbox.store, "UPDATE agencies SET mail_state = 'none' WHERE code = 'ward-b'")
    claimed = outbox.claim("new", LEFT, 99)
    assert names(claimed) == ["ward-c"]
    found = ask(outbox.store, "SELECT a.code, n.state FROM notices n JOIN agencies a ON a.id = n.recipient ORDER BY a.code")
    assert [tuple(row) for row in found] == [
        ("insurance", "superseded"), ("radio", "expired"), ("ward-a", "undeliverable"), ("ward-b", "undeliverable"), ("ward-c", "leased"),
    ]
    assert ask(outbox.store, "SELECT count(*) AS n FROM notices WHERE state <> 'leased' AND (lease IS NOT NULL OR attempts > 0)")[0].n == 0


def test_who_takes_part_is_told_even_when_his_own_work_is_done(outbox: LedgerOutbox) -> None:
    close(outbox, "10")
    assert names(outbox.claim("new", LEFT, 99)) == ["insurance", "radio", "ward-a", "ward-b", "ward-c"]


def test_a_digest_with_nothing_left_to_say_is_superseded_even_when_it_was_put_off(outbox: LedgerOutbox) -> None:
    post(outbox.store, CALENDAR, LEFT)
    morning = at("2020-05-22", "07:30")
    turn(outbox.store, CALENDAR, PRACTICE, morning)
    claimed = outbox.claim("digest", morning, 99)
    assert names(claimed) == ["insurance", "radio", "ward-a", "ward-b", "ward-c"]
    outbox.record(became(claimed, "queued", retry_after=timedelta(hours=1)), morning)
    close(outbox, "6.4")
    assert outbox.claim("digest", morning + timedelta(hours=1), 99) == []
    assert states(outbox) == {"sent": 5, "superseded": 5}
    assert ask(outbox.store, "SELECT count(*) AS n FROM notices WHERE params IS NOT NULL")[0].n == 0


def test_a_line_about_an_older_date_is_not_said(outbox: LedgerOutbox) -> None:
    post(outbox.store, CALENDAR, LEFT)
    morning = at("2020-05-22", "07:30")
    turn(outbox.store, CALENDAR, PRACTICE, morning)
    tell(outbox.store, "UPDATE tasks SET due_version = 1")
    assert outbox.claim("digest", morning, 99) == []


MANY = 3_000


def test_s62_two_workers_with_four_threads_each_claim_every_letter_once(store: Store) -> None:
    open_directive(store, paper(duty("4", "union")), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    tell(store, """
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :many)
        INSERT INTO notices (key, recipient, lane, not_before, state)
        SELECT 'login:' || n, (SELECT id FROM agencies WHERE code = 'union'), 'login', 0, 'queued' FROM numbers""", many=MANY)
    workers = [Store(store.url.render_as_string(hide_password=False)) for _ in range(2)]

    def work(n: int) -> list[int]:
        mine, done = LedgerOutbox(workers[n % 2], CALENDAR, "office.example"), []
        while claimed := mine.claim("login", LEFT, 50):
            mine.record(became(claimed, "sent", code=250), LEFT)
            done += [notice.id for notice in claimed]
        return done

    with ThreadPoolExecutor(8) as threads:
        claimed = [id_ for of in threads.map(work, range(8)) for id_ in of]
    for worker in workers:
        worker.close()
    assert (len(claimed), len(set(claimed))) == (MANY, MANY)
    assert ask(store, "SELECT count(*) AS n FROM notices WHERE lane = 'login' AND state = 'sent' AND attempts = 1")[0].n == MANY


def test_an_outcome_whose_lease_was_lost_changes_nothing(outbox: LedgerOutbox) -> None:
    lost = outbox.claim("new", LEFT, 99)
    outbox.release(lost, LEFT)
    held = outbox.claim("new", LEFT, 99)
    outbox.record(became(lost, "sent", code=250), LEFT)
    outbox.release(lost, LEFT)
    assert states(outbox) == {"leased": 5}
    assert ask(outbox.store, "SELECT count(*) AS n FROM tasks WHERE told_at IS NOT NULL")[0].n == 0
    outbox.record(became(held, "sent", code=250), LEFT)
    outbox.record(became(held, "failed", code=550), LEFT)
    assert states(outbox) == {"sent": 5}


def test_handing_back_is_not_a_try(outbox: LedgerOutbox) -> None:
    for _ in range(5):
        claimed = outbox.claim("new", LEFT, 99)
        assert {notice.attempts for notice in claimed} == {0}
        outbox.release(claimed, LEFT)
    assert states(outbox) == {"queued": 5}


def test_a_letter_whose_worker_died_comes_back_after_a_wait_with_the_same_words_twice_and_then_waits_for_the_operator(
    outbox: LedgerOutbox,
) -> None:
    first, now = outbox.claim("new", LEFT, 99), LEFT
    for attempt in (1, 2, 3):
        outbox.recover(now + LEASE - timedelta(seconds=1))
        assert states(outbox) == {"leased": 5}
        now += LEASE
        outbox.recover(now)
        assert states(outbox) == {"uncertain": 5}
        outbox.recover(now + DOUBT - timedelta(seconds=1))
        assert outbox.claim("new", now + DOUBT, 99) == ()
        now += DOUBT
        outbox.recover(now)
        again = outbox.claim("new", now, 99)
        if attempt < 3:
            assert unleased(again) == unleased(first)
    assert states(outbox) == {"failed": 5}
    assert ask(outbox.store, "SELECT count(*) AS n FROM notices WHERE params IS NOT NULL OR lease IS NOT NULL")[0].n == 0
    with outbox.store.write() as db:
        assert letters.retry(db, first[0].id, now)
    [anew] = outbox.claim("new", now, 99)
    assert anew.message_id == first[0].message_id
    outbox.recover(now + LEASE)
    outbox.recover(now + LEASE + DOUBT)
    assert states(outbox) == {"failed": 4, "queued": 1}


def test_the_words_are_frozen_at_the_first_claim(outbox: LedgerOutbox) -> None:
    [before] = [notice for notice in outbox.claim("new", LEFT, 99) if notice.recipient.id == "insurance"]
    outbox.record(became([before], "uncertain"), LEFT)
    tell(outbox.store, "UPDATE agencies SET name = 'Tên mới', mail = 'new@office.example'")
    tell(outbox.store, "UPDATE duties SET text = 'Việc khác'")
    later = LEFT + DOUBT
    outbox.recover(later)
    [after] = [notice for notice in outbox.claim("new", later, 99) if notice.recipient.id == "insurance"]
    assert unleased([after]) == unleased([before])
    assert (after.date, after.message_id) == (LEFT, f"<n.{after.id}@office.example>")


def test_tries_that_the_relay_put_off_are_no_doubts(outbox: LedgerOutbox) -> None:
    now = LEFT
    for attempt in range(6):
        claimed = outbox.claim("new", now, 99)
        assert {notice.attempts for notice in claimed} == {attempt}
        outbox.record(became(claimed, "queued", code=451, retry_after=timedelta(minutes=1)), now)
        assert outbox.claim("new", now + timedelta(seconds=59), 99) == ()
        now += timedelta(minutes=1)
    outbox.record(became(outbox.claim("new", now, 99), "uncertain"), now)
    outbox.recover(now + DOUBT)
    assert states(outbox) == {"queued": 5}


@pytest.mark.parametrize(("state", "kept"), [("sent", 0), ("failed", 0), ("undeliverable", 0), ("queued", 5), ("uncertain", 5)])
def test_parameters_are_erased_when_a_letter_has_come_to_its_end(sqlite_store: Store, state: str, kept: int) -> None:
    open_directive(sqlite_store, paper(LEAFLETS, COVER), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    outbox = LedgerOutbox(sqlite_store, CALENDAR, "office.example")
    outbox.record(became(outbox.claim("new", LEFT, 99), state), LEFT)
    assert states(outbox) == {state: 5}
    assert ask(sqlite_store, "SELECT count(params) AS n FROM notices")[0].n == kept


def told(outbox: LedgerOutbox) -> dict[str, datetime | None]:
    rows = ask(outbox.store, """
        SELECT u.clause, a.code, k.told_at FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.agency""")
    return {f"{row.clause} {row.code}": row.told_at and row.told_at - int(LEFT.timestamp()) for row in rows}


def test_a_lead_has_been_told_when_the_first_letter_has_really_left(outbox: LedgerOutbox) -> None:
    claimed = outbox.claim("new", LEFT, 99)
    fate = {"insurance": "sent", "radio": "sent", "ward-a": "sent", "ward-b": "uncertain", "ward-c": "undeliverable"}
    outbox.record([became([notice], fate[notice.recipient.id])[0] for notice in claimed], LEFT)
    assert told(outbox) == {"6.4 insurance": 0, "10 ward-a": 0, "10 ward-b": None, "10 ward-c": None}
    morning = at("2020-05-22", "07:30")
    turn(outbox.store, CALENDAR, PRACTICE, morning)
    post(outbox.store, CALENDAR, morning)  # a digest to insurance and all who take part
    outbox.recover(morning)
    post(outbox.store, CALENDAR, morning)  # and the doubtful letter once more
    assert told(outbox) == {"6.4 insurance": 0, "10 ward-a": 0, "10 ward-b": int((morning - LEFT).total_seconds()), "10 ward-c": None}


def test_letters_of_more_urgent_lanes_are_claimed_apart(outbox: LedgerOutbox) -> None:
    assert [len(outbox.claim(lane, LEFT, 99)) for lane in LANES] == [0, 0, 0, 0, 5, 0, 0, 0]


def test_who_takes_part_reads_what_others_lead_and_later_duties_stand_in_the_first_letter(store: Store) -> None:
    open_directive(store, paper(LEAFLETS, CAR, STANDING), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    sent = {notice.recipient.id: notice for notice in post(store, CALENDAR, LEFT)}
    said = {code: ([item.work.clause for item in of.items], of.part, of.future) for code, of in sent.items()}
    leaflets, car = ("6.4", "Việc 6.4"), ("7.2", "Việc 7.2", "từ ngày 30/5/2020")
    assert said == {
        "insurance": (["6.4"], (), ()), "radio": ([], (leaflets,), (car,)),
        **{ward: (["1"], (leaflets,), ()) for ward in ("ward-a", "ward-b", "ward-c")},
    }
    assert sent["insurance"].items[0].work.with_ == tuple(f"Cơ quan {code}" for code in ("radio", "ward-a", "ward-b", "ward-c"))


def test_what_is_recorded_reads_no_letter_but_its_own_on_postgresql(request: pytest.FixtureRequest) -> None:
    store = on_postgres(request)
    request.addfinalizer(store.close)
    open_directive(store, paper(LEAFLETS, COVER), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    tell(store, """
        INSERT INTO notices (key, recipient, lane, not_before, state)
        SELECT 'other ' || n, 1, 'digest', 2000000000, 'queued' FROM generate_series(1, 3000) n""")
    tell(store, "ANALYZE notices")  # so that the planner takes letters that were sent for none, and may plan to read all
    outbox = LedgerOutbox(store, CALENDAR, "office.example")
    letters = outbox.claim("new", LEFT, 99)
    read = text("SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'notices'")
    with store.write() as db:
        db.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        before = db.execute(read).scalar_one()
        for notice in letters:
            ending.end(db, became([notice], "sent"), LEFT, DOUBT)
        assert db.execute(read).scalar_one() == before


def test_what_is_recorded_walks_through_no_table_on_sqlite(sqlite_store: Store) -> None:
    open_directive(sqlite_store, paper(LEAFLETS, COVER), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    outbox, said = LedgerOutbox(sqlite_store, CALENDAR, "office.example"), list[tuple[str, Any]]()
    letters = outbox.claim("new", LEFT, 99)
    event.listen(sqlite_store.engine, "before_cursor_execute", lambda *call: said.append(call[2:4]))
    outbox.record(became(letters, "sent"), LEFT)
    updates = [each for each in said if "UPDATE" in each[0]]
    with sqlite_store.engine.connect() as db:
        steps = [row[3] for statement, values in updates for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert any("SEARCH notices" in step for step in steps)
    assert not [step for step in steps if step.startswith("SCAN") and " INDEX " in step and "json_each" not in step]
