"""What agencies have answered by mail: acts that are proposed, each until the agency's own link or the issuer confirms or refuses it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select, text, update

from directives.language.calendar import Calendar
from tasks.sayings import File, Reply, Saying
from tasks.values import Act, Receipt, Said

from . import acts, roster
from . import tables as t
from .receiving import Arrival, record
from .rows import add, canonical
from .store import Store
from .works import works

_r = t.replies.c


class Answer(NamedTuple):
    """A letter's answer as read: who answers, which letter of ours (0: none), what it says, and what came with it."""

    agency: int
    letter: int
    sayings: Sequence[Saying]
    words: str
    files: Sequence[File] = ()
    domain: str = ""


def agency_of(db: Connection, mail: str) -> int | None:
    """The agency of a registered address; None where it is nobody's, or of several."""
    found = list(db.execute(text("SELECT id FROM agencies WHERE lower(mail) = :mail LIMIT 2"), {"mail": mail.lower()}).scalars())
    return int(found[0]) if len(found) == 1 else None


def propose(store: Store, arrival: Arrival, answer: Answer, now: datetime) -> int:
    """Keep what an answer says, with the message that said it; returns how many acts are proposed. A second time it is nothing."""
    with store.write() as db:
        number = record(db, arrival, "reply", now, agency=answer.agency, notice=answer.letter or None)
        if number is None:
            return 0
        candidates = [list(db.execute(text(query), {"agency": answer.agency, "notice": answer.letter})) for query in _CANDIDATES]
        rows = [
            {
                "arrival": number, "place": place, "agency": answer.agency, "task": _meant(said, candidates), "act": said.to_json(),
                "said": answer.words, "files": canonical([list(file) for file in answer.files]), "domain": answer.domain,
            }
            for place, said in enumerate(answer.sayings)
        ]
        return add(db, t.replies, rows)


def waiting(db: Connection, calendar: Calendar, *, agency: int = 0) -> tuple[Reply, ...]:
    """What waits to be confirmed, oldest first; of one agency, or of all."""
    which = (_r.agency == agency,) if agency else ()
    return _replies(db, calendar, db.execute(_ALL.where(_r.state == "waiting", *which).order_by(_r.id)).all())


def reply(db: Connection, calendar: Calendar, number: int) -> Reply | None:
    """One of them, decided or not."""
    return next(iter(_replies(db, calendar, db.execute(_ALL.where(_r.id == number)).all())), None)


def trusted(db: Connection) -> tuple[int, ...]:
    """What comes from a domain that the settings trust, names its task and has not been tried."""
    ready = (_r.state == "waiting", _r.domain != "", _r.task.is_not(None), _r.note == "")
    return tuple(db.execute(select(_r.id).where(*ready).order_by(_r.id)).scalars())


def accept(store: Store, calendar: Calendar, number: int, said: Said, now: datetime, *, by: str = "", task: int | None = None) -> Receipt:
    """Carry out what is proposed, in the name of who confirms it; `by` is the agency by whose link he does, `task` the one that is meant.

    Twice is once. What the rules refuse stays as it was, with the reason.
    """
    with store.write() as db:
        row = db.execute(_ALL.where(_r.id == number)).first()
        if row is None or (by and row.code != by):
            return _nothing(said, "Không có thư trả lời này.")
        act = _act(row, said, task or row.task or 0, by)
        if row.state == "refused" or not act.task:
            return _nothing(said, "Thư trả lời này đã được bỏ qua." if row.state == "refused" else "Chưa rõ thư nói về việc nào.")
        receipt = acts.act_in(db, act, calendar, now)
        change: dict[str, Any] = {"note": receipt.refusal}
        if not receipt.refusal:
            change = {"state": "accepted", "decided_at": now, "said": "", "note": "", "task": act.task}
        if row.state == "waiting":
            db.execute(update(t.replies).where(_r.id == number).values(change))
        return receipt


def refuse(store: Store, number: int, now: datetime, *, by: str = "", note: str = "") -> bool:
    """Let a proposal be nothing; False where there is none that waits."""
    values = {"state": "refused", "decided_at": now, "said": "", "note": note}
    with store.write() as db:
        agency = roster.row_of(db, by) if by else None
        mine = (_r.agency == agency,) if agency else ()
        return db.execute(update(t.replies).where(_r.id == number, _r.state == "waiting", *mine).values(values)).rowcount == 1


def _act(row: Row[Any], said: Said, task: int, by: str) -> Act:
    saying = Saying.of_json(row.act)
    files = tuple((str(h), str(name), int(size)) for h, name, size in json.loads(row.files))
    act = Act(kind=saying.kind, task=task, said=said, key=f"mail:{row.id}", by=by, files=files, source=f"thư số {row.arrival}")
    return replace(act, **{name: value for name, value in saying.words().items() if name != "kind"})


def _nothing(said: Said, words: str) -> Receipt:
    return Receipt(number="", at=None, work=None, act=Act(kind="progress", task=0, said=said, key=""), refusal=words)


def _meant(said: Saying, candidates: Iterable[Sequence[Row[Any]]]) -> int | None:
    """The only task that fits, of the letter's own lines, else of its paper, else of all that the agency has open."""
    for rows in candidates:
        fit = [row for row in rows if _fits(said, row)]
        if len(fit) == 1:
            return int(fit[0].id)
        if fit:
            return None  # several that it may mean: wider circles have no fewer
    return None


def _fits(said: Saying, row: Row[Any]) -> bool:
    if said.clause and said.clause != row.clause:
        return False
    if said.kind == "figure":
        return bool(row.indicator)
    return not (said.kind == "done" and row.indicator) and not (said.kind == "extend" and row.due_at is None)


def _replies(db: Connection, calendar: Calendar, rows: Sequence[Row[Any]]) -> tuple[Reply, ...]:
    known = works(db, {row.task for row in rows if row.task}, calendar)
    people = roster.parties(db, {row.agency for row in rows})
    return tuple(
        Reply(
            id=row.id, agency=people[row.agency], work=known.get(row.task), said=Saying.of_json(row.act), words=row.said,
            files=tuple((str(h), str(name), int(size)) for h, name, size in json.loads(row.files)), domain=row.domain, state=row.state,
            at=row.at, note=row.note,
        )
        for row in rows
    )


_ALL = (
    select(t.replies, t.received.c.at, t.agencies.c.code)
    .join(t.received, t.received.c.id == _r.arrival)
    .join(t.agencies, t.agencies.c.id == _r.agency)
)

_TASK = """
SELECT k.id, u.clause, u.indicator, k.due_at FROM tasks k JOIN duties u ON u.id = k.duty
 WHERE k.agency = :agency AND k.closed_at IS NULL {which}
 ORDER BY k.id"""

_CANDIDATES = tuple(_TASK.format(which=which) for which in (
    "AND k.id IN (SELECT i.task FROM notice_items i WHERE i.notice = :notice)",
    """AND k.directive IN (SELECT n.directive FROM notices n WHERE n.id = :notice AND n.directive IS NOT NULL
                           UNION SELECT b.directive FROM notice_items i JOIN tasks b ON b.id = i.task WHERE i.notice = :notice)""",
    "AND :notice >= 0",
))
