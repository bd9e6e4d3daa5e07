"""A leader reads his page, opens the rows of its numbers, and decides in two taps; and what he decided can be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from tasks.ledger import cells, chain, mailroom, replaying, standing, watching
from tasks.ledger.cells import Chosen
from tasks.ledger.counting import past
from tasks.ledger.issued import load
from tests.counter import Visitor
from tests.desk_office import LEADER, Place, place
from tests.voices import says

ROAD = "/home/1"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A paper three weeks old, of which BHXH wants more time for its clause and some owe what has passed."""
    with place(_folder(tmp_path_factory)) as made:
        made.pass_(timedelta(days=22))
        made.office.poll(made.clock.now())
        made.office.aggregate(made.clock.now())
        yield made


def _folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("office")


@pytest.fixture(scope="module")
def leader(house: Place) -> Iterator[Visitor]:
    """A browser that is logged in."""
    with house.visitor() as visitor:
        house.logged_in(visitor, LEADER)
        yield visitor


@pytest.fixture(scope="module")
def reader(house: Place) -> Iterator[Visitor]:
    """A browser that is not."""
    with house.visitor() as visitor:
        yield visitor


def task_of(house: Place, clause: str) -> int:
    """An open task of a clause."""
    query = "SELECT k.id FROM tasks k JOIN duties u ON u.id = k.duty WHERE u.clause = :clause AND k.state <> 'void' ORDER BY k.id"
    return int(house.ask(query, clause=clause)[0].id)


def press(visitor: Visitor, road: str, kind: str, **words: str) -> str:
    """Press a button of the page at `road`; returns the page after it."""
    page = visitor.get(f"{road}?kind={kind}").text
    hidden = dict(re.findall(r'type="hidden" name="(word|nonce|typed)" value="([^"]*)"', page))
    return visitor.post(road, data={**hidden, "kind": kind, **words}).text


def test_every_number_of_the_page_opens_exactly_its_rows(house: Place) -> None:
    office, now = house.office, house.clock.now()
    with office.store.read() as db:
        stands = standing.standing(db, 1, office.calendar, now)
        at = past(db, load(db, 1, office.calendar), now)
        shown = {cell: cells.rows(db, at, Chosen(cell=cell), office.calendar).count for cell in cells.CELLS}
        of = stands.cells
        assert (shown["late"], shown["silent"], shown["soon"], shown["doing"]) == (of.overdue, of.silent, of.soon, of.in_time - of.soon)
        assert (shown["undated"], shown["dateless"], shown["done"]) == (of.undated - of.silent, of.undated, of.on_time + of.late)
        assert shown["all"] == of.dated + of.undated
        assert shown["asked"] == len(stands.requests)
        for agency in stands.agencies:
            for clause, each in agency.by_clause.items():
                wanted = Chosen(cell="all", agency=agency.party.id, clause=clause)
                assert cells.rows(db, at, wanted, office.calendar).count == each.dated + each.undated
    assert shown["late"] > 0 < shown["dateless"]


def test_rows_come_a_page_at_a_time_without_a_gap(house: Place) -> None:
    office = house.office
    with office.store.read() as db:
        at = past(db, load(db, 1, office.calendar), house.clock.now())
        found, key = [], cells.START
        while True:
            part = cells.rows(db, at, Chosen(cell="all"), office.calendar, after=key, limit=7)
            found += [work.id for work in part.works]
            if part.after is None:
                break
            key = part.after
        assert len(found) == len(set(found)) == part.count


def test_the_rows_open_by_the_link_and_end_with_it(house: Place, reader: Visitor) -> None:
    token = house.token("ct", "page", house.clock.now() + timedelta(hours=9))
    page = reader.get(f"/l/{token}/1").text
    [first, *_] = re.findall(rf'href="(/l/{token}/1/rows[^"]+)"', page)
    before = house.dump()
    answer = reader.get(first.replace("&amp;", "&"))
    assert answer.status_code == 200
    assert "/home/1/tasks/" not in answer.text
    assert reader.get(f"/l/{token}/1/rows?cell=nothing").status_code == 404
    assert reader.get(f"/l/{token}/1/rows?cell=all&after={'9' * 26}-1").status_code == 200  # a number that no store holds
    assert reader.get(f"/l/{token}/2/rows?cell=late").status_code == 404
    assert reader.post(f"/l/{token}/1/rows?cell=late").status_code == 405
    assert house.dump() == before
    house.pass_(timedelta(hours=10))
    assert reader.get(f"/l/{token}/1/rows?cell=late").status_code == 404
    house.pass_(-timedelta(hours=10))


def test_what_changed_opens_its_rows_by_the_link_that_opened_the_page(house: Place, reader: Visitor) -> None:
    base = f"/l/{house.token('ct', 'page', house.clock.now() + timedelta(hours=9))}/1"
    told = re.findall(rf'<b><a href="({base}/rows[^"]+)">(\d+) ', reader.get(base).text)
    assert {at.partition("?")[2].partition("&amp;")[0] for at, _ in told} >= {"change=overdue"}
    for at, count in told:
        shown = reader.get(at.replace("&amp;", "&"))
        assert (shown.status_code, shown.text.count("govuk-task-list__item")) == (200, int(count))
    assert reader.get(f"{base}/rows?change=nothing").status_code == 404
    assert "newly overdue since the last report" in reader.get(f"{base}/rows?change=overdue", headers={"cookie": "dondoc-lang=en"}).text


def test_the_page_vouches_for_its_silence_and_says_where_the_engine_stood_still(house: Place, reader: Visitor) -> None:
    page = f"/l/{house.token('ct', 'page', house.clock.now() + timedelta(hours=9))}/1"
    assert "Máy nhắc chưa chạy lần nào" in reader.get(page).text
    house.office.escalate(house.clock.now())
    assert "Máy nhắc chạy đủ đến" in reader.get(page).text
    office, yesterday = house.office, house.clock.now() - timedelta(days=1)
    with office.store.read() as db:  # who has run since, has run until then
        assert watching.watch(db, 1, office.calendar, office.practice, yesterday).ran_at == yesterday
    [letter, *_] = house.ask("SELECT id FROM notices WHERE lane = 'report' ORDER BY id")
    with house.office.store.read() as db:
        notice = mailroom.words(db, letter.id, house.office.calendar, "office.example", house.clock.now())
    assert notice
    assert "\nMáy nhắc chưa chạy lần nào; 0 lỗi gửi chưa xử lý" in house.office.composer.preview(notice).text  # when its round was made
    house.pass_(timedelta(hours=3))
    assert "Máy nhắc đứng từ" in reader.get(page).text
    house.pass_(-timedelta(hours=3))


def test_more_time_is_granted_in_two_taps_once_however_often_it_is_pressed(house: Place, leader: Visitor) -> None:
    asked = says(house.office.store, "ttgdnn", "extend", "8", house.clock.now(), note="chờ tuyển sinh", until=date(2020, 12, 1))
    assert asked.number
    task = task_of(house, "8")
    page = leader.get(ROAD).text
    assert f'href="{ROAD}/tasks/{task}"' in page
    form = leader.get(f"{ROAD}/tasks/{task}").text
    hidden = dict(re.findall(r'type="hidden" name="(word|nonce)" value="([^"]*)"', form))
    first, second = (leader.post(f"{ROAD}/tasks/{task}", data={**hidden, "kind": "grant"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    [event] = house.ask("SELECT payload FROM events WHERE task = :task AND kind = 'grant'", task=task)
    assert "2020-12-01" in event.payload
    assert '"before"' in event.payload
    assert '"after"' in event.payload
    assert len(house.ask("SELECT 1 FROM notices WHERE lane = 'decision' AND hint LIKE '%grant%'")) == 1
    assert f'href="{ROAD}/tasks/{task}" aria-label' not in leader.get(ROAD).text


def test_a_refusal_wants_its_reason(house: Place, leader: Visitor) -> None:
    task = task_of(house, "3")
    assert "Nêu lý do" in press(leader, f"{ROAD}/tasks/{task}", "pause")
    assert house.ask("SELECT 1 FROM holds WHERE task = :task", task=task) == []


def test_another_agency_is_given_the_work_and_it_can_be_taken_back_until_somebody_speaks(house: Place, leader: Visitor) -> None:
    task = task_of(house, "5.1")
    road = f"{ROAD}/tasks/{task}"
    assert "Danh bạ không có mã" in press(leader, road, "reassign", to="nobody")
    done = press(leader, road, "reassign", to="bhxh")
    assert [row.code for row in house.ask(_HOLDER, task=task)] == ["bhxh"]
    fields = dict(re.findall(r'type="hidden" name="(word|nonce|order)" value="([^"]*)"', done))
    for part in ("web", fields["order"][:20]):  # the beginning of a name names no order
        assert leader.post(road, data={**fields, "kind": "undo", "order": part}).status_code == 400
    assert leader.post(road, data={**fields, "kind": "undo"}).status_code == 200
    assert [row.code for row in house.ask(_HOLDER, task=task)] == ["ttyt"]
    assert leader.post(road, data={**fields, "kind": "undo"}).status_code == 200
    assert len(house.ask("SELECT 1 FROM events WHERE task = :task AND kind = 'undone'", task=task)) == 1


def test_an_urging_letter_leaves_at_once_is_named_afterwards_and_moves_no_date(house: Place, leader: Visitor) -> None:
    task = task_of(house, "6.4")
    [before] = house.ask("SELECT due_at FROM tasks WHERE id = :task", task=task)
    page = press(leader, f"{ROAD}/tasks/{task}", "urge")
    assert "Thư đôn đốc gửi đơn vị" in page
    [after] = house.ask("SELECT due_at FROM tasks WHERE id = :task", task=task)
    assert after == before
    assert "đã đôn đốc bằng thư ngày" in leader.get(f"{ROAD}/tasks/{task}").text
    found = list(house.office.outbox.claim("new", house.clock.now() + timedelta(days=1), 200))
    texts = [house.office.composer.preview(notice).text for notice in found]
    house.office.outbox.release(found, house.clock.now())
    assert [text for text in texts if "Đôn đốc" in text]


def test_the_draft_to_urge_lists_exactly_the_late_agencies(house: Place, leader: Visitor) -> None:
    answer = leader.get(f"{ROAD}/cong-van-don-doc.docx")
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    cells = {cell.text for table in Document(BytesIO(answer.content)).tables for row in table.rows for cell in row.cells}
    late = {row.name for row in house.ask(_LATE, now=int(house.clock.now().timestamp()))}
    everyone = {row.name for row in house.ask("SELECT name FROM agencies")}
    assert late
    assert {name for name in everyone if name in cells} == late


def test_whoever_may_not_decide_finds_no_such_page(house: Place, leader: Visitor, reader: Visitor) -> None:
    task = task_of(house, "6.4")
    away = reader.get(f"{ROAD}/tasks/{task}")
    assert (away.status_code, away.headers["location"]) == (303, f"/login?next={ROAD}/tasks/{task}")
    assert leader.get(f"/home/2/tasks/{task}").status_code == 404
    assert leader.post(f"{ROAD}/tasks/{task}", data={"kind": "urge"}).status_code == 403


def test_the_ledger_still_proves_itself_after_all_that_was_decided(house: Place) -> None:
    with house.office.store.read() as db:
        assert chain.verify(db, 1) is None
        assert replaying.departures(db, 1, house.office.calendar) == ()


_LATE = """
SELECT DISTINCT a.name FROM tasks k JOIN agencies a ON a.id = k.agency JOIN duties u ON u.id = k.duty
 WHERE u.force = 'do' AND k.closed_at IS NULL AND k.due_at < :now AND k.state IN ('open', 'received', 'progress')
   AND NOT EXISTS (SELECT 1 FROM requests r WHERE r.task = k.id AND r.decided_at IS NULL)"""

_HOLDER = "SELECT a.code FROM tasks k JOIN agencies a ON a.id = k.agency WHERE k.id = :task"
