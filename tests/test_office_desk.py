"""The issuer's desk over HTTP: who may see it, what it shows, and that each act is recorded once, by the same rules as the commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import text

from config import vault
from dondoc.answering import Answer
from dondoc.main import COMMANDS
from tasks.ledger import acts, prompting, replying, trays
from tasks.ledger.prompting import Prompt
from tasks.ledger.receiving import Arrival
from tasks.ledger.replying import Answer as Mail
from tasks.ledger.roster import row_of
from tasks.sayings import Saying
from tasks.states import DECISIONS as VERBS
from tasks.values import Act, Said
from tests.counter import Visitor, hidden, words
from tests.desk_office import LEADER, NOW, Place, place
from web.office import decisions, many, orders, papers, post

WHO = {"name": "Người trực", "role": "Văn thư"}
SAID = Said(name="Người trả lời", role="Công chức")
CALL = {"via": "phone", "ref": "9h20", "by": "Phó Chủ tịch"}
UNTIL = {"until-day": "30", "until-month": "12", "until-year": "2020"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path) as found:
        with found.office.store.write() as db:  # one duty whose claims wait for the issuer
            db.execute(text("UPDATE duties SET confirm = TRUE WHERE clause = '6.4'"))
        yield found


@pytest.fixture
def clerk(office: Place) -> Iterator[Visitor]:
    with office.visitor() as visitor:
        office.logged_in(visitor)
        yield visitor


def press(visitor: Visitor, path: str, fields: dict[str, str], times: int = 1) -> str:
    """The text of the receipt after check and "Ghi", pressed so many times."""
    form = visitor.get(path)
    check = visitor.post(path, data={**hidden(form.text), **fields, "step": "check"})
    assert check.status_code == 200, words(check.text)
    assert "Chưa có gì được ghi" in words(check.text)
    for _ in range(times):
        answer = visitor.post(path, data={**hidden(check.text), "step": "send"})
    return words(answer.text)


def task(office: Place, where: str = "k.due_at IS NOT NULL AND u.indicator = '' AND u.confirm") -> int:
    """A task of which something holds."""
    query = f"SELECT k.id FROM tasks k JOIN duties u ON u.id = k.duty WHERE k.closed_at IS NULL AND {where} ORDER BY k.id LIMIT 1"
    return int(office.ask(query)[0].id)


def events(office: Place, of: int) -> list[str]:
    return [row.kind for row in office.ask("SELECT kind FROM events WHERE task = :task ORDER BY seq", task=of)]


def say(office: Place, of: int, kind: str, **more: Any) -> None:
    """The agency says something of its task by its own link."""
    [row] = office.ask("SELECT a.code FROM tasks k JOIN agencies a ON a.id = k.agency WHERE k.id = :task", task=of)
    said = Act(kind=kind, task=of, said=SAID, key=f"test:{of}:{kind}", by=row.code, **more)  # type: ignore[arg-type]
    assert not acts.act(office.office.store, said, office.office.calendar, NOW).refusal


def test_nobody_else_has_a_desk(office: Place) -> None:
    with office.visitor() as stranger:
        away = stranger.get("/office/tasks/1")
        assert (away.status_code, away.headers["location"]) == (303, "/login?next=/office/tasks/1")
    with office.visitor() as reader:
        office.logged_in(reader)
        with office.office.store.write() as db:  # from now on the paper is another's
            db.execute(text("UPDATE directives SET issuer = (SELECT id FROM agencies WHERE code = 'bhxh')"))
        assert [reader.get(path).status_code for path in ("/office", "/office/papers/1", "/office/tasks/1")] in ([404] * 3, [303] * 3)


def test_agencies_are_found_however_their_names_are_typed(clerk: Visitor) -> None:
    known = len(re.findall(r"/office/agencies/[\w.-]+", clerk.get("/office/agencies").text))
    found = {len(re.findall(r"/office/agencies/[\w.-]+", clerk.get("/office/agencies", params={"q": typed}).text)) for typed in PHRASES}
    assert len(found) == 1
    assert 0 < found.pop() < known


def test_a_nul_makes_a_wrong_address_and_says_nothing_in_a_query(clerk: Visitor) -> None:
    asked = [clerk.get(f"/office/agencies?q=UBND{nul}%20ph") for nul in ("", "%00")]
    others = [clerk.get(address) for address in ("/home/1/rows?cell=late%00&agency=%00", "/office%00/agencies")]
    assert [each.status_code for each in (*asked, *others)] == [200, 200, 200, 404]
    assert words(asked[0].text) == words(asked[1].text)


PHRASES = ("Ủy ban nhân dân phường", "ủy ban nhân dân phường", "UBND phường", "uy ban nhan dan phuong")


def test_an_agency_with_hundreds_of_open_tasks_is_shown_with_all_of_them(office: Place, clerk: Visitor) -> None:
    with office.office.store.write() as db:
        task = db.execute(text("SELECT k.* FROM tasks k JOIN agencies a ON a.id = k.agency AND a.code = 'bhxh' LIMIT 1")).one()._mapping
        term = db.execute(text("SELECT * FROM terms WHERE duty = :duty AND term = :term"), dict(task)).one()._mapping
        for n in range(150):
            for table, row in (("terms", {**term, "term": f"kỳ {n}"}), ("tasks", {**task, "id": 10_000 + n, "term": f"kỳ {n}"})):
                names, values = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
                db.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
    [owed] = office.ask("""
        SELECT count(*) AS n FROM tasks k JOIN agencies a ON a.id = k.agency WHERE a.code = 'bhxh' AND k.closed_at IS NULL""")
    number = reply(office, Saying(kind="progress", note="đang làm"))
    for page in ("/office/agencies/bhxh", f"/office/replies/{number}/accept"):
        assert len(set(re.findall(r'(?:/office/tasks/|name="task" value=")(\d+)', clerk.get(page).text))) == owed.n > 150, page


def test_papers_of_other_issuers_are_not_on_the_desk(office: Place, clerk: Visitor) -> None:
    with office.office.store.write() as db:
        row = db.execute(text("SELECT * FROM directives")).one()._mapping
        columns = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join(f":{name}" for name in row)
        theirs = db.execute(text("SELECT id FROM agencies WHERE code = 'bhxh'")).scalar_one()
        db.execute(text(f"INSERT INTO directives ({columns}) VALUES ({marks})"), {**row, "id": 77, "number": "9/BHXH", "issuer": theirs})
    assert "9/BHXH" not in clerk.get("/office").text
    pages = ["papers/77", "papers/77/tasks", "papers/77/plan", "papers/77/withdraw", "papers/77/letters/hold", "evidence/77/1/" + "a" * 64]
    assert [clerk.get(f"/office/{page}").status_code for page in pages] == [404] * len(pages)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_of_the_desk_opens_and_writes_nothing(office: Place, clerk: Visitor, lang: str) -> None:
    before = office.dump()
    for page in PAGES:
        answer = clerk.get(f"/office{page}{'&' if '?' in page else '?'}lang={lang}")
        assert answer.status_code == 200, page
    assert office.dump() == before


def test_the_plan_says_when_what_is_due_and_leads_back(clerk: Visitor) -> None:
    page = clerk.get("/office/papers/1/plan").text
    said = ["thường xuyên", "mỗi tuần, 18 kỳ", "4 mốc", "30/6: 85% · 30/9: 89%", "Phòng GDĐT ▸ 10 đơn vị", "ngày làm việc cuối 22/5"]
    assert [words for words in said if words not in page] == []
    assert '<a href="/office/papers/1">898/UBND ngày 18/5/2020</a>' in page


def test_a_letter_on_a_page_breaks_its_lines_where_it_was_written_to() -> None:
    long = "Ủy ban nhân dân quận giao Phòng Giáo dục và Đào tạo quận tại văn bản này việc"
    sent = f"Văn bản\n{'=' * 78}\n\n{long}\nsau đây.\n\nViệc: 2\nHạn: 30/9\n"
    assert post.flowing(sent) == f"Văn bản\n\n{long} sau đây.\n\nViệc: 2\nHạn: 30/9"


PAGES = [
    "", "?q=bhyt", "?after=²", "?late=yes",
    *(f"/waiting/{tray}" for tray in get_args(trays.Tray)), "/papers/1", "/papers/1/plan", "/papers/1/withdraw",
    *(f"/papers/1/tasks?which={which}" for which in papers.WHICH), *(f"/papers/1/letters/{verb}" for verb in orders.LETTERS), "/tasks/1",
    *(f"/tasks/1/decide/{kind}" for kind in decisions.DECISIONS), *(f"/tasks/1/answer/{kind}" for kind in decisions.ANSWERS),
    "/letters", "/letters/1", "/letters/1/view", "/letters/1/text", "/letters/1/eml", "/agencies", "/agencies?q=bhxh", "/agencies/bhxh",
    *(f"/letters/1/settle/{kind}" for kind in post.SETTLED),
]  # fmt: skip


NOWHERE = [
    "/tasks/x", "/tasks/1/decide/void", "/tasks/1/answer/undo", "/waiting/all", "/letters/0", "/agencies/nobody", "/papers/1/letters/burn",
    "/papers/1/tasks?after=x-y", f"/papers/1/tasks?after=1-{'9' * 30}", f"/waiting/confirm?after={'9' * 30}-1",
    "/replies/1/accept", "/letters/1/settle/burn",
]  # fmt: skip


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_not_there_is_not_found(clerk: Visitor, path: str) -> None:
    assert clerk.get(f"/office{path}").status_code == 404


PREPARED: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "confirm": (("done", {"document": "1/BC"}),), "reject": (("done", {"document": "1/BC"}),),
    "grant": (("extend", {"until": NOW.date().replace(month=11), "note": "mưa bão"}),),
    "refuse": (("extend", {"until": NOW.date().replace(month=11), "note": "mưa bão"}),), "keep": (("return", {"note": "không phải việc"}),),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(VERBS))
def test_each_decision_is_made_once_however_often_it_is_pressed(office: Place, clerk: Visitor, kind: str) -> None:
    of = task(office)
    for said, more in PREPARED.get(kind, ()):
        say(office, of, said, **more)
    if kind in ("resume", "reopen"):
        press(clerk, f"/office/tasks/{of}/decide/{'pause' if kind == 'resume' else 'close'}", {**UNTIL, "note": "chờ", **WHO})
    assert f"/decide/{kind}" in clerk.get(f"/office/tasks/{of}").text
    fields = {"note": "theo chỉ đạo", **WHO} | (UNTIL if kind in ("grant", "postpone", "pause") else {})
    fields |= {"to": str(office.ask(OTHER, task=of)[0].code)} if kind == "reassign" else {}
    receipt = press(clerk, f"/office/tasks/{of}/decide/{kind}", fields, times=2)
    assert "Đã ghi" in receipt
    assert events(office, of).count(kind) == 1
    history = words(clerk.get(f"/office/tasks/{of}").text)
    assert "“theo chỉ đạo”" in history
    assert "Người trực, Văn thư" in history


OTHER = """
SELECT a.code FROM agencies a, tasks k JOIN tasks o ON o.duty <> k.duty
 WHERE k.id = :task AND a.id = o.agency
   AND NOT EXISTS (SELECT 1 FROM tasks x WHERE x.duty = k.duty AND (x.agency = a.id OR x.unit = a.id))"""


def test_a_decision_without_its_reason_is_sent_back_with_what_was_typed(office: Place, clerk: Visitor) -> None:
    path = f"/office/tasks/{task(office)}/decide/pause"
    form = clerk.get(path)
    answer = clerk.post(path, data={**hidden(form.text), **WHO, **UNTIL, "until-month": "13", "step": "send"})
    assert answer.status_code == 422
    assert '<a href="#until-day">' in answer.text
    assert '<a href="#note">' in answer.text
    assert 'value="13"' in answer.text
    assert "Lỗi:" in answer.text


def test_a_press_from_another_site_decides_nothing(office: Place, clerk: Visitor) -> None:
    of = task(office)
    path, before = f"/office/tasks/{of}/decide/close", office.dump()
    fields = {**hidden(clerk.get(path).text), **WHO, "note": "x", "step": "send"}
    assert clerk.post(path, data={**fields, "word": "other"}).status_code == 403
    assert clerk.post(path, data=fields, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert office.dump() == before


@pytest.mark.parametrize(
    ("kind", "where", "fields"),
    [
        ("received", "u.indicator = ''", {}),
        ("progress", "u.indicator = ''", {"note": "Đã vận động 40 hộ"}),
        ("figure", "u.indicator <> ''", {"figure-numerator": "170", "figure-denominator": "200"}),
        ("done", "u.indicator = ''", {"document": "12/BC ngày 19/5/2020"}),
        ("extend", "u.indicator = '' AND k.due_at IS NOT NULL", {**UNTIL, "note": "mưa bão"}),
    ],
)
def test_an_answer_by_telephone_is_recorded_with_how_it_came(
    office: Place, clerk: Visitor, kind: str, where: str, fields: dict[str, str]
) -> None:
    of = task(office, f"k.state = 'open' AND {where}")
    receipt = press(clerk, f"/office/tasks/{of}/answer/{kind}", {**fields, **CALL}, times=2)
    assert "Đã ghi" in receipt
    [event] = office.ask("SELECT payload FROM events WHERE task = :task AND kind = :kind", task=of, kind=kind)
    assert '"source":"điện thoại 9h20, ghi lại: ' in event.payload
    assert "Nhận qua: điện thoại 9h20" in words(clerk.get(f"/office/tasks/{of}").text)
    assert office.ask("SELECT 1 FROM notices WHERE lane = 'receipt'")


def test_a_figure_is_put_right_with_its_reason(office: Place, clerk: Visitor) -> None:
    of = task(office, "u.indicator <> ''")
    fields = {"figure-numerator": "170", "figure-denominator": "200", "note": "cộng nhầm", **WHO}
    fields |= {"on-day": "19", "on-month": "5", "on-year": "2020"}
    assert "Đã ghi" in press(clerk, f"/office/tasks/{of}/figure", fields, times=2)
    assert len(office.ask("SELECT 1 FROM readings WHERE numerator = 170 AND denominator = 200")) == 1
    [event] = office.ask("SELECT payload FROM events WHERE task = :task AND kind = 'figure'", task=of)
    assert '"note":"cộng nhầm"' in event.payload
    assert clerk.get(f"/office/tasks/{task(office)}/figure").status_code == 404


def test_an_answer_on_paper_needs_the_papers_number(office: Place, clerk: Visitor) -> None:
    path = f"/office/tasks/{task(office)}/answer/progress"
    form = clerk.get(path)
    answer = clerk.post(path, data={**hidden(form.text), **CALL, "note": "x", "via": "paper", "ref": "", "step": "check"})
    assert answer.status_code == 422
    assert "Nhập số và ngày của văn bản giấy" in answer.text


def test_an_agency_that_nobody_knows_takes_nothing_over(office: Place, clerk: Visitor) -> None:
    path = f"/office/tasks/{task(office)}/decide/reassign"
    answer = clerk.post(path, data={**hidden(clerk.get(path).text), **WHO, "to": "ai-do", "step": "check"})
    assert answer.status_code == 422
    assert "Danh bạ không có mã đơn vị “ai-do”" in words(answer.text)
    named = clerk.post(path, data={**hidden(clerk.get(path).text), **WHO, "to": "Phường Hưng Phú", "step": "check"})
    assert "mã của UBND phường Hưng Phú là “hung-phu”" in words(named.text)


def test_evidence_is_saved_and_never_shown_on_the_site(office: Place, clerk: Visitor) -> None:
    file = vault.keep(office.office.settings.data, [b"%PDF-1.7 minh chung"], "báo cáo.pdf")
    of = task(office)
    say(office, of, "done", document="1/BC", files=(file,))
    [href] = re.findall(r'href="(/office/evidence/[^"]+)"', clerk.get(f"/office/tasks/{of}").text)
    answer = clerk.get(href)
    assert (answer.status_code, answer.content) == (200, b"%PDF-1.7 minh chung")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert clerk.get(f"{href[:-1]}{'0' if href[-1] != '0' else '1'}").status_code == 404


def test_what_waits_stands_in_its_tray(office: Place, clerk: Visitor) -> None:
    ids = [row.id for row in office.ask(FREE)]
    say(office, ids[0], "extend", until=NOW.date().replace(month=11), note="mưa bão")
    say(office, ids[1], "return", note="không phải việc")
    claimed = task(office)
    say(office, claimed, "done", document="1/BC")
    press(clerk, f"/office/tasks/{ids[2]}/decide/pause", {**UNTIL, "note": "chờ", **WHO})
    with office.office.store.write() as db:
        db.execute(text("UPDATE agencies SET mail_state = 'bad' WHERE code = 'ba-lang'"))
        db.execute(text("UPDATE notices SET state = 'uncertain' WHERE id = 1"))
    shown = {tray: clerk.get(f"/office/waiting/{tray}").text for tray in get_args(trays.Tray)}
    assert f"/office/tasks/{ids[0]}" in shown["requests"]
    assert "mưa bão" in shown["requests"]
    assert f"/office/tasks/{ids[1]}" in shown["returned"]
    assert "không phải việc" in shown["returned"]
    assert f"/office/tasks/{claimed}" in shown["confirm"]
    assert f"/office/tasks/{ids[2]}" in shown["paused"]
    assert "/office/agencies/ba-lang" in shown["addresses"]
    assert "/office/letters/1" in shown["letters"]
    with office.office.store.read() as db:
        assert trays.sizes(db, [1]) == {
            "confirm": 1, "requests": 1, "returned": 1, "paused": 1, "replies": 0, "letters": 1, "addresses": 1,
        }


def test_the_history_names_who_has_it_in_hand_and_what_a_letter_was_for(office: Place, clerk: Visitor) -> None:
    handed, returned, urged = (row.id for row in office.ask(FREE))
    say(office, handed, "delegate", to="Chuyên viên Văn hóa")
    say(office, returned, "return", note="không phải việc", to="bhxh")
    prompt = Prompt(directive=1, tasks=(urged,), said=SAID, key="urge:1")
    assert prompting.prompt(office.office.store, prompt, office.office.calendar, NOW).tasks == (urged,)
    assert "Người nhận việc: Chuyên viên Văn hóa" in words(clerk.get(f"/office/tasks/{handed}").text)
    assert "Đơn vị nên giao: bhxh" in words(clerk.get(f"/office/tasks/{returned}").text)
    assert "“Công chức”" not in clerk.get(f"/office/tasks/{urged}").text
    assert words(clerk.get("/office/letters").text).count("Thay đổi, đôn đốc, thư số") == 1


FREE = """
SELECT k.id FROM tasks k JOIN duties u ON u.id = k.duty
 WHERE u.indicator = '' AND NOT u.confirm AND k.closed_at IS NULL
 ORDER BY CASE WHEN k.due_at IS NULL THEN 1 ELSE 0 END, k.id LIMIT 3"""


def test_the_link_in_a_letter_is_nowhere_on_the_desk(office: Place, clerk: Visitor) -> None:
    office.letters("new")  # as if they were being sent: their links are given and stand
    given = {row.id for row in office.ask("SELECT id FROM links WHERE purpose = 'desk'")}
    assert given
    for page in ("", "/view", "/text", "/eml"):
        answer = clerk.get(f"/office/letters/1{page}")
        assert answer.status_code == 200
        assert not [link for link in given if link in answer.text]
        assert not re.search(rf"{office.base}/[tlu]/\w", answer.text)
    view = clerk.get("/office/letters/1/view")
    assert "sandbox" in view.headers["content-security-policy"].split("; ")
    assert "allow-" not in view.headers["content-security-policy"]
    eml = clerk.get("/office/letters/1/eml")
    assert eml.headers["content-type"] == "message/rfc822"
    assert eml.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(("kind", "state"), [("arrived", "sent"), ("lost", "queued")])
def test_a_letter_in_doubt_is_settled_once(office: Place, clerk: Visitor, kind: str, state: str) -> None:
    with office.office.store.write() as db:
        db.execute(text("UPDATE notices SET state = 'uncertain' WHERE id = 1"))
    assert "Đã ghi về thư số 1" in press(clerk, f"/office/letters/1/settle/{kind}", {**WHO, "note": "đã gọi hỏi"})
    assert [row.state for row in office.ask("SELECT state FROM notices WHERE id = 1")] == [state]
    assert "có thể đã được ghi trước đó" in press(clerk, f"/office/letters/1/settle/{kind}", {**WHO, "note": "đã gọi hỏi"})
    assert len(office.ask("SELECT 1 FROM events WHERE kind = :kind", kind=f"letter {kind}")) == 1


def test_a_clause_is_withdrawn_once_and_nobody_is_told_twice(office: Place, clerk: Visitor) -> None:
    [clause] = office.ask("SELECT clause FROM duties WHERE force <> 'note' ORDER BY position LIMIT 1")
    fields = {**WHO, "note": "trùng văn bản khác", "clause": clause.clause}
    path = "/office/papers/1/withdraw"
    check = clerk.post(path, data={**hidden(clerk.get(path).text), **fields, "step": "check"})
    first = clerk.post(path, data={**hidden(check.text), "step": "send"})
    assert "Đã thu hồi, báo cho" in words(first.text)
    assert office.ask("SELECT 1 FROM events WHERE kind = 'withdrawn'")
    before = office.dump()
    assert "Đã thu hồi từ trước" in words(clerk.post(path, data={**hidden(check.text), "step": "send"}).text)
    assert office.dump() == before


def test_letters_are_held_let_go_and_called_off(office: Place, clerk: Visitor) -> None:
    assert "Giữ lại" in press(clerk, "/office/papers/1/letters/hold", {**WHO, "note": "chờ ý kiến"}, times=2)
    assert len(office.ask("SELECT 1 FROM orders WHERE verb = 'pause' AND ended_at IS NULL")) == 1
    assert "chờ ý kiến" in words(clerk.get("/office").text)
    assert "thư đi tiếp" in press(clerk, "/office/papers/1/letters/resume", WHO)
    assert "Không có lệnh giữ thư nào" in press(clerk, "/office/papers/1/letters/resume", WHO)
    assert "Thôi gửi" in press(clerk, "/office/papers/1/letters/cancel", {**WHO, "note": "nhầm"})
    kinds = {row.kind for row in office.ask("SELECT kind FROM events")}
    assert {"letters paused", "letters resumed", "letters cancelled"} <= kinds


def test_held_letters_are_let_go_by_who_says_who_he_is(office: Place, clerk: Visitor) -> None:
    with office.office.store.write() as db:
        db.execute(text("INSERT INTO stops (at, wanted, expected) VALUES (1, 5000, 20)"))
    assert "/office/release" in clerk.get("/office").text
    assert "trong giờ gửi thư" in press(clerk, "/office/release", WHO)
    assert [row.released_by for row in office.ask("SELECT released_by FROM stops")] == ["Người trực, Văn thư"]
    assert clerk.get("/office/release").status_code == 303


def test_a_desk_lets_go_nothing_that_speaks_of_anothers_paper_or_waits_for_the_clock(office: Place, clerk: Visitor) -> None:
    with office.office.store.write() as db:
        row = db.execute(text("SELECT * FROM directives")).one()._mapping
        columns, marks = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
        theirs = db.execute(text("SELECT id FROM agencies WHERE code = 'bhxh'")).scalar_one()
        db.execute(text(f"INSERT INTO directives ({columns}) VALUES ({marks})"), {**row, "id": 77, "number": "9/BHXH", "issuer": theirs})
        db.execute(text("INSERT INTO stops (at, wanted, expected) VALUES (1, 5000, 20)"))
        for task, paper in ((1, 1), (2, 77)):
            of = {"task": task, "paper": paper, "key": f"digest:2020-05-20:{task}"}
            db.execute(text("UPDATE tasks SET directive = :paper WHERE id = :task"), of)
            db.execute(text("""
                INSERT INTO notices (key, recipient, lane, day, not_before, state)
                VALUES (:key, :task, 'digest', '2020-05-20', 0, 'gathering')"""), of)
            db.execute(text("""
                INSERT INTO notice_items (task, rung, due_version, recipient, notice, after)
                SELECT :task, 1, 1, recipient, id, 0 FROM notices WHERE key = :key"""), of)
    assert "1 thư sẽ rời đi; 1 thư của cơ quan khác vẫn giữ" in press(clerk, "/office/release", WHO)
    assert not office.ask("SELECT 1 FROM stops WHERE released_at IS NOT NULL")
    with office.office.store.write() as db:
        db.execute(text("UPDATE stops SET jumped = 7200"))
    assert "/office/release" not in clerk.get("/office").text
    assert clerk.get("/office/release").status_code == 303


def reply(office: Place, said: Saying) -> int:
    with office.office.store.read() as db:
        row = row_of(db, "bhxh")
    replying.propose(office.office.store, Arrival(source="mail", key="<1@a.example>"), Mail(row, 0, (said,), "XONG theo báo cáo"), NOW)
    return int(office.ask("SELECT max(id) AS id FROM replies")[0].id)


def test_an_answer_by_mail_is_recorded_about_the_task_that_a_person_names(office: Place, clerk: Visitor) -> None:
    number = reply(office, Saying(kind="progress", note="đang làm"))
    assert f"/office/replies/{number}/accept" in clerk.get("/office/waiting/replies").text
    path = f"/office/replies/{number}/accept"
    page = clerk.get(path).text
    fields = dict(WHO)
    if 'name="task"' in page:
        fields["task"] = re.findall(r'name="task" value="(\d+)"', page)[0]
    assert "Đã ghi" in press(clerk, path, fields)
    assert len(office.ask("SELECT 1 FROM events WHERE kind = 'progress'")) == 1
    assert [row.state for row in office.ask("SELECT state FROM replies")] == ["accepted"]


def test_an_answer_by_mail_is_left_aside(office: Place, clerk: Visitor) -> None:
    number = reply(office, Saying(kind="progress", note="xin cảm ơn"))
    assert "Đã bỏ qua" in press(clerk, f"/office/replies/{number}/refuse", {"note": "không phải báo cáo"})
    assert [row.state for row in office.ask("SELECT state FROM replies")] == ["refused"]
    assert not office.ask("SELECT 1 FROM events WHERE kind = 'progress'")


def test_a_leader_who_heads_the_issuer_has_the_desk(office: Place) -> None:
    with office.visitor() as leader:
        office.logged_in(leader, LEADER)
        assert leader.get("/office").status_code == 200


def test_whatever_the_desk_does_a_command_does_too() -> None:
    assert set(decisions.DECISIONS) == VERBS
    named = {command.name: command.function for group in COMMANDS.values() for command in group}
    asked = [f"dondoc decide --{kind}" for kind in decisions.DECISIONS] + [f"dondoc answer --{kind}" for kind in decisions.ANSWERS]
    asked += [command for _, command in (*orders.LETTERS.values(), *post.SETTLED.values())]
    asked += [command for _, command in many.KINDS.values()]
    asked += ["dondoc tasks undo", "dondoc ask", "dondoc sample --held", "dondoc urge --send"]
    asked += ["dondoc withdraw", "dondoc release", "dondoc replies accept", "dondoc replies refuse", "dondoc figure"]
    for command in asked:
        name, *rest = command.split()[1:]
        module, function = named[name].split(":")
        found = getattr(import_module(f"dondoc.{module}"), function)
        subs = [word for word in rest if not word.startswith("--")]
        called = found[subs[0]].default_command if subs else found
        names = set(signature(called).parameters) | set(Answer.__dataclass_fields__)
        assert {word.removeprefix("--") for word in rest if word.startswith("--")} <= names, command


def test_whatever_a_decision_command_does_the_desk_does_too() -> None:
    said = {name for name in Answer.__dataclass_fields__ if name not in ("on", "document", "note")}
    assert said == set(decisions.ANSWERS)
    for group, acts_ in (("campaigning:letters", {"pause", "resume", "cancel", "settle"}), ("replying:replies", {"accept", "refuse"})):
        module, name = group.split(":")
        app = getattr(import_module(f"dondoc.{module}"), name)
        assert acts_ <= {each for each in app if not each.startswith("-")}
