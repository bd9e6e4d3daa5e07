"""A position's letters go to its deputy in a window, and to nobody else before and after it."""

from __future__ import annotations

from datetime import date

import pytest

from notifications.headers import mailbox
from tasks.ledger import deputies
from tasks.ledger.bouncing import bounced
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tests import command_line
from tests.clockwork import play
from tests.command_line import SAMPLE, Terminal
from tests.rows import ask, tell
from tests.sample import CALENDAR, PEOPLE, PRACTICE, at, by, duty, paper

dondoc = command_line.dondoc
ISSUED = at("2020-05-18")


def appoint(store: Store, who: str = "deputy", since: str = "2020-06-10", until: str = "2020-06-20") -> str:
    window = {"since": date.fromisoformat(since), "until": date.fromisoformat(until)}
    return deputies.appoint(store, "chair", who, **window, by="văn thư", now=ISSUED)


def test_the_letters_of_the_window_go_to_the_deputy_and_the_others_do_not(store: Store) -> None:
    open_directive(store, paper(duty("3", "radio", due=by("2020-05-29"))), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    appoint(store, since="2020-06-12", until="2020-06-30")
    sent = list(play(store, CALENDAR, PRACTICE, ISSUED, at("2020-08-01")))
    mails = [(moment.astimezone(PRACTICE.tz).date().isoformat(), n.recipient.mail) for moment, n in sent if n.recipient.id == "chair"]
    assert {mail for day, mail in mails if "2020-06-12" <= day <= "2020-06-30"} == {"deputy@office.example"}
    assert {mail for day, mail in mails if not "2020-06-12" <= day <= "2020-06-30"} == {"chair@office.example"}
    [thanks] = {n.recipient.name for _, n in sent if n.recipient.mail == "deputy@office.example" and n.recipient.id == "chair"}
    assert thanks == "Cơ quan deputy (thay chair)"
    assert mailbox(thanks, "deputy@office.example", 4)


def test_of_a_position_whose_address_bounced_the_deputies_hear_one_after_the_other(store: Store) -> None:
    open_directive(store, paper(duty("3", "radio", due=by("2020-05-29"))), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    tell(store, "UPDATE agencies SET mail_state = 'bad' WHERE code = 'chair'")
    assert appoint(store, since="2020-06-12", until="2020-06-15") == ""
    assert appoint(store, "office", since="2020-06-16", until="2020-06-30") == ""
    sent = list(play(store, CALENDAR, PRACTICE, ISSUED, at("2020-08-01")))
    mails = [(moment.astimezone(PRACTICE.tz).date().isoformat(), n.recipient.mail) for moment, n in sent if n.recipient.id == "chair"]
    assert mails == [("2020-06-12", "deputy@office.example"), ("2020-06-25", "office@office.example")]


def test_a_letter_that_came_back_from_a_deputy_leaves_the_positions_own_address(store: Store) -> None:
    open_directive(store, paper(duty("3", "radio", due=by("2020-05-29"))), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    appoint(store, since="2020-06-12", until="2020-06-15")
    [letter] = [n for _, n in play(store, CALENDAR, PRACTICE, ISSUED, at("2020-06-12", "12:00")) if n.recipient.id == "chair"][-1:]
    assert letter.recipient.mail == "deputy@office.example"
    bounced(store, letter.id, at("2020-06-12", "13:00"))
    states = {row.code: row.mail_state for row in ask(store, "SELECT code, mail_state FROM agencies WHERE code IN ('chair', 'deputy')")}
    assert states == {"chair": "ok", "deputy": "bad"}


@pytest.mark.parametrize(("who", "since", "until", "said"), [
    ("chair", "2020-06-01", "2020-06-02", "chính mình"),
    ("office", "2020-06-02", "2020-06-01", "Ngày cuối"),
    ("office", "2020-06-15", "2020-07-01", "đã có người thay"),
    ("office", "2020-06-21", "2020-07-01", ""),
    ("deputy", "2020-06-10", "2020-06-20", ""),
])
def test_one_deputy_at_a_time_and_the_same_again_is_the_same(store: Store, who: str, since: str, until: str, said: str) -> None:
    open_directive(store, paper(), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    assert appoint(store) == ""
    found = appoint(store, who, since, until)
    assert said in found
    assert bool(found) == bool(said)
    with store.read() as db:
        assert len(deputies.listed(db, date(2020, 6, 1))) == (2 if since == "2020-06-21" else 1)


def test_whoever_is_back_early_reads_his_own_letters_from_that_day_on(store: Store) -> None:
    open_directive(store, paper(), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    appoint(store)
    assert [deputies.end(store, "chair", date(2020, 6, 15)) for _ in range(2)] == [1, 0]
    with store.read() as db:
        assert deputies.listed(db, date(2020, 6, 15)) == ()
        assert [each.until for each in deputies.listed(db, date(2020, 6, 11))] == [date(2020, 6, 14)]


def test_a_deputy_is_named_listed_and_ended_by_command(dondoc: Terminal) -> None:
    dondoc("apply", SAMPLE, "--yes")
    people = dondoc.json("agencies", "list")["agencies"]
    away, other = [each["id"] for each in people if each.get("mail")][:2]
    ended = dondoc("agencies", "deputy", away, other, "--until", "30/12/2026")
    assert (ended.code, ended.out) == (0, f"Thư của {away} gửi cho {other}, 02/03/2026–30/12/2026.\n")
    assert "30/12/2026" in dondoc("agencies", "deputy").out
    assert dondoc("agencies", "deputy", away, "--end").code == 0
    assert "30/12/2026" not in dondoc("agencies", "deputy").out
    assert dondoc("agencies", "deputy", away).code == 2
