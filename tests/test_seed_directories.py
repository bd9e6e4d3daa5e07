"""The five directories know everyone whom the five papers name, each in its place, and nobody real."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from directives.language.directory import roster
from directives.language.expansion import coordinators, holders
from tests.seeds import AN_GIANG, CAI_RANG, DONG_THAP, HAI_PHONG, MY_TU, PAPERS, clause, directive

ISSUED = date(2020, 8, 1)  # for the papers whose copy has no day; nobody in the directories comes or goes

#: How many hold a clause on the day of issue: leads, then those whom each level of its cascade reaches.
HOLDERS = [
    pytest.param(DONG_THAP, "2.1", 1, 12 + 5 + 1 + 24, id="Sở GDĐT: 12 Phòng, 5 trường THPT, 1 trung tâm, 24 trường của Phòng"),
    pytest.param(DONG_THAP, "2.3", 1, 6, id="Sở GDĐT: 6 đơn vị trực thuộc"),
    pytest.param(DONG_THAP, "3.1", 1, 5, id="Sở Y tế: 5 bệnh viện"),
    pytest.param(DONG_THAP, "5", 1, 3, id="Sở TTTT: 3 cơ quan truyền thông"),
    pytest.param(DONG_THAP, "6.1", 12, 12 + 12 + 143 + 24, id="12 huyện: mỗi huyện Phòng, trung tâm, các xã, các trường của mình"),
    pytest.param(DONG_THAP, "8.1", 6, 0, id="Mặt trận và 5 tổ chức thành viên"),
    pytest.param(AN_GIANG, "a.1", 1, 11 + 12, id="Sở GDĐT: 11 Phòng, 12 trường THPT"),
    pytest.param(AN_GIANG, "b.3", 1, 11 + 156, id="Sở Y tế: 11 Trung tâm, 156 Trạm"),
    pytest.param(AN_GIANG, "c.2", 1, 11, id="BHXH tỉnh: 11 BHXH cấp huyện"),
    pytest.param(AN_GIANG, "f.3", 11, 156, id="11 huyện: 156 xã"),
    pytest.param(MY_TU, "1", 15, 0, id="15 trường"),
    pytest.param(HAI_PHONG, "1.1", 14, 0, id="14 cơ sở giáo dục"),
    pytest.param(HAI_PHONG, "end.1", 114, 0, id="114 xã, phường, đặc khu"),
    pytest.param(CAI_RANG, "2.1", 1, 10, id="Phòng GDĐT: 10 trường"),
    pytest.param(CAI_RANG, "10", 7, 0, id="7 phường"),
]


@pytest.mark.parametrize(("paper", "number", "leads", "below"), HOLDERS)
def test_the_directory_knows_everyone_who_holds_a_clause(paper: str, number: str, leads: int, below: int) -> None:
    found = directive(paper)
    held = list(holders(clause(paper, number), found.directory, found.date or ISSUED))
    assert (sum(holder.parent is None for holder in held), sum(holder.parent is not None for holder in held)) == (leads, below)


def test_every_tram_y_te_hangs_under_the_trung_tam_of_its_own_huyen() -> None:
    found = directive(AN_GIANG)
    agencies = found.directory.agencies
    handed = {holder.unit: holder.parent for holder in holders(clause(AN_GIANG, "b.3"), found.directory, ISSUED)}
    for tram, (ttyt, xa) in {unit: agencies[unit].in_ for unit in handed if unit.startswith("tyt-")}.items():
        assert handed[tram] == ttyt
        assert agencies[xa].in_[0] in agencies[ttyt].in_


def test_a_bhxh_takes_part_with_its_own_huyen_only() -> None:
    found = directive(AN_GIANG)
    beside = coordinators(clause(AN_GIANG, "c.2"), "bhxh-tp-long-xuyen", found.directory, ISSUED)
    assert len(beside) == 2 + 1 + 13 + 4  # Phòng GDĐT và Trung tâm Y tế, Thành Đoàn, 13 xã và phường, 4 trường
    assert all("tp-long-xuyen" in {place for level in roster(found.directory, ISSUED).above(unit) for place in level} for unit in beside)


def test_a_school_of_my_tu_takes_part_with_its_own_xa_only() -> None:
    found = directive(MY_TU)
    assert set(coordinators(clause(MY_TU, "2.2"), "th-long-hung", found.directory, ISSUED)) == {"doan-the-long-hung", "xa-long-hung"}


@pytest.mark.parametrize("paper", PAPERS)
def test_every_address_is_an_example_and_every_number_is_made_of_zeros(paper: str) -> None:
    agencies = directive(paper).directory.agencies.values()
    assert {agency.mail.rsplit(".", 1)[1] for agency in agencies if agency.mail} == {"example"}
    assert all(agency.phone.split()[1] == "000" for agency in agencies if agency.phone)


@pytest.mark.parametrize("paper", PAPERS)
def test_no_two_agencies_share_a_name_or_an_address(paper: str) -> None:
    agencies = directive(paper).directory.agencies.values()
    assert Counter(agency.name for agency in agencies).most_common(1)[0][1] == 1
    assert Counter(agency.mail for agency in agencies if agency.mail).most_common(1)[0][1] == 1


def test_some_copies_of_898_go_on_paper_only() -> None:
    found = directive(CAI_RANG)
    silent = {agency.id for agency in found.directory.agencies.values() if not agency.mail and not agency.in_}
    assert silent == {
        "dh-tay-do",
        "dh-kien-truc",
        "thpt-ly-tu-trong",
        "thpt-tran-dai-nghia",
        "thpt-nguyen-viet-dung",
        "tu-thuc-hung-phu",
        "tu-thuc-le-binh",
    }
