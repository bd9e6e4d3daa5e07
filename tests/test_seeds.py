"""The five real directives say what their papers say: word for word, clause by clause, and nothing besides."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import pytest

from directives.language.shapes import Baseline, Duty, Milestone
from tests.seeds import AN_GIANG, CAI_RANG, CLAUSES, DONG_THAP, HAI_PHONG, MY_TU, PAPERS, SCHOOLS, Row, body, clause, directive, reading

ROWS = [pytest.param(paper, row, id=f"{paper} {row.clause}") for paper, rows in CLAUSES.items() for row in rows]


def all_else(duty: Duty) -> str:
    """What a duty says beside its words, its lead and its names, as the table writes it."""
    said = {
        "with": " ".join(duty.with_),
        "for": " ".join(duty.for_),
        "cascade": " > ".join(" ".join(level) for level in duty.cascade),
        "due": f"{duty.due.form} {duty.due.day}" if duty.due else "",
        "every": duty.every.words if duty.every else "",
        "from": str(duty.from_ or ""),
        "until": str(duty.until or ""),
        "target": str(duty.target or ""),
    }
    return "; ".join(f"{word} {value}" for word, value in said.items() if value)


def words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()


def in_the_order_of_the_paper(duties: tuple[Duty, ...]) -> Iterator[str]:
    """Number and heading of each clause, then its points; a sentence that orders two things stands once."""
    seen: set[str] = set()
    for duty in duties:
        number = duty.clause.split(".")[0]
        if number not in seen and duty.printed:
            yield f"{number}. {duty.title or ''}"
        if duty.text not in seen:
            yield duty.text
        seen |= {number, duty.text}


#: What is true of the papers and their directories, and nothing else, is pointed out: file, code, words of the sentence.
WARNINGS = {
    (HAI_PHONG, "D082"): ("chủ trì điều end.1 nhưng không có tên ở kính gửi",),
    (CAI_RANG, "D082"): ("chủ trì điều 9 nhưng không có tên ở kính gửi",),
    (CAI_RANG, "D084"): ("before 25/5/2020 là hết Chủ nhật 24/5/2020", "ngày làm việc cuối: thứ sáu 22/5/2020"),
    (CAI_RANG, "D085"): ("chưa có địa chỉ thư", "Trường Đại học Tây Đô", "Trường Đại học Kiến trúc", "Trường THPT chuyên Lý Tự Trọng"),
}


def test_all_five_are_read_without_an_error_and_warned_only_of_what_is_true() -> None:
    said: dict[tuple[str, str], str] = {}
    for finding in reading().findings:
        at = (finding.path.stem, finding.code)
        said[at] = f"{said.get(at, '')} {finding.message}"
    assert said.keys() == WARNINGS.keys()
    assert all(words in said[at] for at, asked in WARNINGS.items() for words in asked)
    assert {finding.level for finding in reading().findings} == {"warning"}


@pytest.mark.parametrize("paper", PAPERS)
def test_the_duties_are_the_papers_own_words_from_the_first_to_the_last(paper: str) -> None:
    lines = (line.removeprefix("- ") for line in body(paper).splitlines())
    assert words(" ".join(in_the_order_of_the_paper(directive(paper).duties))) == words(" ".join(lines))


@pytest.mark.parametrize(("paper", "row"), ROWS)
def test_a_clause_orders_what_its_paper_orders(paper: str, row: Row) -> None:
    duty = clause(paper, row.clause)
    assert (duty.force, " ".join(duty.lead), all_else(duty)) == (row.force, row.lead, row.said)
    assert row.words in duty.text


@pytest.mark.parametrize("paper", PAPERS)
def test_no_clause_is_added_and_none_is_left_out(paper: str) -> None:
    assert [duty.clause for duty in directive(paper).duties] == [row.clause for row in CLAUSES[paper]]


@pytest.mark.parametrize("paper", PAPERS)
def test_what_a_paper_does_not_ask_for_is_not_asked_for(paper: str) -> None:
    assert {(duty.evidence, duty.confirm) for duty in directive(paper).duties} == {("optional", False)}
    assert {duty.clause for duty in directive(paper).duties if duty.product} <= {"5.1", "5.2", "6.4"}


@pytest.mark.parametrize("paper", PAPERS)
def test_every_duty_has_a_short_name_of_its_own(paper: str) -> None:
    names = Counter(duty.short for duty in directive(paper).duties)
    assert names.most_common(1)[0][1] == 1
    assert max(map(len, names)) <= 50


class Head(NamedTuple):
    """What stands above and below the clauses; `rests_on` are basis, then under. What the paper lacks is None or empty."""

    number: str | None
    issued: date | None
    signed: str
    title: str
    period: str | None
    to: str = ""
    cc: dict[str, str] = {}
    rests_on: tuple[tuple[str, date | None], ...] = ()


HEADS = {
    DONG_THAP: Head(
        None,
        None,
        "ubnd-tinh KT pct-vx",
        "Thực hiện tốt công tác chăm sóc sức khỏe học sinh, sinh viên thông qua chính sách bảo hiểm y tế",
        "năm học 2020 - 2021",
        "mttq thanh-vien bhxh so-gddt so-yte so-tc so-tttt huyen truong-cd-dh",
        {"": "tt-tinh-uy tt-hdnd bhxh-vn ct cac-pct ld-van-phong"},
    ),
    AN_GIANG: Head("757/UBND-KGVX", None, "ubnd-tinh", "Vận động 100% học sinh, sinh viên tham gia bảo hiểm y tế", "năm học 2019 - 2020"),
    MY_TU: Head(
        "609/PGDDĐT",
        date(2023, 9, 18),
        "pgd KT pho-truong-phong",
        "Tăng cường công tác tuyên truyền, thực hiện chính sách BHYT học sinh năm 2023 - 2024",
        "năm học 2023 – 2024",
        SCHOOLS,
        {"archive": "van-thu"},
        (("1249/UBND-VX", date(2023, 9, 14)),),
    ),
    HAI_PHONG: Head(
        None,
        None,
        "so-gddt KT pho-giam-doc",
        "Tổ chức triển khai thực hiện Chỉ thị số 52-CT/TW, Kế hoạch số 20-KH/TU về thực hiện bảo hiểm y tế toàn dân trong giai đoạn mới",
        None,
        "phong-so co-so-gd",
        {"report": "ubnd-tp", "guide": "lanh-dao-so", "coordinate": "so-yte bhxh xa", "archive": "van-thu c-pvp"},
        (
            ("3146/UBND-VX", date(2025, 12, 10)),
            ("9256/SYT-PCTN&BTXH", date(2025, 12, 31)),
            ("20-KH/TU", date(2025, 12, 3)),
            ("52-CT/TW", None),
        ),
    ),
    CAI_RANG: Head(
        "898/UBND",
        date(2020, 5, 18),
        "ubnd-quan KT pct-vx",
        "Tăng cường rà soát, vận động và phát triển đối tượng tham gia bảo hiểm y tế trên địa bàn quận",
        "năm 2020",
        "ban-nganh doan-the phuong truong",
        {"": "ct cac-pct bbt dh-tay-do dh-kien-truc thpt-ly-tu-trong thpt-tran-dai-nghia thpt-nguyen-viet-dung truong-tu-thuc"},
    ),
}


@pytest.mark.parametrize("paper", PAPERS)
def test_the_head_is_the_papers_and_what_it_lacks_is_lacking(paper: str) -> None:
    found = directive(paper)
    assert HEADS[paper] == Head(
        found.number,
        found.date,
        " ".join(filter(None, (found.issuer, found.sign, found.signer))),
        found.title,
        found.period.name if found.period else None,
        " ".join(found.to),
        {purpose: " ".join(ids) for purpose, ids in found.cc.items()},
        tuple((basis.number, basis.date) for basis in (*found.basis, *found.under)),
    )


#: Baseline (value, day, missing) and targets (day, operator, value, soft) of every indicator.
HUNDRED = [(None, ">=", 100, False)]
BY_SEPTEMBER = [(date(2020, 9, 30), ">=", 100, False)]
STRIVE = [(None, ">=", 100, True)]
COVERAGE = [
    (date(2020, 6, 30), ">=", 85, False),
    (date(2020, 9, 30), ">=", 89, False),
    (date(2020, 10, 31), ">=", 90, False),
    (date(2020, 12, 31), ">", 90, False),
]
INDICATORS = {
    DONG_THAP: {"hssv": (None, HUNDRED), "hoc-sinh": (None, HUNDRED), "sinh-vien": (None, HUNDRED)},
    AN_GIANG: {"hssv": (("98.41", None, 5900), HUNDRED), "hoc-sinh": (None, HUNDRED)},
    MY_TU: {"hoc-sinh": (("70.5", date(2023, 9, 18), 3960), STRIVE)},
    HAI_PHONG: {"hoc-sinh": (None, STRIVE)},
    CAI_RANG: {
        "bao-phu": (("78.11", date(2020, 5, 15), None), COVERAGE),
        "hoc-sinh": (None, BY_SEPTEMBER),
        "tre-den-truong": (None, BY_SEPTEMBER),
        "ngan-sach": (None, HUNDRED),
    },
}


@pytest.mark.parametrize("paper", PAPERS)
def test_an_indicator_has_the_papers_figures_and_days(paper: str) -> None:
    assert {
        found.id: (_stood(found.baseline), list(map(_aim, found.targets))) for found in directive(paper).indicators.values()
    } == INDICATORS[paper]


def _stood(baseline: Baseline | None) -> tuple[str, date | None, int | None] | None:
    return (str(baseline.value), baseline.on, baseline.missing) if baseline else None


def _aim(stage: Milestone) -> tuple[date | None, str, int, bool]:
    return stage.on, stage.target.operator, int(stage.target.value), stage.target.soft


def test_a_day_that_no_calendar_has_stays_a_word_of_the_note() -> None:
    baseline = directive(AN_GIANG).indicators["hssv"].baseline
    assert baseline is not None
    assert baseline.on is None
    assert baseline.note is not None
    assert baseline.note.startswith("Tính đến 31/2/2018")


def test_only_the_bao_phu_figure_has_one_source() -> None:
    sources = {(paper, name, found.source) for paper in PAPERS for name, found in directive(paper).indicators.items() if found.source}
    assert sources == {(CAI_RANG, "bao-phu", "bhxh")}


def test_only_cai_rang_brings_its_own_ladder_and_reports() -> None:
    assert [paper for paper in PAPERS if directive(paper).escalation or directive(paper).reports] == [CAI_RANG]
    assert [rung.words for rung in directive(CAI_RANG).escalation or ()] == [
        "7 days before",
        "1 day before",
        "1 day late",
        "5 working days late",
        "10 working days late",
    ]
    assert [report.every.words for report in directive(CAI_RANG).reports or ()] == ["monday at 8:00", "month on 25"]
