"""What may be said of a task in which state: the whole table, and every refusal with its advice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, get_args, get_type_hints

import pytest

from tasks.judging import Case, after, refusal
from tasks.states import CORRECT_HOURS, TRANSITIONS, UNDO_DAYS, becomes
from tasks.values import Act, State

#: Each act in each state, and what becomes of the task; a dot is a refusal. Whoever is held was `received` before.
TABLE = """
          open      received  progress  claimed   returned  paused    done      void
received  received  received  .         .         .         .         .         .
progress  progress  progress  progress  claimed   returned  paused    .         .
figure    progress  progress  progress  .         .         paused    done      .
done      done      done      done      .         .         done      .         .
extend    open      received  progress  .         .         .         .         .
undo      .         .         .         progress  .         .         progress  .
return    returned  returned  returned  .         .         .         .         .
delegate  received  received  progress  claimed   .         paused    .         .
answer    .         .         .         .         .         .         done      void
grant     open      received  progress  .         .         paused    .         .
refuse    open      received  progress  .         .         paused    .         .
confirm   .         .         .         done      .         .         .         .
reject    .         .         .         progress  .         .         .         .
keep      .         .         .         .         received  .         .         .
reassign  open      open      open      .         open      open      .         .
pause     paused    paused    paused    .         .         paused    .         .
resume    .         .         .         .         .         received  .         .
postpone  open      received  progress  .         .         paused    .         .
reopen    .         .         .         .         .         .         progress  .
close     done      done      done      done      done      done      .         .
"""
HEAD, *LINES = (line.split() for line in TABLE.strip().splitlines())
GRID = [(act, state, becomes) for act, *row in LINES for state, becomes in zip(HEAD, row, strict=True)]

DUE = date(2020, 5, 24)
LATER = date(2020, 6, 5)


def case(kind: str, state: str = "open", **words: Any) -> Case:
    """Nothing stands in the way of what this case says, unless `words` do."""
    fine = Case(
        kind=kind, state=state, lead=True, children_open=0, measured=False, dated=True, due_on=DUE,  # type: ignore[arg-type]
        needs_confirmation=False, asks_until=LATER if kind in ("grant", "refuse") else None, note="vì mưa bão", until=LATER,
        evidence="optional", documents=0, files=0, today=date(2020, 5, 20), to="ward-b",
    )
    return replace(fine, **words)


def test_the_table_names_every_act_and_every_state() -> None:
    assert tuple(line[0] for line in LINES) == get_args(get_type_hints(Act)["kind"])
    assert tuple(HEAD) == get_args(State)


@pytest.mark.parametrize(("act", "state", "word"), GRID)
def test_an_act_in_a_state_becomes_what_the_table_says_or_is_refused_in_words(act: str, state: State, word: str) -> None:
    said = case(act, state)
    assert ((act, state) in TRANSITIONS) == (word != ".")
    assert bool(refusal(said)) == (word == ".")
    if word != ".":
        assert after(said) == word


@pytest.mark.parametrize(("kind", "said"), [("received", "từ trước"), ("undo", "chưa báo xong")])
def test_who_has_a_task_in_hand_waits_for_no_decision(kind: str, said: str) -> None:
    told = refusal(case(kind, "progress"))
    assert said in told
    assert "chờ" not in told


def test_done_is_a_claim_where_the_issuer_confirms() -> None:
    assert [after(case("done", needs_confirmation=needs)) for needs in (False, True)] == ["done", "claimed"]


@pytest.mark.parametrize(("kind", "words", "said"), [
    # A coordinator comments and nothing else.
    ("progress", {"lead": False}, ""),
    ("done", {"lead": False}, "phối hợp"),
    ("extend", {"lead": False}, "phối hợp"),
    ("received", {"lead": False}, "phối hợp"),
    # Figures: only where there is an indicator, only from who types it.
    ("figure", {}, ""),
    ("figure", {"indicator": False}, "không có chỉ tiêu"),
    ("figure", {"typed_by": "Bảo hiểm xã hội"}, "do Bảo hiểm xã hội nhập"),
    # A figure settles what is measured, nobody presses done or takes it back.
    ("done", {"measured": True}, "số liệu"),
    # A cascading lead says why not all below are done.
    ("done", {"children_open": 2, "note": " "}, "2 đơn vị"),
    ("done", {"children_open": 2, "note": "đã sáp nhập"}, ""),
    # Evidence, by the duty's word.
    ("done", {"evidence": "required"}, "minh chứng"),
    ("done", {"evidence": "required", "documents": 1}, ""),
    ("done", {"evidence": "required", "files": 1}, ""),
    ("done", {"evidence": "document", "files": 1}, "văn bản trả lời"),
    ("done", {"evidence": "document", "documents": 1}, ""),
    ("done", {"evidence": "photo", "documents": 1}, "ảnh"),
    ("done", {"evidence": "photo", "files": 1}, ""),
    ("done", {"evidence": "file", "documents": 1}, "tệp"),
    ("done", {"evidence": "file", "files": 1}, ""),
    # More time: for what has a date, to a later day, with a reason, one request at a time.
    ("extend", {"dated": False, "due_on": None}, "không có thời hạn"),
    ("extend", {"until": DUE}, "24/5/2020"),
    ("extend", {"until": None}, "24/5/2020"),
    ("extend", {"note": "  "}, "lý do"),
    ("extend", {"asks_until": LATER}, "5/6/2020"),
    # A decision needs a request; a refusal a reason; a grant a later day.
    ("grant", {"asks_until": None}, "Không có đề nghị"),
    ("refuse", {"asks_until": None}, "Không có đề nghị"),
    ("refuse", {"note": ""}, "lý do"),
    ("grant", {"until": DUE}, "24/5/2020"),
    ("grant", {"until": None}, ""),
    # A child's date is never after that of the task above it.
    ("extend", {"above_on": LATER}, ""),
    ("extend", {"above_on": date(2020, 6, 4)}, "4/6/2020"),
    ("grant", {"above_on": date(2020, 6, 4)}, "4/6/2020"),
    ("grant", {"above_on": date(2020, 6, 4), "until": None}, "4/6/2020"),
    ("postpone", {"above_on": date(2020, 6, 4)}, "4/6/2020"),
    # What is decided against somebody, or stops the clock, says why.
    ("return", {"note": ""}, "không thuộc thẩm quyền"),
    ("return", {"lead": False}, "phối hợp"),
    ("keep", {"note": " "}, "lý do"),
    ("pause", {"note": ""}, "lý do"),
    ("reopen", {"note": ""}, "lý do"),
    ("close", {"note": ""}, "lý do"),
    ("close", {"children_open": 2}, ""),
    # A pause ends on a day that is still to come.
    ("pause", {"until": None}, "ngày thực hiện tiếp"),
    ("pause", {"until": date(2020, 5, 20)}, "sau hôm nay 20/5/2020"),
    # Work passes to somebody who is there and does not have it.
    ("delegate", {"to": ""}, "họ tên"),
    ("delegate", {"lead": False}, "phối hợp"),
    ("reassign", {"taker": "unknown"}, "ward-b"),
    ("reassign", {"taker": "same"}, "chính đơn vị đó"),
    ("reassign", {"taker": "holds"}, "đã có nhiệm vụ"),
    ("reassign", {"until": DUE}, "24/5/2020"),
    ("reassign", {"until": None}, ""),
    # A date is moved where there is one, and to a later day.
    ("postpone", {"due_on": None, "dated": False}, "không có thời hạn"),
    ("postpone", {"until": None}, "thời hạn mới"),
    ("postpone", {"until": DUE}, "24/5/2020"),
    # What a figure settled, a figure reopens.
    ("reopen", {"measured": True}, "số liệu"),
    # A figure is corrected by its agency for a day.
    ("figure", {"corrects_hours": CORRECT_HOURS - 1}, ""),
    ("figure", {"corrects_hours": CORRECT_HOURS}, "quá 24 giờ"),
    # A late answer says something.
    ("answer", {"note": " "}, "nội dung"),
    ("answer", {"note": "", "documents": 1}, ""),
    ("answer", {"lead": False}, ""),
])
def test_a_refusal_says_why_in_words(kind: str, words: dict[str, Any], said: str) -> None:
    state = {"undo": "done", "reopen": "done", "answer": "void", "keep": "returned"}.get(kind, "open")
    found = refusal(case(kind, state, **words))
    assert said in found
    assert bool(found) == bool(said)


@pytest.mark.parametrize(("words", "taken_back"), [
    ({"said_days": UNDO_DAYS - 1}, True),
    ({"said_days": UNDO_DAYS}, False),
    ({"measured": True}, False),
])
def test_done_is_taken_back_within_a_week_and_not_from_a_figure(words: dict[str, Any], taken_back: bool) -> None:
    assert bool(refusal(case("undo", "done", **words))) is not taken_back


@pytest.mark.parametrize(("kind", "held", "before", "then"), [
    ("resume", "paused", "open", "open"),
    ("resume", "paused", "progress", "progress"),
    ("keep", "returned", "progress", "progress"),
    ("keep", "returned", "open", "received"),  # whoever returned it had received it
])
def test_what_was_held_is_what_it_was_before(kind: str, held: State, before: State, then: State) -> None:
    assert becomes(kind, held, before) == then
