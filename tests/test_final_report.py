"""898/UBND to its end, with answers, more time, a merged ward and a changed calendar: each number of its last report counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from directives.language.calendar import overlay
from directives.language.shapes import Directory
from tasks.ledger import chain, recounting, reorganizing, replaying, standing
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.reorganization import Reorganization
from tasks.values import Standing
from tests import by_hand
from tests.cai_rang import CALENDAR
from tests.clockwork import post, turn
from tests.rows import ask
from tests.sample import PRACTICE, at
from tests.seeds import CAI_RANG, directive
from tests.voices import ISSUER, says

BEFORE = at("2020-12-25")
END = at("2021-01-04", "17:00")
CHANGED = overlay("off: {31/12/2020: Nghỉ bù, 4/1/2021: Nghỉ bù}")
MERGED = Reorganization(kind="merge", on=date(2020, 10, 1), bodies=("ba-lang", "le-binh"), into=("le-binh",), note="Nghị quyết 7/NQ-HĐND")


def played(store: Store) -> Standing:
    """The paper from its issue to 4/1/2021, a turn each Monday and on each day on which something is said."""
    paper = directive(CAI_RANG)
    number = open_directive(store, paper, paper.directory, practice=PRACTICE, calendar=CALENDAR, now=at("2020-05-18")).directive
    calendar = CALENDAR
    for week in range(33):
        now = at("2020-05-18", "09:10") + timedelta(weeks=week)
        if week == 20:  # Monday 5/10
            reorganizing.plan(store, MERGED, Directory(), now)
            reorganizing.follow(store, calendar, PRACTICE, now)
        if week == 30:
            calendar = CHANGED
            with store.read() as db:
                under_way = recounting.under_way(db)
            for each in under_way:
                recounting.carry_out(store, each, calendar, now)
        turn(store, calendar, PRACTICE, now)
        post(store, calendar, now)
        _said(store, week)
    turn(store, calendar, PRACTICE, END)
    with store.read() as db:
        assert chain.verify(db, number) is None
        assert replaying.departures(db, number, calendar) == ()
        return standing.standing(db, number, calendar, END, BEFORE)


def _said(store: Store, week: int) -> None:
    """What was said on Tuesday of a week."""
    now = at("2020-05-19", "10:00") + timedelta(weeks=week)
    files = (("0" * 64, "xe.jpg", 10),)
    if week == 0:
        assert says(store, "bhxh", "done", "6.4", now, document="118/BC-BHXH").number
    if week == 1:
        assert says(store, "ldtbxh", "progress", "3", now, note="đang rà soát").number
    if 2 <= week < 8 or week == 12:
        term = str(date(2020, 5, 30) + timedelta(weeks=week - 2))
        assert says(store, "ttvh", "done", "7.2", now, term=term, files=files).number
    if week == 16:
        assert says(store, "ttgdnn", "extend", "8", now, note="chờ tuyển sinh", until=date(2020, 10, 30)).number
    if week == 17:
        assert says(store, "ttgdnn", "grant", "8", now, by=ISSUER).number
    if week == 22:
        assert says(store, "ttgdnn", "done", "8", now, document="7/BC").number
    _figures(store, week)


def _figures(store: Store, week: int) -> None:
    now = at("2020-05-19", "11:00") + timedelta(weeks=week)
    wards = {5: ("ba-lang", "le-binh", "phu-thu"), 18: ("phu-thu", "hung-phu")}.get(week, ())
    term = {5: "2020-06-30", 18: "2020-09-30"}.get(week, "")
    source = directive(CAI_RANG).indicators["bao-phu"].source
    for n, ward in enumerate(wards):
        part = 8600 + 100 * n
        assert says(
            store, ward, "figure", "10", now, by=source or ward, term=term, note="theo sổ BHXH", numerator=part, denominator=10_000
        ).number


#: All by hand, from the rows as they are.
_OVERDUE = """
SELECT k.id FROM tasks k JOIN duties u ON u.id = k.duty
 WHERE u.force = 'do' AND k.closed_at IS NULL AND k.due_at < :at ORDER BY k.due_at, k.id LIMIT 20"""

_HELD = """
SELECT a.code, count(*) AS n FROM tasks k JOIN agencies a ON a.id = k.agency WHERE k.state <> 'void' GROUP BY a.code"""


def test_every_number_of_the_last_report_is_counted_by_hand(store: Store) -> None:
    last = played(store)
    found = by_hand.leaves(last)
    expected = by_hand.counted(store, END, BEFORE)
    assert found.keys() - expected.keys() == set(), "numbers of the report that nobody counts"
    assert found == expected
    assert 0 not in (last.cells.on_time, last.cells.late, last.cells.overdue, last.cells.undated)
    assert last.cells.dated == last.cells.on_time + last.cells.late + last.cells.in_time + last.cells.overdue
    assert [work.id for work in last.overdue] == [row.id for row in ask(store, _OVERDUE, at=int(END.timestamp()))]
    knows_the_merger_and_the_new_date(store, last)
    has_a_line_that_adds_up(store, last)


def knows_the_merger_and_the_new_date(store: Store, last: Standing) -> None:
    assert [row for row in last.agencies if row.party.id == "ba-lang" and (row.cells.in_time or row.cells.overdue)] == []
    assert ask(store, "SELECT 1 FROM tasks k JOIN agencies a ON a.id = k.unit WHERE a.code = 'ba-lang' AND k.agency <> k.unit") != []
    held = {row.code: row.n for row in ask(store, _HELD)}
    assert {row.party.id: row.cells.dated + row.cells.undated for row in last.agencies} == held
    extended = ask(store, "SELECT k.due_at, k.original_due_at FROM tasks k JOIN duties u ON u.id = k.duty WHERE u.clause = '8'")[0]
    assert extended.due_at > extended.original_due_at


def has_a_line_that_adds_up(store: Store, last: Standing) -> None:
    line = next(line for line in last.lines if line.indicator == "bao-phu")
    [row] = ask(store, _SUM)
    assert (row.n, row.d, row.agencies) == (34_600, 40_000, 3)  # what two wards had is one's now
    assert line.points[-1] == (date(2020, 9, 22), Decimal(100 * row.n) / row.d)
    holders = ask(store, _HOLDERS)
    assert sorted(line.missing) == sorted(each.name for each in holders if not each.read)


#: Of each ward that holds the duty its last word.
_SUM = """
SELECT sum(r.numerator) AS n, sum(r.denominator) AS d, count(*) AS agencies FROM readings r
 WHERE r.indicator = 'bao-phu' AND r.agency IN (SELECT k.agency FROM tasks k WHERE k.closed_at IS NULL)
   AND NOT EXISTS (SELECT 1 FROM readings l WHERE l.indicator = r.indicator AND l.agency = r.agency
                      AND (l."on" > r."on" OR (l."on" = r."on" AND l.seq > r.seq)))"""

_HOLDERS = """
SELECT DISTINCT a.name, EXISTS (SELECT 1 FROM readings r WHERE r.indicator = 'bao-phu' AND r.agency = a.id) AS read
  FROM tasks k JOIN duties u ON u.id = k.duty AND u.clause = '10' JOIN agencies a ON a.id = k.agency
 WHERE k.closed_at IS NULL"""
