"""All papers of a leader on one page: the same cells as each paper's own report, by agency and by territory, and two days compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tasks.cells import Cells
from tasks.ledger import portfolio, standing
from tests.counter import Visitor
from tests.desk_office import LEADER, Place, place


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A paper three weeks old."""
    with place(tmp_path_factory.mktemp("office")) as made:
        made.pass_(timedelta(days=22))
        made.office.poll(made.clock.now())
        yield made


@pytest.fixture(scope="module")
def leader(house: Place) -> Iterator[Visitor]:
    with house.visitor() as visitor:
        house.logged_in(visitor, LEADER)
        yield visitor


def counted(cells: Cells) -> tuple[int, ...]:
    return cells.on_time, cells.late, cells.in_time, cells.overdue, cells.undated


def test_the_agencies_of_the_portfolio_add_up_to_the_report(house: Place) -> None:
    with house.office.store.read() as db:
        stands = standing.standing(db, 1, house.office.calendar, house.clock.now())
        found, count, total = portfolio.by_agency(db, [1], house.clock.now(), 1_000)
        assert (count, counted(total)) == (len(found), counted(stands.cells))
        assert portfolio.by_agency(db, [1], house.clock.now(), 2) == (found[:2], count, total)
        assert sorted((part.name, counted(part.cells)) for part in found) == sorted(
            (agency.party.name, counted(agency.cells)) for agency in stands.agencies
        )
        assert [part.cells.overdue for part in found] == sorted((part.cells.overdue for part in found), reverse=True)
        assert portfolio.by_agency(db, [], house.clock.now(), 1_000) == ((), 0, Cells())


def test_a_territory_holds_each_agency_below_it_once(house: Place) -> None:
    with house.office.store.read() as db:
        found = {part.name: part for part in portfolio.by_territory(db, [1], house.clock.now(), 1_000).parts}
        whole = portfolio.by_agency(db, [1], house.clock.now(), 1_000).parts
    below = {
        row.name: row.n for row in house.ask("""
WITH RECURSIVE up (agency, body) AS (
  SELECT agency, parent FROM parents WHERE until IS NULL
   UNION SELECT u.agency, p.parent FROM up u JOIN parents p ON p.agency = u.body AND p.until IS NULL)
SELECT a.name, count(DISTINCT u.agency) AS n FROM up u JOIN agencies a ON a.id = u.body
 WHERE u.agency IN (SELECT agency FROM tasks WHERE state <> 'void') GROUP BY a.id""")
    }
    assert {name: part.agencies for name, part in found.items()} == below
    assert max(part.cells.overdue for part in found.values()) <= sum(part.cells.overdue for part in whole)


def test_the_page_shows_what_the_reports_count_and_leads_to_them(house: Place, leader: Visitor) -> None:
    with house.office.store.read() as db:
        cells = standing.standing(db, 1, house.office.calendar, house.clock.now()).cells
    page = leader.get("/home/all").text
    assert f"{cells.overdue} việc quá hạn, {cells.in_time} việc đang làm trong hạn" in page
    assert 'href="/home/1/rows?cell=late"' in page
    assert leader.get("/home/1/rows?cell=late").text.count("govuk-task-list__item") == cells.overdue
    for way in ("agency", "territory"):
        assert leader.get(f"/home/all?by={way}").status_code == 200


def test_two_days_are_compared(house: Place, leader: Visitor) -> None:
    then = (house.clock.now() - timedelta(days=21)).date()
    page = leader.get(f"/home/all?since={then}").text
    with house.office.store.read() as db:
        overdue = standing.standing(db, 1, house.office.calendar, house.clock.now()).cells.overdue
    assert re.search(rf"▲ {overdue}\b", page)
    assert "▲" not in leader.get("/home/all?since=nonsense").text
    assert leader.get(f"/home/all?day={then}").text.count("0 việc quá hạn") == 1


def test_a_number_of_a_past_day_opens_the_rows_of_that_day(house: Place) -> None:
    then = house.clock.now().date()
    house.pass_(timedelta(days=25))
    with house.visitor() as leader:
        house.logged_in(leader, LEADER)
        [(at, count)] = re.findall(r'href="(/home/1/rows[^"]+)">(\d+)<', leader.get(f"/home/all?day={then}").text)
        rows = leader.get(at.replace("&amp;", "&")).text
        assert f"Đến hết ngày {then.day}/{then.month}/{then.year}" in rows
        assert rows.count("govuk-task-list__item") == int(count) < leader.get("/home/1/rows?cell=late").text.count("govuk-task-list__item")
        for day in ("0001-01-01", "9999-12-31", "nonsense", "2020-05-01"):
            assert leader.get(f"/home/1/rows?cell=all&day={day}").status_code == 200
    house.pass_(-timedelta(days=25))


def test_whoever_is_not_logged_in_is_led_to_the_login(house: Place) -> None:
    with house.visitor() as visitor:
        assert visitor.get("/home/all").headers["location"] == "/login?next=/home/all"
