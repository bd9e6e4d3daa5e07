"""What may be said of a task in which state: the whole table, and every refusal with its advice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, get_args, get_type_hints

import pytest

from tasks.states import TRANSITIONS, UNDO_DAYS, Case, after, refusal
from tasks.values import Act, State

#: Each act in each state, and what becomes of the task; a dot is a refusal.
TABLE = """
          open      received  progress  claimed   done      void
received  received  received  .         .         .         .
progress  progress  progress  progress  claimed   .         .
figure    progress  progress  progress  .         done      .
done      done      done      done      .         .         .
extend    open      received  progress  .         .         .
undo      .         .         .         progress  progress  .
grant     open      received  progress  .         .         .
refuse    open      received  progress  .         .         .
confirm   .         .         .         done      .         .
reject    .         .         .         progress  .         .
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
        evidence="optional", documents=0, files=0,
    )
    return replace(fine, **words)


def test_the_table_names_every_act_and_every_state() -> None:
    assert tuple(line[0] for line in LINES) == get_args(get_type_hints(Act)["kind"])
    assert tuple(HEAD) == get_args(State)


@pytest.mark.parametrize(("act", "state", "becomes"), GRID)
def test_an_act_in_a_state_becomes_what_the_table_says_or_is_refused_in_words(act: str, state: State, becomes: str) -> None:
    said = case(act, state)
    assert TRANSITIONS.get((act, state), ".") == becomes
    assert bool(refusal(said)) == (becomes == ".")
    if becomes != ".":
        assert after(said) == becomes


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
])
def test_a_refusal_says_why_in_words(kind: str, words: dict[str, Any], said: str) -> None:
    found = refusal(case(kind, **words))
    assert said in found
    assert bool(found) == bool(said)


@pytest.mark.parametrize(("words", "taken_back"), [
    ({"said_days": UNDO_DAYS - 1}, True),
    ({"said_days": UNDO_DAYS}, False),
    ({"measured": True}, False),
])
def test_done_is_taken_back_within_a_week_and_not_from_a_figure(words: dict[str, Any], taken_back: bool) -> None:
    assert bool(refusal(case("undo", "done", **words))) is not taken_back
