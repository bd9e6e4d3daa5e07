"""Status files that another system drops: read once they have stopped growing, applied once, every mistake told by row and column."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from config.inbox import Inbox, Taken
from config.settings import Settings
from tasks import dropped
from tasks.dropped_rows import Owed
from tasks.ledger import feeding
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.seals import Seal
from tests.rows import ask
from tests.sample import CALENDAR, COVER, LEAFLETS, PEOPLE, PRACTICE, at, by, duty, paper

ISSUED = at("2020-05-18")
LATER = at("2020-05-20")
HEADING = "Văn bản,Mục,Đơn vị,Tình trạng,Nội dung,Văn bản trả lời,Lùi đến"
DONE = "898/UBND,6.4,insurance,xong,,12/BC-BHXH ngày 19/5/2020,"
FURTHER = "898/UBND,3,radio,xin lùi hạn,mưa,,5/6/2020"
CLOSED = "898/UBND,3,radio,đã tiếp nhận,,,"

Round = Callable[[], Taken]


@pytest.fixture
def inbox(sqlite_store: Store, tmp_path: Path) -> Path:
    """The folder of a trusted system in an inbox over a paper with three clauses."""
    duties = (LEAFLETS, duty("3", "radio", due=by("2020-05-29")), COVER)
    open_directive(sqlite_store, paper(*duties), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    (tmp_path / "inbox" / "mot-cua").mkdir(parents=True)
    return tmp_path / "inbox" / "mot-cua"


@pytest.fixture
def take(inbox: Path, sqlite_store: Store) -> Round:
    """One round; its clock goes on by five minutes."""
    now = [LATER]

    def taken() -> Taken:
        now[0] += timedelta(minutes=5)
        settings = Settings(home=inbox.parent.parent, inbox_trust=("mot-cua", "done"))
        return Inbox(settings=settings, store=sqlite_store, calendar=CALENDAR).take(now[0])

    return taken


def csv(*rows: str, heading: str = HEADING) -> bytes:
    return "\n".join((heading, *rows)).encode()


def xlsx(*rows: str) -> bytes:
    book, page = Workbook(), BytesIO()
    for row in (HEADING, *rows):
        book.worksheets[0].append(row.split(","))
    book.save(page)
    return page.getvalue()


def objects(*rows: str) -> bytes:
    return json.dumps([dict(zip(HEADING.split(","), row.split(","), strict=True)) for row in rows]).encode()


def reports(inbox: Path, where: str) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((inbox.parent / where).glob("*.txt"))]


def left(inbox: Path) -> list[str]:
    return sorted(path.name for path in inbox.iterdir() if path.is_file())


@pytest.mark.parametrize(("name", "data"), [
    ("tinh-hinh.csv", csv(DONE, FURTHER)), ("tinh-hinh.xlsx", xlsx(DONE, FURTHER)), ("tinh-hinh.json", objects(DONE, FURTHER)),
])
def test_a_file_is_applied_once_and_put_away_with_its_report(
    sqlite_store: Store, inbox: Path, take: Round, name: str, data: bytes
) -> None:
    (inbox / name).write_bytes(data)
    assert [take(), take(), take()] == [Taken(), Taken(done=1, rows=2), Taken()]
    assert left(inbox) == []
    done = ask(sqlite_store, "SELECT u.clause FROM tasks k JOIN duties u ON u.id = k.duty WHERE k.state = 'done'")
    assert [row.clause for row in done] == ["6.4"]
    assert [str(row.until) for row in ask(sqlite_store, "SELECT until FROM requests")] == ["2020-06-05"]
    payloads = [json.loads(row.payload) for row in ask(sqlite_store, "SELECT payload FROM events WHERE kind IN ('done', 'extend')")]
    first = 1 if name.endswith("json") else 2
    assert [each["source"] for each in payloads] == [f"tệp {name}, dòng {first}", f"tệp {name}, dòng {first + 1}"]
    [report] = reports(inbox, "done")
    assert "đã ghi số 898-6.4-" in report
    (inbox / name).write_bytes(data)
    assert [take(), take()] == [Taken(), Taken(done=1)]
    assert "đã nhận trước đây" in reports(inbox, "done")[1]


def test_a_row_that_comes_again_in_another_file_changes_nothing(sqlite_store: Store, inbox: Path, take: Round) -> None:
    (inbox / "hom-qua.csv").write_bytes(csv(DONE))
    take(), take()
    (inbox / "hom-nay.csv").write_bytes(csv(FURTHER, DONE))
    assert [take(), take()] == [Taken(), Taken(done=1, rows=1, known=1)]
    assert len(ask(sqlite_store, "SELECT 1 FROM events WHERE kind = 'done'")) == 1


def test_a_file_that_is_still_written_is_left_alone(inbox: Path, take: Round) -> None:
    file = inbox / "cham.csv"
    file.write_bytes(csv(DONE))
    assert take() == Taken()
    with file.open("ab") as more:
        more.write(f"\n{FURTHER}".encode())
    assert take() == Taken()
    assert take() == Taken(done=1, rows=2)


@pytest.mark.parametrize("name", [".tinh-hinh.csv", "~$tinh-hinh.xlsx", "tinh-hinh.csv.part", "tinh-hinh.csv.tmp"])
def test_a_file_whose_name_says_that_it_is_unfinished_is_left_alone(inbox: Path, take: Round, name: str) -> None:
    (inbox / name).write_bytes(csv(DONE))
    assert [take(), take()] == [Taken(), Taken()]
    assert left(inbox) == [name]


@pytest.mark.parametrize("name", [
    f"{'Tình hình thực hiện ' * 12}.csv".encode()[-255:], b"t\xecnh hinh.csv",
], ids=["long", "not UTF-8"])  # fmt: skip
def test_a_file_of_any_name_is_put_away_and_holds_up_no_other(inbox: Path, take: Round, name: bytes) -> None:
    (inbox / os.fsdecode(name)).write_bytes(csv(DONE))
    (inbox / "sau.csv").write_bytes(csv(FURTHER))
    assert [take(), take()] == [Taken(), Taken(done=2, rows=2)]
    assert left(inbox) == []
    assert {path.name[-4:] for path in (inbox.parent / "done").iterdir()} == {".csv", ".txt"}


def test_what_cannot_be_put_away_holds_up_nothing_and_is_recorded_once(sqlite_store: Store, inbox: Path, take: Round) -> None:
    (inbox.parent / "done").symlink_to("nowhere")
    (inbox / "x.csv").write_bytes(csv(DONE))
    (inbox / "y.csv").write_bytes(b"\xff\xff\xff")
    assert [take(), take(), take()] == [Taken(), Taken(bad=1), Taken()]
    assert "x.csv" in left(inbox)
    assert len(ask(sqlite_store, "SELECT 1 FROM events WHERE kind = 'done'")) == 1


def test_a_file_with_one_mistake_is_not_applied_at_all(sqlite_store: Store, inbox: Path, take: Round) -> None:
    (inbox / "sai.csv").write_bytes(csv(DONE, "898/UBND,3,radio,tốt,,,", "898/UBND,6.4,Đài,xong,,,"))
    assert [take(), take()] == [Taken(), Taken(bad=1)]
    assert ask(sqlite_store, "SELECT 1 FROM acts") == []
    [report] = reports(inbox, "bad")
    assert report.splitlines() == [
        "chưa ghi dòng nào: sửa các lỗi sau rồi đặt lại tệp vào inbox/",
        (
            "dòng 3, cột Tình trạng: D188 không hiểu tình trạng 'tốt'; "
            "xong, đang thực hiện, đã tiếp nhận, xin lùi hạn, không thuộc thẩm quyền, hoặc số liệu"
        ),
        "dòng 4, cột Đơn vị: D187 'Đài' không phải là một đơn vị trong sổ; ghi mã của đơn vị",
    ]


def test_what_the_rules_refuse_is_named_and_keeps_nothing_back(sqlite_store: Store, inbox: Path, take: Round) -> None:
    without_evidence = "898/UBND,6.4,insurance,xong,,,"
    (inbox / "x.csv").write_bytes(csv(without_evidence, FURTHER))
    assert [take(), take()] == [Taken(), Taken(done=1, rows=1, refused=1)]
    assert "dòng 2: không ghi được: Việc này cần minh chứng" in reports(inbox, "done")[0]


def test_figures_are_the_sources_and_a_folder_speaks_for_its_agency_alone(sqlite_store: Store, inbox: Path, take: Round) -> None:
    heading = "Văn bản,Mục,Đơn vị,Số đạt,Tổng số,Ngày"
    (inbox.parent / "insurance").mkdir()
    (inbox.parent / "insurance" / "so.csv").write_bytes(csv("898/UBND,10,ward-a,3.960,5.070,19/5/2020", heading=heading))
    (inbox.parent / "ward-b").mkdir()
    (inbox.parent / "ward-b" / "so.csv").write_bytes(csv("898/UBND,10,ward-b,3.960,5.070,19/5/2020", heading=heading))
    assert [take(), take()] == [Taken(), Taken(done=2, rows=1, refused=1)]
    assert [(row.numerator, row.on) for row in ask(sqlite_store, 'SELECT numerator, "on" FROM readings')] == [(3960, "2020-05-19")]
    assert "Số liệu này do Cơ quan insurance nhập" in "".join(reports(inbox, "done"))


def marked(inbox: Path, store: Store, *, of: str) -> str:
    """The mark that the row of a clause bears in a workbook handed out now."""
    [row] = ask(store, "SELECT k.id FROM tasks k JOIN duties u ON u.id = k.duty WHERE u.clause = :clause LIMIT 1", clause=of)
    office = Inbox(settings=Settings(home=inbox.parent.parent), store=store, calendar=CALENDAR)
    with store.read() as db:
        return office.seals.mark(Seal(row.id, feeding.since(db, [row.id])[row.id].seq))


def test_a_file_that_proves_nothing_speaks_for_nobody(sqlite_store: Store, inbox: Path, take: Round) -> None:
    lying = inbox.parent / "tinh-hinh.csv"
    lying.write_bytes(csv(DONE, FURTHER))
    assert [take(), take()] == [Taken(), Taken(bad=1)]
    assert ask(sqlite_store, "SELECT 1 FROM acts") == []
    [report] = reports(inbox, "bad")
    assert [line.split(".")[0] for line in report.splitlines()] == [f"dòng {n}: không ghi được: không rõ ai gửi" for n in (2, 3)]
    assert "inbox/<mã đơn vị>/" in report
    (inbox / "tinh-hinh.csv").write_bytes(csv(DONE, FURTHER))  # the same, where it may speak
    assert [take(), take()] == [Taken(), Taken(done=1, rows=2)]


def test_the_mark_of_a_row_handed_out_speaks_for_its_own_agency_alone(sqlite_store: Store, inbox: Path, take: Round) -> None:
    heading = "Văn bản,Mục,Đơn vị,Tình trạng,Số liệu,Dấu"
    mine, figure = marked(inbox, sqlite_store, of="3"), marked(inbox, sqlite_store, of="10")
    rows = f"898/UBND,3,radio,đã tiếp nhận,,{mine}", f'898/UBND,10,ward-a,,"86,5",{figure}'
    for name, row in zip(("mot.csv", "hai.csv"), rows, strict=True):
        (inbox.parent / name).write_bytes(csv(row, heading=heading))
    assert [take(), take()] == [Taken(), Taken(done=2, rows=1, refused=1)]
    assert any("Số liệu này do Cơ quan insurance nhập" in report for report in reports(inbox, "done"))
    (inbox.parent / "gia.csv").write_bytes(csv(f"898/UBND,6.4,insurance,đã tiếp nhận,,{mine}", heading=heading))
    assert [take(), take()] == [Taken(), Taken(bad=1)]
    assert "D197" in reports(inbox, "bad")[0]


def test_in_an_agencys_folder_nothing_is_said_for_another(sqlite_store: Store, inbox: Path, take: Round) -> None:
    (inbox.parent / "ward-b").mkdir()
    (inbox.parent / "ward-b" / "so.csv").write_bytes(csv("898/UBND,3,radio,đã tiếp nhận,,,"))
    assert [take(), take()] == [Taken(), Taken(done=1, refused=1)]
    assert ask(sqlite_store, "SELECT 1 FROM acts") == []


@pytest.mark.parametrize(("name", "data", "said"), [
    ("x.csv", b"", "D016"), ("x.csv", b"\xff\xff\xff", "D003"), ("x.xlsx", b"PK\x03\x04rubbish", "D162"), ("x.json", b"{", "D162"),
    ("x.json", b"[" * 100_000, "D162"), ("x.json", b'{"a": 1}', "D162"), ("x.exe", b"MZ", "chỉ đọc được .csv"),
    ("x.csv", csv(heading="Văn bản,Mục"), "D031 thiếu 'Đơn vị'"),
])
def test_rubbish_is_put_aside_with_a_reason(inbox: Path, take: Round, name: str, data: bytes, said: str) -> None:
    (inbox / name).write_bytes(data)
    take()
    assert (take().bad, left(inbox)) == (1, [])
    assert said in reports(inbox, "bad")[0]


def test_without_a_folder_there_is_nothing_to_do(sqlite_store: Store, tmp_path: Path) -> None:
    assert Inbox(settings=Settings(home=tmp_path), store=sqlite_store, calendar=CALENDAR).take(LATER) == Taken()


class Known:
    """A ledger with one paper, one clause and one agency, for the rules of rows alone."""

    def papers(self, number: str, on: date | None) -> Sequence[int]:
        return (1,) if number == "898/UBND" else (1, 2) if number == "1/UBND" else ()

    def clauses(self, paper: int) -> Sequence[str]:
        return ("6.4", "7")

    def agencies(self, word: str) -> Sequence[str]:
        return (word,) if word in ("bhxh", "dai") else ()

    def tasks(self, paper: int, clause: str, agency: str) -> Sequence[Owed]:
        return (Owed(5, "2020-06-30", ""), Owed(4, "2020-05-30", "")) if (clause, agency) == ("6.4", "bhxh") else ()

    def seal(self, mark: str) -> Seal | None:
        return Seal(*map(int, mark.split("."))) if mark.count(".") == 1 else None

    def since(self, task: int) -> int:
        return 20 + task


#: What each code is said of, a file by its heading and rows.
FAULTS = {
    "D148": ("Văn bản,Mục,Đơn vị,Tình trạng", "898/UBND,9,bhxh,xong"),
    "D185": ("Văn bản,Mục,Đơn vị,màu sắc", "898/UBND,6.4,bhxh,đỏ"),
    "D186": ("Văn bản,Mục,Đơn vị,Tình trạng", "1/UBND,6.4,bhxh,xong"),
    "D187": ("Văn bản,Mục,Đơn vị,Tình trạng", "898/UBND,6.4,Bảo hiểm,xong"),
    "D188": ("Văn bản,Mục,Đơn vị,Tình trạng", "898/UBND,6.4,bhxh,tốt"),
    "D189": ("Văn bản,Mục,Đơn vị,Số liệu,Tình trạng", "898/UBND,6.4,bhxh,gần đủ,xong"),
    "D190": ("Văn bản,Mục,Đơn vị,Tình trạng,Lùi đến", "898/UBND,6.4,bhxh,lùi hạn,cuối tháng"),
    "D191": ("Văn bản,Mục,Đơn vị,Tình trạng", "898/UBND,7,dai,xong"),
    "D192": ("Văn bản,Mục,Đơn vị,Tình trạng", "898/UBND,6.4,bhxh,xong\n898/UBND,6.4,bhxh,đã xong"),
    "D197": ("Văn bản,Mục,Đơn vị,Tình trạng,Dấu", "898/UBND,6.4,bhxh,xong,4.25"),
    "D198": ("Văn bản,Mục,Đơn vị,Tình trạng,Dấu", "898/UBND,6.4,bhxh,xong,5.24"),
}


def codes_of(heading: str, rows: str) -> set[str]:
    """What is said of a status file."""
    found = dropped.read(f"{heading}\n{rows}".encode(), "tinh-hinh.csv", Known(), date(2020, 5, 20))
    return {mistake.code for _, _, mistake in found.troubles}


@pytest.mark.parametrize("code", FAULTS)
def test_each_mistake_of_a_row_has_its_code(code: str) -> None:
    assert codes_of(*FAULTS[code]) == {code}


@pytest.mark.parametrize(("term", "task"), [("", 5), ("2020-05-30", 4), ("30/5/2020", 4)])
def test_a_row_names_its_term_or_means_the_newest(term: str, task: int) -> None:
    heading, row = "paper,clause,agency,term,state", f"898/UBND,6.4,bhxh,{term},done"
    [found] = dropped.read(f"{heading}\n{row}".encode(), "x.csv", Known(), date(2020, 5, 20)).rows
    assert (found.task, found.saying.kind) == (task, "done")


@pytest.mark.parametrize(("typed", "value"), [("86,5%", "86.5"), ("86.5%", "86.5"), ("3.960", "3960"), ("3960", "3960")])
def test_figures_are_read_as_people_write_them(typed: str, value: str) -> None:
    data = f"Văn bản;Mục;Đơn vị;Số liệu\n898/UBND;6.4;bhxh;{typed}".encode()
    [found] = dropped.read(data, "x.csv", Known(), date(2020, 5, 20)).rows
    assert (str(found.saying.value), found.saying.on) == (f"{value}{'' if '.' in value else '.0'}", date(2020, 5, 20))
