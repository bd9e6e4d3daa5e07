"""The letters of the desk's papers: what became of each, what it says, what is decided of one that may or may not have arrived.

A letter is looked at without its link: the address in it belongs to whom it was written to, so a clerk sees one that opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from directives.language.addresses import AddressError
from notifications.layout import COLUMNS
from tasks.ledger import letters as ledger_letters
from tasks.ledger import mailroom, resolving
from tasks.ledger.mailroom import Sheet
from tasks.letters import Notice
from web.form import Submitted
from web.status import Status
from web.words import Say, local

from .deed import NAME, REASON, ROLE, Deed, Outcome, Values, pressed
from .papers import SANDBOX
from .room import Line, Room, desk_demanded

LANES: dict[str, Say] = {
    "new": Say("Giao việc"), "digest": Say("Nhắc, đôn đốc"), "escalation": Say("Báo lãnh đạo"), "report": Say("Báo cáo"),
    "receipt": Say("Biên nhận"), "decision": Say("Quyết định"), "waiting": Say("Việc chờ quyết định"),
    "change": Say("Thay đổi, đôn đốc"),
}  # fmt: skip

POSTED: dict[str, Status] = {
    "gathering": Status("plain", Say("Đang gom")), "queued": Status("plain", Say("Chờ gửi")), "leased": Status("plain", Say("Đang gửi")),
    "sent": Status("done", Say("Đã gửi")), "failed": Status("late", Say("Hỏng")), "uncertain": Status("soon", Say("Chưa rõ")),
    "superseded": Status("plain", Say("Không còn cần")), "undeliverable": Status("late", Say("Địa chỉ hỏng")),
    "expired": Status("plain", Say("Hết hiệu lực")),
}  # fmt: skip

SETTLED = {
    "arrived": (Say("Ghi là đã đến"), "dondoc letters settle --arrived"),
    "lost": (Say("Chưa đến: gửi lại"), "dondoc letters settle --lost"),
    "retry": (Say("Gửi lại"), "dondoc mail retry"),
}  # fmt: skip


def letter_line(sheet: Sheet, zone: str) -> Line:
    """A letter in a list."""
    hints: tuple[Say | str, ...] = (sheet.recipient, Say("%(at)s", at=local(sheet.at, zone)))
    hints += (sheet.number,) if sheet.number else ()
    hints += (sheet.reply,) if sheet.reply and sheet.state != "sent" else ()
    return Line(href=f"/office/letters/{sheet.id}", name=_name(sheet), hints=hints, status=POSTED[sheet.state])


@desk_demanded
def letters(room: Room, sent: Submitted | None) -> Response:
    """Every letter of the desk's papers, newest first."""
    before = room.asked("after")
    with room.read() as db:
        found, onward = mailroom.letters(db, room.mine, before=int(before) if before.isdecimal() and len(before) < 16 else 0)
    zone = room.office.practice.zone
    return room.at.page(
        "office/list.html", heading=Say("Thư"), lines=[letter_line(each, zone) for each in found],
        more=room.onward(after=onward) if onward else "", nothing=Say("Chưa có thư nào."),
    )


@desk_demanded
def letter(room: Room, sent: Submitted | None) -> Response:
    """One letter: what became of it, its words, and what may be decided of it."""
    sheet, notice = _sheet(room), _notice(room)
    made = room.office.composer.preview(notice) if notice else None
    ways = {kind: label for kind, (label, _) in SETTLED.items() if _may(kind, sheet)}
    settled = [Line(href=f"/office/letters/{sheet.id}/settle/{kind}", name=label) for kind, label in ways.items()]
    return room.at.page(
        "office/letter.html", sheet=sheet, name=_name(sheet), status=POSTED[sheet.state], at=local(sheet.at, room.office.practice.zone),
        subject=made.subject if made else "", words=flowing(_unlinked(room, made.text)) if made else "", settled=settled,
    )


@desk_demanded
def view(room: Room, sent: Submitted | None) -> Response:
    """The letter as its reader sees it, in a page that runs nothing and loads nothing."""
    notice = _known(room)
    body = _unlinked(room, room.office.composer.preview(notice).html)
    return HTMLResponse(body, headers={"content-security-policy": SANDBOX})


@desk_demanded
def text(room: Room, sent: Submitted | None) -> Response:
    """The letter's text part."""
    return PlainTextResponse(_unlinked(room, room.office.composer.preview(_known(room)).text))


@desk_demanded
def eml(room: Room, sent: Submitted | None) -> Response:
    """The letter as a file that a mail program opens, with the link that opens nothing."""
    notice = _known(room)
    try:
        body = room.office.composer.compose(notice)
    except AddressError as error:
        raise HTTPException(404) from error
    named = {"content-disposition": f'attachment; filename="thu-{notice.id}.eml"'}
    return Response(body, media_type="message/rfc822", headers=named)


@desk_demanded
def settle(room: Room, sent: Submitted | None) -> Response:
    """What somebody has found out of a letter that may or may not have arrived, or one that failed sent again."""
    sheet, kind = _sheet(room), str(room.at.request.path_params["kind"])
    if kind not in SETTLED:
        raise HTTPException(404)

    def record(values: Values, nonce: str) -> Outcome:
        by = ", ".join(filter(None, (values.get("name", ""), values.get("role", ""))))
        if not _RECORD[kind](room, sheet.id, by, values.get("note", "")):
            return Outcome(refusal=Say("Thư này không còn hỏng hay chưa rõ: có thể đã được ghi trước đó. Chưa có gì được ghi thêm."))
        room.house.postman.wake()
        return Outcome(said=Say("Đã ghi về thư số %(number)s.", number=sheet.id))

    facts = [(Say("Thư"), _name(sheet)), (Say("Nơi nhận"), sheet.recipient)]
    label, command = SETTLED[kind]
    fields = () if kind == "retry" else (REASON, NAME, ROLE)
    back = f"/office/letters/{sheet.id}"
    deed = Deed(heading=label, about=_name(sheet), fields=fields, record=record, back=back, command=command, facts=facts)
    return pressed(room, deed, sent)


def _retry(room: Room, number: int, by: str, note: str) -> bool:
    with room.office.store.write() as db:
        return ledger_letters.retry(db, number, room.at.now)


_RECORD: dict[str, Callable[[Room, int, str, str], bool]] = {
    "arrived": lambda room, number, by, note: resolving.arrived(room.office.store, number, room.at.now, by=by, note=note),
    "lost": lambda room, number, by, note: resolving.lost(room.office.store, number, room.at.now, by=by, note=note),
    "retry": _retry,
}


def _may(kind: str, sheet: Sheet) -> bool:
    return sheet.state in (("undeliverable",) if kind == "retry" else ("uncertain", "failed"))


def _name(sheet: Sheet) -> Say:
    return Say("%(kind)s, thư số %(number)s", kind=LANES.get(sheet.lane, sheet.lane), number=str(sheet.id))


def _sheet(room: Room) -> Sheet:
    with room.read() as db:
        found = mailroom.letter(db, room.mine, room.number("letter"))
    if found is None:
        raise HTTPException(404)
    return found


def _notice(room: Room) -> Notice | None:
    domain = room.office.settings.mail_from.rpartition("@")[2]
    with room.read() as db:
        return mailroom.words(db, _sheet(room).id, room.office.calendar, domain, room.at.now)


def _known(room: Room) -> Notice:
    if (notice := _notice(room)) is None:
        raise HTTPException(404)
    return notice


def flowing(text: str) -> str:
    """A letter's text for a page: a line goes on where its next word would not have fitted, and rules drawn with signs are left out."""
    lines, last = [""], ""
    for line in text.splitlines():
        if not line.strip("=- "):
            lines += [] if line else [""]
        elif last and len(last) + 1 + len(line.split()[0]) > COLUMNS:
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line.strip())
        last = line.strip("=-").rstrip()
    return "\n".join(lines).strip()


def _unlinked(room: Room, body: str) -> str:
    """The letter without what stands behind the office's own address: even a link that opens nothing looks like one that does."""
    return re.sub(re.escape(room.house.base_url) + r"/[^\s\"'<>)]*", f"{room.house.base_url}/…", body)
