"""`report`: the leader's report in every form: words, page, PDF, Word, Excel, CSV, the chart as a picture, the values behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import TypeAdapter
from rich.text import Text

from reports.tongues import speaking
from tasks.ledger import reporting, standing
from tasks.ledger.issued import load
from tasks.values import Standing

from .arguments import AsOf, Here, Number, day_option, option
from .ledger import opened, paper
from .project import Project
from .refusal import USAGE, Refusal
from .screen import show_raw, tell
from .speech import lang, say

Form = Literal["text", "html", "json", "pdf", "docx", "xlsx", "csv", "png"]

_STANDING = TypeAdapter(Standing)
_ON_SCREEN = ("text", "html", "json", "csv")


def report(
    number: Number, /, *, project: Here,
    to: Annotated[Form, option("dạng báo cáo")] = "text",
    output: Annotated[Path | None, option("ghi vào tệp này", alias="-o")] = None,
    reader: Annotated[str | None, option("kính gửi ai")] = None,
    as_of: AsOf = None,
    since: Annotated[date | None, day_option("thay đổi và quyết định kể từ cuối ngày này")] = None,
) -> int:
    """Make the report as it would be now, or as it would have been on a day."""
    if output is None and to not in _ON_SCREEN:
        raise Refusal(say("dạng {form} cần tệp để ghi: thêm -o", form=to), code=USAGE)
    at, then = project.closing(as_of), project.closing(since) if since else None
    if then and then >= at:
        raise Refusal(say("so từ một ngày trước ngày của báo cáo"), code=USAGE)
    with opened(project) as office:
        of = paper(office, number)
        with office.store.read() as db:
            then = then or reporting.before(db, load(db, of.id, office.calendar), at, reader or "")
            made = standing.standing(db, of.id, office.calendar, at, then)
    tell(Text(say("Mã báo cáo {hash}", hash=reporting.fingerprint(made)), "dim"))
    reader = reader or of.issuer
    with speaking(lang()):
        files = _files(made, reader, project, to, output) if output else []
        shown = "" if output else _FORMS[to](made, reader, project).decode("utf-8-sig")
    if shown:
        show_raw(shown)
    for path, body in files:
        path.write_bytes(body)
        tell(say("Đã ghi {path}.", path=path))
    return 0


def _files(made: Standing, reader: str, project: Project, to: Form, output: Path) -> list[tuple[Path, bytes]]:
    """What is written where: one file, or in CSV one for each table beside the first: bao-cao.csv, bao-cao-don-vi.csv, …"""
    if to != "csv":
        return [(output, _FORMS[to](made, reader, project))]
    from reports.csv_files import csv_file
    from reports.tables import tables

    whole, *others = tables(made)
    beside = [(output.with_name(f"{output.stem}-{each.id}{output.suffix}"), csv_file(each)) for each in others]
    return [(output, csv_file(whole)), *beside]


def _text(made: Standing, reader: str, _: Project) -> bytes:
    from reports import page

    return page.letter(made, f"dondoc report {made.paper.number} --to html -o bao-cao.html", reader, lang())[2].encode()


def _html(made: Standing, reader: str, _: Project) -> bytes:
    from reports import page

    return page.html(made, link=None, reader=reader, lang=lang()).encode()


def _json(made: Standing, _: str, __: Project) -> bytes:
    return _STANDING.dump_json(made, indent=2)


def _pdf(made: Standing, reader: str, _: Project) -> bytes:
    from reports import printed

    return printed.pdf(made, reader=reader)


def _xlsx(made: Standing, reader: str, _: Project) -> bytes:
    from reports import sheets

    return sheets.workbook(made, reader=reader)


def _csv(made: Standing, _: str, __: Project) -> bytes:
    from reports.csv_files import csv_file
    from reports.tables import tables

    return csv_file(tables(made)[0])


def _png(made: Standing, _: str, __: Project) -> bytes:
    from reports import picture
    from reports.calls import local
    from reports.targets import main_line

    line = main_line(made)
    drawn = picture.png(line, local(made.as_of, made).date()) if line else b""
    if not drawn:
        raise Refusal(say("văn bản này không có chỉ tiêu để vẽ"))
    return drawn


def _docx(made: Standing, reader: str, project: Project) -> bytes:
    """In the office's own form where it has one."""
    from reports import official
    from reports.word import FormError

    own = project.home / "templates" / f"{official.FORM}.docx"
    try:
        return official.docx(made, reader=reader, signing=official.Signing(form=own.read_bytes() if own.exists() else None))
    except FormError as error:
        wrong = say("không điền được mẫu {path}: {why}", path=own, why=error.why)
        raise Refusal(wrong, say("bỏ tệp ấy thì dùng mẫu có sẵn"), code=USAGE) from error


_FORMS: dict[Form, Callable[[Standing, str, Project], bytes]] = {
    "text": _text, "html": _html, "json": _json, "pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "csv": _csv, "png": _png,
}
