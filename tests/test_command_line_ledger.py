"""What commands ask the ledger, on both stores: papers by number, tasks, history, letters, links, and whether it agrees with itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from directives.language.shapes import Directive, Rung
from tasks.ledger import acts, audit, doors, letters, listing, migrate, opening
from tasks.ledger.listing import Wanted
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.ownership import StoreError
from tasks.ledger.reach import LedgerAwayError, LedgerUrlError, reached
from tasks.ledger.store import Store
from tasks.letters import Outcome
from tasks.values import Act, Said
from tests.sample import CALENDAR, CAR, LEAFLETS, PEOPLE, PRACTICE, STANDING, at, paper

ISSUED = at("2020-05-18", "08:00")
JUNE = at("2020-06-08", "09:00")

Issue = Callable[..., int]


@pytest.fixture
def issue(store: Store) -> Issue:
    """Issues a paper and opens what has begun by June; returns its row number."""
    def issued(directive: Directive) -> int:
        opened = opening.open_directive(store, directive, PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
        opening.open_terms(store, opened.directive, CALENDAR, JUNE)
        return opened.directive
    return issued


def says(store: Store, task: int, **words: Any) -> None:
    """Whoever holds the task says something of it."""
    said = Act(task=task, said=Said(name="Cán bộ", role="Chuyên viên"), key=str(words), **words)
    assert acts.act(store, said, CALENDAR, at("2020-05-20")).refusal == ""


def test_papers_of_one_number_are_found_newest_first_or_by_their_date(store: Store, issue: Issue) -> None:
    issue(paper(LEAFLETS))
    issue(paper(LEAFLETS, date=date(2021, 5, 18)))
    with store.read() as db:
        assert [each.issued_on.year for each in listing.numbered(db, "898/UBND")] == [2021, 2020]
        assert [each.issued_on.year for each in listing.numbered(db, "898/UBND", date(2020, 5, 18))] == [2020]
        assert listing.numbered(db, "899/UBND") == ()
        assert listing.numbers(db) == ("898/UBND",)
        assert listing.agencies(db)["radio"] == "Cơ quan radio"


def test_a_paper_is_new_the_same_or_changed(store: Store, issue: Issue) -> None:
    rung = Rung(words="1 day late", side="late", count=1, audience=("lead", "wards"))  # a group that is frozen at the issue
    said = paper(LEAFLETS, escalation=(rung,))
    with store.read() as db:
        assert listing.stands(db, said) == "new"
    issue(said)
    with store.read() as db:
        assert listing.stands(db, said) == "same"
        assert listing.stands(db, paper(LEAFLETS, CAR)) == "changed"
        assert listing.stands(db, paper(LEAFLETS, number="899/UBND")) == "new"


@pytest.mark.parametrize(("wanted", "found"), [
    pytest.param({}, ["6.4 insurance", "7.2 radio", "7.2 radio", "1 ward-a", "1 ward-b", "1 ward-c"], id="all, dated first"),
    pytest.param({"clause": "1"}, ["1 ward-a", "1 ward-b", "1 ward-c"], id="of a clause"),
    pytest.param({"agency": "radio"}, ["7.2 radio", "7.2 radio"], id="of an agency"),
    pytest.param({"late_at": JUNE}, ["6.4 insurance", "7.2 radio"], id="overdue"),
    pytest.param({"clause": "1", "agency": "ward-b"}, ["1 ward-b"], id="of both"),
    pytest.param({"states": ("done",)}, [], id="in a state"),
])
def test_tasks_are_listed_by_what_is_wanted(store: Store, issue: Issue, wanted: dict[str, Any], found: list[str]) -> None:
    number = issue(paper(STANDING, LEAFLETS, CAR))
    with store.read() as db:
        works, count = listing.tasks(db, Wanted(directive=number, **wanted), CALENDAR, 50)
        few, whole = listing.tasks(db, Wanted(directive=number, **wanted), CALENDAR, 1)
    assert [f"{work.clause} {work.agency.id}" for work in works] == found
    assert (count, whole, few) == (len(found), len(found), works[:1])


def test_tasks_that_ask_for_more_time_are_found(store: Store, issue: Issue) -> None:
    number = issue(paper(STANDING, LEAFLETS))
    with store.read() as db:
        [leaflets] = listing.tasks(db, Wanted(directive=number, clause="6.4"), CALENDAR, 5)[0]
    says(store, leaflets.id, kind="extend", until=date(2020, 5, 30), note="nhà in hẹn")
    with store.read() as db:
        assert [work.id for work in listing.tasks(db, Wanted(directive=number, asking=True), CALENDAR, 5)[0]] == [leaflets.id]


def test_the_history_of_a_clause_says_who_said_what(store: Store, issue: Issue) -> None:
    number = issue(paper(STANDING, LEAFLETS))
    with store.read() as db:
        [leaflets] = listing.tasks(db, Wanted(directive=number, clause="6.4"), CALENDAR, 5)[0]
    says(store, leaflets.id, kind="progress", note="đang in")
    with store.read() as db:
        told = listing.history(db, number, "6.4")
        everything = listing.history(db, number)
    said = [(event.kind, event.agency, event.name) for event in told]
    assert said == [("issued", "", ""), ("opened", "", ""), ("progress", "insurance", "Cán bộ")]
    assert told[-1].payload == {"note": "đang in", "before": {"state": "open"}, "after": {"state": "progress"}}
    assert len(everything) == 4
    assert [event.seq for event in everything] == [1, 2, 3, 4]


def test_letters_are_listed_with_what_became_of_them(store: Store, issue: Issue) -> None:
    number = issue(paper(STANDING, LEAFLETS))
    outbox = LedgerOutbox(store, CALENDAR, "office.example")
    claimed = outbox.claim("new", JUNE, 2)
    sent, failed = claimed
    outbox.record([
        Outcome(notice_id=sent.id, lease=sent.lease, state="sent", code=250),
        Outcome(notice_id=failed.id, lease=failed.lease, state="failed", code=550, reply="không nhận"),
    ], JUNE)
    with store.read() as db:
        states = {letter.id: letter.state for letter in letters.posted(db, directive=number)}
        [listed] = letters.posted(db, failed=True)
        of_leaflets = {letter.recipient for letter in letters.posted(db, directive=number, clause="6.4")}
    assert sorted(states.values()) == ["failed", "queued", "queued", "queued", "sent"]
    assert (listed.id, listed.code, listed.reply, listed.number) == (failed.id, 550, "không nhận", "898/UBND")
    assert of_leaflets == {"insurance"}


def test_a_failed_letter_is_queued_once_more_and_no_other(store: Store, issue: Issue) -> None:
    issue(paper(LEAFLETS))
    outbox = LedgerOutbox(store, CALENDAR, "office.example")
    [first, *_] = outbox.claim("new", JUNE, 1)
    with store.write() as db:
        assert not letters.retry(db, first.id, JUNE)
    outbox.record([Outcome(notice_id=first.id, lease=first.lease, state="failed")], JUNE)
    with store.write() as db:
        assert letters.retry(db, first.id, JUNE)
        assert not letters.retry(db, first.id, JUNE)
    assert first.id in [notice.id for notice in outbox.claim("new", JUNE, 50)]


def test_letters_are_written_anew_without_being_claimed(store: Store, issue: Issue) -> None:
    number = issue(paper(STANDING, LEAFLETS))
    with store.read() as db:
        written = list(letters.anew(db, CALENDAR, "office.example", JUNE, directive=number, agency="insurance", limit=5))
        others = list(letters.anew(db, CALENDAR, "office.example", JUNE, limit=3))
    [notice] = written
    assert (notice.recipient.id, [item.work.clause for item in notice.items]) == ("insurance", ["6.4"])
    assert len(others) == 3
    assert len(LedgerOutbox(store, CALENDAR, "office.example").claim("new", JUNE, 50)) > 3


def test_a_link_is_given_once_taken_back_and_given_anew(store: Store, issue: Issue) -> None:
    issue(paper(LEAFLETS))
    with store.write() as db:
        first = doors.give(db, "insurance", "desk", ISSUED)
        assert doors.give(db, "insurance", "desk", ISSUED) == first == doors.standing(db, "insurance", "desk", ISSUED)
        assert doors.revoke(db, "insurance", "desk", ISSUED)
        assert not doors.revoke(db, "insurance", "desk", ISSUED)
        assert doors.standing(db, "insurance", "desk", ISSUED) is None
        assert doors.give(db, "insurance", "desk", ISSUED) != first


def test_a_link_that_ran_out_is_replaced(store: Store, issue: Issue) -> None:
    issue(paper(LEAFLETS))
    soon = ISSUED + timedelta(days=1)
    with store.write() as db:
        first = doors.give(db, "chair", "page", ISSUED, soon)
        assert doors.standing(db, "chair", "page", JUNE) is None
        second = doors.give(db, "chair", "page", JUNE, JUNE + timedelta(days=1))
    assert first != second


def test_a_sound_ledger_has_neither_breaks_nor_orphans(store: Store, issue: Issue) -> None:
    issue(paper(STANDING, LEAFLETS, CAR))
    with store.read() as db:
        assert (audit.breaks(db), dict(audit.orphans(db))) == ((), {})
        assert audit.sizes(db)["open"] == 6
        assert audit.last_at(db) == JUNE
        assert audit.version(db).partition(" ")[0] in ("SQLite", "PostgreSQL")


@pytest.mark.parametrize(("change", "said"), [
    ("UPDATE tasks SET agency = 999", "việc không có đơn vị"),
    ("UPDATE events SET task = 999 WHERE seq = 1", "sự kiện không có việc"),
    ("UPDATE notice_items SET task = 999", "dòng thư không có việc"),
    ("INSERT INTO links (id, purpose, agency) VALUES ('x', 'desk', 999)", "đường dẫn không có đơn vị"),
])
def test_rows_that_point_nowhere_are_counted(store: Store, issue: Issue, change: str, said: str) -> None:
    issue(paper(LEAFLETS))
    with store.write() as db:
        db.execute(text(change))
    with store.read() as db:
        assert said in audit.orphans(db)


def test_an_event_that_was_changed_breaks_the_chain(store: Store, issue: Issue) -> None:
    issue(paper(LEAFLETS))
    with store.write() as db:
        db.execute(text("UPDATE events SET kind = 'done' WHERE seq = 2"))
    with store.read() as db:
        assert [(each.number, each.seq) for each in audit.breaks(db)] == [("898/UBND", 2)]


@pytest.mark.parametrize(("url", "error"), [
    pytest.param("postgresql+psycopg://nobody@127.0.0.1:1/nothing", LedgerAwayError, id="a server that is away"),
    pytest.param("sqlite:////proc/nothing/ledger.sqlite", OSError, id="a folder that cannot be"),
    pytest.param("sổ", LedgerUrlError, id="no address"),
    pytest.param("oracle+nothing://x", LedgerUrlError, id="a driver that is not there"),
])
def test_a_ledger_that_cannot_be_reached_is_told_apart(url: str, error: type[Exception]) -> None:
    with pytest.raises(error), reached():
        migrate.check(Store(url))


def test_a_ledger_without_its_tables_is_not_ours(store: Store) -> None:
    with store.write() as db:
        db.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(StoreError), reached():
        migrate.check(store)
