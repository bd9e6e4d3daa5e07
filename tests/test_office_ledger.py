"""What the desk reads of the ledger, on both stores: pages that miss nothing and repeat nothing, and only what is the desk's."""

from __future__ import annotations

import pytest

from tasks.cells import Cells
from tasks.ledger import addressees, chronicle, counting, mailroom, shelf, trays
from tasks.ledger.counting import past
from tasks.ledger.issued import load
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.shelf import Chosen, Which
from tasks.ledger.store import Store
from tests.rows import ask, tell
from tests.sample import CALENDAR, EVERY, PEOPLE, PRACTICE, at, by, duty, paper
from tests.test_standing import CONFIRMED, ISSUED, PLAIN
from tests.voices import says

NOW = at("2020-06-01", "10:00")


@pytest.fixture
def mine(store: Store) -> int:
    """A paper of the desk, beside another one that is not."""
    own, _ = (
        open_directive(store, each, PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED).directive
        for each in (paper(*EVERY, PLAIN, CONFIRMED), paper(duty("77", "union", due=by("2020-06-20")), number="900/UBND"))
    )
    return own


@pytest.mark.parametrize("which", ["late", "open", "undated", "done"])
def test_pages_of_tasks_show_each_task_once(store: Store, mine: int, which: Which) -> None:
    tell(store, f"UPDATE tasks SET state = 'done', closed_at = 1590000000, wake_at = NULL WHERE directive = {mine} AND id % 5 = 0")
    seen: list[int] = []
    after: shelf.Key | None = shelf.START
    with store.read() as db:
        while after:
            found, after = shelf.tasks(db, Chosen(directive=mine, which=which), CALENDAR, NOW, after=after, limit=3)
            seen += [work.id for work in found]
    held = {"late": "closed_at IS NULL AND due_at < 1590980400", "open": "closed_at IS NULL AND due_at IS NOT NULL",
            "undated": "closed_at IS NULL AND due_at IS NULL", "done": "closed_at IS NOT NULL"}[which]
    assert sorted(seen) == sorted(row.id for row in ask(store, f"SELECT id FROM tasks WHERE directive = {mine} AND {held}"))
    assert len(seen) == len(set(seen))


def test_each_tray_holds_its_own_and_nothing_of_another_paper(store: Store, mine: int) -> None:
    clause = CONFIRMED.clause
    [row] = ask(store, f"SELECT a.code FROM tasks k JOIN agencies a ON a.id = k.agency JOIN duties u ON u.id = k.duty "
                       f"WHERE k.directive = {mine} AND u.clause = '{clause}' LIMIT 1")  # fmt: skip
    assert says(store, row.code, "done", clause, NOW).refusal == ""
    assert says(store, "union", "extend", "77", NOW, until=NOW.date().replace(month=12), note="mưa").refusal == ""
    tell(store, "UPDATE agencies SET mail_state = 'bad' WHERE code = 'union'")
    with store.read() as db:
        sizes = trays.sizes(db, [mine])
        assert (sizes["confirm"], sizes["requests"], sizes["returned"], sizes["replies"], sizes["letters"]) == (1, 0, 0, 0, 0)
        both = trays.sizes(db, [mine, mine + 1])
        assert both["requests"] == 1
        for tray in trays.OF_TASKS:
            found, onward = trays.tasks(db, [mine, mine + 1], tray, CALENDAR)
            assert (len(found), onward) == (both[tray], None)
        assert trays.sizes(db, []) == dict.fromkeys(sizes, 0)
        assert trays.replies(db, [mine], CALENDAR) == ()
        claimed, _ = trays.tasks(db, [mine], "confirm", CALENDAR)
        kinds = [entry.kind for entry in chronicle.of_task(db, claimed[0].id)]
        assert (kinds[0], kinds[-1]) == ("issued", "done")
        assert chronicle.directive_of(db, claimed[0].id) == mine
        assert chronicle.speaker(db, claimed[0].id, figure=True) == row.code
        assert chronicle.file(db, mine, 1, "0" * 64) is None


def test_letters_are_read_by_whose_papers_they_speak_of(store: Store, mine: int) -> None:
    LedgerOutbox(store, CALENDAR, "ubnd.example").claim("new", at("2020-06-02", "10:00"), 50)
    with store.read() as db:
        found, onward = mailroom.letters(db, [mine], limit=2)
        assert onward == found[-1].id
        more, _ = mailroom.letters(db, [mine], before=onward)
        theirs = {row.id for row in ask(store, f"SELECT id FROM notices WHERE directive <> {mine}")}
        assert theirs
        assert not {each.id for each in (*found, *more)} & theirs
        assert mailroom.letter(db, [mine], min(theirs)) is None
        assert found[0].frozen
        notice = mailroom.words(db, found[0].id, CALENDAR, "ubnd.example", NOW)
        assert notice is not None
        assert notice.link == mailroom.UNGIVEN


def test_agencies_come_by_name_each_once_with_what_is_open(store: Store, mine: int) -> None:
    tell(store, "UPDATE agencies SET name = 'Một tên'")  # as schools are called alike
    seen: list[str] = []
    after: tuple[str, int] | None = ("", 0)
    with store.read() as db:
        while after:
            found, after = addressees.agencies(db, [mine], NOW, after=after, limit=2)
            seen += [each.code for each in found]
        rows = ask(store, f"SELECT DISTINCT a.code FROM tasks k JOIN agencies a ON a.id = k.agency WHERE k.directive = {mine}")
        assert sorted(seen) == sorted(row.code for row in rows)
        assert addressees.agency(db, [], seen[0], NOW) is None
        one = addressees.agency(db, [mine], seen[0], NOW)
        assert one is not None
        count = f"SELECT count(*) AS n FROM tasks WHERE agency = {one.id} AND closed_at IS NULL AND directive = {mine}"
        assert one.open == ask(store, count)[0].n


def test_counts_by_duty_are_those_of_the_paper(store: Store, mine: int) -> None:
    with store.read() as db:
        moment = past(db, load(db, mine, CALENDAR), NOW)
        assert sum(counting.by_duty(db, moment).values(), Cells()) == counting.count(db, moment)
        [(of, cells)] = shelf.counted(db, shelf.paper_ids(db, [mine], "898", None), CALENDAR, NOW)
        assert (of.id, cells) == (mine, counting.count(db, moment))
        assert shelf.paper_ids(db, [mine], "không có", None) == []
        late = shelf.latest(db, mine, NOW)
        assert sum(count for _, _, count in late) == cells.overdue
