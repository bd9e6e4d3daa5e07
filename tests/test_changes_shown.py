"""Wherever a paper or its work is shown, it says by what it was changed, and the date that it had before."""

from __future__ import annotations

from datetime import date

import pytest

from directives.language.shapes import Change
from dondoc import labels
from reports import page
from tasks.ledger import desk, listing, roster, standing
from tasks.ledger.amending import withdraw
from tasks.ledger.store import Store
from tasks.values import Desk, Paper, Said, Standing, Work
from tests import command_line
from tests.amended import LATER, NAMED, after, amending, begun, issue
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.sample import CALENDAR, PRACTICE, at, by
from web.telling import facts
from web.words import CODES, tongue

dondoc = command_line.dondoc


@pytest.fixture
def changed(sqlite_store: Store) -> Store:
    """The small paper, its 6.4 moved to 4/6 and urged when that was missed, its 7.2 withdrawn by hand."""
    number = begun(sqlite_store)
    issue(sqlite_store, amending(Change(clause="6.4", due=by("2020-06-04"))), LATER)
    said = Said(name="Trần Văn B", role="Chánh Văn phòng")
    withdraw(sqlite_store, number, "7.2", reason="chưa có kinh phí", by=said, calendar=CALENDAR, now=at("2020-05-21"))
    issue(sqlite_store, after(number="1020/UBND", date=date(2020, 6, 8), title="Đôn đốc", urges=(NAMED,)), at("2020-06-08"))
    return sqlite_store


def read(store: Store) -> tuple[Paper, Work, Desk, Standing]:
    with store.read() as db:
        [of] = listing.numbered(db, "898/UBND")
        mine = desk.desk(db, roster.row_of(db, "insurance"), CALENDAR)
        return of, mine.open[0], mine, standing.standing(db, of.id, CALENDAR, at("2020-06-09"), at("2020-05-26"))


def test_the_page_of_a_task_shows_the_date_before_and_what_urges_it(changed: Store) -> None:
    of, work, *_ = read(changed)
    rows = {tongue("vi").say(label): tongue("vi").say(fact) for label, fact in facts(work, of)}
    assert rows["Hạn cũ"] == "24/5/2020, đổi theo 1021/UBND ngày 20/5/2020"
    assert rows["Đôn đốc"] == "đã đôn đốc bằng 1020/UBND ngày 8/6/2020"
    assert rows["Đã sửa đổi"] == "theo 1021/UBND ngày 20/5/2020"


def test_the_leaders_page_and_letter_say_what_was_done_to_the_paper(changed: Store) -> None:
    stood = read(changed)[-1]
    for told in (page.html(stood, link=None, reader="Chủ tịch"), page.letter(stood, "https://x.example", "Chủ tịch")[2]):
        assert "Văn bản đã được sửa đổi bằng 1021/UBND ngày 20/5/2020." in told
        assert "Mục 7.2 đã thu hồi ngày 21/5/2020: chưa có kinh phí." in told
        assert "đã đôn đốc bằng 1020/UBND ngày 8/6/2020" in told
        assert "(hạn cũ 24/5/2020)" in told


def test_a_line_of_the_terminal_says_it_too(changed: Store) -> None:
    of, work, *_ = read(changed)
    assert [labels.tie(tie, PRACTICE.tz) for tie in of.ties] == [
        "văn bản này: được sửa đổi bởi 1021/UBND ngày 20/5/2020", "mục 7.2: thu hồi, 21/05/2020: chưa có kinh phí",
        "văn bản này: được đôn đốc bởi 1020/UBND ngày 8/6/2020",
    ]
    assert labels.due(work, PRACTICE.tz) == "04/06/2020 (cũ 24/5/2020)"


def test_a_clause_that_was_withdrawn_can_still_be_looked_up(dondoc: Terminal) -> None:
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    assert dondoc("withdraw", NUMBER, "2", "--note", "giao văn bản khác", "--yes").code == 0
    shown = dondoc("show", NUMBER, "2")
    assert shown.code == 0
    assert "giao văn bản khác" in shown.out
    assert "thu hồi" in dondoc("show", NUMBER).out


def test_every_word_of_it_has_its_english(changed: Store) -> None:
    of, work, *_ = read(changed)
    said = {code: [tongue(code).say(label) for label, _ in facts(work, of)] for code in CODES}
    assert not set(said["vi"]) & set(said["en"])
