"""Taking an issue back: while none of its letters has left, the paper is as if it had never been issued."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from . import bonding, chain
from .chain import Event
from .store import Store
from .types import seconds


class TooLateError(Exception):
    """A letter has left, or may have: what people have read cannot be taken back."""

    def __init__(self, number: str) -> None:
        super().__init__(f"thư của {number} đã rời đi nên không thu hồi được nữa: hãy soạn văn bản sửa đổi hoặc thu hồi.")


class BoundError(Exception):
    """A paper has changed another, or another has changed it: taken back alone, the other would say what no paper says."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number} đã sửa, thay thế hoặc đôn đốc văn bản khác, hoặc đã bị sửa, nên không thu hồi trong im lặng được: "
            "hãy soạn văn bản sửa đổi tiếp theo, hoặc thu hồi với `dondoc withdraw`."
        )


def recall(store: Store, directive: int, number: str, now: datetime) -> int:
    """Take an issue back; returns how many letters are not sent. Its number is free for the mended paper.

    Raises TooLateError, and BoundError where the paper is tied to another: what that one's tasks were in every column is not kept.
    """
    at = {"d": directive, "now": seconds(now)}
    with store.write() as db:
        if bonding.is_bound(db, directive):
            raise BoundError(number)
        [(seq, _)] = chain.append(db, directive, now, Event(kind="recalled", payload={}))
        # The letters first: a delivery that claims one meanwhile waits here or has claimed it before, and is seen.
        letters = db.execute(text(_HOLD), at).rowcount
        if db.execute(text(_LEFT), at).first():
            raise TooLateError(number)
        for statement in (_KEEP, _VOID, _END):
            db.execute(text(statement), at | {"seq": seq})
    return letters


_HOLD = "UPDATE notices SET state = 'superseded' WHERE directive = :d AND state IN ('gathering', 'queued') AND attempts = 0"

_LEFT = """
SELECT 1 FROM notices n
 WHERE n.state <> 'superseded'
   AND (n.directive = :d OR EXISTS (
        SELECT 1 FROM notice_items i JOIN tasks k ON k.id = i.task WHERE i.notice = n.id AND k.directive = :d))
 LIMIT 1"""

_KEEP = """
INSERT INTO task_history (task, from_seq, to_seq, directive, duty, agency, state, due_at, closed_at, reported_at)
SELECT id, since_seq, :seq - 1, directive, duty, agency, state, due_at, closed_at, reported_at FROM tasks WHERE directive = :d"""

_VOID = "UPDATE tasks SET state = 'void', closed_at = :now, wake_at = NULL, since_seq = :seq WHERE directive = :d"

_END = "UPDATE directives SET state = 'recalled', opens_at = NULL, reports_at = NULL WHERE id = :d"
