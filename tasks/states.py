"""What may be said of a task in which state, by whom, and what it becomes: one table; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast, get_args

from .values import State

#: Whose word an act is: the agency's, the issuer's, or a rule's that names itself in the history.
Side = Literal["agency", "issuer", "rule"]

#: A state as a table has it; `before` is the one that stood before the task was held.
Becomes = Literal["open", "received", "progress", "claimed", "returned", "paused", "done", "void", "before"]

STATES: tuple[State, ...] = get_args(State)

#: States as `tasks` keeps them while a task is open; a hold stands beside one of them.
OPEN: tuple[State, ...] = ("open", "received", "progress", "claimed")

#: What stands beside a state and ends again: the issuer decides, or the day of return has come.
HELD: tuple[State, ...] = ("returned", "paused")

#: An agency may take "done" back for so many days, and correct a figure for so many hours.
UNDO_DAYS, CORRECT_HOURS = 7, 24

#: From this request on, a request for more time says how many there were.
FLAGGED = 3


@dataclass(frozen=True, slots=True)
class Verb:
    """One act: whose it is, what it is called, and the state after it for each state in which it may be; `.` refuses."""

    kind: str
    side: Side
    vietnamese: str
    english: str
    row: str

    @property
    def moves(self) -> dict[State, Becomes]:
        """The state after, by the state before; what is not here is refused."""
        return {state: cast(Becomes, word) for state, word in zip(STATES, self.row.split(), strict=True) if word != "."}


#: The table. Columns: open, received, progress, claimed, returned, paused, done, void.
VERBS: tuple[Verb, ...] = tuple(Verb(*words) for words in (
    ("received", "agency", "tiếp nhận", "receive", "received received . . . . . ."),
    ("progress", "agency", "báo tiến độ, góp ý", "report progress, comment", "progress progress progress claimed returned paused . ."),
    ("figure", "agency", "báo hoặc sửa số liệu", "report or correct a figure", "progress progress progress . . paused done ."),
    ("done", "agency", "báo đã xong", "claim done", "done done done . . done . ."),
    ("extend", "agency", "xin lùi hạn", "ask for more time", "open received progress . . . . ."),
    ("undo", "agency", "rút lại báo xong", "take “done” back", ". . . progress . . progress ."),
    ("return", "agency", "trả lại, không thuộc thẩm quyền", "return as not one's own", "returned returned returned . . . . ."),
    ("delegate", "agency", "giao cho người trong đơn vị", "pass to a colleague", "received received progress claimed . paused . ."),
    ("answer", "agency", "trả lời sau khi đóng", "answer late, after closing", ". . . . . . done void"),
    ("grant", "issuer", "đồng ý gia hạn, hoặc cho ngày khác", "grant more time, or another date", "open received progress . . paused . ."),
    ("refuse", "issuer", "không đồng ý gia hạn", "refuse more time", "open received progress . . paused . ."),
    ("confirm", "issuer", "xác nhận hoàn thành", "confirm", ". . . done . . . ."),
    ("reject", "issuer", "yêu cầu thực hiện lại", "send back for rework", ". . . progress . . . ."),
    ("keep", "issuer", "không nhận trả lại", "refuse a return", ". . . . before . . ."),
    ("reassign", "issuer", "chuyển đơn vị khác", "reassign", "open open open . open open . ."),
    ("pause", "issuer", "tạm dừng", "pause", "paused paused paused . . paused . ."),
    ("resume", "issuer", "thực hiện tiếp", "resume", ". . . . . before . ."),
    ("postpone", "issuer", "lùi hạn", "give another date", "open received progress . . paused . ."),
    ("reopen", "issuer", "mở lại", "reopen", ". . . . . . progress ."),
    ("close", "issuer", "kết thúc", "close", "done done done done done done . ."),
    ("settled", "rule", "đạt chỉ tiêu, hoặc cấp dưới xong hết", "figures or children settle it", "done done done done done done . ."),
    ("reopened", "rule", "số liệu sửa không còn đạt, cấp dưới mở lại", "reopened by a correction or a child", ". . . . . . progress ."),
    ("resumed", "rule", "đến ngày thực hiện tiếp", "the day of return has come", ". . . . . before . ."),
    ("withdrawn", "rule", "thu hồi, thay thế, sửa đổi", "withdrawn, replaced, amended", "void void void void void void . ."),
))

#: (act, state) → the state after; an act that is not here is refused.
TRANSITIONS: dict[tuple[str, State], Becomes] = {
    (verb.kind, state): becomes for verb in VERBS if verb.side != "rule" for state, becomes in verb.moves.items()
}

#: Acts that only the issuer's side may make.
DECISIONS = frozenset(verb.kind for verb in VERBS if verb.side == "issuer")

#: Acts of which many can be made at once.
IN_BULK = ("reassign", "pause", "resume", "postpone", "reopen", "close")

NAMES: dict[State, tuple[str, str]] = {
    "open": ("chưa tiếp nhận", "not received"), "received": ("đã tiếp nhận", "received"), "progress": ("đang thực hiện", "in progress"),
    "claimed": ("chờ xác nhận", "awaiting confirmation"), "returned": ("trả lại, chờ quyết định", "returned, undecided"),
    "paused": ("tạm dừng", "paused"), "done": ("hoàn thành", "done"), "void": ("thu hồi", "withdrawn"),
}


def becomes(kind: str, state: State, before: State) -> State:
    """The state after an act that the table allows; `before` is the one beneath a hold. Who has returned a task has received it."""
    word = TRANSITIONS[kind, state]
    if word != "before":
        return word
    return "received" if (kind, before) == ("keep", "open") else before
