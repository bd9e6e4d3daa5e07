"""What the agency's and leaders' pages say and take, over HTTP."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from html import unescape

import pytest

from tests.counter import (
    DESK,
    HOST,
    INSURANCE,
    LEADER,
    MATERIALS,
    NOW,
    PNG,
    PROGRESS,
    PROPAGANDA,
    READER,
    SCHOOL,
    SOURCE,
    WHO,
    Counter,
    Visitor,
    checked,
    hidden,
    sent,
    words,
    work,
)
from web.app import build
from web.form import CLERK
from web.pages import address


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def client(counter: Counter) -> Iterator[Visitor]:
    with Visitor(build(counter, lambda: NOW), HOST) as client:
        yield client


def test_the_desk_shows_what_is_worst_first_and_what_is_done_below(client: Visitor) -> None:
    said = words(client.get(f"/t/{DESK}").text)
    order = [
        "4 việc cần báo cáo", "Ra quân diệt lăng quăng", "Gửi kế hoạch", "người chưa tham gia", "Tuyên truyền về BHYT",
        "Phối hợp", "Xe tuyên truyền", "Đã xong", "Nhận bộ",
    ]  # fmt: skip
    places = [said.index(one) for one in order]
    assert places == sorted(places)
    assert "! Quá hạn 3 ngày" in said
    assert "… Còn 2 ngày" in said
    assert "• Hạn 30/9" in said
    assert "– Không thời hạn" in said
    assert "✓ Hoàn thành" in said
    assert "chỉ dành cho UBND phường Ba Láng" in said
    assert "898/UBND ngày 18/5/2020" in said


def test_a_duty_gives_the_papers_words_its_date_and_what_was_said(client: Visitor) -> None:
    said = words(client.get(f"/t/{DESK}/21").text)
    assert "Tổ chức ra quân diệt lăng quăng đợt 2" in said
    assert "Chủ nhật 30/8/2020 (“trước 31/8/2020”). Ngày làm việc cuối: Thứ Sáu 28/8/2020" in said
    said = words(client.get(f"/t/{DESK}/10").text)
    assert "Tỷ lệ bao phủ của phường: 89%. Tính đến 1/8/2020 đạt 85,2%" in said
    assert "Hội Liên hiệp Phụ nữ quận" in said
    assert "“Còn 212 hộ ở khu vực 3 chưa tham gia” (2/8/2020)" in said


def test_a_coordinator_may_comment_and_never_close(client: Visitor, counter: Counter) -> None:
    page = client.get(f"/t/{DESK}/71").text
    assert hidden(page)["kind"] == "progress"
    assert 'value="done"' not in page
    client.post(f"/t/{DESK}/71", data={"kind": "done", **WHO, "nonce": "n" * 22, "step": "send"})
    assert counter.works[71] == PROPAGANDA
    sent(client, f"/t/{DESK}/71", {"kind": "progress", "progress-note": "Đã bố trí xe", **WHO})
    assert counter.works[71].closed_at is None
    assert counter.works[71].last_words == "Đã bố trí xe"


def test_a_button_in_a_letter_chooses_the_answer_and_no_more(client: Visitor) -> None:
    assert re.search(r'value="extend"[^>]* checked', client.get(f"/t/{DESK}/10?do=extend").text)
    assert "checked" not in client.get(f"/t/{DESK}/10").text
    assert "checked" not in client.get(f"/t/{DESK}/10?do=confirm").text


def test_mistakes_stand_on_top_and_at_their_fields_and_nothing_typed_is_lost(client: Visitor) -> None:
    typed = {"kind": "figure", "figure-value": "8520", "figure-note": "Nhiều hộ đi làm xa", "name": "Người trực"}
    answer = checked(client, f"/t/{DESK}/10", typed)
    assert answer.status_code == 422
    assert answer.text.index("<title>Lỗi:") > 0
    said = words(answer.text)
    assert said.count("Tỷ lệ phải từ 0 đến 100; bạn nhập 8520") == 2
    assert said.count("Nhập chức vụ của người báo") == 2
    for field in ("figure-value", "figure-on-day", "role"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
        assert f'id="{field}-error"' in answer.text
    assert 'value="8520"' in answer.text
    assert "Nhiều hộ đi làm xa" in answer.text
    assert 'value="Người trực"' in answer.text


def test_changing_brings_the_form_back_as_it_was(client: Visitor) -> None:
    check = checked(client, f"/t/{DESK}/10", PROGRESS)
    back = client.post(f"/t/{DESK}/10", data={**hidden(check.text), "step": "change"})
    assert back.status_code == 200
    assert "Đã vận động 40 hộ" in back.text
    assert re.search(r'value="progress"[^>]* checked', back.text)
    assert hidden(back.text)["nonce"] == hidden(check.text)["nonce"]


FIGURE = {"kind": "figure", "figure-value": "86,5%", "figure-on-day": "2", "figure-on-month": "9", "figure-on-year": "2020", **WHO}


def test_a_figure_is_read_shown_compared_and_receipted(client: Visitor, counter: Counter) -> None:
    said = words(sent(client, f"/t/{DESK}/10", FIGURE).text)
    (receipt,) = counter.receipts.values()
    assert receipt.act.value == Decimal("86.5")
    assert "86,5% (tăng 1,3)" in said
    assert "Lúc 9:12 ngày 2/9/2020" in said
    assert "Còn 2,5 điểm nữa đạt mốc 89% ngày 30/9/2020." in said


def test_an_odd_figure_is_asked_back_before_it_is_sent(client: Visitor) -> None:
    said = words(checked(client, f"/t/{DESK}/10", {**FIGURE, "figure-value": "80"}).text)
    assert "Giảm 5,2 so với lần trước (85,2). Có đúng không?" in said
    odd = {**FIGURE, "figure-value": "99"}
    assert "đổi hơn 10 điểm so với lần trước: nêu lý do" in words(checked(client, f"/t/{DESK}/10", odd).text)
    assert "y như lần trước: nêu lý do" in words(checked(client, f"/t/{DESK}/10", {**FIGURE, "figure-value": "85,2"}).text)
    said = words(checked(client, f"/t/{DESK}/10", {**odd, "figure-note": "đã rà soát lại"}).text)
    assert "Tăng 13,8 điểm so với lần trước (85,2). Có đúng không?" in said


def test_more_time_is_asked_with_a_later_date_and_a_reason(client: Visitor, counter: Counter) -> None:
    ask = {"kind": "extend", "extend-until-day": "4", "extend-until-month": "9", "extend-until-year": "2020", **WHO}
    refused = words(checked(client, f"/t/{DESK}/22", ask).text)
    assert "Ngày xin lùi phải sau thời hạn 4/9/2020" in refused
    assert "Nêu lý do xin lùi hạn" in refused
    said = words(sent(client, f"/t/{DESK}/22", {**ask, "extend-until-day": "12", "extend-note": "Chờ kinh phí"}).text)
    assert "Đã nhận đề nghị lùi hạn" in said
    assert "thời hạn cũ còn hiệu lực" in said
    assert "Đã xin lùi tới 12/9" in words(client.get(f"/t/{DESK}").text)
    assert 'value="extend"' not in client.get(f"/t/{DESK}/22").text


def test_a_document_closes_where_a_document_is_asked(client: Visitor, counter: Counter) -> None:
    done = {"kind": "done", **WHO}
    assert "Việc này cần số và ngày của văn bản trả lời" in words(checked(client, f"/t/{DESK}/22", done).text)
    on = {"done-on-day": "1", "done-on-month": "9", "done-on-year": "2020"}
    page = sent(client, f"/t/{DESK}/22", done | on | {"done-number": "123/KH-UBND"})
    (receipt,) = counter.receipts.values()
    assert f"Mã biên nhận {receipt.number} Việc Mục" in words(page.text)
    assert receipt.act.document == "123/KH-UBND ngày 1/9/2020"
    assert counter.works[22].state == "done"


def test_figures_for_others_become_an_act_for_each_agency(client: Visitor, counter: Counter) -> None:
    path = f"/t/{SOURCE}/figures/1/bao-phu"
    form = {"row-10-value": "86,5", "row-11-numerator": "5.960", "row-11-denominator": "7000", "row-201-value": "99"}
    on = {"figure-on-day": "1", "figure-on-month": "9", "figure-on-year": "2020"}
    said = words(sent(client, path, form | on | WHO).text)
    acts = [receipt.act for receipt in counter.receipts.values()]
    said_of = [(act.task, act.value, act.numerator, act.denominator) for act in acts]
    assert said_of == [(10, Decimal("86.5"), None, None), (11, None, 5960, 7000)]
    assert {(act.said.link, act.by) for act in acts} == {("link-bhxh", "bhxh")}
    assert "Đã nhận 2 số liệu" in said
    assert "85,14%: 5.960/7.000" in said
    assert str(INSURANCE.mail) in said


def test_a_form_of_figures_holds_a_whole_province(client: Visitor) -> None:
    rows = {f"row-{task}-{box}": "" for task in range(600) for box in ("value", "numerator", "denominator")}
    on = {"figure-on-day": "1", "figure-on-month": "9", "figure-on-year": "2020"}
    assert checked(client, f"/t/{SOURCE}/figures/1/bao-phu", {**rows, **on, **WHO, "row-10-value": "86,5"}).status_code == 200


def test_a_form_of_figures_without_any_figure_is_asked_back(client: Visitor) -> None:
    answer = checked(client, f"/t/{SOURCE}/figures/1/bao-phu", {**WHO, "row-10-value": " "})
    assert answer.status_code == 422
    assert "Nhập số liệu của ít nhất một đơn vị" in words(answer.text)


HOSTILE = "<script>alert(1)</script>{{7*7}} & \"'></textarea><img src=x>"


def test_what_papers_and_people_write_is_shown_as_text(client: Visitor, counter: Counter) -> None:
    counter.works[1] = work(1, "1", HOSTILE, text=HOSTILE, with_=(HOSTILE,), last_words=HOSTILE, last_words_at=NOW)
    person = {"name": HOSTILE, "role": HOSTILE}
    check = checked(client, f"/t/{DESK}/1", {"kind": "progress", "progress-note": HOSTILE, **person})
    mistakes = client.post(f"/t/{DESK}/1", data={"kind": "extend", "extend-note": HOSTILE, "extend-until-day": HOSTILE, **person})
    receipt = client.post(f"/t/{DESK}/1", data={**hidden(check.text), "step": "send"})
    for answer in (client.get(f"/t/{DESK}"), client.get(f"/t/{DESK}/1"), check, mistakes, receipt):
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert "49" not in re.sub(r'value="[\w-]{22}"|/static/[^"]+|<svg.*?</svg>', "", answer.text)
        assert HOSTILE in unescape(answer.text)


def test_english_is_remembered_by_the_browser_and_nowhere_else(client: Visitor, counter: Counter) -> None:
    before = counter.dump()
    assert "To do" in client.get(f"/t/{DESK}?lang=en").text
    assert '<html class="govuk-template" lang="en">' in client.get(f"/t/{DESK}").text
    assert "85.2%" in client.get(f"/t/{DESK}/10").text
    assert "Cần làm" in client.get(f"/t/{DESK}?lang=vi").text
    assert "Cần làm" in client.get(f"/t/{DESK}?lang=xx").text
    assert counter.dump() == before


def test_name_and_role_are_remembered_only_where_the_clerk_asks(client: Visitor) -> None:
    answer = sent(client, f"/t/{DESK}/10", PROGRESS)
    assert "Người trực" not in client.get(f"/t/{DESK}/1").text
    answer = sent(client, f"/t/{DESK}/10", {**PROGRESS, "remember": "yes"})
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(CLERK))
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    page = client.get(f"/t/{DESK}/1").text
    assert 'value="Người trực"' in page
    sent(client, f"/t/{DESK}/10", {**PROGRESS, "progress-note": "khác"})
    assert "Người trực" not in client.get(f"/t/{DESK}/1").text


@pytest.mark.parametrize("cookie", ["x", "bnVsbA==", "WzFd", "eyJhIjoxfQ==", "%00", "W1siPHNjcmlwdD4iXSwgMV0=", "W1tb" * 10_000])
def test_a_spoilt_cookie_is_no_cookie(client: Visitor, cookie: str) -> None:
    answer = client.get(f"/t/{DESK}/1", headers={"cookie": f"{CLERK}={cookie}; dondoc-lang={cookie}"})
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_a_photo_goes_to_the_disk_at_once_and_to_the_ledger_when_sent(client: Visitor, counter: Counter) -> None:
    check = checked(client, f"/t/{DESK}/21", {"kind": "done", **WHO}, files=[("done-files", ("Ảnh ra quân.png", PNG, "text/html"))])
    assert len(counter.kept) == 1
    assert counter.receipts == {}
    carried = {**hidden(check.text), "step": "send"}
    client.post(f"/t/{DESK}/21", data=carried)
    (receipt,) = counter.receipts.values()
    assert receipt.act.files == ((next(iter(counter.kept)), "Ảnh ra quân.png", len(PNG)),)


def test_a_file_survives_a_mistake_elsewhere(client: Visitor) -> None:
    answer = checked(client, f"/t/{DESK}/21", {"kind": "done", "name": "Người trực"}, files=[("done-files", ("a.png", PNG))])
    assert answer.status_code == 422
    sealed = unescape(re.findall(r'name="done-kept" value="([^"]+)"', answer.text)[0])
    again = client.post(f"/t/{DESK}/21", data={"kind": "done", **WHO, "done-kept": sealed, "nonce": "n" * 22, "step": "send"})
    assert again.status_code == 200
    assert "a.png" in again.text


def test_a_file_that_another_link_brought_cannot_be_named(client: Visitor, counter: Counter) -> None:
    answer = checked(client, f"/t/{DESK}/21", {"kind": "done"}, files=[("done-files", ("a.png", PNG))])
    sealed = unescape(re.findall(r'name="done-kept" value="([^"]+)"', answer.text)[0])
    theirs = client.post(f"/t/{SCHOOL}/201", data={"kind": "done", **WHO, "done-kept": sealed, "nonce": "n" * 22, "step": "send"})
    assert theirs.status_code == 422
    assert counter.receipts == {}


def test_a_full_disk_refuses_the_file_and_keeps_the_words(client: Visitor, counter: Counter) -> None:
    counter.full = True
    answer = checked(client, f"/t/{DESK}/10", PROGRESS, files=[("progress-files", ("a.png", PNG))])
    assert answer.status_code == 422
    assert "Máy chủ chưa nhận được tệp" in words(answer.text)
    assert "Đã vận động 40 hộ" in answer.text


async def _chunks() -> AsyncIterator[bytes]:
    for _ in range(3):
        yield b"&" * 600_000


def test_w106_a_body_beyond_the_limits_is_refused(client: Visitor, counter: Counter) -> None:
    path = f"/t/{DESK}/10"
    fields = "&".join(f"f{number}=x" for number in range(100_000))
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post(path, content=fields, headers=form).status_code == 400
    assert client.post(path, content=fields + "&" * 300_000, headers=form).status_code == 413
    assert client.post(path, content=b"name=" + b"x" * 500_000, headers=form).status_code == 400
    assert client.post(path, content=_chunks(), headers=form).status_code == 413
    assert client.post(path, content=b"", headers={**form, "content-length": "99999999999"}).status_code == 413
    assert client.post(path, data=PROGRESS, files=[("progress-files", (f"{number}.png", PNG)) for number in range(21)]).status_code == 400
    assert counter.receipts == {}


def test_a_leader_gets_his_list_or_the_page_where_there_is_one(client: Visitor) -> None:
    listed = client.get(f"/l/{LEADER}").text
    assert f'href="/l/{LEADER}/1"' in listed
    assert f'href="/l/{LEADER}/2"' in listed
    single = client.get(f"/l/{READER}").text
    assert f'<link rel="stylesheet" href="{address("report")}">' in single
    assert client.get(address("report")).status_code == 200


def test_health_is_told_in_words_and_names_no_task(client: Visitor, counter: Counter) -> None:
    assert client.get("/livez").text == "ok\n"
    assert client.get("/readyz", headers={"host": "127.0.0.1:8000"}).json() == {"ledger": "", "disk": ""}
    counter.full = True
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["disk"] == "đĩa sắp đầy"
    assert client.get("/livez").status_code == 200


def test_a_finished_task_is_named_with_its_day(client: Visitor) -> None:
    assert MATERIALS.short in client.get(f"/t/{DESK}").text
    assert "Xong 23/5" in words(client.get(f"/t/{DESK}").text)
