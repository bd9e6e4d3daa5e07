"""Reports on request: the issuer opens a term, its holders get one letter each, and asking twice on a day is asking once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from directives.language.deadlines import due_of
from directives.language.shapes import Due, Duty, Every
from notifications.letters import Composer
from notifications.links import Keys
from tasks.ledger import roster
from tasks.ledger.asking import Asked, Asking
from tasks.ledger.asking import ask as ask_for
from tasks.ledger.desk import desk
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tests.clockwork import play, post, turn
from tests.rows import ask, everything, letters
from tests.sample import CALENDAR, HANOI, LEAFLETS, PEOPLE, PRACTICE, SCHOOLS, STANDING, at, duty, paper
from tests.voices import CLERK, says

ISSUED = at("2020-05-18")
NOW = at("2020-06-10", "14:00")
FLOOD = duty("5", "wards", every=Every(words="đột xuất", unit="on request"))
EVENT = duty("9", "radio", every=Every(words="khi phát sinh", unit="on event"))
PASSED_DOWN = duty("2", "education", cascade=(("schools",),), every=Every(words="đột xuất", unit="on request"))
COMPOSER = Composer(base_url="https://dondoc.example", keys=Keys({"k1": bytes(32)}), office="UBND", sender="dondoc@office.example")


def issue(store: Store, *duties: Duty) -> int:
    number = open_directive(store, paper(*duties), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED).directive
    post(store, CALENDAR, ISSUED + timedelta(minutes=10))
    return number


def until(text: str) -> Due:
    return Due.model_validate(due_of(text))


def asks(store: Store, number: int, clause: str = "5", now: datetime = NOW, **words: object) -> Asked:
    return ask_for(store, Asking(directive=number, clause=clause, said=CLERK, **words), CALENDAR, now)  # type: ignore[arg-type]


def owed(store: Store, clause: str = "5") -> list[tuple[str, str, str]]:
    """(agency, term, due day) of a clause's tasks."""
    rows = ask(store, """
        SELECT a.code, k.term, k.due_at FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.agency
         WHERE u.clause = :clause ORDER BY k.term, a.code""", clause=clause)
    return [(r.code, r.term, f"{datetime.fromtimestamp(r.due_at, HANOI):%d/%m %H:%M}" if r.due_at else "") for r in rows]


def test_asking_opens_a_term_of_the_day_for_all_holders_with_a_letter_each(store: Store) -> None:
    number = issue(store, FLOOD, LEAFLETS)
    assert owed(store) == []
    assert asks(store, number, due=until("15/6/2020"), note="Báo cáo thiệt hại do lũ") == Asked(term="2020-06-10", tasks=3, letters=3)
    assert owed(store) == [(f"ward-{letter}", "2020-06-10", "15/06 23:59") for letter in "abc"]
    sent = sorted(post(store, CALENDAR, NOW), key=lambda notice: notice.recipient.id)
    assert [(notice.lane, notice.recipient.id) for notice in sent] == [("new", f"ward-{letter}") for letter in "abc"]
    assert [(item.work.clause, item.work.due_words) for item in sent[0].items] == [("5", "theo yêu cầu ngày 10/6/2020")]
    assert (sent[0].part, sent[0].future, sent[0].note) == ((), (), "Báo cáo thiệt hại do lũ")


def test_the_letter_says_what_is_asked_and_why(store: Store) -> None:
    number = issue(store, FLOOD)
    asks(store, number, due=until("16:00 15/6/2020"), note="Báo cáo thiệt hại do lũ")
    letter = COMPOSER.preview(post(store, CALENDAR, NOW)[0])
    assert letter.subject == "Yêu cầu báo cáo, hạn 15/6/2020: việc 5 (898/UBND, mục 5)"
    assert "Báo cáo thiệt hại do lũ" in letter.text
    assert "Báo cáo thiệt hại do lũ" in letter.html
    assert "theo yêu cầu ngày 10/6/2020" in letter.text


def test_asked_twice_on_a_day_is_asked_once(store: Store) -> None:
    number = issue(store, FLOOD)
    asks(store, number, due=until("15/6/2020"))
    written = everything(store)
    assert asks(store, number, due=until("15/6/2020"), now=NOW + timedelta(hours=1)) == Asked(term="2020-06-10")
    assert everything(store) == written
    post(store, CALENDAR, NOW)
    assert asks(store, number, due=until("15/6/2020"), now=NOW + timedelta(hours=2)) == Asked(term="2020-06-10")
    assert post(store, CALENDAR, NOW + timedelta(hours=2)) == []


def test_more_agencies_may_be_asked_on_the_same_day_and_those_of_before_hear_nothing_again(store: Store) -> None:
    number = issue(store, FLOOD)
    assert asks(store, number, agencies=("ward-b",), note="lũ ở B").tasks == 1
    assert letters(store)["new", "ward-b"] == 2
    assert asks(store, number, agencies=("ward-a", "ward-b"), note="lũ cả ở A") == Asked(term="2020-06-10", tasks=1, letters=1)
    notes = {notice.recipient.id: notice.note for notice in post(store, CALENDAR, NOW)}
    assert notes == {"ward-b": "lũ ở B", "ward-a": "lũ cả ở A"}
    events = ask(store, "SELECT e.payload, p.name FROM events e JOIN persons p ON p.id = e.person WHERE e.kind = 'asked' ORDER BY e.seq")
    assert [tuple(row) for row in events] == [
        ('{"agencies":["ward-b"],"note":"lũ ở B","term":"2020-06-10"}', CLERK.name),
        ('{"agencies":["ward-a","ward-b"],"note":"lũ cả ở A","term":"2020-06-10"}', CLERK.name),
    ]


def test_each_day_of_asking_is_a_term_of_its_own_that_climbs_by_itself(store: Store) -> None:
    number = issue(store, FLOOD)
    asks(store, number, due=until("12/6/2020"), agencies=("ward-a",))
    asks(store, number, due=until("15/6/2020"), agencies=("ward-a",), now=NOW + timedelta(days=1))
    heard = [
        (moment.astimezone(HANOI).date().isoformat(), item.work.term, item.rung_words)
        for moment, notice in play(store, CALENDAR, PRACTICE, NOW + timedelta(days=1), at("2020-06-17"))
        for item in notice.items if notice.recipient.id == "ward-a" and notice.lane == "digest"
    ]
    assert heard == [
        ("2020-06-11", "2020-06-10", "còn 1 ngày"), ("2020-06-12", "2020-06-11", "còn 1 ngày"),
        ("2020-06-15", "2020-06-10", "quá hạn 1 ngày"), ("2020-06-16", "2020-06-11", "quá hạn 1 ngày"),
    ]


def test_without_a_date_it_is_asked_about_like_a_standing_duty(store: Store) -> None:
    number = issue(store, FLOOD)
    asks(store, number, agencies=("ward-a",))
    days = {moment.astimezone(HANOI).date().isoformat() for moment, notice in play(store, CALENDAR, PRACTICE, NOW, at("2020-08-01"))
            if notice.lane == "digest"}
    assert days == {"2020-06-18", "2020-07-20"}


def test_a_relative_date_counts_from_the_day_of_asking(store: Store) -> None:
    number = issue(store, FLOOD)
    asks(store, number, due=until("3 ngày làm việc"), agencies=("ward-c",))
    assert owed(store) == [("ward-c", "2020-06-10", "15/06 23:59")]
    with store.read() as db:
        [work] = desk(db, roster.row_of(db, "ward-c"), CALENDAR).open
    assert work.due_words == "theo yêu cầu ngày 10/6/2020, trong 3 ngày làm việc kể từ ngày 10/6/2020"


def test_an_event_can_be_asked_for_too_and_that_term_closes(store: Store) -> None:
    number = issue(store, EVENT)
    assert asks(store, number, "9", due=until("15/6/2020")).tasks == 1
    assert says(store, "radio", "done", "9", NOW + timedelta(hours=1), term="2020-06-10").work.closed_at  # type: ignore[union-attr]
    assert owed(store, "9") == [("radio", "", ""), ("radio", "2020-06-10", "15/06 23:59")]


def test_what_is_passed_down_hangs_under_the_lead_that_is_asked_too(store: Store) -> None:
    number = issue(store, PASSED_DOWN)
    assert asks(store, number, "2").tasks == 3
    asks(store, number, "2", agencies=("school-1",), now=NOW + timedelta(days=1))
    hung = ask(store, """
        SELECT k.term, a.code, p.id IS NOT NULL AS hangs FROM tasks k JOIN agencies a ON a.id = k.agency
          LEFT JOIN tasks p ON p.id = k.parent ORDER BY k.term, a.code""")
    assert [(row.term[-2:], row.code, bool(row.hangs)) for row in hung] == [
        ("10", "education", False), ("10", "school-1", True), ("10", "school-2", True), ("11", "school-1", False),
    ]


@pytest.mark.parametrize(("clause", "words", "says"), [
    pytest.param("1", {}, "Mục 1 không phải báo cáo theo yêu cầu", id="a standing duty"),
    pytest.param("6.4", {}, "Mục 6.4 không phải báo cáo theo yêu cầu", id="a duty with a date"),
    pytest.param("5", {"due": until("9/6/2020")}, "Hạn 9/6/2020 đã qua.", id="a day that has passed"),
    pytest.param("5", {"due": until("13:00 10/6/2020")}, "Hạn 10/6/2020 đã qua.", id="an hour that has passed"),
    pytest.param("5", {"due": until("ngay")}, "“ngay” không phải một ngày", id="at once"),
    pytest.param("5", {"due": until("3 days after 1")}, "“3 days after 1” không phải một ngày", id="after another clause"),
    pytest.param("5", {"agencies": ("radio",)}, "Không có nhiệm vụ ở mục 5: radio.", id="somebody who does not hold it"),
])
def test_what_cannot_be_asked_is_refused_in_words_and_leaves_no_trace(
    sqlite_store: Store, clause: str, words: dict[str, object], says: str
) -> None:
    number = issue(sqlite_store, FLOOD, STANDING, LEAFLETS)
    written = everything(sqlite_store)
    asked = asks(sqlite_store, number, clause, **words)  # type: ignore[arg-type]
    assert asked.refusal.startswith(says)
    assert (asked.tasks, asked.letters) == (0, 0)
    assert everything(sqlite_store) == written


def test_another_date_on_the_same_day_is_refused(sqlite_store: Store) -> None:
    number = issue(sqlite_store, FLOOD)
    asks(sqlite_store, number, due=until("15/6/2020"))
    assert asks(sqlite_store, number, due=until("16/6/2020")).refusal.startswith("Hôm nay đã yêu cầu mục này với hạn 15/6/2020")
    assert asks(sqlite_store, number).refusal.startswith("Hôm nay đã yêu cầu mục này với hạn 15/6/2020")


def test_a_round_between_two_askings_opens_nothing_of_its_own(sqlite_store: Store) -> None:
    number = issue(sqlite_store, FLOOD, SCHOOLS)
    turn(sqlite_store, CALENDAR, PRACTICE, NOW)
    assert owed(sqlite_store) == []
    asks(sqlite_store, number)
    turn(sqlite_store, CALENDAR, PRACTICE, NOW + timedelta(days=3))
    assert len(owed(sqlite_store)) == 3
