"""The lines of the test matrix about the chain of events, by their numbers: forgers found, writers at once, a name erased, two stores."""

from __future__ import annotations

import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection, text

from reports import page
from tasks.ledger import acts, audit, chain, erasing, replaying, replying, standing
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.receiving import Arrival
from tasks.ledger.replying import Answer
from tasks.ledger.store import Store
from tasks.sayings import Saying
from tasks.values import Act, Said
from tests import command_line
from tests.clockwork import post, turn
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.rows import ask, tell
from tests.sample import CALENDAR, PEOPLE, PRACTICE, at, by, duty, paper
from tests.voices import ISSUER, says

dondoc = command_line.dondoc
NOW = at("2020-05-18")
CLAIMED = duty("3", "radio", due=by("2020-05-29"), confirm=True)


def lived(store: Store) -> int:
    """A directive of which everything was said once: answers, a figure, more time, a claim confirmed, one taken back, two reports."""
    number = open_directive(
        store, paper(*paper().duties, CLAIMED), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=NOW
    ).directive
    says(store, "insurance", "received", "6.4", at("2020-05-18", "10:00"))
    says(store, "insurance", "extend", "6.4", at("2020-05-19"), note="chờ in", until=date(2020, 6, 5))
    says(store, "insurance", "grant", "6.4", at("2020-05-20"), by=ISSUER)
    says(store, "school-1", "done", "2", at("2020-05-20"))
    says(store, "school-2", "done", "2", at("2020-05-21"))
    says(store, "school-2", "undo", "2", at("2020-05-22"), note="chưa đủ")
    says(store, "ward-a", "figure", "10", at("2020-05-22"), by="insurance", term="2020-06-30", value=Decimal(86))
    says(store, "ward-b", "progress", "1", at("2020-05-22"), note="đang làm")
    says(store, "radio", "done", "3", at("2020-05-28"))
    says(store, "radio", "confirm", "3", at("2020-06-01"), by=ISSUER)
    for day in ("2020-05-25", "2020-06-25"):
        turn(store, CALENDAR, PRACTICE, at(day))
    says(store, "insurance", "done", "6.4", at("2020-06-26"), document="12/BC")
    return number


def found(store: Store, *heads: str) -> list[tuple[int, str]]:
    """Everything that an audit finds: at which event, what."""
    with store.read() as db:
        return [
            *((each.seq, "chain") for each in audit.breaks(db)), *((each.seq, "cut") for each in audit.beyond(db)),
            *((each.seq, "head") for each in audit.strange(db, heads)),
            *((each.seq, each.what) for _, each in audit.departures(db, CALENDAR)),
        ]


def seq_of(store: Store, kind: str, which: int = 0) -> int:
    return int(ask(store, "SELECT seq FROM events WHERE kind = :kind ORDER BY seq", kind=kind)[which].seq)


#: What somebody changes behind the events' back: the statement, the kind of event that it belies, what of it is named.
BEHIND = [
    ("UPDATE tasks SET state = 'done', closed_at = 1, wake_at = NULL WHERE since_seq = :seq AND state = 'open'", "opened", "việc mới mở"),
    ("UPDATE tasks SET due_at = due_at + 86400 WHERE since_seq = :seq AND due_at IS NOT NULL", "opened", "việc mới mở"),
    ("UPDATE tasks SET closed_at = closed_at - 86400 WHERE since_seq = :seq", "done", "ngày hoàn thành"),
    ("UPDATE tasks SET closed_at = closed_at + 86400 WHERE since_seq = :seq", "confirm", "ngày hoàn thành"),
    ("UPDATE tasks SET reported_at = reported_at + 1 WHERE since_seq = :seq", "progress", "ngày báo cáo"),
    ("UPDATE tasks SET state = 'received' WHERE since_seq = :seq", "undo", "trạng thái"),
    ("UPDATE task_history SET due_at = due_at + 86400 WHERE from_seq = :seq", "grant", "thời hạn"),
    ("UPDATE task_history SET from_seq = from_seq + 1 WHERE from_seq = :seq", "grant", "lịch sử đứt"),
    ("DELETE FROM task_history WHERE from_seq = :seq", "extend", "sự kiện không để lại gì"),
    ("UPDATE readings SET value = '91' WHERE seq = :seq", "figure", "số liệu"),
    ("DELETE FROM readings WHERE seq = :seq", "figure", "số liệu"),
    ("UPDATE requests SET until = '2020-06-30' WHERE :seq > 0", "extend", "đề nghị gia hạn"),
    ("UPDATE persons SET name = 'Người khác' WHERE id IN (SELECT person FROM events WHERE seq = :seq)", "confirm", "người báo"),
    ("UPDATE persons SET name = '', salt = '' WHERE id IN (SELECT person FROM events WHERE seq = :seq)", "confirm", "người báo"),
    ("UPDATE terms SET due_at = due_at + 86400 WHERE seq = :seq", "opened", "thời hạn trong văn bản"),
]


def test_d81_what_nobody_touched_is_found_in_order(store: Store) -> None:
    lived(store)
    assert found(store) == []


def test_d81_two_requests_within_a_second_are_each_what_was_asked(store: Store) -> None:
    lived(store)
    later = at("2020-06-10")
    for day in (20, 25):
        says(store, "ward-b", "extend", "10", later, term="2020-06-30", note="chờ số liệu", until=date(2020, 7, day))
        assert says(store, "ward-b", "grant", "10", later, by=ISSUER, term="2020-06-30").number
    assert found(store) == []
    tell(store, "UPDATE requests SET until = '2020-07-26' WHERE until = '2020-07-25'")
    assert [what for _, what in found(store)] == ["đề nghị gia hạn"]


def test_d81_a_row_changed_behind_the_events_is_named_with_its_event(store: Store) -> None:
    lived(store)
    kept = {kind: [row.seq for row in ask(store, "SELECT seq FROM events WHERE kind = :kind ORDER BY seq", kind=kind)] for kind in
            ("opened", "done", "confirm", "progress", "undo", "grant", "extend", "figure")}
    with store.engine.connect() as db:
        for statement, kind, what in BEHIND:
            with db.begin_nested() as forged:
                assert any(_belied(db, statement, seq, what) for seq in kept[kind]), (statement, what)
                forged.rollback()


def _belied(db: Connection, statement: str, seq: int, what: str) -> bool:
    """Whether an audit names the event after the statement was run on its rows."""
    with db.begin_nested() as forged:
        changed = db.execute(text(statement), {"seq": seq}).rowcount
        told = {(each.seq, each.what) for _, each in audit.departures(db, CALENDAR)} if changed else set()
        forged.rollback()
    return (seq, what) in told


def cut(store: Store, last: int) -> None:
    """Cut the chain off after an event and mend the counter, with everything that follows from what is gone."""
    tell(store, "DELETE FROM events WHERE seq > :last", last=last)
    tell(store, "UPDATE directives SET seq = :last", last=last)


def test_d81_a_chain_that_was_cut_off_is_found_by_what_follows_from_it(store: Store) -> None:
    lived(store)
    last = seq_of(store, "progress")
    cut(store, last)
    assert {(last + 1, "cut")} <= set(found(store))


def test_d81_a_chain_that_was_cut_off_with_its_rows_is_found_by_the_head_in_a_leaders_letter(store: Store) -> None:
    number = open_directive(store, paper(), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=NOW).directive
    with store.write() as db:
        chain.append(db, number, NOW, *(chain.Event(kind="amended", payload={"n": n}) for n in range(3)))
    with store.read() as db:
        stood = standing.standing(db, number, CALENDAR, at("2020-05-19"))
    printed = f"{stood.seq}:{stood.head[:16]}"
    assert printed in page.letter(stood, "https://dondoc.example/l/x", "chair")[2]
    assert found(store, printed, stood.head) == []
    cut(store, stood.seq - 2)
    assert found(store) == []  # whole in itself
    assert found(store, printed, stood.head) == [(stood.seq, "head"), (0, "head")]


def test_d81_a_chain_that_was_written_anew_is_found_by_the_reports_that_were_made(store: Store) -> None:
    lived(store)
    rows = ask(store, "SELECT * FROM events ORDER BY seq")
    head = ""
    for row in rows:  # every hash follows, and the first word is another
        said = dict(row._mapping) | {"kind": "issued!" if row.seq == 1 else row.kind}
        head = chain.link(head, said)
        tell(store, "UPDATE events SET kind = :kind, hash = :hash WHERE seq = :seq", kind=said["kind"], hash=head, seq=row.seq)
    with store.read() as db:
        assert chain.verify(db, rows[0].directive) is None
    first = ask(store, "SELECT min(seq) AS seq FROM reports")[0].seq
    assert found(store)[0] == (first, "head")


def test_d82_eight_agencies_at_once_leave_one_unbroken_chain(store: Store) -> None:
    wards = duty("1", "wards", "radio", "union", "insurance", "education", "school-1")
    number = open_directive(store, paper(wards), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=NOW).directive
    holders = ["ward-a", "ward-b", "ward-c", "radio", "union", "insurance", "education", "school-1"]
    before = len(ask(store, "SELECT 1 FROM events"))

    def speak(unit: str) -> None:
        for turn_ in range(6):
            assert says(store, unit, "progress", "1", at("2020-05-19"), note=f"lần {turn_}").number

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(speak, holders))
    assert len(ask(store, "SELECT 1 FROM events")) == before + 48
    with store.read() as db:
        assert chain.verify(db, number) is None
        assert replaying.departures(db, number, CALENDAR) == ()


MAI = Said(name="Trần Thị Mai Hương", role="Văn thư phường", link="l1", ip="203.0.113.7", agent="Mozilla/5.0 (Mai)")


def mai_says(store: Store, number: int, now: datetime) -> None:
    """She reports progress of a task."""
    said = Act(kind="progress", task=number, said=MAI, key=f"mai-{number}", note="đã họp dân")
    assert acts.act(store, said, CALENDAR, now).number


TRACES = (MAI.name, MAI.role, MAI.ip, MAI.agent)


def everywhere(store: Store) -> str:
    """Every value of every row."""
    tables = [row[0] for row in ask(store, _TABLES[store.engine.dialect.name])]
    return "\n".join(repr(tuple(row)) for table in tables for row in ask(store, f"SELECT * FROM {table}"))


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
}


def test_d83_erasing_a_person_forgets_the_name_everywhere_and_keeps_the_chain(store: Store) -> None:
    number = open_directive(store, paper(), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=NOW).directive
    wards = [row.id for row in ask(store, "SELECT k.id FROM tasks k JOIN duties u ON u.id = k.duty WHERE u.clause = '1' ORDER BY k.id")]
    mai_says(store, wards[0], at("2020-05-18", "10:00"))
    post(store, CALENDAR, at("2020-05-18", "10:01"))  # this receipt has left
    mai_says(store, wards[1], at("2020-05-18", "11:00"))
    LedgerOutbox(store, CALENDAR, "office.example").claim("receipt", at("2020-05-18", "11:01"), 9)  # this one is at the relay
    mai_says(store, wards[2], at("2020-05-18", "12:00"))  # and this one waits
    assert all(trace in everywhere(store) for trace in TRACES)
    done = erasing.erase(store, MAI.name, "theo đề nghị của người có tên", at("2020-05-20"))
    assert (done.persons, done.directives) == (3, 1)
    assert [trace for trace in TRACES if trace in everywhere(store)] == []
    assert found(store) == []
    told = ask(store, "SELECT payload FROM events ORDER BY seq DESC LIMIT 1")[0].payload
    assert json.loads(told)["note"] == "theo đề nghị của người có tên"
    assert erasing.erase(store, MAI.name, "lần nữa", at("2020-05-20")).persons == 0
    turn(store, CALENDAR, PRACTICE, at("2020-05-25"))
    sent = post(store, CALENDAR, at("2020-05-25"))
    assert {"receipt", "report"} <= {notice.lane for notice in sent}
    with store.read() as db:
        stood = standing.standing(db, number, CALENDAR, at("2020-05-26"))
    exported = "".join(map(repr, sent)) + "".join(page.letter(stood, "https://dondoc.example/l/x", "chair"))
    assert [trace for trace in TRACES if trace in exported] == []


def test_d83_an_answer_by_mail_that_waits_forgets_the_name_and_can_still_be_read(store: Store) -> None:
    open_directive(store, paper(), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=NOW)
    said = Saying(kind="progress", note=f"{MAI.name} đang làm")
    answer = Answer(agency=1, letter=0, sayings=[said], words=f"{MAI.name} báo: đang làm", files=[("0" * 64, f"{MAI.name}.pdf", 1)])
    replying.propose(store, Arrival(source="mail", key="1"), answer, NOW)
    assert erasing.erase(store, MAI.name, "theo đề nghị", NOW).replies == 1
    assert MAI.name not in everywhere(store)
    with store.read() as db:
        [left] = replying.waiting(db, CALENDAR)
    assert (left.words, left.said.note, left.files[0][1]) == ("… báo: đang làm", "… đang làm", "….pdf")
    assert erasing.erase(store, MAI.name, "lần nữa", NOW).replies == 0


# The commands

def test_d81_the_command_names_what_is_wrong_and_the_first_event_of_it(dondoc: Terminal) -> None:
    dondoc("apply", SAMPLE, "--yes")
    assert dondoc("audit", "verify").err == "Sổ đúng: 1 văn bản, 4 sự kiện nối liền nhau, mọi dòng khớp với sự kiện.\n"
    [head] = dondoc.json("audit", "heads")["heads"]
    kept = f"{head['seq']}:{head['head'][:16]}"
    assert kept in dondoc("audit", "heads").out
    assert dondoc("audit", "verify", "--head", kept, "--head", head["head"]).code == 0
    assert dondoc("audit", "verify", "--head", "dấu").code == 2
    with dondoc.office() as office:
        tell(office.store, "DELETE FROM events WHERE seq = 4")
        tell(office.store, "UPDATE directives SET seq = 3")
    ended = dondoc("audit", "verify", "--head", kept)
    assert ended.code == 1
    assert "sự kiện 4 đã bị cắt" in ended.out
    assert f"sự kiện 4 không mang dấu {head['head'][:16]}" in ended.out
    assert {each["seq"] for each in dondoc("audit", "verify", "--head", kept, "--json").json["found"]} >= {4}


def test_d83_the_command_erases_a_name_and_says_what_it_cannot_reach(dondoc: Terminal) -> None:
    dondoc("apply", SAMPLE, "--yes")
    with dondoc.office() as office:
        task = ask(office.store, "SELECT k.id, u.clause FROM tasks k JOIN duties u ON u.id = k.duty ORDER BY k.id")[0]
        mai_says(office.store, task.id, dondoc.at)
    assert MAI.name in dondoc("show", NUMBER, task.clause).out
    ended = dondoc("audit", "erase", MAI.name, "--reason", "theo đề nghị")
    assert (ended.code, "1 lần ghi tên" in ended.out, "Bản sao lưu" in ended.err) == (0, True, True)
    shown = dondoc("show", NUMBER, task.clause).out
    assert (MAI.name in shown, "theo đề nghị" in dondoc("show", NUMBER, task.clause, "--json").out) == (False, False)
    assert dondoc("audit", "verify").code == 0
    assert dondoc("audit", "erase", MAI.name, "--reason", "theo đề nghị").code == 1


def test_d83_files_that_still_hold_the_name_are_named_and_the_ledgers_own_file_holds_it_no_more(dondoc: Terminal) -> None:
    dondoc("apply", SAMPLE, "--yes")
    with dondoc.office() as office:
        mai_says(office.store, ask(office.store, "SELECT min(id) AS id FROM tasks")[0].id, dondoc.at)
    kept = {
        "bao-cao.html": MAI.name, ".dondoc/undo/1.json": json.dumps({"who": MAI.name}), ".dondoc/prefect/prefect.db": f"\0{MAI.name}\0",
    }
    for name, words in kept.items():
        dondoc.write(name, words)
    with zipfile.ZipFile(dondoc.home / "bao-cao.docx", "w", zipfile.ZIP_DEFLATED) as document:
        document.writestr("word/document.xml", f"<w:t>{MAI.name}</w:t>")
    ended = dondoc("audit", "erase", MAI.name, "--reason", "theo đề nghị", "--json")
    assert ended.code == 1
    named = {str(Path(path).relative_to(dondoc.home)) for path in ended.json["files"]}
    assert named == {*kept, "bao-cao.docx"}
