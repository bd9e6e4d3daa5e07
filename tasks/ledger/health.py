"""Whether the ledger can do its work, in words for the operator; "" where all is well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from . import breaker
from .store import Store
from .types import seconds

#: A letter that could have left so long ago is overdue.
PATIENCE = timedelta(hours=1)


def checks(store: Store, now: datetime) -> Mapping[str, str]:
    """The ledger can be written, and no letter has waited for more than an hour."""
    try:
        with store.write() as db:
            waiting = db.execute(text(_WAITING), {"by": seconds(now - PATIENCE)}).scalar_one()
    except SQLAlchemyError as error:
        return {"ledger": f"không ghi được sổ: {type(error).__name__}"}
    late = f"{waiting} thư chờ quá một giờ: xem máy chủ thư và luồng deliver" if waiting else ""
    return {"ledger": "", "stopped": _stopped(store, now), "letters": late}


def _stopped(store: Store, now: datetime) -> str:
    """Why nothing is said: a run is held, or the clock shows less than it did."""
    with store.read() as db:
        held = breaker.stop(db)
        if held and held.taken_at:
            return "sổ được khôi phục từ bản sao: không thư nào rời đi cho tới khi: dondoc release"
        if held and held.jumped:
            return "đồng hồ máy chạy vọt lên: không thư nào rời đi; chỉnh lại đồng hồ rồi: dondoc release"
        if held:
            return f"đợt nhắc đang dừng: cần gửi {held.wanted} thư, dự kiến {held.expected}; xem lại rồi: dondoc release"
        return "đồng hồ chạy lùi so với đợt nhắc trước: chưa nhắc ai cho tới khi chỉnh lại đồng hồ" if breaker.went_back(db, now) else ""


_WAITING = "SELECT count(*) FROM notices WHERE state = 'queued' AND not_before <= :by"
