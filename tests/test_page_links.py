"""The links in letters over HTTP: they only open, a press counts once, a stranger gets nothing. L and W number the promises."""

from __future__ import annotations

import gzip
import logging
import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from tests.counter import (
    DESK,
    EXPIRED,
    HOST,
    LEADER,
    NOW,
    OTHER,
    PNG,
    PROGRESS,
    READER,
    SOURCE,
    SPREAD,
    WHO,
    Counter,
    Visitor,
    checked,
    hidden,
    sent,
    words,
)
from web.app import MOST_GUESSES, MOST_PRESSES, build
from web.pages import address

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


def test_l06_what_a_person_sends_is_recorded_with_who_said_it_and_by_which_link(client: Visitor, counter: Counter) -> None:
    answer = sent(client, f"/t/{DESK}/10", PROGRESS, headers={"user-agent": "Zalo"})
    (receipt,) = counter.receipts.values()
    assert (receipt.act.kind, receipt.act.task, receipt.act.note) == ("progress", 10, "Đã vận động 40 hộ")
    assert (receipt.act.said.name, receipt.act.said.role, receipt.act.said.link) == (*WHO.values(), "link-ba-lang")
    assert receipt.act.said.ip == "127.0.0.1"
    assert receipt.act.by == "ba-lang"
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


def test_a_closed_task_takes_nothing_but_a_late_answer(client: Visitor) -> None:
    page = client.get(f"/t/{DESK}/64").text
    assert set(re.findall(r'name="kind" value="(\w+)"', page)) == {"answer"}
    assert "Việc này không cần báo thêm" in words(page)


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


def test_the_first_page_weighs_at_most_20_kb_and_the_next_little_over_3(client: Visitor) -> None:
    def weight(path: str) -> int:
        return len(gzip.compress(client.get(path).content, 9)) + 700  # headers

    page = client.get(f"/t/{DESK}")
    assert page.headers["content-encoding"] == "gzip"
    assets = re.findall(r'href="(/static/[^"]+)"', page.text)
    assert weight(f"/t/{DESK}") + sum(map(weight, assets)) <= 20_000
    for path in [f"/t/{DESK}", f"/t/{DESK}/10", f"/t/{DESK}/21"]:
        assert weight(path) <= 3_200 + 700


def test_static_files_are_kept_for_ever_under_a_name_that_changes_with_them(client: Visitor) -> None:
    for name in re.findall(r'href="(/static/[^"]+)"', client.get(f"/t/{DESK}").text):
        answer = client.get(name)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/vendor.toml").status_code == 404
