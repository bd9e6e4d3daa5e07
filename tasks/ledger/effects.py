"""What follows from an act that has its number: its task's new columns, and whatever stands or falls with them.

Most acts change nothing but their own task: these are plain, and are carried out together with their neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, update

from directives.language.expansion import is_on_event
from tasks import figures, states
from tasks.values import Act

from . import deciding, doubting, facts, holding, settling, silence
from . import tables as t
from .changing import change, changes
from .deciding import Decision
from .issued import Issued
from .rows import add
from .types import instant


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
        change(self.db, self.row.id, self.seq, values)


def is_comment(row: Row[Any], said: Act) -> bool:
    """Whether somebody who only takes part says a word: it is kept, and is no news of the lead's."""
    return said.kind == "progress" and bool(said.by) and not row.holds and row.source != said.by


def comes_again(row: Row[Any], said: Act, issued: Issued) -> bool:
    """Whether what is done now may happen again tomorrow, so that it stays open."""
    return said.kind == "done" and not row.term and is_on_event(issued.duty(row.clause))


def is_plain(row: Row[Any], said: Act) -> bool:
    """Whether nothing but its own task changes with it, and the task shows nothing that changes with another."""
    return said.kind in _PLAIN and not (row.asks_until or row.held or row.hangs or (row.parent and said.kind == "done"))


def follow(said: Sequence[Said]) -> None:
    """Do what follows from acts that were recorded together: from one alone whatever does, several are all plain."""
    plain = [one for one in said if is_plain(one.row, one.act)]
    if not plain:
        for one in said:
            _EFFECTS[one.act.kind](one)
        return
    news = [(one, _PLAIN[one.act.kind](one)) for one in plain if not is_comment(one.row, one.act)]
    changes(said[0].db, [(one.row.id, one.seq, values) for one, values in news])
    silence.received(said[0].db, [(one.issued, one.row.id, one.at) for one, values in news if values["state"] == "received"])


def _told(said: Said) -> Mapping[str, Any]:
    """A word about a task; what stands beside its state stays beside it."""
    becomes = states.becomes(said.act.kind, facts.state_of(said.row), said.row.state)
    return {"state": said.row.state if becomes in states.HELD else becomes, "reported_at": said.at}


def _done(said: Said) -> Mapping[str, Any]:
    if comes_again(said.row, said.act, said.issued):
        return {"state": "progress", "reported_at": said.at}
    if said.row.confirm:
        return {"state": "claimed", "claimed_at": said.at, "reported_at": said.at}
    return settling.closed(counts_at=said.at, at=said.at)


_PLAIN: dict[str, Callable[[Said], Mapping[str, Any]]] = {"received": _told, "progress": _told, "done": _done}


def _tells(said: Said) -> None:
    if is_comment(said.row, said.act):
        return
    told = _told(said)
    said.change(**told)
    if told["state"] == "received" and not said.row.held:
        silence.received(said.db, [(said.issued, said.row.id, said.at)])


def _returns(said: Said) -> None:
    note, right = said.act.note, said.act.to
    holding.hold(said.db, [said.row.id], "returned", at=said.at, until=None, note=note, right=right)
    said.change(reported_at=said.at)


def _answers_late(said: Said) -> None:
    """Kept by its event: what has ended stays as it ended."""


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
    done = _done(said)
    if done["state"] == "claimed" and said.row.held:
        done = {**done, **holding.let_go(said.db, said.row, said.at)}
    said.change(**done)
    if done["state"] == "done":
        settling.ended(said.db, said.issued, said.row.id, said.at, known=said.row)


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
    "return": _returns, "delegate": _tells, "answer": _answers_late, "refuse": _refuses, "confirm": _confirms, "reject": _rejects,
    **dict.fromkeys(("grant", "keep", "reassign", "pause", "resume", "postpone", "reopen", "close"), _decides),
}
