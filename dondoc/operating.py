"""`doctor`, `db` and `config`: whether everything stands as it should, and with what settings."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Annotated

from cyclopts import App
from rich.table import Table
from rich.text import Text

from tasks.ledger import audit, migrate
from tasks.ledger.audit import Break
from tasks.ledger.store import Store

from . import keeping
from .arguments import Here, Json, option
from .doctor import Level, examine
from .ledger import answering, has_ledger, opened
from .refusal import FOUND, Refusal
from .screen import show, show_json, table, tell
from .settings import shown
from .speech import number, say

_MARKS: dict[Level, tuple[str, str]] = {"fine": ("✓", "green"), "warning": ("!", "bold yellow"), "wrong": ("✗", "bold red")}

db = App(name="db", group_commands=say("Lệnh"))
config = App(name="config", group_commands=say("Lệnh"))

db.command(keeping.backup, help=say("sao lưu sổ trong lúc mọi việc vẫn chạy"))
db.command(keeping.restore, help=say("khôi phục sổ từ bản sao; không thư nào rời đi cho tới khi cho phép"))
db.command(keeping.hold, help=say("giữ mọi thư của một sổ vừa được khôi phục bằng cách khác"))


def doctor(*, project: Here, json: Json = False) -> int:
    """Look at everything that a day's work needs, and say what to mend."""
    found = list(examine(project))
    if json:
        show_json({"found": [{"what": line.what, "level": line.level, "words": line.words} for line in found]})
    else:
        rows = Table.grid(padding=(0, 1))
        for line in found:
            rows.add_row(Text(*_MARKS[line.level]), line.what, line.words)
        show(rows)
    return FOUND if any(line.level == "wrong" for line in found) else 0


@db.command(help=say("tạo sổ, hoặc đưa sổ lên phiên bản của chương trình"))
def upgrade(*, project: Here) -> int:
    """Bring the ledger's tables up to this version; what is up to date stays as it is."""
    with opened(project, new=True) as office, office.store.read() as ledger:
        tell(say("Sổ đã đúng phiên bản ({version}).", version=audit.version(ledger)))
    return 0


@db.command(help=say("kiểm tra sổ: phiên bản, chuỗi sự kiện, dòng mồ côi"))
def check(*, project: Here, json: Json = False) -> int:
    """Verify the ledger: its version, the chain of events of every directive, rows that point nowhere."""
    if not has_ledger(project):
        raise Refusal(say("chưa có: văn bản đầu tiên ban hành sẽ tạo ra"))
    with answering():
        store = Store(project.settings.database_url)
        try:
            migrate.check(store)
            with store.read() as ledger:
                breaks, orphans, sizes = audit.breaks(ledger), audit.orphans(ledger), audit.sizes(ledger)
        finally:
            store.close()
    if json:
        show_json({"breaks": [each._asdict() for each in breaks], "orphans": dict(orphans), "sizes": dict(sizes)})
    else:
        _audited(breaks, orphans, {name: number(count) for name, count in sizes.items()})
    return FOUND if breaks or orphans else 0


def _audited(breaks: Sequence[Break], orphans: Mapping[str, int], sizes: Mapping[str, str]) -> None:
    for each in breaks:
        show(Text(say("{number}: chuỗi sự kiện đứt ở sự kiện {seq}", number=each.number, seq=each.seq), "bold red"))
    for what, count in orphans.items():
        show(Text(f"{say(what)}: {number(count)}", "bold red"))
    if not (breaks or orphans):
        tell(say("Sổ đúng: {directives} văn bản, {events} sự kiện nối liền nhau.", **sizes))


@config.command(help=say("xem cài đặt đang dùng"))
def view(
    *, project: Here, show_sources: Annotated[bool, option("cả nguồn và ý nghĩa của từng cài đặt")] = False, json: Json = False
) -> int:
    """Show the settings in effect; secrets are not shown."""
    found = list(shown(project.settings, os.environ))
    if json:
        show_json({"settings": [each._asdict() for each in found]})
        return 0
    columns = ("Cài đặt", "Giá trị", *(("Nguồn", "Ý nghĩa") if show_sources else ()))
    rows = table(*columns, wide=("Giá trị", "Ý nghĩa"))
    rows.columns[1].no_wrap = rows.columns[-1].no_wrap = False
    for each in found:
        own = "" if each.source == say("mặc định") else "bold"
        rows.add_row(each.name, each.value, *((Text(each.source, own), Text(each.meaning, "dim")) if show_sources else ()))
    show(rows)
    return 0
