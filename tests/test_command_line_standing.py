"""`status` by level and since a day, `lateness`, `calls`, `sample`: what standings say at the command line, each row of one whole."""

from __future__ import annotations

import pytest

from dondoc.reckoning import FORMULA
from tests import command_line
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.sample import at
from tests.test_command_line_following import LATER, TUESDAY, issued, says

__all__ = ["dondoc", "issued"]  # the fixtures

dondoc = command_line.dondoc


@pytest.mark.parametrize("level", ["kind", "territory", "parent"])
def test_rows_of_a_level_sum_to_all(issued: Terminal, level: str) -> None:
    says(issued, "thon-dong", "1", "done")
    found = issued.json("status", NUMBER, "--by", level, at=LATER)
    for name, whole in found["cells"].items():
        assert sum(row["cells"][name] for row in found["rows"]) == whole
    assert sum(row["rate"]["judged"] for row in found["rows"]) == found["rate"]["judged"]
    assert "Tất cả" in issued("status", NUMBER, "--by", level, at=LATER).out


def test_what_moved_since_a_day_is_told_cell_by_cell(issued: Terminal) -> None:
    before = issued.json("status", NUMBER, at=TUESDAY)["cells"]
    found = issued.json("status", NUMBER, "--since", "10/3/2026", at=LATER)
    assert sum(row["tasks"] for row in found["counted"] if row["before"] == "in_time") == before["in_time"]
    assert sum(row["tasks"] for row in found["counted"] if row["after"] == "overdue") == found["cells"]["overdue"] == 2
    assert [move["after"] for move in found["moves"]] == ["overdue", "overdue"]
    assert "Trước đó" in issued("status", NUMBER, "--since", "10/3/2026", at=LATER).out


def test_a_report_tells_what_changed_since_the_day_that_is_asked_for(issued: Terminal) -> None:
    made = issued("report", NUMBER, "--to", "json", "--since", "10/3/2026", at=LATER).json
    moved = issued.json("status", NUMBER, "--since", "10/3/2026", at=LATER)
    assert made["changed"] == {"overdue": sum(move["after"] == "overdue" for move in moved["moves"])}
    assert made["cells"]["overdue"] == made["cells_before"]["overdue"] + made["changed"]["overdue"]
    assert issued("report", NUMBER, "--since", "10/3/2026", "--as-of", "10/3/2026", at=LATER).code == 2


def test_late_days_are_divided_and_the_ranking_says_how_it_is_reckoned(issued: Terminal) -> None:
    by_agency, by_duty = (issued.json("lateness", NUMBER, "--by", by, at=LATER) for by in ("agency", "duty"))
    for part, whole in by_agency["days"].items():
        assert sum(row["days"][part] for row in by_agency["rows"]) == sum(row["days"][part] for row in by_duty["rows"]) == whole
    assert by_agency["days"]["unsent"] > 0  # no letter has left
    assert "Tất cả" in issued("lateness", NUMBER, at=LATER).out
    ranked = issued.json("lateness", NUMBER, "--rank", at=LATER)
    assert (ranked["formula"], [row["place"] for row in ranked["ranking"]]) == (FORMULA, [1, 1])
    assert "đồng hạng" in " ".join(issued("lateness", NUMBER, "--rank", at=LATER).out.split())


def test_who_is_to_be_called_is_told_with_the_reason(issued: Terminal) -> None:
    found = issued.json("calls", NUMBER, at=LATER)["calls"]
    assert {call["class"] for call in found} == {"undelivered"}
    says(issued, "thon-tay", "1", "received")
    found = {call["id"]: call["class"] for call in issued.json("calls", NUMBER, at=LATER)["calls"]}
    assert found["thon-tay"] == "received"
    assert "đã tiếp nhận, im lặng" in issued("calls", NUMBER, at=LATER).out


def test_a_sample_is_drawn_looked_at_and_estimated(issued: Terminal) -> None:
    for agency in ("thon-dong", "thon-tay"):
        says(issued, agency, "1", "done")
    drawn = issued.json("sample", NUMBER, "--n", "30", "--seed", "2020", at=LATER)
    assert (drawn["population"], len(drawn["tasks"]), drawn["estimate"]) == (2, 2, None)
    assert issued.json("sample", NUMBER, "--n", "30", "--seed", "2020", at=LATER)["tasks"] == drawn["tasks"]
    assert issued("sample", NUMBER, "--seed", "2020", "--held", "1", at=LATER).code == 2
    who = ("--name", "Người xem", "--role", "Thanh tra")
    seen = issued.json("sample", NUMBER, "--seed", "2020", "--held", "1", "--failed", "2", "--note", "chưa lập", *who, at=LATER)
    assert [task["held"] for task in seen["tasks"]] == [True, False]
    assert seen["estimate"]["share"] == 0.5
    assert "50,0%" in issued("sample", NUMBER, "--seed", "2020", at=LATER).out
    assert issued("sample", NUMBER, "--seed", "2020", "--held", "9", *who, at=LATER).code == 2
    assert issued("sample", NUMBER, "--held", "x", *who, at=LATER).code == 2


def test_a_report_of_a_past_day_has_the_same_hash_after_names_have_changed(issued: Terminal) -> None:
    first = issued("report", NUMBER, "--as-of", "15/3/2026", at=LATER)
    issued.change("config/agencies/don-vi.yaml", "name: Thôn Đông", "name: Thôn Đông Mới")
    sample = (issued.home / SAMPLE).read_text(encoding="utf-8")
    issued.write("directives/hai.yaml", sample.replace("01/UBND-VX", "02/UBND-VX"))
    assert issued("apply", "directives/hai.yaml", "--yes", at=at("2026-04-02", "08:00")).code == 0
    again = issued("report", NUMBER, "--as-of", "15/3/2026", at=at("2026-04-03", "08:00"))
    assert (again.err, again.out) == (first.err, first.out)
    assert "Mã báo cáo" in again.err
    assert "Thôn Đông Mới" in issued("status", NUMBER, "--by", "agency", "--json", at=at("2026-04-03", "08:00")).out
