"""`report`: the leader's report in every form: words, page, PDF, Word, Excel, CSV, the chart as a picture, the values behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import TypeAdapter
from rich.text import Text

from reports.tongues import speaking
from tasks.ledger import reporting, standing, watching
from tasks.ledger.issued import load
from tasks.values import Standing
from tasks.watches import Watch

from .arguments import AsOf, Here, Number, day_option, option
from .ledger import opened, paper
from .refusal import USAGE, Refusal
from .screen import show_raw, tell
from .speech import lang, say

Form = Literal["text", "html", "json", "pdf", "docx", "xlsx", "csv", "png"]

_STANDING = TypeAdapter(Standing)
_ON_SCREEN = ("text", "html", "json", "csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a report is made of; `home` is the project."""

    standing: Standing
    reader: str
    watch: Watch
    home: Path


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
            watch = watching.watch(db, of.id, office.calendar, office.practice, at)
    tell(Text(say("Mã báo cáo {hash}", hash=reporting.fingerprint(made)), "dim"))
    asked = _Asked(standing=made, reader=reader or of.issuer, watch=watch, home=project.home)
    with speaking(lang()):
        files = _files(asked, to, output) if output else []
        shown = "" if output else _FORMS[to](asked).decode("utf-8-sig")
    if shown:
        show_raw(shown)
    for path, body in files:
        path.write_bytes(body)
        tell(say("Đã ghi {path}.", path=path))
    return 0


def _files(asked: _Asked, to: Form, output: Path) -> list[tuple[Path, bytes]]:
    """What is written where: one file, or in CSV one for each table beside the first: bao-cao.csv, bao-cao-don-vi.csv, …"""
    if to != "csv":
        return [(output, _FORMS[to](asked))]
    from reports.csv_files import csv_file
    from reports.tables import tables

    whole, *others = tables(asked.standing)
    beside = [(output.with_name(f"{output.stem}-{each.id}{output.suffix}"), csv_file(each)) for each in others]
    return [(output, csv_file(whole)), *beside]


def _text(asked: _Asked) -> bytes:
    from reports import page

    whole = f"dondoc report {asked.standing.paper.number} --to html -o bao-cao.html"
    return page.letter(asked.standing, whole, asked.reader, lang(), asked.watch)[2].encode()


def _html(asked: _Asked) -> bytes:
    from reports import page

    return page.html(asked.standing, link=None, reader=asked.reader, lang=lang(), watch=asked.watch).encode()


def _json(asked: _Asked) -> bytes:
    return _STANDING.dump_json(asked.standing, indent=2)


def _pdf(asked: _Asked) -> bytes:
    from reports import printed

    return printed.pdf(asked.standing, reader=asked.reader, watch=asked.watch)


def _xlsx(asked: _Asked) -> bytes:
    from reports import sheets

    return sheets.workbook(asked.standing, reader=asked.reader, watch=asked.watch)


def _csv(asked: _Asked) -> bytes:
    from reports.csv_files import csv_file
    from reports.tables import tables

    return csv_file(tables(asked.standing)[0])


def _png(asked: _Asked) -> bytes:
    from reports import picture
    from reports.calls import local
    from reports.targets import main_line

    made = asked.standing
    line = main_line(made)
    drawn = picture.png(line, local(made.as_of, made).date()) if line else b""
    if not drawn:
        raise Refusal(say("văn bản này không có chỉ tiêu để vẽ"))
    return drawn


def _docx(asked: _Asked) -> bytes:
    """In the office's own form where it has one."""
    from reports import official
    from reports.word import FormError

    own = asked.home / "templates" / f"{official.FORM}.docx"
    signing = official.Signing(form=own.read_bytes() if own.exists() else None)
    try:
        return official.docx(asked.standing, reader=asked.reader, signing=signing, watch=asked.watch)
    except FormError as error:
        wrong = say("không điền được mẫu {path}: {why}", path=own, why=error.why)
        raise Refusal(wrong, say("bỏ tệp ấy thì dùng mẫu có sẵn"), code=USAGE) from error


_FORMS: dict[Form, Callable[[_Asked], bytes]] = {
    "text": _text, "html": _html, "json": _json, "pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "csv": _csv, "png": _png,
}
