"""The agency's pages over HTTP: links that only open, presses that count once, and what a stranger can do (nothing)."""

from __future__ import annotations

import gzip
import logging
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Any

import httpx
import pytest

from tests.counter import (
    DESK,
    EXPIRED,
    INSURANCE,
    LEADER,
    MATERIALS,
    NOW,
    OTHER,
    PNG,
    PROPAGANDA,
    READER,
    SCHOOL,
    SOURCE,
    SPREAD,
    Counter,
    Visitor,
    work,
)
from web.app import MOST_GUESSES, MOST_PRESSES, build
from web.form import CLERK
from web.pages import address

HOST = "https://dondoc.cairang.example"
WHO = {"name": "Người trực", "role": "Công chức Văn hóa – Xã hội"}
PROGRESS = {"kind": "progress", "progress-note": "Đã vận động 40 hộ", **WHO}
PAGES = [
    f"/t/{DESK}",
    f"/t/{DESK}/10",
    f"/t/{DESK}/64",
    f"/t/{DESK}/71",
    f"/t/{SOURCE}/figures/1/bao-phu",
    f"/l/{LEADER}",
    f"/l/{LEADER}/1",
    f"/l/{READER}",
]
AGENTS = ["Mozilla/5.0 (Windows NT 10.0) Safe Links", "Barracuda Sentinel", "GoogleImageProxy", ""]
BAD_TOKENS = [
    "nope",
    EXPIRED,
    DESK[:-1] + "n",
    DESK[:-1],
    DESK + "x",
    DESK.upper(),
    DESK + "%00",
    "x" * 10_000,
    "đường-dẫn",
    "%2e%2e",
    "%F0%9F%98%80",
    "9" * 5_000,
]


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def client(counter: Counter) -> Iterator[Visitor]:
    with Visitor(build(counter, lambda: NOW), HOST) as client:
        yield client


def hidden(page: str) -> dict[str, str]:
    """What a page's form carries without anybody typing."""
    return {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)}


def checked(client: Visitor, path: str, fields: Mapping[str, str], **more: Any) -> httpx.Response:
    """The page that follows "Xem lại rồi gửi" on a form opened at `path`."""
    nonce = hidden(client.get(path).text)["nonce"]
    return client.post(path, data={**fields, "nonce": nonce, "step": "check"}, **more)


def sent(client: Visitor, path: str, fields: Mapping[str, str], **more: Any) -> httpx.Response:
    """The page that follows "Gửi"."""
    check = checked(client, path, fields, **more)
    assert check.status_code == 200, check.text
    return client.post(path, data={**hidden(check.text), "step": "send"})


def words(page: str) -> str:
    """A page's text on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


# --- links only open -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES, "/t/nope", "/l/nope", "/livez", "/robots.txt"])
def test_l01_head_answers_like_get_without_a_body_and_writes_nothing(client: Visitor, counter: Counter, path: str) -> None:
    before = counter.dump()
    head = client.request("HEAD", path)
    assert head.status_code == client.get(path).status_code
    assert head.content == b""
    assert counter.dump() == before


@pytest.mark.parametrize("agent", AGENTS)
def test_l02_a_hundred_visits_by_a_scanner_change_nothing(client: Visitor, counter: Counter, agent: str) -> None:
    before = counter.dump()
    for path in [f"/t/{DESK}", f"/t/{DESK}/10?do=figure", f"/t/{DESK}/21?do=done&step=send&name=A&role=B"] * 34:
        assert client.get(path, headers={"user-agent": agent}).status_code == 200
    assert counter.dump() == before
    assert counter.pressed == 0


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "TRACE", "PATCH", "FOO"])
@pytest.mark.parametrize("path", [f"/t/{DESK}", f"/t/{DESK}/10", f"/l/{LEADER}"])
def test_l03_other_methods_are_not_allowed(client: Visitor, counter: Counter, method: str, path: str) -> None:
    before = counter.dump()
    answer = client.request(method, path, data=PROGRESS if method in ("PUT", "PATCH") else None)
    assert answer.status_code == 405
    assert counter.dump() == before


def test_a_desk_and_a_leaders_page_take_no_post(client: Visitor) -> None:
    assert client.post(f"/t/{DESK}").status_code == 405
    assert client.post(f"/l/{LEADER}/1").status_code == 405


# --- a press counts once ---------------------------------------------------------------------------------------------


def test_l06_what_a_person_sends_is_recorded_with_who_said_it_and_by_which_link(client: Visitor, counter: Counter) -> None:
    answer = sent(client, f"/t/{DESK}/10", PROGRESS, headers={"user-agent": "Zalo"})
    (receipt,) = counter.receipts.values()
    assert (receipt.act.kind, receipt.act.task, receipt.act.note) == ("progress", 10, "Đã vận động 40 hộ")
    assert (receipt.act.said.name, receipt.act.said.role, receipt.act.said.link) == (*WHO.values(), "link-ba-lang")
    assert receipt.act.said.ip == "127.0.0.1"
    assert receipt.number in answer.text
    assert "balang@cairang.example" in answer.text


def test_the_check_page_writes_nothing_and_says_so(client: Visitor, counter: Counter) -> None:
    before = counter.dump()
    check = checked(client, f"/t/{DESK}/10", PROGRESS)
    assert counter.dump() == before
    assert "Chưa có gì được ghi" in words(check.text)
    assert "Đã vận động 40 hộ" in words(check.text)


def test_l07_pressing_twice_gives_the_receipt_of_the_first_press(client: Visitor, counter: Counter) -> None:
    check = checked(client, f"/t/{DESK}/21", {"kind": "received", **WHO})
    form = {**hidden(check.text), "step": "send"}
    first, second = client.post(f"/t/{DESK}/21", data=form), client.post(f"/t/{DESK}/21", data=form)
    assert first.status_code == second.status_code == 200
    assert len(counter.receipts) == 1
    assert "898-2-1" in first.text
    assert "898-2-1" in second.text
    assert "không ghi thêm lần nữa" in second.text


def test_l07_fifty_presses_at_once_are_one_act(client: Visitor, counter: Counter) -> None:
    check = checked(client, f"/t/{DESK}/1", {"kind": "done", **WHO})
    form = {**hidden(check.text), "step": "send"}
    answers = client.at_once(50, f"/t/{DESK}/1", data=form)
    assert {answer.status_code for answer in answers} == {200}
    assert counter.pressed == 50
    assert len(counter.receipts) == 1


def test_going_back_and_sending_something_else_is_another_act(client: Visitor, counter: Counter) -> None:
    nonce = hidden(client.get(f"/t/{DESK}/10").text)["nonce"]
    for note in ("Đã vận động 40 hộ", "Đã vận động 41 hộ", "Đã vận động 41 hộ"):
        client.post(f"/t/{DESK}/10", data={**PROGRESS, "progress-note": note, "nonce": nonce, "step": "send"})
    assert [receipt.act.note for receipt in counter.receipts.values()] == ["Đã vận động 40 hộ", "Đã vận động 41 hộ"]


@pytest.mark.parametrize("missing", ["name", "role", "kind", "progress-note", "nonce"])
def test_a_press_without_a_humans_fields_records_nothing(client: Visitor, counter: Counter, missing: str) -> None:
    form = {**PROGRESS, **hidden(client.get(f"/t/{DESK}/10").text), "step": "send"}
    client.post(f"/t/{DESK}/10", data={name: value for name, value in form.items() if name != missing})
    assert counter.receipts == {}


def test_l09_a_task_closed_meanwhile_says_so_and_stays(client: Visitor, counter: Counter) -> None:
    check = checked(client, f"/t/{DESK}/1", {"kind": "done", **WHO})
    counter.works[1] = closed = replace(SPREAD, state="done", closed_at=NOW)
    answer = client.post(f"/t/{DESK}/1", data={**hidden(check.text), "step": "send"})
    assert answer.status_code == 409
    assert "Việc này đã hoàn thành nên không ghi thêm được." in words(answer.text)
    assert counter.works[1] == closed


def test_a_closed_task_shows_no_form_for_work_that_is_over(client: Visitor) -> None:
    page = client.get(f"/t/{DESK}/64").text
    assert "<form" not in page
    assert "Việc này không cần báo thêm" in words(page)


# --- tokens ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", BAD_TOKENS)
def test_l10_l11_every_bad_token_gets_the_same_page(client: Visitor, token: str) -> None:
    known, answer = client.get("/t/unknown"), client.get(f"/t/{token}")
    assert answer.status_code == 404
    assert answer.content == known.content
    assert dict(answer.headers) == dict(known.headers)


@pytest.mark.parametrize("path", ["", "/10", "/10?do=done", "/figures/1/bao-phu", "/%00", "/" + "9" * 5_000, "/../../etc/passwd"])
def test_l10_a_bad_token_gets_it_at_every_address(client: Visitor, path: str) -> None:
    assert client.get(f"/t/nope{path}").status_code == 404
    assert client.post(f"/t/nope{path}", data=PROGRESS).status_code in (404, 405)


@pytest.mark.parametrize("path", [f"/l/{DESK}", f"/l/{DESK}/1", f"/t/{LEADER}", f"/t/{LEADER}/10", f"/t/{READER}/figures/1/bao-phu"])
def test_l12_a_link_opens_only_what_it_is_for(client: Visitor, path: str) -> None:
    assert client.get(path).content == client.get("/t/unknown").content


def test_l13_a_form_cannot_name_another_task(client: Visitor, counter: Counter) -> None:
    theirs = counter.works[11]
    sent(client, f"/t/{DESK}/10", {**PROGRESS, "task": "11", "row-11-value": "99"})
    assert counter.works[11] == theirs
    assert [receipt.act.task for receipt in counter.receipts.values()] == [10]


@pytest.mark.parametrize("task", ["11", "201", "0", "-1", "10a", "%31%30x", "9" * 5_000])
def test_l14_a_task_outside_the_desk_is_not_found(client: Visitor, counter: Counter, task: str) -> None:
    before = counter.dump()
    assert client.get(f"/t/{DESK}/{task}").status_code == 404
    assert client.post(f"/t/{DESK}/{task}", data={**PROGRESS, "nonce": "n" * 22, "step": "send"}).status_code == 404
    assert counter.dump() == before


def test_l14_a_form_of_figures_is_only_its_sources(client: Visitor) -> None:
    assert client.get(f"/t/{DESK}/figures/1/bao-phu").status_code == 404
    assert client.get(f"/t/{SOURCE}/figures/1/khac").status_code == 404
    assert client.get(f"/t/{SOURCE}/figures/2/bao-phu").status_code == 404


def test_l14_a_leader_reads_only_what_he_may(client: Visitor) -> None:
    assert client.get(f"/l/{READER}/1").status_code == 200
    assert client.get(f"/l/{READER}/2").status_code == 404


def test_l19_no_log_line_holds_a_token(client: Visitor, counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sent(client, f"/t/{DESK}/10", PROGRESS)
    counter.broken = "the ledger is away"
    assert client.get(f"/t/{DESK}").status_code == 500
    counter.broken, counter.full = "", True
    checked(client, f"/t/{DESK}/10", PROGRESS, files=[("progress-files", ("a.png", PNG))])
    ours = "\n".join(record.getMessage() + (record.exc_text or "") for record in caplog.records if not record.name.startswith("httpx"))
    assert "incident" in ours
    assert "t1." not in ours


def test_a_broken_page_shows_an_incident_and_no_trace(client: Visitor, counter: Counter) -> None:
    counter.broken = "password of the ledger"
    answer = client.get(f"/t/{DESK}")
    assert answer.status_code == 500
    assert re.search(r"Mã sự cố: [0-9a-f]{8}", answer.text)
    assert "password" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


# --- what every page carries -----------------------------------------------------------------------------------------


def every_page(client: Visitor) -> list[httpx.Response]:
    """A page of each kind, with those that follow a press and those that refuse."""
    check = checked(client, f"/t/{DESK}/10", PROGRESS)
    receipt = client.post(f"/t/{DESK}/10", data={**hidden(check.text), "step": "send"})
    mistakes = client.post(f"/t/{DESK}/10", data={"kind": "figure"})
    refusals = [client.get("/t/nope"), client.request("PUT", f"/t/{DESK}"), client.get("/nowhere")]
    return [*map(client.get, PAGES), check, receipt, mistakes, *refusals]


def test_l20_no_page_has_a_script_or_an_address_elsewhere(client: Visitor) -> None:
    for answer in every_page(client):
        assert "<script" not in answer.text
        assert not re.search(r"\son\w+=", answer.text)
        assert not re.search(r"\sstyle=", answer.text)
        assert not re.findall(r'(?:href|src|action)="(?!/|#|\?)', answer.text)
        assert "://" not in answer.text


def test_l20_every_answer_has_every_header(client: Visitor) -> None:
    for answer in every_page(client):
        policy = answer.headers["content-security-policy"].split("; ")
        assert policy[0] == "default-src 'none'"
        assert "style-src 'self'" in policy
        assert not [rule for rule in policy if rule.startswith("script-src") or "unsafe" in rule]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
        assert "camera=()" in answer.headers["permissions-policy"]


def test_l24_no_page_can_be_framed(client: Visitor) -> None:
    others = [client.get("/livez"), client.get(address("pages")), client.get("/t/x", headers={"host": "evil.example"})]
    for answer in [*every_page(client), *others]:
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"


def test_l22_guessing_is_slowed_down_and_a_good_link_from_there_still_opens(client: Visitor) -> None:
    answers = [client.get(f"/t/guess{number}").status_code for number in range(MOST_GUESSES + 20)]
    assert answers.count(404) == MOST_GUESSES
    assert answers[-20:] == [429] * 20
    assert client.get(f"/t/{DESK}").status_code == 200
    assert client.get("/t/guess").headers["retry-after"] == "600"


def test_presses_by_one_link_are_bounded_and_no_other_link_feels_it(client: Visitor) -> None:
    answers = [client.post(f"/t/{DESK}/10", data={}).status_code for _ in range(MOST_PRESSES + 1)]
    assert answers[-2:] == [422, 429]
    assert client.get(f"/t/{DESK}/10").status_code == 200
    assert client.post(f"/t/{OTHER}/11", data={}).status_code == 422


@pytest.mark.parametrize("headers", [{"host": "evil.example"}, {"host": "dondoc.cairang.example.evil.example"}, {"host": ""}])
def test_l23_another_host_is_refused(client: Visitor, headers: dict[str, str]) -> None:
    assert client.get(f"/t/{DESK}", headers=headers).status_code == 400


def test_l23_a_forwarded_host_moves_no_link(client: Visitor) -> None:
    answer = client.get(f"/t/{DESK}", headers={"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"})
    assert answer.status_code == 200
    assert "evil" not in answer.text


def test_robots_are_asked_to_leave(client: Visitor) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_the_first_page_weighs_at_most_20_kb_and_the_next_at_most_3(client: Visitor) -> None:
    def weight(path: str) -> int:
        return len(gzip.compress(client.get(path).content, 9)) + 700  # headers

    page = client.get(f"/t/{DESK}")
    assert page.headers["content-encoding"] == "gzip"
    assets = re.findall(r'href="(/static/[^"]+)"', page.text)
    assert weight(f"/t/{DESK}") + sum(map(weight, assets)) <= 20_000
    for path in [f"/t/{DESK}", f"/t/{DESK}/10", f"/t/{DESK}/21"]:
        assert weight(path) <= 3_000 + 700


def test_static_files_are_kept_for_ever_under_a_name_that_changes_with_them(client: Visitor) -> None:
    for name in re.findall(r'href="(/static/[^"]+)"', client.get(f"/t/{DESK}").text):
        answer = client.get(name)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/vendor.toml").status_code == 404


# --- what the pages say ----------------------------------------------------------------------------------------------


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
    said = words(checked(client, f"/t/{DESK}/10", {**FIGURE, "figure-value": "99"}).text)
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
    sent(client, f"/t/{DESK}/22", done | {"done-number": "123/KH-UBND", "done-on-day": "1", "done-on-month": "9", "done-on-year": "2020"})
    (receipt,) = counter.receipts.values()
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
    assert {act.said.link for act in acts} == {"link-bhxh"}
    assert "Đã nhận 2 số liệu" in said
    assert "85,14%: 5.960/7.000" in said
    assert str(INSURANCE.mail) in said


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
        assert "49" not in answer.text
        assert HOSTILE in unescape(answer.text)


# --- language and memory ---------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("cookie", ["x", "bnVsbA==", "WzFd", "eyJhIjoxfQ==", "%00", "W1siPHNjcmlwdD4iXSwgMV0="])
def test_a_spoilt_cookie_is_no_cookie(client: Visitor, cookie: str) -> None:
    answer = client.get(f"/t/{DESK}/1", headers={"cookie": f"{CLERK}={cookie}; dondoc-lang={cookie}"})
    assert answer.status_code == 200
    assert "<script>" not in answer.text


# --- files and bodies ------------------------------------------------------------------------------------------------



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


# --- leaders and health ----------------------------------------------------------------------------------------------


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
