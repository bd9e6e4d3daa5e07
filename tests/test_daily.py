"""The day's round: the link of a desk that has had nothing for a month ends, and a new one goes to the registered address alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tasks.ledger import daily
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tests.clockwork import post
from tests.desk_office import NOW, place
from tests.rows import ask
from tests.sample import CALENDAR, COVER, PEOPLE, PRACTICE, at, by, duty, paper
from tests.voices import says

ISSUED = at("2020-05-18")
DUTIES = (duty("3", "radio", due=by("2020-05-29")), duty("4", "union", with_=("education",), due=by("2020-05-29")), COVER)


def standing(store: Store) -> set[str]:
    """Whose desks have a link that opens."""
    return {row.code for row in ask(store, """
        SELECT a.code FROM links l JOIN agencies a ON a.id = l.agency WHERE l.purpose = 'desk' AND l.revoked_at IS NULL""")}


def test_l17_a_desks_link_ends_a_month_after_its_last_duty_and_its_last_letter(store: Store) -> None:
    open_directive(store, paper(*DUTIES), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    post(store, CALENDAR, ISSUED + timedelta(minutes=10))
    everybody = standing(store)
    assert {"radio", "union", "education", "ward-a"} <= everybody
    says(store, "radio", "done", "3", at("2020-05-20"))
    assert daily.end_links(store, at("2020-06-30")) == 0  # his receipt waits
    post(store, CALENDAR, at("2020-05-22"))
    assert daily.end_links(store, at("2020-06-21", "08:00")) == 0
    assert daily.end_links(store, at("2020-06-22")) == 1
    assert standing(store) == everybody - {"radio"}  # who leads or takes part in what is open keeps his
    again = paper(DUTIES[0], number="12/UBND")
    open_directive(store, again, PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=at("2020-06-23"))
    post(store, CALENDAR, at("2020-06-24"))
    assert standing(store) == everybody
    assert len({row.id for row in ask(store, """
        SELECT l.id FROM links l JOIN agencies a ON a.id = l.agency AND a.code = 'radio'""")}) == 2


def test_the_days_round_is_made_once_a_day(store: Store) -> None:
    turns = [daily.turn(store, at(*when)) for when in (("2020-05-20",), ("2020-05-20", "10:00"), ("2020-05-21",), ("2020-05-20",))]
    assert turns == [True, False, True, True]  # a clock that was set back makes it anew


def test_l17_what_ended_by_itself_is_mailed_anew_to_the_registered_address_alone(tmp_path: Path) -> None:
    with place(tmp_path) as here, here.visitor() as client:
        mine = f"/t/{here.token('bhxh')}"
        with here.office.store.write() as db:
            db.exec_driver_sql("UPDATE tasks SET closed_at = 1589900000, state = 'done', wake_at = NULL")
            db.exec_driver_sql("UPDATE notices SET state = 'sent', sent_at = 1589900000")
        here.office.aggregate(NOW)
        assert client.get(mine).status_code == 200
        here.pass_(timedelta(days=31))
        here.office.aggregate(NOW + timedelta(days=31))
        assert client.get(mine).status_code == 404
        client.post(f"{mine}?again", data={"again": "yes", "mail": "me@elsewhere.example"})
        rows = here.ask("SELECT a.code, a.mail FROM notices n JOIN agencies a ON a.id = n.recipient WHERE n.lane = 'login'")
        assert [(row.code, row.mail.endswith("@cairang.example")) for row in rows] == [("bhxh", True)]
        [new] = here.letters()
        assert (client.get(here.path(new)).status_code, client.get(mine).status_code) == (200, 404)
        assert mine not in new
