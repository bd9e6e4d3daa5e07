"""Many tasks at once at the issuer's desk: shown first, done once to what was shown, taken back once; asked for, sampled, urged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import text

from config import undo_files
from tasks.states import IN_BULK
from tasks.values import Act, Said
from tests.counter import Visitor, hidden, words
from tests.desk_office import FLOOD, LEADER, WARD, Place, place
from tests.test_office_desk import WHO, press
from tests.voices import says
from web.office.many import KINDS

UNTIL = {"until-day": "30", "until-month": "12", "until-year": "2020"}
CLOSE = {**WHO, "note": "gộp vào văn bản khác", "clause-10": "yes", "which": "any"}
PATH = "/office/papers/1/many/close"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Place]:
    """A paper three weeks old, some of whose agencies are late."""
    with place(tmp_path) as found:
        found.pass_(timedelta(days=22))
        found.office.poll(found.clock.now())
        yield found


@pytest.fixture
def clerk(office: Place) -> Iterator[Visitor]:
    with office.visitor() as visitor:
        office.logged_in(visitor)
        yield visitor


def states(office: Place, clause: str = "10") -> list[str]:
    query = "SELECT k.state FROM tasks k JOIN duties u ON u.id = k.duty WHERE u.clause = :clause"
    return [row.state for row in office.ask(query, clause=clause)]


def check(visitor: Visitor, path: str, fields: dict[str, str]) -> tuple[int, str]:
    """The answer to "Xem lại rồi ghi"."""
    answer = visitor.post(path, data={**hidden(visitor.get(path).text), **fields, "step": "check"})
    return answer.status_code, answer.text


def test_the_desk_decides_of_many_as_the_commands_do() -> None:
    assert set(KINDS) == set(IN_BULK)


def test_what_would_be_done_is_shown_and_nothing_is_done(office: Place, clerk: Visitor) -> None:
    before = office.dump()
    code, shown = check(clerk, PATH, CLOSE)
    assert (code, len(re.findall(r'href="/office/tasks/\d+"', shown))) == (200, len(states(office)))
    assert f"{len(states(office))} việc Mục 10" in words(shown)
    assert office.dump() == before


def test_it_is_done_once_however_often_it_is_pressed_and_taken_back_once(office: Place, clerk: Visitor) -> None:
    count = len(states(office))
    _, shown = check(clerk, PATH, CLOSE)
    pages = [clerk.post(PATH, data={**hidden(shown), "step": "send"}).text for _ in range(2)]
    assert [f"Đã ghi cho {count} việc" in words(page) for page in pages] == [True, True]
    assert set(states(office)) == {"done"}
    assert len(office.ask("SELECT 1 FROM events WHERE kind = 'close'")) == count
    [back] = set(re.findall(r'href="(/office/papers/1/undo/web:[0-9a-f]+)"', "".join(pages)))
    file = undo_files.path_of(office.office.settings.data, Act(kind="close", task=0, said=Said(name="", role=""), key=back.split("/")[-1]))
    assert len(json.loads(file.read_text(encoding="utf-8"))["tasks"]) == count
    assert f"Hoàn tác {count} việc; 0 việc đã hoàn tác từ trước" in press(clerk, back, WHO)
    assert "done" not in states(office)
    assert f"Hoàn tác 0 việc; {count} việc đã hoàn tác từ trước" in press(clerk, back, WHO)


def test_presses_at_once_do_it_once(office: Place, clerk: Visitor) -> None:
    _, shown = check(clerk, PATH, CLOSE)
    answers = clerk.at_once(4, PATH, data={**hidden(shown), "step": "send"})
    assert {f"Đã ghi cho {len(states(office))} việc" in words(answer.text) for answer in answers} == {True}
    assert len(office.ask("SELECT 1 FROM events WHERE kind = 'close'")) == len(states(office))


def test_what_has_changed_since_it_was_shown_is_shown_again(office: Place, clerk: Visitor) -> None:
    _, shown = check(clerk, PATH, CLOSE)
    [task, *_] = re.findall(r'href="/office/tasks/(\d+)"', shown)
    assert "Đã ghi" in press(clerk, f"/office/tasks/{task}/decide/close", {**WHO, "note": "đã có kết quả"})
    before = office.dump()
    answer = clerk.post(PATH, data={**hidden(shown), "step": "send"})
    assert (answer.status_code, "danh sách việc đã thay đổi" in words(answer.text)) == (409, True)
    assert office.dump() == before


@pytest.mark.parametrize(("fields", "field"), [
    pytest.param({"clause-10": ""}, "clause", id="everything"),
    pytest.param({"agency": "ai-do"}, "agency", id="an agency that nobody knows"),
    pytest.param({"which": "asking"}, "clause", id="nothing that fits"),
    pytest.param({"note": ""}, "note", id="without a reason"),
])
def test_a_condition_that_will_not_do_is_told_at_its_field(clerk: Visitor, fields: dict[str, str], field: str) -> None:
    code, page = check(clerk, PATH, {**CLOSE, **fields})
    assert (code, f'<a href="#{field}">' in page) == (422, True)


def test_each_decision_that_can_be_made_of_many_has_its_form(office: Place, clerk: Visitor) -> None:
    for kind in KINDS:
        assert f"/office/papers/1/many/{kind}" in clerk.get("/office/papers/1/many").text
        assert clerk.get(f"/office/papers/1/many/{kind}").status_code == 200
    postponed = press(clerk, "/office/papers/1/many/postpone", {**WHO, **UNTIL, "agency": WARD, "which": "any"})
    assert "Đã ghi cho 1 việc" in postponed


def test_only_those_who_hold_a_clause_are_asked_and_once_a_day(office: Place, clerk: Visitor) -> None:
    number = office.issue(FLOOD)
    path = f"/office/papers/{number}/ask"
    assert path in clerk.get(f"/office/papers/{number}").text
    assert clerk.get("/office/papers/1/ask").status_code == 404
    fields = {**WHO, "clause": "1", "due": "20/6/2020", "agency": WARD, "note": "thiệt hại do lũ"}
    _, shown = check(clerk, path, fields)
    assert "Gửi 1 đơn vị" in words(shown)
    assert "Đã yêu cầu: 1 việc, 1 thư" in press(clerk, path, fields)
    assert "Hôm nay đã yêu cầu rồi" in press(clerk, path, fields)
    assert len(office.ask("SELECT 1 FROM events WHERE kind = 'asked'")) == 1
    assert check(clerk, path, {**fields, "due": "mai kia"})[0] == 422
    assert "đã qua" in words(check(clerk, path, {**fields, "due": "1/6/2020"})[1])


def test_a_sample_is_drawn_and_what_was_found_is_recorded_once(office: Place, clerk: Visitor) -> None:
    assert says(office.office.store, "bhxh", "done", "6.4", office.clock.now(), document="12/BC-BHXH ngày 19/5/2020").number
    assert check(clerk, "/office/papers/1/samples/draw", {"n": "0", "seed": "a"})[0] == 422
    assert "Mẫu 1 trong 1 việc đã báo xong" in press(clerk, "/office/papers/1/samples/draw", {"n": "30", "seed": "2020/a"})
    [at] = re.findall(r'href="(/office/papers/1/samples/\d+)"', clerk.get("/office/papers/1/samples").text)
    assert "Chưa xem" in words(clerk.get(at).text)
    seen = press(clerk, f"{at}/1", {**WHO, "held": "no", "note": "chưa in tài liệu"}, times=2)
    assert "Đã ghi điều thấy tại chỗ" in seen
    assert len(office.ask("SELECT 1 FROM events WHERE kind = 'checked'")) == 1
    assert "đã xem 1 việc, 0 việc đúng: 0,0%" in words(clerk.get(at).text)
    assert [clerk.get(f"{at}/{place}").status_code for place in ("2", "x")] == [404, 404]


def late(office: Place) -> list[str]:
    query = """SELECT DISTINCT a.code FROM tasks k JOIN agencies a ON a.id = k.agency JOIN duties u ON u.id = k.duty
                WHERE k.closed_at IS NULL AND k.due_at < :now AND u.force = 'do' ORDER BY a.code"""
    return [row.code for row in office.ask(query, now=int(office.clock.now().timestamp()))]


URGED = """
SELECT a.code FROM events e JOIN tasks k ON k.id = e.task JOIN agencies a ON a.id = k.agency WHERE e.kind = 'urged'"""


def drafted(visitor: Visitor, page: str) -> str:
    """The text of the draft that a receipt offers."""
    [href] = re.findall(r'href="(/home/1/cong-van-don-doc\.docx[^"]*)"', page)
    made = Document(BytesIO(visitor.get(href.replace("&amp;", "&")).content))
    return "\n".join(cell.text for table in made.tables for row in table.rows for cell in row.cells)


@pytest.mark.parametrize("mail", ["vanthu@cairang.example", LEADER])
def test_exactly_the_agencies_that_are_ticked_are_urged_by_one_letter_each(office: Place, mail: str) -> None:
    everyone, path = late(office), "/office/papers/1/urge"
    assert len(everyone) > 1
    with office.visitor() as visitor:
        office.logged_in(visitor, mail)
        assert path in visitor.get("/home/1").text
        form = visitor.get(path).text
        assert sorted(re.findall(r'name="agency-([\w.-]+)" value="yes" id="[\w-]+" checked', form)) == everyone
        shown = visitor.post(path, data={**hidden(form), **WHO, f"agency-{everyone[0]}": "yes", "step": "check"}).text
        pages = [visitor.post(path, data={**hidden(shown), "step": "send"}).text for _ in range(2)]
        assert {row.code for row in office.ask(URGED)} == {everyone[0]}
        assert len(office.ask("SELECT 1 FROM events WHERE kind = 'urged'")) == len(re.findall(r'href="/office/tasks/\d+"', shown))
        names = {row.code: row.name for row in office.ask("SELECT code, name FROM agencies")}
        said = drafted(visitor, pages[1])
    assert [names[code] in said for code in everyone] == [code == everyone[0] for code in everyone]


def test_whoever_decides_of_another_paper_decides_nothing_here(office: Place, clerk: Visitor) -> None:
    with office.office.store.write() as db:
        db.execute(text("UPDATE directives SET issuer = (SELECT id FROM agencies WHERE code = 'bhxh')"))
    office.issue(FLOOD)
    ends = ("many", "many/close", "urge", "ask", "samples", "samples/draw", "samples/1", "undo/web:" + "0" * 32)
    assert [clerk.get(f"/office/papers/1/{end}").status_code for end in ends] == [404] * len(ends)
    assert "/office/papers/1/" not in clerk.get("/office").text
