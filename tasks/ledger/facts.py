"""What an act is judged by: the rows of tasks with all that rules ask, and the case that they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, Row

from tasks import figures, judging, states
from tasks.judging import Case
from tasks.values import Act, State

from . import doubting
from .bonding import ENDED
from .direct import ask
from .echoing import hears
from .issued import Issued
from .rows import canonical, listed
from .types import instant


def rows_of(db: Connection, tasks: Iterable[int], said: Act) -> list[Row[Any]]:
    """The tasks in their order in the ledger, as the act needs them."""
    return _rows(db, [(task, said.by, said.to) for task in tasks])


def row_of_each(db: Connection, said: Iterable[Act]) -> dict[int, Row[Any]]:
    """The tasks of acts, no two of the same one, by number."""
    return {row.id: row for row in _rows(db, [(act.task, act.by, act.to) for act in said])}


def _rows(db: Connection, wanted: Sequence[tuple[int, str, str]]) -> list[Row[Any]]:
    return ask(db, _TASKS.format(said=listed(db, "said", "task", "speaker text", "named text")), {"said": canonical(wanted)})


def refusal(db: Connection, row: Row[Any], said: Act, issued: Issued, now: datetime) -> str:
    """Why the act cannot be recorded; authority is asked of the ledger, never of the form."""
    if said.by and not (row.holds or row.source == said.by or row.takes_part):
        return "Việc này không thuộc đơn vị của đường dẫn này."
    if said.kind in ("undo", "reopen") and (row.ended or not issued.has(row.clause)):
        return "Nhiệm vụ này đã thu hồi hoặc được thay thế nên báo cáo đã xong được giữ nguyên."
    if said.by and said.kind in states.DECISIONS:
        return "Quyết định này thuộc cơ quan ban hành."
    if said.kind == "done" and said.said.link and row.code and not said.proven:
        return "Việc này chỉ báo xong được trên trang của việc, với mã gửi vào hộp thư đã đăng ký của đơn vị."
    tz = issued.practice.tz
    if (words := judging.refusal(case(row, said, tz, now, _hours(db, row, said, now)))) or said.kind != "figure":
        return words
    today, unit = now.astimezone(tz).date(), issued.directive.indicators[row.indicator].unit
    words = doubting.locked(said, row.indicator, issued, today) or figures.refusal(said, today, unit=unit)
    return words or doubting.unexplained(db, row, said, on=said.on or today, unit=unit)


def state_of(row: Row[Any]) -> State:
    """The state with what stands beside it."""
    state: State = row.held or row.state
    return state


def case(row: Row[Any], said: Act, tz: tzinfo, now: datetime, corrects_hours: int = 0) -> Case:
    """The facts of a task as the rules ask for them."""
    others = bool(said.by and row.source) and row.source != said.by
    return Case(
        kind=said.kind, state=state_of(row), before=row.state, children_open=row.children_open,
        measured=bool(row.indicator) and row.due_at is not None, indicator=bool(row.indicator), typed_by=row.source_name if others else "",
        lead=not said.by or bool(row.holds) or (said.kind == "figure" and row.source == said.by), dated=row.due_at is not None,
        due_on=day_of(row.due_at, tz), above_on=day_of(row.above_at, tz), today=now.astimezone(tz).date(),
        needs_confirmation=bool(row.confirm), asks_until=date.fromisoformat(row.asks_until) if row.asks_until else None,
        note=said.note, until=said.until, evidence=row.evidence, documents=bool(said.document), files=len(said.files),
        said_days=(now - instant(row.reported_at)).days if said.by and row.reported_at is not None else 0,
        corrects_hours=corrects_hours, to=said.to, taker=row.taker or "unknown",
    )


def day_of(at: int | None, tz: tzinfo) -> date | None:
    """The day of an instant (seconds) in a zone."""
    return None if at is None else instant(at).astimezone(tz).date()


def _hours(db: Connection, row: Row[Any], said: Act, now: datetime) -> int:
    """Whole hours since an agency first reported the figure of the day that it now corrects."""
    if said.kind != "figure" or not said.by or said.on is None:
        return 0
    of = {"directive": row.directive, "indicator": row.indicator, "agency": row.agency, "on": said.on.isoformat()}
    [(first,)] = ask(db, _FIRST_SAID, of)
    return 0 if first is None else int((now - instant(first)).total_seconds() // 3600)


_FIRST_SAID = """
SELECT min(e.at) FROM readings r JOIN events e ON e.directive = r.directive AND e.seq = r.seq AND e.kind = 'figure'
 WHERE r.directive = :directive AND r.indicator = :indicator AND r.agency = :agency AND r."on" = :on"""

_TASKS = f"""
SELECT k.*, EXISTS ({ENDED}) AS ended, m.due_at AS term_due_at, m.next_due_at,
       g.code = x.speaker AS holds, g.code AS holder, s.code AS source, s.name AS source_name,
       EXISTS (SELECT 1 FROM coordinators c JOIN agencies s ON s.id = c.agency
                WHERE c.duty = k.duty AND c.lead = k.unit AND s.code = x.speaker) AS takes_part,
       u.clause, u.printed, u.position, u.indicator, u.evidence, u.confirm, u.code, m.begins_at,
       coalesce(o.climbs, m.climbs) AS climbs, d.number, {hears('g')} AS hears,
       (SELECT count(*) FROM tasks c WHERE c.parent = k.id AND c.closed_at IS NULL) AS children_open,
       (SELECT r.until FROM requests r WHERE r.task = k.id AND r.decided_at IS NULL) AS asks_until,
       (SELECT count(*) FROM requests r WHERE r.task = k.id) AS asked,
       (SELECT p.due_at FROM tasks p WHERE p.id = k.parent) AS above_at,
       (SELECT h.kind FROM holds h WHERE h.task = k.id AND h.to_seq IS NULL AND k.closed_at IS NULL) AS held,
       (SELECT CASE WHEN a.id = k.agency THEN 'same'
                    WHEN EXISTS (SELECT 1 FROM tasks w WHERE w.agency = a.id AND w.duty = k.duty AND w.term = k.term
                                    AND w.state <> 'void') THEN 'holds'
                    ELSE 'new' END
          FROM agencies a WHERE a.code = x.named) AS taker,
       EXISTS (SELECT 1 FROM derivations v WHERE v.duty = k.duty) OR EXISTS (SELECT 1 FROM unasked n WHERE n.duty = k.duty) AS hangs
  FROM {{said}} x
  JOIN tasks k ON k.id = x.task
  JOIN duties u ON u.id = k.duty
  JOIN terms m ON m.duty = k.duty AND m.term = k.term
  LEFT JOIN own_targets o ON o.duty = k.duty AND o.term = k.term AND o.unit = k.unit
  JOIN directives d ON d.id = k.directive
  JOIN agencies g ON g.id = k.agency
  LEFT JOIN indicators i ON i.directive = k.directive AND i.indicator = u.indicator
  LEFT JOIN agencies s ON s.id = i.source
 ORDER BY u.position, k.term, k.id"""
