"""Letters on paper: who has no mail is told by a page with a code, and known to be told once it was handed over."""

from __future__ import annotations

import re
from io import BytesIO

import pypdf
import pytest
from sqlalchemy import text

from reports.notice import Notice, html, notices
from tasks.ledger import handing, listing
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tests import command_line
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.notices import PAPER, work
from tests.sample import CALENDAR, COVER, LEAFLETS, PEOPLE, PRACTICE, at, paper

dondoc = command_line.dondoc

ISSUED = at("2020-05-18")
LINK = "https://office.example/t/t1.k1.AAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBB"


def _opened(store: Store, number: str = "898/UBND") -> int:
    people = PEOPLE.model_copy(update={"agencies": PEOPLE.agencies | {
        "insurance": PEOPLE.agencies["insurance"].model_copy(update={"mail": None}),
    }})
    open_directive(store, paper(LEAFLETS, COVER), people, practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    with store.read() as db:
        return listing.numbered(db, number)[0].id


def _told(store: Store, agency: str) -> set[int | None]:
    with store.read() as db:
        said = "SELECT k.told_at FROM tasks k JOIN agencies a ON a.id = k.agency WHERE a.code = :agency"
        return set(db.execute(text(said), {"agency": agency}).scalars())


def test_whoever_has_no_mail_and_owes_something_is_named(store: Store) -> None:
    directive = _opened(store)
    with store.read() as db:
        assert handing.unmailed(db, directive) == ("insurance",)


def test_a_letter_that_was_handed_over_counts_as_one_that_left_once_and_with_its_event(store: Store) -> None:
    directive, noon = _opened(store), at("2020-05-19", "12:00")
    assert handing.hand_over(store, directive, ["insurance"], noon, at("2020-05-20"), by="Văn thư", ref="sổ giao nhận 12") == 1
    assert _told(store, "insurance") == {int(noon.timestamp())}
    assert _told(store, "ward-a") == {None}
    assert handing.hand_over(store, directive, ["insurance"], at("2020-05-20"), at("2020-05-20"), by="Văn thư") == 0
    with store.read() as db:
        handed = [event for event in listing.history(db, directive) if event.kind == "handed"]
    assert [event.payload["note"] for event in handed] == ["sổ giao nhận 12"]


def test_each_agency_has_a_page_with_its_duties_and_a_code_that_says_its_link() -> None:
    told = [Notice(party=work().agency, works=(work(), work(2, text="Báo cáo kết quả.")), link=LINK) for _ in range(2)]
    made = pypdf.PdfReader(BytesIO(notices(PAPER, told, ISSUED.date())))
    assert len(made.pages) == 2
    said = " ".join(made.pages[0].extract_text().split())
    assert PAPER.number in said
    assert "Báo cáo kết quả." in said
    assert LINK in said.replace(" ", "")
    assert made.trailer["/Root"]["/MarkInfo"]["/Marked"]
    page = html(PAPER, told[:1], ISSUED.date())
    assert len(re.findall("<svg", page)) == 1
    assert "Giao việc theo" in page


def test_words_of_the_paper_stay_words() -> None:
    page = html(PAPER, [Notice(party=work().agency, works=(work(text="<script>{{ 7 }}</script>"),), link=LINK)], ISSUED.date())
    assert "&lt;script&gt;{{ 7 }}&lt;/script&gt;" in page


def test_an_office_prints_and_records(dondoc: Terminal) -> None:
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    nobody = dondoc("letters", "print", NUMBER, "-o", "giay.pdf")
    assert (nobody.code, "--agency" in nobody.err) == (1, True)
    printed = dondoc("letters", "print", NUMBER, "-o", "giay.pdf", "--agency", "thon-dong")
    assert printed.code == 0, printed.err
    assert (dondoc.home / "giay.pdf").read_bytes().startswith(b"%PDF")
    handed = dondoc("letters", "handed", NUMBER, "thon-dong", "--by", "Văn thư xã")
    assert handed.code == 0, handed.err
    shown = dondoc("show", NUMBER)
    assert shown.code == 0


@pytest.mark.parametrize("words", [(), ("khong-co",), ("thon-dong", "--on", "1/1/2030")])
def test_what_cannot_have_been_is_refused(dondoc: Terminal, words: tuple[str, ...]) -> None:
    assert dondoc("apply", SAMPLE, "--yes").code == 0
    ended = dondoc("letters", "handed", NUMBER, *words, "--by", "Văn thư xã")
    assert ended.code != 0
    assert "Traceback" not in ended.err
