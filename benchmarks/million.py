"""A ledger of a million open tasks in two hundred directives, as it stands on a morning on which a quarter of them is to be spoken of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial

from sqlalchemy import text

from directives.language.shapes import Directory
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.ledger.tables import tasks
from tasks.ledger.types import seconds

from .nation import CALENDAR, ISSUED, PRACTICE, SCHOOLS, directory, paper
from .stores import Shelf, Watched

EARLY = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)  # the morning after the issue: nothing is due
MORNING = datetime(2026, 3, 24, 1, 0, tzinfo=UTC)
#: On that morning three working days are left, one day is past, and twice five working days: there the commune above hears too.
URGENT = (date(2026, 3, 27), date(2026, 3, 23), date(2026, 3, 17), date(2026, 3, 17))
CALM: tuple[date | None, ...] = (date(2026, 4, 15), date(2026, 4, 29), date(2026, 5, 15), None)


#: A hundredth, to try the benchmarks with.
SMALL: dict[str, int] = {"schools": 530, "papers": 19, "urgent": 6, "holders": 100}


def million(shelf: Shelf, kind: str, small: bool) -> Watched:
    """The ledger of a million open tasks; a hundredth of it to try the benchmarks with."""
    return shelf.kept(kind, "million", partial(fill, schools=530, papers=19, urgent=6, holders=100) if small else fill)


def fill(store: Store, *, schools: int = SCHOOLS, papers: int = 197, urgent: int = 60, holders: int = 1_000) -> None:
    """`papers` to so many schools each, `urgent` of which wake on the morning, and one directive to all schools.

    A paper is issued to one school; the other holders' tasks are copies of its tasks, laid down without their indexes.
    """
    people = directory(schools)
    few = Directory(agencies={id_: people.agencies[id_] for id_ in ("bo", "p0", "c0", "s0")})
    for number in range(papers):
        one = paper(few, number=f"{number}/CV", lead="s0", due=URGENT if number < urgent else CALM)
        open_directive(store, one, few, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    open_directive(store, paper(people), people, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    with store.write() as db:
        for index in tasks.indexes:
            index.drop(db)
        if not store.is_sqlite:
            db.execute(text("SET LOCAL session_replication_role = replica"))  # the rows are whole: no key is looked up
        db.execute(text(_COPIES), {"holders": holders, "schools": schools, "seeds": len(CALM) * papers})
        told = {"told": seconds(ISSUED), "asked": seconds(MORNING), "next": seconds(datetime(2026, 4, 17, tzinfo=UTC))}
        told |= {"today": seconds(MORNING) - 1800}
        db.execute(text(_TOLD), told)
        db.execute(text("DELETE FROM notice_items"))
        db.execute(text("DELETE FROM notices"))
        for index in tasks.indexes:
            index.create(db)
    settle(store)


def close_some(store: Store) -> None:
    """Close every fifth task, in time or late as its date falls."""
    with store.write() as db:
        db.execute(text(_CLOSE), {"at": seconds(MORNING)})
    settle(store)


def settle(store: Store) -> None:
    """Let the store learn its rows, as its own maintenance would overnight."""
    with store.engine.connect() as db:
        db.connection.rollback()
        if store.is_sqlite:
            db.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        else:
            db.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


_COLUMNS = "directive, duty, term, due_at, original_due_at, wake_at, since_seq"

#: The schools of a paper follow on those of the paper before it, round and round.
_COPIES = f"""
WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :holders - 1),
     first(id) AS (SELECT id FROM agencies WHERE code = 's1')
INSERT INTO tasks (unit, agency, {_COLUMNS})
SELECT f.id + (k.directive * :holders + n.n) % (:schools - 1), f.id + (k.directive * :holders + n.n) % (:schools - 1), {_COLUMNS}
  FROM tasks k CROSS JOIN n CROSS JOIN first f
 WHERE k.id <= :seeds"""

#: All have had their first letter, and every reminder on its day; what has no date was asked for once and will be again.
_TOLD = """
UPDATE tasks SET told_at = :told,
                 rung = CASE WHEN due_at IS NULL OR due_at BETWEEN :today - 86400 * 2 AND :today THEN 1
                             WHEN due_at < :today THEN 2 ELSE 0 END,
                 wake_at = CASE WHEN due_at IS NULL THEN CAST(:next AS bigint) WHEN wake_at < :today THEN :today ELSE wake_at END"""

_CLOSE = "UPDATE tasks SET state = 'done', closed_at = :at, wake_at = NULL, reported_at = :at WHERE id % 5 = 0"
