"""The agencies of a standing as rows: worst first, those on track in a sentence, peers and the unreachable apart, and the map."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks.abridged import KINDS, NAMED, Rest, rest
from tasks.values import AgencyStanding, Standing

from .calls import local
from .classes import Share, shares, total, worst
from .targets import Goal, Mark, current, goal, main_line
from .tongues import say
from .vietnamese import amount, decimal, in_words, names, number, opened, quantity, shown

MOST = NAMED  # agencies in a table or map; further ones are counted
_KEY = re.compile(r"[a-z]?|end\b.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An agency in a table. `figure` and `gap` are "" where it has none; `owes` names clauses that are overdue or silent."""

    id: str
    name: str
    phone: str
    shares: tuple[Share, ...]
    total: int
    figure: str
    gap: str
    behind: bool
    owes: str

    @property
    def words(self) -> str:
        """The classes in words: "1 quá hạn, 2 đang làm"."""
        return ", ".join(f"{number(share.count)} {share.words}" for share in self.shares) or say("chưa có việc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """All agencies: `rows` need attention, `more` counts those not printed, `rest` names those on track."""

    rows: tuple[Row, ...]
    more: str
    rest: str
    peers: tuple[Row, ...]
    unreachable: tuple[Row, ...]
    apart: str

    @property
    def widest(self) -> int:
        """The most tasks of one row, which fills the bar's column."""
        return max((row.total for row in (*self.rows, *self.peers)), default=1) or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A part of the map: a heading ("" for the ranked) and a line for each agency, its duties in the columns' order."""

    title: str
    lines: tuple[tuple[str, tuple[Share | None, ...]], ...]
    ids: tuple[str, ...] = ()  # of the agencies, a line each


def roll(standing: Standing) -> Roll:
    """Who needs attention and who does not; the order within is the standing's own, worst first."""
    mark = _mark(standing)
    ranked, peers, unreachable = _parts(standing)
    troubled = [agency for agency in ranked if _needs_attention(agency, mark)]
    fine = [agency for agency in ranked if not _needs_attention(agency, mark)]
    labels = dict(columns(standing.duties))
    return Roll(
        rows=tuple(_row(agency, mark, labels) for agency in troubled[:MOST]),
        more=_more(troubled[MOST:], rest(standing, "pressing")),
        rest=_calm(fine, _unit(mark), rest(standing, "calm").agencies, alone=not troubled),
        peers=tuple(_row(agency, mark, labels) for agency in peers[:MOST]),
        unreachable=tuple(_row(agency, mark, labels) for agency in unreachable[:MOST]),
        apart=_more([*peers[MOST:], *unreachable[MOST:]], rest(standing, "peer", "unreachable")),
    )


def columns(duties: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """(clause, its heading): the paper's number, or the duty's place in brackets where the paper has none."""
    return tuple((clause, f"({place})" if _KEY.fullmatch(clause) else clause) for place, (clause, _) in enumerate(duties, 1))


def grid(standing: Standing) -> tuple[Group, ...]:
    """The map agency × duty: the ranked, then peers, then whom letters do not reach."""
    titles = ("", say("Được đề nghị"), say("Thư không tới"))
    clauses = [clause for clause, _ in standing.duties]
    parts = zip(titles, _parts(standing), strict=True)
    return tuple(_group(title, part[:MOST], clauses) for title, part in parts if part)


def _group(title: str, part: Sequence[AgencyStanding], clauses: Sequence[str]) -> Group:
    return Group(title=title, lines=_lines(part, clauses), ids=tuple(agency.party.id for agency in part))


def unmapped(standing: Standing) -> int:
    """How many agencies the map leaves out."""
    return sum(max(0, len(part) - MOST) for part in _parts(standing)) + rest(standing, *KINDS).agencies


def _parts(standing: Standing) -> tuple[list[AgencyStanding], list[AgencyStanding], list[AgencyStanding]]:
    everyone = standing.agencies
    return (
        [agency for agency in everyone if not agency.peer and not agency.unreachable],
        [agency for agency in everyone if agency.peer and not agency.unreachable],
        [agency for agency in everyone if agency.unreachable],
    )


def _mark(standing: Standing) -> Mark | None:
    line = main_line(standing)
    return current(line, local(standing.as_of, standing).date()) if line else None


def _needs_attention(agency: AgencyStanding, mark: Mark | None) -> bool:
    cells = agency.cells
    return bool(cells.overdue or cells.silent or cells.soon or _behind(agency, mark))


def _behind(agency: AgencyStanding, mark: Mark | None) -> bool:
    aim = _goal(agency, mark)
    return bool(aim and agency.figure is not None and not aim.reached_by(agency.figure))


def _goal(agency: AgencyStanding, mark: Mark | None) -> Goal | None:
    """What an agency is judged on: its own target, else the milestone of all."""
    return goal(*agency.goal, _unit(mark)) if agency.goal else mark.goal if mark else None


def _unit(mark: Mark | None) -> str:
    return mark.goal.unit if mark else "%"


def _row(agency: AgencyStanding, mark: Mark | None, labels: dict[str, str]) -> Row:
    found = shares(agency.cells)
    return Row(
        id=agency.party.id,
        name=agency.party.name,
        phone=agency.party.phone or "",
        shares=found,
        total=sum(share.count for share in found),
        figure="" if agency.figure is None else quantity(agency.figure, _unit(mark)),
        gap=_gap(agency, mark),
        behind=_behind(agency, mark),
        owes=_owes(agency, labels),
    )


def _gap(agency: AgencyStanding, mark: Mark | None) -> str:
    aim = _goal(agency, mark)
    if aim is None or agency.figure is None:
        return ""
    if aim.reached_by(agency.figure):
        return say("đủ")
    gap, below = aim.gap(agency.figure), shown(agency.figure) <= aim.value
    return f"{'−' if below else '+'}{decimal(gap) if aim.unit == '%' else amount(gap)}"


def _owes(agency: AgencyStanding, labels: dict[str, str]) -> str:
    late = [_clause(labels.get(clause, clause), cells.overdue) for clause, cells in agency.by_clause.items() if cells.overdue]
    silent = [_clause(labels.get(clause, clause), cells.silent) for clause, cells in agency.by_clause.items() if cells.silent]
    parts = (
        say("quá hạn mục {clauses}", clauses=names(late)) if late else "",
        say("chưa báo cáo mục {clauses}", clauses=names(silent)) if silent else "",
    )
    return "; ".join(part for part in parts if part)


def _clause(label: str, count: int) -> str:
    return label if count == 1 else f"{label} ×{number(count)}"


def _more(agencies: Sequence[AgencyStanding], left: Rest) -> str:
    """What is not printed: agencies beyond the table's length, and those that the standing itself only counts."""
    if not agencies and not left.agencies:
        return ""
    cells = total((left.cells, *(agency.cells for agency in agencies)))
    counts = ", ".join(f"{number(share.count)} {share.words}" for share in shares(cells))
    return f"{say('và {n} đơn vị khác', n=len(agencies) + left.agencies)}: {counts}."


def _calm(agencies: Sequence[AgencyStanding], unit: str, left: int, *, alone: bool) -> str:
    if not agencies:
        return ""
    who = names([_named(agency, unit) for agency in agencies], 12, left=left)
    count = in_words(len(agencies) + left)
    if alone:
        return say("Cả {n} đơn vị đúng tiến độ: {who}.", n=count, who=who)
    return say("{n} đơn vị còn lại đúng tiến độ: {who}.", n=opened(count), who=who)


def _named(agency: AgencyStanding, unit: str) -> str:
    return agency.party.short if agency.figure is None else f"{agency.party.short} ({quantity(agency.figure, unit)})"


def _lines(agencies: Sequence[AgencyStanding], clauses: Sequence[str]) -> tuple[tuple[str, tuple[Share | None, ...]], ...]:
    return tuple(
        (agency.party.short, tuple(worst(agency.by_clause[clause]) if clause in agency.by_clause else None for clause in clauses))
        for agency in agencies
    )
