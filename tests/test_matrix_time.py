"""Time and rules, line by line of the matrix: outages, floods, clocks, bounces; nobody is told twice, and nobody above too early."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.clock import reading
from directives.language.calendar import Calendar, instant, overlay
from directives.language.periods import add_months
from directives.language.practice import Practice
from directives.language.shapes import Directory, Duty
from tasks.ladder import steps
from tasks.ledger import breaker, health, roster, ticking
from tasks.ledger.bouncing import bounced
from tasks.ledger.opening import open_directive
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.store import Store
from tasks.ledger.sweep import Swept, sweep
from tasks.letters import Notice, Outcome
from tasks.timepiece import Reading
from tests.clockwork import play, post, turn
from tests.rows import ask, everything, tell
from tests.sample import CALENDAR, CAR, LADDER, LEAFLETS, PEOPLE, PRACTICE, agency, at, by, duty, paper
from tests.voices import says

ISSUED = at("2020-05-18")
LEFT = ISSUED + timedelta(minutes=10)
PLAIN = duty("3", "radio", due=by("2020-05-29"))
OFFICIAL = overlay("off: {2/1/2026: Nghỉ bù Tết Dương lịch}\nwork: {10/1/2026: Làm bù}")

#: (day, reader, clause, step, step said before).
Line = tuple[str, str, str, int, int]


def issue(store: Store, *duties: Duty, people: Directory = PEOPLE, practice: Practice = PRACTICE, **words: object) -> int:
    return open_directive(store, paper(*duties, **words), people, practice=practice, calendar=CALENDAR, now=ISSUED).directive


def live(store: Store, first: str, last: str, practice: Practice = PRACTICE) -> list[tuple[datetime, Notice]]:
    return list(play(store, CALENDAR, practice, at(first, "07:30"), at(last, "17:00")))


def said(store: Store) -> list[Line]:
    """Every line of every digest that left or is to leave."""
    return [tuple(row) for row in ask(store, """
        SELECT n.day, a.code, u.clause, i.rung, i.after
          FROM notice_items i JOIN notices n ON n.id = i.notice JOIN agencies a ON a.id = i.recipient
          JOIN tasks k ON k.id = i.task JOIN duties u ON u.id = k.duty
         WHERE n.day IS NOT NULL ORDER BY n.day, a.code, u.position, i.rung""")]


def heard(store: Store) -> list[tuple[str, str]]:
    return list(dict.fromkeys((day, reader) for day, reader, *_ in said(store)))


def skipped(store: Store) -> list[tuple[int, int, str]]:
    return [tuple(row) for row in ask(store, "SELECT after, rung, why FROM skips ORDER BY task, rung")]


def morning(day: str) -> datetime:
    return at(day, "07:30")


def district(offices: int) -> Directory:
    """So many offices under one district."""
    many = {f"p-{n}": agency(f"p-{n}", kind="p", in_="district") for n in range(offices)}
    return Directory(
        agencies={"district": PEOPLE.agencies["district"], **many},
        groups={"all": PEOPLE.groups["wards"].model_copy(update={"id": "all", "kind": ("p",)})},
    )


# T85


def test_t85_however_many_sweeps_run_in_a_minute_the_outbox_is_the_same(store: Store) -> None:
    issue(store, LEAFLETS, PLAIN)
    post(store, CALENDAR, LEFT)
    now = morning("2020-05-22")
    sweep(store, CALENDAR, PRACTICE, now)
    once = everything(store)
    for second in range(50):
        sweep(store, CALENDAR, PRACTICE, now + timedelta(seconds=second))
    found = everything(store)
    assert [found.pop("rounds"), once.pop("rounds")] != []
    assert found == once


# T86


@pytest.mark.parametrize(("down", "back", "lead", "above"), [
    pytest.param("07:29", ("2020-05-25", "08:30"), "2020-05-25", "2020-05-25", id="an hour"),
    pytest.param("3 days", ("2020-05-28", "07:30"), "2020-05-28", "2020-05-29", id="three days"),
    pytest.param("40 days", ("2020-07-01", "07:30"), "2020-07-01", "2020-07-02", id="forty days"),
])
def test_t86_after_an_outage_each_inbox_gets_one_letter_and_nobody_above_hears_before_a_full_grace(
    store: Store, down: str, back: tuple[str, str], lead: str, above: str
) -> None:
    issue(store, LEAFLETS, duty("4", "insurance", due=by("2020-05-24")))
    post(store, CALENDAR, LEFT)
    live(store, "2020-05-19", "2020-05-22")
    before = len(said(store))
    list(play(store, CALENDAR, PRACTICE, at(*back), at(above, "17:00")))
    lines = said(store)[before:]
    assert {(day, reader) for day, reader, *_ in lines if reader == "insurance"} == {(lead, "insurance")}
    assert {day for day, reader, *_ in lines if reader != "insurance"} == {above}
    letters = Counter((row.code, row.day) for row in ask(store, """
        SELECT a.code, n.day FROM notices n JOIN agencies a ON a.id = n.recipient WHERE n.day > '2020-05-22' AND n.state = 'sent'"""))
    assert set(letters.values()) == {1}


def test_t86_after_an_outage_the_lead_of_a_request_hears_the_latest_rung_that_is_his_and_never_one_of_nobody(store: Store) -> None:
    asked = [duty("3", "union", force="ask", due=by("2020-05-27")), duty("4", "radio", force="ask", due=by("2020-05-22"))]
    issue(store, *asked, escalation=(*LADDER[:2], *LADDER[3:]), reports=())
    post(store, CALENDAR, LEFT)
    live(store, "2020-06-11", "2020-06-30")  # back when every rung has passed, the last of them for leaders alone
    lines = [(day, reader, clause, step) for day, reader, clause, step, _ in said(store)]
    assert lines == [("2020-06-11", "radio", "4", 1), ("2020-06-11", "union", "3", 2)]
    assert {row.wake_at for row in ask(store, "SELECT wake_at FROM tasks")} == {None}


def test_t86_over_tet_the_latest_step_alone_is_said_and_the_others_are_kept_as_skipped(store: Store) -> None:
    issued = at("2021-01-20")
    open_directive(store, paper(duty("1", "radio", due=by("2021-02-05")), date=date(2021, 1, 20)), PEOPLE, practice=PRACTICE,
                   calendar=CALENDAR, now=issued)
    post(store, CALENDAR, issued + timedelta(minutes=10))
    live(store, "2021-01-21", "2021-02-04")
    # Down from 5/2, over Tết (10/2–16/2), to 1/3: one day late (8/2), five working days (19/2), ten working days (26/2) were missed.
    live(store, "2021-03-01", "2021-03-10")
    assert [line for line in said(store) if line[0] > "2021-02-05"] == [
        ("2021-03-01", "radio", "1", 5, 2), ("2021-03-02", "chair", "1", 5, 2),
    ]
    assert skipped(store) == [(2, 5, "missed")]


def test_t86_a_mail_server_that_was_away_for_a_week_leaves_one_letter_for_each_inbox(store: Store) -> None:
    issue(store, LEAFLETS, PLAIN)
    post(store, CALENDAR, LEFT)
    for day in ("2020-05-21", "2020-05-22", "2020-05-25", "2020-05-26", "2020-05-27", "2020-05-28", "2020-05-29"):
        turn(store, CALENDAR, PRACTICE, morning(day))
    sent = Counter(notice.recipient.id for notice in post(store, CALENDAR, at("2020-05-29", "10:00")) if notice.lane != "report")
    assert set(sent.values()) == {1}
    assert {"office", "deputy"} & set(sent) == set()  # what the lead was to hear has not left: those above wait
    live(store, "2020-06-01", "2020-06-01")
    assert ("2020-06-01", "deputy") in heard(store)


# T87


def test_t87_nobody_above_hears_of_a_lead_whose_letter_bounced(store: Store) -> None:
    number = issue(store, LEAFLETS)
    [first] = [notice.id for notice in post(store, CALENDAR, LEFT) if notice.recipient.id == "insurance"]
    assert bounced(store, first, at("2020-05-19"), code=550, reply="5.1.1 no such user") == 1
    assert bounced(store, first, at("2020-05-19")) == 0
    sent = live(store, "2020-05-20", "2020-06-30")
    near = {"insurance", "radio", "ward-a", "ward-b", "ward-c"}
    beyond = [line for line in said(store) if line[1] not in near]
    assert [reader for _, reader, *_ in beyond] == ["office", "deputy", "chair"]  # each once, that the address is broken, and no rung
    assert all(step < 0 for *_, step, _ in beyond)
    lines = [(item.is_unheard, item.rung_words) for _, notice in sent if notice.lane == "escalation" for item in notice.items]
    assert set(lines) == {(True, "địa chỉ thư hỏng")}
    assert [tuple(row) for row in ask(store, "SELECT told_at FROM tasks WHERE directive = :d", d=number)] == [(None,)]
    assert [row.mail_state for row in ask(store, "SELECT mail_state FROM agencies WHERE code = 'insurance'")] == ["bad"]
    assert [row.kind for row in ask(store, "SELECT kind FROM events WHERE kind = 'bounced'")] == ["bounced"]


def test_t87_what_another_letter_has_told_stays_told_when_one_bounces(store: Store) -> None:
    issue(store, LEAFLETS)
    first = {notice.recipient.id: notice.id for notice in post(store, CALENDAR, LEFT)}["insurance"]
    digest = {n.recipient.id: n.id for _, n in live(store, "2020-05-19", "2020-05-22") if n.lane == "digest"}["insurance"]
    told = ask(store, "SELECT told_at FROM tasks")
    assert bounced(store, digest, at("2020-05-22", "09:00")) == 0
    assert ask(store, "SELECT told_at FROM tasks") == told
    assert [row.state for row in ask(store, "SELECT state FROM notices WHERE id = :id", id=first)] == ["sent"]


def test_t87_a_mended_address_gets_what_it_missed_and_the_ladder_counts_from_there(store: Store) -> None:
    issue(store, LEAFLETS)
    first = {notice.recipient.id: notice.id for notice in post(store, CALENDAR, LEFT)}["insurance"]
    bounced(store, first, at("2020-05-19"))
    live(store, "2020-05-20", "2020-05-26")
    mended = PEOPLE.agencies["insurance"].model_copy(update={"mail": "moi@office.example"})
    with store.write() as db:
        roster.enter(db, PEOPLE.model_copy(update={"agencies": {**PEOPLE.agencies, "insurance": mended}}), at("2020-05-27", "06:00"))
    sent = [(now.date(), n.recipient.mail, n.lane) for now, n in live(store, "2020-05-27", "2020-05-28") if n.recipient.id == "insurance"]
    assert (date(2020, 5, 27), "moi@office.example", "new") in sent
    assert [reader for day, reader in heard(store) if day == "2020-05-27"] in ([], ["insurance"])
    assert ("2020-05-28", "office") in heard(store)


def test_t87_a_reminder_that_left_late_gives_its_grace_from_when_it_left(store: Store) -> None:
    patient = PRACTICE.model_copy(update={"grace": 3})
    issue(store, LEAFLETS, practice=patient)
    post(store, CALENDAR, LEFT)
    turn(store, CALENDAR, patient, morning("2020-05-22"))
    post(store, CALENDAR, at("2020-05-26", "16:00"))  # the digest of Friday leaves on Tuesday
    live(store, "2020-05-27", "2020-06-01", practice=patient)
    assert next(day for day, reader in heard(store) if reader in ("office", "deputy")) == "2020-05-29"


@pytest.mark.parametrize("told", ["2020-05-22", "2020-05-25", "2020-05-28"])
def test_t87_a_ladder_of_one_step_waits_for_the_grace_of_who_was_told_late(sqlite_store: Store, told: str) -> None:
    issue(sqlite_store, LEAFLETS, escalation=LADDER[2:3])  # said on 25/5, with nothing said before it
    for day in range(19, 30):
        now = at(f"2020-05-{day}", "07:00")
        if now >= at(told, "07:00"):
            post(sqlite_store, CALENDAR, now)
        turn(sqlite_store, CALENDAR, PRACTICE, now + timedelta(minutes=30))
    above = [day for day, reader in heard(sqlite_store) if reader == "office"]
    assert above == [{"2020-05-22": "2020-05-25", "2020-05-25": "2020-05-26", "2020-05-28": "2020-05-29"}[told]]


# T88


def test_t88_however_many_sweep_at_once_each_leader_hears_of_a_step_once(store: Store) -> None:
    people = district(40)
    issue(store, duty("3", "all", due=by("2020-05-24")), people=people, escalation=LADDER[2:3], reports=(), indicators={})
    post(store, CALENDAR, LEFT)
    stores = [Store(store.url.render_as_string(hide_password=False)) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: sweep(stores[n % 4], CALENDAR, PRACTICE, morning("2020-05-25"), chunk=7), range(100)))
    for each in stores:
        each.close()
    lines = ask(store, "SELECT task, rung, recipient FROM notice_items WHERE rung > 0")
    found = Counter((row.task, row.rung, row.recipient) for row in lines)
    assert set(found.values()) == {1}
    assert len(found) == 40


# T90, T91, T92


def rungs(due: str, calendar: Calendar, practice: Practice = PRACTICE) -> list[date]:
    found = steps(LADDER, due_at=calendar.day_end(date.fromisoformat(due), practice.tz), begins_at=datetime(2000, 1, 1, tzinfo=UTC),
                  next_due_at=None, calendar=calendar, practice=practice)
    return [step.at.astimezone(practice.tz).date() for step in found]


def test_t90_a_date_within_tet_is_reminded_of_before_it_and_urged_after_it() -> None:
    # Tết 2021: 10/2–16/2. Seven days before 12/2 is 5/2, one day before goes back to 9/2; late counts from 17/2 on.
    assert rungs("2021-02-12", CALENDAR) == [date(2021, 2, 5), date(2021, 2, 9), date(2021, 2, 17), date(2021, 2, 23), date(2021, 3, 2)]


def test_t90_a_worked_saturday_and_a_friday_off_move_rungs() -> None:
    assert rungs("2026-01-01", OFFICIAL)[2:] == [date(2026, 1, 5), date(2026, 1, 9), date(2026, 1, 15)]
    assert rungs("2026-01-09", OFFICIAL)[2] == date(2026, 1, 10)


@pytest.mark.parametrize(("start", "months", "then"), [
    (date(2020, 2, 29), 12, date(2021, 2, 28)), (date(2020, 1, 31), 1, date(2020, 2, 29)), (date(2020, 8, 31), 1, date(2020, 9, 30)),
    (date(2020, 12, 31), 2, date(2021, 2, 28)), (date(2020, 10, 31), 3, date(2021, 1, 31)),
])
def test_t91_months_end_where_they_end(start: date, months: int, then: date) -> None:
    assert add_months(start, months) == then


def test_t91_a_week_fifty_three_and_a_years_end_have_a_term_and_a_letter_of_their_own(store: Store) -> None:
    car = CAR.model_copy(update={"from_": date(2020, 12, 21), "until": date(2021, 1, 17)})
    open_directive(store, paper(car, date=date(2020, 12, 18)), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=at("2020-12-18"))
    post(store, CALENDAR, at("2020-12-18", "09:10"))
    live(store, "2020-12-21", "2021-01-20")
    terms = [row.term for row in ask(store, "SELECT term FROM tasks ORDER BY term")]
    assert terms == ["2020-12-21", "2020-12-28", "2021-01-04", "2021-01-11"]


ZONES = [("Europe/Berlin", date(2021, 3, 28), date(2021, 10, 31)), ("America/New_York", date(2021, 3, 14), date(2021, 11, 7))]


@pytest.mark.parametrize(("zone", "gap", "fold"), ZONES)
def test_t92_an_hour_that_is_skipped_or_comes_twice_is_one_instant(zone: str, gap: date, fold: date) -> None:
    tz, half_past_two = ZoneInfo(zone), at("2021-01-01", "02:30").astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).time()
    skipped_, twice = instant(gap, half_past_two, tz), instant(fold, half_past_two.replace(hour=1), tz)
    assert skipped_.astimezone(tz).time().hour == 3
    assert twice.astimezone(tz).fold == 0


@pytest.mark.parametrize(("zone", "gap", "fold"), ZONES)
@pytest.mark.parametrize("season", ["gap", "fold"])
def test_t92_where_clocks_change_each_step_is_said_once(store: Store, zone: str, gap: date, fold: date, season: str) -> None:
    abroad = PRACTICE.model_copy(update={"zone": zone})
    changes = gap if season == "gap" else fold
    every_day = Calendar(work={changes + timedelta(days=n): "" for n in range(-10, 12)})
    issued_at = instant(changes - timedelta(days=9), abroad.opens, abroad.tz)
    issued = paper(duty("1", "radio", due=by(changes.isoformat())), date=changes - timedelta(days=9))
    open_directive(store, issued, PEOPLE, practice=abroad, calendar=every_day, now=issued_at)
    now = issued_at
    while now < issued_at + timedelta(days=16):
        turn(store, every_day, abroad, now)
        post(store, every_day, now)
        now += timedelta(hours=1 if store.is_sqlite else 3)
    assert [(line[1], line[3]) for line in said(store)] == [
        ("radio", 1), ("radio", 2), ("office", 3), ("radio", 3), ("deputy", 4),
    ]


# T93


def test_t93_while_the_clock_has_gone_back_nothing_is_said_and_the_doctor_tells(store: Store) -> None:
    issue(store, LEAFLETS)
    post(store, CALENDAR, LEFT)
    sweep(store, CALENDAR, PRACTICE, at("2020-05-22", "10:00"))
    written = everything(store)
    assert sweep(store, CALENDAR, PRACTICE, at("2020-05-22", "08:00")) == Swept()
    assert everything(store) == written
    assert "đồng hồ" in health.checks(store, at("2020-05-22", "08:00"))["stopped"]
    assert health.checks(store, at("2020-05-22", "10:00"))["stopped"] == ""


def test_t93_a_clock_that_ran_ahead_a_day_and_back_says_nothing_twice_and_tells_nobody_above_early(store: Store) -> None:
    issue(store, LEAFLETS)
    post(store, CALENDAR, LEFT)
    for now in ("2020-05-22", "2020-05-25", "2020-05-22", "2020-05-25", "2020-05-26"):
        turn(store, CALENDAR, PRACTICE, morning(now))
        post(store, CALENDAR, morning(now))
    found = Counter((line[1], line[3]) for line in said(store))
    assert set(found.values()) == {1}
    assert min(day for day, reader in heard(store) if reader == "office") == "2020-05-25"


def test_t93_an_operator_who_has_set_the_clock_goes_on_at_once(store: Store) -> None:
    issue(store, LEAFLETS)
    post(store, CALENDAR, LEFT)
    tell(store, "INSERT INTO rounds (name, at) VALUES ('sweep', :at)", at=int(at("2038-01-01").timestamp()))
    assert sweep(store, CALENDAR, PRACTICE, morning("2020-05-22")) == Swept()
    breaker.release(store, CALENDAR, PRACTICE, morning("2020-05-22"), "người trực")
    assert sweep(store, CALENDAR, PRACTICE, morning("2020-05-22")).tasks == 1


@pytest.mark.parametrize(("forward", "start", "held"), [
    pytest.param(timedelta(days=1), "a", True, id="a day"),
    pytest.param(timedelta(minutes=59), "a", False, id="less than an hour"),
    pytest.param(timedelta(days=1), "b", False, id="the machine was off for a day"),
])
def test_t93_a_clock_that_leaps_ahead_while_the_machine_runs_holds_all_letters_until_it_is_released(
    store: Store, forward: timedelta, start: str, held: bool
) -> None:
    issue(store, LEAFLETS)
    post(store, CALENDAR, LEFT)
    began, now = at("2020-05-01"), morning("2020-05-22")
    sweep(store, CALENDAR, PRACTICE, now - timedelta(days=1))
    ticking.look(store, Reading("a", began), now - timedelta(days=1))
    ticking.look(store, Reading(start, began + forward), now)
    sweep(store, CALENDAR, PRACTICE, now)
    assert (post(store, CALENDAR, now) == []) is held
    assert ("vọt" in health.checks(store, now)["stopped"]) is held
    breaker.release(store, CALENDAR, PRACTICE, now, "người trực")
    ticking.look(store, Reading(start, began + forward), now)
    sweep(store, CALENDAR, PRACTICE, now)
    assert "insurance" in {line[1] for line in said(store)}
    assert (post(store, CALENDAR, now) == []) is not held


def test_t93_by_the_clock_the_machine_started_once() -> None:
    first, second = reading(), reading()
    if first and second:
        assert first.start == second.start
        assert abs(first.at - second.at) < timedelta(seconds=5)


# T95


@pytest.mark.parametrize("when", ["before the claim", "after the claim", "after it was sent"])
def test_t95_who_is_done_is_not_reminded_again_and_has_his_receipt(store: Store, when: str) -> None:
    issue(store, PLAIN)
    post(store, CALENDAR, LEFT)
    now = morning("2020-05-28")
    sweep(store, CALENDAR, PRACTICE, morning("2020-05-22"))
    post(store, CALENDAR, morning("2020-05-22"))
    sweep(store, CALENDAR, PRACTICE, now)
    outbox = LedgerOutbox(store, CALENDAR, "office.example")
    claimed: list[Notice] = []
    if when != "before the claim":
        claimed = list(outbox.claim("digest", now, 9))
    if when == "after it was sent":
        outbox.record([Outcome(notice_id=n.id, lease=n.lease, state="sent", code=250) for n in claimed], now)
    says(store, "radio", "done", "3", now)
    if when == "after the claim":
        outbox.record([Outcome(notice_id=n.id, lease=n.lease, state="sent", code=250) for n in claimed], now)
    later = [(n.lane, n.recipient.id) for _, n in live(store, "2020-05-28", "2020-07-31") if n.lane != "report"]
    assert later == [("receipt", "radio")]
    assert len(claimed) == (0 if when == "before the claim" else 1)


# T97


@pytest.fixture
def flooded(store: Store) -> Store:
    """Six hundred offices, all of which were to be reminded on days on which nobody swept."""
    issue(store, duty("3", "all", due=by("2020-05-24")), people=district(600), escalation=LADDER[:2], reports=(), indicators={})
    post(store, CALENDAR, LEFT)
    return store


def test_t97_a_run_that_wants_far_more_than_was_foreseen_is_held_until_it_is_let_go_and_nothing_is_lost(flooded: Store) -> None:
    swept = sweep(flooded, CALENDAR, PRACTICE, morning("2020-05-25"))
    assert (swept.letters, swept.held) == (0, 600)
    assert post(flooded, CALENDAR, at("2020-05-25", "10:00")) == []
    for day in ("2020-05-25", "2020-05-26", "2020-05-27"):
        assert sweep(flooded, CALENDAR, PRACTICE, at(day, "11:00")) == Swept(held=600)
    assert "600" in health.checks(flooded, at("2020-05-27"))["stopped"]
    says(flooded, "p-7", "done", "3", at("2020-05-27", "10:00"))
    assert breaker.release(flooded, CALENDAR, PRACTICE, at("2020-05-27", "18:00"), "người trực") == 600
    assert health.checks(flooded, at("2020-05-27", "18:00"))["stopped"] == ""
    assert [n for n in post(flooded, CALENDAR, at("2020-05-27", "18:00")) if n.lane == "digest"] == []
    left = Counter(n.recipient.id for n in post(flooded, CALENDAR, morning("2020-05-28")) if n.lane == "digest")
    assert (len(left), set(left.values()), "p-7" in left) == (599, {1}, False)
    assert breaker.release(flooded, CALENDAR, PRACTICE, at("2020-05-28"), "người trực") == 0


def test_t97_what_was_foreseen_the_day_before_leaves(store: Store) -> None:
    issue(store, duty("3", "all", due=by("2020-05-24")), people=district(600), escalation=LADDER[:2], reports=(), indicators={})
    post(store, CALENDAR, LEFT)
    sweep(store, CALENDAR, PRACTICE, morning("2020-05-21"))
    assert sweep(store, CALENDAR, PRACTICE, morning("2020-05-22")).letters == 600


def test_t97_a_desk_lets_go_only_what_speaks_of_its_own_papers(flooded: Store) -> None:
    of = (duty("1", "p-1", "p-2", due=by("2020-05-24")),)
    issue(flooded, *of, people=district(600), number="9/BH", issuer="p-9", escalation=LADDER[:2], reports=(), indicators={})
    sweep(flooded, CALENDAR, PRACTICE, morning("2020-05-25"))
    own, theirs = ([row.id] for row in ask(flooded, "SELECT id FROM directives ORDER BY id"))
    now = at("2020-05-25", "10:00")
    assert breaker.release_own(flooded, theirs, CALENDAR, PRACTICE, now, by="bàn khác") == (0, 600)
    assert breaker.release_own(flooded, own, CALENDAR, PRACTICE, now, by="văn thư") == (598, 2)
    resumed = ask(flooded, "SELECT directive, payload FROM events WHERE kind = 'letters resumed'")
    assert [(row.directive, "văn thư" in str(row.payload)) for row in resumed] == [(own[0], True)]
    left = {n.recipient.id for n in post(flooded, CALENDAR, now) if n.lane == "digest"}
    assert (len(left), left & {"p-1", "p-2"}) == (598, set())
    assert health.checks(flooded, now)["stopped"]
    assert breaker.release_own(flooded, own + theirs, CALENDAR, PRACTICE, now, by="người trực") == (2, 0)
    assert {n.recipient.id for n in post(flooded, CALENDAR, now) if n.lane == "digest"} == {"p-1", "p-2"}
    assert health.checks(flooded, now)["stopped"] == ""


def test_t97_what_a_mistake_moves_to_today_was_not_foreseen(store: Store) -> None:
    issue(store, duty("3", "all", due=by("2020-06-24")), people=district(600), escalation=LADDER[:2], reports=(), indicators={})
    post(store, CALENDAR, LEFT)
    sweep(store, CALENDAR, PRACTICE, morning("2020-06-12"))
    due_at = int(CALENDAR.day_end(date(2020, 6, 22), PRACTICE.tz).timestamp())
    tell(store, "UPDATE tasks SET due_at = :due, wake_at = :at", due=due_at, at=int(morning("2020-06-15").timestamp()))
    assert sweep(store, CALENDAR, PRACTICE, morning("2020-06-15")).held == 600


@pytest.mark.parametrize(("wanted", "expected", "held"), [(500, 0, False), (501, 0, True), (900, 300, False), (901, 300, True)])
def test_t97_many_is_more_than_five_hundred_and_than_three_times_what_was_foreseen(wanted: int, expected: int, held: bool) -> None:
    assert breaker.too_many(wanted, expected) is held
