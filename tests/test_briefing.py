"""The issuing desk's letter of the day: what waits there, once a working day, and nothing else moves by it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal

import pytest

from directives.language.shapes import Directory
from notifications.outbox import LANES
from tasks.ledger import suppressing
from tasks.ledger.briefing import brief
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.store import Store
from tasks.letters import Notice
from tests.notices import composer
from tests.rows import ask, everything, tell
from tests.sample import CALENDAR, PEOPLE, PRACTICE, at, by, duty, paper
from tests.voices import ISSUER, says

SAID = at("2020-05-20", "10:00")  # a Wednesday
MORNING = at("2020-05-21", "07:30")


def issue(store: Store, known: Directory = PEOPLE) -> None:
    plain, figures = duty("3", "radio", due=by("2020-05-29")), duty("10", "wards", target="coverage")
    confirmed = duty("4", "union", due=by("2020-05-29"), confirm=True)
    open_directive(store, paper(plain, confirmed, figures), known, practice=PRACTICE, calendar=CALENDAR, now=at("2020-05-18"))


def people(**changed: dict[str, str | None]) -> Directory:
    """The directory with some agencies otherwise."""
    known = {code: of.model_copy(update=changed.get(code, {})) for code, of in PEOPLE.agencies.items()}
    return PEOPLE.model_copy(update={"agencies": known})


def run(store: Store, now: datetime = MORNING) -> int:
    return brief(store, CALENDAR, PRACTICE, now)


def letters(store: Store, now: datetime = MORNING) -> list[Notice]:
    return list(LedgerOutbox(store, CALENDAR, "office.example").claim("waiting", now, 99))


def ask_for_time(store: Store) -> None:
    says(store, "radio", "extend", "3", SAID, until=date(2020, 6, 5), note="chờ số liệu")


def claim(store: Store) -> None:
    says(store, "union", "done", "4", at("2020-05-20", "11:00"), document="12/BC ngày 20/5/2020")


def break_address(store: Store) -> None:
    with store.write() as db:
        assert suppressing.mark(db, "ward-a@office.example", int(SAID.timestamp())) == 1


def test_where_nothing_waits_there_is_no_letter(store: Store) -> None:
    issue(store)
    assert run(store) == 0
    assert letters(store) == []


def test_a_desk_hears_once_a_working_day_what_waits_there(store: Store) -> None:
    issue(store)
    ask_for_time(store)
    claim(store)
    break_address(store)
    assert [run(store), run(store), run(store, at("2020-05-21", "15:30"))] == [1, 0, 0]
    [letter] = letters(store)
    assert (letter.recipient.id, letter.items, letter.link) == ("district", (), "")
    assert [(each.tray, each.count, each.agency, each.about) for each in letter.waits] == [
        ("confirm", 1, "Cơ quan union", "việc 4"), ("requests", 1, "Cơ quan radio", "việc 3"), ("addresses", 1, "Cơ quan ward-a", ""),
    ]
    assert [each.since for each in letter.waits] == [at("2020-05-20", "11:00"), SAID, SAID]
    assert run(store, at("2020-05-22", "07:30")) == 1  # a Friday
    assert [run(store, at(f"2020-05-{day}", "07:30")) for day in (23, 24)] == [0, 0]


def test_replies_returns_and_lost_letters_wait_there_too(store: Store) -> None:
    issue(store)
    says(store, "radio", "return", "3", SAID, note="không thuộc thẩm quyền")
    tell(store, "UPDATE notices SET state = 'failed', date = :at WHERE key LIKE 'assign:%' AND recipient IN "
                "(SELECT id FROM agencies WHERE code IN ('union', 'ward-b'))", at=int(SAID.timestamp()))
    tell(store, "INSERT INTO received (id, source, key, kind, at) VALUES (1, 'mail', 'm1', 'reply', :at)", at=int(SAID.timestamp()))
    tell(store, """
        INSERT INTO replies (arrival, place, agency, task, act, said, files)
        SELECT 1, 1, k.agency, k.id, '{}', '{}', '[]' FROM tasks k JOIN agencies a ON a.id = k.agency WHERE a.code = 'union'""")
    run(store)
    [letter] = letters(store)
    assert [(each.tray, each.count, each.about) for each in letter.waits] == [
        ("returned", 1, "việc 3"), ("replies", 1, "việc 4"), ("letters", 2, ""),
    ]
    assert {each.since for each in letter.waits} == {SAID}
    assert composer().preview(letter).subject == "4 mục chờ cơ quan xem, quyết định"


def test_what_was_decided_waits_no_more(store: Store) -> None:
    issue(store)
    ask_for_time(store)
    claim(store)
    says(store, "radio", "refuse", "3", SAID, by=ISSUER, note="giữ hạn")
    says(store, "union", "confirm", "4", SAID, by=ISSUER)
    assert run(store) == 0


def test_what_comes_after_the_morning_waits_for_the_next_one(store: Store) -> None:
    issue(store)
    assert run(store, at("2020-05-20", "07:30")) == 0
    ask_for_time(store)
    assert run(store, at("2020-05-20", "10:30")) == 0
    assert run(store) == 1


def test_runs_at_once_write_one_letter(store: Store) -> None:
    issue(store)
    ask_for_time(store)
    with ThreadPoolExecutor(4) as at_once:
        assert sum(at_once.map(lambda _: run(store), range(4))) == 1


@pytest.mark.parametrize(("issuer", "head", "readers"), [
    ("d@office.example", "c@office.example", ["district"]), (None, "c@office.example", ["chair"]), (None, None, []),
])
def test_the_head_reads_for_a_body_without_a_mailbox(store: Store, issuer: str | None, head: str | None, readers: list[str]) -> None:
    issue(store, people(district={"mail": issuer, "head": "chair"}, chair={"mail": head}))
    ask_for_time(store)
    assert run(store) == len(readers)
    assert [each.recipient.id for each in letters(store)] == readers


def test_an_agency_without_an_address_is_no_news(store: Store) -> None:
    issue(store, people(radio={"mail": None}))
    assert run(store) == 0


def test_a_doubted_figure_is_told_once(store: Store) -> None:
    issue(store)
    for day, figure in ((18, 40), (19, 70)):
        receipt = says(
            store, "ward-a", "figure", "10", SAID, by="insurance", term="2020-06-30",
            value=Decimal(figure), on=date(2020, 5, day), note="đã rà lại",
        )
        assert not receipt.refusal
    assert run(store) == 1
    assert [(each.tray, each.count, each.agency) for each in letters(store)[0].waits] == [("doubted", 1, "Cơ quan ward-a")]
    assert run(store, at("2020-05-22", "07:30")) == 0


def test_the_letter_moves_no_task_and_opens_no_link(store: Store) -> None:
    issue(store)
    ask_for_time(store)
    before = everything(store)
    assert run(store) == 1
    letters(store)
    after = everything(store)
    assert {name for name in after if after[name] != before[name]} == {"notices", "rounds"}


def test_a_list_of_yesterday_does_not_leave(store: Store) -> None:
    issue(store)
    ask_for_time(store)
    run(store)
    assert letters(store, at("2020-05-22", "07:30")) == []
    assert [row.state for row in ask(store, "SELECT state FROM notices WHERE lane = 'waiting'")] == ["expired"]


def test_nothing_is_written_while_runs_are_held(store: Store) -> None:
    issue(store)
    ask_for_time(store)
    tell(store, "INSERT INTO stops (at, wanted, expected) VALUES (:at, 900, 1)", at=int(SAID.timestamp()))
    assert run(store) == 0
    tell(store, "UPDATE stops SET released_at = :at, released_by = 'x'", at=int(SAID.timestamp()))
    assert run(store, at("2020-05-21", "08:30")) == 1


def test_the_letter_leads_to_the_login_and_carries_no_token(store: Store) -> None:
    issue(store)
    ask_for_time(store)
    run(store)
    [letter] = letters(store)
    shown = composer().preview(letter)
    assert shown.subject == "1 đề nghị gia hạn"
    assert "/office\n" in shown.text
    assert "t1." not in shown.text + shown.html


def test_a_desk_hears_before_the_nation_does() -> None:
    assert LANES.index("decision") < LANES.index("waiting") < LANES.index("new")
