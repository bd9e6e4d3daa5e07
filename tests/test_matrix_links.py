"""Links and sessions over a real ledger: what opens, for how long, for whom; L numbers the promises."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx
import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from config import keyring
from tasks.ledger import deputies, doors, reporting, roster
from tasks.sessions import IDLE, LONGEST
from tests.conftest import on_postgres
from tests.counter import WHO, Visitor, hidden, words
from tests.desk_office import HOST, ISSUER, LEADER, NOW, WARD, Place, parts, place
from web.app import MOST_CODES, MOST_GUESSES
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


def answered(visitor: Visitor, path: str, kind: str, **fields: str) -> httpx.Response:
    """The page after both presses of an answer."""
    check = visitor.post(path, data={**hidden(visitor.get(path).text), "kind": kind, **WHO, **fields, "step": "check"})
    assert check.status_code == 200, words(check.text)
    return visitor.post(path, data={**hidden(check.text), "step": "send"})


def passed_on(here: Place, client: Visitor, agency: str = WARD) -> tuple[str, int, str]:
    """A desk's path, one of its tasks, and the path of a link of that task that a colleague was given."""
    desk = f"/t/{here.token(agency)}"
    task = next(work.id for work in here.app.state.front.desk(agency, NOW).open if work.lead)
    answered(client, f"{desk}/{task}", "delegate", **{"delegate-to": "Chuyên viên Văn hóa"})
    [shown] = re.findall(r"https://[^<\s]+", client.get(f"{desk}/passed").text)
    return desk, task, here.path(shown)


def test_l18_a_colleagues_link_opens_one_task_and_acts_under_its_parent(here: Place, client: Visitor) -> None:
    desk, task, child = passed_on(here, client)
    assert len(re.findall(rf'href="{child}/\d+"', client.get(child).text)) == 1
    other = next(work.id for work in here.app.state.front.desk(WARD, NOW).open if work.id != task)
    assert client.get(f"{child}/{other}").status_code == 404
    assert client.get(f"{child}/passed").status_code == 404
    form = client.get(f"{child}/{task}").text
    assert 'value="delegate"' not in form
    again = {**hidden(form), "kind": "delegate", **WHO, "delegate-to": "Người khác", "step": "send"}
    assert client.post(f"{child}/{task}", data=again).status_code == 422
    assert answered(client, f"{child}/{task}", "progress", **{"progress-note": "Đã làm một nửa"}).status_code == 200
    [last] = here.ask("SELECT link FROM events ORDER BY seq DESC LIMIT 1")
    [row] = here.ask("SELECT p.parent, n.name FROM passed p JOIN persons n ON n.id = p.person WHERE p.id = :id", id=last.link)
    assert (row.parent, row.name) == (parts(desk[3:]).link_id, "Chuyên viên Văn hóa")


def test_l18_taking_the_parent_back_ends_its_children(here: Place, client: Visitor) -> None:
    desk, task, child = passed_on(here, client)
    with here.office.store.write() as db:
        doors.revoke(db, WARD, "desk", NOW)
    assert [client.get(path).status_code for path in (desk, child, f"{child}/{task}")] == [404] * 3


def test_a_link_that_was_passed_on_is_taken_back_alone(here: Place, client: Visitor) -> None:
    desk, _, child = passed_on(here, client)
    which = re.findall(r'name="which" value="([^"]+)"', client.get(f"{desk}/passed").text)[0]
    before = here.dump()
    for form in ({}, {"which": which}, {"name": "Người trực"}):
        assert client.post(f"{desk}/passed", data=form).status_code == 422
    assert here.dump() == before
    assert client.post(f"{desk}/passed", data={"which": which, "name": "Người trực"}).status_code == 200
    assert [client.get(path).status_code for path in (desk, child)] == [200, 404]


def test_a_task_passed_on_again_leaves_one_colleague_with_a_link(here: Place, client: Visitor) -> None:
    desk, task, first = passed_on(here, client)
    answered(client, f"{desk}/{task}", "delegate", **{"delegate-to": "Cán bộ Y tế"})
    [second] = re.findall(r"https://[^<\s]+", client.get(f"{desk}/passed").text)
    assert [client.get(path).status_code for path in (first, here.path(second))] == [404, 200]


def test_l15_rotation_keeps_old_links_until_their_key_is_removed(here: Place, client: Visitor) -> None:
    old = here.token()
    with here.again(keyring.rotate) as rotated:
        new = rotated.token()
        assert (parts(old).kid, parts(new).kid, parts(old).link_id) == ("k1", "k2", parts(new).link_id)
        with rotated.visitor() as visitor:
            assert [visitor.get(f"/t/{token}").status_code for token in (old, new)] == [200, 200]
    with here.again(lambda folder: keyring.drop(folder, "k1")) as dropped, dropped.visitor() as visitor:
        assert [visitor.get(f"/t/{token}").status_code for token in (old, new)] == [404, 200]


def test_l16_taking_one_link_back_leaves_the_other(here: Place, client: Visitor) -> None:
    desk, page = f"/t/{here.token('ubnd-quan')}", f"/l/{here.token('ubnd-quan', 'page')}"
    with here.office.store.write() as db:
        doors.revoke(db, "ubnd-quan", "page", NOW)
    assert [client.get(path).status_code for path in (desk, page)] == [200, 404]


def test_l17_a_link_anew_goes_to_the_registered_address_alone_three_times_a_day(here: Place, client: Visitor) -> None:
    ended = f"/t/{here.token(until=NOW + timedelta(days=1))}"
    here.pass_(timedelta(days=2))
    assert client.get(ended).status_code == 404
    answers = [client.post(f"{ended}?again", data={"again": "yes", "mail": "me@elsewhere.example"}) for _ in range(5)]
    rows = here.ask("SELECT a.mail FROM notices n JOIN agencies a ON a.id = n.recipient WHERE n.lane = 'login'")
    assert [row.mail for row in rows] == ["balang@cairang.example"] * 3
    [new] = set(here.letters())
    assert client.get(here.path(new)).status_code == 200
    unknown = client.post("/t/unknown?again", data={"again": "yes"})
    assert {(answer.status_code, answer.text) for answer in answers} == {(unknown.status_code, unknown.text)}


@pytest.mark.parametrize("form", [{}, {"again": "no"}, {"mail": "balang@cairang.example"}])
def test_l17_a_press_without_a_persons_tick_asks_for_nothing(here: Place, client: Visitor, form: dict[str, str]) -> None:
    ended = f"/t/{here.token(until=NOW + timedelta(days=1))}"
    here.pass_(timedelta(days=2))
    before = here.dump()
    assert client.post(f"{ended}?again", data=form).status_code == 404
    assert here.dump() == before


def dead_tokens(here: Place) -> dict[str, str]:
    """A token of every kind that opens nothing."""
    with here.office.store.write() as db:
        revoked = doors.give(db, "ba-lang", "desk", NOW)
        doors.revoke(db, "ba-lang", "desk", NOW)
        expired = doors.give(db, "bhxh", "desk", NOW, NOW + timedelta(days=1))
    here.pass_(timedelta(days=2))
    keys = here.office.settings.keys
    good = keys.token("desk", expired, "bhxh")
    return {
        "unknown": keys.token("desk", "AAAAAAAAAAA", "ba-lang"), "revoked": keys.token("desk", revoked, "ba-lang"),
        "expired": good, "forged": good[:-1] + ("A" if good[-1] != "A" else "B"), "of no key": good.replace("t1.k1", "t1.k9"),
    }


def test_l11_every_token_that_opens_nothing_is_answered_alike_and_as_fast(here: Place, client: Visitor) -> None:
    dead = dead_tokens(here)
    answers = {(client.get(f"/t/{token}").text, str(client.get(f"/t/{token}").headers)) for token in dead.values()}
    assert len(answers) == 1
    front, took = here.app.state.front, {name: list[float]() for name in dead}
    for _ in range(400):  # 2,000 tries over five kinds, taken in turn so that the machine's weather is everybody's
        for name, token in dead.items():
            began = perf_counter()
            assert front.opened(token, here.clock.now()) is None
            took[name].append(perf_counter() - began)
    medians = [median(times) for times in took.values()]
    assert max(medians) - min(medians) < 0.001


def test_l12_a_token_opens_what_it_is_for_and_nothing_else(here: Place, client: Visitor) -> None:
    with here.office.store.write() as db:
        page = doors.give(db, "ct", "page", NOW, NOW + timedelta(days=1))
    keys = here.office.settings.keys
    client.post("/login", data={"mail": LEADER})
    tokens: dict[str, str] = {
        "t": here.token(), "l": keys.token("page", page, "ct"), "u": keys.token("unsubscribe", page, "ct"),
        "login": here.letters()[0].rpartition("/")[2], "bounce": keys.token("bounce", page, "ct"),
    }
    tried = [(name, path, token) for name, token in tokens.items() for path in ("t", "l", "u", "login")]
    opened = {(name, path) for name, path, token in tried if client.get(f"/{path}/{token}").status_code == 200}
    assert opened == {(name, name) for name in ("t", "l", "u", "login")}


def test_l29_reports_are_stopped_in_one_press_and_nothing_else_is(here: Place) -> None:
    with here.office.store.write() as db:
        page = doors.give(db, "ct", "page", NOW, NOW + timedelta(days=1))
    path = f"/u/{here.office.settings.keys.token('unsubscribe', page, 'ct')}"
    with here.visitor() as mailer:
        before = here.dump()
        for _ in range(3):
            assert mailer.get(path).status_code == 200
        for form in ({}, {"List-Unsubscribe": "Two"}, {"List-Unsubscribe": "One-Click", "kind": "done"}, {"kind": "done", "step": "send"}):
            assert mailer.post(path, data=form).status_code == 400
        assert here.dump() == before
        assert mailer.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert [row.code for row in here.ask("SELECT a.code FROM quiet q JOIN agencies a ON a.id = q.agency")] == ["ct"]
        assert "Đã thôi gửi thư báo cáo" in words(mailer.get(path).text)
        mailer.post(path, data={"reports": "again"})
        assert here.dump() == before


def test_reports_that_were_stopped_do_not_come(here: Place) -> None:
    read = "SELECT count(*) AS n FROM notices n JOIN agencies a ON a.id = n.recipient WHERE n.lane = 'report' AND a.code = 'ct'"
    with here.office.store.write() as db:
        reporting.let_come(db, roster.row_of(db, "ct"), False, NOW)
    here.office.aggregate(NOW + timedelta(days=30))
    assert here.ask(read)[0].n == 0
    with here.office.store.write() as db:
        reporting.let_come(db, roster.row_of(db, "ct"), True, NOW)
    here.office.aggregate(NOW + timedelta(days=60))
    assert here.ask(read)[0].n == 1


def test_l23_a_link_in_a_letter_stands_under_the_configured_host_whatever_was_asked(here: Place, client: Visitor) -> None:
    headers = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "http", "forwarded": "host=evil.example"}
    client.post("/login", data={"mail": LEADER}, headers=headers)
    assert here.letters()[0].startswith(f"{HOST}/login/")
    assert client.get("/login", headers={"host": "evil.example"}).status_code == 400


def test_l02_opens_go_to_the_log_alone_and_scanners_are_named(here: Place, client: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="web.visit")
    token = here.token()
    for agent in ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0", "Mozilla/5.0 BarracudaCentral", ""):
        client.get(f"/t/{token}", headers={"user-agent": agent})
    who = parts(token).link_id
    assert caplog.messages == [f"{by} đã mở đường dẫn {who}" for by in ("trình duyệt", "máy quét", "máy quét")]
    assert "t1." not in caplog.text


def test_l22_whoever_guesses_at_logins_is_slowed_down_and_a_good_link_from_there_opens(here: Place, client: Visitor) -> None:
    client.post("/login", data={"mail": LEADER})
    good, desk = here.path(here.letters()[0]), f"/t/{here.token()}"
    codes = [client.get(f"/login/t1.k1.AAAAAAAAAAA.{number:024}").status_code for number in range(MOST_GUESSES + 5)]
    assert codes == [404] * MOST_GUESSES + [429] * 5
    assert [client.get(path).status_code for path in (good, desk)] == [200, 200]


def test_the_ways_in_are_the_same_on_postgresql(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    store = on_postgres(request)
    with place(tmp_path, database=store.url.render_as_string(hide_password=False), again=True) as here, here.visitor() as client:
        here.logged_in(client, LEADER)
        assert client.get("/home/1").status_code == 200
        client.post("/logout", data={**hidden(client.get("/home").text), "where": "all"})
        assert client.get("/home").status_code == 303
        desk, _, child = passed_on(here, client)
        client.post(f"{desk}?again", data={"again": "yes"})
        assert here.path(here.letters()[-1]) == desk
        which = re.findall(r'name="which" value="([^"]+)"', client.get(f"{desk}/passed").text)[0]
        client.post(f"{desk}/passed", data={"which": which, "name": "Người trực"})
        assert [client.get(path).status_code for path in (desk, child)] == [200, 404]
        with here.office.store.write() as db:
            page = doors.give(db, "ct", "page", NOW, NOW + timedelta(days=1))
        path = f"/u/{here.office.settings.keys.token('unsubscribe', page, 'ct')}"
        for form in ({"List-Unsubscribe": "One-Click"}, {"List-Unsubscribe": "One-Click"}, {"reports": "again"}):
            assert client.post(path, data=form).status_code == 200
    store.close()


def test_a_deputy_decides_in_his_days_and_not_after(here: Place, client: Visitor) -> None:
    day = NOW.date()
    deputies.appoint(here.office.store, "ct", "pct-vx", since=day, until=day + timedelta(days=1), by="Văn phòng", now=NOW)
    here.logged_in(client, "pct.vx@cairang.example")
    house, [row] = here.app.state.front, here.ask("SELECT id FROM sessions")
    assert house.session(row.id, NOW).decides == {1}
    assert client.get("/home/1").status_code == 200
    with here.office.store.write() as db:
        db.exec_driver_sql("UPDATE sessions SET began_at = began_at + 172800")
    later = house.session(row.id, NOW + timedelta(days=2))
    assert later is None or not later.may("decide", 1)


def test_w112_a_letter_that_waits_too_long_and_a_ledger_that_takes_nothing_are_told_by_name(here: Place, client: Visitor) -> None:
    def told() -> tuple[int, set[str]]:
        answer = client.get("/readyz")
        assert client.get("/livez").status_code == 200
        return answer.status_code, {name for name, words in answer.json().items() if words}

    with here.office.store.write() as db:
        db.exec_driver_sql("UPDATE notices SET state = 'superseded' WHERE state = 'queued'")
    assert told() == (200, set())
    client.post("/login", data={"mail": LEADER})
    assert told() == (200, set())
    here.pass_(timedelta(minutes=61))
    assert told() == (503, {"letters"})
    engine = here.office.store.engine
    event.listen(engine, "begin", _closed)
    assert told() == (503, {"ledger"})
    event.remove(engine, "begin", _closed)
    assert told() == (503, {"letters"})


def _closed(db: Connection) -> None:
    """What a ledger that is for reading only says."""
    raise OperationalError("BEGIN IMMEDIATE", None, Exception("attempt to write a readonly database"))
