"""What somebody says of a task becomes one event, with all that follows from it, in one transaction; or is refused in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, insert, update

from directives.language.calendar import Calendar
from directives.language.expansion import is_on_event
from tasks import figures, judging, states
from tasks.values import Act, Receipt

from . import chain, deciding, doubting, facts, handover, holding, settling, silence
from . import tables as t
from .chain import Event
from .deciding import Decision
from .direct import one, put
from .facts import case, day_of
from .issued import Issued, load
from .rows import add, canonical
from .store import Store
from .trying import persistent
from .types import instant
from .works import works

_RECEIPT = TypeAdapter(Receipt)

#: What an agency says; the rest are the issuer's decisions.
REPORTS = frozenset(verb.kind for verb in states.VERBS if verb.side == "agency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An act that has its number: what the effects are worked out from."""

    db: Connection
    row: Row[Any]
    act: Act
    issued: Issued
    seq: int
    at: datetime

    def change(self, **values: Any) -> None:
        """Write the task's new columns and keep its old ones in the history."""
        settling.change(self.db, self.row.id, self.seq, values)


@persistent
def act(store: Store, said: Act, calendar: Calendar, now: datetime) -> Receipt:
    """Record an act. The same key again gives the same receipt and records nothing; a refusal says why and changes nothing."""
    with store.write() as db:
        return act_in(db, said, calendar, now)


def act_in(db: Connection, said: Act, calendar: Calendar, now: datetime) -> Receipt:
    """As `act`, within a transaction."""
    chain.lock_of(db, said.task)  # what is judged below is what will be changed
    if not (rows := facts.rows_of(db, [said.task], said)):
        return Receipt(number="", at=None, work=None, act=said, refusal="Không có việc này.")
    [row] = rows
    if known := one(db, _KNOWN, {"key": said.key}):
        work = works(db, [row.id], calendar)[row.id]
        return Receipt(number=_number(row, known.seq), at=instant(known.at), work=work, act=said, new=False)
    issued = load(db, row.directive, calendar)
    if words := facts.refusal(db, row, said, issued, now):
        return Receipt(number="", at=None, work=works(db, [row.id], calendar)[row.id], act=said, refusal=words)
    [(seq, at)] = append(db, [row], said, issued, now)
    if not _is_comment(row, said):
        _EFFECTS[said.kind](Said(db=db, row=row, act=said, issued=issued, seq=seq, at=at))
    receipt = Receipt(number=_number(row, seq), at=at, work=works(db, [row.id], calendar)[row.id], act=said)
    _answer(db, row, receipt, at)
    if said.kind == "reassign":
        handover.tell(db, issued, [row.id], seq, now)
    return receipt


def append(db: Connection, rows: Sequence[Row[Any]], said: Act, issued: Issued, now: datetime) -> list[tuple[int, datetime]]:
    """Write the event of an act about each of the tasks, with what the task was and what it becomes; returns their numbers."""
    payload = {
        name: value for name in ("note", "value", "numerator", "denominator", "on", "until", "document", "source", "hindrance")
        if (value := getattr(said, name)) not in (None, "")
    }
    payload = {name: str(value) if name in ("value", "on", "until") else value for name, value in payload.items()}
    if said.files:
        payload["files"] = [file[0] for file in said.files]
    if said.to:  # a colleague's name stands beside the chain
        payload |= {"colleague": chain.colleague(db, said.to)} if said.kind == "delegate" else {"to": said.to}
    person, who = chain.speaker(db, said.said)
    written = chain.append(db, issued.id, now, *(
        Event(
            kind="comment" if _is_comment(row, said) else said.kind, duty=row.duty, task=row.id, person=person, who=who,
            link=said.said.link or None,
            payload=payload | ({"by": said.by} if _is_comment(row, said) else _times(row, said) | _moves(db, row, said, issued, now)),
        )
        for row in rows
    ))
    put(db, "acts", [
        {"key": said.key if said.task else f"{said.key}:{row.id}", "directive": issued.id, "seq": seq}
        for row, (seq, _) in zip(rows, written, strict=True)
    ], new=True)
    put(db, "evidence", [
        {"directive": issued.id, "seq": written[0][0], "hash": h, "name": name, "size": size} for h, name, size in said.files
    ], new=True)
    return written


def _is_comment(row: Row[Any], said: Act) -> bool:
    """Whether somebody who only takes part says a word: it is kept, and is no news of the lead's."""
    return said.kind == "progress" and bool(said.by) and not row.holds and row.source != said.by


def _times(row: Row[Any], said: Act) -> dict[str, int]:
    """From the third request for more time on, how many there were."""
    times = row.asked + 1
    return {"times": times} if said.kind == "extend" and times >= states.FLAGGED else {}


def _moves(db: Connection, row: Row[Any], said: Act, issued: Issued, now: datetime) -> dict[str, Any]:
    """What the task was and what it becomes: its state, and what else the act changes."""
    tz = issued.practice.tz
    before: dict[str, Any] = {"state": facts.state_of(row)}
    after: dict[str, Any] = {"state": "progress" if _comes_again(row, said, issued) else judging.after(case(row, said, tz, now))}
    if said.kind in ("grant", "postpone") or (said.kind == "reassign" and said.until):
        before["due"], after["due"] = str(day_of(row.due_at, tz)), str(said.until or row.asks_until)
    if said.kind == "reassign":
        before["agency"], after["agency"] = row.holder, said.to
    if said.kind == "figure" and (last := _reported(db, row, said)):
        before["value"], after["value"] = last, str(figures.value_of(said, issued.directive.indicators[row.indicator].unit))
    return {"before": before, "after": after}


def _comes_again(row: Row[Any], said: Act, issued: Issued) -> bool:
    """Whether what is done now may happen again tomorrow, so that it stays open."""
    return said.kind == "done" and not row.term and is_on_event(issued.duty(row.clause))


def _reported(db: Connection, row: Row[Any], said: Act) -> str:
    """The figure of the same day that is corrected, "" where there was none."""
    of = {"directive": row.directive, "indicator": row.indicator, "agency": row.agency, "on": said.on.isoformat() if said.on else ""}
    last = one(db, _REPORTED, of)
    return str(last.value) if last else ""


def _tells(said: Said) -> None:
    """A word about a task; what stands beside its state stays beside it."""
    becomes = states.becomes(said.act.kind, facts.state_of(said.row), said.row.state)
    said.change(state=said.row.state if becomes in states.HELD else becomes, reported_at=said.at)
    if becomes == "received":
        silence.received(said.db, said.issued, said.row.id, said.at)


def _returns(said: Said) -> None:
    note, right = said.act.note, said.act.to
    holding.hold(said.db, [said.row.id], "returned", at=said.at, until=None, note=note, right=right)
    said.change(reported_at=said.at)


def _answers_late(said: Said) -> None:
    """Kept by its event: what has ended stays as it ended."""


def _passes_on(said: Said) -> None:
    _tells(said)


def _measures(said: Said) -> None:
    on = said.act.on or said.at.astimezone(said.issued.practice.tz).date()
    unit = said.issued.directive.indicators[said.row.indicator].unit
    new = (said.act.numerator, said.act.denominator, figures.value_of(said.act, unit))
    doubting.mark(said.db, said.row, said.act, new=new, on=on, unit=unit, seq=said.seq)
    add(said.db, t.readings, [{
        "directive": said.row.directive, "indicator": said.row.indicator, "agency": said.row.agency, "on": on, "seq": said.seq,
        "numerator": new[0], "denominator": new[1], "value": new[2],
    }])
    _tells(said)
    settling.by_figure(said.db, said.issued, said.row, on=on, seq=said.seq, at=said.at)


def _finishes(said: Said) -> None:
    if _comes_again(said.row, said.act, said.issued):
        said.change(state="progress", reported_at=said.at)
    elif said.row.confirm:
        said.change(state="claimed", claimed_at=said.at, reported_at=said.at)
    else:
        settling.close(said.db, said.issued, said.row.id, said.seq, counts_at=said.at, at=said.at, known=said.row)


def _asks(said: Said) -> None:
    said.db.execute(insert(t.requests).values(task=said.row.id, until=said.act.until, note=said.act.note, asked_at=said.at))
    _tells(said)


def _decides(said: Said) -> None:
    deciding.carry_out(Decision(db=said.db, issued=said.issued, act=said.act, rows=[said.row], seqs=[said.seq], at=said.at))


def _refuses(said: Said) -> None:
    r = t.requests.c
    waits = (r.task == said.row.id, r.decided_at.is_(None))
    said.db.execute(update(t.requests).where(*waits).values(decided_at=said.at, decision="refused"))


def _confirms(said: Said) -> None:
    settling.close(said.db, said.issued, said.row.id, said.seq, counts_at=instant(said.row.claimed_at), at=said.at, known=said.row)


def _undoes(said: Said) -> None:
    settling.reopen(said.db, said.issued, said.row, said.seq, at=said.at)


def _rejects(said: Said) -> None:
    said.change(state="progress", claimed_at=None)


_EFFECTS: dict[str, Callable[[Said], None]] = {
    "received": _tells, "progress": _tells, "figure": _measures, "done": _finishes, "extend": _asks, "undo": _undoes,
    "return": _returns, "delegate": _passes_on, "answer": _answers_late, "refuse": _refuses, "confirm": _confirms, "reject": _rejects,
    **dict.fromkeys(("grant", "keep", "reassign", "pause", "resume", "postpone", "reopen", "close"), _decides),
}


def _number(row: Row[Any], seq: int) -> str:
    """The receipt's number: the paper's, the clause's, the event's."""
    return f"{row.number.split('/')[0]}-{row.clause if row.printed else row.position + 1}-{seq}"


def _answer(db: Connection, row: Row[Any], receipt: Receipt, at: datetime) -> None:
    """The receipt, or the issuer's decision, goes to the registered address, or by the way that stands for it: a link that leaked shows."""
    lane = "receipt" if receipt.act.kind in REPORTS else "decision"
    put(db, "notices", [{
        "key": f"{lane}:{row.directive}:{receipt.number}", "directive": row.directive, "recipient": row.agency, "lane": lane,
        "hint": canonical(_RECEIPT.dump_python(receipt, mode="json")), "not_before": at, "state": "queued",
    }] if row.hears else [], new=True)


_KNOWN = "SELECT a.seq, e.at FROM acts a JOIN events e ON e.directive = a.directive AND e.seq = a.seq WHERE a.key = :key"

_REPORTED = """
SELECT r.value FROM readings r
 WHERE r.directive = :directive AND r.indicator = :indicator AND r.agency = :agency AND r."on" = :on
 ORDER BY r.seq DESC LIMIT 1"""
