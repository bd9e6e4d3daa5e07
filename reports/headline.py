"""The sentence a report opens with: the number, what is owed, and what is asked of its reader."""

from __future__ import annotations

from datetime import date

from tasks.abridged import mute, owing
from tasks.measured import Line
from tasks.values import Standing

from .calls import calls, local, waiting
from .targets import Mark, current, main_line
from .tongues import say
from .vietnamese import clipped, in_words, near, opened, quantity


def headline(standing: Standing) -> str:
    """One or two sentences, composed by rule; every number in it stands again below."""
    line = main_line(standing)
    today = local(standing.as_of, standing).date()
    figure = _figure(line, today) if line else ""
    return f"{figure} {_works(standing)}".strip()


def asks(standing: Standing) -> str:
    """What waits for the reader alone, "" where nothing does."""
    count = len(standing.requests)
    return say("{n} đề nghị gia hạn đang chờ quyết định.", n=opened(in_words(count))) if count else ""


def _figure(line: Line, today: date) -> str:
    name, mark = clipped(line.name, 80), current(line, today)
    if mark and line.points:
        return _against(name, mark, quantity(line.points[-1][1], line.unit), near(mark.day, today))
    if mark:
        return say("{name}: chưa có số liệu, mốc {goal} ngày {day}.", name=name, goal=mark.goal.said, day=near(mark.day, today))
    if line.points:
        return say("{name} đạt {value}.", name=name, value=quantity(line.points[-1][1], line.unit))
    return say("{name}: chưa có số liệu.", name=name)


def _against(name: str, mark: Mark, value: str, day: str) -> str:
    if mark.reached:
        return say("{name} đạt {value}, đã đủ mốc {goal} ngày {day}.", name=name, value=value, goal=mark.goal.said, day=day)
    assert mark.figure is not None
    wanting = mark.goal.wanting(mark.figure)
    if mark.verdict == "ahead":
        return say("{name} mới đạt {value}, {wanting} để kịp mốc {day}.", name=name, value=value, wanting=wanting, day=day)
    passed = "{name} mới đạt {value}, {wanting} mới đủ mốc {goal} đã qua ngày {day}."
    return say(passed, name=name, value=value, wanting=wanting, goal=mark.goal.said, day=day)


def _works(standing: Standing) -> str:
    cells = standing.cells
    if not cells.dated:
        return _undated(standing)
    if cells.overdue:
        return _owed(standing)
    if not cells.in_time:
        return _all_done(standing)
    running = say("{n} việc sắp đến hạn", n=cells.soon) if cells.soon else say("{n} việc đang làm trong hạn", n=cells.in_time)
    return say("Không việc nào quá hạn, {running}{silent}.", running=running, silent=_but_silent(standing))


def _owed(standing: Standing) -> str:
    silent = mute(standing)
    also = f", {say('{n} đơn vị chưa báo cáo', n=in_words(silent))}" if silent else ""
    late = say("{n} việc quá hạn", n=standing.cells.overdue)
    return say("{n} đơn vị có {late}{also}; {call}.", n=opened(in_words(owing(standing))), late=late, also=also, call=_to_call(standing))


def _to_call(standing: Standing) -> str:
    count = len(calls(standing))
    if count:
        return say("{n} nơi cần gọi hôm nay", n=in_words(count))
    return say("các nơi này đang chờ cơ quan ban hành trả lời") if waiting(standing) else say("không nơi nào phải gọi hôm nay")


def _all_done(standing: Standing) -> str:
    cells = standing.cells
    late = say(", trong đó {n} việc xong sau hạn", n=cells.late) if cells.late else say(", đều đúng hạn")
    return say("Cả {n} việc có hạn đã xong{late}{silent}.", n=cells.dated, late=late, silent=_but_silent(standing))


def _undated(standing: Standing) -> str:
    cells, silent = standing.cells, mute(standing)
    if not cells.undated:
        return say("Chưa có việc nào bắt đầu.")
    done = f", {say('{n} việc đã xong', n=cells.undated_done)}" if cells.undated_done else ""
    reported = say("{n} đơn vị chưa báo cáo", n=in_words(silent)) if silent else say("không đơn vị nào chậm báo cáo")
    return say("{n} việc, không việc nào có thời hạn{done}; {reported}.", n=cells.undated, done=done, reported=reported)


def _but_silent(standing: Standing) -> str:
    count = mute(standing)
    return say("; nhưng {n} đơn vị chưa báo cáo", n=in_words(count)) if count else ""
