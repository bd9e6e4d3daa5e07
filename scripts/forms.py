"""Makes the Word forms that come with dondoc, in the layout of Nghị định 30/2020/NĐ-CP: `python -m scripts.forms`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FOLDER = Path(__file__).parent.parent / "reports" / "forms"
FONT = "Times New Roman"
_INSET = 3.8  # millimetres that Word leaves free at both sides of a cell

#: What stands after the edges of a paragraph among its properties.
_AFTER_EDGES = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def main() -> None:
    """Write every form."""
    FOLDER.mkdir(exist_ok=True)
    urging().save(str(FOLDER / "cong-van-don-doc.docx"))


def page() -> Any:
    """A4 with the margins, font and spacing of official papers."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(20), Mm(20), Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    _numbered(section.header.paragraphs[0])
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.0
    paper.core_properties.language, paper.core_properties.author, paper.core_properties.comments = "vi-VN", "", ""
    return paper


def _numbered(line: Any) -> None:
    """The number of the page, centred at the top from the second page on."""
    line.alignment = ALIGN.CENTER
    run = line.add_run()
    for kind, said in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = said or None
        run._r.append(part)


def said(
    cell: Any, text: str, *, size: float = 13, bold: bool = False, italic: bool = False, align: Any = ALIGN.CENTER, first: bool = False
) -> Any:
    """A line in a cell or paper; `first` uses the empty paragraph that a cell begins with."""
    line = cell.paragraphs[0] if first else cell.add_paragraph()
    line.alignment = align
    line.paragraph_format.space_after = Pt(0)
    if not text:
        _low(line, size)
    run = line.add_run(text)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), FONT
    return line


def _low(line: Any, size: float) -> None:
    """An empty line is as high as the mark at its end, whatever stands before it."""
    look, height = OxmlElement("w:rPr"), OxmlElement("w:sz")
    height.set(qn("w:val"), str(round(size * 2)))
    look.append(height)
    line._p.get_or_add_pPr().append(look)


def rule(cell: Any, width: float, of: float) -> None:
    """A thin line across the middle of a cell or paper that is `of` millimetres wide."""
    line = said(cell, "", size=4)
    line.paragraph_format.space_before = Pt(2)
    side = (of - width) / 2
    line.paragraph_format.left_indent, line.paragraph_format.right_indent = Mm(side), Mm(side)
    edges, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    edges.append(top)
    line._p.get_or_add_pPr().insert_element_before(edges, *_AFTER_EDGES)


def widths(table: Any, *millimetres: float) -> None:
    """Widths of columns, told to both columns and cells: LibreOffice believes the one, Word the other."""
    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def heading(paper: Any, sign: str, about: str = "") -> None:
    """Who writes, the name of the state with its motto, number and sign, place and day, what it is about."""
    table = paper.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    widths(table, 68, 97)
    left, right = table.rows[0].cells
    said(left, "{{ co_quan|upper }}", bold=True, first=True)
    rule(left, 22, 68 - _INSET)
    said(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, first=True)
    said(right, "Độc lập - Tự do - Hạnh phúc", bold=True)
    rule(right, 58, 97 - _INSET)
    left, right = table.rows[1].cells
    said(left, f"Số:        /{sign}", first=True)
    if about:
        said(left, about, size=12)
    said(right, "{{ noi }}, ngày {{ ngay }} tháng {{ thang }} năm {{ nam }}", italic=True, first=True)


def body(paper: Any, text: str, *, size: float = 14, stays: bool = False) -> None:
    """A paragraph of the body: justified, its first line indented. What `stays` is not parted from what comes next."""
    line = said(paper, text, size=size, align=ALIGN.JUSTIFY)
    line.paragraph_format.first_line_indent, line.paragraph_format.space_after = Mm(10), Pt(6)
    line.paragraph_format.keep_with_next = line.paragraph_format.keep_together = stays


def listed(paper: Any, loop: str, columns: tuple[tuple[str, str, float], ...], *, ending: bool = False) -> None:
    """A table with a row for each of a list: (heading, word, width in mm); of an `ending` one two rows go with the signature."""
    table = paper.add_table(rows=1, cols=len(columns))
    table.style = "Table Grid"
    for cell, (title, _, _) in zip(table.rows[0].cells, columns, strict=True):
        said(cell, title, size=12, bold=True, first=True)
    _marked(table.rows[0], "tblHeader")
    for part, stays in ((f"{loop}[:-2]", False), (f"{loop}[-2:]", True)) if ending else ((loop, False),):
        said(table.add_row().cells[0], f"{{%tr for dong in {part} %}}", size=12, first=True)
        row = table.add_row()
        for cell, (_, word, width) in zip(row.cells, columns, strict=True):
            line = said(cell, f"{{{{ dong.{word} }}}}", size=12, first=True, align=ALIGN.CENTER if width < 25 else ALIGN.LEFT)
            line.paragraph_format.keep_with_next = stays
        _marked(row, "cantSplit")
        said(table.add_row().cells[0], "{%tr endfor %}", size=12, first=True)
    widths(table, *(width for _, _, width in columns))


def _marked(row: Any, name: str) -> None:
    """Say of a row that it is repeated on each page ("tblHeader") or not torn between two ("cantSplit")."""
    mark = OxmlElement(f"w:{name}")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def gap(paper: Any) -> None:
    """A small space below a table, which goes with it."""
    said(paper, "", size=6).paragraph_format.keep_with_next = True


def ending(paper: Any) -> None:
    """To whom copies go, and who signs."""
    table = paper.add_table(rows=1, cols=2)
    widths(table, 80, 85)
    left, right = table.rows[0].cells
    _marked(table.rows[0], "cantSplit")
    said(left, "Nơi nhận:", size=12, bold=True, italic=True, align=ALIGN.LEFT, first=True)
    said(left, "{%p for noi_gui in noi_nhan %}", size=11, align=ALIGN.LEFT)
    said(left, "- {{ noi_gui }}{% if loop.last %}.{% else %};{% endif %}", size=11, align=ALIGN.LEFT)
    said(left, "{%p endfor %}", size=11, align=ALIGN.LEFT)
    said(right, "{%p for dong in thay_mat %}", first=True)
    said(right, "{{ dong }}", size=14, bold=True)
    said(right, "{%p endfor %}")
    said(right, "{{ nguoi_ky|upper }}", size=14, bold=True)
    for _ in range(5):
        said(right, "")


def _addressed(paper: Any) -> None:
    """To whom it goes: one on the same line, several below it, a line each."""
    said(paper, "{%p if kinh_gui|length == 1 %}")
    said(paper, "Kính gửi: {{ kinh_gui|first }}.", size=14).paragraph_format.space_before = Pt(12)
    said(paper, "{%p else %}")
    first = said(paper, "Kính gửi:", size=14, align=ALIGN.LEFT)
    first.paragraph_format.left_indent, first.paragraph_format.space_before = Mm(40), Pt(12)
    said(paper, "{%p for noi in kinh_gui %}")
    each = said(paper, "- {{ noi }}{% if loop.last %}.{% else %};{% endif %}", size=14, align=ALIGN.LEFT)
    each.paragraph_format.left_indent = Mm(58)
    said(paper, "{%p endfor %}")
    said(paper, "{%p endif %}")
    said(paper, "", size=6)


def urging() -> Any:
    """The công văn đôn đốc."""
    paper = page()
    heading(paper, "…", "V/v đôn đốc thực hiện Văn bản số {{ so_van_ban }}")
    _addressed(paper)
    body(paper, "Thực hiện Văn bản số {{ so_van_ban }} ngày {{ ngay_van_ban }} về “{{ trich_yeu }}”, đến hết ngày {{ den_ngay }} còn "
                "{{ so_viec }} việc đã quá hạn của {{ so_don_vi }} đơn vị, gồm:")
    listed(paper, "viec", (
        ("TT", "stt", 10), ("Đơn vị", "don_vi", 36), ("Nhiệm vụ", "nhiem_vu", 46), ("Thời hạn", "han", 22), ("Quá hạn", "qua_han", 18),
        ("Báo cáo gần nhất", "bao_cao", 33),
    ), ending=True)
    gap(paper)
    body(paper, "Đề nghị thủ trưởng các đơn vị có tên nêu trên khẩn trương chỉ đạo thực hiện, hoàn thành và báo cáo kết quả trước ngày "
                "{{ truoc_ngay }}; việc nào chưa thể hoàn thành, báo cáo rõ nguyên nhân, trách nhiệm và đề xuất thời hạn cụ thể.",
         stays=True)
    body(paper, "{% if lien_he %}Trong quá trình thực hiện, nếu có vướng mắc, liên hệ {{ lien_he }} để phối hợp giải quyết{% else %}"
                "Yêu cầu các đơn vị nghiêm túc thực hiện{% endif %}./.", stays=True)
    ending(paper)
    return paper


if __name__ == "__main__":
    main()
