"""What a directive and a directory say, as frozen values: the one place that knows every word of the language.

The file's short forms have become these long forms before a model sees them; a model types text field by field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Day
from datetime import time
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

Force = Literal["do", "ask", "note"]
Evidence = Literal["optional", "required", "photo", "file", "document"]


class Shape(BaseModel):
    """A frozen value whose unknown words are refused. `with_`, `for_`, `from_`, `in_` … are the file's words with, for, from, in."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Due(Shape):
    """When a duty ends, as written; the calendar turns it into an instant (`periods.instant_of`).

    `words` are the file's own. `on`/`within`: `day` is the last day that counts. `before`: `day` is D itself, not counted
    unless `hour` is given. `relative`: `count` days (`working` or calendar) after the issue or after clause `after`.
    `at once`: nothing else is set.
    """

    words: str
    form: Literal["on", "before", "within", "relative", "at once"]
    day: Day | None = None
    hour: time | None = None
    count: int | None = None
    working: bool = False
    after: str | None = None


class Every(Shape):
    """A rhythm. `unit` with `step` counts spans; `weekday` 0 is Monday; `day` 1–31 or -1 for the last day.

    `fixed` are (day, month) of the year, `months` the months allowed, `of_last_month` a day of the span's last month,
    `last_weekday` the last `weekday` of the month, `cutoff` the day figures are cut off, `rrule` the way out.
    """

    words: str
    unit: Literal["day", "week", "month", "quarter", "half year", "year", "on request", "on event", "rrule"]
    step: int = 1
    weekday: int | None = None
    day: int | None = None
    hour: time | None = None
    last_weekday: bool = False
    of_last_month: bool = False
    fixed: tuple[tuple[int, int], ...] = ()
    months: tuple[int, ...] = ()
    cutoff: int | None = None
    rrule: str | None = None


class Target(Shape):
    """A value to reach: `operator` `>` is strict (90,00 misses "over 90%"); `soft` is reported, never escalated."""

    words: str
    operator: Literal[">=", ">", "<=", "<", "="] = ">="
    value: Decimal
    percent: bool = True
    soft: bool = False


class Baseline(Shape):
    """Where an indicator stood: value, day, and the counts that the paper gives beside it."""

    value: Decimal
    on: Day | None = None
    missing: int | None = None
    total: int | None = None
    note: str | None = None


class Milestone(Shape):
    """A target on a day; a target without a day (`on` None) is never overdue."""

    on: Day | None
    target: Target


class Indicator(Shape):
    """A figure that agencies are judged by; `source` types it for everyone, else each agency its own."""

    id: str
    name: str
    unit: str = "%"
    source: str | None = None
    every: Every | None = None
    baseline: Baseline | None = None
    targets: tuple[Milestone, ...] = ()


class Duty(Shape):
    """One point of one clause, with everything it inherits from its clause filled in.

    `clause` is the paper's number ("6.4") or an unprinted key ("a", "end.1": `printed` False).
    `cascade` is levels of groups, outermost first; each level one or more ids.
    """

    clause: str
    printed: bool = True
    force: Force
    text: str
    short: str
    title: str | None = None
    lead: tuple[str, ...] = ()
    with_: tuple[str, ...] = ()
    for_: tuple[str, ...] = ()
    cascade: tuple[tuple[str, ...], ...] = ()
    due: Due | None = None
    every: Every | None = None
    from_: Day | None = None
    until: Day | None = None
    target: str | Target | None = None
    product: str | None = None
    evidence: Evidence = "optional"
    confirm: bool = False


class Rung(Shape):
    """A step of the ladder: `count` days (working or calendar) before or late; whom it tells, ids or `lead with head above issuer`."""

    words: str
    side: Literal["before", "late"]
    count: int
    working: bool = False
    audience: tuple[str, ...]


class ReportPlan(Shape):
    """A report round: its rhythm, its readers, what is attached."""

    every: Every
    to: tuple[str, ...]
    attach: tuple[Literal["docx", "xlsx", "pdf"], ...] = ()


class Basis(Shape):
    """A document that this one rests on; no date is ever taken from it."""

    number: str
    date: Day | None = None
    clause: str | None = None
    indicator: str | None = None
    text: str | None = None


class Span(Shape):
    """A named period with optional bounds."""

    name: str
    from_: Day | None = None
    until: Day | None = None


class Agency(Shape):
    """Anything that can receive a letter: a body, a school, a position (`in_` names what it hangs under)."""

    id: str
    name: str
    short: str
    kind: tuple[str, ...] = ()
    in_: tuple[str, ...] = ()
    head: str | None = None
    mail: str | None = None
    phone: str | None = None
    since: Day | None = None
    until: Day | None = None
    successor: str | None = None


class Group(Shape):
    """A query over the directory: every given word narrows it, `list_` adds, `except_` removes."""

    id: str
    kind: tuple[str, ...] = ()
    in_: tuple[str, ...] = ()
    list_: tuple[str, ...] = ()
    except_: tuple[str, ...] = ()


class Directory(Shape):
    """All agencies and groups by id; ids and group ids share one namespace."""

    agencies: Mapping[str, Agency] = {}
    groups: Mapping[str, Group] = {}


class Directive(Shape):
    """A signed paper. `number` and `date` may lack in a draft; `apply` asks for them."""

    number: str | None = None
    date: Day | None = None
    kind: str = "công văn"
    title: str
    issuer: str
    signer: str | None = None
    sign: Literal["TM", "KT", "TL", "TUQ", "Q"] | None = None
    urgency: Literal["khẩn", "thượng khẩn", "hỏa tốc"] | None = None
    to: tuple[str, ...] = ()
    cc: Mapping[str, tuple[str, ...]] = {}
    basis: tuple[Basis, ...] = ()
    under: tuple[Basis, ...] = ()
    amends: tuple[Basis, ...] = ()
    replaces: tuple[Basis, ...] = ()
    urges: tuple[Basis, ...] = ()
    period: Span | None = None
    until: Day | None = None
    indicators: Mapping[str, Indicator] = {}
    figures: str | None = None
    duties: tuple[Duty, ...] = ()
    escalation: tuple[Rung, ...] | None = None
    reports: tuple[ReportPlan, ...] | None = None
    source: str | None = None
    files: tuple[str, ...] = ()
    directory: Directory = Directory()
