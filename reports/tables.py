"""The numbers of a report as tidy tables, one for each kind of thing, which sheets and CSV files share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tasks.cells import Cells
from tasks.measured import Line
from tasks.values import AgencyStanding, Standing, Work

from .calls import due_day, local
from .targets import goal, marks, verdict_words
from .tongues import say
from .vietnamese import shown

Value = str | int | Decimal | date | None

#: The ways to count, in the order of columns; the first six are the classes and sum up to the seventh.
COUNTED = ("Quá hạn", "Chưa báo cáo", "Sắp đến hạn", "Đang làm", "Không thời hạn", "Đã xong", "Cộng", "Xong đúng hạn", "Xong quá hạn")
_COLUMNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "tong-hop": ("Tổng hợp", ("Chỉ số", "Kỳ này", "Kỳ trước")),
    "don-vi": ("Đơn vị", ("Mã", "Đơn vị", "Loại", *COUNTED, "Tỷ lệ đúng hạn (%)", "Số liệu", "Chỉ tiêu riêng", "Điện thoại")),
    "nhiem-vu": ("Nhiệm vụ", ("Mục", "Nhiệm vụ", *COUNTED)),
    "don-vi-nhiem-vu": ("Đơn vị, nhiệm vụ", ("Mã", "Đơn vị", "Mục", *COUNTED)),
    "qua-han": ("Quá hạn", ("Đơn vị", "Mục", "Nhiệm vụ", "Kỳ", "Hạn", "Trễ (ngày)", "Xin lùi đến", "Lời gần nhất")),
    "thay-doi": ("Thay đổi", ("Thay đổi", "Đơn vị", "Mục", "Nhiệm vụ", "Hạn", "Xin lùi đến")),
    "chi-tieu": ("Chỉ tiêu", ("Chỉ tiêu", "Ngày", "Số liệu", "Mốc", "Đơn vị tính", "Kết quả")),
}
CHANGES = {"done": "Xong", "overdue": "Mới quá hạn", "asks": "Xin lùi hạn", "granted": "Được gia hạn", "refused": "Không được gia hạn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of one kind. `id` names its file, `title` its sheet; figures are cut to two decimals, as pages print them.

    `columns` know themselves by their Vietnamese names; `title`, `heads` and what stands in rows are in the language that is spoken.
    """

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """The headings of the columns."""
        return tuple(map(say, self.columns))


def tables(standing: Standing) -> tuple[Table, ...]:
    """Every table of a report, the whole first."""
    today = local(standing.as_of, standing).date()
    return (
        _table("tong-hop", _whole(standing)),
        _table("don-vi", map(_agency, standing.agencies)),
        _table("nhiem-vu", _duties(standing)),
        _table("don-vi-nhiem-vu", _map(standing)),
        _table("qua-han", (_late(work, standing.paper.zone, today) for work in standing.overdue)),
        _table("thay-doi", _changes(standing)),
        _table("chi-tieu", (row for line in standing.lines for row in _line(line, today))),
    )


def _table(id: str, rows: Iterable[tuple[Value, ...]]) -> Table:
    title, columns = _COLUMNS[id]
    return Table(id=id, title=say(title), columns=columns, rows=tuple(rows))


def classes(cells: Cells) -> tuple[int, ...]:
    """Cells as the columns of COUNTED."""
    six = (
        cells.overdue, cells.silent, cells.soon, cells.in_time - cells.soon, cells.undated - cells.silent, cells.on_time + cells.late,
    )
    return (*six, sum(six), cells.on_time, cells.late)


def _whole(standing: Standing) -> Iterator[tuple[Value, ...]]:
    now, before = standing.cells, standing.cells_before
    for name, said in _CELLS.items():
        yield say(said), getattr(now, name), getattr(before, name) if before else None
    rate = standing.rate
    yield say("Việc tính tỷ lệ"), rate.judged, None
    yield say("Trong đó đúng hạn"), rate.on_time, None
    yield say("Tỷ lệ đúng hạn (%)"), shown(rate.percent) if rate.percent is not None else None, None
    yield say("Ngoài tỷ lệ: miễn tính"), rate.exempt, None
    yield say("Ngoài tỷ lệ: thư không tới được"), rate.unreachable, None
    yield say("Đề nghị gia hạn chờ quyết định"), len(standing.requests), None
    yield say("Thư chưa gửi được"), standing.unsent, None


_CELLS = {
    "on_time": "Hoàn thành đúng hạn", "late": "Hoàn thành quá hạn",
    "in_time": "Đang thực hiện trong hạn", "overdue": "Đang thực hiện quá hạn",
    "dated": "Cộng việc có thời hạn", "soon": "Trong hạn: sắp đến hạn", "undated": "Không thời hạn",
    "silent": "Không thời hạn: chưa báo cáo", "undated_done": "Không thời hạn: đã xong",
}  # fmt: skip


def _agency(of: AgencyStanding) -> tuple[Value, ...]:
    kind = say("thư không tới" if of.unreachable else "được đề nghị" if of.peer else "được giao")
    rate = shown(of.rate.percent) if of.rate.percent is not None else None
    figure = shown(of.figure) if of.figure is not None else None
    return of.party.id, of.party.name, kind, *classes(of.cells), rate, figure, goal(*of.goal).said if of.goal else "", of.party.phone or ""


def _duties(standing: Standing) -> Iterator[tuple[Value, ...]]:
    for clause, short in standing.duties:
        cells = sum((each.by_clause[clause] for each in standing.agencies if clause in each.by_clause), Cells())
        yield clause, short, *classes(cells)


def _map(standing: Standing) -> Iterator[tuple[Value, ...]]:
    for each in standing.agencies:
        for clause, cells in each.by_clause.items():
            yield each.party.id, each.party.name, clause, *classes(cells)


def _late(work: Work, zone: str, today: date) -> tuple[Value, ...]:
    due = due_day(work, zone)
    days = (today - due).days if due else None
    term = date.fromisoformat(work.term[:10]) if work.term else None
    return work.agency.name, work.clause, work.short, term, due, days, work.asks_until, work.last_words


def _changes(standing: Standing) -> Iterator[tuple[Value, ...]]:
    for change in standing.changes:
        work = change.work
        yield say(CHANGES[change.kind]), work.agency.name, work.clause, work.short, due_day(work, standing.paper.zone), work.asks_until


def _line(line: Line, today: date) -> Iterator[tuple[Value, ...]]:
    """A row for each day on which there is a figure or a milestone, in order of time."""
    figures, aims = dict(line.points), {mark.day: mark for mark in marks(line, today)}
    for day in sorted(figures.keys() | aims.keys()):
        figure, aim = figures.get(day), aims.get(day)
        yield (
            line.name, day, None if figure is None else shown(figure), aim.goal.value if aim else None, line.unit,
            f"{aim.goal.said}: {verdict_words(aim)}" if aim else "",
        )  # fmt: skip
