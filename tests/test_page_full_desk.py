"""A desk with a thousand open duties: each is reached, each can be ticked, and a page comes quickly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from time import process_time

import pytest
from sqlalchemy import text

from tasks.ledger import desk
from tests.counter import WHO, Visitor, hidden, sent, words
from tests.desk_office import Place, place

MANY = 1_000


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The office, with a thousand more terms of one duty of Ba Láng's, a day apart."""
    with place(tmp_path_factory.mktemp("full")) as found:
        with found.office.store.write() as db:
            first = db.execute(text(_FIRST)).mappings().one()
            [term] = db.execute(text("SELECT * FROM terms WHERE duty = :duty AND term = :term"), dict(first)).mappings()
            top = db.execute(text("SELECT max(id) FROM tasks")).scalar_one()
            for number in range(1, MANY + 1):
                named = {"term": str(date(2020, 6, 1) + timedelta(days=number))}
                for table, row in (("terms", {**term, **named}), ("tasks", {**first, **named, "id": top + number})):
                    db.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"), row)
        yield found


@pytest.fixture
def client(here: Place) -> Iterator[Visitor]:
    with here.visitor() as visitor:
        yield visitor


def test_every_open_duty_stands_on_one_page_of_the_desk(here: Place, client: Visitor) -> None:
    mine, seen, page = f"/t/{here.token()}", [], 1
    while True:
        answer = client.get(f"{mine}?page={page}").text
        seen += re.findall(rf'href="{re.escape(mine)}/(\d+)"', answer)
        if "Trang sau" not in answer:
            break
        page += 1
    owed = [str(row.id) for row in here.ask("SELECT k.id FROM tasks k JOIN agencies a ON a.id = k.agency WHERE a.code = 'ba-lang'")]
    assert len(seen) == len(set(seen))
    assert set(owed) <= set(seen)
    assert page == -(-len(seen) // desk.OPEN)
    assert "Hơn 100 việc cần báo cáo" in words(client.get(mine).text)


def test_what_was_ticked_on_a_later_page_is_recorded(here: Place, client: Visitor) -> None:
    mine = f"/t/{here.token()}/many"
    shown = client.get(f"{mine}?page=3").text
    [task, *_] = re.findall(r'name="tick-(\d+)"', shown)
    receipt = sent(client, mine, {**hidden(shown), f"tick-{task}": "yes", "kind": "received", **WHO})
    assert "Đã ghi nhận 1 việc" in words(receipt.text)
    assert [row.kind for row in here.ask("SELECT kind FROM events WHERE task = :task", task=int(task))] == ["received"]


def test_a_desk_of_a_thousand_duties_is_a_page_of_milliseconds(here: Place, client: Visitor) -> None:
    mine, spent = f"/t/{here.token()}", []
    for _ in range(5):
        began = process_time()
        assert client.get(mine).status_code == 200
        spent.append(process_time() - began)
    assert min(spent) < 0.05


_FIRST = """
SELECT k.* FROM tasks k JOIN agencies a ON a.id = k.agency JOIN duties u ON u.id = k.duty
 WHERE a.code = 'ba-lang' AND u.indicator = '' AND k.closed_at IS NULL
 ORDER BY k.id
 LIMIT 1"""
