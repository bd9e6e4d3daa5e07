"""`db backup`, `db restore`, `db hold`: a copy of the ledger while all works; one that is put back sends nothing until released."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from tasks.ledger import keeping
from tasks.ledger.keeping import KeepingError

from .arguments import Here, option
from .ledger import answering, opened
from .refusal import Refusal
from .screen import next_step, show, tell
from .speech import say


def backup(path: Annotated[Path, option("tệp của bản sao, chưa có", name="FILE")], /, *, project: Here) -> int:
    """Copy the ledger while everything works; the copy is checked and only its owner can read it."""
    with opened(project) as office, _kept():
        keeping.back_up(office.store, path, project.now)
    show(say("Đã sao lưu sổ vào {path}.", path=path))
    tell(say("Giữ cùng với .dondoc/keys và .dondoc/evidence: thiếu khóa thì mọi đường dẫn đã gửi hết dùng."))
    return 0


def restore(path: Annotated[Path, option("tệp của bản sao", name="FILE")], /, *, project: Here) -> int:
    """Put a copy in the ledger's place. The one before is kept beside it; nothing leaves until `release`."""
    ledger = keeping.file_of(project.settings.database_url)
    if ledger is None:
        raise Refusal(say("PostgreSQL khôi phục bằng pg_restore, xong thì chạy: dondoc db hold"))
    with answering(), _kept():
        before = keeping.restore(path, ledger, project.now)
    show(say("Đã khôi phục sổ từ {path}; không thư nào rời đi.", path=path))
    if before:
        tell(say("Sổ trước đó: {path}", path=before))
    tell(next_step(say("Xem lại rồi cho đi"), "dondoc release --left-by DATE"))
    return 0


def hold(*, project: Here) -> int:
    """Hold every letter of a ledger that was put back by other means."""
    with opened(project) as office:
        keeping.hold(office.store, project.now)
    show(say("Không thư nào rời đi cho tới khi chạy: dondoc release"))
    return 0


@contextmanager
def _kept() -> Iterator[None]:
    try:
        yield
    except KeepingError as error:
        raise Refusal(str(error)) from error
