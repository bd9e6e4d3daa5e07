"""A calendar that changes moves what is still to come, and nothing that was done, decided or said."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from directives.language.calendar import Calendar, CalendarError, of_body, overlay
from directives.language.directory import places
from directives.language.shapes import Change, Due, Duty, Every, Rung
from tasks.forecast import forecast
from tasks.ladder import Step
from tasks.ledger import chain, clocks, origins, recounting, roster, standing
from tasks.ledger.asking import Asking
from tasks.ledger.asking import ask as ask_for
from tasks.ledger.desk import desk
from tasks.ledger.opening import open_directive
from tasks.ledger.shifting import shifts
from tasks.ledger.store import Store
from tasks.resuming import resumed
from tasks.values import Said
from tests.amended import amending
from tests.amended import issue as issue_with
from tests.clockwork import play, post, turn
from tests.rows import ask, everything
from tests.sample import HANOI, LADDER, PEOPLE, PRACTICE, at, by, duty, paper
from tests.voices import ISSUER, says

BEFORE = Calendar(work={date(2026, 1, 2): "làm việc bình thường"})
SWAPPED = overlay("off: {2/1/2026: Nghỉ hoán đổi}\nwork: {10/1/2026: Làm bù}")
ISSUED = at("2025-12-22")
EDITED = at("2025-12-25", "16:00")
LAST = Rung(words="10 working days late", side="late", count=10, working=True, audience=("chair",))


def days(count: int, *, working: bool = True, after: str | None = None) -> Due:
    return Due(words=f"{count} working days", form="relative", count=count, working=working, after=after)


def issue(store: Store, *duties: Duty, calendar: Calendar = BEFORE) -> int:
    directive = paper(*duties, date=date(2025, 12, 22), escalation=LADDER)
    number = open_directive(store, directive, PEOPLE, practice=PRACTICE, calendar=calendar, now=ISSUED).directive
    post(store, calendar, ISSUED + timedelta(minutes=10))
    return number


def due(store: Store, clause: str) -> dict[str, str]:
    """The day on which each task of a clause is due, by its agency."""
    rows = ask(store, """
        SELECT a.code, k.due_at FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.unit
         WHERE u.clause = :clause ORDER BY a.code""", clause=clause)
    return {row.code: datetime.fromtimestamp(row.due_at, HANOI).date().isoformat() for row in rows}


def carry(store: Store, number: int, calendar: Calendar, now: datetime = EDITED) -> list[tuple[str, str, str, tuple[str, ...]]]:
    moved = recounting.carry_out(store, number, calendar, now)
    return [(each.clause, each.was.astimezone(HANOI).date().isoformat(), each.due.day.isoformat(), each.agencies) for each in moved]


def heard(store: Store, calendar: Calendar, since: datetime, until: datetime) -> list[tuple[str, str, str]]:
    return [
        (moment.astimezone(HANOI).date().isoformat(), notice.recipient.id, item.rung_words)
        for moment, notice in play(store, calendar, PRACTICE, since, until) for item in notice.items if notice.lane != "new"
    ]


def test_t89_a_saturday_worked_for_a_friday_off_moves_future_stages_only(store: Store) -> None:
    assert (SWAPPED.is_working(date(2026, 1, 10)), SWAPPED.is_working(date(2026, 1, 2))) == (True, False)
    number = issue(store, duty("1", "radio", due=days(9)), duty("2", "insurance", due=days(14)), duty("3", "union", due=by("2026-01-04")))
    assert due(store, "1") | due(store, "2") == {"radio": "2026-01-05", "insurance": "2026-01-12"}
    # Before the edit of 25/12 the fortnight's first reminder of clause 1 has gone: seven days before 5/1 is Monday 29/12, not yet.
    before = heard(store, BEFORE, ISSUED + timedelta(hours=1), EDITED)
    assert carry(store, number, SWAPPED) == [
        ("1", "2026-01-05", "2026-01-06", ("Cơ quan radio",)), ]
    assert due(store, "1") | due(store, "2") == {"radio": "2026-01-06", "insurance": "2026-01-12"}
    after = heard(store, SWAPPED, EDITED, at("2026-01-08"))
    assert [each for each in before if each[1] in ("radio", "insurance")] == []
    assert [each for each in after if each[1] == "radio"] == [
        ("2025-12-30", "radio", "còn 7 ngày"), ("2026-01-05", "radio", "còn 1 ngày"), ("2026-01-07", "radio", "quá hạn 1 ngày"),
    ]
    assert [row.last_working_day for row in ask(store, """
        SELECT m.last_working_day FROM terms m JOIN duties u ON u.id = m.duty WHERE u.clause = '3'""")] == ["2025-12-31"]
    with store.read() as db:
        assert chain.verify(db, number) is None


def test_twice_is_once_and_a_dry_look_says_what_would_move_and_writes_nothing(store: Store) -> None:
    number = issue(store, duty("1", "wards", due=days(9)))
    before = everything(store)
    with store.read() as db:
        [shift] = shifts(db, number, SWAPPED, EDITED)
    assert (shift.clause, shift.due.day, shift.agencies) == (
        "1", date(2026, 1, 6), ("Cơ quan ward-a", "Cơ quan ward-b", "Cơ quan ward-c"))
    assert everything(store) == before
    assert len(carry(store, number, SWAPPED)) == 1
    written = everything(store)
    assert carry(store, number, SWAPPED, EDITED + timedelta(hours=1)) == []
    assert everything(store) == written


def test_what_is_done_claimed_or_was_given_a_date_by_decision_keeps_it(store: Store) -> None:
    number = issue(store, duty("1", "wards", due=days(9)), duty("2", "radio", due=days(9), confirm=True))
    says(store, "ward-a", "done", "1", at("2025-12-23"))
    says(store, "radio", "done", "2", at("2025-12-23"))
    says(store, "ward-b", "extend", "1", at("2025-12-23"), until=date(2026, 1, 20), note="mưa")
    says(store, "ward-b", "grant", "1", at("2025-12-24"), by=ISSUER, until=date(2026, 1, 20))
    with store.read() as db:
        stood = standing.standing(db, number, BEFORE, at("2025-12-24", "10:00"))
    assert carry(store, number, SWAPPED) == [("1", "2026-01-05", "2026-01-06", ("Cơ quan ward-c",))]
    assert due(store, "1") == {"ward-a": "2026-01-05", "ward-b": "2026-01-20", "ward-c": "2026-01-06"}
    assert due(store, "2") == {"radio": "2026-01-05"}
    with store.read() as db:
        assert standing.standing(db, number, BEFORE, at("2025-12-24", "10:00")) == stood
        done = next(work for work in desk(db, roster.row_of(db, "ward-a"), SWAPPED).closed if work.clause == "1")
    assert done.last_working_day == date(2026, 1, 5)


def test_nothing_that_was_said_is_said_again_and_nothing_that_was_missed_is_lost(store: Store) -> None:
    number = issue(store, duty("1", "radio", due=days(9)))
    turn(store, BEFORE, PRACTICE, at("2025-12-29"))  # "còn 7 ngày" is in a letter that has not left
    carry(store, number, SWAPPED, at("2025-12-29", "09:30"))
    assert heard(store, SWAPPED, at("2025-12-29", "10:00"), at("2026-01-07", "18:00")) == [
        ("2025-12-29", "radio", "còn 7 ngày"), ("2026-01-05", "radio", "còn 1 ngày"),
        ("2026-01-07", "radio", "quá hạn 1 ngày"), ("2026-01-07", "office", "quá hạn 1 ngày"),
    ]


def test_a_date_never_moves_into_the_past(store: Store) -> None:
    number = issue(store, duty("1", "radio", due=days(14)), calendar=Calendar(off={date(2026, 1, 2): "nghỉ"}))
    assert due(store, "1") == {"radio": "2026-01-13"}
    assert carry(store, number, SWAPPED, at("2026-01-13")) == []
    assert carry(store, number, SWAPPED, at("2026-01-08")) == [("1", "2026-01-13", "2026-01-12", ("Cơ quan radio",))]


def test_clocks_that_have_started_and_what_was_asked_for_are_counted_anew(store: Store) -> None:
    asked = duty("9", "union", every=Every(words="on request", unit="on request"))
    number = issue(store, duty("1", "radio", due=by("2025-12-30")), duty("2", "radio", due=days(6, after="1")), asked)
    says(store, "radio", "done", "1", at("2025-12-24"))
    assert clocks.start(store, number, BEFORE, at("2025-12-24", "10:00")) == 1
    within = Due(words="6 ngày làm việc", form="relative", count=6, working=True)
    asking = Asking(directive=number, clause="9", said=Said(name="A", role=""), due=within)
    assert ask_for(store, asking, BEFORE, at("2025-12-24")).tasks == 1
    assert carry(store, number, SWAPPED) == [
        ("2", "2026-01-02", "2026-01-05", ("Cơ quan radio",)), ("9", "2026-01-02", "2026-01-05", ("Cơ quan union",)),
    ]
    assert carry(store, number, SWAPPED) == []
    with store.read() as db:
        work = next(each for each in desk(db, roster.row_of(db, "radio"), SWAPPED).open if each.clause == "2")
    assert (work.due_words, work.last_working_day) == ("trong 6 ngày làm việc sau khi xong mục 1", date(2026, 1, 5))


def test_a_calendar_applied_gives_what_a_plan_with_it_foresees(store: Store) -> None:
    directive = paper(duty("1", "radio", due=days(9)), date=date(2025, 12, 22), escalation=(*LADDER, LAST))
    open_directive(store, directive, PEOPLE, practice=PRACTICE, calendar=BEFORE, now=ISSUED)
    post(store, BEFORE, ISSUED + timedelta(minutes=10))
    with store.read() as db:
        [number] = recounting.under_way(db)
    carry(store, number, SWAPPED)
    seen = forecast(directive, PEOPLE, SWAPPED, PRACTICE, issued_at=ISSUED, until=date(2026, 2, 28))
    planned = sorted({(letter.on.isoformat(), letter.to) for letter in seen.letters if letter.lane in ("digest", "escalation")})
    assert sorted({(day, who) for day, who, _ in heard(store, SWAPPED, EDITED, at("2026-02-28", "18:00"))}) == planned


def test_the_ledger_keeps_the_version_that_each_date_was_counted_with(store: Store) -> None:
    number = issue(store, duty("1", "radio", due=days(9)))
    [row] = ask(store, "SELECT id FROM duties WHERE directive = :d", d=number)
    with store.read() as db:
        assert origins.versions(db, row.id) == {"": BEFORE.version}
    carry(store, number, SWAPPED)
    with store.read() as db:
        assert origins.versions(db, row.id) == {"": SWAPPED.version}
        known = {version: calendar for version, (calendar, _) in origins.known(db).items()}
    assert known == {BEFORE.version: BEFORE, SWAPPED.version: SWAPPED}


LATER, EARLIER = by("2026-01-20"), by("2026-01-06")


@pytest.mark.parametrize(("change", "told"), [
    pytest.param(Change(clause="1", due=LATER), [("2026-01-13", "còn 7 ngày"), ("2026-01-19", "còn 1 ngày")], id="later"),
    pytest.param(Change(clause="1", due=EARLIER), [
        ("2026-01-05", "còn 1 ngày"), ("2026-01-07", "quá hạn 1 ngày"), ("2026-01-12", "quá hạn 5 ngày làm việc"),
        ("2026-01-19", "quá hạn 10 ngày làm việc"),
    ], id="earlier"),
    pytest.param(Change(clause="1", due=None), [], id="removed"),
])
def test_t94_a_deadline_moved_after_reminders_were_sent_speaks_of_the_new_date_alone(
    store: Store, change: Change, told: list[tuple[str, str]]
) -> None:
    directive = paper(duty("1", "radio", due=by("2026-01-09")), number="898/UBND", date=date(2025, 12, 22), escalation=LADDER)
    open_directive(store, directive, PEOPLE, practice=PRACTICE, calendar=SWAPPED, now=ISSUED)
    said = heard_of(store, ISSUED, at("2026-01-03"))
    assert [words for _, words in said] == ["còn 7 ngày"]
    basis = amending(change, date=date(2026, 1, 3)).amends[0].model_copy(update={"date": date(2025, 12, 22)})
    issue_with(store, amending(change, date=date(2026, 1, 3), amends=(basis,)), at("2026-01-03", "10:00"))
    after = heard_of(store, at("2026-01-03", "10:10"), at("2026-01-19", "18:00"))
    assert [each for each in after if each[1].startswith(("còn", "quá hạn", "đến hạn"))] == told


def heard_of(store: Store, since: datetime, until: datetime) -> list[tuple[str, str]]:
    """Day and words of every line about a rung, each once."""
    lines = [
        (moment.astimezone(HANOI).date().isoformat(), item.rung_words)
        for moment, notice in play(store, SWAPPED, PRACTICE, since, until) for item in notice.items if notice.lane != "new"
    ]
    return list(dict.fromkeys(lines))


def step(no: int, day: str, words: str) -> Step:
    return Step(no=no, at=at(day, "07:30"), audience=("lead",), words=words)


OLD = (step(1, "2026-01-05", "còn 3 ngày"), step(2, "2026-01-07", "còn 1 ngày"), step(3, "2026-01-08", "đến hạn hôm nay"))


@pytest.mark.parametrize(("new", "said", "stands"), [
    pytest.param(OLD, 0, (0, "2026-01-05"), id="nothing was said and nothing is another"),
    pytest.param(OLD, 2, (2, "2026-01-08"), id="what is to come stays where it was"),
    pytest.param((step(1, "2026-01-06", "còn 3 ngày"), *OLD[1:]), 1, (1, "2026-01-07"), id="a day off brought back what was said"),
    pytest.param((step(1, "2026-01-06", "còn 1 ngày"), step(2, "2026-01-09", "đến hạn 8/1")), 1, (0, "2026-01-06"),
                 id="what was said fell together with what is to come"),
    pytest.param((*OLD[:2], step(3, "2026-01-07", "đến hạn 8/1")), 2, (2, "2026-01-07"), id="other words for the day itself"),
    pytest.param(OLD[:1], 3, (1, None), id="all was said"),
])
def test_a_ladder_goes_on_where_it_was(new: tuple[Step, ...], said: int, stands: tuple[int, str | None]) -> None:
    rung, wake_at = resumed(OLD, new, said)
    assert (rung, wake_at and wake_at.astimezone(HANOI).date().isoformat()) == stands


LOCAL = overlay("off:\n  30/12/2025: {reason: Lễ hội, in: district}\n  31/12/2025: {reason: Hội làng, in: [elsewhere]}")


def test_a_day_off_of_one_place_counts_for_papers_that_are_issued_there(store: Store) -> None:
    assert LOCAL.is_working(date(2025, 12, 30))
    mine = LOCAL.within(places("office", PEOPLE))
    assert (mine.reason(date(2025, 12, 30)), mine.reason(date(2025, 12, 31))) == ("Lễ hội", "")
    assert issue(store, duty("1", "radio", due=days(7)), calendar=LOCAL)
    assert due(store, "1") == {"radio": "2026-01-02"}


@pytest.mark.parametrize("calendar", [BEFORE, SWAPPED, LOCAL], ids=["one day", "swapped", "local"])
def test_a_version_names_exactly_its_days(calendar: Calendar) -> None:
    assert of_body(calendar.body).body == calendar.body
    assert len({each.version for each in (BEFORE, SWAPPED, LOCAL, Calendar())}) == 4


@pytest.mark.parametrize("text", ["off: {30/12/2025: {reason: Lễ hội}}", "off: {30/12/2025: {why: x, in: a}}"])
def test_a_day_that_says_more_than_a_reason_says_where(text: str) -> None:
    with pytest.raises(CalendarError, match="mã địa bàn"):
        overlay(text)


