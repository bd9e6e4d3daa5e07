"""`link`: the address by which an agency answers; giving a new one ends the old one at once."""

from __future__ import annotations

from typing import Annotated

from notifications import links
from notifications.links import Purpose
from tasks.ledger import doors
from tasks.ledger.outbox import READABLE

from . import ledger
from .arguments import Here, option
from .ledger import opened
from .refusal import USAGE, Refusal
from .screen import show_raw, tell
from .speech import say


def link(
    agency: Annotated[str, option("mã đơn vị: bhxh")], /, *, project: Here,
    renew: Annotated[bool, option("đổi: đường dẫn cũ hết dùng ngay")] = False,
    revoke: Annotated[bool, option("thu hồi, không cấp lại")] = False,
    page: Annotated[bool, option("trang báo cáo của lãnh đạo, thay cho trang trả lời")] = False,
) -> int:
    """Print an agency's link. Whoever has it answers in the agency's name: hand it on by a safe way."""
    if renew and revoke:
        raise Refusal(say("chọn một: --renew hoặc --revoke"), code=USAGE)
    purpose: Purpose = "page" if page else "desk"
    with opened(project) as office:
        code = ledger.agency(office, agency)
        with office.store.write() as db:
            ended = doors.revoke(db, code, purpose, project.now) if renew or revoke else False
            id_ = "" if revoke else doors.give(db, code, purpose, project.now, project.now + READABLE if page else None)
        token = office.settings.keys.token(purpose, id_, code) if id_ else ""
    if ended:
        tell(say("Đường dẫn cũ của {agency} không còn dùng được.", agency=code))
    elif revoke:
        tell(say("{agency} không có đường dẫn nào đang dùng.", agency=code))
    if token:
        show_raw(links.address(project.settings.base_url, purpose, token))
    return 0
