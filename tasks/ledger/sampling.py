"""Spot checks: a random sample of what was claimed to be done, the same whenever it is drawn by its seed; what was found is an event."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Row, insert, text

from directives.language.calendar import Calendar
from tasks.estimate import Estimate, estimate
from tasks.values import Said, Work

from . import chain
from . import tables as t
from .chain import Event
from .counting import THEN
from .rows import digest
from .store import Store
from .types import instant
from .works import works


class Drawn(NamedTuple):
    """A task of a sample: its place in the order drawn, and what was found (None: not looked at)."""

    place: int
    work: Work
    held: bool | None
    note: str
    checked_at: datetime | None


class Brief(NamedTuple):
    """A sample in a line: how many were drawn of how many, and how many were looked at."""

    id: int
    seed: str
    drawn_at: datetime
    population: int
    drawn: int
    checked: int


class Sample(NamedTuple):
    """A sample with what was found so far; `population` is how many tasks were claimed to be done when it was drawn."""

    seed: str
    drawn_at: datetime
    population: int
    drawn: tuple[Drawn, ...]

    @property
    def estimate(self) -> Estimate | None:
        """What the tasks that were looked at say of all."""
        seen = [one.held for one in self.drawn if one.held is not None]
        return estimate(sum(seen), len(seen), self.population)


def draw(store: Store, directive: int, seed: str, n: int, now: datetime) -> None:
    """Draw `n` tasks of what is claimed to be done; a seed that was drawn keeps its population, and only grows.

    The order is that of hashes over the seed and the task's own name, so that it is the same on every store and machine.
    """
    with store.write() as db:
        chain.lock(db, directive)
        sample = db.execute(text(_SAMPLE), {"d": directive, "seed": seed}).first() or _begin(db, directive, seed, n, now)
        known = db.execute(text("SELECT count(*) FROM sampled WHERE sample = :s"), {"s": sample.id}).scalar_one()
        ordered = sorted(_claimed(db, directive, sample.seq), key=lambda row: digest(seed, row.number, row.clause, row.unit, row.term))
        more = [{"sample": sample.id, "place": place, "task": row.id} for place, row in enumerate(ordered, start=1) if known < place <= n]
        if more:
            db.execute(insert(t.sampled), more)


def samples(db: Connection, directive: int) -> list[Brief]:
    """The samples that were drawn of a directive, newest first."""
    rows = db.execute(text(_SAMPLES), {"d": directive})
    return [Brief(row.id, row.seed, instant(row.drawn_at), row.population, row.drawn, row.checked) for row in rows]


def found(db: Connection, directive: int, seed: str, calendar: Calendar) -> Sample | None:
    """A sample as it stands; None where the seed was never drawn."""
    sample = db.execute(text(_SAMPLE), {"d": directive, "seed": seed}).first()
    if sample is None:
        return None
    rows = db.execute(text(_DRAWN), {"s": sample.id}).all()
    known = works(db, [row.task for row in rows], calendar)
    return Sample(seed, instant(sample.drawn_at), sample.population, tuple(
        Drawn(row.place, known[row.task], None if row.held is None else bool(row.held), row.note,
              None if row.checked_at is None else instant(row.checked_at))
        for row in rows
    ))


def check(store: Store, directive: int, seed: str, place: int, *, held: bool, note: str, said: Said, now: datetime) -> bool:
    """Record what was found on the spot; the task itself changes only by the issuer's decision. False where no such task was drawn."""
    with store.write() as db:
        chain.lock(db, directive)
        row = db.execute(text(_PLACE), {"d": directive, "seed": seed, "place": place}).first()
        if row is None:
            return False
        payload = {"seed": seed, "place": place, "held": held, "note": note}
        event = Event(kind="checked", duty=row.duty, task=row.task, person=chain.person(db, said), payload=payload)
        [(_, at)] = chain.append(db, directive, now, event)
        values = {"s": row.sample, "place": place, "held": int(held), "note": note, "at": int(at.timestamp())}
        db.execute(text(_FOUND), values)
    return True


def _begin(db: Connection, directive: int, seed: str, n: int, now: datetime) -> Row[tuple[int, int, int, int]]:
    seq = db.execute(text("SELECT seq FROM directives WHERE id = :d"), {"d": directive}).scalar_one()
    population = len(_claimed(db, directive, seq))
    [(_, at)] = chain.append(db, directive, now, Event(kind="sampled", payload={"seed": seed, "n": n, "of": population}))
    db.execute(insert(t.samples).values(directive=directive, seed=seed, seq=seq, drawn_at=at, population=population))
    return db.execute(text(_SAMPLE), {"d": directive, "seed": seed}).one()


def _claimed(db: Connection, directive: int, seq: int) -> list[Row[tuple[int, str, str, str, str]]]:
    return list(db.execute(text(_CLAIMED), {"directive": directive, "seq": seq}))


_SAMPLE = "SELECT id, seq, drawn_at, population FROM samples WHERE directive = :d AND seed = :seed"

_SAMPLES = """
SELECT s.id, s.seed, s.drawn_at, s.population, count(x.place) AS drawn, count(x.checked_at) AS checked
  FROM samples s LEFT JOIN sampled x ON x.sample = s.id
 WHERE s.directive = :d
 GROUP BY s.id, s.seed, s.drawn_at, s.population
 ORDER BY s.id DESC"""

_CLAIMED = f"""
SELECT k.id, d.number, u.clause, a.code AS unit, q.term
  FROM ({THEN}) k
  JOIN tasks q ON q.id = k.id
  JOIN duties u ON u.id = k.duty
  JOIN directives d ON d.id = u.directive
  JOIN agencies a ON a.id = q.unit
 WHERE k.state IN ('done', 'claimed')"""

_DRAWN = "SELECT place, task, held, note, checked_at FROM sampled WHERE sample = :s ORDER BY place"

_PLACE = """
SELECT s.id AS sample, x.task, k.duty
  FROM samples s JOIN sampled x ON x.sample = s.id AND x.place = :place JOIN tasks k ON k.id = x.task
 WHERE s.directive = :d AND s.seed = :seed"""

_FOUND = "UPDATE sampled SET held = :held, note = :note, checked_at = :at WHERE sample = :s AND place = :place"
