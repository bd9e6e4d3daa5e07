"""Calendars: the same event for the same duty, a higher number when it changes, and nothing that is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar, Component

from tasks.ledger import acts, feeding, listing
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.values import Act, Said
from tests.counter import Visitor
from tests.desk_office import NOW, Place, place
from tests.sample import CALENDAR, COVER, LEAFLETS, PEOPLE, PRACTICE, at, paper

WARD, LEADER = "ba-lang", "ct"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path) as found:
        yield found


def _events(body: bytes) -> Mapping[str, Component]:
    calendar = Calendar.from_ical(body)
    assert (str(calendar["method"]), str(calendar["version"])) == ("PUBLISH", "2.0")
    assert calendar["refresh-interval"].dt == timedelta(hours=12)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def _fed(visitor: Visitor, path: str) -> Mapping[str, Component]:
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    return _events(answer.content)


def test_m41_an_agency_s_calendar_keeps_its_events_and_counts_what_changes(here: Place) -> None:
    path = f"/t/{here.token()}/lich.ics"
    with here.visitor() as visitor:
        before, again = _fed(visitor, path), _fed(visitor, path)
        assert before.keys() == again.keys()
        assert before
        task = int(next(iter(before)).split("@")[0].removeprefix("viec-"))
        said = Said(name="Cán bộ", role="Văn thư")
        for kind, more in (("extend", {"note": "chờ số liệu", "until": date(2020, 7, 10)}), ("grant", {"until": date(2020, 7, 10)})):
            by = WARD if kind == "extend" else ""
            receipt = acts.act(here.office.store, Act(kind=kind, task=task, said=said, key=kind, by=by, **more), here.office.calendar, NOW)
            assert not receipt.refusal, receipt.refusal
        after = _fed(visitor, path)
    uid = next(iter(before))
    assert after.keys() == before.keys()
    assert after[uid]["sequence"] > before[uid]["sequence"]
    assert after[uid]["dtstart"].dt == date(2020, 7, 10)
    assert {each for each in after if after[each]["sequence"] != before[each]["sequence"]} == {uid}


def test_an_event_is_a_whole_day_with_a_reminder_the_morning_before(here: Place) -> None:
    with here.visitor() as visitor:
        event = next(iter(_fed(visitor, f"/t/{here.token()}/lich.ics").values()))
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(days=1)
    assert str(event["transp"]) == "TRANSPARENT"
    assert str(event["url"]).startswith(f"{here.base}/t/")
    [alarm] = event.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(hours=-15)


def test_a_leader_s_calendar_has_a_line_for_each_duty_and_term(here: Place) -> None:
    [(issuer,)] = here.ask("SELECT a.code FROM directives d JOIN agencies a ON a.id = d.issuer")
    with here.visitor() as visitor:
        fed = _fed(visitor, f"/l/{here.token(issuer, 'page', NOW + timedelta(days=30))}/lich.ics")
    assert fed
    assert all("898/UBND" in str(event["summary"]) for event in fed.values())
    assert any("việc chưa xong" in str(event["description"]) for event in fed.values())


@pytest.mark.parametrize("path", ["/t/{}/lich.ics", "/l/{}/lich.ics"])
def test_a_calendar_is_closed_to_every_other_link_and_changes_nothing(here: Place, path: str) -> None:
    before = here.dump()
    other = here.token(WARD, "page", NOW + timedelta(days=1)) if path.startswith("/t") else here.token()
    before = here.dump()
    with here.visitor() as visitor:
        assert visitor.get(path.format(other)).status_code == 404
        assert visitor.get(path.format("t1.k1.AAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBB")).status_code == 404
        assert visitor.post(path.format(other)).status_code in (404, 405)
    assert here.dump() == before


def test_what_falls_due_is_counted_alike_on_both_stores(store: Store) -> None:
    open_directive(store, paper(LEAFLETS, COVER), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=at("2020-05-18"))
    with store.read() as db:
        directive = listing.numbered(db, "898/UBND")[0].id
        found = feeding.falling(db, [directive])
    assert [(each.clause, each.term, each.open, each.total) for each in found] == [("6.4", "", 1, 1), ("10", "2020-06-30", 3, 3)]
