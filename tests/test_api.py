"""The interface for programs over a real ledger, called in this process: what it reads, what it writes, whom it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from config import vault
from config.clock import HandClock
from config.office import Office
from config.settings import Settings
from directives.language.calendar import Calendar
from scripts import api as written
from tasks.ledger import doors, exhibits, opening, passing, programs, reporting
from tasks.ledger.programs import NameTakenError, ScopeError
from tasks.ledger.store import Store
from tasks.ledger.works import works
from tests.counter import PNG, Visitor
from tests.rows import ask
from tests.sample import CALENDAR, LEAFLETS, PEOPLE, PRACTICE, STANDING, at, paper
from web.api.app import interface
from web.app import build
from web.house import House
from web.postman import Postman

ISSUED, NOW = at("2020-05-18", "08:00"), at("2020-05-20")
DONE = {"kind": "done", "document": "12/BC-BHXH ngày 20/5/2020"}

Call = Callable[..., Any]


class Programs:
    """The interface as programs call it; `at` is what the clock shows."""

    def __init__(self, office: Office, client: Visitor) -> None:
        self.office, self.at, self._client = office, NOW, client

    def key(self, *scopes: str, name: str = "Phần mềm điều hành") -> str:
        with self.office.store.write() as db:
            return programs.give(db, name, scopes or ("read:all", "act:insurance", "decide:district"), NOW)

    def get(self, path: str, key: str, **headers: str) -> Any:
        return self._client.get(f"/api/v1{path}", headers={"authorization": f"Bearer {key}", **headers})

    def post(self, path: str, key: str, said: object, once: str = "lan-thu-nhat") -> Any:
        return self._client.post(f"/api/v1{path}", json=said, headers={"authorization": f"Bearer {key}", "idempotency-key": once})

    def bare_page(self, path: str) -> Any:
        return self._client.get(path)

    def bare(self, method: str, path: str, **more: Any) -> Any:
        return self._client.request(method, f"/api/v1{path}", **more)


@pytest.fixture
def api(store: Store, tmp_path: Path) -> Iterator[Programs]:
    settings = Settings(home=tmp_path, base_url="https://dondoc.example")
    office = Office(settings=settings, store=store, calendar=CALENDAR, practice=PRACTICE)
    opening.open_directive(store, paper(LEAFLETS, STANDING), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    clock = HandClock(NOW)
    house = House(office, clock, Postman(office, clock))
    called: list[Programs] = []
    app = build(house, lambda: NOW, interface(office, lambda: called[0].at))
    with Visitor(app, "https://dondoc.example") as client:
        called.append(Programs(office, client))
        yield called[0]


def leaflets(api: Programs) -> int:
    """The task of the insurance."""
    [row] = ask(api.office.store, "SELECT k.id FROM tasks k JOIN duties u ON u.id = k.duty WHERE u.clause = '6.4'")
    return int(row.id)


def refused(answer: Any, status: int, code: str) -> None:
    """A problem document of this kind."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (answer.json()["status"], answer.json()["code"]) == (status, code)


def test_a_key_is_shown_once_and_kept_as_a_hash(api: Programs) -> None:
    key = api.key()
    [row] = ask(api.office.store, "SELECT * FROM programs")
    assert re.fullmatch(r"dd1\.\d+\.[\w-]{43}", key)
    assert key.rpartition(".")[2] not in " ".join(map(str, row))
    assert api.get("/directives", key).status_code == 200
    with pytest.raises(NameTakenError):
        api.key()


@pytest.mark.parametrize("scope", ["read", "write:all", "act:all", "act:nobody", "decide:", "read:all "])
def test_a_scope_that_gives_nothing_is_refused(api: Programs, scope: str) -> None:
    with pytest.raises(ScopeError):
        api.key(scope)


def test_unknown_revoked_and_malformed_keys_are_told_the_same(api: Programs) -> None:
    key = api.key()
    with api.office.store.write() as db:
        assert programs.revoke(db, "Phần mềm điều hành", NOW)
        assert not programs.revoke(db, "Phần mềm điều hành", NOW)
    wrong = [key, key[:-1] + ("A" if key[-1] != "A" else "B"), "dd1.999." + "A" * 43, "t1.k1.x.y", ""]
    answers = [api.get("/tasks", each) for each in wrong]
    for answer in answers:
        refused(answer, 401, "key")
    assert len({answer.content for answer in answers}) == 1


def test_a_cookie_opens_nothing(api: Programs) -> None:
    api.key()
    refused(api.bare("GET", "/tasks", headers={"cookie": "__Host-session=abc"}), 401, "key")


def test_errors_of_every_kind_are_problem_documents(api: Programs) -> None:
    key, task = api.key(), leaflets(api)
    refused(api.get("/nothing", key), 404, "unknown")
    refused(api.get("/tasks/999999", key), 404, "unknown")
    refused(api.get("/tasks?limit=0", key), 422, "malformed")
    refused(api.bare("DELETE", f"/tasks/{task}"), 405, "method")
    refused(api.post(f"/tasks/{task}/acts", key, {"kind": "done", "secret": "mật khẩu"}), 422, "malformed")
    refused(api.post(f"/tasks/{task}/acts", key, {"kind": "done"}), 409, "rule")
    large = api.bare("POST", f"/tasks/{task}/acts", content=b"x" * (2 << 20), headers={"authorization": f"Bearer {key}"})
    refused(large, 413, "too-large")
    torn = api.bare("POST", f"/tasks/{task}/acts", content=b"\xff", headers={
        "authorization": f"Bearer {key}", "content-type": "application/json", "idempotency-key": "lan-thu-nhat",
    })
    refused(torn, 400, "refused")
    assert all(each.json()["detail"] for each in (api.get("/nothing", key), api.bare("DELETE", f"/tasks/{task}"), large, torn))


def test_what_was_sent_is_not_repeated_in_a_refusal(api: Programs) -> None:
    answer = api.post(f"/tasks/{leaflets(api)}/acts", api.key(), {"kind": "nói thầm điều này"})
    refused(answer, 422, "malformed")
    assert "thầm" not in answer.text


def test_an_act_is_the_ledgers_in_the_name_of_the_key(api: Programs) -> None:
    task = leaflets(api)
    answer = api.post(f"/tasks/{task}/acts", api.key(), DONE)
    assert answer.status_code == 200, answer.text
    assert answer.json()["number"] == "898-6.4-4"
    assert answer.json()["task"]["state"] == "done"
    [row] = ask(api.office.store, "SELECT p.name, p.role FROM events e JOIN persons p ON p.id = e.person WHERE e.kind = 'done'")
    assert tuple(row) == ("Phần mềm điều hành", "chương trình")
    assert [row.lane for row in ask(api.office.store, "SELECT lane FROM notices WHERE lane = 'receipt'")] == ["receipt"]


def test_the_same_call_again_records_nothing_new_and_is_answered_alike(api: Programs) -> None:
    key, path = api.key(), f"/tasks/{leaflets(api)}/acts"
    first, again = api.post(path, key, DONE), api.post(path, key, DONE)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert len(ask(api.office.store, "SELECT 1 FROM events WHERE kind = 'done'")) == 1
    refused(api.post(path, key, {"kind": "undo", "note": "nhầm"}), 409, "key-used")


def test_a_key_whose_answer_is_forgotten_opens_no_other_task(api: Programs) -> None:
    key, task = api.key("act:insurance"), leaflets(api)
    assert api.post(f"/tasks/{task}/acts", key, DONE).status_code == 200
    api.at += programs.REMEMBERED + timedelta(days=1)
    [other] = ask(api.office.store, "SELECT min(id) AS id FROM tasks WHERE id <> :task", task=task)
    for of in (other.id, task):
        refused(api.post(f"/tasks/{of}/acts", key, DONE), 409, "key-used")


def test_another_programs_call_of_the_same_key_is_another(api: Programs) -> None:
    path, said = f"/tasks/{leaflets(api)}/acts", {"kind": "progress", "note": "đang in"}
    keys = api.key(), api.key("act:insurance", name="Phần mềm khác")
    assert len({api.post(path, key, said).json()["number"] for key in keys}) == 2


def test_a_refusal_is_not_kept_so_that_the_call_may_come_again(api: Programs) -> None:
    key, path = api.key(), f"/tasks/{leaflets(api)}/acts"
    refused(api.post(path, key, {"kind": "undo", "note": "nhầm"}), 409, "rule")
    assert api.post(path, key, DONE, "lan-thu-hai").status_code == 200
    assert api.post(path, key, {"kind": "undo", "note": "nhầm"}).status_code == 200


def test_a_key_acts_and_decides_only_for_whom_it_was_given(api: Programs) -> None:
    task = leaflets(api)
    radio, reader = api.key("act:radio", "decide:office", name="Đài"), api.key("read:all", name="Đọc")
    refused(api.post(f"/tasks/{task}/acts", radio, DONE | {"agency": "insurance"}), 403, "scope")
    assert api.post(f"/tasks/{task}/acts", radio, DONE).status_code == 409  # takes part only
    refused(api.post(f"/tasks/{task}/decisions", radio, {"kind": "close", "note": "xong"}), 403, "scope")
    refused(api.post(f"/tasks/{task}/acts", reader, DONE), 403, "scope")
    refused(api.get("/directives/1/standing", radio), 403, "scope")
    assert ask(api.office.store, "SELECT kind FROM events WHERE task IS NOT NULL AND person IS NOT NULL") == []


def test_a_key_that_reads_one_agency_meets_no_other(api: Programs) -> None:
    key = api.key("read:ward-a")
    found = api.get("/tasks", key).json()["items"]
    assert {each["agency"]["id"] for each in found} == {"ward-a"}
    assert api.get("/tasks?agency=insurance", key).json()["items"] == []
    refused(api.get(f"/tasks/{leaflets(api)}", key), 404, "unknown")


def test_a_decision_is_the_issuers(api: Programs) -> None:
    key, task = api.key(), leaflets(api)
    api.post(f"/tasks/{task}/acts", key, {"kind": "extend", "until": "2020-06-05", "note": "thiếu giấy"}, "xin-lui-han")
    granted = api.post(f"/tasks/{task}/decisions", key, {"kind": "grant", "until": "2020-06-03"})
    assert granted.status_code == 200, granted.text
    assert granted.json()["task"]["due_at"].startswith("2020-06-03")


def test_the_numbers_are_those_of_the_report(api: Programs) -> None:
    key, now = api.key(), at("2020-06-26")
    api.post(f"/tasks/{leaflets(api)}/acts", key, DONE)
    reporting.report(api.office.store, 1, Calendar(), now)
    api.at = now
    [made] = api.get("/directives/1/reports", key).json()
    frozen = api.get(f"/directives/1/reports/{made['hash']}", key).json()
    asked = api.get(f"/directives/1/standing?at={made['as_of']}", key).json()
    assert frozen == asked
    assert frozen["cells"]["on_time"] == 1
    with api.office.store.read() as db:
        stood = reporting.frozen(db, 1, made["name"])
    assert {name: getattr(stood.cells, name) for name in frozen["cells"]} == frozen["cells"]


def test_a_standing_that_has_not_changed_is_not_sent_again(api: Programs) -> None:
    key = api.key()
    first = api.get("/directives/1/standing", key)
    api.at = NOW + timedelta(minutes=5)
    again = api.get("/directives/1/standing", key, **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    api.post(f"/tasks/{leaflets(api)}/acts", key, DONE)
    assert api.get("/directives/1/standing", key, **{"if-none-match": first.headers["etag"]}).status_code == 200


@pytest.mark.parametrize(("when", "status"), [
    pytest.param(ISSUED, 200, id="its issue"), pytest.param(ISSUED - timedelta(days=1), 404, id="before it"),
    pytest.param(NOW + timedelta(days=1), 409, id="tomorrow"),
])
def test_a_standing_is_of_a_day_since_the_issue(api: Programs, when: datetime, status: int) -> None:
    asked = when.isoformat().replace("+00:00", "Z")
    assert api.get(f"/directives/1/standing?at={asked}", api.key()).status_code == status


def test_tasks_and_events_are_those_of_a_past_instant(api: Programs) -> None:
    key, task = api.key(), leaflets(api)
    asked = f"?at={NOW.isoformat().replace('+00:00', 'Z')}"
    before = {what: api.get(f"/directives/1/{what}{asked}", key).json()["items"] for what in ("tasks", "events")}
    api.at = NOW + timedelta(days=2)
    api.post(f"/tasks/{task}/acts", key, DONE)
    then, now = ({what: api.get(f"/directives/1/{what}{at}", key).json()["items"] for what in before} for at in (asked, ""))
    assert then == before != now
    assert {each["state"] for each in then["tasks"] if each["id"] == task} == {"open"}
    assert {each["state"] for each in now["tasks"] if each["id"] == task} == {"done"}
    assert [each["kind"] for each in now["events"][len(then["events"]):]] == ["done"]
    assert api.get(f"/directives/1/tasks{asked}&limit=1", key).json()["next"] == before["tasks"][0]["id"]
    assert api.get("/directives/1/events?at=2020-05-01T00:00:00Z", key).status_code == 404


def brought(api: Programs, key: str, *files: tuple[str, bytes]) -> Any:
    """The answer to files that are brought."""
    parts = [("file", (name, content)) for name, content in files]
    return api.bare("POST", "/files", files=parts, headers={"authorization": f"Bearer {key}"})


def test_evidence_that_was_brought_goes_with_an_act_and_lies_beside_the_ledger(api: Programs) -> None:
    key = api.key()
    [first] = brought(api, key, ("Ảnh ra quân.png", PNG)).json()
    assert brought(api, key, ("Ảnh ra quân.png", PNG)).json() == [first]
    assert not ask(api.office.store, "SELECT 1 FROM acts")
    said = {**DONE, "files": [first["file"]]}
    answers = [api.post(f"/tasks/{leaflets(api)}/acts", key, said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    with api.office.store.read() as db:
        assert exhibits.of_task(db, leaflets(api)) == ((first["sha256"], "Ảnh ra quân.png", first["size"]),)
    kept = vault.found(api.office.settings.data, first["sha256"])
    assert kept
    assert sha256(kept.read_bytes()).hexdigest() == first["sha256"]


def test_a_file_is_named_by_the_key_that_has_brought_it_alone(api: Programs) -> None:
    key, other = api.key(), api.key(name="Phần mềm khác")
    [file] = brought(api, other, ("a.png", PNG)).json()
    refused(api.post(f"/tasks/{leaflets(api)}/acts", key, {**DONE, "files": [file["file"]]}), 409, "file")
    forged = file["file"].replace(file["sha256"], "0" * 64)
    refused(api.post(f"/tasks/{leaflets(api)}/acts", other, {**DONE, "files": [forged]}), 409, "file")
    assert not ask(api.office.store, "SELECT 1 FROM acts")


@pytest.mark.parametrize(("files", "status", "code"), [
    pytest.param([], 422, "malformed", id="nothing"),
    pytest.param([("a.pdf", b"MZ\x90 no pdf")], 409, "file", id="not what its name says"),
    pytest.param([("a.exe", b"MZ")], 409, "file", id="a kind that is not taken"),
    pytest.param([("a.png", b"")], 409, "file", id="empty"),
    pytest.param([(f"{n}.png", PNG + bytes([n])) for n in range(6)], 409, "file", id="six"),
])
def test_files_that_the_pages_refuse_are_refused_here(api: Programs, files: list[tuple[str, bytes]], status: int, code: str) -> None:
    refused(brought(api, api.key(), *files), status, code)


def test_a_key_that_may_not_act_brings_nothing(api: Programs) -> None:
    refused(brought(api, api.key("read:all", "decide:district"), ("a.png", PNG)), 403, "scope")
    assert not (api.office.settings.data / "evidence").exists()


def test_more_than_files_may_weigh_is_refused_as_a_problem(api: Programs) -> None:
    head = {"authorization": f"Bearer {api.key()}", "content-type": "multipart/form-data; boundary=b", "content-length": str(60 * 2**20)}
    refused(api.bare("POST", "/files", content=b"--b\r\n", headers=head), 413, "too-large")
    head["content-length"] = "5"
    refused(api.bare("POST", "/files", content=b"--c--", headers=head), 400, "refused")


def test_a_task_is_passed_to_a_colleague_by_name(api: Programs) -> None:
    key, path = api.key(), f"/tasks/{leaflets(api)}/acts"
    refused(api.post(path, key, {"kind": "delegate"}), 409, "rule")
    said = {"kind": "delegate", "colleague": "Chuyên viên Truyền thông"}
    assert [api.post(path, key, said).json()["task"]["state"] for _ in range(2)] == ["received"] * 2
    assert len(ask(api.office.store, "SELECT 1 FROM events WHERE kind = 'delegate'")) == 1
    with api.office.store.read() as db:
        [work] = works(db, [leaflets(api)], CALENDAR).values()
    assert work.handler == "Chuyên viên Truyền thông"


def test_a_colleagues_link_is_told_to_the_key_that_may_hand_it_out_and_kept_nowhere(api: Programs) -> None:
    task, said = leaflets(api), {"kind": "delegate", "colleague": "Chuyên viên Truyền thông"}
    path, key = f"/tasks/{task}/acts", api.key("act:insurance", "link:insurance", name="Có quyền trao")
    assert api.post(path, api.key("act:insurance", "link:district"), said, "chuyen-truoc").json()["link"] == ""
    first, again = (api.post(path, key, said).json()["link"] for _ in range(2))
    token = first.removeprefix("https://dondoc.example/t/")
    assert first == again != token
    opened = api.bare_page(f"/t/{token}")
    assert (opened.status_code, "mục 6.4" in opened.text.casefold()) == (200, True)
    assert not [row for row in ask(api.office.store, "SELECT answer FROM calls") if token in row.answer]
    with api.office.store.write() as db:
        above = doors.standing(db, "insurance", "desk", NOW)
        assert above
        [mine] = passing.passed(db, above)  # the one of the key before it has ended
        assert passing.take_back(db, above, mine.id, NOW)
    assert api.post(path, key, said).json()["link"] == ""
    assert api.bare_page(f"/t/{token}").status_code == 404


def test_pages_meet_every_task_and_event_once(api: Programs) -> None:
    key = api.key()
    for path, name in (("/tasks", "id"), ("/directives/1/events", "seq"), ("/agencies", "id")):
        met: list[int] = []
        after: int | None = 0
        while after is not None:
            page = api.get(f"{path}?limit=2&after={after}", key).json()
            met += [each[name] for each in page["items"]]
            after = page["next"]
        whole = api.get(f"{path}?limit=200", key).json()["items"]
        assert met == [each[name] for each in whole] == list(dict.fromkeys(met))


def test_tasks_are_found_by_agency_clause_state_and_lateness(api: Programs) -> None:
    key = api.key()
    api.at = at("2020-06-01")
    found = {
        query: len(api.get(f"/tasks?{query}", key).json()["items"])
        for query in ("agency=ward-a&agency=ward-b", "clause=6.4", "state=done", "state=open&directive=1", "late=true", "directive=7")
    }
    assert found == {
        "agency=ward-a&agency=ward-b": 2, "clause=6.4": 1, "state=done": 0, "state=open&directive=1": 4, "late=true": 1, "directive=7": 0,
    }


def test_a_program_that_calls_too_often_waits(api: Programs) -> None:
    key = api.key()
    answers = [api.get("/directives/999", key).status_code for _ in range(601)]
    assert (answers[599], answers[600]) == (404, 429)
    refused(api.get("/tasks", key), 429, "pace")
    api.at = NOW + timedelta(minutes=1)
    assert api.get("/tasks", key).status_code == 200


def test_strangers_are_slowed_and_a_good_key_from_the_same_place_is_not(api: Programs) -> None:
    key = api.key()
    answers = [api.get("/tasks", "dd1.1.nothing").status_code for _ in range(61)]
    assert answers == [401] * 60 + [429]
    assert api.get("/tasks", key).status_code == 200


def test_the_page_about_the_interface_is_the_one_that_it_makes() -> None:
    assert written.PAGE.read_text(encoding="utf-8") == written.page(), "make api"
