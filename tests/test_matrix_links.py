"""Links and sessions over a real ledger: what opens, for how long, for whom; L numbers the promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tasks.sessions import IDLE, LONGEST
from tests.counter import Visitor, hidden, words
from tests.desk_office import HOST, ISSUER, LEADER, Place, place
from web.app import MOST_CODES
from web.sessions import own

COOKIE = "__Host-dondoc"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path) as found:
        yield found


@pytest.fixture
def client(here: Place) -> Iterator[Visitor]:
    with here.visitor() as visitor:
        yield visitor


def test_l25_a_login_link_is_used_by_a_press_and_by_nothing_else(here: Place, client: Visitor) -> None:
    client.post("/login", data={"mail": LEADER})
    [address] = here.letters()
    path, before = here.path(address), here.dump()
    for _ in range(5):
        assert client.get(path).status_code == 200
    assert client.request("HEAD", path).status_code == 200
    assert here.dump() == before
    pressed = client.post(path)
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/home")
    assert "Các văn bản đang theo dõi" in words(client.get("/home").text)
    for again in (client.post(path), client.get(path)):
        assert again.status_code == 404
        assert "không còn dùng được" in words(again.text)


def test_l25_an_older_login_link_is_dead_after_a_newer_one(here: Place, client: Visitor) -> None:
    for _ in range(2):
        client.post("/login", data={"mail": LEADER})
    older, newer = map(here.path, here.letters())
    assert client.get(older).status_code == 404
    assert client.get(newer).status_code == 200


@pytest.mark.parametrize(("after", "code"), [(timedelta(minutes=9, seconds=59), 303), (timedelta(minutes=10, seconds=1), 404)])
def test_l25_a_login_link_lives_ten_minutes(here: Place, client: Visitor, after: timedelta, code: int) -> None:
    client.post("/login", data={"mail": LEADER})
    [address] = here.letters()
    here.pass_(after)
    assert client.post(here.path(address)).status_code == code


def test_l25_fifty_presses_at_once_begin_one_session(here: Place, client: Visitor) -> None:
    client.post("/login", data={"mail": LEADER})
    path = here.path(here.letters()[0])
    assert sorted({answer.status_code for answer in client.at_once(20, path)}) == [303, 404]
    assert here.ask("SELECT count(*) AS n FROM sessions")[0].n == 1


def test_another_browser_needs_the_code_that_the_first_one_shows(here: Place, client: Visitor) -> None:
    shown = client.post("/login", data={"mail": LEADER}).text
    code = words(shown).split("nhập mã này: ")[1][:7]
    path = here.path(here.letters()[0])
    with here.visitor() as other:
        before = here.dump()
        assert 'name="code"' in other.get(path).text
        for typed in ("", "000 00x"):
            assert other.post(path, data={"code": typed}).status_code == 422
        assert here.dump() == before
        assert other.post(path, data={"code": code}).headers["location"] == "/home"


def test_a_code_is_not_guessed(here: Place, client: Visitor) -> None:
    client.post("/login", data={"mail": LEADER})
    path = here.path(here.letters()[0])
    with here.visitor() as other:
        codes = [other.post(path, data={"code": f"{number:06}x"}).status_code for number in range(MOST_CODES + 1)]
    assert codes == [422] * MOST_CODES + [429]
    assert client.post(path).status_code == 303


def test_l26_nobody_learns_who_is_registered(here: Place, client: Visitor) -> None:
    def asked(mail: str) -> tuple[int, str, dict[str, str]]:
        answer = client.post("/login", data={"mail": mail})
        text = answer.text.replace(mail, "").replace(words(answer.text).split("nhập mã này: ")[1][:7], "")
        return answer.status_code, text, {k: v for k, v in answer.headers.items() if k not in ("set-cookie", "content-length")}

    known, unknown = asked(LEADER), asked("nobody@elsewhere.example")
    assert known == unknown
    before = here.dump()
    assert asked("balang@cairang.example") == known  # an agency: it has its link, and nothing to log in for
    assert here.dump() == before
    assert len(here.letters()) == 1


def test_letters_with_a_way_in_are_few(here: Place, client: Visitor) -> None:
    for _ in range(8):
        client.post("/login", data={"mail": ISSUER})
    assert here.ask("SELECT count(*) AS n FROM notices WHERE lane = 'login'")[0].n == 5


def test_l27_a_session_has_a_new_secret_after_each_login_and_a_hardened_cookie(here: Place, client: Visitor) -> None:
    cookies = []
    for _ in range(2):
        [cookie] = [each for each in here.logged_in(client).headers.get_list("set-cookie") if each.startswith(f"{COOKIE}=")]
        cookies.append(cookie)
    assert cookies[0].split(".")[0] != cookies[1].split(".")[0]
    for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=43200"):
        assert word in cookies[1]
    assert "Domain" not in cookies[1]
    assert len(here.ask("SELECT 1 FROM sessions WHERE ended_at IS NULL")) == 1


def test_l27_logging_out_everywhere_ends_every_session_at_once(here: Place, client: Visitor) -> None:
    with here.visitor() as phone:
        here.logged_in(client)
        here.logged_in(phone)
        assert client.get("/home").status_code == phone.get("/home").status_code == 200
        left = client.post("/logout", data={**hidden(client.get("/home").text), "where": "all"})
        assert "Đã đăng xuất" in words(left.text)
        assert client.get("/home").headers["location"] == phone.get("/home").headers["location"] == "/login?next=/home"


def test_l27_a_position_with_another_mailbox_has_no_session(here: Place, client: Visitor) -> None:
    here.logged_in(client, LEADER)
    with here.office.store.write() as db:
        db.exec_driver_sql("UPDATE agencies SET mail = 'new@cairang.example' WHERE code = 'ct'")
    assert client.get("/home").status_code == 303


def test_a_session_ends_after_half_an_hour_of_silence_and_after_twelve_hours(here: Place, client: Visitor) -> None:
    here.logged_in(client)
    second = timedelta(seconds=1)
    here.pass_(IDLE - second)
    assert client.get("/home").status_code == 200
    here.pass_(IDLE)
    assert client.get("/home").status_code == 303
    here.logged_in(client)
    for _ in range(int(LONGEST / IDLE)):
        here.pass_(IDLE - second)
        client.get("/home")
    assert client.get("/home").status_code == 200
    here.pass_(timedelta(minutes=1))
    assert client.get("/home").status_code == 303


def test_a_visit_inside_writes_nothing(here: Place, client: Visitor) -> None:
    here.logged_in(client)
    before = here.dump()
    for _ in range(3):
        here.pass_(timedelta(minutes=5))
        assert client.get("/home").status_code == 200
        assert client.get("/home/1").status_code == 200
    assert here.dump() == before


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}, {"origin": "null"}],
)
@pytest.mark.parametrize("path", ["/logout", "/login"])
def test_l28_a_press_from_another_site_is_refused(here: Place, client: Visitor, headers: dict[str, str], path: str) -> None:
    here.logged_in(client)
    form = {**hidden(client.get("/home").text), "mail": LEADER}
    before = here.dump()
    assert client.post(path, data=form, headers=headers).status_code == 403
    assert here.dump() == before


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"origin": HOST}, {}])
def test_l28_a_press_without_the_sessions_word_is_refused(here: Place, client: Visitor, headers: dict[str, str]) -> None:
    here.logged_in(client)
    for word in ({}, {"word": "x" * 24}):
        assert client.post("/logout", data=word, headers=headers).status_code == 403
    assert client.post("/logout", data=hidden(client.get("/home").text), headers=headers).status_code == 200


EVIL = ["//evil", "\\\\evil", "/\\evil", "https:evil", "https://evil", "/%2f/evil", "/home/../../evil", "/home\r\nX: y", "javascript:x", ""]


@pytest.mark.parametrize("path", EVIL)
def test_w109_only_our_own_pages_come_next(client: Visitor, here: Place, path: str) -> None:
    assert own(path) == "/home"
    client.post("/login", data={"mail": LEADER, "next": path})
    assert client.post(here.path(here.letters()[0])).headers["location"] == "/home"


def test_whoever_is_led_to_the_login_comes_back(here: Place, client: Visitor) -> None:
    led = client.get("/home/1").headers["location"]
    assert led == "/login?next=/home/1"
    form = hidden(client.get(led).text)
    client.post("/login", data={**form, "mail": ISSUER})
    assert client.post(here.path(here.letters()[0])).headers["location"] == "/home/1"


@pytest.mark.parametrize("mail", [ISSUER, LEADER])
def test_an_issuer_and_its_head_read_and_decide_what_it_issued(here: Place, client: Visitor, mail: str) -> None:
    here.logged_in(client, mail)
    [row] = here.ask("SELECT id FROM sessions")
    session = here.app.state.front.session(row.id, here.clock.now())
    assert session.issues == ("ubnd-quan",)
    assert [session.may("decide", number) for number in (1, 2)] == [True, False]
    assert [session.may("read", number) for number in (1, 2)] == [True, False]
    assert client.get("/home/2").status_code == 404
