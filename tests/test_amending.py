"""An amendment changes what is alive and nothing that is done: tasks in sets, one letter an agency, no letter of an old date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, text

from directives.language.amendment import amended
from directives.language.shapes import Agency, Change, Directory, Every, Overall, ReportPlan, Rung
from tasks.forecast import forecast
from tasks.ledger import audit, bonding, chain, listing, reporting, standing
from tasks.ledger.acts import act
from tasks.ledger.amending import UnfitAmendmentError
from tasks.ledger.issued import load
from tasks.ledger.opening import open_terms
from tasks.ledger.outbox import DOUBT, LEASE, LedgerOutbox
from tasks.ledger.recalling import BoundError, recall
from tasks.ledger.rows import canonical, digest
from tasks.ledger.store import Store
from tasks.letters import Notice, Outcome
from tasks.values import Act, Said
from tests.amended import ISSUED, LATER, amending, begun, issue
from tests.clockwork import play, post, turn
from tests.rows import ask, counts, everything, task, tell
from tests.sample import CALENDAR, CAR, COVER, COVERAGE, LEAFLETS, PEOPLE, PRACTICE, SCHOOLS, STANDING, at, by, duty, paper
from tests.test_promise import COMPOSER, _lines

NEW_DATE = Change(clause="6.4", due=by("2020-06-04"))
DROPPED = Change(clause="7.2", drop="chưa có kinh phí")
ADDED = Change(clause="6.5", text="Phát thanh hằng ngày", short="phát thanh", lead=("radio",), due=by("2020-06-10"))

LEFT = ISSUED + timedelta(minutes=10)
CLERK = Said(name="Nguyễn Thị A", role="chuyên viên")


def says(store: Store, kind: str, clause: str, unit: str, now: datetime, **words: object) -> None:
    """An agency, or the issuer where it decides, says something of a task."""
    with store.read() as db:
        number = task(db, clause, unit, str(words.pop("term", "")))
    who = "" if kind in ("grant", "refuse", "confirm", "reject") else unit
    said = Act(kind=kind, task=number, said=CLERK, key=f"{kind}{clause}{unit}{now}", by=who, **words)  # type: ignore[arg-type]
    assert act(store, said, CALENDAR, now).refusal == ""


def work(store: Store, clause: str) -> dict[str, tuple[str, str | None]]:
    """State and due day of a clause's tasks, by unit and term."""
    rows = ask(store, """
        SELECT a.code, k.term, k.state, k.due_at FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies a ON a.id = k.unit
         WHERE u.clause = :clause ORDER BY a.code, k.term""", clause=clause)
    return {" ".join(filter(None, (row.code, row.term))): (row.state, _day(row.due_at)) for row in rows}


def _day(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, PRACTICE.tz).date().isoformat()


def told(notices: Iterable[Notice]) -> dict[str, list[str]]:
    """What each recipient is told of earlier papers: sign, clause and what of it."""
    return {n.recipient.id: [f"{line.sign} {line.clause} {line.what}" for line in n.altered] for n in notices if n.altered}


def test_an_amendment_moves_opens_and_ends_what_is_alive_and_says_so_in_one_letter_each(store: Store) -> None:
    number = begun(store)
    post(store, CALENDAR, LEFT)
    body = ask(store, "SELECT body, hash FROM directives")[0]
    issue(store, amending(NEW_DATE, DROPPED, ADDED), LATER)
    assert work(store, "6.4") == {"insurance": ("open", "2020-06-04")}
    assert work(store, "6.5") == {"radio": ("open", "2020-06-10")}
    assert ask(store, "SELECT body, hash FROM directives WHERE id = :id", id=number)[0] == body
    with store.read() as db:
        in_force = load(db, number, CALENDAR).directive
        assert [each.clause for each in in_force.duties] == ["1", "2", "6.4", "6.5", "10"]
        assert chain.verify(db, number) is None
    letters = post(store, CALENDAR, LATER + timedelta(minutes=10))
    assert told(letters) == {
        "insurance": ["~ 6.4 due"], "radio": ["~ 6.4 due", "+ 6.5 duty", "- 7.2 duty"],
        "ward-a": ["~ 6.4 due"], "ward-b": ["~ 6.4 due"], "ward-c": ["~ 6.4 due"],
    }
    assert len(letters) == 5


def test_issued_twice_an_amendment_changes_nothing_more(store: Store) -> None:
    begun(store)
    issue(store, amending(NEW_DATE, DROPPED, ADDED), LATER)
    before = everything(store)
    again = issue(store, amending(NEW_DATE, DROPPED, ADDED), LATER + timedelta(days=1))
    assert (again.tasks, again.letters, everything(store)) == (0, 0, before)
    begun(store)
    assert everything(store) == before


class Killed(Exception):  # noqa: N818 - a signal
    """The process has died."""


def test_killed_at_any_commit_it_leaves_a_state_that_the_next_run_completes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(store)
    post(store, CALENDAR, LEFT)
    directive = amending(NEW_DATE, DROPPED, ADDED, duties=(duty("1", "union"),))
    commits, write = 0, store.write

    def dying(left: int) -> Callable[[], AbstractContextManager[Connection]]:
        """Transactions of which only so many are committed."""
        lives = iter(range(left))

        @contextmanager
        def write_or_die() -> Iterator[Connection]:
            if next(lives, None) is None:
                raise Killed
            with write() as db:
                yield db

        return write_or_die

    while True:
        monkeypatch.setattr(store, "write", dying(commits))
        try:
            issue(store, directive, LATER)
            break
        except Killed:
            assert work(store, "6.4")["insurance"][1] == ("2020-06-04" if commits else "2020-05-24")
            monkeypatch.setattr(store, "write", write)
            assert post(store, CALENDAR, LATER) == []
            commits += 1
    monkeypatch.setattr(store, "write", write)
    assert commits > 3
    assert sorted(n.recipient.id for n in post(store, CALENDAR, LATER + timedelta(minutes=10))) == [
        "insurance", "radio", "union", "ward-a", "ward-b", "ward-c",
    ]


def test_what_is_done_stays_as_it_was(store: Store) -> None:
    begun(store)
    says(store, "done", "6.4", "insurance", at("2020-05-19"), document="12/BC")
    before = [row for row in everything(store)["tasks"] if "6.4" in row]
    issue(store, amending(NEW_DATE), LATER)
    assert [row for row in everything(store)["tasks"] if "6.4" in row] == before
    letters = post(store, CALENDAR, LATER + timedelta(minutes=10))
    assert "1021/UBND" not in {n.paper.number for n in letters if n.paper}


def test_done_work_that_is_taken_back_after_the_amendment_has_the_new_date(store: Store) -> None:
    begun(store)
    says(store, "done", "6.4", "insurance", at("2020-05-19"), document="12/BC")
    issue(store, amending(NEW_DATE), LATER)
    says(store, "undo", "6.4", "insurance", at("2020-05-21"), note="nhầm")
    assert work(store, "6.4") == {"insurance": ("progress", "2020-06-04")}


def test_done_work_of_a_dropped_clause_cannot_be_taken_back(store: Store) -> None:
    begun(store)
    says(store, "done", "6.4", "insurance", at("2020-05-19"), document="12/BC")
    issue(store, amending(Change(clause="6.4", drop="không cần nữa")), LATER)
    with store.read() as db:
        said = Act(kind="undo", task=task(db, "6.4", "insurance"), said=CLERK, key="u", by="insurance", note="nhầm")
    assert "giữ nguyên" in act(store, said, CALENDAR, at("2020-05-21")).refusal


def test_a_claim_of_a_moved_clause_waits_on_and_one_of_a_dropped_clause_ends(store: Store) -> None:
    confirmed = LEAFLETS.model_copy(update={"confirm": True})
    begun(store, confirmed, confirmed.model_copy(update={"clause": "6.6"}))
    for clause in ("6.4", "6.6"):
        says(store, "done", clause, "insurance", at("2020-05-19"), document="12/BC")
    issue(store, amending(NEW_DATE, Change(clause="6.6", drop="không cần nữa")), LATER)
    assert work(store, "6.4") == {"insurance": ("claimed", "2020-06-04")}
    assert work(store, "6.6") == {"insurance": ("void", "2020-05-24")}


def test_a_granted_extension_gives_way_to_the_new_papers_date(store: Store) -> None:
    begun(store)
    says(store, "extend", "6.4", "insurance", at("2020-05-18", "09:05"), until=date(2020, 5, 30), note="chưa in xong")
    says(store, "grant", "6.4", "insurance", at("2020-05-18", "09:06"))
    post(store, CALENDAR, LEFT)
    issue(store, amending(NEW_DATE), LATER)
    row = ask(store, "SELECT k.due_at, k.original_due_at FROM tasks k JOIN duties u ON u.id = k.duty WHERE u.clause = '6.4'")[0]
    assert (_day(row.due_at), _day(row.original_due_at)) == ("2020-06-04", "2020-06-04")
    letters = {n.recipient.id: n for n in post(store, CALENDAR, LATER + timedelta(minutes=10))}
    assert [(line.before, line.after) for line in letters["insurance"].altered] == [("30/5/2020", "4/6/2020")]


def test_a_request_for_more_time_is_closed_and_its_agency_told(store: Store) -> None:
    begun(store)
    says(store, "extend", "6.4", "insurance", at("2020-05-19"), until=date(2020, 5, 30), note="chưa in xong")
    issue(store, amending(NEW_DATE), LATER)
    assert [row.decision for row in ask(store, "SELECT decision FROM requests")] == ["amended"]
    letters = post(store, CALENDAR, LATER + timedelta(minutes=10))
    assert told(letters)["insurance"] == ["~ 6.4 due", "~ 6.4 asks"]
    assert "đề nghị lùi hạn" in COMPOSER.preview(next(n for n in letters if n.altered and n.recipient.id == "insurance")).text.lower()


def test_another_lead_takes_over_and_the_old_one_hears_to_whom(store: Store) -> None:
    begun(store)
    post(store, CALENDAR, LEFT)
    issue(store, amending(Change(clause="6.4", lead=("union",))), LATER)
    assert work(store, "6.4") == {"insurance": ("void", "2020-05-24"), "union": ("open", "2020-05-24")}
    letters = post(store, CALENDAR, LATER + timedelta(minutes=10))
    assert {who: told(letters)[who] for who in ("insurance", "union", "radio")} == {
        "insurance": ["- 6.4 duty"], "union": ["+ 6.4 duty"], "radio": ["~ 6.4 lead"],
    }
    insurance = next(n for n in letters if n.recipient.id == "insurance")
    assert insurance.altered[0].reason == "chuyển cho union"


def test_who_takes_part_is_told_that_he_does_or_no_longer_does(store: Store) -> None:
    begun(store)
    post(store, CALENDAR, LEFT)
    issue(store, amending(Change(clause="6.4", with_=("radio", "union"))), LATER)
    found = told(post(store, CALENDAR, LATER + timedelta(minutes=10)))
    assert found == {"insurance": ["~ 6.4 with"], "union": ["+ 6.4 part"], **{f"ward-{x}": ["- 6.4 part"] for x in "abc"}}
    rows = ask(store, "SELECT a.code FROM coordinators c JOIN agencies a ON a.id = c.agency ORDER BY 1")
    assert [row.code for row in rows] == ["radio", "union"]


def test_words_evidence_and_target_are_carried_out(store: Store) -> None:
    begun(store, *(LEAFLETS, COVER))
    post(store, CALENDAR, LEFT)
    issue(store, amending(Change(clause="6.4", text="Soạn và in", short="in tài liệu", evidence="file", confirm=True)), LATER)
    row = ask(store, "SELECT text, short, evidence, confirm FROM duties WHERE clause = '6.4'")[0]
    assert tuple(row) == ("Soạn và in", "in tài liệu", "file", True)
    assert work(store, "6.4") == {"insurance": ("open", "2020-05-24")}
    found = told(post(store, CALENDAR, LATER + timedelta(minutes=10)))
    assert found["insurance"] == ["~ 6.4 text", "~ 6.4 evidence", "~ 6.4 confirm"]


def test_a_cascade_follows_its_lead(store: Store) -> None:
    begun(store)
    issue(store, amending(Change(clause="2", due=by("2020-08-31"))), LATER)
    assert set(work(store, "2").values()) == {("open", "2020-08-31")}
    says(store, "done", "2", "school-1", at("2020-05-21"), document="1/BC")
    smaller = Change(clause="2", cascade=(("school-1",),))
    issue(store, amending(smaller, number="1030/UBND", date=date(2020, 5, 22)), at("2020-05-22", "10:00"))
    assert work(store, "2") == {
        "education": ("done", "2020-08-31"), "school-1": ("done", "2020-08-31"), "school-2": ("void", "2020-08-31"),
    }


def test_a_rhythm_goes_on_by_the_new_one(store: Store) -> None:
    number = begun(store, CAR)
    for day in ("2020-05-30", "2020-06-06"):
        open_terms(store, number, CALENDAR, at(day))
    says(store, "done", "7.2", "radio", at("2020-06-05"), document="1/BC", term="2020-05-30")
    monthly = Change(clause="7.2", every=Every(words="month", unit="month"), until=date(2020, 9, 30))
    issue(store, amending(monthly, number="1100/UBND", date=date(2020, 6, 8)), at("2020-06-08", "10:00"))
    assert work(store, "7.2") == {
        "radio 2020-05-30": ("done", "2020-06-05"), "radio 2020-06-06": ("void", "2020-06-12"), "radio 2020-06-08": ("open", "2020-07-07"),
    }
    open_terms(store, number, CALENDAR, at("2020-07-08"))
    assert "radio 2020-07-08" in work(store, "7.2")


def test_a_dropped_duty_opens_nothing_more_and_is_asked_about_no_more(store: Store) -> None:
    number = begun(store, CAR, STANDING)
    issue(store, amending(DROPPED, Change(clause="1", drop="đã giao văn bản khác")), LATER)
    for day in ("2020-05-30", "2020-06-18", "2020-06-25"):
        turn(store, CALENDAR, PRACTICE, at(day, "10:00"))
        open_terms(store, number, CALENDAR, at(day, "10:00"))
    assert work(store, "7.2") == {}
    assert set(work(store, "1").values()) == {("void", None)}
    assert ask(store, "SELECT count(*) AS n FROM notices WHERE lane = 'digest'")[0].n == 0


def test_what_was_dropped_can_be_ordered_anew(store: Store) -> None:
    begun(store)
    issue(store, amending(Change(clause="6.4", drop="tạm dừng")), LATER)
    again = Change(clause="6.4", text="Soạn lại", short="soạn lại", lead=("insurance",), due=by("2020-06-20"))
    issue(store, amending(again, number="1040/UBND", date=date(2020, 5, 25)), at("2020-05-25", "10:00"))
    assert work(store, "6.4") == {"insurance": ("open", "2020-06-20")}


def test_a_milestone_that_moves_ends_the_old_term_and_opens_the_new(store: Store) -> None:
    begun(store, COVER)
    first, *others = COVERAGE.targets
    aim = {"coverage": COVERAGE.model_copy(update={"targets": (first.model_copy(update={"on": date(2020, 7, 31)}), *others)})}
    issue(store, amending(Change(clause="10", target="coverage"), indicators=aim), LATER)
    assert work(store, "10")["ward-a 2020-06-30"][0] == "void"
    assert work(store, "10")["ward-a 2020-07-31"] == ("open", "2020-07-31")


def test_a_lower_target_is_met_by_a_figure_that_came_before(store: Store) -> None:
    begun(store, COVER)
    with store.read() as db:
        number = task(db, "10", "ward-a", "2020-06-30")
    said = Act(kind="figure", task=number, said=CLERK, key="f", by="insurance", value=Decimal(80), on=date(2020, 5, 19))
    assert act(store, said, CALENDAR, at("2020-05-19")).refusal == ""
    first, *others = COVERAGE.targets
    lower = first.model_copy(update={"target": first.target.model_copy(update={"value": Decimal(79), "words": "79%"})})
    aim = {"coverage": COVERAGE.model_copy(update={"targets": (lower, *others)})}
    issue(store, amending(Change(clause="10", target="coverage"), indicators=aim), LATER)
    assert work(store, "10")["ward-a 2020-06-30"][0] == "done"


def test_a_running_ladder_stays_unless_the_paper_says_otherwise(store: Store) -> None:
    number = begun(store)
    issue(store, amending(NEW_DATE), LATER)
    with store.read() as db:
        assert load(db, number, CALENDAR).directive.escalation == paper().escalation
    ladder = (Rung(words="2 days before", side="before", count=2, audience=("lead",)),)
    issue(store, amending(number="1040/UBND", date=date(2020, 5, 21), overall=Overall(escalation=ladder)), at("2020-05-21", "10:00"))
    wakes = ask(store, "SELECT k.wake_at FROM tasks k JOIN duties u ON u.id = k.duty WHERE u.clause = '6.4'")
    assert [_day(row.wake_at) for row in wakes] == ["2020-06-02"]


def test_other_reports_come_in_their_new_rhythm_and_standing_work_is_asked_in_it(store: Store) -> None:
    number = begun(store, STANDING)
    weekly = ReportPlan(every=Every(words="friday", unit="week", weekday=4), to=("office",))
    issue(store, amending(overall=Overall(reports=(weekly,)), date=date(2020, 6, 3)), at("2020-06-03", "10:00"))
    assert reporting.due(store, CALENDAR, at("2020-06-04", "10:00")) == []
    assert reporting.due(store, CALENDAR, at("2020-06-05", "10:00")) == [number]
    assert {_day(row.wake_at) for row in ask(store, "SELECT wake_at FROM tasks")} == {"2020-06-05"}


def test_a_later_end_of_the_paper_lets_its_rhythms_go_on(store: Store) -> None:
    endless = CAR.model_copy(update={"until": None})
    number = begun(store, endless, until=date(2020, 6, 5))
    open_terms(store, number, CALENDAR, at("2020-06-01"))
    open_terms(store, number, CALENDAR, at("2020-06-20"))
    assert list(work(store, "7.2")) == ["radio 2020-05-30"]
    issue(store, amending(overall=Overall(until=date(2020, 7, 3)), date=date(2020, 6, 21)), at("2020-06-21", "10:00"))
    assert list(work(store, "7.2")) == ["radio 2020-05-30", "radio 2020-06-20"]  # what would have ended by then is not made up for
    open_terms(store, number, CALENDAR, at("2020-06-27"))
    assert list(work(store, "7.2"))[-1] == "radio 2020-06-27"


def test_a_new_agency_comes_in_with_the_amendments_own_directory(store: Store) -> None:
    begun(store)
    fresh = Agency(id="sport", name="Cơ quan sport", short="sport", mail="sport@office.example")
    people = Directory(agencies={**PEOPLE.agencies, "sport": fresh}, groups=PEOPLE.groups)
    directive = amending(Change(clause="6.5", text="Việc mới", short="việc mới", lead=("sport",), due=by("2020-06-10")))
    issue(store, directive, LATER, people)
    assert work(store, "6.5") == {"sport": ("open", "2020-06-10")}
    assert told(post(store, CALENDAR, LATER + timedelta(minutes=10)))["sport"] == ["+ 6.5 duty"]


def test_a_paper_that_is_not_in_the_ledger_cannot_be_amended(store: Store) -> None:
    before = counts(store)
    with pytest.raises(bonding.StrangePaperError, match="898/UBND"):
        issue(store, amending(NEW_DATE), LATER)
    assert counts(store) == before


def test_a_clause_that_the_paper_lacks_cannot_be_changed(store: Store) -> None:
    begun(store)
    before = everything(store)
    with pytest.raises(UnfitAmendmentError, match="không có mục"):
        issue(store, amending(Change(clause="9.9", due=by("2020-06-04"))), LATER)
    assert everything(store) == before


# No letter of an old date ever leaves.


@pytest.fixture
def outbox(store: Store) -> LedgerOutbox:
    """The outbox of the small paper, its first letters sent, on the morning on which 6.4 is due tomorrow."""
    begun(store)
    post(store, CALENDAR, LEFT)
    turn(store, CALENDAR, PRACTICE, MORNING)
    return LedgerOutbox(store, CALENDAR, "office.example")


MORNING = at("2020-05-22", "07:30")
AFTER = at("2020-05-22", "08:00")


def lines(notices: Iterable[Notice]) -> set[tuple[str, str | None]]:
    """Clause and due day of every line about 6.4."""
    works = [item.work for notice in notices for item in notice.items if item.work.clause == "6.4"]
    return {(work.clause, _day(int(work.due_at.timestamp())) if work.due_at else None) for work in works}


def amend(store: Store) -> None:
    issue(store, amending(NEW_DATE, date=date(2020, 5, 22)), AFTER)


def outcomes(notices: Iterable[Notice], state: str) -> list[Outcome]:
    return [
        Outcome(notice_id=n.id, lease=n.lease, state=state, retry_after=timedelta(minutes=1) if state == "queued" else None)  # type: ignore[arg-type]
        for n in notices
    ]


def everything_that_leaves(store: Store, start: datetime, end: datetime) -> list[Notice]:
    box = LedgerOutbox(store, CALENDAR, "office.example")
    found, now = [], start
    while now <= end:
        box.recover(now)
        turn(store, CALENDAR, PRACTICE, now)
        found += post(store, CALENDAR, now)
        now += timedelta(days=1)
    return found


@pytest.mark.parametrize("state", ["gathered", "queued", "put off", "in doubt", "leased, then put off", "leased, then killed", "failed"])
def test_a_letter_in_any_state_says_the_new_date_or_does_not_leave(outbox: LedgerOutbox, state: str) -> None:
    store = outbox.store
    if state == "gathered":
        with store.write() as db:
            db.execute(text("UPDATE notices SET state = 'gathering' WHERE lane = 'digest'"))
    elif state != "queued":
        claimed = outbox.claim("digest", MORNING, 99)
        assert lines(claimed) == {("6.4", "2020-05-24")}
        if state in ("put off", "in doubt", "failed"):
            outbox.record(outcomes(claimed, {"put off": "queued", "in doubt": "uncertain", "failed": "failed"}[state]), MORNING)
    amend(store)
    if state == "leased, then put off":
        outbox.record(outcomes(claimed, "queued"), AFTER)
    if state == "failed":
        with store.write() as db:
            db.execute(text("UPDATE notices SET state = 'queued', attempts = 0 WHERE state = 'failed'"))
    left = everything_that_leaves(store, AFTER + max(LEASE, DOUBT) + timedelta(minutes=5), at("2020-06-20", "16:00"))
    assert all(day == "2020-06-04" for _, day in lines(left))
    assert lines(left)
    assert [n for n in left if n.lane == "new" and n.altered]


def test_a_letter_that_a_worker_holds_when_the_paper_comes_and_that_goes_out_was_on_its_way(outbox: LedgerOutbox) -> None:
    claimed = outbox.claim("digest", MORNING, 99)
    amend(outbox.store)
    outbox.record(outcomes(claimed, "sent"), AFTER)
    assert ask(outbox.store, "SELECT k.told_at FROM tasks k JOIN duties u ON u.id = k.duty WHERE u.clause = '6.4'")[0].told_at is not None
    left = everything_that_leaves(outbox.store, AFTER + timedelta(minutes=15), at("2020-06-20", "16:00"))
    assert all(day == "2020-06-04" for _, day in lines(left))


def test_after_an_outage_no_rung_of_the_old_date_is_made_up_for(store: Store) -> None:
    begun(store)
    post(store, CALENDAR, LEFT)
    issue(store, amending(NEW_DATE, date=date(2020, 6, 1)), at("2020-06-01", "08:00"))  # nobody swept since the 18th of May
    left = everything_that_leaves(store, at("2020-06-01", "10:00"), at("2020-06-20", "16:00"))
    assert lines(left) == {("6.4", "2020-06-04")}
    assert min(n.date for n in left if n.lane == "digest" and lines([n])) >= at("2020-06-03", "07:00")


def test_a_first_letter_that_has_not_left_tells_of_the_paper_as_it_is_now(store: Store) -> None:
    begun(store)
    issue(store, amending(NEW_DATE, DROPPED, date=date(2020, 5, 18)), ISSUED + timedelta(minutes=5))
    left = post(store, CALENDAR, ISSUED + timedelta(minutes=20))
    assert lines(left) == {("6.4", "2020-06-04")}
    radio = [n for n in left if n.recipient.id == "radio"]
    assert all(not n.future for n in radio)
    assert told(left)["radio"] == ["~ 6.4 due", "- 7.2 duty"]


def test_a_second_amendment_before_the_first_ones_letters_leaves_only_the_last_word(store: Store) -> None:
    begun(store)
    post(store, CALENDAR, LEFT)
    issue(store, amending(NEW_DATE), LATER)
    box = LedgerOutbox(store, CALENDAR, "office.example")
    held = box.claim("new", LATER + timedelta(minutes=10), 99)
    box.record(outcomes(held, "queued"), LATER + timedelta(minutes=10))
    second = Change(clause="6.4", due=by("2020-06-12"))
    issue(store, amending(second, number="1022/UBND"), LATER + timedelta(minutes=12))
    left = [n for n in post(store, CALENDAR, LATER + timedelta(hours=1)) if n.altered]
    assert {line.after for n in left for line in n.altered} == {"12/6/2020"}
    assert {n.paper.number for n in left if n.paper} == {"1022/UBND"}


def test_a_decision_on_an_old_date_does_not_leave_any_more(store: Store) -> None:
    begun(store)
    post(store, CALENDAR, LEFT)
    says(store, "extend", "6.4", "insurance", at("2020-05-20", "09:00"), until=date(2020, 5, 30), note="chưa in xong")
    says(store, "grant", "6.4", "insurance", at("2020-05-20", "09:01"))
    issue(store, amending(NEW_DATE), LATER)
    left = post(store, CALENDAR, LATER)
    given = [(n.lane, n.receipt.work) for n in left if n.receipt]
    assert [(lane, _day(int(work.due_at.timestamp()))) for lane, work in given if work and work.due_at] == [("receipt", "2020-06-04")]


def test_nobody_above_hears_before_the_lead_was_told_of_the_new_date_and_had_his_grace(store: Store) -> None:
    begun(store)
    post(store, CALENDAR, LEFT)
    issue(store, amending(Change(clause="6.4", due=by("2020-05-20"))), LATER)
    row = ask(store, "SELECT k.told_at FROM tasks k JOIN duties u ON u.id = k.duty WHERE u.clause = '6.4'")[0]
    assert row.told_at is None
    post(store, CALENDAR, LATER + timedelta(minutes=10))
    row = ask(store, "SELECT k.told_at FROM tasks k JOIN duties u ON u.id = k.duty WHERE u.clause = '6.4'")[0]
    assert row.told_at == int((LATER + timedelta(minutes=10)).timestamp())


def test_amendments_and_deliveries_at_once_never_meet_head_on(store: Store) -> None:
    begun(store)
    post(store, CALENDAR, LEFT)
    turn(store, CALENDAR, PRACTICE, MORNING)
    others = [Store(store.url.render_as_string(hide_password=False)) for _ in range(2)]
    days = [f"2020-06-{day:02}" for day in range(4, 16)]

    def deliver() -> None:
        box = LedgerOutbox(others[0], CALENDAR, "office.example")
        for minute in range(40):
            now = AFTER + timedelta(minutes=minute)
            for lane in ("new", "digest"):
                if claimed := box.claim(lane, now, 3):
                    box.record(outcomes(claimed, "queued" if minute % 2 else "sent"), now)

    def change() -> None:
        for number, day in enumerate(days):
            said = amending(Change(clause="6.4", due=by(day)), number=f"{1100 + number}/UBND", date=date(2020, 5, 22))
            issue(others[1], said, AFTER + timedelta(minutes=number))

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(deliver), threads.submit(change)]:
            done.result()
    for other in others:
        other.close()
    left = everything_that_leaves(store, AFTER + timedelta(hours=2), at("2020-06-20", "16:00"))
    assert lines(left) == {("6.4", "2020-06-15")}
    assert {line.after for n in left for line in n.altered} <= {"15/6/2020"}


# The past stays as it was.


def test_a_day_before_the_amendment_reads_as_it_did(store: Store) -> None:
    number = begun(store)
    post(store, CALENDAR, LEFT)
    says(store, "done", "2", "school-1", at("2020-05-18", "15:00"), document="1/BC")
    eve = at("2020-05-26", "09:00")

    def stood() -> bytes:
        with store.read() as db:
            return reporting._STANDING.dump_json(standing.standing(db, number, CALENDAR, eve, at("2020-05-18", "09:30")))

    before = stood()
    ladder = (Rung(words="2 days before", side="before", count=2, audience=("lead",)),)
    changes = (
        Change(clause="6.4", due=by("2020-06-04"), text="Khác", short="khác", with_=("union",), evidence="file"), DROPPED, ADDED,
        Change(clause="2", lead=("union",)), Change(clause="1", drop="thôi"),
    )
    issue(store, amending(*changes, date=date(2020, 5, 27), overall=Overall(escalation=ladder)), at("2020-05-27", "10:00"))
    post(store, CALENDAR, at("2020-05-27", "10:30"))
    assert stood() == before


def test_a_frozen_report_can_be_counted_again_after_an_amendment(store: Store) -> None:
    number = begun(store)
    reporting.report(store, number, CALENDAR, at("2020-05-25", "07:30"))
    issue(store, amending(NEW_DATE, DROPPED, date=date(2020, 5, 26)), at("2020-05-26", "10:00"))
    frozen = ask(store, "SELECT as_of, hash FROM reports")[0]
    with store.read() as db:
        made = standing.standing(db, number, CALENDAR, datetime.fromtimestamp(frozen.as_of, UTC), load(db, number, CALENDAR).issued_at)
    assert digest(canonical(reporting._STANDING.dump_python(made, mode="json"))) == frozen.hash


def test_the_paper_and_its_work_say_by_what_they_were_changed(store: Store) -> None:
    number = begun(store)
    issue(store, amending(NEW_DATE, DROPPED), LATER)
    with store.read() as db:
        [of] = listing.numbered(db, "898/UBND")
        works, _ = listing.tasks(db, listing.Wanted(directive=number, clause="6.4"), CALENDAR, 10)
        history = [event.payload["note"] for event in listing.history(db, number, "7.2") if event.kind == "amended"]
    assert [(tie.kind, tie.paper) for tie in of.ties] == [("amended", "1021/UBND ngày 20/5/2020")]
    assert (works[0].due_before, works[0].due_by, works[0].due_words) == ("24/5/2020", "1021/UBND ngày 20/5/2020", "đến ngày 4/6/2020")
    assert history == ["1021/UBND ngày 20/5/2020: thôi thực hiện, chưa có kinh phí"]


# Taking back, and the promise.


def test_a_paper_that_changed_another_cannot_be_taken_back_in_silence(store: Store) -> None:
    first = begun(store)
    second = issue(store, amending(NEW_DATE, date=date(2020, 5, 18)), ISSUED + timedelta(minutes=1)).directive
    before = everything(store)
    for number, name in ((second, "1021/UBND"), (first, "898/UBND")):
        with pytest.raises(BoundError, match="văn bản sửa đổi"):
            recall(store, number, name, ISSUED + timedelta(minutes=2))
    assert everything(store) == before


def test_a_paper_of_changes_alone_has_no_reports_of_its_own(store: Store) -> None:
    begun(store)
    number = issue(store, amending(NEW_DATE, reports=None), LATER).directive
    assert ask(store, "SELECT reports_at FROM directives WHERE id = :id", id=number)[0].reports_at is None


def test_from_the_amendment_on_the_letters_are_those_that_the_new_text_foresees(store: Store) -> None:
    old = paper(STANDING, SCHOOLS, LEAFLETS, CAR, directory=PEOPLE)
    changing = amending(NEW_DATE, ADDED, date=date(2020, 5, 20), duties=(), directory=PEOPLE)
    until = at("2020-08-20", "23:59")
    issue(store, old, at("2020-05-18", "00:00"))
    for _ in play(store, CALENDAR, PRACTICE, at("2020-05-18", "00:00"), at("2020-05-20", "09:00")):
        pass
    issue(store, changing, at("2020-05-20", "09:00"))
    sent = [
        (moment.astimezone(PRACTICE.tz).date(), n) for moment, n in play(store, CALENDAR, PRACTICE, at("2020-05-20", "09:00"), until)
    ]
    engine = sorted(
        (day.isoformat(), n.lane, n.recipient.id, _lines(n.lane, [(i.work.clause, i.work.term, i.rung_words) for i in n.items]))
        for day, n in sent if n.lane != "new"
    )
    new = amended(old, changing)
    letters = forecast(new, PEOPLE, CALENDAR, PRACTICE, issued_at=at("2020-05-18", "00:00"), until=until.date()).to_json()["letters"]
    planned = sorted(
        (letter["on"], letter["lane"], letter["to"], _lines(letter["lane"], [(i["clause"], i["term"], i["rung"]) for i in letter["items"]]))
        for letter in letters if letter["on"] > "2020-05-20" and letter["lane"] != "new"
    )
    assert engine == planned
    assert {n.lane for _, n in sent} == {"new", "digest", "escalation", "report"}


def test_a_text_in_force_that_somebody_has_touched_is_found(store: Store) -> None:
    begun(store)
    issue(store, amending(NEW_DATE), LATER)
    with store.read() as db:
        assert audit.breaks(db) == ()
    tell(store, "UPDATE texts SET body = replace(body, '2020-06-04', '2020-07-04')")
    with store.read() as db:
        assert [(found.number, found.seq) for found in audit.breaks(db)] == [("898/UBND", 6)]
