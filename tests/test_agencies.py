"""The directory as offices hand it over: a table comes in whole or not at all, and who cannot be reached is named."""

from __future__ import annotations

import io
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import text

from directives.language.addresses import AddressError, address
from directives.language.reading import read
from directives.language.rolls import printed, roll_of, slug
from tasks.ledger import acts, opening
from tasks.ledger.roster import silent
from tasks.ledger.store import Store
from tasks.values import Act, Said
from tests import command_line
from tests.clockwork import play
from tests.command_line import SAMPLE, Terminal
from tests.sample import CALENDAR, LEAFLETS, PEOPLE, PRACTICE, STANDING, at, paper

dondoc = command_line.dondoc

SCHOOLS = """STT;Mã trường;Tên trường;Loại hình;Trực thuộc;Email;Điện thoại
1;MN01;Trường Mầm non Hoa Sen;"trường; mầm non";Ủy ban nhân dân xã;hoasen@gd.example;0200 000 0101
2;TH02;Trường Tiểu học Số 2;trường;ubnd-xa;tieuhoc2@gd.example;
3;;Trường THCS Số 3;trường;Trường Tiểu học Số 2;;
"""


def workbook(*rows: Sequence[object], merge: str = "") -> bytes:
    """A workbook of one sheet."""
    book, out = Workbook(), io.BytesIO()
    page = book.active
    assert isinstance(page, Worksheet)
    for row in rows:
        page.append(list(row))
    if merge:
        page.merge_cells(merge)
    book.save(out)
    return out.getvalue()


def put(dondoc: Terminal, data: bytes, name: str = "truong.csv") -> str:
    (dondoc.home / name).write_bytes(data)
    return name


def kept(dondoc: Terminal, name: str = "truong") -> str:
    return (dondoc.home / "config" / "agencies" / f"{name}.csv").read_text(encoding="utf-8")


# What comes in

def test_a_table_becomes_a_directory_that_directives_can_use(dondoc: Terminal) -> None:
    ended = dondoc("agencies", "import", put(dondoc, SCHOOLS.encode()))
    assert ended.code == 0, ended.err
    assert "+ mn01  Trường Mầm non Hoa Sen" in ended.out
    assert kept(dondoc).splitlines()[:2] == [
        "id,name,short,kind,in,head,mail,phone,since,until,successor",
        "mn01,Trường Mầm non Hoa Sen,,truong; mam-non,ubnd-xa,,hoasen@gd.example,0200 000 0101,,,",
    ]
    dondoc.write("directives/moi.yaml", (
        "directive: 2/UBND\ndate: 2/3/2026\ntitle: Khai giảng\nissuer: ubnd-xa\nto: truong\ngroups: { truong: { kind: truong } }\n"
        "duties:\n  1: { do: Tổ chức khai giảng, lead: truong, due: 15/3/2026 }\n"
    ))
    reading = read([dondoc.home / "directives" / "moi.yaml"], dondoc.home / "config" / "agencies")
    assert [found.code for found in reading.findings] == []
    directory = reading.directives[0][1].directory
    assert directory.agencies["truong-thcs-so-3"].in_ == ("th02",)
    assert directory.agencies["mn01"].in_ == ("ubnd-xa",)


@pytest.mark.parametrize("data", [
    pytest.param(b"\xef\xbb\xbf" + SCHOOLS.encode(), id="with a byte order mark"),
    pytest.param(SCHOOLS.encode("utf-16"), id="as UTF-16"),
    pytest.param(unicodedata.normalize("NFD", SCHOOLS).encode(), id="with letters taken apart"),
    pytest.param(SCHOOLS.replace("\n", "\r\n").encode(), id="with other line ends"),
    pytest.param(SCHOOLS.replace('"trường; mầm non"', '"trường, mầm non"').replace(";", "\t").encode(), id="parted by tabs"),
])
def test_however_a_table_was_saved_the_same_directory_comes_of_it(data: bytes) -> None:
    plain, _ = roll_of(SCHOOLS.encode(), Path("truong.csv"))
    other, _ = roll_of(data, Path("truong.csv"))
    assert other.directory == plain.directory
    assert len(plain.directory.agencies) == 3


def test_a_workbook_is_read_as_a_clerk_sees_it() -> None:
    data = workbook(("Mã", "Tên", "Ngày thành lập", "Điện thoại"), (7, "Trường số 7", at("2020-09-01").replace(tzinfo=None), 2920000001))
    book, shown = roll_of(data, Path("truong.xlsx"))
    [agency] = book.directory.agencies.values()
    assert (agency.id, str(agency.since), agency.phone) == ("7", "2020-09-01", "2920000001")
    assert "Trường số 7" in shown.split("\n")[1]


def test_the_same_table_twice_changes_nothing(dondoc: Terminal) -> None:
    name = put(dondoc, SCHOOLS.encode())
    dondoc("agencies", "import", name)
    before = kept(dondoc)
    ended = dondoc("agencies", "import", name)
    assert (ended.code, ended.out) == (0, "Không có gì mới: 3 đơn vị như cũ.\n")
    assert kept(dondoc) == before
    assert roll_of(before.encode(), Path("truong.csv"))[0].directory.agencies
    assert printed(roll_of(before.encode(), Path("truong.csv"))[0].directory.agencies.values()) == before


def test_a_later_table_adds_and_changes_and_only_replace_removes(dondoc: Terminal) -> None:
    dondoc("agencies", "import", put(dondoc, SCHOOLS.encode()))
    later = "Mã;Tên;Email\nth02;Trường Tiểu học Số 2;moi@gd.example\nth04;Trường Tiểu học Số 4;\n".encode()
    ended = dondoc("agencies", "import", put(dondoc, later))
    assert "mail: tieuhoc2@gd.example → moi@gd.example" in ended.out
    assert "1 đơn vị mới, 1 đổi, 0 bỏ." in ended.err
    assert len(kept(dondoc).splitlines()) == 5
    ended = dondoc("agencies", "import", "truong.csv", "--replace", "--dry-run")
    assert "- mn01  Trường Mầm non Hoa Sen" in ended.out
    assert len(kept(dondoc).splitlines()) == 5
    dondoc("agencies", "import", "truong.csv", "--replace")
    assert len(kept(dondoc).splitlines()) == 3


# What is told

HEAD = "Mã;Tên;Trực thuộc;Email\n"


@pytest.mark.parametrize(("data", "line", "code", "said"), [
    (f"{HEAD}a;A;;a@x.example\nb;B;;sai\n", 3, "D051", "dạng ten@donvi.vn"),
    (f'{HEAD}a;A;;"a@x.example; b@x.example"\n', 2, "D051", "chỉ ghi một địa chỉ"),
    (f"{HEAD}a;A;;trường@x.example\n", 2, "D051", "không dấu"),
    (f"{HEAD}a;A;;\nA;B;;\n", 3, "D018", "dòng 2"),
    (f"{HEAD}a;;;a@x.example\n", 2, "D168", "không có tên"),
    (f"{HEAD}a;A;Phòng nào đó;\n", 2, "D061", "Phòng nào đó"),
    (f"{HEAD}a;A;b;\nb;B;a;\n", 2, "D075", "trực thuộc chính mình"),
    (f"{HEAD}a;Trường Một;;\nb;Trường Một;;\nc;C;Trường Một;\n", 4, "D167", "tên của 2 đơn vị"),
    (f"{HEAD}ubnd-xa;A;;\n", 2, "D169", "danh bạ khác"),
    ("Mã;Màu;Tên\na;đỏ;A\n", 1, "D166", "không hiểu cột 'Màu'"),
    ("Mã;Email\na;a@x.example\n", 1, "D031", "thiếu 'name'"),
], ids=str)
def test_what_is_wrong_is_told_by_row_and_nothing_is_written(dondoc: Terminal, data: str, line: int, code: str, said: str) -> None:
    ended = dondoc("agencies", "import", put(dondoc, data.encode()))
    assert ended.code == 1
    assert f"truong.csv:{line}:" in ended.out
    assert code in ended.out
    assert said in ended.out
    assert not (dondoc.home / "config" / "agencies" / "truong.csv").exists()


@pytest.mark.parametrize(("data", "code", "line"), [
    (workbook(("Mã", "Tên"), ("a", "=B3")), "D165", 2),
    (workbook(("Mã", "Tên", "Loại"), ("a", "A", "xã"), ("b", "B", None), merge="C2:C3"), "D164", 2),
    (b"PK\x03\x04 no workbook at all", "D162", 1),
], ids=["formula", "merged", "broken"])
def test_what_a_workbook_hides_is_told(dondoc: Terminal, data: bytes, code: str, line: int) -> None:
    ended = dondoc("agencies", "import", put(dondoc, data, "truong.xlsx"))
    assert ended.code == 1
    assert code in ended.out
    assert f"truong.xlsx:{line}:" in ended.out


def test_a_title_above_the_columns_is_passed_over(dondoc: Terminal) -> None:
    rows = (("PHÒNG GIÁO DỤC VÀ ĐÀO TẠO", None), ("Danh sách trường", None), ("STT", "Tên trường"), ("1", "Trường Tiểu học Một"))
    ended = dondoc("agencies", "import", put(dondoc, workbook(*rows, merge="A1:B1"), "truong.xlsx"))
    assert (ended.code, ended.out) == (0, "+ truong-tieu-hoc-mot  Trường Tiểu học Một\n")


def test_a_trial_says_that_nothing_was_written(dondoc: Terminal) -> None:
    ended = dondoc("agencies", "import", put(dondoc, f"{HEAD}a;A;;\n".encode()), "--dry-run")
    assert "Chạy thử: chưa ghi gì." in ended.err


def test_a_table_that_would_unpack_to_more_than_memory_is_refused() -> None:
    book, _ = roll_of(b"x" * 33_000_000, Path("truong.csv"))
    assert [found.code for found in book.findings] == ["D161"]


def test_a_table_without_end_stops_at_its_bound() -> None:
    book, _ = roll_of(b"Ten\n" + b"A\n" * 200_002, Path("truong.csv"))
    assert book.findings[-1].code == "D163"


def test_a_directory_written_by_hand_is_not_written_over(dondoc: Terminal) -> None:
    ended = dondoc("agencies", "import", put(dondoc, SCHOOLS.encode()), "--as", "don-vi")
    assert ended.code == 1
    assert "viết tay" in ended.err
    assert "--as don-vi-2" in ended.err


def test_a_nation_of_schools_comes_in_within_twenty_seconds() -> None:
    heading = "Mã;Tên;Loại;Trực thuộc;Email\n"
    communes = "".join(f"xa-{n};Ủy ban nhân dân xã số {n};xã;;xa{n}@tinh.example\n" for n in range(3321))
    schools = "".join(f"t{n};Trường số {n};trường;Ủy ban nhân dân xã số {n % 3321};t{n}@gd.example\n" for n in range(53_000))
    began = time.process_time()
    book, _ = roll_of((heading + communes + schools).encode(), Path("truong.csv"))
    table = printed(book.directory.agencies.values())
    assert time.process_time() - began < 20
    assert (len(book.directory.agencies), book.findings, len(table.splitlines())) == (56_321, (), 56_322)
    assert book.directory.agencies["t52999"].in_ == (f"xa-{52_999 % 3321}",)


# Addresses and ids

@pytest.mark.parametrize(("typed", "wire"), [
    ("vanthu@xa.example", "vanthu@xa.example"), (" vanthu@xa.example ", "vanthu@xa.example"),
    ("van.thu@trường.example", "van.thu@xn--trng-rib8295b.example"),
])
def test_an_address_is_kept_as_it_goes_on_the_wire(typed: str, wire: str) -> None:
    assert address(typed) == wire


@pytest.mark.parametrize(("typed", "why"), [
    ("a@b.vn, x@evil.example", "several"), ("a@@b.vn", "several"), ("trường@x.example", "accents"), ("a", "form"), ("a@b.vn.", "form"),
    ("c@d.vn\r\nRCPT TO:<x@evil.example>", "several"), ("x" * 65 + "@b.vn", "long"), ("a@" + "b" * 260 + ".vn", "long"),
])
def test_what_is_no_address_says_why(typed: str, why: str) -> None:
    with pytest.raises(AddressError) as refused:
        address(typed)
    assert refused.value.why == why


@pytest.mark.parametrize(("name", "id_"), [
    ("Trường Mầm non 1/5", "truong-mam-non-1-5"), ("MN01", "mn01"), ("79.001", "79.001"), ("Đoàn–Hội", "doan-hoi"), ("…", ""),
])
def test_an_id_is_made_of_plain_letters(name: str, id_: str) -> None:
    assert slug(name) == id_


# Who is there

def test_the_directory_is_listed_and_filtered(dondoc: Terminal) -> None:
    dondoc("agencies", "import", put(dondoc, SCHOOLS.encode()))
    shown = dondoc("agencies", "list", "--in", "ubnd-xa", "--kind", "truong").out
    assert "Trường Tiểu học Số 2" in shown
    assert "Trạm Y tế xã" not in shown
    without = dondoc.json("agencies", "list", "--without-mail", "--kind", "truong")["agencies"]
    assert [(each["id"], each["reached_by"], each["through"]) for each in without] == [("truong-thcs-so-3", "tieuhoc2@gd.example", "th02")]
    alone = {each["id"] for each in dondoc.json("agencies", "list", "--in-no-group")["agencies"]}
    assert "ct" in alone
    assert "mn01" not in alone  # the sample's groups are queries: kind truong


def test_an_agency_is_shown_with_how_it_is_reached(dondoc: Terminal) -> None:
    dondoc("agencies", "import", put(dondoc, SCHOOLS.encode()))
    shown = dondoc("agencies", "show", "truong-thcs-so-3").out
    assert "qua th02" in shown
    ended = dondoc("agencies", "show", "tram-yte")
    assert ended.code == 2
    assert "có phải tram-y-te — Trạm Y tế xã?" in ended.err


def test_the_check_names_who_is_not_reached_and_who_never_answered(dondoc: Terminal) -> None:
    dondoc("agencies", "import", put(dondoc, b"Ma;Ten;Email\nx1;Xa 1;chung@xa.example\nx2;Xa 2;chung@xa.example\nx3;Xa 3;\n"))
    dondoc("apply", SAMPLE, "--yes")
    dondoc("run", "--once", at=at("2026-03-02", "09:00"))
    found = dondoc.json("agencies", "check")["found"]
    assert found["unreachable"] == ["x3"]
    assert found["shared_mail"] == ["chung@xa.example (x1, x2)"]
    assert {"x1", "x2", "x3"} <= set(found["in_no_group"])
    assert "1 nơi không nhận được thư nào: x3" in dondoc("agencies", "check").out


def test_who_was_told_and_never_answered_is_known_to_the_ledger(store: Store) -> None:
    opening.open_directive(store, paper(LEAFLETS, STANDING), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=at("2020-05-18"))
    with store.read() as db:
        assert silent(db) == {}
    list(play(store, CALENDAR, PRACTICE, at("2020-05-18"), at("2020-05-20")))
    with store.read() as db:
        before = silent(db)
    assert before == {"insurance": 1, "ward-a": 1, "ward-b": 1, "ward-c": 1}
    said = Said(name="Văn thư", role="", link="abc", ip="", agent="")
    task = task_of(store, "ward-a")
    acts.act(store, Act(task=task, kind="received", by="ward-a", said=said, key="k1"), CALENDAR, at("2020-05-20"))
    with store.read() as db:
        assert silent(db) == {"insurance": 1, "ward-b": 1, "ward-c": 1}


def task_of(store: Store, agency: str) -> int:
    with store.read() as db:
        found = db.execute(text("SELECT t.id FROM tasks t JOIN agencies a ON a.id = t.agency WHERE a.code = :a"), {"a": agency})
        return int(found.scalar_one())
