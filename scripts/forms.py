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
    normal.paragraph_format.space_after = Pt(6)
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
    run = line.add_run(text)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), FONT
    return line


def widths(table: Any, *millimetres: float) -> None:
    """Widths of columns, told to both columns and cells: LibreOffice believes the one, Word the other."""
    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def heading(paper: Any, about: str) -> None:
    """Who writes, the name of the state with its motto, number, place and day, what it is about."""
    table = paper.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    widths(table, 66, 99)
    left, right = table.rows[0].cells
    said(left, "{{ co_quan|upper }}", bold=True, first=True)
    said(left, "———")
    said(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, first=True)
    said(right, "Độc lập - Tự do - Hạnh phúc", bold=True)
    said(right, "—————————")
    left, right = table.rows[1].cells
    said(left, "Số:        /…", first=True)
    said(left, about, size=12)
    said(right, "{{ noi }}, ngày {{ ngay }} tháng {{ thang }} năm {{ nam }}", italic=True, first=True)


def body(paper: Any, text: str) -> None:
    """A paragraph of the body: justified, its first line indented."""
    line = said(paper, text, size=14, align=ALIGN.JUSTIFY)
    line.paragraph_format.first_line_indent, line.paragraph_format.space_after = Mm(10), Pt(6)


def listed(paper: Any, loop: str, columns: tuple[tuple[str, str, float], ...]) -> None:
    """A table with a row for each of a list: (heading, word of the row, width in mm)."""
    table = paper.add_table(rows=4, cols=len(columns))
    table.style = "Table Grid"
    for cell, (title, _, _) in zip(table.rows[0].cells, columns, strict=True):
        said(cell, title, size=12, bold=True, first=True)
    said(table.rows[1].cells[0], f"{{%tr for dong in {loop} %}}", size=12, first=True)
    for cell, (_, word, width) in zip(table.rows[2].cells, columns, strict=True):
        said(cell, f"{{{{ dong.{word} }}}}", size=12, first=True, align=ALIGN.CENTER if width < 25 else ALIGN.LEFT)
    said(table.rows[3].cells[0], "{%tr endfor %}", size=12, first=True)
    widths(table, *(width for _, _, width in columns))
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)


def ending(paper: Any) -> None:
    """To whom copies go, and who signs."""
    table = paper.add_table(rows=1, cols=2)
    widths(table, 80, 85)
    left, right = table.rows[0].cells
    said(left, "Nơi nhận:", size=12, bold=True, italic=True, align=ALIGN.LEFT, first=True)
    said(left, "{%p for noi_gui in noi_nhan %}", size=11, align=ALIGN.LEFT)
    said(left, "- {{ noi_gui }};", size=11, align=ALIGN.LEFT)
    said(left, "{%p endfor %}", size=11, align=ALIGN.LEFT)
    said(right, "{{ nguoi_ky|upper }}", size=14, bold=True, first=True)
    for _ in range(4):
        said(right, "")


def urging() -> Any:
    """The công văn đôn đốc."""
    paper = page()
    heading(paper, "V/v đôn đốc thực hiện Văn bản số {{ so_van_ban }}")
    said(paper, "Kính gửi: {{ kinh_gui|join('; ') }}.", size=14).paragraph_format.space_before = Pt(12)
    said(paper, "", size=6)
    body(paper, "Thực hiện Văn bản số {{ so_van_ban }} ngày {{ ngay_van_ban }} về “{{ trich_yeu }}”, đến hết ngày {{ den_ngay }} còn "
                "{{ so_viec }} việc đã quá hạn của {{ so_don_vi }} đơn vị, gồm:")
    listed(paper, "viec", (
        ("TT", "stt", 10), ("Đơn vị", "don_vi", 36), ("Nhiệm vụ", "nhiem_vu", 46), ("Thời hạn", "han", 22), ("Quá hạn", "qua_han", 18),
        ("Báo cáo gần nhất", "bao_cao", 33),
    ))
    said(paper, "", size=6)
    body(paper, "Đề nghị thủ trưởng các đơn vị có tên nêu trên khẩn trương chỉ đạo thực hiện, hoàn thành và báo cáo kết quả trước ngày "
                "{{ truoc_ngay }}; việc nào chưa thể hoàn thành, báo cáo rõ nguyên nhân, trách nhiệm và đề xuất thời hạn cụ thể.")
    body(paper, "{% if lien_he %}Trong quá trình thực hiện, nếu có vướng mắc, liên hệ {{ lien_he }} để phối hợp giải quyết{% else %}"
                "Yêu cầu các đơn vị nghiêm túc thực hiện{% endif %}./.")
    ending(paper)
    return paper


if __name__ == "__main__":
    main()
