"""An answer by mail on the agency's page and in the issuer's queue: seen, then recorded or left, by a person and only once."""

from __future__ import annotations

import pytest

from config.office import Office
from tasks.ledger import replying
from tasks.ledger.receiving import Arrival
from tasks.ledger.replying import Answer
from tasks.ledger.roster import row_of
from tasks.sayings import Saying
from tests import command_line, test_pages_on_the_ledger
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.counter import WHO, Visitor, words
from tests.rows import ask
from tests.test_pages_on_the_ledger import NOW, address

office, client, dondoc = test_pages_on_the_ledger.office, test_pages_on_the_ledger.client, command_line.dondoc


def propose(office: Office, agency: str, *sayings: Saying, words: str = "XONG theo báo cáo") -> list[int]:
    """An agency has answered; the numbers of what it proposes."""
    with office.store.read() as db:
        row = row_of(db, agency)
    replying.propose(office.store, Arrival(source="mail", key="<1@a.example>"), Answer(row, 0, sayings, words), NOW)
    with office.store.read() as db:
        return [each.id for each in replying.waiting(db, office.calendar)]


DONE = Saying(kind="done", clause="6.4", document="12/BC-BHXH ngày 19/5/2020")


def test_an_answer_stands_on_the_desk_and_is_recorded_by_whoever_says_who_he_is(office: Office, client: Visitor) -> None:
    [number] = propose(office, "bhxh", DONE)
    desk = address(office, "bhxh")
    assert "Thư trả lời chờ xác nhận" in words(client.get(desk).text)
    shown = words(client.get(f"{desk}/mail/{number}").text)
    assert "XONG theo báo cáo" in shown
    assert "12/BC-BHXH ngày 19/5/2020" in shown
    nameless = client.post(f"{desk}/mail/{number}", data={"step": "send"})
    assert (nameless.status_code, ask(office.store, "SELECT 1 FROM acts")) == (422, [])
    recorded = client.post(f"{desk}/mail/{number}", data={**WHO, "step": "send"})
    assert recorded.status_code == 200
    assert "Đã nhận báo cáo hoàn thành" in words(recorded.text)
    [event] = ask(office.store, "SELECT payload, link FROM events WHERE kind = 'done'")
    assert '"source":"thư số 1"' in event.payload
    assert event.link
    assert client.post(f"{desk}/mail/{number}", data={**WHO, "step": "send"}).status_code == 404
    assert "Thư trả lời chờ xác nhận" not in words(client.get(desk).text)


def test_an_answer_is_left_and_another_agency_sees_none_of_it(office: Office, client: Visitor) -> None:
    [number] = propose(office, "bhxh", DONE)
    other = address(office, "ttvh")
    assert client.get(f"{other}/mail/{number}").status_code == 404
    assert client.post(f"{other}/mail/{number}", data={**WHO, "step": "send"}).status_code == 404
    left = client.post(f"{address(office, 'bhxh')}/mail/{number}", data={**WHO, "step": "leave"})
    assert "Đã bỏ qua" in words(left.text)
    assert ask(office.store, "SELECT 1 FROM acts") == []
    assert [row.state for row in ask(office.store, "SELECT state FROM replies")] == ["refused"]


def test_an_answer_whose_task_is_not_clear_can_only_be_left(office: Office, client: Visitor) -> None:
    [number] = propose(office, "bhxh", Saying(kind="progress", note="Đang làm"))
    page = client.get(f"{address(office, 'bhxh')}/mail/{number}").text
    assert ('value="leave"' in page, 'value="send"' in page) == (True, False)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_issuers_queue_lists_records_and_leaves(dondoc: Terminal, lang: str) -> None:
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    with dondoc.office() as office:
        first, second = propose(office, "thon-dong", Saying(kind="received", clause="1"), Saying(kind="progress", note="Đang làm"))
    said = dondoc("--lang", lang, "replies", "list")
    assert (said.code, "XONG theo báo cáo" in said.out) == (0, True)
    assert [reply["clause"] for reply in dondoc.json("replies", "list")["replies"]] == ["1", ""]
    who = ("--name", "Cán bộ tổng hợp", "--role", "Văn phòng")
    assert dondoc("replies", "accept", str(first), *who).code == 0
    assert dondoc("replies", "accept", str(second), *who).code == 1
    assert dondoc("replies", "accept", str(second), *who, "--number", NUMBER, "--clause", "1").code == 0
    assert dondoc("replies", "refuse", str(second)).code == 2
    assert dondoc.json("replies", "list")["replies"] == []
