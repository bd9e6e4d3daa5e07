"""Contacts by role: each a position of its own, the focal point's mailbox the agency's, the same from YAML and from a table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from directives.language.agencies import Directory
from directives.language.books import book_of
from directives.language.directory import mail_of, members, resolve
from directives.language.rolls import printed, roll_of
from directives.language.shapes import Directive

YAML = """
agencies:
  ubnd: { name: UBND quận, mail: vanthu@quan.example }
  bhxh:
    name: Bảo hiểm xã hội quận
    short: BHXH quận
    in: ubnd
    mail: bhxh@quan.example
    contacts:
      head: { name: Giám đốc, mail: giamdoc@quan.example }
      deputy: { phone: 0292 000 0014 }
      focal: { name: Cán bộ tổng hợp, mail: tonghop@quan.example, phone: 0292 000 0015 }
groups:
  duoi-quan: { in: ubnd }
  chuc-danh: { kind: chuc-danh }
"""
TABLE = (
    "Mã;Tên;Tên gọn;Email;Thư người đứng đầu;Đầu mối;Thư đầu mối\n"
    "bhxh;Bảo hiểm xã hội quận;BHXH quận;bhxh@quan.example;giamdoc@quan.example;Cán bộ tổng hợp;tonghop@quan.example\n"
)


def directory(text: str = YAML) -> Directory:
    book = book_of(text, Path("quan.yaml"))
    assert not book.findings
    return book.directory


def test_each_role_is_a_position_of_its_own_and_the_focal_point_gets_the_agencys_letters() -> None:
    read = directory()
    said = {id: (agency.name, mail_of(id, read), agency.phone) for id, agency in read.agencies.items()}
    assert said == {
        "ubnd": ("UBND quận", "vanthu@quan.example", None),
        "bhxh": ("Bảo hiểm xã hội quận", "tonghop@quan.example", "0292 000 0015"),
        "bhxh.head": ("Giám đốc BHXH quận", "giamdoc@quan.example", None),
        "bhxh.deputy": ("Cấp phó BHXH quận", "tonghop@quan.example", "0292 000 0014"),
        "bhxh.focal": ("Cán bộ tổng hợp BHXH quận", "tonghop@quan.example", "0292 000 0015"),
    }


def test_the_rung_head_is_the_contact_that_answers() -> None:
    directive = Directive(title="Vận động", date=date(2020, 5, 18), issuer="ubnd")
    assert resolve("head", "bhxh", directive, directory()) == ("bhxh.head",)
    assert resolve("bhxh.deputy", "bhxh", directive, directory()) == ("bhxh.deputy",)


@pytest.mark.parametrize(("group", "found"), [
    pytest.param("duoi-quan", ("bhxh",), id="a territory is its agencies"),
    pytest.param("chuc-danh", ("bhxh.head", "bhxh.deputy", "bhxh.focal"), id="but for who asks for positions"),
])
def test_no_contact_is_given_a_duty_by_a_group_of_agencies(group: str, found: tuple[str, ...]) -> None:
    assert members(group, directory(), date(2020, 5, 18)) == found


def test_a_focal_point_without_an_address_leaves_the_common_mailbox() -> None:
    read = directory("agencies:\n  a: { name: A, mail: a@quan.example, contacts: { focal: { phone: 0292 000 0015 } } }\n")
    assert (read.agencies["a"].mail, read.agencies["a"].phone) == ("a@quan.example", "0292 000 0015")


def test_a_table_says_the_same_and_is_kept_as_rows_that_read_alike() -> None:
    book, _ = roll_of(TABLE.encode(), Path("quan.csv"))
    assert not book.findings
    kept, _ = roll_of(printed(book.directory.agencies.values()).encode(), Path("quan.csv"))
    assert kept.directory == book.directory
    assert {id: agency.mail for id, agency in kept.directory.agencies.items()} == {
        "bhxh": "tonghop@quan.example", "bhxh.head": "giamdoc@quan.example", "bhxh.focal": "tonghop@quan.example",
    }
