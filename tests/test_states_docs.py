"""docs/rules.md says of states what the table in the code says."""

from __future__ import annotations

import re

from tasks.states import CORRECT_HOURS, FLAGGED, NAMES, STATES, UNDO_DAYS, VERBS
from tests.reader import Page

PAGE = Page("docs/rules.md")
WORDS = {"·": ".", "as before": "before", **{vietnamese: state for state, (vietnamese, _) in NAMES.items()}}


def test_the_page_names_every_state() -> None:
    assert [(row[0].strip("`"), row[1], row[2]) for row in PAGE.table("state")] == [(state, *NAMES[state]) for state in STATES]


def test_the_page_shows_the_table_that_judges() -> None:
    shown = [(row[1], row[0], row[2].removeprefix("a "), " ".join(WORDS[word] for word in row[3:])) for row in PAGE.table("act")]
    assert shown == [(f"`{verb.kind}` {verb.english}", verb.vietnamese, verb.side, verb.row) for verb in VERBS]


def test_the_numbers_of_the_page_are_those_of_the_rules() -> None:
    prose = " ".join(PAGE.prose.split())
    assert re.findall(r"Within (\d+) days|for (\d+) hours|request no\. (\d+)", prose) == [
        (str(UNDO_DAYS), "", ""), ("", "", str(FLAGGED)), ("", str(CORRECT_HOURS), ""),
    ]
