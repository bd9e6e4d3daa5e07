"""Vietnamese on an English page is marked where it begins and ends."""

from __future__ import annotations

import pytest

from reports.marking import marked


@pytest.mark.parametrize(("text", "vietnamese"), [
    pytest.param("To Ủy ban nhân dân quận Cái Răng · Document", ["Ủy ban nhân dân quận Cái Răng"], id="a name after an English word"),
    pytest.param("from UBND phường Ba Láng, UBND phường Hưng Phú.", ["UBND phường Ba Láng", "UBND phường Hưng Phú"], id="capitals before"),
    pytest.param("Độ bao phủ BHYT toàn quận is only at 78.11%", ["Độ bao phủ BHYT toàn quận"], id="a sentence goes on in English"),
    pytest.param("Clause 7.2: Ô tô tuyên truyền (period from 30/5)", ["Ô tô tuyên truyền"], id="between signs"),
    pytest.param("Trung tâm Văn hóa - Thể thao quận: 1 overdue", ["Trung tâm Văn hóa - Thể thao quận"], id="a dash within a name"),
    pytest.param("Contacts of the office", [], id="nothing"),
])  # fmt: skip
def test_what_is_vietnamese_is_marked(text: str, vietnamese: list[str]) -> None:
    page = marked(f"<p>{text}</p>")
    assert [part.partition("</span>")[0] for part in page.split('<span lang="vi">')[1:]] == vietnamese
    assert page.replace('<span lang="vi">', "").replace("</span>", "") == f"<p>{text}</p>"


@pytest.mark.parametrize("page", [
    '<title>Tuyên truyền</title>', '<b title="Tuyên truyền">x</b>', "<option>Tuyên truyền</option>", "<textarea>Tuyên truyền</textarea>",
    "<svg><title>Độ bao phủ</title><text>Độ bao phủ</text></svg>",
])  # fmt: skip
def test_what_holds_no_markup_is_left_alone(page: str) -> None:
    assert marked(page) == page
