"""The files beneath a leader's page: each of its kind, for whoever may read the page, and nothing else."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document

from tests.counter import HOST, LEADER, NOW, READER, Counter, Visitor
from web.app import build

STARTS = {"pdf": b"%PDF-", "docx": b"PK", "xlsx": b"PK", "csv": b"\xef\xbb\xbfM\xc3\xa3;"}


def test_each_file_is_what_it_says_and_only_for_who_may_read_it() -> None:
    with Visitor(build(Counter(), lambda: NOW), HOST) as client:
        for form, start in STARTS.items():
            found = client.get(f"/l/{LEADER}/1/bao-cao.{form}")
            assert (found.status_code, found.content[: len(start)]) == (200, start)
            assert found.headers["content-disposition"] == f'attachment; filename="bao-cao-1.{form}"'
            assert client.get(f"/l/{READER}/2/bao-cao.{form}").status_code == 404
            if form == "docx":
                assert "Máy nhắc chạy đủ đến" in "".join(line.text for line in Document(BytesIO(found.content)).paragraphs)
        assert client.get(f"/l/{LEADER}/1/bao-cao.csv?bang=chi-tieu").content.startswith("\ufeffChỉ tiêu;".encode())


@pytest.mark.parametrize(("written", "said"), [("Về {{ so_van_ban }}", "Về 898/UBND"), ("{{ la }}", "BÁO CÁO"), (None, "BÁO CÁO")])
def test_the_word_paper_is_in_the_offices_own_form_where_that_can_be_filled_in(written: str | None, said: str) -> None:
    counter = Counter()
    if written:
        own, held = Document(), BytesIO()
        own.add_paragraph(written)
        own.save(held)
        counter.forms["mau-bao-cao"] = held.getvalue()
    with Visitor(build(counter, lambda: NOW), HOST) as client:
        paper = Document(BytesIO(client.get(f"/l/{LEADER}/1/bao-cao.docx").content))
    assert said in [line.text for line in paper.paragraphs]


@pytest.mark.parametrize("way", ["1/bao-cao.exe", "1/bao-cao.csv?bang=x", "9/bao-cao.csv"])
def test_what_is_no_file_of_a_report_is_not_found(way: str) -> None:
    with Visitor(build(Counter(), lambda: NOW), HOST) as client:
        assert client.get(f"/l/{LEADER}/{way}").status_code == 404
