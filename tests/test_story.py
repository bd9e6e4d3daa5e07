"""Read this first: one directive from its issue to its report, day by day, on both stores."""

from __future__ import annotations

from datetime import date

from tasks.cells import Cells
from tasks.ledger import chain, standing
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.letters import Notice
from tests.clockwork import post, turn
from tests.sample import CALENDAR, LEAFLETS, PEOPLE, PRACTICE, at, by, duty, paper
from tests.voices import ISSUER, says

PLAN = duty("3", "radio", due=by("2020-05-29"))


def heard(notice: Notice) -> list[str]:
    """What a letter says, a line each: the clause and why it is said now."""
    if notice.lane in ("receipt", "decision", "report"):
        return [notice.lane]
    return [f"{item.work.clause} {item.rung_words}".strip() for item in notice.items] + [f"{clause} phối hợp" for clause, _ in notice.part]


def letters(store: Store, day: str, hour: str = "07:30") -> dict[str, list[str]]:
    """Let the clock strike: what is due is said, and each reader's letter leaves."""
    now = at(day, hour)
    turn(store, CALENDAR, PRACTICE, now)
    return {notice.recipient.id: heard(notice) for notice in post(store, CALENDAR, now)}


def test_a_directive_is_issued_mailed_answered_chased_escalated_and_reported(store: Store) -> None:
    # Monday 18 May 2020. The district orders leaflets (6.4, insurance with radio and the wards) and a broadcasting plan (3, radio).
    issued = open_directive(store, paper(LEAFLETS, PLAN), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=at("2020-05-18"))
    assert (issued.tasks, issued.letters) == (2, 5)
    # Ten minutes are left to take it back; then everybody has one letter with all that concerns him.
    assert letters(store, "2020-05-18", "09:09") == {}
    assert letters(store, "2020-05-18", "09:10") == {
        "insurance": ["6.4"], "radio": ["3", "6.4 phối hợp"], **{f"ward-{letter}": ["6.4 phối hợp"] for letter in "abc"},
    }

    # The leaflets are due on Sunday 24, the plan on Friday 29: on Friday 22 both are reminded of, each reader in one letter.
    wards = {f"ward-{letter}": ["6.4 còn 1 ngày"] for letter in "abc"}
    assert letters(store, "2020-05-22") == {"insurance": ["6.4 còn 1 ngày"], "radio": ["6.4 còn 1 ngày", "3 còn 7 ngày"], **wards}

    # Insurance answers with a document and has a receipt. Without one it would not do; and nobody answers for another.
    assert "minh chứng" in says(store, "insurance", "done", "6.4", at("2020-05-22")).refusal
    assert "phối hợp" in says(store, "insurance", "done", "6.4", at("2020-05-22"), by="radio", document="1/BC").refusal
    assert says(store, "insurance", "done", "6.4", at("2020-05-22"), document="12/BC-BHXH ngày 22/5/2020").number == "898-6.4-4"
    assert letters(store, "2020-05-22", "09:00") == {"insurance": ["receipt"]}

    # Monday 25: the chair reads how it stands.
    assert letters(store, "2020-05-25") == {"chair": ["report"]}
    # Radio stays silent: it is reminded on the day before, and a day late the office hears, too (30 May is a Saturday).
    assert letters(store, "2020-05-28") == {"radio": ["3 còn 1 ngày"]}
    assert letters(store, "2020-05-30") == {}
    assert letters(store, "2020-06-01") == {"radio": ["3 quá hạn 1 ngày"], "office": ["3 quá hạn 1 ngày"]}

    # It asks for more time. While that is undecided nobody is told anything; the district grants it, and the new date has its own ladder.
    says(store, "radio", "extend", "3", at("2020-06-01"), note="mưa bão", until=date(2020, 6, 12))
    assert letters(store, "2020-06-05") == {"radio": ["receipt"]}
    says(store, "radio", "grant", "3", at("2020-06-05", "07:40"), by=ISSUER)
    assert letters(store, "2020-06-05", "08:00") == {"radio": ["decision"]}
    assert letters(store, "2020-06-11") == {"radio": ["3 còn 1 ngày"]}
    assert letters(store, "2020-06-15") == {"radio": ["3 quá hạn 1 ngày"], "office": ["3 quá hạn 1 ngày"]}
    assert letters(store, "2020-06-19") == {"deputy": ["3 quá hạn 5 ngày làm việc"]}

    # Done at last, ten days late. The June report says so, and every word of it can be traced.
    says(store, "radio", "done", "3", at("2020-06-22"))
    assert letters(store, "2020-06-25") == {"radio": ["receipt"], "chair": ["report"]}
    with store.read() as db:
        june = standing.standing(db, issued.directive, CALENDAR, at("2020-06-25"), at("2020-05-25"))
        assert chain.verify(db, issued.directive) is None
    assert june.cells == Cells(on_time=1, late=1)
    assert june.cells_before == Cells(on_time=1, in_time=1)
    assert [(change.kind, change.work.clause) for change in june.changes] == [("asks", "3"), ("done", "3"), ("granted", "3")]

    # Nothing more is said of what is done.
    assert letters(store, "2020-07-31") == {"chair": ["report"]}
