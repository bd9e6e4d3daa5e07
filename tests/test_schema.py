"""The schemas for editors say what is read, and no more: words, choices, forms of values, the ids of a directory."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from directives.language.agencies import Lang, Way
from directives.language.amounts import baseline_of, number_of, target_of, whole_of
from directives.language.books import book_of
from directives.language.dates import day_of
from directives.language.deadlines import due_of
from directives.language.fields import paper_of, yes_of
from directives.language.pieces import LISTED
from directives.language.rhythms import every_of, rung_of
from directives.language.samples import CHOICES, SAMPLES
from directives.language.schema import MOST, directive_schema, directory_schema, names_of
from directives.language.shapes import Agency, Baseline, Basis, Directory, Due, Every, Evidence, Rung, Sheet, Sign, Span, Target, Urgency
from directives.language.vocabulary import PURPOSES, WORDS
from tests import command_line
from tests.command_line import Terminal

dondoc = command_line.dondoc
BOOKS = {
    "xa": book_of("agencies: {ubnd: {name: UBND xã}, a: {name: Thôn A, kind: thon}}\ngroups: {thon: {kind: thon}}\n", Path("xa.yaml")),
    "phuong": book_of("agencies: {ubnd-p: {name: UBND phường}}\n", Path("phuong.yaml")),
}
SCHEMA = directive_schema({name: book.directory for name, book in BOOKS.items()})
READERS: dict[type, Callable[[str], object]] = {
    Due: due_of, Every: every_of, Target: target_of, Rung: rung_of, Basis: paper_of, Span: str, Baseline: baseline_of,
    date: day_of, bool: yes_of, int: whole_of,
}


def block(place: str, scope: str = "all") -> dict[str, Any]:
    found: dict[str, Any] = SCHEMA["definitions"][f"{scope}:{place}"]
    return found


def walk(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(below)


@pytest.mark.parametrize("place", WORDS)
def test_a_place_offers_its_words_with_their_meaning_and_marks_all_others(place: str) -> None:
    assert {word: said["description"].partition("\n")[0] for word, said in block(place)["properties"].items()} == WORDS[place]
    assert block(place)["additionalProperties"] is False


@pytest.mark.parametrize(("kind", "form", "said"), [(kind, form, said) for kind, samples in SAMPLES.items() for form, said in samples])
def test_what_is_offered_as_a_value_is_read(kind: type, form: str, said: str) -> None:
    assert READERS.get(kind, number_of)(form) is not None
    assert said


@pytest.mark.parametrize(("place", "word", "choices"), [
    ("directive", "sign", get_args(Sign)), ("directive", "urgency", get_args(Urgency)), ("duty", "evidence", get_args(Evidence)),
])
def test_a_choice_is_between_the_words_that_are_read(place: str, word: str, choices: tuple[str, ...]) -> None:
    [made] = [each for each in walk(block(place)["properties"][word]) if "enum" in each]
    assert tuple(made["enum"]) == choices
    assert made["enumDescriptions"] == [CHOICES[choice] for choice in choices]


def test_every_choice_has_a_meaning_and_every_meaning_a_choice() -> None:
    assert set(CHOICES) == {*get_args(Sign), *get_args(Urgency), *get_args(Evidence), *get_args(Sheet), *get_args(Lang), *get_args(Way)}


def test_copies_go_by_purposes() -> None:
    assert set(block("cc")["properties"]) == set(PURPOSES)


@pytest.mark.parametrize(("scope", "ids"), [
    ("in-xa", ["ubnd", "a", "thon"]), ("in-phuong", ["ubnd-p"]), ("all", ["ubnd", "a", "ubnd-p", "thon"]),
])
def test_ids_are_those_of_the_directory_that_a_file_names_with_their_full_names(scope: str, ids: list[str]) -> None:
    assert block("ids", scope)["enum"] == ids
    assert dict(zip(ids, block("ids", scope)["enumDescriptions"], strict=True)).get("a", "Thôn A") == "Thôn A"


def test_a_group_is_offered_with_its_members() -> None:
    assert block("ids")["enumDescriptions"][-1] == "nhóm 1 đơn vị: Thôn A"


def test_the_issuer_is_no_group() -> None:
    [ref] = block("directive")["properties"]["issuer"]["anyOf"]
    assert ref == {"$ref": "#/definitions/all:one"}
    assert block("one")["enum"] == ["ubnd", "a", "ubnd-p"]


def test_words_of_a_rung_are_offered_where_a_rung_is_heard_and_nowhere_else() -> None:
    assert set(block("audience")["enum"]) - set(block("ids")["enum"]) == {"lead", "with", "head", "above", "issuer"}
    assert set(block("readers")["enum"]) - set(block("ids")["enum"]) == {"issuer"}


def test_a_file_with_entries_of_its_own_is_held_to_no_ids() -> None:
    assert SCHEMA["then"] == {"$ref": "#/definitions/own:directive"}
    assert "enum" not in block("ids", "own")


def test_of_a_large_directory_ids_are_held_and_offered_and_not_listed() -> None:
    agencies = {f"a.{n}": Agency(id=f"a.{n}", name=f"Trường {n}", short="T") for n in range(LISTED + 1)}
    made = directive_schema({"xa": Directory(agencies=agencies)})["definitions"]["all:ids"]
    assert "enum" not in made
    assert [bool(re.search(made["pattern"], id)) for id in ("a.0", "a.500", "a.501", "ab0", "xa.0")] == [True, True, False, False, False]
    assert made["defaultSnippets"][7] == {"label": "a.7", "bodyText": "a.7", "description": "Trường 7"}


def test_a_directory_too_large_for_an_editor_is_not_enumerated() -> None:
    def named(count: int) -> bool:
        agencies = {f"a{n}": Agency(id=f"a{n}", name="A", short="A") for n in range(count)}
        return names_of([Directory(agencies=agencies)]) is not None

    assert [named(0), named(1), named(MOST), named(MOST + 1)] == [False, True, True, False]


@pytest.mark.parametrize("schema", [SCHEMA, directive_schema({}), directory_schema()], ids=["office", "no directory", "directory"])
def test_references_lead_somewhere_and_stay_inside(schema: dict[str, Any]) -> None:
    for each in walk(schema):
        if "$ref" in each:
            place: Any = schema
            for part in each["$ref"].removeprefix("#/").split("/"):
                place = place[part]
            assert set(each) <= {"$ref", "$schema", "definitions", "if", "then", "else"}, "what stands beside a reference is not heard"


# The command

def test_a_new_project_has_its_schemas_and_the_command_changes_nothing(dondoc: Terminal) -> None:
    before = {path.name: path.read_text() for path in (dondoc.home / "config" / "schema").iterdir()}
    assert dondoc("schema").code == 0
    assert before == {path.name: path.read_text() for path in (dondoc.home / "config" / "schema").iterdir()}
    assert set(before) == {"directive.json", "directory.json"}


def test_an_agency_that_has_been_added_is_offered_after_the_command(dondoc: Terminal) -> None:
    dondoc.change("config/agencies/don-vi.yaml", "  tram-y-te:", "  tram-thu-y: { name: Trạm Thú y, in: ubnd-xa }\n  tram-y-te:")
    assert dondoc("schema", "--out", "o/day").out.split() == ["o/day/directive.json", "o/day/directory.json"]
    made = json.loads((dondoc.home / "o" / "day" / "directive.json").read_text(encoding="utf-8"))
    assert "tram-thu-y" in made["definitions"]["all:ids"]["enum"]


def test_agencies_of_a_table_are_offered_too(dondoc: Terminal) -> None:
    dondoc.write("config/agencies/truong.csv", "mã,tên\nmam-non,Trường Mầm non xã\n")
    assert dondoc("schema").code == 0
    made = json.loads((dondoc.home / "config" / "schema" / "directive.json").read_text(encoding="utf-8"))
    assert "mam-non" in made["definitions"]["all:ids"]["enum"]


def test_check_says_when_editors_know_other_directories(dondoc: Terminal) -> None:
    assert "dondoc schema" not in dondoc("check").err
    dondoc.write("config/agencies/truong.csv", "mã,tên\nmam-non,Trường Mầm non xã\n")
    assert dondoc("check").err.endswith("Danh bạ đã đổi, trình soạn thảo chưa biết: dondoc schema\n")
    dondoc("schema")
    assert "dondoc schema" not in dondoc("check").err


def test_no_schema_is_made_of_a_faulty_directory(dondoc: Terminal) -> None:
    dondoc.change("config/agencies/don-vi.yaml", "in: ubnd-xa, mail: tramyte", "in: ubnd-xaa, mail: tramyte")
    ended = dondoc("schema", "--out", "moi")
    assert ended.code == 1
    assert "có phải 'ubnd-xa'" in ended.out
    assert not (dondoc.home / "moi").exists()
