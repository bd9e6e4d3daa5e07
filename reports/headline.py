"""The sentence a report opens with: the number, what is owed, and what is asked of its reader."""

from __future__ import annotations

from datetime import date

from tasks.measured import Line
from tasks.values import Standing

from .calls import calls, local, waiting
from .targets import Mark, current, main_line
from .vietnamese import clipped, in_words, near, number, opened, quantity


def headline(standing: Standing) -> str:
    """One or two sentences, composed by rule; every number in it stands again below."""
    line = main_line(standing)
    today = local(standing.as_of, standing).date()
    figure = _figure(line, today) if line else ""
    return f"{figure} {_works(standing)}".strip()


def asks(standing: Standing) -> str:
    """What waits for the reader alone, "" where nothing does."""
    count = len(standing.requests)
    return f"{opened(in_words(count))} đề nghị gia hạn đang chờ quyết định." if count else ""


def _figure(line: Line, today: date) -> str:
    name, mark = clipped(line.name, 80), current(line, today)
    if not line.points:
        return (
            f"{name}: chưa có số liệu." if mark is None else f"{name}: chưa có số liệu, mốc {mark.goal.said} ngày {near(mark.day, today)}."
        )
    value = quantity(line.points[-1][1], line.unit)
    return f"{name} đạt {value}." if mark is None else f"{name} {_against(mark, value, today)}."


def _against(mark: Mark, value: str, today: date) -> str:
    day = near(mark.day, today)
    if mark.reached:
        return f"đạt {value}, đã đủ mốc {mark.goal.said} ngày {day}"
    assert mark.figure is not None
    wanting = mark.goal.wanting(mark.figure)
    if mark.verdict == "ahead":
        return f"mới đạt {value}, {wanting} để kịp mốc {day}"
    return f"mới đạt {value}, {wanting} mới đủ mốc {mark.goal.said} đã qua ngày {day}"


def _works(standing: Standing) -> str:
    cells = standing.cells
    if not cells.dated:
        return _undated(standing)
    if cells.overdue:
        return _owed(standing)
    if not cells.in_time:
        return _all_done(standing)
    running = f"{number(cells.soon)} việc sắp đến hạn" if cells.soon else f"{number(cells.in_time)} việc đang làm trong hạn"
    return f"Không việc nào quá hạn, {running}{_but_silent(standing)}."


def _owed(standing: Standing) -> str:
    owing = sum(agency.cells.overdue > 0 for agency in standing.agencies)
    silent = _silent(standing)
    also = f", {in_words(silent)} đơn vị chưa báo cáo" if silent else ""
    return f"{opened(in_words(owing))} đơn vị có {number(standing.cells.overdue)} việc quá hạn{also}; {_to_call(standing)}."


def _to_call(standing: Standing) -> str:
    count = len(calls(standing))
    if count:
        return f"{in_words(count)} nơi cần gọi hôm nay"
    return "các nơi này đang chờ cơ quan ban hành trả lời" if waiting(standing) else "không nơi nào phải gọi hôm nay"


def _all_done(standing: Standing) -> str:
    cells = standing.cells
    late = f", trong đó {number(cells.late)} việc xong sau hạn" if cells.late else ", đều đúng hạn"
    return f"Cả {number(cells.dated)} việc có hạn đã xong{late}{_but_silent(standing)}."


def _undated(standing: Standing) -> str:
    cells, silent = standing.cells, _silent(standing)
    if not cells.undated:
        return "Chưa có việc nào bắt đầu."
    done = f", {number(cells.undated_done)} việc đã xong" if cells.undated_done else ""
    reported = f"{in_words(silent)} đơn vị chưa báo cáo" if silent else "không đơn vị nào chậm báo cáo"
    return f"{number(cells.undated)} việc, không việc nào có thời hạn{done}; {reported}."


def _but_silent(standing: Standing) -> str:
    count = _silent(standing)
    return f"; nhưng {in_words(count)} đơn vị chưa báo cáo" if count else ""


def _silent(standing: Standing) -> int:
    return sum(agency.cells.silent > 0 for agency in standing.agencies)
