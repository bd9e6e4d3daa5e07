"""The abridged standing of a page: the same page as from the whole, though only the agencies that it names were read."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import text

from directives.language.shapes import Agency, Directory, Group
from reports import page
from reports.outline import outline
from tasks.abridged import NAMED, Abridged, mute, owing
from tasks.ledger import standing
from tasks.ledger.abridging import abridged
from tasks.ledger.opening import open_directive
from tasks.ledger.store import Store
from tasks.ledger.types import seconds
from tasks.values import Standing
from tests.conftest import on_postgres, on_sqlite
from tests.rows import tell
from tests.sample import CALENDAR, COVERAGE, PRACTICE, agency, at, by, duty, paper
from tests.voices import says

ISSUED, BEFORE = at("2020-05-18"), at("2020-06-10")
LOOKS = ("2020-06-12", "2020-06-28", "2020-07-06", "2020-10-05")


def people() -> Directory:
    """A hundred and thirty schools, sixty unions, fifty wards: more of every kind than a page names."""
    found: list[Agency] = [agency("district"), agency("chair", in_="district"), agency("insurance")]
    for kind, count in (("school", 130), ("union", 60), ("ward", 50)):
        found += [agency(f"{kind}-{n}", kind=kind, in_="district") for n in range(count)]
    groups = {f"{kind}s": Group(id=f"{kind}s", kind=(kind,)) for kind in ("school", "union", "ward")}
    return Directory(agencies={each.id: each for each in found}, groups=groups)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Two papers, one without figures, in every state by lot: closed in time and late, silent, paused, out of reach."""
    store = on_sqlite(request, tmp_path_factory.mktemp("full")) if request.param == "sqlite" else on_postgres(request)
    plain = (
        duty("1", "schools", due=by("2020-06-30")), duty("2", "schools", "wards"), duty("3", "schools", due=by("2020-06-11")),
        duty("4", "schools", "unions", due=by("2020-06-30"), force="ask"),
    )
    for number, duties in (("1/UBND", plain), ("2/UBND", (*plain, duty("10", "wards", target="coverage")))):
        of = paper(*duties, number=number, indicators={"coverage": COVERAGE} if len(duties) > len(plain) else {})
        open_directive(store, of, people(), practice=PRACTICE, calendar=CALENDAR, now=ISSUED)
    for ward in range(12):
        value = Decimal(80 + ward)
        told = says(store, f"ward-{ward}", "figure", "10", at("2020-05-20"), term="2020-06-30", by="insurance", value=value)
        assert not told.refusal
    _cast_lots(store)
    yield store
    store.close()


def _cast_lots(store: Store) -> None:
    lots = random.Random(7)
    with store.write() as db:
        for task in db.execute(text("SELECT id FROM tasks ORDER BY id")).scalars().all():
            if lots.random() < 0.4:
                closed = seconds(at(lots.choice(("2020-06-01", "2020-06-11", "2020-07-03"))))
                db.execute(text(f"{_CLOSE} id = :id"), {"at": closed, "id": task})
            elif lots.random() < 0.3:
                db.execute(text("UPDATE tasks SET reported_at = :at WHERE id = :id"), {"at": seconds(at("2020-06-20")), "id": task})
            elif lots.random() < 0.2:
                hold = {"task": task, "at": seconds(ISSUED), "until": seconds(at("2020-12-01"))}
                db.execute(text("INSERT INTO holds (task, from_seq, kind, at, until) VALUES (:task, 1, 'paused', :at, :until)"), hold)
    tell(store, f"{_CLOSE} agency IN (SELECT id FROM agencies WHERE code LIKE 'school-1%')", at=seconds(at("2020-06-01")))
    tell(store, "UPDATE agencies SET mail_state = 'bad' WHERE code LIKE 'school-8%' OR code LIKE 'union-3%' OR code LIKE 'ward-%'")
    tell(store, "UPDATE agencies SET mail_state = 'ok' WHERE code LIKE 'ward-1%'")


_CLOSE = "UPDATE tasks SET state = 'done', closed_at = :at, wake_at = NULL WHERE"


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("day", LOOKS)
def test_a_page_of_the_abridged_is_the_page_of_the_whole(full: Store, number: int, day: str) -> None:
    whole, brief = both(full, number, day)
    assert outline(brief, "Chủ tịch") == outline(whole, "Chủ tịch")
    assert set_in_type(brief) == set_in_type(whole)
    assert page.letter(brief, "https://dondoc.example/r/1", "Chủ tịch") == page.letter(whole, "https://dondoc.example/r/1", "Chủ tịch")
    assert (brief.rate, brief.cells, owing(brief), mute(brief)) == (whole.rate, whole.cells, owing(whole), mute(whole))


def test_the_others_are_counted_and_not_read(full: Store) -> None:
    whole, brief = both(full, 1, "2020-07-06")
    assert isinstance(brief, Abridged)
    kinds = {kind: rest.agencies for kind, rest in brief.rests.items()}
    assert all(kinds[kind] for kind in ("unreachable", "pressing")), kinds
    assert len(brief.agencies) + sum(kinds.values()) == len(whole.agencies)
    assert len(brief.agencies) <= len(kinds) * NAMED


def test_who_has_a_figure_is_read(full: Store) -> None:
    whole, brief = both(full, 2, "2020-07-06")
    assert {each.party.id: each for each in whole.agencies if each.figure is not None} == {
        each.party.id: each for each in brief.agencies if each.figure is not None
    }


def both(store: Store, number: int, day: str) -> tuple[Standing, Standing]:
    with store.read() as db:
        return standing.standing(db, number, CALENDAR, at(day), BEFORE), abridged(db, number, CALENDAR, at(day), BEFORE)


def set_in_type(of: Standing) -> str:
    return page.served(of, stylesheet_at="/report.css", link=None, reader="Chủ tịch")


def test_a_past_day_is_told_whole(full: Store) -> None:
    with full.read() as db:
        then = abridged(db, 2, CALENDAR, at("2020-05-19"), ISSUED)
        assert then == standing.standing(db, 2, CALENDAR, at("2020-05-19"), ISSUED)
    assert not isinstance(then, Abridged)
