"""What is withdrawn or replaced ends open work and leaves what is done; what is urged stays as it was, and says by what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from directives.language.shapes import Basis, Due
from tasks.ledger import audit, chain, desk, listing, overview, roster
from tasks.ledger.acts import act
from tasks.ledger.amending import UnfitAmendmentError, withdraw
from tasks.ledger.opening import open_directive, open_terms
from tasks.ledger.recalling import BoundError, recall
from tasks.ledger.reporting import due, report
from tasks.ledger.store import Store
from tasks.letters import Notice
from tasks.values import Act, Said
from tests.amended import ISSUED, LATER, NAMED, after, begun, issue
from tests.clockwork import post, turn
from tests.rows import ask, everything, task
from tests.sample import CALENDAR, CAR, LEAFLETS, PEOPLE, PRACTICE, STANDING, at, by, duty, paper
from tests.test_promise import COMPOSER

LEFT = ISSUED + timedelta(minutes=10)
TOLD = LATER + timedelta(minutes=10)
CHIEF = Said(name="Trần Văn B", role="Chánh Văn phòng")


def end(store: Store, number: int, clause: str | None = None) -> int:
    """The issuer withdraws the paper, or a clause."""
    return withdraw(store, number, clause, reason="không còn phù hợp", by=CHIEF, calendar=CALENDAR, now=LATER)


def states(store: Store, clause: str) -> set[str]:
    rows = ask(store, "SELECT k.state FROM tasks k JOIN duties u ON u.id = k.duty WHERE u.clause = :clause", clause=clause)
    return {row.state for row in rows}


def said(notices: Iterable[Notice]) -> dict[str, list[tuple[str, str, str]]]:
    """What each recipient is told: sign, clause, reason."""
    return {n.recipient.id: [(line.sign, line.clause, line.reason) for line in n.altered] for n in notices if n.altered}


def finish(store: Store, clause: str, unit: str) -> None:
    with store.read() as db:
        number = task(db, clause, unit)
    done = Act(kind="done", task=number, said=CHIEF, key=f"{clause}{unit}", by=unit, document="12/BC")
    assert act(store, done, CALENDAR, at("2020-05-19")).refusal == ""


def test_a_clause_that_is_withdrawn_ends_and_each_agency_has_one_letter(store: Store) -> None:
    number = begun(store)
    post(store, CALENDAR, LEFT)
    assert end(store, number, "6.4") == 5
    assert states(store, "6.4") == {"void"}
    assert states(store, "1") == {"open"}
    letters = post(store, CALENDAR, TOLD)
    line = ("-", "6.4", "không còn phù hợp")
    assert said(letters) == {who: [line] for who in ("insurance", "radio", "ward-a", "ward-b", "ward-c")}
    text = COMPOSER.preview(letters[0]).text
    assert "Thôi thực hiện 1 việc của 898/UBND" in text
    assert "không còn phù hợp" in text


def test_a_letter_of_a_withdrawal_tells_of_nothing_else(store: Store) -> None:
    number = begun(store)
    post(store, CALENDAR, LEFT)
    end(store, number, "6.4")
    assert not any(n.items or n.part or n.forms or n.future for n in post(store, CALENDAR, TOLD))


def test_withdrawn_twice_is_withdrawn_once(store: Store) -> None:
    number = begun(store)
    assert end(store, number) > 0
    before = everything(store)
    assert end(store, number) == 0
    assert end(store, number, "6.4") == 0
    assert everything(store) == before


def test_a_clause_that_the_paper_lacks_cannot_be_withdrawn(store: Store) -> None:
    number = begun(store)
    before = everything(store)
    with pytest.raises(UnfitAmendmentError, match=r"9\.9"):
        end(store, number, "9.9")
    assert everything(store) == before


def test_a_clause_that_another_waits_for_cannot_be_withdrawn_alone(store: Store) -> None:
    waits = duty("7", "union", due=Due(words="3 days after 6.4", form="relative", count=3, after="6.4"))
    number = open_directive(store, paper(LEAFLETS, waits), PEOPLE, practice=PRACTICE, calendar=CALENDAR, now=ISSUED).directive
    before = everything(store)
    with pytest.raises(UnfitAmendmentError, match="7") as refused:
        end(store, number, "6.4")
    assert [mistake.code for mistake in refused.value.mistakes] == ["D147"]
    assert everything(store) == before
    assert end(store, number, "7") > 0
    assert end(store, number, "6.4") > 0


def test_a_paper_that_is_withdrawn_asks_opens_and_escalates_no_more(store: Store) -> None:
    number = begun(store)
    post(store, CALENDAR, LEFT)
    finish(store, "6.4", "insurance")
    end(store, number)
    assert (states(store, "6.4"), states(store, "1"), states(store, "2"), states(store, "10")) == ({"done"}, {"void"}, {"void"}, {"void"})
    told = said(post(store, CALENDAR, TOLD))
    assert "insurance" not in told
    assert {clause for _, clause, _ in told["radio"]} == {"7.2"}
    assert {clause for _, clause, _ in told["ward-a"]} == {"1", "10"}
    for day in ("2020-05-25", "2020-05-30", "2020-06-18", "2020-06-29", "2020-07-01", "2020-10-01"):
        open_terms(store, number, CALENDAR, at(day, "10:00"))
        turn(store, CALENDAR, PRACTICE, at(day, "10:00"))
        assert {n.lane for n in post(store, CALENDAR, at(day, "10:00"))} <= {"report"}
    assert states(store, "7.2") == set()


def test_reports_of_a_withdrawn_paper_stop_after_one_last(store: Store) -> None:
    number = begun(store)
    end(store, number)
    assert due(store, CALENDAR, at("2020-05-25", "08:00")) == [number]
    assert report(store, number, CALENDAR, at("2020-05-25", "08:00")) == 1
    assert due(store, CALENDAR, at("2020-12-25", "08:00")) == []


def test_first_letters_of_a_paper_withdrawn_in_its_window_do_not_leave(store: Store) -> None:
    number = begun(store)
    withdraw(store, number, None, reason="ký nhầm", by=CHIEF, calendar=CALENDAR, now=ISSUED + timedelta(minutes=5))
    left = post(store, CALENDAR, ISSUED + timedelta(minutes=30))
    assert left
    assert all(n.altered and not n.items and not n.future for n in left)


def test_a_withdrawn_paper_keeps_its_number_and_is_not_issued_again(store: Store) -> None:
    number = begun(store)
    post(store, CALENDAR, LEFT)
    end(store, number)
    before = everything(store)
    assert begun(store) == number
    assert everything(store) == before
    with pytest.raises(BoundError):
        recall(store, number, "898/UBND", LATER)


def test_a_withdrawn_paper_is_shown_as_such_and_counted_no_more(store: Store) -> None:
    number = begun(store)
    end(store, number)
    with store.read() as db:
        [of] = listing.numbered(db, "898/UBND")
        assert [(tie.kind, tie.reason, tie.paper) for tie in of.ties] == [("withdrawn", "không còn phù hợp", "")]
        assert overview.all_counted(db, CALENDAR, at("2020-05-21")) == []
        assert [paper.number for paper, _ in overview.all_counted(db, CALENDAR, at("2020-05-19"))] == ["898/UBND"]
        mine = desk.desk(db, roster.row_of(db, "radio"), CALENDAR)
        assert (mine.open, mine.closed) == ((), ())
        assert chain.verify(db, number) is None
        who = [event.name for event in listing.history(db, number) if event.kind == "withdrawn"]
    assert set(who) == {"Trần Văn B"}


def test_a_paper_that_replaces_another_ends_its_work_and_tells_of_it_in_its_own_letter(store: Store) -> None:
    number = begun(store)
    post(store, CALENDAR, LEFT)
    finish(store, "6.4", "insurance")
    new = after(number="1021/UBND", date=date(2020, 5, 20), replaces=(NAMED,), duties=(duty("1", "insurance", due=by("2020-06-30")),))
    issue(store, new, LATER)
    assert (states(store, "6.4"), states(store, "2")) == ({"done"}, {"void"})
    letters = [n for n in post(store, CALENDAR, TOLD) if n.lane == "new"]
    assert all(n.paper and n.paper.number == "1021/UBND" for n in letters)
    told = said(letters)
    assert told["radio"] == [("-", "7.2", "được thay thế bằng 1021/UBND ngày 20/5/2020")]
    assert {clause for _, clause, _ in told["education"]} == {"2"}
    assert [item.work.clause for n in letters if n.recipient.id == "insurance" for item in n.items] == ["1"]
    open_terms(store, number, CALENDAR, at("2020-06-06"))
    assert states(store, "7.2") == set()


def test_a_clause_can_be_replaced_alone(store: Store) -> None:
    number = begun(store)
    part = NAMED.model_copy(update={"clause": "6.4"})
    issue(store, after(number="1021/UBND", date=date(2020, 5, 20), replaces=(part,), duties=(duty("1", "union"),)), LATER)
    assert (states(store, "6.4"), states(store, "2")) == ({"void"}, {"open"})
    with store.read() as db:
        assert [(tie.kind, tie.clause) for tie in listing.numbered(db, "898/UBND")[0].ties] == [("replaced", "6.4")]
        assert chain.verify(db, number) is None


def test_what_was_never_in_the_ledger_is_replaced_without_a_word(store: Store) -> None:
    old = Basis(number="12/UBND", date=date(2010, 1, 1))
    issue(store, after(number="1021/UBND", date=date(2020, 5, 20), replaces=(old,), urges=(old,), duties=(duty("1", "union"),)), LATER)
    assert [n.recipient.id for n in post(store, CALENDAR, TOLD)] == ["union"]


# Urging letters.


def urging(clause: str = "", *to: str) -> object:
    """1020/UBND of 27/5/2020, which presses 898/UBND after 6.4 was missed."""
    named = NAMED.model_copy(update={"clause": clause or None})
    return after(number="1020/UBND", date=date(2020, 5, 27), title="Đôn đốc", urges=(named,), to=to)


URGED = at("2020-05-27", "10:00")


def urge(store: Store, clause: str = "", *to: str) -> list[Notice]:
    issue(store, urging(clause, *to), URGED)  # type: ignore[arg-type]
    return [n for n in post(store, CALENDAR, URGED + timedelta(minutes=10)) if n.lane == "new"]


def test_an_urging_letter_lists_what_is_open_with_its_missed_date_and_moves_none(store: Store) -> None:
    number = begun(store, LEAFLETS, STANDING)
    post(store, CALENDAR, LEFT)
    before = ask(store, "SELECT * FROM tasks ORDER BY id")
    letters = {n.recipient.id: n for n in urge(store)}
    assert ask(store, "SELECT * FROM tasks ORDER BY id") == before
    assert sorted(letters) == ["insurance", "ward-a", "ward-b", "ward-c"]
    text = COMPOSER.preview(letters["insurance"]).text
    assert "Quá hạn từ chủ nhật 24/5/2020, vẫn còn mở" in text
    assert "không lùi hạn" in text
    assert "Không ghi thời hạn, còn mở" in COMPOSER.preview(letters["ward-a"]).text
    with store.read() as db:
        assert [e.payload["note"] for e in listing.history(db, number, "6.4") if e.kind == "urged"] == ["1020/UBND ngày 27/5/2020"]
        mine = desk.desk(db, roster.row_of(db, "insurance"), CALENDAR)
    assert mine.open[0].urged == ("1020/UBND ngày 27/5/2020",)


def test_only_the_clause_and_the_agencies_that_it_names_are_urged(store: Store) -> None:
    begun(store)
    post(store, CALENDAR, LEFT)
    assert said(urge(store, "1", "ward-b")) == {"ward-b": [("!", "1", "")]}


def test_a_heading_means_all_its_points(store: Store) -> None:
    begun(store, LEAFLETS, LEAFLETS.model_copy(update={"clause": "6.10"}), duty("60", "union"))
    post(store, CALENDAR, LEFT)
    assert said(urge(store, "6")) == {"insurance": [("!", "6.4", ""), ("!", "6.10", "")]}


def test_what_was_done_meanwhile_is_not_urged(store: Store) -> None:
    begun(store, LEAFLETS)
    post(store, CALENDAR, LEFT)
    issue(store, urging(), URGED)  # type: ignore[arg-type]
    with store.read() as db:
        number = task(db, "6.4", "insurance")
    done = Act(kind="done", task=number, said=CHIEF, key="k", by="insurance", document="12/BC")
    act(store, done, CALENDAR, URGED + timedelta(minutes=5))
    assert [n for n in post(store, CALENDAR, URGED + timedelta(minutes=10)) if n.lane == "new"] == []


def test_the_ledger_agrees_with_itself_after_all_of_it(store: Store) -> None:
    number = begun(store, CAR, STANDING, LEAFLETS)
    urge(store)
    end(store, number, "1")
    end(store, number)
    with store.read() as db:
        assert audit.breaks(db) == ()
        assert audit.orphans(db) == {}
