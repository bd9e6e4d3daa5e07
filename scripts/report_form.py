"""Makes the Word form of the report, in the layout of Nghị định 30/2020/NĐ-CP: `python -m scripts.report_form`."""

from __future__ import annotations

from typing import Any

from docx.shared import Mm, Pt

from scripts.forms import ALIGN, FOLDER, body, ending, gap, heading, listed, page, rule, said


def main() -> None:
    """Write the form."""
    report().save(str(FOLDER / "mau-bao-cao.docx"))


def report() -> Any:
    """The báo cáo: what it is about, the whole, the indicator, who is to be called, what changed, everybody."""
    paper = page()
    heading(paper, "BC-…")
    _title(paper)
    _body(paper, "{{ ky }}: {{ tom_tat }} {{ so_viec }}")
    _body(paper, "{{ cong }}{% if ty_le %} {{ ty_le }}{% endif %}{% if may_nhac %} {{ may_nhac }}{% endif %}")
    _each(paper, "van_ban_sau")
    _part(paper, "{% if chi_tieu %}1. Chỉ tiêu: {{ chi_tieu }}{% else %}1. Chỉ tiêu{% endif %}")
    said(paper, "{{ bieu_do }}", size=13).paragraph_format.space_after = Pt(4)
    _each(paper, "so_lieu")
    _part(paper, "2. Đơn vị cần làm việc ngay")
    listed(paper, "can_goi", (
        ("TT", "stt", 10), ("Đơn vị", "don_vi", 36), ("Việc", "viec", 47), ("Trễ", "tre", 20), ("Tình hình", "tinh_hinh", 52),
    ))
    said(paper, "", size=2)  # a line that follows a table does not hold on to the next one in LibreOffice
    _part(paper, "3. {{ ten_thay_doi }}")
    _each(paper, "thay_doi")
    _each(paper, "cho")
    _part(paper, "4. Các đơn vị")
    listed(paper, "don_vi", (
        ("TT", "stt", 10), ("Đơn vị", "don_vi", 51), ("Số việc", "viec", 68), ("Số liệu", "so_lieu", 18), ("So mốc", "so_moc", 18),
    ), ending=True)
    gap(paper)
    _each(paper, "ghi_chu", stays=True)
    _body(paper, "{{ cuoi|join(' ') }}", size=11, stays=True)
    _body(paper, "{% if xin_quyet_dinh %}5. Kiến nghị: {{ xin_quyet_dinh }} {% endif %}Kính báo cáo {{ kinh_gui }}./.", stays=True)
    ending(paper)
    return paper


def _title(paper: Any) -> None:
    said(paper, "BÁO CÁO", size=14, bold=True).paragraph_format.space_before = Pt(14)
    said(paper, "Tình hình thực hiện Văn bản số {{ so_van_ban }} ngày {{ ngay_van_ban }}", size=14, bold=True)
    said(paper, "{{ trich_yeu }}", size=14, bold=True)
    rule(paper, 55, 165)


def _part(paper: Any, text: str) -> None:
    line = said(paper, text, bold=True, align=ALIGN.JUSTIFY)
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(6), Pt(4)
    line.paragraph_format.first_line_indent = Mm(10)
    line.paragraph_format.keep_with_next = True


def _each(paper: Any, loop: str, *, stays: bool = False) -> None:
    """A paragraph for each of a list of sentences."""
    said(paper, f"{{%p for cau in {loop} %}}")
    _body(paper, "{{ cau }}", stays=stays)
    said(paper, "{%p endfor %}")


def _body(paper: Any, text: str, *, size: float = 13, stays: bool = False) -> None:
    body(paper, text, size=size, stays=stays)


if __name__ == "__main__":
    main()
