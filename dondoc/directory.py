"""`agencies list`, `show` and `check`: who is in the directory, and who cannot be reached, never answered, or is in no group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from cyclopts import App
from rich.table import Table
from rich.text import Text

from directives.language import advice
from directives.language.books import Book
from directives.language.calendar import written
from directives.language.findings import sound
from directives.language.reading import office
from tasks.ledger.roster import silent

from .arguments import Here, Json, option
from .ledger import has_ledger, opened, unknown
from .people import Person, people, sharing
from .project import Project
from .refusal import FOUND, Refusal
from .screen import show, show_json, table, tell
from .speech import lang, number, say

_SHOWN = 40  # rows that are shown without --all
_NAMED = 5  # names in a line of `check`, before the rest is only counted

agencies = App(name="agencies", group_commands=say("Lệnh"))
agencies.command("dondoc.enrolling:enrol", name="import", help=say("nhập danh bạ từ bảng .csv, .xlsx: đúng cả bảng mới ghi"))
for _name, _help in {
    "rename": "đổi tên một đơn vị từ một ngày", "merge": "sáp nhập các đơn vị từ một ngày", "split": "chia tách một đơn vị từ một ngày",
    "dissolve": "giải thể một đơn vị từ một ngày", "move": "chuyển một đơn vị sang trực thuộc nơi khác từ một ngày",
    "orphans": "việc còn mở ở đơn vị đã kết thúc",
}.items():
    agencies.command(f"dondoc.reorganizing:{_name}", name=_name, help=say(_help))
agencies.command("dondoc.deputizing:deputy", name="deputy", help=say("ai nhận thư thay một chức danh đi vắng, từ ngày đến ngày"))


@agencies.command(name="list", help=say("danh sách đơn vị, địa chỉ, nhóm"))
def list_(
    *, project: Here,
    kind: Annotated[str | None, option("chỉ loại này")] = None,
    under: Annotated[str | None, option("chỉ những gì trực thuộc đơn vị này, ở mọi cấp", name="--in")] = None,
    without_mail: Annotated[bool, option("chỉ đơn vị chưa có địa chỉ riêng")] = False,
    never_answered: Annotated[bool, option("chỉ đơn vị đã nhận việc mà chưa trả lời lần nào")] = False,
    in_no_group: Annotated[bool, option("chỉ đơn vị chưa thuộc nhóm nào")] = False,
    every: Annotated[bool, option("mọi dòng", name="--all")] = False,
    json: Json = False,
) -> int:
    """List who is in the directory."""
    book = _book(project)
    below = _below(book, under) if under else None
    found = [
        each for each in _people(project, book)
        if (not kind or kind in each.agency.kind) and (below is None or each.agency.id in below)
        and (not without_mail or not each.agency.mail) and (not never_answered or each.waits) and (not in_no_group or not each.groups)
    ]
    if json:
        show_json({"agencies": [each.to_json() for each in found]})
        return 0
    show(_rows(found if every else found[:_SHOWN]))
    if not every and len(found) > _SHOWN:
        tell(say("… và {n} đơn vị nữa (--all)", n=len(found) - _SHOWN))
    return 0


@agencies.command(name="show", help=say("một đơn vị: địa chỉ, trực thuộc ai, thuộc nhóm nào"))
def show_(id_: Annotated[str, option("mã đơn vị: bhxh")], /, *, project: Here, json: Json = False) -> int:
    """Show an agency: how it is reached, what it hangs under, which groups it is in."""
    book = _book(project)
    names = {agency.id: agency.name for agency in book.directory.agencies.values()}
    if id_ not in names:
        raise unknown(say("danh bạ không có “{agency}”", agency=id_), id_, names, names)
    found = next(each for each in _people(project, book) if each.agency.id == id_)
    if json:
        show_json(found.to_json())
        return 0
    rows = Table.grid(padding=(0, 2))
    for heading, words in _facts(found, names):
        rows.add_row(Text(heading, "dim"), words)
    show(rows)
    return 0


@agencies.command(name="check", help=say("ai không nhận được thư, chưa trả lời lần nào, chưa thuộc nhóm nào"))
def check(*, project: Here, json: Json = False) -> int:
    """Look through the directory for who cannot be reached, shares an address, never answered, or is in no group."""
    library, texts = office(project.agencies)
    book = library.whole
    if not sound(book.findings):
        show(advice.human(book.findings, texts, lang()))
        return FOUND
    found = list(_people(project, book))
    lines = list(_looked_at(found, book))
    if json:
        show_json({"agencies": len(found), "found": {name: ids for name, _, ids in lines}})
        return 0
    show(say("{n} đơn vị, {groups} nhóm.", n=len(found), groups=number(len(book.directory.groups))))
    for _, sentence, ids in lines:
        if ids:
            show(Text.assemble(("! ", "bold yellow"), say(sentence, n=len(ids)), (f": {_named(ids)}", "dim")))
    return 0


def _looked_at(found: Sequence[Person], book: Book) -> Iterator[tuple[str, str, list[str]]]:
    """Yield what is looked for: its name, its sentence, and whom it is true of."""
    shared = [f"{mail} ({', '.join(owners)})" for mail, owners in sharing(book.directory).items()]
    yield "unreachable", "{n} nơi không nhận được thư nào", [each.agency.id for each in found if not each.mail]
    yield "through_others", "{n} nơi nhận thư qua đơn vị cấp trên", [each.agency.id for each in found if each.is_reached_through_others]
    yield "shared_mail", "{n} địa chỉ của nhiều đơn vị", shared
    yield "never_answered", "{n} nơi đã nhận việc mà chưa trả lời lần nào", [each.agency.id for each in found if each.waits]
    yield "in_no_group", "{n} nơi chưa thuộc nhóm nào", [each.agency.id for each in found if not each.groups]


def _named(ids: Sequence[str]) -> str:
    return ", ".join(ids[:_NAMED]) + (" …" if len(ids) > _NAMED else "")


def _book(project: Project) -> Book:
    """The office's directories as one. Raises Refusal where there are none, or where they have mistakes."""
    library, _ = office(project.agencies)
    if not library.books:
        nothing = say("chưa có danh bạ nào ở {path}", path=project.agencies)
        raise Refusal(nothing, say("nhập: {command}", command="dondoc agencies import FILE"))
    if not sound(library.whole.findings):
        raise Refusal(say("danh bạ có lỗi"), say("xem: {command}", command="dondoc agencies check"))
    return library.whole


def _people(project: Project, book: Book) -> Iterator[Person]:
    today = project.now.astimezone(project.settings.practice.tz).date()
    return people(book.directory, today, _silent(project))


def _silent(project: Project) -> Mapping[str, int]:
    """Who never answered, as far as there is a ledger."""
    if not has_ledger(project):
        return {}
    with opened(project) as there, there.store.read() as db:
        return silent(db)


def _below(book: Book, place: str) -> set[str]:
    """Everybody at or below a place. Raises Refusal for one that nobody knows."""
    agencies = book.directory.agencies
    if place not in agencies:
        names = {agency.id: agency.name for agency in agencies.values()}
        raise unknown(say("danh bạ không có “{agency}”", agency=place), place, names, names)
    found, level = {place}, {place}
    while level := {id_ for id_, agency in agencies.items() if level & set(agency.in_)} - found:
        found |= level
    return found


def _rows(found: Sequence[Person]) -> Table:
    rows = table("Mã", "Tên", "Loại", "Trực thuộc", "Thư", "Nhóm", wide=("Tên", "Thư"))
    for each in found:
        agency = each.agency
        rows.add_row(agency.id, agency.name, " ".join(agency.kind), " ".join(agency.in_), _mail(each), " ".join(each.groups))
    return rows


def _mail(each: Person) -> Text:
    if each.agency.mail:
        return Text(each.agency.mail)
    return Text(say("qua {agency}", agency=each.through), "dim") if each.mail else Text(say("không có"), "yellow")


def _facts(each: Person, names: Mapping[str, str]) -> Iterator[tuple[str, Text]]:
    agency = each.agency
    yield agency.id, Text(agency.name, "bold")
    yield say("tên gọn"), Text(agency.short)
    yield say("loại"), Text(" ".join(agency.kind) or "–")
    yield say("trực thuộc"), Text(", ".join(f"{up} — {names.get(up, up)}" for up in agency.in_) or "–")
    yield say("đứng đầu"), Text(f"{agency.head} — {names.get(agency.head, agency.head)}" if agency.head else "–")
    yield say("thư"), _mail(each)
    yield say("điện thoại"), Text(agency.phone or "–")
    yield say("nhóm"), Text(" ".join(each.groups) or "–")
    for heading, day in ((say("từ ngày"), agency.since), (say("đến ngày"), agency.until)):
        if day:
            yield heading, Text(written(day))
    if each.waits:
        yield say("trả lời"), Text(say("chưa lần nào, {n} việc đã giao", n=each.waits), "yellow")
