"""`programs`: keys of other programs for the interface: a key is shown once, and ended at once."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App

from tasks.ledger import programs as keys
from tasks.ledger.programs import NameTakenError, Program, ScopeError

from .arguments import Here, Json, option
from .ledger import opened
from .refusal import FOUND, USAGE, Refusal
from .screen import show, show_json, show_raw, table, tell
from .speech import moment, say

Name = Annotated[str, option("tên chương trình: “Phần mềm điều hành”")]
Scopes = Annotated[
    list[str], option("phạm vi: read:all, read:ĐƠN-VỊ, act:ĐƠN-VỊ, link:ĐƠN-VỊ, decide:CƠ-QUAN; ghi được nhiều lần", name="--scope")
]

programs = App(name="programs", group_commands=say("Lệnh"))


@programs.command(help=say("cấp khóa cho một chương trình; khóa chỉ hiện một lần"))
def add(name: Name, /, *, project: Here, scope: Scopes) -> int:
    """Print a new key."""
    try:
        with opened(project) as office, office.store.write() as db:
            key = keys.give(db, " ".join(name.split()), scope, project.now)
    except ScopeError as error:
        advice = say("viết như: read:all, read:bhxh, act:bhxh, decide:ubnd")
        raise Refusal(say("không hiểu phạm vi “{scope}”", scope=error.scope), advice, code=USAGE) from error
    except NameTakenError as error:
        raise Refusal(say("“{name}” đã có khóa", name=name), say("thu hồi khóa cũ trước: dondoc programs revoke"), code=USAGE) from error
    tell(say("Hãy chép khóa này ngay: không xem lại được."))
    show_raw(key)
    return 0


@programs.command(name="list", help=say("các chương trình đã được cấp khóa"))
def list_(*, project: Here, json: Json = False) -> int:
    """Show programs; their keys are known to nobody."""
    with opened(project) as office, office.store.read() as db:
        found = keys.known(db)
    if json:
        show_json({"programs": [_plain(each) for each in found]})
        return 0
    rows = table("Chương trình", "Phạm vi", "Cấp lúc", "Thu hồi lúc", wide=("Chương trình", "Phạm vi"))
    for each in found:
        ended = moment(each.revoked_at, project.settings.practice.tz) if each.revoked_at else ""
        rows.add_row(each.name, " ".join(each.scopes), moment(each.made_at, project.settings.practice.tz), ended)
    show(rows)
    return 0


@programs.command(help=say("thu hồi khóa của một chương trình: hết dùng ngay"))
def revoke(name: Name, /, *, project: Here) -> int:
    """End a key."""
    with opened(project) as office, office.store.write() as db:
        ended = keys.revoke(db, " ".join(name.split()), project.now)
    if not ended:
        tell(say("“{name}” không có khóa nào đang dùng.", name=name))
        return FOUND
    tell(say("Đã thu hồi khóa của “{name}”.", name=name))
    return 0


def _plain(of: Program) -> dict[str, object]:
    return {"name": of.name, "scopes": of.scopes, "made_at": of.made_at, "revoked_at": of.revoked_at}
