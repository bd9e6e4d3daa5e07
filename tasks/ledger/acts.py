"""What somebody says of a task becomes one event, with all that follows from it, in one transaction; or is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, Row, insert, text, update

from directives.language.calendar import Calendar
from directives.language.expansion import is_on_event
from tasks import figures, states
from tasks.states import Case
from tasks.values import Act, Receipt

from . import chain, settling
from . import tables as t
from .bonding import ENDED
from .chain import Event
from .issued import Issued, load
from .rows import add, canonical
from .store import Store
from .types import instant
from .works import works

#: What an agency says; the rest are the issuer's decisions.
REPORTS = frozenset({"received", "progress", "figure", "done", "extend", "undo"})


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


def act(store: Store, said: Act, calendar: Calendar, now: datetime) -> Receipt:
    """Record an act. The same key again gives the same receipt and records nothing; a refusal says why and changes nothing."""
    with store.write() as db:
        directive = db.execute(text("SELECT directive FROM tasks WHERE id = :task"), {"task": said.task}).scalar()
        if directive is None:
            return Receipt(number="", at=None, work=None, act=said, refusal="Không có việc này.")
        chain.lock(db, directive)  # what is judged below is what will be changed
        row = db.execute(text(_TASK), {"task": said.task, "by": said.by}).one()
        if known := db.execute(text(_KNOWN), {"key": said.key}).first():
            work = works(db, [row.id], calendar)[row.id]
            return Receipt(number=_number(row, known.seq), at=instant(known.at), work=work, act=said, new=False)
        issued = load(db, row.directive, calendar)
        if words := _refusal(row, said, issued, now):
            return Receipt(number="", at=None, work=works(db, [row.id], calendar)[row.id], act=said, refusal=words)
        seq, at = _append(db, row, said, now)
        _EFFECTS[said.kind](Said(db=db, row=row, act=said, issued=issued, seq=seq, at=at))
        receipt = Receipt(number=_number(row, seq), at=at, work=works(db, [row.id], calendar)[row.id], act=said)
        _answer(db, row, receipt, at)
        return receipt


def _refusal(row: Row[Any], said: Act, issued: Issued, now: datetime) -> str:
    """Why the act cannot be recorded; authority is asked of the ledger, never of the form."""
    if said.by and not (row.holds or row.source == said.by or row.takes_part):
        return "Việc này không thuộc đơn vị của đường dẫn này."
    if said.kind == "undo" and (row.ended or not issued.has(row.clause)):
        return "Nhiệm vụ này đã thu hồi hoặc được thay thế nên báo cáo đã xong được giữ nguyên."
    if said.by and said.kind in states.DECISIONS:
        return "Quyết định này thuộc cơ quan ban hành."
    tz = issued.practice.tz
    if (words := states.refusal(_case(row, said, tz, now))) or said.kind != "figure":
        return words
    return figures.refusal(said, now.astimezone(tz).date(), unit=issued.directive.indicators[row.indicator].unit)


def _case(row: Row[Any], said: Act, tz: tzinfo, now: datetime) -> Case:
    others = bool(said.by and row.source) and row.source != said.by
    return Case(
        kind=said.kind, state=row.state, children_open=row.children_open, measured=bool(row.indicator) and row.due_at is not None,
        indicator=bool(row.indicator), typed_by=row.source_name if others else "",
        lead=not said.by or bool(row.holds) or (said.kind == "figure" and row.source == said.by), dated=row.due_at is not None,
        due_on=instant(row.due_at).astimezone(tz).date() if row.due_at is not None else None,
        needs_confirmation=bool(row.confirm), asks_until=date.fromisoformat(row.asks_until) if row.asks_until else None,
        note=said.note, until=said.until, evidence=row.evidence, documents=bool(said.document), files=len(said.files),
        said_days=(now - instant(row.reported_at)).days if said.by and row.reported_at is not None else 0,
    )


def _append(db: Connection, row: Row[Any], said: Act, now: datetime) -> tuple[int, datetime]:
    payload = {
        name: value for name in ("note", "value", "numerator", "denominator", "on", "until", "document")
        if (value := getattr(said, name)) not in (None, "")
    }
    if said.files:
        payload["files"] = [file[0] for file in said.files]
    event = Event(
        kind=said.kind, duty=row.duty, task=row.id, person=chain.person(db, said.said), link=said.said.link or None,
        payload={name: str(value) if name in ("value", "on", "until") else value for name, value in payload.items()},
    )
    [(seq, at)] = chain.append(db, row.directive, now, event)
    add(db, t.acts, [{"key": said.key, "directive": row.directive, "seq": seq}])
    add(db, t.evidence, [{"directive": row.directive, "seq": seq, "hash": h, "name": name, "size": size} for h, name, size in said.files])
    return seq, at


def _tells(said: Said) -> None:
    said.change(state=states.TRANSITIONS[said.act.kind, said.row.state], reported_at=said.at)


def _measures(said: Said) -> None:
    on = said.act.on or said.at.astimezone(said.issued.practice.tz).date()
    add(said.db, t.readings, [{
        "directive": said.row.directive, "indicator": said.row.indicator, "agency": said.row.agency, "on": on, "seq": said.seq,
        "numerator": said.act.numerator, "denominator": said.act.denominator,
        "value": figures.value_of(said.act, said.issued.directive.indicators[said.row.indicator].unit),
    }])
    _tells(said)
    settling.by_figure(said.db, said.issued, said.row, on=on, seq=said.seq, at=said.at)


def _finishes(said: Said) -> None:
    if not said.row.term and is_on_event(said.issued.duty(said.row.clause)):
        said.change(state="progress", reported_at=said.at)  # it may happen again tomorrow
    elif said.row.confirm:
        said.change(state="claimed", claimed_at=said.at, reported_at=said.at)
    else:
        settling.close(said.db, said.issued, said.row.id, said.seq, counts_at=said.at, at=said.at)


def _asks(said: Said) -> None:
    said.db.execute(insert(t.requests).values(task=said.row.id, until=said.act.until, note=said.act.note, asked_at=said.at))
    _tells(said)


def _grants(said: Said) -> None:
    until = said.act.until or date.fromisoformat(said.row.asks_until)
    _decide(said, "granted")
    due_at = said.issued.calendar.day_end(until, said.issued.practice.tz)
    ahead = said.issued.steps(begins_at=instant(said.row.begins_at), due_at=due_at, climbs=said.row.climbs)
    wake = next((step.at for step in ahead if step.at > said.at), None)
    said.change(due_at=due_at, due_version=said.row.due_version + 1, rung=0, wake_at=wake)


def _refuses(said: Said) -> None:
    _decide(said, "refused")


def _decide(said: Said, decision: str) -> None:
    r = t.requests.c
    said.db.execute(update(t.requests).where(r.task == said.row.id, r.decided_at.is_(None)).values(decided_at=said.at, decision=decision))


def _confirms(said: Said) -> None:
    settling.close(said.db, said.issued, said.row.id, said.seq, counts_at=instant(said.row.claimed_at), at=said.at)


def _undoes(said: Said) -> None:
    settling.reopen(said.db, said.issued, said.row, said.seq, at=said.at)


def _rejects(said: Said) -> None:
    said.change(state="progress", claimed_at=None)


_EFFECTS: dict[str, Callable[[Said], None]] = {
    "received": _tells, "progress": _tells, "figure": _measures, "done": _finishes, "extend": _asks,
    "undo": _undoes, "grant": _grants, "refuse": _refuses, "confirm": _confirms, "reject": _rejects,
}


def _number(row: Row[Any], seq: int) -> str:
    """The receipt's number: the paper's, the clause's, the event's."""
    return f"{row.number.split('/')[0]}-{row.clause if row.printed else row.position + 1}-{seq}"


def _answer(db: Connection, row: Row[Any], receipt: Receipt, at: datetime) -> None:
    """The receipt, or the issuer's decision, goes to the registered address: a link that leaked shows there."""
    lane = "receipt" if receipt.act.kind in REPORTS else "decision"
    add(db, t.notices, [{
        "key": f"{lane}:{row.directive}:{receipt.number}", "directive": row.directive, "recipient": row.agency, "lane": lane,
        "hint": canonical(settling.frozen(receipt)), "not_before": at, "state": "queued",
    }] if row.mail_state == "ok" else [])


_KNOWN = "SELECT a.seq, e.at FROM acts a JOIN events e ON e.directive = a.directive AND e.seq = a.seq WHERE a.key = :key"

_TASK = f"""
SELECT k.*, EXISTS ({ENDED}) AS ended, m.due_at AS term_due_at, m.next_due_at,
       g.code = :by AS holds, s.code AS source, s.name AS source_name,
       EXISTS (SELECT 1 FROM coordinators c JOIN agencies s ON s.id = c.agency
                WHERE c.duty = k.duty AND c.lead = k.unit AND s.code = :by) AS takes_part,
       u.clause, u.printed, u.position, u.indicator, u.evidence, u.confirm, m.begins_at,
       coalesce(o.climbs, m.climbs) AS climbs, d.number, g.mail_state,
       (SELECT count(*) FROM tasks c WHERE c.parent = k.id AND c.closed_at IS NULL) AS children_open,
       (SELECT r.until FROM requests r WHERE r.task = k.id AND r.decided_at IS NULL) AS asks_until
  FROM tasks k
  JOIN duties u ON u.id = k.duty
  JOIN terms m ON m.duty = k.duty AND m.term = k.term
  LEFT JOIN own_targets o ON o.duty = k.duty AND o.term = k.term AND o.unit = k.unit
  JOIN directives d ON d.id = k.directive
  JOIN agencies g ON g.id = k.agency
  LEFT JOIN indicators i ON i.directive = k.directive AND i.indicator = u.indicator
  LEFT JOIN agencies s ON s.id = i.source
 WHERE k.id = :task"""
