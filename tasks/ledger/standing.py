"""How a directive stands, now or as it stood at any instant: counts in sets, the twenty worst, what changed since a report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

from directives.language.calendar import Calendar, instant
from directives.language.periods import rounds
from tasks.ladder import ask_rhythm
from tasks.values import AgencyStanding, Cells, Change, Standing, Work

from . import dating, former
from .dating import Former
from .figures import latest, lines, own_goals
from .issued import Issued, load
from .roster import parties
from .types import seconds
from .works import Upto, papers, works

WORST = 20
CHANGES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An instant of a directive: the last event by then, and the report round that silence is judged by."""

    directive: int
    at: int
    seq: int
    soon: int  # due by then is "sắp đến hạn"
    round_at: int  # the last report round that has passed, 0 before the first
    since: int  # the round before it, or the issue: who has said nothing since then is silent
    asked_at: int  # when that round was asked for: what began later was not

    @property
    def upto(self) -> Upto:
        """The same moment for single tasks."""
        return Upto(self.seq, self.at)


def past(db: Connection, issued: Issued, at: datetime) -> Past:
    """The moment of a directive at an instant."""
    return as_of(issued, at, db.execute(text(_SEQ), {"d": issued.id, "at": seconds(at)}).scalar_one())


def as_of(issued: Issued, at: datetime, seq: int) -> Past:
    """The moment of a directive whose last event by then is `seq`."""
    last, before = _rounds(issued, at)
    return Past(
        directive=issued.id, at=seconds(at), seq=seq, soon=seconds(at + timedelta(days=issued.practice.soon)),
        round_at=seconds(last) if last else 0, since=seconds(before or issued.issued_at),
        asked_at=seconds(_asked_at(issued, last)) if last else 0,
    )


def standing(db: Connection, directive: int, calendar: Calendar, at: datetime, before: datetime | None = None) -> Standing:
    """How a directive stood at `at`, and what has changed since `before`; the same answer whenever it is asked."""
    issued = load(db, directive, calendar, at)
    now, names = past(db, issued, at), dating.then(db, seconds(at))
    then = past(db, issued, before) if before else None
    counted = _counted(db, now)
    changes, changed = _changes(db, now, then, calendar) if then else ((), {})
    return Standing(
        paper=papers(db, [directive], now.upto)[directive], as_of=at, seq=now.seq, before=before,
        cells=sum((cells for of in counted.values() for cells in of.values()), Cells()),
        cells_before=count(db, then) if then else None,
        duties=former.duties(db, issued, {duty for of in counted.values() for duty in of}),
        agencies=_agencies(db, issued, now, counted, names),
        overdue=_found(db, _WORST, now, calendar), requests=_found(db, _REQUESTS, now, calendar),
        changes=changes, changed=changed, lines=lines(db, issued, now.seq, names),
        unsent=db.execute(text(_UNSENT), {"directive": directive, "at": now.at}).scalar_one(),
        head=db.execute(text(_HEAD), {"d": directive, "seq": now.seq}).scalar_one(),
    )


def count(db: Connection, at: Past) -> Cells:
    """The cells of a whole directive."""
    now = db.execute(text("SELECT seq FROM directives WHERE id = :d"), {"d": at.directive}).scalar_one() == at.seq
    return cells_of(db.execute(text(_CELLS.format(keys="", tasks=_NOW if now else _THEN, by="")), _bind(at)).one())


def _rounds(issued: Issued, at: datetime) -> tuple[datetime | None, datetime | None]:
    """The last report round by `at` and the one before it."""
    rhythm = ask_rhythm(issued.directive, issued.practice)
    last = before = None
    for instant_ in rounds(rhythm, issued.issued_at.astimezone(issued.practice.tz).date(), issued.calendar, issued.practice):
        if instant_ > at:
            break
        if instant_ > issued.issued_at:
            last, before = instant_, last
    return last, before


def _asked_at(issued: Issued, round_at: datetime) -> datetime:
    day = issued.calendar.add_working(round_at.astimezone(issued.practice.tz).date(), -issued.practice.ask_before)
    return instant(day, issued.practice.opens, issued.practice.tz)


def _counted(db: Connection, at: Past) -> dict[int, dict[int, Cells]]:
    """Cells by agency and duty (row numbers)."""
    found: defaultdict[int, dict[int, Cells]] = defaultdict(dict)
    now = db.execute(text("SELECT seq FROM directives WHERE id = :d"), {"d": at.directive}).scalar_one() == at.seq
    for row in db.execute(text(_CELLS.format(keys="agency, duty,", tasks=_NOW if now else _THEN, by="GROUP BY agency, duty")), _bind(at)):
        found[row.agency][row.duty] = cells_of(row)
    return found


def cells_of(row: Row[Any]) -> Cells:
    """The cells that a row counts."""
    return Cells(
        on_time=row.on_time, late=row.late, in_time=row.in_time, overdue=row.overdue, soon=row.soon,
        undated=row.undated, silent=row.silent, undated_done=row.undated_done,
    )


def _bind(at: Past) -> dict[str, Any]:
    return asdict(at)


def _agencies(
    db: Connection, issued: Issued, at: Past, counted: Mapping[int, Mapping[int, Cells]], names: Mapping[int, Former]
) -> tuple[AgencyStanding, ...]:
    people = parties(db, counted, names)
    duties = {row.id: row for row in db.execute(text(_DUTIES), {"d": issued.id, "seq": at.seq})}
    bad = unreachable(db, names)
    first = next((i for i in issued.directive.indicators.values() if any(m.on for m in i.targets)), None)
    figures = latest(db, issued.id, first.id, at.seq) if first else {}
    goals = own_goals(db, issued.id, first.id, seq=at.seq, at=at.at) if first else {}
    rows = [
        AgencyStanding(
            party=people[agency], cells=sum(of.values(), Cells()), by_clause={duties[duty].clause: cells for duty, cells in of.items()},
            figure=figures.get(agency), goal=goals.get(agency),
            peer=all(duties[duty].force == "ask" for duty in of), unreachable=agency in bad,
        )
        for agency, of in counted.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.cells.overdue, -row.cells.silent, -row.cells.late, row.party.name, row.party.id)))


def unreachable(db: Connection, names: Mapping[int, Former]) -> set[int]:
    """The agencies that no letter could reach then, by row number; `names` are those that were otherwise then."""
    bad = set(db.execute(text("SELECT id FROM agencies WHERE mail_state <> 'ok'")).scalars())
    return (bad - names.keys()) | {agency for agency, then in names.items() if then.mail_state != "ok"}


def _found(db: Connection, query: str, at: Past, calendar: Calendar) -> tuple[Work, ...]:
    """The tasks that a query names, in its order, as they were."""
    ids = list(db.execute(text(query.format(tasks=_THEN)), _bind(at)).scalars())
    known = works(db, ids, calendar, upto=at.upto)
    return tuple(known[task] for task in ids)


def _changes(db: Connection, now: Past, then: Past, calendar: Calendar) -> tuple[tuple[Change, ...], dict[str, int]]:
    """The latest changes of each kind, and how many there were."""
    span = {"directive": now.directive, "from": then.seq, "to": now.seq, "since": then.at, "at": now.at, "seq": now.seq}
    rows = db.execute(text(_CHANGES.format(tasks=_THEN)), span).all()
    kept: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if len(kept[row.kind]) < CHANGES:
            kept[row.kind].append(row.task)
    known = works(db, {task for of in kept.values() for task in of}, calendar, upto=now.upto)
    changes = tuple(Change(kind=kind, work=known[task]) for kind, of in kept.items() for task in of)  # type: ignore[arg-type]  # as selected
    return changes, dict(Counter(row.kind for row in rows))


_SEQ = "SELECT coalesce(max(seq), 0) FROM events WHERE directive = :d AND at <= :at"

_HEAD = "SELECT coalesce(max(hash), '') FROM events WHERE directive = :d AND seq = :seq"

_NOW = """
SELECT id, duty, agency, state, due_at, closed_at, reported_at FROM tasks
 WHERE directive = :directive AND state <> 'void' AND :seq >= 0"""

#: The tasks as they were at an event: unchanged since, or what the history kept.
_THEN = """
SELECT id, duty, agency, state, due_at, closed_at, reported_at FROM tasks
 WHERE directive = :directive AND state <> 'void' AND since_seq <= :seq
UNION ALL
SELECT task AS id, duty, agency, state, due_at, closed_at, reported_at FROM task_history
 WHERE directive = :directive AND to_seq >= :seq AND from_seq <= :seq AND state <> 'void'"""

_CELLS = """
SELECT {keys}
       count(*) FILTER (WHERE closed_at IS NOT NULL AND closed_at <= due_at) AS on_time,
       count(*) FILTER (WHERE closed_at IS NOT NULL AND closed_at > due_at) AS late,
       count(*) FILTER (WHERE closed_at IS NULL AND due_at >= :at) AS in_time,
       count(*) FILTER (WHERE closed_at IS NULL AND due_at < :at) AS overdue,
       count(*) FILTER (WHERE closed_at IS NULL AND due_at >= :at AND due_at <= :soon) AS soon,
       count(*) FILTER (WHERE due_at IS NULL) AS undated,
       count(*) FILTER (WHERE due_at IS NULL AND closed_at IS NULL AND :round_at > 0
                          AND (reported_at IS NULL OR reported_at <= :since) AND duty IN (
                              SELECT m.duty FROM duties u JOIN terms m ON m.duty = u.id AND m.term = ''
                               WHERE u.directive = :directive AND m.begins_at <= :asked_at
                                 AND u.id NOT IN (SELECT w.duty FROM unasked w))) AS silent,
       count(*) FILTER (WHERE due_at IS NULL AND closed_at IS NOT NULL) AS undated_done
  FROM ({tasks}) k
 {by}"""

#: Whether a duty was an order or a request (`ask`) at an event: another paper may have changed it since.
FORCE = """coalesce((SELECT v.force FROM duty_history v WHERE v.duty = u.id AND v.to_seq >= :seq ORDER BY v.to_seq LIMIT 1), u.force)"""

_DUTIES = f"SELECT u.id, u.clause, {FORCE} AS force FROM duties u WHERE u.directive = :d"

_WORST = f"""
SELECT k.id FROM ({{tasks}}) k JOIN duties u ON u.id = k.duty
 WHERE k.closed_at IS NULL AND k.due_at < :at AND {FORCE} <> 'ask'
 ORDER BY k.due_at, k.id
 LIMIT {WORST}"""

_REQUESTS = """
SELECT r.task FROM requests r JOIN tasks k ON k.id = r.task
 WHERE k.directive = :directive AND r.asked_at <= :at AND (r.decided_at IS NULL OR r.decided_at > :at)
 ORDER BY r.asked_at, r.task"""

#: Done is what was open then and is closed now, overdue what fell due in between: both by rows, so that they reconcile with the cells.
_CHANGES = """
SELECT 'done' AS kind, k.id AS task, max(e.seq) AS seq
  FROM ({tasks}) k JOIN events e ON e.directive = :directive AND e.task = k.id AND e.seq > :from AND e.seq <= :to
 WHERE k.state = 'done' AND e.kind IN ('done', 'settled', 'confirm')
   AND NOT EXISTS (SELECT 1 FROM task_history h
                    WHERE h.task = k.id AND h.from_seq <= :from AND h.to_seq >= :from AND h.closed_at IS NOT NULL)
 GROUP BY k.id
UNION ALL
SELECT 'overdue', k.id, 0 FROM ({tasks}) k
 WHERE k.closed_at IS NULL AND k.due_at < :at
   AND (k.due_at >= :since
     OR EXISTS (SELECT 1 FROM task_history h
                 WHERE h.task = k.id AND h.from_seq <= :from AND h.to_seq >= :from AND (h.closed_at IS NOT NULL OR h.due_at >= :since)))
UNION ALL
SELECT CASE e.kind WHEN 'extend' THEN 'asks' WHEN 'grant' THEN 'granted' ELSE 'refused' END, e.task, e.seq
  FROM events e
 WHERE e.directive = :directive AND e.seq > :from AND e.seq <= :to AND e.kind IN ('extend', 'grant', 'refuse')
 ORDER BY 1, 3 DESC, 2"""

_UNSENT = """
SELECT count(*) FROM failures f JOIN notices n ON n.id = f.notice
 WHERE f.since <= :at AND (f.until IS NULL OR f.until > :at)
   AND (n.directive = :directive OR EXISTS (
        SELECT 1 FROM notice_items i JOIN tasks k ON k.id = i.task WHERE i.notice = n.id AND k.directive = :directive))"""
