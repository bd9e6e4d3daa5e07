"""One decision about many tasks of a paper: which are meant, what would be done to each, made once, and taken back once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.responses import Response

from config import undo_files
from tasks.ledger import bulk, choosing, issued, listing, pressing, undoing
from tasks.ledger.bulk import Line as Look
from tasks.ledger.bulk import Order
from tasks.ledger.choosing import Where
from tasks.ledger.undoing import Undone
from tasks.ledger.works import works
from tasks.states import NAMES, VERBS
from tasks.values import Act, Paper, Said, State, Work
from web.answer import KEY, keyed
from web.form import Submitted
from web.telling import paper_name
from web.typed import Typed
from web.words import Say

from .decisions import DECISIONS, known, stranger
from .deed import NAME, NOTE, ROLE, Deed, Field, Meant, Outcome, Values, pressed
from .room import Line, Room, desk_demanded, term_of

SHOWN, MOST = 60, 2_000

KINDS: dict[str, tuple[Say, str]] = {
    "close": (Say("Kết thúc nhiều việc"), "dondoc tasks close"), "postpone": (Say("Lùi hạn nhiều việc"), "dondoc tasks extend"),
    "reassign": (Say("Chuyển nhiều việc cho đơn vị khác"), "dondoc tasks reassign"),
    "pause": (Say("Tạm dừng nhiều việc"), "dondoc tasks pause"),
    "resume": (Say("Cho nhiều việc thực hiện tiếp"), "dondoc tasks resume"), "reopen": (Say("Mở lại nhiều việc"), "dondoc tasks reopen"),
}  # fmt: skip

CHANGED = Say("Từ lúc xem đến nay danh sách việc đã thay đổi. Chưa có gì được ghi; hãy mở lại trang này để xem danh sách mới.")
_AGENCIES = Field(name="agency", label=Say("Mã đơn vị"), hint=Say("Nhiều mã cách nhau bằng dấu phẩy; để trống là mọi đơn vị"))
_SORTS = Field(name="sort", label=Say("Loại đơn vị"), hint=Say("Như trong danh bạ, ví dụ: phuong"))
_TERM = Field(name="term", label=Say("Kỳ báo cáo bắt đầu ngày"), shape="day")


@dataclass(frozen=True)
class Picked:
    """The tasks that a form means, with what would be done to each."""

    room: Room
    paper: Paper
    act: Act

    def order(self, values: Values) -> Order:
        """The order, which names its tasks."""
        words = {name: values[name] for name in ("until", "note", "to") if values.get(name)}
        with self.room.read() as db:
            tasks = tuple(choosing.chosen(db, self.paper.id, self._where(values)))
        return Order(directive=self.paper.id, act=replace(self.act, **words), tasks=tasks)

    def look(self, order: Order) -> tuple[Look, ...]:
        """Each of its tasks as it is, and why nothing would be done to it."""
        with self.room.read() as db:
            return bulk.look(db, order, self.room.office.calendar, self.room.at.now)

    def _where(self, values: Values) -> Where:
        which = values["which"]
        states = (which,) if which in NAMES else tuple(next(verb.moves for verb in VERBS if verb.kind == self.act.kind))
        return Where(
            clauses=values["clause"], agencies=codes(values["agency"]), kinds=codes(values["sort"]), states=states,
            terms=(values["term"].isoformat(),) if values["term"] else (), asking=which == "asking",
            late_at=self.room.at.now if which == "late" else None,
        )


@desk_demanded
def many(room: Room, sent: Submitted | None) -> Response:
    """What can be decided of many tasks of the paper."""
    of = room.paper()
    lines = [Line(href=f"/office/papers/{of.id}/many/{kind}", name=label) for kind, (label, _) in KINDS.items()]
    back = (f"/office/papers/{of.id}", paper_name(of))
    return room.at.page("office/list.html", heading=Say("Quyết định nhiều việc một lần"), lines=lines, more="", nothing="", back=back)


@desk_demanded
def decide_many(room: Room, sent: Submitted | None) -> Response:
    """The form, the tasks that it means, and the receipt with the way back."""
    of, kind = room.paper(), str(room.at.request.path_params["kind"])
    if kind not in KINDS:
        raise HTTPException(404)
    label, command = KINDS[kind]
    picked = Picked(room, of, Act(kind=cast(Any, kind), task=0, said=Said(name="", role=""), key=""))

    def record(values: Values, nonce: str) -> Outcome:
        return _carried_out(picked, values, nonce, sent.values.get("mark", "") if sent else "")

    deed = Deed(
        heading=label, about=paper_name(of), record=record, command=command,
        fields=(*_where_fields(room, of, kind), *DECISIONS[kind][1], NAME, ROLE), back=f"/office/papers/{of.id}",
        meant=lambda values: _meant(room, of, picked.look(picked.order(values))),
        check=lambda values, typed: _check(picked, values, typed, is_sent=sent is not None and sent.step == "send"),
    )
    return pressed(room, deed, sent)


@desk_demanded
def undo(room: Room, sent: Submitted | None) -> Response:
    """A decision about many tasks taken back, as its file would."""
    of, key = room.paper(), str(room.at.request.path_params["key"])
    with room.read() as db:
        found = works(db, bulk.known(db, key), room.office.calendar) if KEY.fullmatch(key) else {}
    if not found or any(work.directive != of.id for work in found.values()):
        raise HTTPException(404)

    def record(values: Values, nonce: str) -> Outcome:
        said = Act(kind="undo", task=0, said=Said(name=values["name"], role=values["role"], **room.agent), key="", note=values["note"])
        done = undoing.undo(room.office.store, undoing.Order(of.id, key, said), room.office.calendar, room.at.now)
        room.house.postman.wake()
        return Outcome(said=_undone(done, found))

    deed = Deed(
        heading=Say("Hoàn tác quyết định"), about=paper_name(of), record=record,
        fields=(NOTE, NAME, ROLE), back=f"/office/papers/{of.id}", command="dondoc tasks undo",
        meant=lambda values: _meant(room, of, [Look(work=work) for work in found.values()]),
    )
    return pressed(room, deed, sent)


def listed(room: Room, of: Paper, works: Sequence[Work], why: Callable[[Work], Say | str] = lambda work: "") -> list[Line]:
    """The first of many tasks, as lines."""
    return [room.line(work, of, term_of(work), why(work)) for work in works[:SHOWN]]


def named(room: Room, values: Values, typed: Typed) -> None:
    """Of several agencies the first that nobody knows is told at their field."""
    with room.read() as db:
        directory = listing.agencies(db)
    if strangers := [code for code in codes(values["agency"]) if code not in directory]:
        typed.wrong("agency", stranger(strangers[0], directory))


def mark_of(numbers: Sequence[object]) -> str:
    """A mark that changes with what was shown."""
    return sha256(repr(numbers).encode()).hexdigest()[:32]


def _meant(room: Room, of: Paper, looks: Sequence[Look]) -> Meant:
    refused = {look.work.id: look.refusal for look in looks}
    count = sum(bool(refusal) for refusal in refused.values())
    said = Say("%(count)s việc", count=len(looks))
    if count:
        said = Say("%(count)s việc, trong đó %(refused)s việc không làm được", count=len(looks), refused=count)
    if len(looks) > SHOWN:
        said = Say("%(said)s; dưới đây là %(shown)s việc đầu", said=said, shown=SHOWN)
    lines = listed(room, of, [look.work for look in looks], lambda work: refused[work.id])
    return Meant(lines=lines, said=said, mark=_mark(looks))


def _mark(looks: Sequence[Look]) -> str:
    return mark_of([(look.work.id, bool(look.refusal)) for look in looks])


def _check(picked: Picked, values: Values, typed: Typed, *, is_sent: bool) -> None:
    """Of what is sent it is not asked whether anything is left to do: it may be that the press before has done it."""
    known(picked.room, values, typed)
    named(picked.room, values, typed)
    if not any(values[name] for name in ("clause", "agency", "sort", "term")) and values["which"] == "any":
        typed.wrong("clause", Say("Chọn ít nhất một điều kiện: mục, đơn vị, loại, kỳ hoặc tình trạng"))
    if typed.mistakes:
        return
    order = picked.order(values)
    if len(order.tasks) > MOST:
        many = Say("%(count)s việc là quá nhiều cho một trang, nhiều nhất %(most)s; hãy thêm điều kiện", count=len(order.tasks), most=MOST)
        typed.wrong("clause", many)
    elif not is_sent and all(look.refusal for look in picked.look(order)):
        typed.wrong("clause", Say("Không việc nào như vậy làm được điều này"))


def _carried_out(picked: Picked, values: Values, nonce: str, mark: str) -> Outcome:
    """Do it to the tasks that were shown; the same form again finds what it has done."""
    room, of = picked.room, picked.paper
    said = Said(name=values["name"], role=values["role"], **room.agent)
    order = picked.order(values)
    order = replace(order, act=keyed(replace(order.act, said=said), nonce))
    fits = _mark(picked.look(order)) == mark  # asked first: what another press does after it is found by its key
    with room.read() as db:
        done = bulk.known(db, order.act.key)
    if not (done or fits):
        return Outcome(refusal=CHANGED)
    done = done or _done(room, of, order)
    ways = ((f"/office/papers/{of.id}/undo/{order.act.key}", Say("Hoàn tác quyết định này")),)
    return Outcome(said=Say("Đã ghi cho %(count)s việc. Mỗi đơn vị được báo bằng một thư.", count=len(done)), ways=ways)


def _done(room: Room, of: Paper, order: Order) -> dict[int, int]:
    data, act = room.office.settings.data, order.act
    done = pressing.press_many(
        room.office.store, order, room.office.calendar, room.at.now, lambda lines: undo_files.keep(data, of, act, lines)
    )
    room.house.postman.wake()
    return done


def _where_fields(room: Room, of: Paper, kind: str) -> tuple[Field, ...]:
    """Which tasks: by clause, agency, its kind, term and state; what is empty means any."""
    with room.read() as db:
        duties = [duty for duty in issued.load(db, of.id, room.office.calendar).directive.duties if duty.force != "note"]
    clauses = tuple((duty.clause, Say("Mục %(clause)s. %(short)s", clause=duty.clause, short=duty.short)) for duty in duties)
    states = next(verb.moves for verb in VERBS if verb.kind == kind)
    options = [("any", Say("Mọi việc mà quyết định này áp dụng được")), ("late", Say("Chỉ việc quá hạn"))]
    options += [("asking", Say("Chỉ việc đang xin lùi hạn")), *((state, STATES[state]) for state in states)]
    return (
        Field(name="clause", label=Say("Những mục nào?"), shape="ticks", options=clauses, hint=Say("Không chọn mục nào là mọi mục")),
        _AGENCIES, _SORTS, _TERM,
        Field(name="which", label=Say("Tình trạng"), shape="pick", missing=Say("Chọn tình trạng"), options=tuple(options), given="any"),
    )


STATES: dict[State, Say] = {
    "open": Say("Chỉ việc chưa tiếp nhận"), "received": Say("Chỉ việc đã tiếp nhận"), "progress": Say("Chỉ việc đang thực hiện"),
    "claimed": Say("Chỉ việc chờ xác nhận"), "returned": Say("Chỉ việc bị trả lại"), "paused": Say("Chỉ việc đang tạm dừng"),
    "done": Say("Chỉ việc đã hoàn thành"), "void": Say("Chỉ việc đã thu hồi"),
}  # fmt: skip


def _undone(done: Undone, found: dict[int, Work]) -> Say:
    said = Say("Hoàn tác %(count)s việc; %(before)s việc đã hoàn tác từ trước.", count=done.tasks, before=done.before)
    names = "; ".join(f"{found[task].clause} {found[task].agency.short}" for task in done.moved)
    return Say("%(said)s Giữ nguyên, vì sau đó đã có thay đổi khác: %(names)s.", said=said, names=names) if names else said


def codes(typed: str) -> tuple[str, ...]:
    """Codes as they are typed in one line."""
    return tuple(typed.replace(",", " ").split())
