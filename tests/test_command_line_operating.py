"""`mail`, `db`, `config`, `doctor`: letters sent and seen, a ledger that agrees with itself, settings and what is wrong with them."""

from __future__ import annotations

import email
import json
import sqlite3
import stat
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from config.settings import load
from notifications.sink import Sink
from tasks.ledger import breaker, endpoints, parcels
from tasks.ledger.outbox import LedgerOutbox
from tasks.letters import Outcome
from tests import command_line
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.sample import at

dondoc = command_line.dondoc
MONDAY = at("2026-03-02", "09:00")


@pytest.fixture
def sink(dondoc: Terminal, tmp_path: Path) -> Iterator[Sink]:
    """A mail server on this machine, which the project uses."""
    with Sink(tmp_path / "mail") as server:
        dondoc.write(".env", f"DONDOC_SMTP_PORT={server.port}\nDONDOC_SMTP_TLS=plain\nDONDOC_MAIL_FROM=vanthu@xa.example\n")
        yield server


@pytest.fixture
def issued(dondoc: Terminal) -> Terminal:
    """The sample directive, issued."""
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    return dondoc


def plain(letter: EmailMessage) -> str:
    """The text that every mail program can show."""
    part = letter.get_body(("plain",))
    assert part
    return str(part.get_content())


def fail(dondoc: Terminal) -> int:
    """Every letter that waits is refused; returns the number of one."""
    with dondoc.office() as office:
        outbox = LedgerOutbox(office.store, office.calendar, "xa.example")
        claimed = outbox.claim("new", MONDAY, 50)
        outbox.record([Outcome(notice_id=n.id, lease=n.lease, state="failed", code=550, reply="5.7.1 không nhận") for n in claimed], MONDAY)
    return claimed[0].id


# mail

def test_one_letter_is_sent_for_a_trial(dondoc: Terminal, sink: Sink) -> None:
    ended = dondoc("mail", "test", "thondong@xa.example")
    assert ended.code == 0
    assert "127.0.0.1 đã nhận thư gửi thondong@xa.example: 250 2.0.0 kept" in ended.out
    [received] = sink.received
    letter = email.message_from_bytes(received.path.read_bytes(), policy=default)
    assert received.recipient == "thondong@xa.example"
    assert letter["Subject"] == "Thư thử của dondoc"
    assert "gửi lúc 08:00 T2 02/03/2026" in plain(letter)


def test_a_mail_server_that_is_away_is_to_be_tried_later(dondoc: Terminal) -> None:
    dondoc.write(".env", "DONDOC_SMTP_PORT=1\nDONDOC_SMTP_TLS=plain\n")
    ended = dondoc("mail", "test", "thondong@xa.example")
    assert (ended.code, "không nối được 127.0.0.1:1" in ended.err) == (75, True)


def test_letters_are_previewed_as_they_would_be_sent(issued: Terminal, tmp_path: Path) -> None:
    assert issued("mail", "preview", NUMBER, "thon-dong", "-o", str(tmp_path / "xem")).code == 0
    files = sorted((tmp_path / "xem").iterdir())
    assert [path.suffix for path in files] == [".eml", ".html", ".txt"]
    letter = email.message_from_bytes(files[0].read_bytes(), policy=default)
    assert letter["To"].addresses[0].addr_spec == "thondong@xa.example"
    assert "Danh sách người chưa tham gia BHYT" in letter["Subject"] or "01/UBND-VX" in letter["Subject"]
    assert plain(letter).split() == files[2].read_text(encoding="utf-8").split()


def test_a_preview_shows_the_letter_and_sends_nothing(issued: Terminal) -> None:
    before = issued.json("mail", "list")
    ended = issued("mail", "preview", NUMBER, "tram-y-te")
    assert ended.out.startswith("Tới: Trạm Y tế xã <tramyte@xa.example>\nVề việc: ")
    assert "http://127.0.0.1:8020/t/t1." in ended.out
    assert issued.json("mail", "list") == before


def test_the_link_in_a_preview_of_a_letter_that_has_none_yet_opens_nothing(issued: Terminal) -> None:
    issued("link", "thon-dong", "--revoke")
    assert "/t/t1.k1.-----------." in issued("mail", "preview", NUMBER, "thon-dong").out
    assert issued("link", "thon-dong", "--revoke").err == "thon-dong không có đường dẫn nào đang dùng.\n"


def test_letters_that_failed_are_listed_with_the_relays_words_and_sent_again(issued: Terminal) -> None:
    assert issued.json("mail", "list", "--failed")["letters"] == []
    number = fail(issued)
    shown = issued("mail", "list", "--failed").out
    assert "hỏng: 550 5.7.1 không nhận" in shown
    assert issued("mail", "retry", str(number)).code == 0
    states = {letter["id"]: letter["state"] for letter in issued.json("mail", "list")["letters"]}
    assert states[number] == "queued"
    assert sorted(states.values()) == ["failed"] * 4 + ["queued"]
    assert issued("mail", "retry", str(number)).code == 1


# db

def test_a_ledger_that_agrees_with_itself_passes(issued: Terminal) -> None:
    ended = issued("db", "check")
    assert (ended.code, ended.err) == (0, "Sổ đúng: 1 văn bản, 4 sự kiện nối liền nhau.\n")
    assert issued.json("db", "check")["sizes"]["directives"] == 1


@pytest.mark.parametrize(("change", "said"), [
    pytest.param("UPDATE events SET payload = '{}' WHERE seq = 2", "01/UBND-VX: chuỗi sự kiện đứt ở sự kiện 2", id="an event was changed"),
    pytest.param("DELETE FROM events WHERE seq = 3", "chuỗi sự kiện đứt ở sự kiện 3", id="an event was taken out"),
    pytest.param("UPDATE tasks SET agency = 999 WHERE id = 1", "việc không có đơn vị: 1", id="a task points nowhere"),
])
def test_a_ledger_that_was_tampered_with_is_found_out(issued: Terminal, change: str, said: str) -> None:
    with sqlite3.connect(issued.home / ".dondoc" / "ledger.sqlite") as db:
        db.execute(change)
    db.close()
    ended = issued("db", "check")
    assert (ended.code, said in ended.out) == (1, True)
    assert "Traceback" not in ended.err


def test_a_ledger_of_a_newer_program_is_refused(issued: Terminal) -> None:
    with sqlite3.connect(issued.home / ".dondoc" / "ledger.sqlite") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    for tokens in (("db", "check"), ("status",), ("db", "upgrade")):
        ended = issued(*tokens)
        assert (ended.code, "9999" in ended.err or "bản dondoc mới hơn" in ended.err) == (1, True)


def test_the_ledger_is_made_by_hand_where_one_wants_to(dondoc: Terminal) -> None:
    assert dondoc("db", "upgrade").code == 0
    assert (dondoc.home / ".dondoc" / "ledger.sqlite").exists()
    assert dondoc("db", "upgrade").code == 0


# config

def test_each_setting_tells_where_it_comes_from(dondoc: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    dondoc.write(".env", "DONDOC_SMTP_USER=vanthu\nDONDOC_SMTP_PORT=587\n")
    monkeypatch.setenv("DONDOC_SMTP_PORT", "465")
    found = {each["name"]: (each["value"], each["source"]) for each in dondoc.json("config", "view")["settings"]}
    assert found["smtp_port"] == ("465", "môi trường")
    assert found["smtp_user"] == ("vanthu", ".env")
    assert found["mail_from_name"] == ("Theo dõi, đôn đốc", "dondoc.toml")
    assert found["grace"] == ("1", "mặc định")
    assert "máy chủ thư của cơ quan" in dondoc("config", "view", "--show-sources").out


def test_secrets_are_not_shown(dondoc: Terminal) -> None:
    dondoc.write(".env", "DONDOC_SMTP_PASSWORD=geheim\nDONDOC_DATABASE=postgresql+psycopg://dondoc:geheim@so.example/dondoc\n")
    for tokens in (("config", "view"), ("config", "view", "--show-sources"), ("config", "view", "--json")):
        ended = dondoc(*tokens)
        assert ended.code == 0
        assert "geheim" not in ended.out
    assert "so.example" in ended.out


# doctor

def test_the_doctor_finds_nothing_wrong_where_all_stands(issued: Terminal, sink: Sink) -> None:
    issued.change("dondoc.toml", "http://127.0.0.1:8020", "https://dondoc.xa.example")
    ended = issued("doctor")
    assert ended.code == 0, ended.out
    lines = [line.rstrip() for line in ended.out.splitlines()]
    assert {line[0] for line in lines} == {"✓"}
    assert [line.split("  ")[0][2:].strip() for line in lines] == [
        "Cài đặt", "Văn bản", "Lịch nghỉ", "Đồng hồ", "Sổ", "Máy chủ thư 127.0.0.1:" + f"{sink.port} trả lời (plain)", "Đĩa"
    ]


@pytest.mark.parametrize(("lines", "told"), [
    pytest.param("DONDOC_ZALO_TOKEN_FILE=no", "zalo: thiếu cài đặt zalo_template", id="no template"),
    pytest.param("DONDOC_ZALO_TOKEN_FILE=no\nDONDOC_ZALO_TEMPLATE=7", "zalo: không đọc được no", id="no token"),
    pytest.param("DONDOC_APPRISE_FILE=no", "apprise: không đọc được no", id="no file of addresses"),
])
@pytest.mark.usefixtures("sink")
def test_the_doctor_names_a_way_that_leads_nowhere(issued: Terminal, lines: str, told: str) -> None:
    issued.write(".env", lines)
    found = issued("doctor", "--json").json["found"]
    assert ("Kênh khác", "wrong", told) in {(each["what"], each["level"], each["words"]) for each in found}


@pytest.mark.usefixtures("sink")
def test_the_doctor_names_an_endpoint_that_was_ended_and_a_way_that_fails(issued: Terminal) -> None:
    with issued.office() as office, office.store.write() as db:
        for why in ("failing", "operator"):
            endpoints.end(db, endpoints.make(db, f"https://{why}.example/", (), MONDAY), why, MONDAY)
        parcels.put(db, [{"channel": "zalo", "endpoint": 0, "key": "1", "address": "84912345678", "body": "[]"}], MONDAY)
        [parcel] = parcels.waiting(db, MONDAY, 9)
        parcels.missed(db, parcel, (-124, "Zalo trả lời mã -124"), None)
    found = [each["words"] for each in issued("doctor", "--json").json["found"] if each["what"] == "Kênh khác"]
    assert found == ["webhook số 1 đã ngừng; xem: dondoc webhooks list", "zalo: 1 tin chưa tới; lần gần nhất: Zalo trả lời mã -124"]


@pytest.mark.parametrize(("name", "text", "what"), [
    pytest.param(".env", "DONDOC_SMTP_PORT=1\nDONDOC_SMTP_TLS=plain\n", "Máy chủ thư", id="the mail server is away"),
    pytest.param("directives/bad.yaml", "title: Thử\n", "Văn bản", id="a directive has errors"),
    pytest.param("config/calendar.yaml", "off: [32/1/2026]\n", "Lịch nghỉ", id="the calendar cannot be read"),
])
@pytest.mark.usefixtures("sink")
def test_the_doctor_names_what_is_wrong(issued: Terminal, name: str, text: str, what: str) -> None:
    issued.write(name, text)
    ended = issued("doctor", "--json")
    assert ended.code == 1
    assert (what, "wrong") in {(each["what"], each["level"]) for each in ended.json["found"]}


@pytest.mark.parametrize("env", [
    "DONDOC_SMTP_HOST=thu.example\nDONDOC_SMTP_TLS=plain", "DONDOC_MAIL_FROM=vanthu", "DONDOC_SMTP_PASSWORD_FILE=x",
])
def test_a_round_with_broken_mail_settings_says_so_and_leaves_letters_queued(issued: Terminal, env: str) -> None:
    issued.write(".env", env)
    ended = issued("run", "--once", at=MONDAY)
    assert (ended.code, ended.err.startswith("lỗi: ")) == (2, True)
    issued.write(".env", "")
    assert [letter["state"] for letter in issued.json("mail", "list")["letters"]] == ["queued"] * 5


@pytest.mark.parametrize("command", [("link", "thon-dong"), ("run", "--once"), ("doctor",)])
def test_spoilt_keys_are_named(issued: Terminal, sink: Sink, command: tuple[str, ...]) -> None:
    issued.write(".dondoc/keys", "khóa\n")
    ended = issued(*command, at=MONDAY)
    assert ended.code == 1
    assert "khôi phục từ bản sao lưu" in " ".join((ended.out + ended.err).split())
    assert not sink.received


def test_the_doctor_looks_at_a_folder_that_is_not_there(dondoc: Terminal) -> None:
    assert dondoc("--home", str(dondoc.home / "nowhere"), "doctor").code == 1


@pytest.mark.parametrize(("when", "level"), [
    pytest.param("2026-03-02", "fine", id="this year is known"),
    pytest.param("2026-12-01", "warning", id="in December the next year is wanted"),
    pytest.param("2029-02-01", "warning", id="a year that nobody decided"),
])
def test_the_doctor_asks_for_the_decision_on_days_off(dondoc: Terminal, when: str, level: str) -> None:
    ended = dondoc("doctor", "--json", at=at(when))
    assert level in [each["level"] for each in ended.json["found"] if each["what"] == "Lịch nghỉ"]


def test_days_off_of_a_year_are_known_once_the_office_has_entered_them(dondoc: Terminal) -> None:
    dondoc.write("config/calendar.yaml", "off:\n  2/1/2029: Nghỉ theo quyết định\n")
    found = dondoc("doctor", "--json", at=at("2029-02-01")).json["found"]
    assert ("Lịch nghỉ", "fine") in {(each["what"], each["level"]) for each in found}


def test_the_doctor_sees_failed_letters_and_a_clock_that_went_back(issued: Terminal) -> None:
    fail(issued)
    found = [each["words"] for each in json.loads(issued("doctor", "--json", at=at("2026-03-01")).out)["found"]]
    assert "5 thư hỏng; xem: dondoc mail list --failed" in found
    assert any("đồng hồ chạy lùi" in words for words in found)


def test_who_has_no_address_is_named(dondoc: Terminal) -> None:
    dondoc.change("config/agencies/don-vi.yaml", ", in: ubnd-xa, mail: tramyte@xa.example", "")
    found = [each["words"] for each in dondoc("doctor", "--json").json["found"]]
    assert "1 đơn vị chưa có địa chỉ thư: Trạm Y tế xã" in found
    assert load(dondoc.home).home == dondoc.home


def test_letters_that_a_run_was_not_expected_to_need_are_let_go(issued: Terminal) -> None:
    assert "Không có thư nào đang giữ" in issued("release").err
    with issued.office() as office, office.store.write() as ledger:
        breaker.hold(ledger, MONDAY, 900, 12)
    assert "cần gửi 900 thư, dự kiến chỉ 12" in issued("status").out.replace("\n", " ")
    assert "dondoc release" in issued("doctor").out
    assert issued("release").code == 0
    assert "cần gửi 900" not in issued("status").out


def test_a_key_is_rotated_and_dropped_and_never_the_one_that_signs(issued: Terminal) -> None:
    assert issued("keys").out == "k1\n"
    assert issued("keys", "--rotate").out == "k2\nk1\n"
    assert issued("keys", "--drop", "k2").code == 2
    assert issued("keys", "--drop", "k1").out == "k2\n"
    assert issued("keys", "--drop", "k1").code == 2
    assert stat.S_IMODE((issued.home / ".dondoc" / "keys").stat().st_mode) == 0o600
