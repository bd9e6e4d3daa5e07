"""The quick way to a duty's page shows what the long way shows, wherever it shows anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from config.office import Office
from directives.language.reading import read
from dondoc.demo.stage import FILES, project
from tasks.ledger import acts, roster
from tasks.ledger.desk import desk
from tasks.ledger.untold import untold
from tasks.values import Act, Said
from tests.sample import at

NOW = at("2020-05-20")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office.open(project(tmp_path, 8020, 1))
    [(_, directive)] = read([tmp_path / FILES[0]], tmp_path / "config" / "agencies").directives
    opened.issue(directive, at("2020-05-18"))
    yield opened
    opened.close()


def compared(office: Office) -> tuple[int, int]:
    """How many tasks there are, and of how many the quick way shows anything; each alike."""
    with office.store.read() as db:
        codes = {row: code for code, row in roster.codes(db).items()}
        tasks = db.execute(text("SELECT id, agency FROM tasks ORDER BY id")).all()
        quick = untold(db, [(codes[agency], task) for task, agency in tasks], office.calendar)
        for task, agency in tasks:
            assert quick.get((codes[agency], task)) in (None, desk(db, agency, office.calendar, task=task))
    return len(tasks), len(quick)


def test_both_ways_show_the_same(office: Office) -> None:
    tasks, quick = compared(office)
    assert 0 < quick < tasks


def test_a_task_of_which_something_was_said_takes_the_long_way(office: Office) -> None:
    _, before = compared(office)
    with office.store.read() as db:
        row = next(
            row for row in db.execute(text("SELECT k.id, a.code FROM tasks k JOIN agencies a ON a.id = k.agency ORDER BY k.id"))
            if untold(db, [(row.code, row.id)], office.calendar)
        )
    said = Act(kind="progress", task=row.id, note="Đang làm", said=Said(name="Cán bộ", role="Văn thư"), key="web:1", by=row.code)
    assert not acts.act(office.store, said, office.calendar, NOW).refusal
    assert compared(office)[1] == before - 1


def test_nobody_sees_anothers_task(office: Office) -> None:
    with office.store.read() as db:
        tasks = db.execute(text("SELECT k.id, a.code FROM tasks k JOIN agencies a ON a.id = k.agency")).all()
        codes = sorted({row.code for row in tasks})
        assert not untold(db, [(code, row.id) for row in tasks for code in codes if code != row.code], office.calendar)
