"""Opening: an issue becomes tasks and one letter a recipient; again writes nothing, and a kill anywhere is mended by the next run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from directives.language.shapes import Directive, Directory
from tasks.ledger import roster
from tasks.ledger.opening import ChangedPaperError, Opened, open_directive, open_terms
from tasks.ledger.store import Store
from tests.clockwork import post, turn
from tests.conftest import on_postgres, on_sqlite
from tests.rows import ask, counts, everything, letters, tell, wipe
from tests.sample import CALENDAR, CAR, COVER, EVERY, LEAFLETS, PEOPLE, PRACTICE, SCHOOLS, agency, at, duty, paper

NOW = at("2020-05-18")


def issue(store: Store, directive: Directive | None = None, *, now: datetime = NOW, people: Directory = PEOPLE) -> Opened:
    return open_directive(store, directive or paper(), people, practice=PRACTICE, calendar=CALENDAR, now=now)


def changed(code: str, **words: object) -> Directory:
    """The directory with one agency's words changed."""
    one = PEOPLE.agencies[code].model_copy(update=words)
    return PEOPLE.model_copy(update={"agencies": {**PEOPLE.agencies, code: one}})


def test_a_second_issue_writes_nothing(store: Store) -> None:
    first = issue(store)
    written = everything(store)
    assert issue(store) == Opened(directive=first.directive, tasks=0, letters=0)
    assert everything(store) == written
    post(store, CALENDAR, NOW + timedelta(minutes=10))
    sent = everything(store)
    issue(store, now=NOW + timedelta(hours=3))
    assert everything(store) == sent
    turn(store, CALENDAR, PRACTICE, at("2020-07-01", "00:00"))  # later terms: they stand in no letter that has left
    opened = everything(store)
    issue(store, now=at("2020-07-01"))
    assert everything(store) == opened


def test_an_issue_has_as_many_tasks_as_leads_and_terms_that_have_begun(store: Store) -> None:
    # Wards stand, education and two schools, insurance, the wards' first milestone; a letter to each of them and to radio.
    assert issue(store) == Opened(directive=1, tasks=3 + 3 + 1 + 3, letters=8)
    assert counts(store) | {"tasks": 10, "duties": 5, "terms": 4} == counts(store)


@pytest.mark.parametrize("words", [{"title": "Tên khác"}, {"duties": EVERY[:-1]}, {"escalation": ()}], ids=lambda words: next(iter(words)))
def test_a_changed_paper_is_refused_and_leaves_no_trace(sqlite_store: Store, words: dict[str, object]) -> None:
    issue(sqlite_store)
    written = everything(sqlite_store)
    with pytest.raises(ChangedPaperError, match="amends"):
        issue(sqlite_store, paper(**words), people=changed("radio", name="Tên mới"))
    assert everything(sqlite_store) == written


def test_the_same_number_of_another_day_is_another_paper(sqlite_store: Store) -> None:
    assert issue(sqlite_store).directive != issue(sqlite_store, paper(date=at("2021-05-18").date()), now=at("2021-05-18")).directive


def test_cascaded_children_hang_under_the_lead_that_passes_them_down(store: Store) -> None:
    levels = duty("3", "district", cascade=(("education", "wards"), ("schools",)))
    issue(store, paper(SCHOOLS, levels))
    found = ask(store, """
        SELECT u.clause, c.code, p.code AS parent FROM tasks k JOIN duties u ON u.id = k.duty JOIN agencies c ON c.id = k.unit
          LEFT JOIN tasks o ON o.id = k.parent LEFT JOIN agencies p ON p.id = o.unit ORDER BY u.position, k.id""")
    assert [tuple(row) for row in found] == [
        ("2", "education", None), ("2", "school-1", "education"), ("2", "school-2", "education"),
        ("3", "district", None), ("3", "education", "district"), ("3", "ward-a", "district"), ("3", "ward-b", "district"),
        ("3", "ward-c", "district"), ("3", "school-1", "education"), ("3", "school-2", "education"),
    ]


def test_each_recipient_of_each_directive_gets_one_letter_with_all_its_duties(store: Store) -> None:
    issue(store)
    issue(store, paper(LEAFLETS, number="899/UBND"))
    assert set(letters(store).values()) == {1, 2}
    both = {(code, lane): n for (lane, code), n in letters(store).items() if n == 2}
    assert both == {(code, "new"): 2 for code in ("insurance", "radio", "ward-a", "ward-b", "ward-c")}
    lines = ask(store, """
        SELECT u.clause FROM notices n JOIN agencies a ON a.id = n.recipient AND a.code = 'ward-a'
          JOIN notice_items i ON i.notice = n.id JOIN tasks k ON k.id = i.task JOIN duties u ON u.id = k.duty ORDER BY u.position""")
    assert [row.clause for row in lines] == ["1", "10"]


def test_who_has_no_address_gets_no_letter_but_owes_all_the_same(store: Store) -> None:
    silent = Directory(agencies={**PEOPLE.agencies, "union": agency("union", mail=False)}, groups=PEOPLE.groups)
    issue(store, paper(duty("4", "union", with_=("radio",))), people=silent)
    assert letters(store) == {("new", "radio"): 1}
    assert [row.code for row in ask(store, "SELECT a.code FROM tasks k JOIN agencies a ON a.id = k.agency")] == ["union"]


def test_a_body_without_an_address_is_written_to_where_it_hangs(store: Store) -> None:
    issue(store, paper(duty("4", "office")), people=changed("office", mail=None))
    [notice] = post(store, CALENDAR, NOW + timedelta(minutes=10))
    assert (notice.recipient.id, notice.recipient.mail) == ("office", "district@office.example")


def test_nothing_leaves_before_the_recall_window_has_passed(store: Store) -> None:
    issue(store)
    assert post(store, CALENDAR, NOW + timedelta(minutes=9, seconds=59)) == []
    assert len(post(store, CALENDAR, NOW + timedelta(minutes=10))) == 8


def test_later_terms_open_when_they_begin_and_once(store: Store) -> None:
    number = issue(store, paper(CAR, COVER)).directive
    nights = [("2020-05-29", "23:59"), ("2020-05-30", "00:00"), ("2020-06-30", "23:59"), ("2020-07-01", "00:00"), ("2020-07-01", "00:00")]
    # Nothing; the first week; four weeks more until 30/6; the second milestone of three wards; nothing again.
    assert [open_terms(store, number, CALENDAR, at(*night)) for night in nights] == [0, 1, 4, 3, 0]
    assert ask(store, "SELECT count(*) AS n FROM tasks WHERE term = '2020-09-30'")[0].n == 3
    assert counts(store)["tasks"] == 3 + 5 + 3


def test_a_clock_that_went_back_opens_nothing(store: Store) -> None:
    number = issue(store, paper(CAR)).directive
    open_terms(store, number, CALENDAR, at("2020-06-13"))
    written = everything(store)
    assert open_terms(store, number, CALENDAR, at("2020-05-01")) == 0
    assert everything(store) == written


def test_the_lead_of_a_later_term_was_told_by_the_letter_that_named_its_duty(store: Store) -> None:
    issue(store, paper(CAR, duty("8", "office", every=CAR.every, from_=CAR.from_), issuer="district"))
    left = NOW + timedelta(minutes=10)
    tell(store, "UPDATE notices SET not_before = :never WHERE recipient = (SELECT id FROM agencies WHERE code = 'office')", never=2**40)
    post(store, CALENDAR, left)
    turn(store, CALENDAR, PRACTICE, at("2020-05-30", "00:00"))
    told = {row.code: row.told_at for row in ask(store, "SELECT a.code, k.told_at FROM tasks k JOIN agencies a ON a.id = k.agency")}
    assert told == {"radio": int(left.timestamp()), "office": None}
    tell(store, "UPDATE notices SET not_before = :now WHERE lane = 'new' AND state = 'queued'", now=int(at("2020-06-01").timestamp()))
    post(store, CALENDAR, at("2020-06-01"))
    told = {row.code: row.told_at for row in ask(store, "SELECT a.code, k.told_at FROM tasks k JOIN agencies a ON a.id = k.agency")}
    assert told["office"] == int(at("2020-06-01").timestamp())


class KilledError(Exception):
    """The process dies here."""


def killed_at(store: Store, commit: int) -> bool:
    """Issue, and die before a transaction is committed; False where the run came to its end before."""
    count = 0

    def die(_: object) -> None:
        nonlocal count
        count += 1
        if count == commit:
            raise KilledError

    event.listen(store.engine, "commit", die)
    try:
        issue(store)
    except KilledError:
        return True
    finally:
        event.remove(store.engine, "commit", die)
    return False


@pytest.fixture
def another(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[Store]:
    """A second empty ledger of the same kind."""
    found = on_sqlite(request, tmp_path) if store.is_sqlite else on_postgres(request)
    yield found
    found.close()


def test_a_kill_between_any_two_transactions_is_mended_by_the_next_run(store: Store, another: Store) -> None:
    issue(store)
    undisturbed = everything(store)
    commit = 0
    while True:
        commit += 1
        wipe(another)
        if not killed_at(another, commit):
            break
        queued = ask(another, "SELECT count(*) AS n FROM notices WHERE state <> 'gathering'")[0].n
        assert not queued or counts(another)["tasks"] == counts(store)["tasks"]
        issue(another)
        assert everything(another) == undisturbed
    assert commit > 10


def entered(store: Store, people: Directory) -> None:
    with store.write() as db:
        roster.enter(db, people, NOW)


def test_a_directory_entered_again_changes_names_but_frees_no_suppressed_address(store: Store) -> None:
    entered(store, PEOPLE)
    tell(store, "UPDATE agencies SET mail_state = 'bad' WHERE code IN ('radio', 'union')")
    before = counts(store)
    entered(store, PEOPLE.model_copy(update={"agencies": {
        code: one.model_copy(update={"mail": "new@office.example"} if code == "union" else {"name": f"{one.name} mới"})
        for code, one in PEOPLE.agencies.items()
    }}))
    found = {row.code: (row.name, row.mail_state) for row in ask(store, "SELECT code, name, mail_state FROM agencies")}
    assert (found["radio"], found["union"]) == (("Cơ quan radio mới", "bad"), ("Cơ quan union", "ok"))
    assert {state for code, (_, state) in found.items() if code != "radio"} == {"ok"}
    assert counts(store) == {**before, "agency_history": len(PEOPLE.agencies)}


def test_a_body_that_moves_hangs_only_where_it_hangs_now_and_who_has_no_head_any_more_has_none(store: Store) -> None:
    entered(store, changed("school-1", head="union"))
    entered(store, changed("school-1", in_=("ward-a", "education")))
    hung = ask(store, """
        SELECT p.code FROM parents h JOIN agencies a ON a.id = h.agency JOIN agencies p ON p.id = h.parent
         WHERE a.code = 'school-1' ORDER BY p.code""")
    assert [row.code for row in hung] == ["education", "ward-a"]
    entered(store, PEOPLE)
    assert [row.n for row in ask(store, "SELECT count(*) AS n FROM parents")] == [sum(len(one.in_) for one in PEOPLE.agencies.values())]
    assert [row.n for row in ask(store, "SELECT count(head) AS n FROM agencies")] == [0]


def test_a_code_never_becomes_another_agency_with_another_mailbox(store: Store) -> None:
    issue(store)
    before = everything(store)
    foreign = changed("insurance", name="Bảo hiểm xã hội tỉnh khác", mail="other@office.example")
    with pytest.raises(roster.StrangerError, match="hai mã"):
        issue(store, paper(number="2/UBND"), people=foreign)
    assert everything(store) == before
