"""A decision in two taps: the task that a leader opens from his page, a button for each thing that he may decide, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.responses import Response

from tasks.ledger import pressing, prompting, undoing
from tasks.ledger.prompting import Prompt
from tasks.states import IN_BULK
from tasks.values import Act, Paper, Said, Work

from .answer import KEY, keyed
from .drafting import draft_of, theirs
from .form import Form, Submitted, boxes, clerk
from .office.decisions import DECISIONS, known, offered
from .office.deed import Field
from .office.room import Room
from .sessions import Inside, session_demanded
from .status import status
from .telling import caption, facts, name_of
from .typed import Typed
from .ways import rows_at
from .words import Say

URGE = Say("Đôn đốc ngay bằng thư")

#: Decisions that need nothing typed, so that the button itself decides.
AT_ONCE = ("urge", "grant", "confirm", "resume")



@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of a press; `undo` names the order that can be taken back, "" where none can."""

    label: Say
    seq: int = 0
    refusal: str = ""
    undo: str = ""
    told: Say | None = None


@session_demanded
def decide(at: Inside, sent: Submitted | None) -> Response:
    """The task with its buttons; a press decides."""
    room = Room(at)
    work, paper = room.task()
    if str(paper.id) != at.request.path_params["directive"]:
        raise HTTPException(404)
    if sent is None:
        return _page(room, work, paper, Form(values={}), str(at.request.query_params.get("kind", "")))
    kind = sent.values.get("kind", "")
    if kind == "undo":
        return _receipt(room, work, paper, _undone(room, paper, sent))
    if kind == "urge":
        return _receipt(room, work, paper, _urged(room, work, paper, sent))
    if kind not in DECISIONS:
        raise HTTPException(400)
    typed = Typed({**sent.values, "nonce": sent.nonce})
    values = {field.name: field.read(typed) for field in _fields(kind)} if kind not in AT_ONCE or sent.values.get("typed") else {}
    if not typed.mistakes:
        known(room, values, typed)
    if typed.mistakes:
        return _page(room, work, paper, Form(values=typed.values, mistakes=typed.mistakes), kind, code=422)
    return _receipt(room, work, paper, _decided(room, work, kind, values, sent.nonce))


def buttons(work: Work) -> list[tuple[str, Say]]:
    """What may be decided of the task by one press, and then by a form, as it stands."""
    kinds = [(kind, _label(kind, label, work)) for kind, label in offered(work)[0]]
    is_theirs = work.state in ("open", "received", "progress") and work.asks_until is None
    return [("urge", URGE), *kinds] if is_theirs else kinds


def _label(kind: str, label: Say, work: Work) -> Say:
    return Say("Đồng ý lùi hạn đến %(day)s", day=work.asks_until) if kind == "grant" and work.asks_until else label


def _page(room: Room, work: Work, paper: Paper, form: Form, kind: str, *, code: int = 200) -> Response:
    """The task; `kind` opens the form of one decision."""
    chosen = kind if kind in DECISIONS and kind in dict(offered(work)[0]) else ""
    every = buttons(work)
    given = boxes("until", work.asks_until) if chosen == "grant" and work.asks_until and not form.values else {}
    return room.at.page(
        "decide.html", code=code, form=replace(form, values={**given, **form.values}), chosen=chosen, fields_of=_fields(chosen),
        label=DECISIONS[chosen][0] if chosen else URGE, presses=[each for each in every if each[0] in AT_ONCE],
        others=[*([("grant", Say("Cho ngày khác"))] if work.asks_until else []), *(each for each in every if each[0] not in AT_ONCE)],
        **_told(room, work, paper),
    )


def _told(room: Room, work: Work, paper: Paper) -> Mapping[str, object]:
    """What every page of the task says of it."""
    return {
        "name": name_of(work), "about": caption(work, paper), "text": work.text, "agency": work.agency,
        "status": status(work, room.at.now, paper.zone), "facts": [row for row in facts(work, paper) if row[1]],
        "report": f"/home/{paper.id}", "waiting": rows_at(f"/home/{paper.id}", "asked"), "late": rows_at(f"/home/{paper.id}", "late"),
        "desk": f"/office/tasks/{work.id}", "back": f"/home/{paper.id}",
    }


def _fields(kind: str) -> Sequence[Field]:
    return DECISIONS[kind][1] if kind else ()


def _receipt(room: Room, work: Work, paper: Paper, done: Done) -> Response:
    now, _ = room.task()
    draft = draft_of(paper.id) if theirs(room.office, paper, room.at) else ""
    code = 409 if done.refusal else 200
    return room.at.page("decided.html", code=code, done=done, draft=draft, form=Form(values={}), **_told(room, now, paper))


def _said(room: Room) -> Said:
    """Who decides: the position that is logged in, and the name that this browser remembers."""
    position = room.at.session.name
    return Said(name=clerk(room.at.request).get("name") or position, role=position, **room.agent)


def _decided(room: Room, work: Work, kind: str, values: Mapping[str, Any], nonce: str) -> Done:
    words = {name: values[name] for name in ("until", "note", "to") if values.get(name)}
    act = keyed(Act(kind=cast(Any, kind), task=work.id, said=_said(room), key="", **words), nonce)
    label, told = DECISIONS[kind][0], Say("Đơn vị được báo bằng thư gửi tới hộp thư đã đăng ký.")
    if kind in IN_BULK:
        pressed = pressing.press(room.office.store, work.directive, act, room.office.calendar, room.at.now)
        room.house.postman.wake()
        undo = "" if pressed.refusal else pressed.key
        return Done(label=label, seq=pressed.seq, refusal=pressed.refusal, undo=undo, told=told)
    receipt = room.house.act(act, room.at.now)
    return Done(label=label, seq=int(receipt.number.rpartition("-")[2] or 0), refusal=receipt.refusal, told=told)


def _urged(room: Room, work: Work, paper: Paper, sent: Submitted) -> Done:
    key = keyed(Act(kind="progress", task=work.id, said=_said(room), key=""), f"urge {sent.nonce}").key
    of = Prompt(directive=paper.id, tasks=(work.id,), said=_said(room), key=key)
    done = prompting.prompt(room.office.store, of, room.office.calendar, room.at.now)
    room.house.postman.wake()
    refusal = "" if done.seq else "Việc này đã xong, hoặc đang chờ cơ quan ban hành quyết định."
    return Done(label=URGE, seq=done.seq, refusal=refusal, told=Say("Thư đôn đốc gửi đơn vị trong giờ gửi thư; thời hạn giữ nguyên."))


def _undone(room: Room, paper: Paper, sent: Submitted) -> Done:
    """Take a decision back: as long as nobody has said anything since."""
    key = sent.values.get("order", "")
    if not KEY.fullmatch(key):
        raise HTTPException(400)
    order = undoing.Order(paper.id, key, Act(kind="undo", task=0, said=_said(room), key=""))
    try:
        done = undoing.undo(room.office.store, order, room.office.calendar, room.at.now)
    except KeyError:
        raise HTTPException(400) from None
    room.house.postman.wake()
    refusal = "Đã có người báo về việc này sau quyết định, không rút lại được." if done.moved else ""
    return Done(label=Say("Rút lại quyết định"), seq=1 if done.tasks or done.before else 0, refusal=refusal)
