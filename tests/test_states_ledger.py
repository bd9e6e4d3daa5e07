"""What work can become, on the ledger: returned, kept, passed on, paused, moved to another, reopened, answered late; who is told."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from directives.language.shapes import Duty
from notifications.letters import Composer
from notifications.links import Keys
from tasks.ledger import chain, desk, holding, roster, sweep
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.ledger.works import Upto, works
from tasks.values import Receipt, Work
from tests.clockwork import post, turn
from tests.rows import ask, everything, task
from tests.sample import CALENDAR, PEOPLE, PRACTICE, SCHOOLS, at, by, duty, paper
from tests.voices import ISSUER, says

ISSUED = at("2020-05-18")
NOW = at("2020-05-20")
PLAIN = duty("3", "radio", due=by("2020-05-29"))
WARDS = duty("5", "wards", due=by("2020-05-29"))
COMPOSER = Composer(base_url="https://dondoc.example", keys=Keys({"k1": bytes(32)}), office="UBND", sender="dondoc@office.example")


_URGED = "SELECT a.code FROM notice_items i JOIN agencies a ON a.id = i.recipient WHERE i.rung > 0"


def issue(store: Store, *duties: Duty) -> int:
    return open_directive(store, paper(*duties), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED).directive


def decide(store: Store, unit: str, kind: str, clause: str = "3", now: datetime = NOW, **words: Any) -> Receipt:
    """The issuer's word about the task in the name of `unit`."""
    return says(store, unit, kind, clause, now, by=ISSUER, **words)


def of(store: Store, unit: str = "radio", clause: str = "3", upto: Upto | None = None) -> Work:
    with store.read() as db:
        number = task(db, clause, unit)
        return works(db, [number], CALENDAR, **({"upto": upto} if upto else {}))[number]


def lines(store: Store, now: datetime) -> list[tuple[str, str, str]]:
    """(recipient, lane, headline) of every letter but reports that leaves now; each of them can be written."""
    left = [notice for notice in post(store, CALENDAR, now) if notice.lane != "report"]
    return sorted((notice.recipient.id, notice.lane, COMPOSER.preview(notice).subject) for notice in left)


def desk_of(store: Store, agency: str) -> list[tuple[str, str]]:
    with store.read() as db:
        found = desk.desk(db, roster.row_of(db, agency), CALENDAR)
    return [(work.clause, work.state) for work in (*found.open, *found.closed)]


# A return

def test_a_return_waits_for_the_issuer_and_says_why_and_whose_it_is(store: Store) -> None:
    issue(store, PLAIN)
    receipt = says(store, "radio", "return", "3", NOW, note="Đài không quản lý việc này", to="Phòng Văn hóa")
    assert (receipt.refusal, of(store).state, of(store).held_words) == ("", "returned", "Đài không quản lý việc này")
    assert "đã có đề nghị" not in says(store, "radio", "return", "3", NOW, note="lần nữa").refusal
    [event] = ask(store, "SELECT payload FROM events WHERE kind = 'return'")
    said = json.loads(event.payload)
    assert (said["to"], said["before"], said["after"]) == ("Phòng Văn hóa", {"state": "open"}, {"state": "returned"})


def test_a_refused_return_leaves_the_work_with_its_agency_which_has_received_it(store: Store) -> None:
    issue(store, PLAIN)
    says(store, "radio", "return", "3", NOW, note="không phải của Đài")
    assert "lý do" in decide(store, "radio", "keep").refusal
    assert decide(store, "radio", "keep", note="Đài phát thanh là đầu mối").refusal == ""
    work = of(store)
    assert (work.state, work.decided, work.decided_words) == ("received", "keep", "Đài phát thanh là đầu mối")
    post(store, CALENDAR, NOW)
    assert says(store, "radio", "done", "3", NOW).refusal == ""


def test_an_undecided_return_holds_the_ladder_for_so_many_working_days_and_no_longer(store: Store) -> None:
    issue(store, duty("3", "radio", due=by("2020-06-01")))
    says(store, "radio", "return", "3", at("2020-05-22", "10:00"), note="không phải của Đài")

    def said(day: str) -> list[int]:
        sweep.sweep(store, CALENDAR, PRACTICE, at(day, "07:30"))
        return [row.rung for row in ask(store, "SELECT rung FROM notice_items WHERE rung > 0 ORDER BY rung")]

    assert [said(day) for day in ("2020-05-25", "2020-05-28", "2020-05-29")] == [[], [], []]
    assert said("2020-06-01") == [2]


def test_a_returned_duty_goes_to_the_right_agency_which_is_told_in_full(store: Store) -> None:
    issue(store, PLAIN)
    post(store, CALENDAR, NOW)
    says(store, "radio", "return", "3", NOW, note="không phải của Đài")
    assert decide(store, "radio", "reassign", to="union").refusal == ""
    assert (of(store).state, of(store).agency.id, of(store).handler) == ("open", "union", "")
    assert (desk_of(store, "radio"), desk_of(store, "union")) == ([], [("3", "open")])
    told = lines(store, NOW)
    assert ("radio", "decision", "Đã chuyển đơn vị khác: việc 3 (898/UBND, mục 3)") in told
    assert [(who, lane) for who, lane, _ in told if who == "union"] == [("union", "new")]
    assert "Việc này không thuộc đơn vị" in says(store, "radio", "done", "3", NOW).refusal
    assert says(store, "radio", "done", "3", NOW, by="union").refusal == ""


@pytest.mark.parametrize(("to", "said"), [("nobody", "Sổ không có"), ("ward-a", "chính đơn vị đó"), ("ward-b", "đã có nhiệm vụ")])
def test_nobody_gets_what_he_has_already_and_a_stranger_nothing(store: Store, to: str, said: str) -> None:
    issue(store, WARDS)
    written = everything(store)
    assert said in decide(store, "ward-a", "reassign", "5", to=to).refusal
    assert everything(store) == written


def test_whoever_takes_over_has_his_grace_before_anybody_above_hears(store: Store) -> None:
    issue(store, PLAIN)
    post(store, CALENDAR, NOW)
    decide(store, "radio", "reassign", to="union", now=at("2020-06-01"))
    for day in ("2020-06-01", "2020-06-02"):
        sweep.sweep(store, CALENDAR, PRACTICE, at(day, "10:00"))
    assert ask(store, "SELECT 1 FROM notice_items i JOIN agencies a ON a.id = i.recipient WHERE a.code = 'office'") == []


# A pause

def test_a_pause_says_nothing_until_its_day_and_then_what_is_the_latest(store: Store) -> None:
    issue(store, PLAIN)
    post(store, CALENDAR, NOW)
    assert decide(store, "radio", "pause", note="chờ kinh phí", until=date(2020, 6, 3)).refusal == ""
    work = of(store)
    assert (work.state, work.held_until, work.held_words) == ("paused", date(2020, 6, 3), "chờ kinh phí")
    letters = [lines(store, at(day, "08:00")) for day in ("2020-05-22", "2020-05-28", "2020-06-02") if turn_at(store, day)]
    assert [each for of_day in letters for each in of_day if each[1] != "decision"] == []
    turn_at(store, "2020-06-03")
    assert of(store).state == "open"
    assert "radio" in {row.code for row in ask(store, _URGED)}
    [event] = ask(store, "SELECT payload FROM events WHERE kind = 'resumed'")
    assert json.loads(event.payload)["by"] == "date"


def turn_at(store: Store, day: str) -> bool:
    """A morning of the office: what lapses, then everything else."""
    holding.lapse(store, at(day, "07:30"))
    turn(store, CALENDAR, PRACTICE, at(day, "07:45"))
    return True


def test_a_pause_that_is_ended_early_goes_on_the_same_day(store: Store) -> None:
    issue(store, PLAIN)
    says(store, "radio", "progress", "3", NOW, note="đang in")
    decide(store, "radio", "pause", note="chờ kinh phí", until=date(2020, 6, 3))
    assert decide(store, "radio", "resume", now=at("2020-05-26")).refusal == ""
    assert of(store).state == "progress"
    sweep.sweep(store, CALENDAR, PRACTICE, at("2020-05-26", "10:00"))
    assert [row.rung for row in ask(store, "SELECT rung FROM notice_items WHERE rung > 0")] == [1]


def test_a_paused_duty_can_be_done_and_a_word_of_it_is_kept(store: Store) -> None:
    issue(store, PLAIN)
    decide(store, "radio", "pause", note="chờ kinh phí", until=date(2020, 6, 3))
    says(store, "radio", "progress", "3", NOW, note="vẫn chuẩn bị")
    assert (of(store).state, of(store).last_words) == ("paused", "vẫn chuẩn bị")
    assert says(store, "radio", "done", "3", NOW).refusal == ""
    assert of(store).state == "done"
    assert ask(store, "SELECT outcome FROM holds") == [("moot",)]
    says(store, "radio", "undo", "3", NOW, note="nhầm")
    assert of(store).state == "progress"


def test_a_past_day_reads_as_it_stood_then(store: Store) -> None:
    issue(store, PLAIN)
    decide(store, "radio", "pause", note="chờ kinh phí", until=date(2020, 6, 3))
    paused = ask(store, "SELECT max(seq) AS seq FROM events")[0].seq
    decide(store, "radio", "resume", now=NOW + timedelta(days=1))
    assert [of(store, upto=Upto(seq, 2**40)).state for seq in (paused - 1, paused, paused + 1)] == ["open", "paused", "open"]


def test_a_lapse_is_found_once_by_however_many_rounds(store: Store) -> None:
    issue(store, WARDS)
    for ward in ("ward-a", "ward-b"):
        decide(store, ward, "pause", "5", note="bão", until=date(2020, 5, 25))
    assert [holding.lapse(store, at(day)) for day in ("2020-05-22", "2020-05-25", "2020-05-25")] == [0, 2, 0]
    with store.read() as db:
        assert chain.verify(db, 1) is None


# Time

def test_a_childs_date_is_never_after_its_parents(store: Store) -> None:
    issue(store, SCHOOLS)
    assert "30/9/2020 của nhiệm vụ cấp trên" in decide(store, "school-1", "postpone", "2", until=date(2020, 10, 5)).refusal
    assert decide(store, "education", "postpone", "2", until=date(2020, 10, 5)).refusal == ""
    assert decide(store, "school-1", "postpone", "2", until=date(2020, 10, 5)).refusal == ""


def test_the_third_request_for_more_time_is_flagged(store: Store) -> None:
    issue(store, PLAIN)
    for n in range(1, 4):
        says(store, "radio", "extend", "3", NOW, note="chưa in xong", until=date(2020, 5, 29) + timedelta(n))
        assert of(store).asked == n
        if n < 3:
            decide(store, "radio", "grant")
    times = [json.loads(row.payload).get("times") for row in ask(store, "SELECT payload FROM events WHERE kind = 'extend' ORDER BY seq")]
    assert times == [None, None, 3]


def test_every_act_keeps_what_was_before_and_what_is_after(store: Store) -> None:
    issue(store, PLAIN)
    says(store, "radio", "extend", "3", NOW, note="mưa", until=date(2020, 6, 5))
    decide(store, "radio", "grant", until=date(2020, 6, 3))
    decide(store, "radio", "reassign", to="union", until=date(2020, 6, 10))
    found = [json.loads(row.payload) for row in ask(store, "SELECT payload FROM events WHERE kind IN ('grant', 'reassign') ORDER BY seq")]
    assert [(each["before"], each["after"]) for each in found] == [
        ({"state": "open", "due": "2020-05-29"}, {"state": "open", "due": "2020-06-03"}),
        ({"state": "open", "due": "2020-06-03", "agency": "radio"}, {"state": "open", "due": "2020-06-10", "agency": "union"}),
    ]


# Inside the agency, and after the end

def test_a_colleague_has_it_in_hand_and_the_task_stays_with_the_agency(store: Store) -> None:
    issue(store, PLAIN)
    assert says(store, "radio", "delegate", "3", NOW, to="Tổ kỹ thuật").refusal == ""
    work = of(store)
    assert (work.state, work.handler, work.agency.id) == ("received", "Tổ kỹ thuật", "radio")
    [event] = ask(store, "SELECT payload FROM events WHERE kind = 'delegate'")
    assert "Tổ kỹ thuật" not in event.payload  # a name stands beside the chain


def test_a_late_answer_is_kept_and_changes_nothing(store: Store) -> None:
    issue(store, PLAIN)
    says(store, "radio", "done", "3", NOW)
    closed = of(store).closed_at
    receipt = says(store, "radio", "answer", "3", at("2020-07-01"), note="bổ sung danh sách", files=(("a" * 64, "ds.pdf", 3),))
    work = of(store)
    assert (receipt.refusal, work.state, work.closed_at, work.last_words) == ("", "done", closed, "bổ sung danh sách")
    assert ask(store, "SELECT name FROM evidence") == [("ds.pdf",)]
    assert ("radio", "receipt") in [line[:2] for line in lines(store, at("2020-07-01"))]


def test_a_reopened_duty_is_open_with_its_parent_and_urged_again(store: Store) -> None:
    issue(store, SCHOOLS)
    for school in ("school-1", "school-2"):
        says(store, school, "done", "2", NOW)
    assert of(store, "education", "2").state == "done"
    assert decide(store, "school-1", "reopen", "2", note="số liệu sai").refusal == ""
    assert [of(store, unit, "2").state for unit in ("school-1", "school-2", "education")] == ["progress", "done", "progress"]
    [row] = ask(store, "SELECT wake_at FROM tasks k JOIN agencies a ON a.id = k.unit WHERE a.code = 'school-1'")
    assert row.wake_at is not None


def test_the_last_child_that_is_closed_by_hand_closes_its_parent(store: Store) -> None:
    issue(store, SCHOOLS)
    for school in ("school-1", "school-2"):
        assert decide(store, school, "close", "2", note="trường giải thể").refusal == ""
    assert of(store, "education", "2").state == "done"


def test_a_figure_of_a_day_is_corrected_for_a_day_and_keeps_both_values(store: Store) -> None:
    issue(store, duty("10", "wards", target="coverage"))
    words: dict[str, Any] = {"by": "insurance", "term": "2020-06-30", "on": date(2020, 5, 19)}
    for value, when in ((80, "2020-05-20"), (81, "2020-05-20")):
        assert says(store, "ward-a", "figure", "10", at(when, "10:00"), value=Decimal(value), **words).refusal == ""
    refused = says(store, "ward-a", "figure", "10", at("2020-05-21", "10:00"), value=Decimal(82), **words)
    assert "quá 24 giờ" in refused.refusal
    assert says(store, "ward-a", "figure", "10", at("2020-05-22"), value=Decimal(83), **(words | {"by": ISSUER})).refusal == ""
    found = [json.loads(row.payload) for row in ask(store, "SELECT payload FROM events WHERE kind = 'figure' ORDER BY seq")]
    assert [(each["before"].get("value"), each["after"].get("value")) for each in found] == [(None, None), ("80", "81"), ("81", "83")]


def test_paused_work_that_is_said_to_be_done_is_paused_no_more_and_climbs_on_where_that_is_rejected(store: Store) -> None:
    issue(store, duty("3", "radio", due=by("2020-05-22"), confirm=True))
    post(store, CALENDAR, ISSUED)
    decide(store, "radio", "pause", note="lý do", until=date(2020, 8, 1))
    says(store, "radio", "done", "3", NOW + timedelta(hours=1), document="12/BC ngày 20/5/2020")
    assert of(store).state == "claimed"
    decide(store, "radio", "reject", now=at("2020-05-25"), note="chưa đủ")
    assert of(store).state == "progress"
    turn(store, CALENDAR, PRACTICE, at("2020-05-26"))
    assert "radio" in [row.code for row in ask(store, _URGED)]
