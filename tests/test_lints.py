"""A careful colleague asks where there is a reason to, and is quiet where there is none."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from directives.language.books import Library, book_of
from directives.language.calendar import Calendar
from directives.language.explained import DIRECTORY
from directives.language.parsing import draft, parse
from directives.language.reading import read
from tests.reader import Page
from tests.seeds import CAI_RANG, CALENDAR, PAPERS, ROOT, body

HEAD = "agencies: quan\ndirective: 898/UBND\ndate: 18/5/2020\ntitle: Vận động tham gia BHYT\nissuer: ubnd\n"
INDICATORS = "indicators:\n  bao-phu: { name: Độ bao phủ, targets: { 30/6/2020: 85%, 30/9/2020: 89% } }\n"
#: Codes of what is asked about the words of a paper.
OURS = {"D094", "D098", "D099", "D125", "D126", "D127", "D128", "D129", "D130", "D133"}


def asked(duty: str, head: str = "") -> set[str]:
    """What is asked about one duty, given as lines of its entry."""
    text = f"{HEAD}{head}duties:\n  1:\n{textwrap.indent(duty, '    ')}\n"
    found, findings = parse(text, "898.yaml", {"quan": DIRECTORY})
    assert found is not None, [each.message for each in findings]
    return {each.code for each in findings} & OURS


def said(words: str, *fields: str) -> str:
    """A duty of the wards that says this."""
    return "\n".join(["lead: phuong", f'do: "{words}"', *fields])


@pytest.mark.parametrize(("words", "is_asked"), [
    pytest.param("Giao Sở Y tế rà soát. Yêu cầu Sở Tài chính bố trí kinh phí.", True, id="two sentences"),
    pytest.param("Giao Sở Y tế rà soát; đề nghị Sở Tài chính bố trí kinh phí", True, id="one sentence of two halves"),
    pytest.param("Giao Sở Y tế rà soát.\\n- Đồng thời đề nghị Hội Nông dân vận động.", True, id="two paragraphs"),
    pytest.param("Giao Sở Y tế rà soát. Yêu cầu Sở Y tế báo cáo.", False, id="the same agency twice"),
    pytest.param("Giao Sở Y tế rà soát. Giao chỉ tiêu cho các phường.", False, id="something is handed out"),
    pytest.param("Giao Sở Y tế rà soát. Yêu cầu báo cáo trước ngày 5.", False, id="nobody else is named"),
    pytest.param("Đề nghị Thủ trưởng các ban, ngành, Chủ tịch các phường vận động.", False, id="a list of agencies"),
])  # fmt: skip
def test_orders_to_different_agencies_in_one_clause_are_asked_about(words: str, is_asked: bool) -> None:
    assert asked(said(words)) == ({"D094"} if is_asked else set())


@pytest.mark.parametrize(("words", "fields", "is_asked"), [
    pytest.param("Lập danh sách trước 15/6/2020, xong đến ngày 30/9/2020", "due: 30/9/2020", True, id="two days"),
    pytest.param("Lập danh sách trước ngày 15 tháng 6 năm 2020, xong đến 30/9/2020", "due: 30/9/2020", True, id="one day in words"),
    pytest.param("Từ ngày 1/6/2020 vận động, xong đến ngày 30/9/2020", "from: 1/6/2020\ndue: 30/9/2020", False, id="a first day"),
    pytest.param("Theo Công văn 12/UBND ngày 3/3/2020, xong đến ngày 30/9/2020", "due: 30/9/2020", False, id="the day of an older paper"),
    pytest.param("Báo cáo (số liệu tính đến ngày 25/9/2020) trước ngày 30/9/2020", "due: before 30/9/2020", False, id="a figure's day"),
    pytest.param("Báo cáo trước ngày 25/9/2020 để Sở tổng hợp trước 30/9/2020", "due: before 25/9/2020", False, id="another's due date"),
    pytest.param("Đến 30/6/2020 đạt 85%, đến 30/9/2020 đạt 89%", "due: 30/9/2020\ntarget: bao-phu", False, id="milestones"),
    pytest.param("Họp ngày 15/6/2020 và 20/6/2020", "due: 30/9/2020", False, id="the due date is no day of the sentence"),
])  # fmt: skip
def test_a_second_day_beside_the_due_date_is_asked_about(words: str, fields: str, is_asked: bool) -> None:
    assert asked(said(words, *fields.split("\n")), INDICATORS) - {"D091"} == ({"D098"} if is_asked else set())


@pytest.mark.parametrize(("lead", "words", "is_asked"), [
    pytest.param("[bhxh, pgd]", "BHXH quận chủ trì, phối hợp Phòng GDĐT rà soát", True, id="one of two agencies"),
    pytest.param("[bhxh, phuong]", "BHXH quận chủ trì cùng các phường rà soát", True, id="one agency and a group"),
    pytest.param("bhxh", "BHXH quận chủ trì, phối hợp Phòng GDĐT rà soát", False, id="one"),
    pytest.param("[bhxh, pgd]", "BHXH quận, Phòng GDĐT rà soát", False, id="nobody is said to lead"),
    pytest.param("[bhxh, pgd]", "BHXH quận và Phòng GDĐT đồng chủ trì hội nghị", False, id="two lead together"),
    pytest.param("phuong", "Các phường chủ trì rà soát trên địa bàn", False, id="a group, each for itself"),
])  # fmt: skip
def test_several_leads_are_asked_about_where_one_is_said_to_lead(lead: str, words: str, is_asked: bool) -> None:
    assert asked(f"lead: {lead}\ndo: {words}") == ({"D125"} if is_asked else set())


@pytest.mark.parametrize(("words", "fields", "is_asked"), [
    pytest.param("Ra quân tuyên truyền", "from: 1/9/2020\nuntil: 30/9/2020\ndue: 25/9/2020", True, id="a window in fields"),
    pytest.param("Báo cáo đợt từ ngày 1/9/2020 đến hết ngày 30/9/2020", "from: 1/9/2020\ndue: 25/9/2020", True, id="a window in words"),
    pytest.param("Báo cáo đợt từ 1/9/2020 đến 30/9/2020", "from: 1/9/2020\nuntil: 30/9/2020\ndue: 5/10/2020", False, id="after it"),
    pytest.param("Ra quân", "from: 1/9/2020\nuntil: 30/9/2020\ndue: 30/9/2020", False, id="on its last day"),
])  # fmt: skip
def test_a_report_before_its_window_ends_is_asked_about(words: str, fields: str, is_asked: bool) -> None:
    assert asked(said(words, *fields.split("\n"))) == ({"D126"} if is_asked else set())


@pytest.mark.parametrize(("words", "is_asked"), [
    pytest.param("mới có 9.464/13.424 học sinh tham gia, đạt 75,5%", True, id="a fraction"),
    pytest.param("mới có 9.464/13.424 học sinh tham gia (75,5%)", True, id="in parentheses"),
    pytest.param("mới đạt 75,5% (9.464/13.424 học sinh)", True, id="the fraction in parentheses"),
    pytest.param("trên tổng số 13.424 học sinh mới đạt 70,5%, còn 960 em", True, id="what is missing"),
    pytest.param("mới có 9.464/13.424 học sinh tham gia, đạt 70,5%", False, id="rounded"),
    pytest.param("mới có 9.469/13.424 học sinh tham gia, đạt 70,5%", False, id="cut"),
    pytest.param("trên tổng số 13.424 học sinh mới đạt 70,5%, còn 3.960 em", False, id="what is missing fits"),
    pytest.param("có 9.464/13.424 học sinh tham gia, phấn đấu đạt 100%", False, id="a target"),
    pytest.param("phấn đấu đạt 100% tổng số 13.424 học sinh, còn 3.960 em", False, id="a target of the total"),
    pytest.param("đến 30/6 đạt 85%, đến 30/9 đạt 89%", False, id="days without a year"),
    pytest.param("đến ngày 30/6/2020 đạt 85%", False, id="days with a year"),
    pytest.param("theo Nghị định 146/2018/NĐ-CP đạt 100%, Nghị quyết 15/2020 đạt 90%", False, id="numbers of papers"),
])  # fmt: skip
def test_counts_and_percentages_of_a_sentence_are_compared(words: str, is_asked: bool) -> None:
    assert asked(said(words)) & {"D127"} == ({"D127"} if is_asked else set())


@pytest.mark.parametrize(("baseline", "is_asked"), [
    pytest.param('value: "75,5%", note: "đạt 70,5%, còn 3.960 em"', True, id="another percentage"),
    pytest.param('value: "70,5%", missing: 3.690, note: "đạt 70,5%, còn 3.960 em"', True, id="another count"),
    pytest.param('value: "70,5%", missing: 3.960, note: "đạt 70,5%, còn 3.960 em; chỉ tiêu 100%"', False, id="the same"),
    pytest.param('value: "98,41%", missing: 5.900, note: "đạt 98,41%. Hiện còn gần 2%, khoảng 5.900 em"', False, id="about so many"),
    pytest.param('value: "70,5%", note: "theo báo cáo của các trường"', False, id="no figures"),
])  # fmt: skip
def test_a_note_is_compared_with_the_fields_beside_it(baseline: str, is_asked: bool) -> None:
    head = f"indicators:\n  hs: {{ name: Học sinh, targets: 100%, baseline: {{ {baseline} }} }}\n"
    assert asked(said("Vận động", "target: hs"), head) == ({"D129"} if is_asked else set())


@pytest.mark.parametrize("words", [
    f"đạt {'9' * 90_000}%", f"còn {'1' * 90_000} trên tổng số 0, đạt 5%", "0/0 đạt 5%", f"{'1/' * 9_000} 5%",
], ids=["share", "count", "nothing", "fractions"])
def test_figures_beyond_all_reason_are_left_alone(words: str) -> None:
    assert asked(said(words)) == set()


@pytest.mark.parametrize(("head", "is_asked"), [("", True), ("amends: 12/UBND 3/3/2020\nchanges:\n  6: { drop: Đã xong }\n", False)])
def test_whoever_hears_of_a_change_may_be_addressed_without_a_duty(head: str, is_asked: bool) -> None:
    text = f"{HEAD}to: [phuong, bhxh]\n{head}duties:\n  1:\n    lead: phuong\n    do: Vận động\n"
    _, findings = parse(text, "898.yaml", {"quan": DIRECTORY})
    assert ("D081" in {each.code for each in findings}) == is_asked


# Sentences of the paper.


def beside(text: str, paper: str) -> list[str]:
    """What is said of clauses, days and sentences of a paper that lies beside a directive."""
    place = ROOT / "config" / "agencies" / "cai-rang.yaml"
    library = Library({"cai-rang": book_of(place.read_text(encoding="utf-8"), place)})
    with_source = text.replace("\ntitle:", "\nsource: cong-van.txt\ntitle:", 1)
    _, findings, _ = draft(with_source, Path("898.yaml"), library, Calendar(), beside=lambda _: paper.encode())
    return [f"{each.code} {each.message}" for each in findings if each.code in ("D096", "D097", "D099")]


SEED = (ROOT / "directives" / f"{CAI_RANG}.yaml").read_text(encoding="utf-8")
#: The seed parts one sentence of the paper in the middle of a phrase; less than half of that is not missed.
HALF = "tổ chức các buổi đối thoại"
POINTS = {
    found["short"]: found[0]
    for found in re.finditer(r"^      - (?:do|ask): .*\n(?:        (?:short: (?P<short>.*)|.*)\n)*", SEED, re.MULTILINE)
    if HALF not in " ".join(found[0].split())
}


@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS)
def test_a_point_that_the_file_leaves_out_is_told_by_its_first_words(point: str) -> None:
    [told, *_] = [each for each in beside(SEED.replace(point, "", 1), body(CAI_RANG)) if each.startswith("D099")]
    words = " ".join(point.partition(": ")[2].removeprefix(">-").split())
    assert " ".join(words.split()[:4]) in told or HALF in told


@pytest.mark.parametrize("changed", [
    pytest.param(lambda text: "\n".join(textwrap.fill(line, 50) for line in text.split("\n")), id="other lines"),
    pytest.param(lambda text: text.replace("\n", "\n\n"), id="blank lines"),
    pytest.param(lambda text: text.replace(" ", "  ").replace("ủy", "uỷ").replace("Ủy", "Uỷ"), id="spaces and tone marks"),
    pytest.param(lambda text: unicodedata.normalize("NFD", text), id="letters and accents apart"),
    pytest.param(lambda text: text.replace("-", "–").replace("bảo hiểm y tế", "BHYT"), id="dashes and abbreviations"),
    pytest.param(lambda text: f"{text}\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n", id="a foot"),
    pytest.param(lambda text: f"{text}\n\n**Nơi nhận:**\n\n- Lưu VT.\n\n**KT. TRƯỞNG PHÒNG\nPHÓ TRƯỞNG PHÒNG**\n", id="a foot in bold"),
])  # fmt: skip
def test_how_a_paper_was_typed_does_not_matter(changed: Callable[[str], str]) -> None:
    assert beside(SEED, changed(body(CAI_RANG))) == []


def test_points_of_a_clause_are_judged_one_by_one_and_its_heading_is_none() -> None:
    paper = "1. Sở Giáo dục và Đào tạo thành phố\n- Rà soát.\na) Tổ chức hội nghị đối thoại.\n1.2. Báo cáo Sở trước kỳ họp.\n"
    text = f"{HEAD}source: cong-van.txt\nduties:\n  1:\n    lead: phuong\n    do: Rà soát.\n"
    assert beside(text, paper) == ["D099 văn bản gốc có câu mà tệp không có: “Tổ chức hội nghị đối thoại.”; “Báo cáo Sở trước kỳ họp.”"]


def test_at_most_five_sentences_are_named_and_the_rest_counted() -> None:
    paper = "1. Rà soát.\n" + "".join(f"Việc thứ {n} mà tệp này hoàn toàn không nhắc đến ở đâu.\n" for n in range(10, 18))
    text = f"{HEAD}source: cong-van.txt\nduties:\n  1:\n    lead: phuong\n    do: Rà soát.\n"
    [told] = [each for each in beside(text, paper) if each.startswith("D099")]
    assert told.count("“") == 5
    assert told.endswith("và 3 câu khác")


# Quiet


@pytest.mark.parametrize("paper", PAPERS)
def test_a_seed_is_told_nothing_beside_its_own_paper(paper: str, tmp_path: Path) -> None:
    text = (ROOT / "directives" / f"{paper}.yaml").read_text(encoding="utf-8")
    (tmp_path / "cong-van.txt").write_text(body(paper), encoding="utf-8")
    (tmp_path / "van-ban.yaml").write_text(text.replace("\ntitle:", "\nsource: cong-van.txt\ntitle:", 1), encoding="utf-8")
    found = read([tmp_path / "van-ban.yaml"], ROOT / "config" / "agencies", CALENDAR).findings
    assert {each.code for each in found} <= {"D082", "D084", "D085"}


def test_the_examples_of_the_pages_are_told_nothing() -> None:
    [directory] = [block.text for block in Page("docs/directives.md").blocks("yaml") if block.text.startswith("agencies:\n")]
    for name in ("docs/directives.md", "docs/tu-giay-den-yaml.md", "README.md"):
        for block in Page(name).blocks("yaml"):
            if block.text.startswith(("directive:", "agencies: ")):
                _, findings = parse(block.text, "mau.yaml", {"xa": directory})
                assert {each.code for each in findings} & OURS == set(), block.text
