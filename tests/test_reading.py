"""A file becomes a directive as its paper means it, and no file, however hostile, costs more than a sentence."""

from __future__ import annotations

import gc
import json
import random
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from directives.language import advice
from directives.language.findings import Finding
from directives.language.mistakes import SENTENCES
from directives.language.reading import Reading, parse, read
from directives.language.sarif import sarif
from directives.language.shapes import Agency, Directive, Directory, Duty, Every, Target

OFFICE = """
agencies:
  ubnd: { name: UBND quận, mail: ubnd@quan.example }
  bhxh: { name: Bảo hiểm xã hội quận, mail: bhxh@quan.example }
  ttvh: { name: Trung tâm Văn hóa quận, mail: ttvh@quan.example }
"""
HEAD = f"title: Vận động tham gia BHYT\ndate: 18/5/2020\nissuer: ubnd\n{OFFICE}"


def directive(text: str) -> Directive:
    """The directive of a text that has no errors."""
    found, findings = parse(HEAD + text, "898.yaml", {})
    assert found is not None, [finding.message for finding in findings]
    return found


def duties(text: str) -> dict[str, Duty]:
    """The duties of a text by clause."""
    return {duty.clause: duty for duty in directive(f"duties:\n{text}").duties}


def codes(findings: list[Finding] | tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


# What a file means.


def test_a_point_inherits_everything_from_its_clause_and_may_say_otherwise() -> None:
    read = duties("""
  6:
    title: Bảo hiểm xã hội quận
    lead: bhxh
    due: before 25/5/2020
    evidence: required
    do:
      - Cấp thẻ đúng hạn
      - do: Soạn tài liệu
        with: ttvh
        due: 30/5/2020
      - ask: Phối hợp tuyên truyền
        lead: ttvh
      - note: Ghi nhận kết quả
""")
    assert list(read) == ["6.1", "6.2", "6.3", "6.4"]
    assert [duty.force for duty in read.values()] == ["do", "do", "ask", "note"]
    assert [duty.lead for duty in read.values()] == [("bhxh",), ("bhxh",), ("ttvh",), ("bhxh",)]
    assert [duty.due.words for duty in read.values() if duty.due] == ["before 25/5/2020", "30/5/2020", *["before 25/5/2020"] * 2]
    assert read["6.2"].with_ == ("ttvh",)
    assert {duty.evidence for duty in read.values()} == {"required"}
    assert {duty.title for duty in read.values()} == {"Bảo hiểm xã hội quận"}


def test_clauses_written_inside_a_clause_inherit_too() -> None:
    read = duties("""
  2:
    lead: bhxh
    2.1: { do: Rà soát }
    2.2: { lead: ttvh, ask: [Viết bài, Đăng tin] }
""")
    assert [(duty.clause, duty.lead, duty.force) for duty in read.values()] == [
        ("2.1", ("bhxh",), "do"), ("2.2.1", ("ttvh",), "ask"), ("2.2.2", ("ttvh",), "ask"),
    ]  # fmt: skip


def test_keys_that_the_paper_does_not_print_are_known_as_such() -> None:
    keys = ["1", "II.1", "2a", "a", "b.2", "end.1"]
    read = duties("".join(f"  {key}: {{ lead: bhxh, do: Rà soát }}\n" for key in keys))
    assert [duty.printed for duty in read.values()] == [True, True, True, False, False, False]


def test_a_duty_is_named_by_its_first_words_and_never_cut_inside_one() -> None:
    sentence = "Tăng cường công tác thông tin, tuyên truyền rộng rãi và sâu rộng về ý nghĩa của bảo hiểm y tế"
    read = duties(f"""
  1: {{ lead: bhxh, do: "{sentence}" }}
  2: {{ lead: bhxh, do: Rà soát., short: Rà }}
  3: {{ lead: bhxh, do: Rà soát. }}
""")
    assert read["1"].short == "Tăng cường công tác thông tin, tuyên truyền rộng rãi và sâu…"
    assert [read[key].short for key in "23"] == ["Rà", "Rà soát"]


def test_every_scalar_stays_the_text_that_was_typed() -> None:
    read = duties("  6.10: { lead: bhxh, do: no, due: 16:00 30/9/2020 }\n  7: { lead: bhxh, do: 0755, short: 12:30 }\n")
    assert [(duty.clause, duty.text, duty.short) for duty in read.values()] == [("6.10", "no", "no"), ("7", "0755", "12:30")]


def test_a_school_year_ends_where_the_period_says() -> None:
    read = directive("""
period: { name: năm học 2020–2021, until: 31/5/2021 }
duties:
  1: { lead: bhxh, do: Thu phí, due: năm học 2020-2021 }
""")
    due = read.duties[0].due
    assert due is not None
    assert (due.form, due.day, due.words) == ("within", date(2021, 5, 31), "năm học 2020-2021")


def test_levels_of_a_cascade_are_kept_apart() -> None:
    read = duties("  1: { lead: bhxh, do: Chỉ đạo, cascade: [ttvh, [bhxh, ubnd]] }\n  2: { lead: bhxh, do: Chỉ đạo, cascade: ttvh }\n")
    assert [read[key].cascade for key in "12"] == [(("ttvh",), ("bhxh", "ubnd")), (("ttvh",),)]


def test_indicators_keep_their_milestones_in_the_order_of_the_paper() -> None:
    read = directive("""
indicators:
  bao-phu:
    name: Độ bao phủ BHYT
    source: bhxh
    baseline: { value: "70,4%", on: 15/5/2020, missing: 3.960, total: 13.378 }
    targets:
      30/6/2020: 85%
      31/12/2020: over 90%
  ngan-sach: { name: Đối tượng được hỗ trợ, targets: 100% }
duties:
  1: { lead: bhxh, do: Vận động, target: bao-phu }
  2: { lead: bhxh, do: Cấp thẻ, target: ngan-sach }
  3: { lead: bhxh, do: Vận động, target: phấn đấu 100% }
""")
    first = read.indicators["bao-phu"]
    assert [milestone.on for milestone in first.targets] == [date(2020, 6, 30), date(2020, 12, 31)]
    assert [(milestone.target.operator, milestone.target.value) for milestone in first.targets] == [(">=", Decimal(85)), (">", Decimal(90))]
    assert first.baseline is not None
    assert (first.baseline.value, first.baseline.missing, first.baseline.total) == (Decimal("70.4"), 3960, 13378)
    assert [milestone.on for milestone in read.indicators["ngan-sach"].targets] == [None]
    assert read.duties[0].target == "bao-phu"
    assert isinstance(read.duties[2].target, Target)
    assert read.duties[2].target.soft


def test_copies_keep_the_purpose_that_the_paper_gives() -> None:
    assert directive("cc: [bhxh, ttvh]\n").cc == {"": ("bhxh", "ttvh")}
    assert directive("cc: [bhxh, Như trên, 'Lưu: VT, TH.']\n").cc == {"": ("bhxh", "Như trên", "Lưu: VT, TH.")}
    assert directive("cc:\n  - bhxh\n  - Lưu: VT, TH\n").cc == {"": ("bhxh", "Lưu: VT, TH")}
    assert directive("cc: { report: ubnd, archive: [VT, C-PVP] }\n").cc == {"report": ("ubnd",), "archive": ("VT", "C-PVP")}


def test_papers_ladder_and_reports_have_one_long_form() -> None:
    read = directive("""
basis: 1249/UBND-VX 14/9/2019
under:
  - { directive: 20-KH/TU, date: 3/12/2019, clause: 2 }
  - Chỉ thị 52-CT/TW
escalation:
  trước hạn 7 ngày: lead
  5 working days late: [above, ubnd]
reports: { every: monday at 8:00, to: ubnd, attach: [docx, xlsx] }
""")
    assert [(paper.number, paper.date) for paper in read.basis] == [("1249/UBND-VX", date(2019, 9, 14))]
    assert [(paper.number, paper.clause) for paper in read.under] == [("20-KH/TU", "2"), ("Chỉ thị 52-CT/TW", None)]
    assert read.escalation is not None
    assert [(rung.side, rung.count, rung.working, rung.audience) for rung in read.escalation] == [
        ("before", 7, False, ("lead",)), ("late", 5, True, ("above", "ubnd")),
    ]  # fmt: skip
    assert read.reports is not None
    assert (read.reports[0].every.weekday, read.reports[0].attach) == (0, ("docx", "xlsx"))


def test_a_draft_may_lack_number_and_date_and_a_blank_entry_says_nothing() -> None:
    text = f"directive:\ntitle: Vận động\nissuer: ubnd\n{OFFICE}duties:\n  1: {{ lead: bhxh, due: , do: Rà soát }}\n"
    found, findings = parse(text, "898.yaml", {})
    assert found is not None
    assert (found.number, found.date, found.duties[0].due, findings) == (None, None, None, [])


@pytest.mark.parametrize(("printed", "sign"), [
    ("TM. ỦY BAN NHÂN DÂN", "TM"), ("KT. CHỦ TỊCH", "KT"), ("TUQ. CHỦ TỊCH", "TUQ"), ("Q. GIÁM ĐỐC", "Q"), ("TM. UBND Q. NINH KIỀU", "TM"),
    ("TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH", "TM KT"), ("TL. BỘ TRƯỞNG KT. CHÁNH VĂN PHÒNG", "TL KT"),
    ("TM. UBND QUẬN Q. CHỦ TỊCH", "TM Q"),
])
def test_the_manner_of_signing_is_read_as_it_is_printed(printed: str, sign: str) -> None:
    assert directive(f"sign: {printed}\n").sign == sign


def test_fixed_words_are_read_whatever_their_case_and_accents() -> None:
    read = directive("urgency: Hoả tốc\nsign: TM.\nduties:\n  1: { lead: bhxh, do: x, confirm: Có, evidence: Photo }\n")
    assert (read.urgency, read.sign, read.duties[0].confirm, read.duties[0].evidence) == ("hỏa tốc", "TM", True, "photo")


def test_what_the_ledger_stores_is_what_was_read() -> None:
    read = directive("""
indicators:
  bao-phu: { name: Độ bao phủ, baseline: "78,11% on 15/5/2020", targets: { 30/9/2020: over 90% } }
duties:
  1: { lead: bhxh, do: Vận động, due: before 9:00 25/5/2020, target: bao-phu }
  2: { lead: bhxh, do: Báo cáo, every: year on 15/6 and 1/12, target: "78,5%" }
""")
    assert Directive.model_validate_json(read.model_dump_json()) == read


def test_a_model_in_code_takes_the_names_that_python_can_spell() -> None:
    weekly = Every(words="week", unit="week")
    duty = Duty(clause="1", force="do", text="x", short="x", with_=("bhxh",), from_=date(2020, 5, 30), every=weekly)
    assert (duty.with_, duty.from_) == (("bhxh",), date(2020, 5, 30))


# Directories.


def office(folder: Path, **files: str) -> Path:
    """A folder with one directive for each keyword that begins with `d_`, and a directory for each other."""
    (folder / "agencies").mkdir()
    for name, text in files.items():
        place = folder / f"{name[2:]}.yaml" if name.startswith("d_") else folder / "agencies" / f"{name}.yaml"
        place.write_text(text, encoding="utf-8")
    return folder


def read_all(folder: Path) -> Reading:
    return read(sorted(folder.glob("*.yaml")), folder / "agencies")


PAPER = "title: Vận động\nissuer: {issuer}\n{agencies}duties:\n  1: {{ lead: {lead}, do: Rà soát }}\n"


def test_a_directive_names_its_directory_or_has_all_of_them(tmp_path: Path) -> None:
    folder = office(
        tmp_path,
        quan="agencies:\n  bhxh: { name: BHXH quận, mail: bhxh@quan.example }\n  ubnd: { name: UBND quận, mail: u@quan.example }\n",
        huyen="agencies:\n  bhxh: { name: BHXH huyện, mail: bhxh@huyen.example }\n  xa: { name: UBND xã, mail: xa@huyen.example }\n",
        d_named=PAPER.format(issuer="bhxh", agencies="agencies: huyen\n", lead="bhxh"),
        d_merged=PAPER.format(issuer="xa", agencies="", lead="ubnd"),
        d_torn=PAPER.format(issuer="xa", agencies="", lead="bhxh"),
    )
    reading = read_all(folder)
    read = {path.stem: directive for path, directive in reading.directives}
    assert read["named"].directory.agencies["bhxh"].name == "BHXH huyện"
    assert set(read["merged"].directory.agencies) == {"bhxh", "ubnd", "xa"}
    assert [(finding.path.stem, finding.code) for finding in reading.findings] == [("torn", "D062")]


def test_groups_of_a_directive_may_name_agencies_of_its_directory(tmp_path: Path) -> None:
    folder = office(
        tmp_path,
        quan="agencies:\n  bhxh: { name: BHXH quận, mail: bhxh@quan.example }\n  ubnd: { name: UBND quận, mail: u@quan.example }\n",
        d_own=PAPER.format(issuer="ubnd", agencies="agencies: quan\ngroups:\n  ca-hai: { list: [bhxh, ubnd] }\n", lead="ca-hai"),
    )
    reading = read_all(folder)
    assert codes(reading.findings) == []
    assert reading.directives[0][1].directory.groups["ca-hai"].list_ == ("bhxh", "ubnd")


def test_a_faulty_directory_keeps_its_directives_from_being_issued_and_is_told_once(tmp_path: Path) -> None:
    folder = office(
        tmp_path,
        quan="agencies:\n  bhxh: { name: BHXH quận, mial: bhxh@quan.example }\n",
        d_one=PAPER.format(issuer="bhxh", agencies="agencies: quan\n", lead="bhxh"),
        d_two=PAPER.format(issuer="bhxh", agencies="", lead="bhxh"),
    )
    reading = read_all(folder)
    assert reading.directives == ()
    assert [(finding.path.name, finding.code) for finding in reading.findings] == [("quan.yaml", "D030")]


def test_a_directory_is_checked_where_its_own_path_is_given(tmp_path: Path) -> None:
    folder = office(tmp_path, quan="agencies:\n  bhxh: { name: BHXH, in: so }\n", huyen="agencies: nothing\n")
    reading = read([folder / "agencies" / name for name in ("quan.yaml", "lost.yaml")], folder / "agencies")
    assert {(found.path.name, found.line, found.code) for found in reading.findings} == {("quan.yaml", 2, "D061"), ("lost.yaml", 1, "D006")}


def test_a_file_of_the_folder_may_name_what_another_holds_and_stands_alone_without_it(tmp_path: Path) -> None:
    folder = office(
        tmp_path,
        so="agencies:\n  so: { name: Sở, mail: so@so.example }\ngroups:\n  truong: { list: [thpt-1], in: so }\n",
        truong="agencies:\n  thpt-1: { name: THPT 1, in: so }\n",
        d_whole=PAPER.format(issuer="so", agencies="", lead="truong"),
    )
    reading = read_all(folder)
    assert codes(reading.findings) == []
    assert reading.directives[0][1].directory.agencies["thpt-1"].in_ == ("so",)
    assert codes(read([folder / "agencies" / "truong.yaml"], folder / "agencies").findings) == []
    (folder / "whole.yaml").write_text(PAPER.format(issuer="thpt-1", agencies="agencies: truong\n", lead="thpt-1"))
    assert [(found.path.name, found.line, found.code) for found in read_all(folder).findings] == [("truong.yaml", 2, "D061")]


def test_a_ring_of_two_files_is_told(tmp_path: Path) -> None:
    folder = office(
        tmp_path,
        a="agencies:\n  so: { name: Sở, in: phong, mail: so@so.example }\n", b="agencies:\n  phong: { name: Phòng, in: so }\n",
        d_own=PAPER.format(issuer="so", agencies="", lead="phong"),
    )
    found = {(each.path.name, each.line, each.code) for each in read_all(folder).findings}
    assert found == {("a.yaml", 2, "D075"), ("b.yaml", 2, "D075")}


def test_a_directive_without_any_directory_is_told_so_once() -> None:
    _, findings = parse(PAPER.format(issuer="ubnd", agencies="", lead="bhxh"), "898.yaml", {})
    assert codes(findings) == ["D053"]


def test_a_group_that_lists_nobody_known_is_told_where_it_is_written() -> None:
    _, findings = parse(f"{HEAD}groups:\n  g: {{ list: [zz] }}\nduties:\n  1: {{ lead: g, do: Rà soát }}\n", "898.yaml", {})
    assert codes(findings) == ["D061"]


def test_a_stored_text_is_read_back_with_the_directories_that_were_stored_with_it() -> None:
    text = PAPER.format(issuer="ubnd", agencies="agencies: quan\n", lead="bhxh")
    ids = {id: Agency(id=id, name=id, short=id, mail=f"{id}@quan.example") for id in ("ubnd", "bhxh")}
    for held in (OFFICE, Directory(agencies=ids)):
        found, findings = parse(text, "898.yaml", {"quan": held})
        assert found is not None
        assert (found.duties[0].lead, findings) == (("bhxh",), [])


def test_a_file_that_cannot_be_opened_is_a_finding_among_the_others(tmp_path: Path) -> None:
    folder = office(tmp_path, d_good=PAPER.format(issuer="ubnd", agencies=OFFICE, lead="bhxh"))
    reading = read([folder / "lost.yaml", folder / "good.yaml", folder], folder / "agencies")
    assert len(reading.directives) == 1
    assert [(finding.path.name, finding.code) for finding in reading.findings] == [("lost.yaml", "D006"), (folder.name, "D006")]


def test_an_annex_is_read_with_its_directive(tmp_path: Path) -> None:
    indicator = "figures: phu-luc.csv\nindicators:\n  bao-phu: { name: Độ bao phủ, targets: 90% }\n"
    text = f"{HEAD}{indicator}duties:\n  1: {{ lead: [bhxh, ttvh], do: Vận động, target: bao-phu }}\n"
    folder = office(tmp_path, d_bhyt=text)
    rows = 'agency,indicator,on,numerator,denominator,target\nbhxh,bao-phu,15/5/2020,7.811,10.000,"78,5%"\n\nttvh,bao-phu,,,,over 90%\n'
    (folder / "phu-luc.csv").write_text(rows, encoding="utf-8-sig")
    reading = read_all(folder)
    assert codes(reading.findings) == ["D112"]  # a blank row
    [(_, directive)] = reading.directives
    first, second = directive.annex
    assert (first.agency, first.on, first.numerator, first.denominator) == ("bhxh", date(2020, 5, 15), 7811, 10000)
    assert [row.target and (row.target.operator, row.target.value) for row in (first, second)] == [(">=", Decimal("78.5")), (">", 90)]


# Hostile files.

def bomb(levels: int, wide: int) -> str:
    """A list that each line repeats `wide` times."""
    return "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * wide)}]\n" for n in range(1, levels))


HOSTILE = {
    "alias bomb of 9 levels": (bomb(9, 9), "D012"),
    "alias bomb of 30 levels": (bomb(30, 9), "D012"),
    "alias bomb that stays below the number of aliases": (bomb(17, 2), "D014"),
    "an alias inside itself": ("title: &a [*a]\n", "D013"),
    "5,000 levels of brackets": ("title: " + "[" * 5000, "D011"),
    "5,000 levels of braces": ("{a: " * 5000, "D011"),
    "5,000 levels of dashes": ("- " * 5000, "D011"),
    "5,000 levels of question marks": ("? " * 5000, "D011"),
    "1,000 levels of indentation": ("".join(f"{' ' * n}a:\n" for n in range(1000)), "D011"),
    "a list for a key": ("[a, b]: c\n", "D017"),
    "a merge of itself": ("a: &a\n  <<: *a\n", "D013"),
    "a second entry `to`": (f"{HEAD}to: bhxh\nduties:\n  1: {{ lead: bhxh, do: x }}\nto: attacker\n", "D018"),
    "a tag that makes an object": ("title: !!python/object/apply:os.system [x]\n", "D010"),
    "a tag of one's own": ("%TAG ! tag:x,2020:\n---\ntitle: !y z\n", "D010"),
    "2 MB": ("# " + "x" * 2_000_000, "D001"),
    "1 MB of entries": (f"{HEAD}to: [{'a,' * 450_000}]", "D014"),
    "1 MB of the same key": ("a: b\n" * 190_000, "D009"),
    "1 MB of one word": ("x" * 999_000, "D028"),
    "1 MB of spaces in a name": (f"{HEAD}basis: 'a{' ' * 900_000}b'\n", "D058"),
    "points that inherit a long list": (
        f"{HEAD}duties:\n  1:\n    lead: [{'bhxh,' * 5000}]\n    do:\n" + "      - x\n" * 5000, "D014",
    ),
    "9,000 days that cannot be": (
        HEAD + "indicators:\n  b:\n    name: x\n    targets:\n" + "".join(f"      {n}/13/2020: x\n" for n in range(9000)), "D009",
    ),
    "a control character": (f"{HEAD}kind: a\x1b[31mb\n", "D005"),
    "a letter that turns the line": (f"{HEAD}kind: a\u202eb\n", "D005"),
    "a date that YAML would take": (f"{HEAD}until: 2026-02-30\n", "D043"),
    "a name that leaves the folder": (f"{HEAD}files: ../../etc/passwd\n", "D056"),
    "an address with a second header": (HEAD.replace("bhxh@quan.example", "'a@b.example, c@d.example'"), "D051"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_costs_one_sentence(text: str, code: str) -> None:
    gc.collect()
    gc.freeze()  # what the suite holds by now is not for this file to walk through
    begun = time.process_time()
    found, findings = parse(text, "x.yaml", {})
    took = time.process_time() - begun
    gc.unfreeze()
    assert took < 1
    assert found is None
    assert code in codes(findings)
    assert all(finding.line >= 1 and finding.column >= 1 for finding in findings)


def test_the_worst_of_them_take_less_than_200_megabytes(tmp_path: Path) -> None:
    worst = [tmp_path / f"{number}.yaml" for number in range(len(HOSTILE))]
    for path, (text, _) in zip(worst, HOSTILE.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    program = (
        # Not ru_maxrss: a child keeps that of the process that it was forked from.
        "import re, sys; from pathlib import Path; from directives.language.reading import read;"
        "read([Path(name) for name in sys.argv[1:]], Path('nowhere'));"
        r"print(int(re.search(r'VmHWM:\s*(\d+)', Path('/proc/self/status').read_text())[1]) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program, *map(str, worst)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 200


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param("title: Vận động".encode("utf-16"), "D002", id="UTF-16"),
        pytest.param("title: Vận động".encode("utf-16-be"), "D002", id="UTF-16 without a mark"),
        pytest.param(b"title: V\xe2n\xf0\n", "D003", id="windows-1258"),
        pytest.param(random.Random(1).randbytes(4000), "D003", id="random bytes"),
        pytest.param(b"\xef\xbb\xbf", "D016", id="only a byte order mark"),
        pytest.param(b"x" * 1_100_000, "D001", id="too large"),
    ],
)
def test_bytes_that_are_no_text_are_told(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "x.yaml").write_bytes(data)
    reading = read([tmp_path / "x.yaml"], tmp_path / "agencies")
    assert (codes(reading.findings), reading.directives) == ([code], ())


def mutated(chance: random.Random, data: bytes) -> bytes:
    """A file after one to five small accidents."""
    bits = b": |\n|  |- |[|]|{|}|&a |*a|#|'|\"|!!x |<<: |>|\t|\xc2\xa0|\xff".split(b"|")
    for _ in range(chance.randint(1, 5)):
        at = chance.randint(0, len(data))
        how = chance.random()
        if how < 0.5:
            data = data[:at] + chance.choice(bits) + data[at:]
        elif how < 0.8:
            data = data[:at] + data[at + chance.randint(1, 40) :]
        else:
            data = data[:at] + data[chance.randint(0, len(data)) :][:100] + data[at:]
    return data


def test_a_damaged_file_ends_in_sentences_and_never_in_a_traceback(tmp_path: Path) -> None:
    chance, bad = random.Random(898), Path(__file__).parent / "bad"
    sound = [path.read_bytes() for path in sorted(bad.glob("*.yaml"))]
    paths = [tmp_path / f"{number}.yaml" for number in range(300)]
    for path in paths:
        path.write_bytes(mutated(chance, chance.choice(sound)))
    reading = read(paths, bad / "agencies")
    told = {finding.path for finding in reading.findings if finding.level == "error"}
    assert told.isdisjoint(path for path, _ in reading.directives)
    assert {path for path in paths if path not in told} == {path for path, _ in reading.directives}
    assert advice.human(reading.findings, reading.sources, "en").plain
    for finding in reading.findings:
        assert finding.end_column > finding.column >= 1
        assert finding.line <= reading.sources.get(finding.path, "").count("\n") + 1


# How findings are shown.


def faulty() -> tuple[Finding, ...]:
    _, findings = parse("title: a\nissuer: bxhh\nto: bhxh, 50%\nto: ttvh\n" + OFFICE, "một, hai.yaml", {})
    return tuple(findings)


def test_programs_get_one_object_with_a_version() -> None:
    said = json.loads(advice.machine(faulty(), "en"))
    assert said["format_version"] == "1"
    assert said["findings"][1] == {
        "path": "một, hai.yaml", "line": 2, "column": 9, "end_column": 13, "level": "error", "code": "D061",
        "message": "the directory has no 'bxhh'", "hint": "did you mean 'bhxh' — Bảo hiểm xã hội quận?", "related_line": None,
    }  # fmt: skip
    assert [each["related_line"] for each in said["findings"] if each["code"] == "D018"] == [3]


def test_github_gets_one_command_a_line_with_its_signs_escaped() -> None:
    lines = advice.github(faulty()).splitlines()
    assert lines[1].startswith("::error file=một%2C hai.yaml,line=2,col=9,endColumn=13,title=D061::danh bạ không có 'bxhh' (gợi ý: ")
    assert all(line.startswith(("::error ", "::warning ")) for line in lines)
    assert any("50%25" in line for line in lines)


def test_code_scanning_gets_every_finding_with_its_region() -> None:
    run = json.loads(sarif(faulty()))["runs"][0]
    assert [result["ruleId"] for result in run["results"]] == codes(faulty())
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == set(codes(faulty()))


@pytest.mark.parametrize(("text", "place"), [
    pytest.param("    do: Xong trước ngày 30/9/2020.\n", (19, 25, "30/9/2020"), id="in its line"),
    pytest.param("    do: 'Xong trước ngày 30/9/2020.'\n", (19, 26, "30/9/2020"), id="in quotes"),
    pytest.param("    do: >-\n      Vận động.\n      Xong trước ngày 30/9/2020.\n", (21, 23, "30/9/2020"), id="in a paragraph"),
    pytest.param("    do: |\n\n      Xong trước ngày 30/9/2020.\n", (21, 23, "30/9/2020"), id="below a blank line"),
    pytest.param("    do: Vận động,\n      xong trước ngày 30 tháng\n      9 năm 2020.\n", (20, 23, "30 tháng"), id="over two lines"),
    pytest.param('    do: "Xong\\ttrước ngày 30/9/2020."\n', (19, 9, '"Xong\\ttrước ngày 30/9/2020."'), id="behind an escape"),
])  # fmt: skip
def test_a_question_about_words_is_asked_where_they_stand(text: str, place: tuple[int, int, str]) -> None:
    whole = f"{HEAD.strip()}\n\n\n\n\n\n\n\nduties:\n  1:\n    lead: bhxh\n{text}"
    _, findings = parse(whole, "898.yaml", {})
    [found] = [each for each in findings if each.code == "D090"]
    assert (found.line, found.column, whole.split("\n")[found.line - 1][found.column - 1 : found.end_column - 1]) == place


def test_a_long_line_is_shown_around_its_mark() -> None:
    text = f"{HEAD}duties:\n  1: {{ do: '{'a ' * 200}', lead: bxhh }}\n"
    _, findings = parse(text, "x.yaml", {})
    shown = advice.human(findings, {Path("x.yaml"): text}).plain.splitlines()
    line, mark = next((line, shown[n + 1]) for n, line in enumerate(shown) if "bxhh }" not in line and "lead: bxhh" in line)
    assert line[mark.index("^") : mark.rindex("^") + 1] == "bxhh"


def test_nothing_in_a_file_can_steer_the_terminal() -> None:
    text = "title: \x1b[31mđỏ\x07\nissuer: x\n"
    _, findings = parse(text, "\x1b]0;x\x07.yaml", {})
    shown = advice.human(findings, {Path("\x1b]0;x\x07.yaml"): text}).plain
    assert shown.replace("\n", "").isprintable()


def test_each_sentence_has_both_languages_and_fills_the_same_facts() -> None:
    for code, said in SENTENCES.items():
        for vietnamese, english in said:
            assert vietnamese, code
            assert english, code
            assert facts(vietnamese) == facts(english), code


def facts(sentence: str) -> set[str]:
    return {part.split("}")[0] for part in sentence.replace("{{", "").split("{")[1:]}
