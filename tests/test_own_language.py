"""An agency's own language: its letters and its pages, its contacts and its row of the directory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from config.clock import HandClock
from config.office import Office
from directives.language.agencies import Lang
from directives.language.books import book_of
from directives.language.reading import read
from directives.language.rolls import printed, roll_of
from dondoc.demo.stage import FILES, project
from tasks.ledger import doors, roster
from tasks.ledger.store import Store
from tests.counter import Visitor
from tests.notices import composer, notice, work
from tests.sample import PEOPLE, at
from web.app import build
from web.house import House
from web.postman import Postman

NOW = at("2020-05-20")
SCHOOL = "agencies:\n  a: { name: Trường A, mail: a@a.example, lang: en, contacts: { head: { mail: b@a.example } } }\n  b: { name: B }\n"


def test_a_contact_is_written_to_in_its_agencys_language() -> None:
    said = book_of(SCHOOL, Path("a.yaml")).directory.agencies
    assert {id_: agency.lang for id_, agency in said.items()} == {"a": "en", "a.head": "en", "b": None}


def test_a_directory_without_it_keeps_its_hash() -> None:
    said = book_of(SCHOOL, Path("a.yaml")).directory
    assert "lang" not in said.agencies["b"].model_dump()
    assert type(said).model_validate_json(said.model_dump_json()) == said


def test_a_table_has_the_column_where_an_agency_says_it() -> None:
    said = book_of(SCHOOL, Path("a.yaml")).directory.agencies
    table = printed([said["a"], said["b"]])
    assert [line.split(",")[-1] for line in table.splitlines()] == ["lang", "en", ""]
    assert roll_of(table.encode(), Path("a.csv"))[0].directory.agencies["a"].lang == "en"
    assert "lang" not in printed([said["b"]])


@pytest.mark.parametrize(("own", "office", "written"), [("en", "vi", "en"), ("vi", "en", "vi"), (None, "en", "en"), (None, "vi", "vi")])
def test_a_letter_is_in_its_readers_language_else_the_offices(own: Lang | None, office: str, written: str) -> None:
    said = notice("digest", work())
    said = replace(said, recipient=replace(said.recipient, lang=own))
    letter = composer(lang=office).compose(said).decode()
    assert f"Content-Language: {written}\r\n" in letter
    assert f'<html lang="{written}"' in composer(lang=office).preview(said).html


def test_the_ledger_knows_and_changes_it(store: Store) -> None:
    here = PEOPLE
    first = next(iter(here.agencies))
    for lang in ("en", None):
        changed = here.model_copy(update={"agencies": {**here.agencies, first: here.agencies[first].model_copy(update={"lang": lang})}})
        with store.write() as db:
            ids = roster.enter(db, changed, NOW)
            assert roster.parties(db, [ids[first]])[ids[first]].lang == lang


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office.open(project(tmp_path, 8020, 1))
    [(_, directive)] = read([tmp_path / FILES[0]], tmp_path / "config" / "agencies").directives
    agencies = directive.directory.agencies
    english = agencies["ba-lang"].model_copy(update={"lang": "en"})
    here = directive.directory.model_copy(update={"agencies": {**agencies, "ba-lang": english}})
    opened.issue(directive.model_copy(update={"directory": here}), at("2020-05-18"))
    yield opened
    opened.close()


def test_its_pages_begin_in_it_unless_the_browser_remembers_another(office: Office) -> None:
    clock = HandClock(NOW)
    with office.store.write() as db:
        paths = {id_: "/t/" + office.settings.keys.token("desk", doors.give(db, id_, "desk", NOW), id_) for id_ in ("ba-lang", "bhxh")}
    with Visitor(build(House(office, clock, Postman(office, clock)), lambda: NOW), office.settings.base_url) as client:
        assert 'template" lang="en"' in client.get(paths["ba-lang"]).text
        assert 'template" lang="vi"' in client.get(paths["bhxh"]).text
        assert 'template" lang="vi"' in client.get(f"{paths['ba-lang']}?lang=vi").text
        assert 'template" lang="vi"' in client.get(paths["ba-lang"]).text
