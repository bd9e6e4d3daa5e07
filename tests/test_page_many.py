"""Many duties reported on one form, a report corrected within its day, hindrances by kind, evidence as a link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.counter import CAMPAIGN, COVERAGE, DESK, HOST, MATERIALS, NOW, PLAN, SPREAD, WHO, Counter, Visitor, checked, hidden, sent, words
from web import proof
from web.app import build
from web.correcting import before

MANY = f"/t/{DESK}/many"
TICKED = {"kind": "done", "tick-1": "yes", "tick-22": "yes", "line-22": "12/BC-UBND ngày 1/9/2020", **WHO}


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def client(counter: Counter) -> Iterator[Visitor]:
    with Visitor(build(counter, lambda: NOW), HOST) as client:
        yield client


def test_many_duties_are_done_with_a_line_each_and_one_receipt_lists_them(client: Visitor, counter: Counter) -> None:
    check = checked(client, MANY, TICKED)
    assert counter.pressed == 0
    assert "Mục 1.1. Gửi kế hoạch chiến dịch 12/BC-UBND ngày 1/9/2020" in words(check.text)
    receipt = client.post(MANY, data={**hidden(check.text), "step": "send"})
    acts = {one.act.task: one.act for one in counter.receipts.values()}
    assert {task: (act.kind, act.document) for task, act in acts.items()} == {1: ("done", ""), 22: ("done", "12/BC-UBND ngày 1/9/2020")}
    assert "Đã ghi nhận 2 việc" in words(receipt.text)
    assert all(one.number in receipt.text for one in counter.receipts.values())


def test_tasks_of_one_duty_are_told_apart_by_their_milestone(client: Visitor) -> None:
    form = words(client.get(MANY).text)
    check = words(checked(client, MANY, {"kind": "progress", "tick-10": "yes", "line-10": "đã rà soát", **WHO}).text)
    assert all("(Mốc 30/9: 89%)" in page for page in (form, check))


def test_the_second_press_of_a_form_of_many_gives_the_first_receipts(client: Visitor, counter: Counter) -> None:
    check = checked(client, MANY, TICKED)
    first, second = (client.post(MANY, data={**hidden(check.text), "step": "send"}) for _ in range(2))
    assert len(counter.receipts) == 2
    assert "không ghi thêm lần nữa" in second.text
    assert all(one.number in page.text for one in counter.receipts.values() for page in (first, second))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param({"kind": "done"}, "Chọn ít nhất một việc", id="nothing ticked"),
        pytest.param({"tick-1": "yes"}, "Chọn một mục để báo", id="nothing chosen"),
        pytest.param({"kind": "done", "tick-22": "yes", "line-22": "xong rồi"}, "Ghi số và ngày văn bản", id="a document is demanded"),
        pytest.param({"kind": "done", "tick-22": "yes", "line-22": "https://a.example/b"}, "Ghi số và ngày văn bản", id="a link is none"),
        pytest.param({"kind": "done", "tick-21": "yes"}, "cần tệp gửi kèm: mở riêng", id="a photo is demanded"),
        pytest.param({"kind": "done", "tick-10": "yes"}, "không báo như vậy được", id="a figure settles it"),
        pytest.param({"kind": "progress", "tick-1": "yes"}, "Ghi đã làm được gì", id="progress without words"),
        pytest.param({"kind": "received", "tick-71": "yes"}, "Chọn ít nhất một việc", id="another agency leads it"),
    ],
)
def test_what_is_missing_is_asked_back_at_its_duty(client: Visitor, counter: Counter, typed: dict[str, str], said: str) -> None:
    answer = checked(client, MANY, {**typed, **WHO})
    assert answer.status_code == 422
    assert words(answer.text).count(said) == 2
    assert all(f'value="{value}"' in answer.text for name, value in typed.items() if name.startswith("line"))
    assert counter.receipts == {}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("123/BC-UBND ngày 20/5/2020", "123/BC-UBND ngày 20/5/2020"),
        ("123/BC-UBND, 20-05-2020", "123/BC-UBND ngày 20/5/2020"),
        ("https://cairang.example/ket-qua?n=1", "https://cairang.example/ket-qua?n=1"),
        ("123/BC-UBND", ""),
        ("123/BC-UBND ngày 31/2/2020", ""),
        ("123/BC-UBND ngày 3/9/2020", ""),
        ("javascript:alert(1)", ""),
        ("https://ten:mat-khau@cairang.example/", ""),
        ("https://cairang.example/ a", ""),
    ],
)
def test_a_line_of_evidence_is_a_document_with_its_date_or_an_address(typed: str, kept: str) -> None:
    assert proof.in_a_line(typed, date(2020, 9, 2)) == kept


def test_a_link_stands_beside_the_document_and_alone_where_no_document_is_asked(client: Visitor, counter: Counter) -> None:
    sent(client, f"/t/{DESK}/1", {"kind": "done", "done-link": "https://cairang.example/ket-qua", **WHO})
    [receipt] = counter.receipts.values()
    assert receipt.act.document == "https://cairang.example/ket-qua"
    answer = checked(client, f"/t/{DESK}/22", {"kind": "done", "done-link": "https://cairang.example/ket-qua", **WHO})
    assert "Việc này cần số và ngày của văn bản trả lời" in words(answer.text)
    answer = checked(client, f"/t/{DESK}/22", {"kind": "done", "done-link": "cairang.example", **WHO})
    assert 'href="#done-link"' in answer.text


def test_a_hindrance_is_kept_by_its_kind_and_told_in_words(client: Visitor, counter: Counter) -> None:
    said = {"progress-note": "Chưa có xe", "progress-hindrance": "money", "progress-proposal": "Cấp 2 triệu đồng"}
    sent(client, f"/t/{DESK}/1", {"kind": "progress", **said, **WHO})
    [receipt] = counter.receipts.values()
    assert receipt.act.hindrance == "money"
    assert receipt.act.note == "Chưa có xe\nVướng mắc: kinh phí\nĐề xuất: Cấp 2 triệu đồng"
    answer = checked(client, f"/t/{DESK}/1", {"kind": "progress", "progress-hindrance": "money", **WHO})
    assert answer.status_code == 422
    assert '<option value="money" selected>' in answer.text


def test_what_was_said_comes_back_to_be_corrected_for_a_day(client: Visitor, counter: Counter) -> None:
    figure = {"kind": "figure", "figure-value": "86,5", "figure-on-day": "1", "figure-on-month": "9", "figure-on-year": "2020", **WHO}
    receipt = sent(client, f"/t/{DESK}/10", {**figure, "figure-note": "Đã đối chiếu"})
    assert "Sửa trong 24 giờ" in words(receipt.text)
    form = client.get(f"/t/{DESK}/10?do=figure&again").text
    assert all(f'value="{typed}"' in form for typed in ("86,5", "1", "9", "2020"))
    assert "Đã đối chiếu</textarea>" in form
    assert before("figure", counter.works[10], NOW + timedelta(hours=24)) != {}
    assert before("figure", counter.works[10], NOW + timedelta(hours=24, seconds=1)) == {}


def test_what_the_issuer_decided_is_seen_on_the_desk_and_the_duty(client: Visitor, counter: Counter) -> None:
    counter.works[22] = replace(PLAN, state="progress", decided="reject", decided_words="Thiếu dự toán", decided_at=NOW)
    for path in (f"/t/{DESK}", f"/t/{DESK}/22"):
        assert "yêu cầu thực hiện lại (2/9/2020): Thiếu dự toán" in words(client.get(path).text)


def test_what_is_over_is_folded_away_and_the_printed_sheet_holds_what_is_open(client: Visitor) -> None:
    desk, sheet = client.get(f"/t/{DESK}").text, client.get(f"/t/{DESK}/print").text
    assert desk.index("<details") < desk.index(MATERIALS.short) < desk.index("</details>")
    assert all(one.text in sheet for one in (CAMPAIGN, PLAN, COVERAGE, SPREAD))
    assert MATERIALS.text not in sheet
    assert "<svg" in sheet
    assert "style=" not in sheet
