"""What an amending paper makes of an issued one, and how the difference is said: rules without a ledger."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directives.language.amendment import amended, differences, faults
from directives.language.expansion import terms
from directives.language.parsing import parse
from directives.language.shapes import Change, Directive, Duty
from tests.sample import CALENDAR, CAR, COVER, LEAFLETS, PRACTICE, SCHOOLS, STANDING, duty, paper

OLD = paper(STANDING, SCHOOLS, LEAFLETS, CAR, COVER)
HEAD = """\
agencies: office
directive: 950/UBND
date: 1/6/2020
title: Sửa đổi công văn 898/UBND
issuer: district
amends: 898/UBND 18/5/2020
"""


def amending(words: str) -> Directive:
    """The amending paper whose changes are these lines."""
    lines = "".join(f"  {line}\n" for line in words.splitlines())
    found, findings = parse(f"{HEAD}changes:\n{lines}", "950.yaml", {"office": OFFICE})
    assert found is not None, [finding.message for finding in findings]
    return found


OFFICE = """\
agencies:
  district: { name: UBND quận, mail: d@office.example }
  insurance: { name: BHXH quận, mail: i@office.example }
  radio: { name: Đài, mail: r@office.example }
  chair: { name: Chủ tịch, mail: c@office.example }
"""


def after(words: str) -> dict[str, Duty]:
    """The duties in force afterwards."""
    return {each.clause: each for each in amended(OLD, amending(words)).duties}


def said(words: str) -> list[tuple[str, str, list[tuple[str, ...]], str]]:
    """The differences, plainly."""
    new = amending(words)
    found = differences(OLD, amended(OLD, new), new)
    return [(each.sign, each.clause, [tuple(word) for word in each.words], each.reason) for each in found]


# What is in force afterwards

def test_only_what_is_named_becomes_different() -> None:
    new = amended(OLD, amending("6.4: { due: before 5/6/2020 }"))
    assert (new.number, new.date, new.title) == (OLD.number, OLD.date, OLD.title)
    assert [each.clause for each in new.duties] == ["1", "2", "6.4", "7.2", "10"]
    assert [each for each in new.duties if each.clause != "6.4"] == [each for each in OLD.duties if each.clause != "6.4"]
    changed = next(each for each in new.duties if each.clause == "6.4")
    assert changed.due
    assert changed.due.day == date(2020, 6, 5)
    assert changed.model_copy(update={"due": LEAFLETS.due}) == LEAFLETS


@pytest.mark.parametrize(("words", "time"), [
    pytest.param("due: 30/6/2020", ("30/6/2020", "", None, None), id="a date for a rhythm"),
    pytest.param("every: month on 25", ("", "month on 25", date(2020, 6, 1), None), id="a rhythm counts from the amending paper"),
    pytest.param("every: month on 25, from: 15/6/2020", ("", "month on 25", date(2020, 6, 15), None), id="unless it says from when"),
    pytest.param("until: 31/7/2020", ("", "", None, date(2020, 7, 31)), id="an end alone is a window"),
])
def test_any_word_of_time_replaces_the_old_time_as_a_whole(words: str, time: tuple[Any, ...]) -> None:
    new = after(f"7.2: {{ {words} }}")["7.2"]
    assert (new.due.words if new.due else "", new.every.words if new.every else "", new.from_, new.until) == time


def test_days_are_counted_from_the_amending_paper() -> None:
    new = amended(OLD, amending("6.4: { due: 10 working days }"))
    [term] = islice(terms(next(each for each in new.duties if each.clause == "6.4"), new, CALENDAR, PRACTICE), 1)
    assert term.due
    assert (term.due.day, term.due.words) == (date(2020, 6, 15), "trong 10 ngày làm việc kể từ ngày 1/6/2020")


@pytest.mark.parametrize(("clause", "place"), [
    ("3", ["1", "2", "3", "6.4", "7.2", "10"]), ("6.5", ["1", "2", "6.4", "6.5", "7.2", "10"]),
    ("6.3", ["1", "2", "6.3", "6.4", "7.2", "10"]), ("7.10", ["1", "2", "6.4", "7.2", "7.10", "10"]),
    ("11", ["1", "2", "6.4", "7.2", "10", "11"]), ("end.1", ["1", "2", "6.4", "7.2", "10", "end.1"]),
])
def test_a_clause_that_is_added_stands_where_its_number_belongs(clause: str, place: list[str]) -> None:
    assert list(after(f"{clause}: {{ do: Việc mới, lead: radio }}")) == place


def test_a_clause_that_is_dropped_is_gone_and_a_list_adds_points() -> None:
    assert list(after("7.2: { drop: Không còn phù hợp }\n8: { do: [Một, Hai], lead: radio }")) == ["1", "2", "6.4", "8.1", "8.2", "10"]


def test_the_paper_as_a_whole_changes_only_where_it_is_named() -> None:
    new = amended(OLD, amending("escalation: { 3 days late: chair }\nuntil: 31/12/2020\nto: [radio]"))
    assert [rung.words for rung in new.escalation or ()] == ["3 days late"]
    assert (new.until, new.to, new.reports) == (date(2020, 12, 31), ("radio",), OLD.reports)


def test_targets_change_with_their_milestones() -> None:
    words = "indicators: { coverage: { name: Độ bao phủ, targets: { 30/9/2020: 92% } } }\nchanges: { 10: { target: coverage } }\n"
    new, findings = parse(HEAD + words, "950.yaml", {"office": OFFICE})
    assert new is not None, findings
    in_force = amended(OLD, new)
    assert [stage.target.words for stage in in_force.indicators["coverage"].targets] == ["92%"]
    [found] = differences(OLD, in_force, new)
    assert (found.sign, found.clause, found.words[0].before) == ("~", "10", "85% (30/6/2020), 89% (30/9/2020)")
    assert list(faults(OLD, new)) == []


def test_a_change_that_is_stored_says_no_more_when_it_is_read_back() -> None:
    new = amending("6.4: { due: before 5/6/2020 }\n7.2: { drop: Thôi }\n3: { do: Việc mới, lead: radio }\nuntil: 31/12/2020")
    back = Directive.model_validate_json(new.model_dump_json(exclude={"directory"}))
    assert back.changes == new.changes
    assert [change.model_fields_set for change in back.changes] == [change.model_fields_set for change in new.changes]
    assert amended(OLD, back) == amended(OLD, new).model_copy(update={"directory": OLD.directory})


# The difference in words

def test_a_difference_names_old_and_new() -> None:
    assert said("6.4: { due: before 5/6/2020, with: radio }\n7.2: { drop: Không còn phù hợp }\n6.5: { do: Việc mới, lead: radio }") == [
        ("~", "6.4", [("with", "radio, wards", "radio"), ("due", "before 2020-05-25", "before 5/6/2020")], ""),
        ("+", "6.5", [("text", "", "Việc mới"), ("lead", "", "radio")], ""),
        ("-", "7.2", [], "Không còn phù hợp"),
    ]


def test_a_difference_of_the_whole_paper_comes_first_and_has_no_clause() -> None:
    [(sign, clause, words, _), *_] = said("until: 31/12/2020\n6.4: { due: before 5/6/2020 }")
    assert (sign, clause, words) == ("~", "", [("until", "", "31/12/2020")])


def test_another_sentence_is_said_once_though_its_name_changes_too() -> None:
    [(_, _, words, _)] = said("6.4: { do: Soạn tài liệu bằng hai thứ tiếng }")
    assert [word[0] for word in words] == ["text"]
    [(_, _, words, _)] = said("6.4: { short: tài liệu }")
    assert words == [("short", "việc 6.4", "tài liệu")]


def test_a_paper_does_not_differ_from_itself() -> None:
    assert differences(OLD, OLD) == ()


# What cannot be

@pytest.mark.parametrize(("words", "told"), [
    pytest.param("6.4: { due: before 5/6/2020 }", [], id="fine"),
    pytest.param("6.6: { due: before 5/6/2020 }", ["D140"], id="no such clause"),
    pytest.param("6.6: { drop: Thôi }", ["D140"], id="nothing to drop"),
    pytest.param("1: { evidence: optional }", ["D141"], id="nothing changes"),
    pytest.param("3: { do: Việc mới }", ["D142"], id="nobody leads"),
    pytest.param("6.4: { target: bao-phu }", ["D063"], id="no such target"),
    pytest.param("6.4: { due: 3 days after 2 }\n2: { drop: Thôi }", ["D147"], id="waits for what is dropped"),
    pytest.param("6.4: { due: 3 days after 8 }", ["D147"], id="waits for what was never there"),
    pytest.param("2: { note: Đã giao nơi khác }", [], id="orders nothing any more"),
])
def test_what_cannot_be_carried_out_is_told(words: str, told: list[str]) -> None:
    assert [mistake.code for _, mistake in faults(OLD, amending(words))] == told


# Whatever is said

CLAUSES = st.sampled_from(["1", "2", "6.4", "7.2", "10"])
NEW = st.sampled_from(["3", "6.5", "6.10", "11", "II.1", "a"])
WORDS = st.dictionaries(
    st.sampled_from(["lead", "with_", "evidence", "confirm", "product", "from_", "until"]),
    st.none(), max_size=4,
).map(lambda found: {word: _VALUES[word] for word in found})
_VALUES: dict[str, object] = {
    "lead": ("radio",), "with_": ("union",), "evidence": "photo", "confirm": True, "product": "Báo cáo", "from_": date(2020, 6, 1),
    "until": date(2020, 8, 31),
}
CHANGES = st.builds(lambda clause, words: Change.model_validate({"clause": clause, **words}), CLAUSES, WORDS)
DROPS = st.builds(lambda clause: Change(clause=clause, drop="Thôi"), CLAUSES)
ADDED = st.builds(
    lambda clause, words: Change.model_validate({
        "clause": clause, "force": "do", "text": "Việc mới", "short": "mới", "lead": ("radio",), **words,
    }),
    NEW, WORDS,
)


@given(st.lists(st.one_of(CHANGES, DROPS, ADDED), unique_by=lambda change: change.clause, max_size=6))
def test_a_difference_tells_all_and_only_what_changed(changes: list[Change]) -> None:
    new = paper(duty("1", "radio"), number="950/UBND", date=date(2020, 6, 1), changes=tuple(changes))
    in_force = amended(OLD, new)
    found = {each.clause: each for each in differences(OLD, in_force, new)}
    before, then = ({each.clause: each for each in whole.duties} for whole in (OLD, in_force))
    assert {clause for clause in {*before, *then} if before.get(clause) != then.get(clause)} == set(found)
    assert {clause for clause, each in found.items() if each.sign == "-"} == before.keys() - then.keys()
    assert {clause for clause, each in found.items() if each.sign == "+"} == then.keys() - before.keys()
    assert [clause for clause in then if clause in before] == [clause for clause in before if clause in then]
    told = [each.clause for each in differences(OLD, in_force, new)]
    assert [clause for clause in told if clause in then] == [clause for clause in then if clause in told]
    list(faults(OLD, new))
