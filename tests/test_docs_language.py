"""docs/directives.md is true: each of its examples is read, each of its dates computed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from itertools import islice

import pytest

from directives.language.amounts import number_of, target_of
from directives.language.annex import annex_of
from directives.language.books import book_of
from directives.language.calendar import instant, overlay, written
from directives.language.deadlines import due_of
from directives.language.expansion import holders, terms
from directives.language.goals import own_targets
from directives.language.mistakes import Notes
from directives.language.parsing import parse
from directives.language.periods import due_day, instant_of, periods
from directives.language.practice import Practice
from directives.language.rhythms import every_of, rung_of
from directives.language.shapes import Due, Every, Rung, Target
from directives.language.vocabulary import WORDS
from tasks.figures import meets
from tasks.ladder import steps
from tests.examples import DIRECTORY, DOCUMENT
from tests.reader import ROOT, Page, spans

PAGE = Page("docs/directives.md")
BLOCKS = [block.text for block in PAGE.blocks("yaml")]
OFFICE = Practice()
CALENDAR = overlay((ROOT / "config" / "calendar.yaml").read_text(encoding="utf-8"))
ISSUED, HOLIDAY = date(2026, 3, 2), date(2026, 4, 30)


def errors(*parts: str) -> list[str]:
    """What keeps a directive of these parts from being issued."""
    _, found = parse("\n".join(last(parts)), "mau.yaml", {"xa": DIRECTORY})
    return [each.sentence("en") for each in found if each.level == "error"]


def entry(*parts: str) -> str:
    """Parts as the lines of an entry inside another."""
    return "".join(f"\n    {part}" for part in last(parts))


def last(parts: Iterable[str]) -> list[str]:
    """Of parts with the same word the last."""
    return list({part.partition(":")[0]: part for part in parts}.values())


def examples(table: str) -> list[str]:
    return [span for row in PAGE.table(table) for span in spans(row[-1])]


def documented(table: str) -> set[str]:
    return {span for row in PAGE.table(table) for span in spans(row[0])}


@pytest.mark.parametrize(("table", "place"), [
    ("word of the document", "directive"), ("word of a duty", "duty"), ("word of an agency", "agency"), ("word of a group", "group"),
])
def test_every_word_of_the_language_is_explained_and_no_other(table: str, place: str) -> None:
    assert documented(table) == set(WORDS[place])


@pytest.mark.parametrize("text", [text for text in BLOCKS if text != DIRECTORY], ids=lambda text: text.split("\n")[0])
def test_a_block_is_a_directive_or_a_part_of_one(text: str) -> None:
    parts = re.findall(r"^\w+:.*\n(?:(?:[ #].*)?\n)*", text, re.MULTILINE)
    assert "".join(parts) == text
    assert errors(*DOCUMENT.values(), *parts) == []


def test_the_directory_can_be_used() -> None:
    assert book_of(DIRECTORY, ROOT / "xa.yaml").findings == ()


@pytest.mark.parametrize("example", [spans(row[-1]) for row in PAGE.table("word of the document")], ids=" ".join)
def test_a_word_of_the_document_is_read_as_shown(example: list[str]) -> None:
    assert errors(*DOCUMENT.values(), *example) == []


@pytest.mark.parametrize("example", examples("word of a duty"))
def test_a_word_of_a_duty_is_read_as_shown(example: str) -> None:
    given = ("lead: thon",) if example.startswith(("ask", "note")) else ("lead: thon", "do: Dọn vệ sinh")
    assert errors(*DOCUMENT.values(), f"duties:\n  1:{entry(*given, example)}") == []


@pytest.mark.parametrize("example", examples("word of an agency"))
def test_a_word_of_an_agency_is_read_as_shown(example: str) -> None:
    text = DIRECTORY.replace("\ngroups:", f"  moi:{entry('name: Thôn Mới', example)}\n\ngroups:")
    assert book_of(text, ROOT / "xa.yaml").findings == ()


@pytest.mark.parametrize("example", examples("word of a group"))
def test_a_word_of_a_group_is_read_as_shown(example: str) -> None:
    assert book_of(f"{DIRECTORY}  moi:{entry(example)}\n", ROOT / "xa.yaml").findings == ()


@pytest.mark.parametrize(("text", "ends"), [(spans(row[0])[0], row[1]) for row in PAGE.table("written as `due`")])
def test_a_due_date_ends_when_the_page_says(text: str, ends: str) -> None:
    due = Due.model_validate(due_of(text))
    day = due_day(due, ISSUED, CALENDAR, OFFICE)
    assert (f"{written(day)}{_hour(due.hour)}" if day else "no date") == ends


@pytest.mark.parametrize(("text", "dates"), [(spans(row[0])[0], row[1]) for row in PAGE.table("written as `every`")])
def test_a_rhythm_falls_due_when_the_page_says(text: str, dates: str) -> None:
    turns = [f"{written(turn.last)}{_hour(turn.hour)}" for turn in islice(periods(Every.model_validate(every_of(text)), ISSUED), 3)]
    assert ", ".join(turns) == dates or (not turns and dates.startswith("only when"))


@pytest.mark.parametrize(("text", "met", "missed"), [(spans(row[0])[0], *row[1:]) for row in PAGE.table("written as a target")])
def test_a_target_is_met_and_missed_as_the_page_says(text: str, met: str, missed: str) -> None:
    target = Target.model_validate(target_of(text))
    assert meets(number_of(met), target)
    assert not meets(number_of(missed), target)


def test_an_annex_gives_each_its_target_and_its_figure_as_the_page_says() -> None:
    [example] = [text for text in BLOCKS if text.startswith("figures:")]
    paper, found = parse("\n".join(last([*DOCUMENT.values(), *re.split(r"\n(?=\w)", example)])), "mau.yaml", {"xa": DIRECTORY})
    assert paper is not None
    assert found == []
    notes = Notes()
    [table] = PAGE.blocks("csv")
    annex, _ = annex_of(table.text.encode(), "phu-luc.csv", paper, notes)
    assert notes.slips == []
    issued = paper.model_copy(update={"annex": annex})
    [duty] = issued.duties
    [term] = terms(duty, issued, CALENDAR, OFFICE)
    own = own_targets(issued, duty, term)
    assert term.target
    said = {holder.unit: own.get(holder.unit, term.target).words for holder in holders(duty, issued.directory, ISSUED)}
    assert said == {spans(row[0])[0]: row[2] for row in PAGE.table("judged on 30/4/2026")}


@pytest.mark.parametrize(("text", "day"), [(spans(row[0])[0], row[1]) for row in PAGE.table("written as a rung")])
def test_a_rung_is_said_when_the_page_says(text: str, day: str) -> None:
    rung = Rung.model_validate({**rung_of(text), "audience": ("lead",)})
    due, begin = instant_of(HOLIDAY, None, OFFICE), instant(ISSUED, time(), OFFICE.tz)
    [step] = steps([rung], due_at=due, begins_at=begin, next_due_at=None, calendar=CALENDAR, practice=OFFICE)
    assert f"{step.at.astimezone(OFFICE.tz):%-d/%-m/%Y %-H:%M}" == f"{day} 7:30"


def test_the_offices_own_ladder_is_the_one_that_the_page_names() -> None:
    said = ("3 working days before and 1 day late the lead, 5 working days late the lead and `above`, 10 working days late the issuer")
    assert said in " ".join(PAGE.prose.split())
    assert [(rung.words, rung.audience) for rung in OFFICE.ladder] == [
        ("3 working days before", ("lead",)), ("1 day late", ("lead",)),
        ("5 working days late", ("lead", "above")), ("10 working days late", ("issuer",)),
    ]


def _hour(hour: time | None) -> str:
    return f" {hour:%-H:%M}" if hour else ""
