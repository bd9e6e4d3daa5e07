"""`audit`: whether the ledger is what its events made it, and forgetting a person without breaking the chain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from cyclopts import App
from rich.text import Text

from config.office import Office
from tasks.ledger import audit as auditing
from tasks.ledger import erasing, keeping

from .arguments import Here, Json, option
from .ledger import opened
from .refusal import FOUND, USAGE, Refusal
from .screen import show, show_json, tell
from .searching import holding
from .speech import number, say

audit = App(name="audit", group_commands=say("Lệnh"))


class Found(NamedTuple):
    """One thing that is wrong: in which directive ("" where that is not known), at which event, in words."""

    number: str
    seq: int
    words: str


@audit.command(help=say("đối chiếu: chuỗi sự kiện, dấu đã in trong báo cáo, và từng dòng của sổ với sự kiện đã tạo ra nó"))
def verify(
    *, project: Here, json: Json = False,
    head: Annotated[tuple[str, ...], option("dấu in ở chân báo cáo, như 17:3f2a…; nhiều dấu thì ghi nhiều lần")] = (),
) -> int:
    """Verify everything that can be verified; the first bad event of each directive comes first."""
    if bad := [each for each in head if not _is_head(each)]:
        raise Refusal(say("“{head}” không phải là dấu của chuỗi sự kiện", head=bad[0]), say("ghi như chân báo cáo in: 17:3f2a9c01d4e5b677"),
                      code=USAGE)
    with opened(project) as office:
        found = list(_found(office, head))
        with office.store.read() as db:
            sizes = auditing.sizes(db)
    if json:
        show_json({"found": [each._asdict() for each in found], "sizes": dict(sizes)})
    for each in () if json else found:
        show(Text(f"{each.number}: {each.words}" if each.number else each.words, "bold red"))
    if not (found or json):
        facts = {name: number(count) for name, count in sizes.items()}
        tell(say("Sổ đúng: {directives} văn bản, {events} sự kiện nối liền nhau, mọi dòng khớp với sự kiện.", **facts))
    return FOUND if found else 0


@audit.command(help=say("dấu của mọi chuỗi sự kiện, để giữ ở nơi khác"))
def heads(*, project: Here, json: Json = False) -> int:
    """Print the head of each directive's chain, in the form that `verify --head` takes."""
    with opened(project) as office, office.store.read() as db:
        found = auditing.heads(db)
    if json:
        show_json({"heads": [each._asdict() for each in found]})
        return 0
    for each in found:
        show(Text(f"{each.seq}:{each.head[:16]}  {each.number}"))
    return 0


@audit.command(help=say("xóa tên một người khỏi sổ; chuỗi sự kiện vẫn nguyên vẹn"))
def erase(
    name: Annotated[str, option("họ tên như đã ghi", name="PERSON")], /, *, project: Here,
    reason: Annotated[str, option("lý do, được ghi vào chuỗi sự kiện")], json: Json = False,
) -> int:
    """Erase a person's name, role and addresses of network everywhere. The act itself is kept, without the name."""
    with opened(project) as office:
        done = erasing.erase(office.store, name, reason, project.now)
        keeping.rewrite(office.store)
    left = holding(project.home, name)
    if not (done.persons or done.letters or done.proposals or done.replies or left):
        raise Refusal(say("sổ không có người nào tên “{name}”", name=name), say("ghi đúng như trong sổ: {command}", command="dondoc show"))
    if json:
        show_json({"persons": done.persons, "letters": done.letters, "proposals": done.proposals, "replies": done.replies,
                   "directives": done.directives, "files": [str(path) for path in left]})
        return FOUND if left else 0
    show(say("Đã xóa: {persons} lần ghi tên, {letters} thư chưa gửi, {proposals} lần trình duyệt, {replies} thư trả lời, "
             "trong {directives} văn bản.",
             persons=done.persons, letters=done.letters, proposals=done.proposals, replies=done.replies, directives=done.directives))
    for path in left:
        show(Text(say("Tên còn trong tệp {path}: xóa, hoặc làm lại tệp.", path=path), "bold red"))
    tell(say("Bản sao lưu và thư đã gửi nằm ngoài sổ: xóa theo quy định của cơ quan."))
    return FOUND if left else 0


def _found(office: Office, heads: tuple[str, ...]) -> Iterator[Found]:
    with office.store.read() as db:
        breaks, beyond, strange = auditing.breaks(db), auditing.beyond(db), auditing.strange(db, heads)
        rows, orphans = auditing.departures(db, office.calendar), auditing.orphans(db)
    for each in breaks:
        yield Found(each.number, each.seq, say("chuỗi sự kiện đứt ở sự kiện {seq}", seq=each.seq))
    for each in beyond:
        yield Found(each.number, each.seq, say("sự kiện {seq} đã bị cắt: còn dòng của sổ theo nó", seq=each.seq))
    for head in strange:
        yield Found(head.number, head.seq, _strange(head))
    for of, row in rows:
        yield Found(of, row.seq, say("{of}: {what} không theo sự kiện {seq}", of=row.of, what=say(row.what), seq=row.seq))
    for what, count in orphans.items():
        yield Found("", 0, f"{say(what)}: {number(count)}")


def _strange(head: auditing.Head) -> str:
    if head.seq:
        return say("sự kiện {seq} không mang dấu {head}: chuỗi đã bị cắt hoặc viết lại", seq=head.seq, head=head.head[:16])
    return say("không sự kiện nào mang dấu {head}: chuỗi đã bị cắt hoặc viết lại", head=head.head[:16])


def _is_head(head: str) -> bool:
    seq, _, start = head.rpartition(":")
    return (not seq or seq.isdecimal()) and len(start) >= 8 and set(start.lower()) <= set("0123456789abcdef")
