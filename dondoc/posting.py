"""`mail`: one letter sent for a trial, letters written anew for the eye, what became of them, one sent again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Annotated

from cyclopts import App

from directives.language.addresses import AddressError, address
from notifications import mime
from notifications.headers import mailbox, words
from notifications.letters import Rendered
from notifications.outcomes import Answer, verdict
from notifications.relay import Line, Relay, RelayDown, RelaySettingsError, encryption
from tasks.ledger import letters
from tasks.letters import Notice

from . import ledger
from .arguments import Here, Json, Number, option
from .ledger import opened, paper
from .project import Project
from .refusal import FOUND, LATER, USAGE, Refusal
from .screen import next_step, show, show_json, show_raw, tell
from .showing import letters_table
from .speech import moment, say

#: Stands in a preview for the link that a letter is given when it leaves; it opens nothing.
_UNGIVEN = "-----------"

_MOST = 200  # letters of a list
_SECONDS = 60.0  # a relay that takes longer is away

mail = App(name="mail", group_commands=say("Lệnh"))


@mail.command(help=say("gửi một thư thử qua máy chủ thư đã cài đặt"))
def test(to: Annotated[str, option("địa chỉ nhận")], /, *, project: Here) -> int:
    """Send one letter through the configured relay and say what happened."""
    relay = relay_of(project)
    try:
        answer = asyncio.run(_sent(relay, address(to), _trial(project, to)))
    except AddressError as error:
        raise Refusal(str(error), code=USAGE) from error
    except RelayDown as error:
        raise Refusal(say(error.sentence, **error.facts), say("xem cài đặt: {name}", name="dondoc config view"), code=LATER) from error
    said = f"{answer.code} {answer.text}".strip()
    if verdict(answer) == "sent":
        show(say("{host} đã nhận thư gửi {to}: {said}", host=relay.host, to=to, said=said))
        return 0
    raise Refusal(say("{host} không nhận thư gửi {to}: {said}", host=relay.host, to=to, said=said), code=FOUND)


@mail.command(help=say("xem các thư như khi viết lại lúc này"))
def preview(
    number: Number | None = None, agency: Annotated[str | None, option("mã đơn vị: bhxh")] = None, /, *, project: Here,
    output: Annotated[Path | None, option("ghi mỗi thư thành .eml .html .txt vào thư mục này", alias="-o")] = None,
    limit: Annotated[int, option("nhiều nhất bấy nhiêu thư, mới nhất trước")] = 10,
) -> int:
    """Write the latest letters anew, without sending them: what they would say of the tasks as they are now."""
    with opened(project) as office:
        directive = paper(office, number).id if number else 0
        code = ledger.agency(office, agency) if agency else ""
        domain = project.settings.mail_from.rpartition("@")[2]
        with office.store.read() as db:
            found = list(letters.anew(db, office.calendar, domain, project.now, directive=directive, agency=code, limit=limit))
        for notice in (replace(notice, link=notice.link or _UNGIVEN) for notice in found):
            if output is None:
                _shown(notice, office.composer.preview(notice))
            else:
                letter = office.composer.preview(notice)
                parts = {"eml": office.composer.compose(notice), "html": letter.html.encode(), "txt": letter.text.encode()}
                _written(output, notice, parts)
    tell(say("Không có thư nào.") if not found else say("Đã ghi {path}.", path=output) if output else say("{n} thư.", n=len(found)))
    return 0


@mail.command(name="list", help=say("những thư mới nhất và kết quả gửi"))
def list_(
    *, project: Here, failed: Annotated[bool, option("chỉ những thư hỏng, cần người xem")] = False, json: Json = False
) -> int:
    """List letters, the newest first."""
    with opened(project) as office, office.store.read() as db:
        found = letters.posted(db, failed=failed, limit=_MOST)
    if json:
        show_json({"letters": [{name: getattr(letter, name) for name in letter.__slots__} for letter in found]})
        return 0
    show(letters_table(found, project.settings.practice.tz, numbered=True))
    if failed and found:
        tell(next_step(say("Gửi lại"), f"dondoc mail retry {found[0].id}"))
    return 0


@mail.command(help=say("gửi lại một thư hỏng"))
def retry(letter: Annotated[int, option("số thư trong danh sách")], /, *, project: Here) -> int:
    """Queue a failed letter once more."""
    with opened(project) as office, office.store.write() as db:
        queued = letters.retry(db, letter, project.now)
    if not queued:
        raise Refusal(say("thư {n} không có, hoặc không hỏng", n=letter), say("xem: {command}", command="dondoc mail list --failed"))
    tell(say("Thư {number} chờ gửi lại.", number=letter), next_step(say("Gửi"), "dondoc run --once"))
    return 0


def relay_of(project: Project) -> Relay:
    """The configured mail server, the first of two. Raises Refusal where the settings would send mail in the clear, or name no sender."""
    try:
        return project.settings.relays[0]
    except AddressError as error:
        raise _set_wrong(say("{address} không phải một địa chỉ thư", address=project.settings.mail_from)) from error
    except RelaySettingsError as error:
        raise _set_wrong(say(error.sentence, **error.facts)) from error
    except OSError as error:
        raise Refusal(say("không đọc được tệp mật khẩu {path}", path=error.filename), code=USAGE) from error


def _set_wrong(why: str) -> Refusal:
    return Refusal(say("cài đặt máy chủ thư sai: {why}", why=why), say("xem: {command}", command="dondoc config view"), code=USAGE)


async def reach(relay: Relay) -> None:
    """Connect, encrypt, log in and leave. Raises RelayDown."""
    line = Line(relay, encryption(relay))
    try:
        async with asyncio.timeout(_SECONDS):
            await line.open()
    except TimeoutError as error:
        raise RelayDown("{host} không trả lời", host=relay.host) from error
    finally:
        await line.quit()


async def _sent(relay: Relay, to: str, letter: bytes) -> Answer:
    line = Line(relay, encryption(relay))
    try:
        async with asyncio.timeout(_SECONDS):
            await line.open()
        return await line.send(to, letter, by=asyncio.get_running_loop().time() + _SECONDS)
    except TimeoutError as error:
        raise RelayDown("{host} không trả lời", host=relay.host) from error
    finally:
        await line.quit()


def _trial(project: Project, to: str) -> bytes:
    settings = project.settings
    text = say("Thư thử của dondoc, gửi lúc {at}. Không cần trả lời.", at=moment(project.now, settings.practice.tz))
    head = {
        "From": mailbox(settings.mail_from_name, settings.mail_from, len("From: ")), "To": mailbox("", to, len("To: ")),
        "Subject": words(say("Thư thử của dondoc"), len("Subject: ")), "Date": format_datetime(project.now),
        "Message-ID": make_msgid(domain=settings.mail_from.rpartition("@")[2]), "Auto-Submitted": "auto-generated",
    }
    return mime.sealed(head, [text], [f"<p>{text}</p>"], boundary="=_dondoc.test")


def _shown(notice: Notice, letter: Rendered) -> None:
    to = say("Tới: {name} <{mail}>", name=notice.recipient.name, mail=notice.recipient.mail or "")
    show_raw(f"{to}\n{say('Về việc: {subject}', subject=letter.subject)}\n\n{letter.text}\n{'─' * 60}")


def _written(folder: Path, notice: Notice, parts: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, content in parts.items():
        (folder / f"{notice.id:06d}-{notice.recipient.id}.{suffix}").write_bytes(content)
