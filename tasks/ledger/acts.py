"""What somebody says of a task becomes one event, with all that follows from it, in one transaction; or is refused in words.

Acts that wait together are recorded together: one is a set of one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row

from directives.language.calendar import Calendar
from tasks import figures, judging, states
from tasks.values import Act, Receipt, Work

from . import chain, facts, handover
from .chain import Event
from .direct import ask, one, put
from .effects import Said, comes_again, follow, is_comment, is_plain
from .facts import case, day_of
from .issued import Issued, load
from .rows import canonical, each
from .store import Store
from .trying import persistent
from .types import instant
from .works import works

_RECEIPT = TypeAdapter(Receipt)

#: What an agency says; the rest are the issuer's decisions.
REPORTS = frozenset(verb.kind for verb in states.VERBS if verb.side == "agency")

#: An act, and the instant at which it is said.
Spoken = tuple[Act, datetime]


class Voice(NamedTuple):
    """An act, when it is said, by whom (as `chain.speakers` keeps him), and the tasks that get an event of it."""

    said: Act
    now: datetime
    speaker: tuple[int, str]
    rows: Sequence[Row[Any]]


@persistent
def act(store: Store, said: Act, calendar: Calendar, now: datetime) -> Receipt:
    """Record an act. The same key again gives the same receipt and records nothing; a refusal says why and changes nothing."""
    with store.write() as db:
        return act_in(db, said, calendar, now)


def act_in(db: Connection, said: Act, calendar: Calendar, now: datetime) -> Receipt:
    """As `act`, within a transaction."""
    return acts_in(db, [(said, now)], calendar)[0]


def acts_in(db: Connection, spoken: Sequence[Spoken], calendar: Calendar) -> list[Receipt]:
    """As `act_in` for each in turn, in as few statements as the acts allow."""
    chain.lock_of(db, [said.task for said, _ in spoken])  # what is judged below is what will be changed
    receipts: list[Receipt] = []
    while len(receipts) < len(spoken):
        receipts += _some(db, spoken[len(receipts) :], calendar)
    return receipts


def _some(db: Connection, spoken: Sequence[Spoken], calendar: Calendar) -> list[Receipt]:
    """Record the first, and those after it that go together with it."""
    of, rows = _together(db, spoken)
    known = _known(db, [said.key for said, _ in of if said.task in rows])
    issued = {number: load(db, number, calendar) for number in dict.fromkeys(row.directive for row in rows.values())}
    refused = {said.key: _refusal(db, rows.get(said.task), said, issued, now) for said, now in of if said.key not in known}
    new = [(said, now) for said, now in of if refused.get(said.key) == ""]
    written = _write(db, new, rows, issued)
    shown, events = works(db, rows, calendar), known | written
    receipts = {
        said.key: Receipt(number="", at=None, work=shown.get(said.task), act=said, refusal=refused[said.key]) if refused.get(said.key)
        else _receipt(rows[said.task], said, shown[said.task], events[said.key], new=said.key in written)
        for said, _ in of
    }
    _answer(db, [(rows[said.task], receipts[said.key]) for said, _ in new])
    for said, now in new:
        if said.kind == "reassign":
            handover.tell(db, issued[rows[said.task].directive], [said.task], written[said.key][0], now)
    return list(receipts.values())


def _together(db: Connection, spoken: Sequence[Spoken]) -> tuple[Sequence[Spoken], dict[int, Row[Any]]]:
    """The first act, or the first few if they are plain and about as many tasks, with their tasks."""
    most, told = 1, {spoken[0][0].task, spoken[0][0].key}
    for said, _ in spoken[1:]:
        if {said.task, said.key} & told:
            break
        told |= {said.task, said.key}
        most += 1
    rows = facts.row_of_each(db, [said for said, _ in spoken[:most]])
    plain = 0
    while plain < most and (row := rows.get(spoken[plain][0].task)) and is_plain(row, spoken[plain][0]):
        plain += 1
    of = spoken[: max(plain, 1)]
    return of, {said.task: rows[said.task] for said, _ in of if said.task in rows}


def _known(db: Connection, keys: Sequence[str]) -> dict[str, tuple[int, datetime]]:
    """The events of acts that were recorded before, by key."""
    rows = ask(db, _KNOWN.format(keys=each(db, "keys")), {"keys": canonical(keys)})
    return {row.key: (row.seq, instant(row.at)) for row in rows}


def _refusal(db: Connection, row: Row[Any] | None, said: Act, issued: Mapping[int, Issued], now: datetime) -> str:
    return "Không có việc này." if row is None else facts.refusal(db, row, said, issued[row.directive], now)


def _write(
    db: Connection, new: Sequence[Spoken], rows: Mapping[int, Row[Any]], issued: Mapping[int, Issued]
) -> dict[str, tuple[int, datetime]]:
    """The events of acts, by key, with all that follows from them."""
    voices: defaultdict[int, list[Voice]] = defaultdict(list)
    for (said, now), speaker in zip(new, chain.speakers(db, [said.said for said, _ in new]), strict=True):
        voices[rows[said.task].directive].append(Voice(said, now, speaker, [rows[said.task]]))
    written: dict[str, tuple[int, datetime]] = {}
    for directive, of in voices.items():
        found = list(zip(of, append(db, issued[directive], of), strict=True))
        follow([Said(db=db, row=one.rows[0], act=one.said, issued=issued[directive], seq=seq, at=at) for one, (seq, at) in found])
        written |= {one.said.key: event for one, event in found}
    return written


def append(db: Connection, issued: Issued, voices: Sequence[Voice]) -> list[tuple[int, datetime]]:
    """Write an event for each task of each voice, with what the task was and what it becomes; returns their numbers."""
    events = [event for voice in voices for event in _events(db, issued, voice)]
    written = chain.append(db, issued.id, voices[0].now, *events)
    numbers = (seq for seq, _ in written)
    told = [(voice.said, [(row, next(numbers)) for row in voice.rows]) for voice in voices]
    put(db, "acts", [
        {"key": said.key if said.task else f"{said.key}:{row.id}", "directive": issued.id, "seq": seq}
        for said, of in told for row, seq in of
    ], new=True)
    put(db, "evidence", [
        {"directive": issued.id, "seq": of[0][1], "hash": hash_, "name": name, "size": size}
        for said, of in told for hash_, name, size in said.files
    ], new=True)
    return written


def _events(db: Connection, issued: Issued, voice: Voice) -> list[Event]:
    said, now, (person, who), rows = voice
    payload = _payload(db, said)
    return [
        Event(
            kind="comment" if is_comment(row, said) else said.kind, duty=row.duty, task=row.id, person=person, who=who,
            link=said.said.link or None, at=now,
            payload=payload | ({"by": said.by} if is_comment(row, said) else _times(row, said) | _moves(db, row, said, issued, now)),
        )
        for row in rows
    ]


def _payload(db: Connection, said: Act) -> dict[str, Any]:
    """What the act says, whatever task it says it of."""
    payload = {
        name: value for name in ("note", "value", "numerator", "denominator", "on", "until", "document", "source", "hindrance")
        if (value := getattr(said, name)) not in (None, "")
    }
    payload = {name: str(value) if name in ("value", "on", "until") else value for name, value in payload.items()}
    if said.files:
        payload["files"] = [file[0] for file in said.files]
    if said.to:  # a colleague's name stands beside the chain
        payload |= {"colleague": chain.colleague(db, said.to)} if said.kind == "delegate" else {"to": said.to}
    return payload


def _times(row: Row[Any], said: Act) -> dict[str, int]:
    """From the third request for more time on, how many there were."""
    times = row.asked + 1
    return {"times": times} if said.kind == "extend" and times >= states.FLAGGED else {}


def _moves(db: Connection, row: Row[Any], said: Act, issued: Issued, now: datetime) -> dict[str, Any]:
    """What the task was and what it becomes: its state, and what else the act changes."""
    tz = issued.practice.tz
    before: dict[str, Any] = {"state": facts.state_of(row)}
    after: dict[str, Any] = {"state": "progress" if comes_again(row, said, issued) else judging.after(case(row, said, tz, now))}
    if said.kind in ("grant", "postpone") or (said.kind == "reassign" and said.until):
        before["due"], after["due"] = str(day_of(row.due_at, tz)), str(said.until or row.asks_until)
    if said.kind == "reassign":
        before["agency"], after["agency"] = row.holder, said.to
    if said.kind == "figure" and (last := _reported(db, row, said)):
        before["value"], after["value"] = last, str(figures.value_of(said, issued.directive.indicators[row.indicator].unit))
    return {"before": before, "after": after}


def _reported(db: Connection, row: Row[Any], said: Act) -> str:
    """The figure of the same day that is corrected, "" where there was none."""
    of = {"directive": row.directive, "indicator": row.indicator, "agency": row.agency, "on": said.on.isoformat() if said.on else ""}
    last = one(db, _REPORTED, of)
    return str(last.value) if last else ""


def _number(row: Row[Any], seq: int) -> str:
    """The receipt's number: the paper's, the clause's, the event's."""
    return f"{row.number.split('/')[0]}-{row.clause if row.printed else row.position + 1}-{seq}"


def _receipt(row: Row[Any], said: Act, work: Work, event: tuple[int, datetime], *, new: bool) -> Receipt:
    return Receipt(number=_number(row, event[0]), at=event[1], work=work, act=said, new=new)


def _answer(db: Connection, said: Sequence[tuple[Row[Any], Receipt]]) -> None:
    """The receipt, or the issuer's decision, goes to the registered address, or by the way that stands for it: a link that leaked shows."""
    put(db, "notices", [_letter(row, receipt) for row, receipt in said if row.hears], new=True)


def _letter(row: Row[Any], receipt: Receipt) -> dict[str, Any]:
    lane = "receipt" if receipt.act.kind in REPORTS else "decision"
    return {
        "key": f"{lane}:{row.directive}:{receipt.number}", "directive": row.directive, "recipient": row.agency, "lane": lane,
        "hint": canonical(_RECEIPT.dump_python(receipt, mode="json")), "not_before": receipt.at, "state": "queued",
    }


_KNOWN = """
SELECT a.key, a.seq, (SELECT e.at FROM events e WHERE e.directive = a.directive AND e.seq = a.seq) AS at
  FROM acts a
 WHERE a.key IN ({keys})"""

_REPORTED = """
SELECT r.value FROM readings r
 WHERE r.directive = :directive AND r.indicator = :indicator AND r.agency = :agency AND r."on" = :on
 ORDER BY r.seq DESC LIMIT 1"""
