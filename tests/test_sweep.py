"""The sweep: who hears what on which morning, that nobody hears too early or twice, and that it does not matter how often it runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from directives.language.shapes import Directory, Duty, Every, Rung
from tasks.ledger import hours
from tasks.ledger.opening import open_directive, open_terms
from tasks.ledger.outbox import LedgerOutbox
from tasks.ledger.store import Store
from tasks.ledger.sweep import Swept, sweep
from tasks.letters import UNHEARD, Outcome
from tests.clockwork import play, post, turn
from tests.conftest import on_postgres, on_sqlite
from tests.rows import ask, everything, tell
from tests.sample import CALENDAR, CAR, LEAFLETS, PEOPLE, PRACTICE, SCHOOLS, STANDING, agency, at, by, duty, paper
from tests.voices import ISSUER, says

ISSUED = at("2020-05-18")
LEFT = ISSUED + timedelta(minutes=10)
PLAIN = duty("3", "radio", due=by("2020-05-29"))

#: (day of the letter, reader, clause, term, step, step said before).
Line = tuple[str, str, str, str, int, int]


@pytest.fixture
def another(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[Store]:
    """A second empty ledger of the same kind."""
    found = on_sqlite(request, tmp_path) if store.is_sqlite else on_postgres(request)
    yield found
    found.close()


def issue(store: Store, *duties: Duty, people: Directory = PEOPLE, **words: object) -> int:
    return open_directive(store, paper(*duties, **words), people, practice=PRACTICE, calendar=CALENDAR, now=ISSUED).directive


def pass_days(store: Store, first: str, last: str) -> None:
    """Live through these days from morning to morning: sweep whenever something waits, and send what may leave."""
    list(play(store, CALENDAR, PRACTICE, at(first, "07:30"), at(last, "07:30")))


def mornings(first: str, last: str) -> Iterator[datetime]:
    """Half past seven on each of these days."""
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days
    return (at(first, "07:30") + timedelta(days=n) for n in range(days + 1))


def said(store: Store) -> list[Line]:
    """Every line of every digest, by day."""
    return [tuple(row) for row in ask(store, """
        SELECT n.day, a.code, u.clause, k.term || CASE WHEN k.parent IS NULL THEN '' ELSE o.code END AS term, i.rung, i.after
          FROM notice_items i JOIN notices n ON n.id = i.notice JOIN agencies a ON a.id = i.recipient
          JOIN tasks k ON k.id = i.task JOIN duties u ON u.id = k.duty JOIN agencies o ON o.id = k.unit
         WHERE n.day IS NOT NULL ORDER BY n.day, a.code, u.position, k.term, o.code, i.rung""")]


def hearers(store: Store) -> dict[str, list[str]]:
    """Who heard on which day."""
    found: dict[str, list[str]] = {}
    for day, reader, *_ in said(store):
        if reader not in found.setdefault(day, []):
            found[day].append(reader)
    return found


class TestWhoHears:
    def test_a_duty_climbs_from_its_lead_to_those_above(self, store: Store) -> None:
        issue(store, LEAFLETS)
        post(store, CALENDAR, LEFT)
        pass_days(store, "2020-05-19", "2020-06-10")
        # Due on Sunday 24/5; a day before is the Friday, a day late the Monday.
        assert hearers(store) == {
            "2020-05-22": ["insurance", "radio", "ward-a", "ward-b", "ward-c"],
            "2020-05-25": ["insurance", "office"],
            "2020-05-29": ["deputy"],
            "2020-06-05": ["chair"],
        }

    def test_a_request_climbs_to_nobody(self, store: Store) -> None:
        issue(store, duty("1", "union", with_=("radio",), force="ask", due=by("2020-05-24")))
        post(store, CALENDAR, LEFT)
        pass_days(store, "2020-05-19", "2020-07-31")
        assert {reader for _, reader, *_ in said(store)} == {"union", "radio"}

    def test_a_child_reaches_only_the_lead_that_passed_it_down(self, store: Store) -> None:
        issue(store, SCHOOLS.model_copy(update={"due": by("2020-05-24")}))
        post(store, CALENDAR, LEFT)
        pass_days(store, "2020-05-19", "2020-06-10")
        of_children = {reader for _, reader, _, unit, *_ in said(store) if unit}
        assert of_children == {"school-1", "school-2", "education"}
        assert {reader for _, reader, _, unit, *_ in said(store) if not unit} == {"education", "office", "deputy", "chair"}

    def test_words_of_a_rung_are_people(self, store: Store) -> None:
        rungs = tuple(Rung(words=f"{n} days late", side="late", count=n, audience=who) for n, who in enumerate((
            ("head",), ("above",), ("issuer",), ("schools",), ("with",), ("chair", "wards"),
        ), 1))
        headed = {"ward-a": PEOPLE.agencies["ward-a"].model_copy(update={"head": "union"})}
        people = PEOPLE.model_copy(update={"agencies": {**PEOPLE.agencies, **headed}})
        issue(store, duty("1", "ward-a", with_=("radio",), due=by("2020-05-24")), people=people, escalation=rungs)
        post(store, CALENDAR, LEFT)
        pass_days(store, "2020-05-24", "2020-06-10")
        assert list(hearers(store).values()) == [
            ["union"], ["district"], ["district"], ["school-1", "school-2"], ["radio"], ["chair", "ward-a", "ward-b", "ward-c"],
        ]

    def test_what_stands_is_asked_before_each_report_round_and_its_lead_alone_hears(self, store: Store) -> None:
        issue(store, STANDING)
        post(store, CALENDAR, LEFT)
        pass_days(store, "2020-05-19", "2020-07-31")
        wards = ["ward-a", "ward-b", "ward-c"]
        assert hearers(store) == {"2020-06-18": wards, "2020-07-20": wards}

    def test_a_leader_without_work_of_his_own_gets_an_escalation_the_lead_a_digest(self, store: Store) -> None:
        issue(store, LEAFLETS)
        post(store, CALENDAR, LEFT)
        pass_days(store, "2020-05-19", "2020-05-25")
        lanes = ask(store, "SELECT n.lane, a.code FROM notices n JOIN agencies a ON a.id = n.recipient WHERE n.lane <> 'new'")
        assert {row.code: row.lane for row in lanes} == {
            "insurance": "digest", "radio": "digest", "ward-a": "digest", "ward-b": "digest", "ward-c": "digest", "office": "escalation",
            "chair": "report",
        }


class TestTerms:
    def test_of_a_recurring_duty_only_the_oldest_open_term_speaks(self, store: Store) -> None:
        issue(store, CAR)
        post(store, CALENDAR, LEFT)
        pass_days(store, "2020-05-30", "2020-07-31")
        assert {term for _, _, _, term, *_ in said(store)} == {"2020-05-30"}

    def test_the_next_speaks_when_the_oldest_is_done_and_says_only_what_lies_ahead(self, store: Store) -> None:
        monthly = duty("5", "radio", every=Every(words="month", unit="month"), from_=date(2020, 6, 1))
        issue(store, monthly)
        post(store, CALENDAR, LEFT)
        pass_days(store, "2020-06-01", "2020-08-05")
        before = said(store)
        assert {term for _, _, _, term, *_ in before} == {"2020-06-01"}
        says(store, "radio", "done", "5", at("2020-08-05"), term="2020-06-01")
        pass_days(store, "2020-08-06", "2020-08-20")
        # July's: due 31/7, "1 day late" kept silent, five working days late climbs: its lead has known the duty since the issue.
        assert said(store)[len(before):] == [
            ("2020-08-07", "deputy", "5", "2020-07-01", 4, 3), ("2020-08-14", "chair", "5", "2020-07-01", 5, 4),
        ]


class TestGrace:
    def test_nobody_above_hears_before_the_lead_was_told_by_the_end_of_the_working_day_before(self, store: Store) -> None:
        issue(store, LEAFLETS)
        for now in mornings("2020-05-19", "2020-05-25"):
            turn(store, CALENDAR, PRACTICE, now)
        # The digest of 22/5 has not left: it is that of 25/5 now.
        assert hearers(store) == {"2020-05-25": ["insurance", "radio", "ward-a", "ward-b", "ward-c"]}
        post(store, CALENDAR, at("2020-05-25", "16:59"))
        pass_days(store, "2020-05-26", "2020-05-29")
        assert hearers(store) == {
            "2020-05-25": ["insurance", "radio", "ward-a", "ward-b", "ward-c"],
            "2020-05-26": ["insurance", "office"],
            "2020-05-29": ["deputy"],
        }

    def test_a_rung_waits_until_the_morning_after_and_is_then_said_to_all(self, store: Store) -> None:
        issue(store, LEAFLETS)
        for now in mornings("2020-05-19", "2020-05-28"):
            turn(store, CALENDAR, PRACTICE, now)
        post(store, CALENDAR, at("2020-05-29", "07:00"))
        pass_days(store, "2020-05-29", "2020-06-01")
        # On Friday the fourth step is due: he was told that same morning, so it waits for Monday; the third has been overtaken.
        assert [line for line in said(store) if line[4] > 1] == [("2020-06-01", "deputy", "6.4", "", 3, 1)]

    @pytest.mark.parametrize("fate", ["undeliverable", "failed", "uncertain", "none"])
    def test_who_was_never_told_is_never_reported_to_anybody_above(self, sqlite_store: Store, fate: str) -> None:
        issue(sqlite_store, LEAFLETS, people=PEOPLE if fate != "none" else PEOPLE.model_copy(update={
            "agencies": {**PEOPLE.agencies, "insurance": agency("insurance", mail=False)},
        }))
        outbox = LedgerOutbox(sqlite_store, CALENDAR, "office.example")
        for now in mornings("2020-05-19", "2020-06-30"):
            turn(sqlite_store, CALENDAR, PRACTICE, now)
            for lane in ("new", "digest", "escalation"):
                outbox.record([
                    Outcome(notice_id=n.id, lease=n.lease, state=fate if n.recipient.id == "insurance" else "sent")  # type: ignore[arg-type]
                    for n in outbox.claim(lane, now, 99)
                ], now)
        heard = {reader for _, reader, _, _, step, _ in said(sqlite_store) if step > UNHEARD}
        assert heard <= {"insurance", "radio", "ward-a", "ward-b", "ward-c"}

    def test_a_longer_grace_counts_from_the_first_letter_and_not_from_the_last_reminder(self, store: Store) -> None:
        patient = PRACTICE.model_copy(update={"grace": 3})
        open_directive(store, paper(LEAFLETS), PEOPLE, practice=patient, calendar=CALENDAR, now=ISSUED)
        post(store, CALENDAR, LEFT)
        for day in ("2020-05-22", "2020-05-25"):
            sweep(store, CALENDAR, patient, at(day, "07:30"))
            post(store, CALENDAR, at(day, "07:31"))
        assert hearers(store)["2020-05-25"] == ["insurance", "office"]


class TestMissedMornings:
    def test_missed_rungs_collapse_to_the_latest_and_the_skipped_stay_on_record(self, store: Store) -> None:
        issue(store, LEAFLETS)
        post(store, CALENDAR, LEFT)
        pass_days(store, "2020-06-10", "2020-06-11")
        assert said(store) == [("2020-06-10", "insurance", "6.4", "", 4, 0), ("2020-06-11", "chair", "6.4", "", 4, 0)]
        assert [tuple(row) for row in ask(store, "SELECT rung, after, why FROM skips")] == [(4, 0, "missed")]

    @pytest.mark.parametrize("when", [
        pytest.param(("2020-05-25", "07:29"), id="before the window"), pytest.param(("2020-05-25", "17:01"), id="after the window"),
        pytest.param(("2020-05-30", "09:00"), id="on a Saturday"), pytest.param(("2020-05-31", "09:00"), id="on a Sunday"),
        pytest.param(("2020-09-02", "09:00"), id="on the National Day"),
    ])
    def test_on_days_off_and_outside_the_window_nothing_is_said(self, sqlite_store: Store, when: tuple[str, str]) -> None:
        issue(sqlite_store, LEAFLETS)
        post(sqlite_store, CALENDAR, LEFT)
        written = everything(sqlite_store)
        assert sweep(sqlite_store, CALENDAR, PRACTICE, at(*when)) == Swept()
        assert everything(sqlite_store) == written

    def test_what_comes_after_the_days_letter_is_sealed_goes_to_the_next_working_day(self, store: Store) -> None:
        issue(store, LEAFLETS, PLAIN, duty("4", "radio", due=by("2020-05-30")))
        post(store, CALENDAR, LEFT)
        for clause, hour in (("3", "07:30"), ("4", "08:10")):
            tell(store, "UPDATE tasks SET wake_at = :at WHERE duty = (SELECT id FROM duties WHERE clause = :clause)",
                 at=int(at("2020-05-29", hour).timestamp()), clause=clause)
        for hour in ("07:30", "08:30", "09:30", "16:30"):
            turn(store, CALENDAR, PRACTICE, at("2020-05-29", hour))
            post(store, CALENDAR, at("2020-05-29", hour))
        found = [(day, clause) for day, reader, clause, *_ in said(store) if reader == "radio" and clause != "6.4"]
        assert found == [("2020-05-29", "3"), ("2020-06-01", "4")]
        pass_days(store, "2020-06-01", "2020-06-01")
        letters = ask(store, """
            SELECT n.day, n.state FROM notices n JOIN agencies a ON a.id = n.recipient
             WHERE a.code = 'radio' AND n.day IS NOT NULL ORDER BY n.day""")
        assert [tuple(row) for row in letters] == [("2020-05-29", "sent"), ("2020-06-01", "sent")]

    def test_a_reminder_of_an_hour_that_comes_after_the_days_letter_goes_at_once_and_alone(self, store: Store) -> None:
        hour = by("2020-05-29").model_copy(update={"hour": time(16)})
        issue(store, duty("3", "radio", due=hour), duty("4", "radio", due=by("2020-05-29")), duty("5", "radio", due=by("2020-05-30")))
        post(store, CALENDAR, LEFT)
        for clause in ("3", "4"):
            says(store, "radio", "pause", clause, at("2020-05-20"), by=ISSUER, note="chờ kinh phí", until=date(2020, 6, 10))
        sent = []
        for now in (at("2020-05-29", "07:30"), at("2020-05-29", "10:00"), at("2020-05-29", "16:30"), at("2020-06-01", "07:30")):
            for clause in ("3", "4") if now == at("2020-05-29", "10:00") else ():
                says(store, "radio", "resume", clause, now, by=ISSUER, note="đã có kinh phí")
            turn(store, CALENDAR, PRACTICE, now)
            mine = [notice for notice in post(store, CALENDAR, now) if notice.recipient.id == "radio"]
            sent += [(now, notice.lane, [item.work.clause for item in notice.items]) for notice in mine]
        assert [letter for letter in sent if letter[1] != "decision"] == [
            (at("2020-05-29", "07:30"), "digest", ["5"]), (at("2020-05-29", "10:00"), "digest", ["3"]),
            (at("2020-06-01", "07:30"), "digest", ["3", "4", "5"]),
        ]

    @pytest.mark.parametrize(("due", "presses"), [
        (("2020-05-29", "16:00"), True), (("2020-05-30", "12:00"), True), (("2020-06-01", "07:29"), True),
        (("2020-05-29", "09:59"), False), (("2020-06-01", "07:30"), False), (("2020-05-29", "23:59:59"), False), (None, False),
    ])
    def test_an_hour_presses_that_lies_before_the_next_letter(self, due: tuple[str, str] | None, presses: bool) -> None:
        now, wake = (int(at(*when).timestamp()) for when in (("2020-05-29", "10:00"), ("2020-06-01", "07:30")))
        assert hours.presses(int(at(*due).timestamp()) if due else None, PRACTICE.tz, now, wake) is presses

    @pytest.mark.parametrize("hour", ["07:00", "08:10"])
    def test_after_an_outage_an_inbox_gets_one_letter(self, store: Store, hour: str) -> None:
        issue(store, PLAIN, duty("4", "radio", due=by("2020-05-30")), duty("5", "radio", due=by("2020-05-31")))
        post(store, CALENDAR, LEFT)
        wakes = {"3": ("2020-05-28", "07:30"), "4": ("2020-05-28", "08:10"), "5": ("2020-06-02", hour)}
        for clause, when in wakes.items():
            tell(store, "UPDATE tasks SET wake_at = :at WHERE duty = (SELECT id FROM duties WHERE clause = :clause)",
                 at=int(at(*when).timestamp()), clause=clause)
        sweep(store, CALENDAR, PRACTICE, at("2020-05-28", "07:30"))
        post(store, CALENDAR, at("2020-05-28", "07:30"))
        sweep(store, CALENDAR, PRACTICE, at("2020-05-28", "08:30"))  # gathers for Friday, when nobody sweeps
        tell(store, "UPDATE tasks SET wake_at = NULL WHERE rung > 0")
        for again in ("07:30", "08:30", "10:30"):
            sweep(store, CALENDAR, PRACTICE, at("2020-06-02", again))
        letters = Counter(row.not_before for row in ask(store, """
            SELECT n.not_before FROM notices n JOIN agencies a ON a.id = n.recipient
             WHERE a.code = 'radio' AND n.day IS NOT NULL AND n.state IN ('sent', 'queued')"""))
        assert letters == {int(at("2020-05-28", "07:30").timestamp()): 1, int(at("2020-06-02", "07:30").timestamp()): 1}


class TestHolding:
    def test_a_request_for_more_time_holds_the_ladder_for_five_working_days(self, store: Store) -> None:
        issue(store, PLAIN)
        post(store, CALENDAR, LEFT)
        says(store, "radio", "extend", "3", at("2020-05-27"), note="mưa bão", until=date(2020, 6, 30))
        pass_days(store, "2020-05-28", "2020-06-05")
        # Asked on Wednesday 27/5: held through Wednesday 3/6; then the latest step that was missed.
        assert said(store) == [
            ("2020-06-04", "office", "3", "", 3, 0), ("2020-06-04", "radio", "3", "", 3, 0), ("2020-06-05", "deputy", "3", "", 4, 3),
        ]

    def test_a_decision_ends_the_hold(self, store: Store) -> None:
        issue(store, PLAIN)
        post(store, CALENDAR, LEFT)
        says(store, "radio", "extend", "3", at("2020-05-27"), note="mưa bão", until=date(2020, 6, 30))
        pass_days(store, "2020-05-28", "2020-05-29")
        says(store, "radio", "refuse", "3", at("2020-05-29"), by=ISSUER, note="đã nắng")
        pass_days(store, "2020-05-30", "2020-06-01")
        assert hearers(store) == {"2020-06-01": ["office", "radio"]}

    def test_a_claim_that_waits_for_its_confirmation_holds_it_until_it_is_decided(self, store: Store) -> None:
        issue(store, PLAIN.model_copy(update={"confirm": True}))
        post(store, CALENDAR, LEFT)
        says(store, "radio", "done", "3", at("2020-05-27"))
        pass_days(store, "2020-05-28", "2020-06-30")
        assert said(store) == []
        says(store, "radio", "reject", "3", at("2020-06-30"), by=ISSUER, note="chưa đủ")
        pass_days(store, "2020-07-01", "2020-07-02")
        assert hearers(store) == {"2020-07-01": ["radio"], "2020-07-02": ["chair"]}

    def test_what_is_done_is_not_spoken_of(self, store: Store) -> None:
        issue(store, PLAIN)
        post(store, CALENDAR, LEFT)
        says(store, "radio", "done", "3", at("2020-05-27"))
        pass_days(store, "2020-05-28", "2020-06-30")
        assert said(store) == []

    def test_a_granted_date_has_a_ladder_of_its_own(self, store: Store) -> None:
        issue(store, PLAIN)
        post(store, CALENDAR, LEFT)
        pass_days(store, "2020-05-20", "2020-05-28")
        says(store, "radio", "extend", "3", at("2020-05-28"), note="mưa bão", until=date(2020, 6, 12))
        says(store, "radio", "grant", "3", at("2020-05-28"), by=ISSUER)
        pass_days(store, "2020-05-29", "2020-06-15")
        assert hearers(store) == {
            "2020-05-22": ["radio"], "2020-05-28": ["radio"],
            "2020-06-05": ["radio"], "2020-06-11": ["radio"], "2020-06-15": ["office", "radio"],
        }


EVERYTHING = (LEAFLETS, CAR, SCHOOLS.model_copy(update={"due": by("2020-05-24")}), STANDING, PLAIN)
MORNING = at("2020-06-03", "07:30")


class TestHowOftenItRuns:
    """One sweep of a long backlog is the measure: the same rows come of any other way."""

    def once(self, store: Store) -> dict[str, list[str]]:
        self.late(store)
        sweep(store, CALENDAR, PRACTICE, MORNING)
        return everything(store)

    def late(self, store: Store) -> None:
        number = issue(store, *EVERYTHING)
        post(store, CALENDAR, LEFT)
        open_terms(store, number, CALENDAR, MORNING)

    def test_fifty_sweeps_say_what_one_says(self, store: Store, another: Store) -> None:
        self.late(another)
        for _ in range(50):
            sweep(another, CALENDAR, PRACTICE, MORNING)
        assert everything(another) == self.once(store)

    @pytest.mark.parametrize("chunk", [1, 2])
    def test_the_size_of_a_chunk_changes_nothing(self, store: Store, another: Store, chunk: int) -> None:
        self.late(another)
        swept = sweep(another, CALENDAR, PRACTICE, MORNING, chunk=chunk)
        assert everything(another) == self.once(store)
        assert swept.tasks > 2

    def test_sweepers_at_once_say_what_one_says(self, store: Store, another: Store) -> None:
        for each in (store, another):
            issue_to_many(each)
        sweep(store, CALENDAR, PRACTICE, MORNING)
        stores = [Store(another.url.render_as_string(hide_password=False)) for _ in range(3)]
        with ThreadPoolExecutor(3) as threads:
            list(threads.map(lambda each: sweep(each, CALENDAR, PRACTICE, MORNING, chunk=2), stores))
        for each in stores:
            each.close()
        assert everything(another) == everything(store)

    def test_a_clock_that_went_back_says_nothing_new(self, store: Store) -> None:
        written = self.once(store)
        for day in ("2020-06-02", "2020-05-25", "2020-05-18"):
            sweep(store, CALENDAR, PRACTICE, at(day, "07:30"))
        assert everything(store) == written


def issue_to_many(store: Store) -> None:
    """Sixty offices under one district, all of them six working days late: what is said of each is said to the district, too."""
    many = Directory(
        agencies={"district": PEOPLE.agencies["district"], **{f"p-{n}": agency(f"p-{n}", kind="p", in_="district") for n in range(60)}},
        groups={"all": PEOPLE.groups["wards"].model_copy(update={"id": "all", "kind": ("p",)})},
    )
    issue(store, duty("3", "all", due=by("2020-05-24")), people=many, escalation=None, reports=(), indicators={})
    post(store, CALENDAR, LEFT)


def test_who_answers_while_the_sweep_runs_is_not_woken_again(store: Store) -> None:
    issue_to_many(store)

    def answer(n: int) -> None:
        says(store, f"p-{n}", "done", "3", MORNING)

    def run(_: int) -> None:
        sweep(store, CALENDAR, PRACTICE, MORNING, chunk=3)

    with ThreadPoolExecutor(6) as threads:
        work = [threads.submit(answer, n) for n in range(60)] + [threads.submit(run, n) for n in range(2)]
        for each in work:
            each.result()
    assert [tuple(row) for row in ask(store, "SELECT state, wake_at, count(*) FROM tasks GROUP BY 1, 2")] == [("done", None, 60)]
