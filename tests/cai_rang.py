"""898/UBND and its directory as values, for tests of what they mean; how they are read from a file is tested elsewhere."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from directives.language.calendar import overlay
from directives.language.practice import Practice
from directives.language.shapes import (
    Agency,
    Directive,
    Directory,
    Due,
    Duty,
    Every,
    Group,
    Indicator,
    Milestone,
    ReportPlan,
    Rung,
    Target,
)

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = overlay((Path(__file__).parent.parent / "config" / "calendar.yaml").read_text(encoding="utf-8"))
PRACTICE = Practice()
ISSUED = date(2020, 5, 18)
ISSUED_AT = datetime(2020, 5, 18, 10, 0, tzinfo=SAIGON)

LADDER = (
    Rung(words="7 days before", side="before", count=7, audience=("lead",)),
    Rung(words="1 day before", side="before", count=1, audience=("lead", "with")),
    Rung(words="1 day late", side="late", count=1, audience=("lead", "van-phong")),
    Rung(words="5 working days late", side="late", count=5, working=True, audience=("pct-vx",)),
    Rung(words="10 working days late", side="late", count=10, working=True, audience=("ct",)),
)

WEEK = Every(words="week", unit="week")
MONTH_ON_25 = Every(words="month on 25", unit="month", day=25)
MONDAY_AT_8 = Every(words="monday at 8:00", unit="week", weekday=0, hour=time(8))


def local(day: date | datetime) -> datetime:
    """An instant on the clocks of Saigon."""
    return day.astimezone(SAIGON) if isinstance(day, datetime) else datetime.combine(day, time(), SAIGON)


def mornings(steps: object) -> list[date]:
    """The days of steps, each of which must be said when the office opens."""
    found = [local(step.at) for step in steps]  # type: ignore[attr-defined]
    assert {at.time() for at in found} <= {PRACTICE.opens}
    return [at.date() for at in found]


def before(day: date, hour: time | None = None) -> Due:
    return Due(words=f"before {day:%d/%m/%Y}", form="before", day=day, hour=hour)


def on(day: date, hour: time | None = None) -> Due:
    return Due(words=f"{day:%d/%m/%Y}", form="on", day=day, hour=hour)


def days(count: int, *, working: bool = False, after: str | None = None) -> Due:
    return Due(words=f"{count} days", form="relative", count=count, working=working, after=after)


AT_ONCE = Due(words="at once", form="at once")


def target(words: str, *, soft: bool = False) -> Target:
    return Target(words=words, operator=">" if "over" in words else ">=", value=Decimal(words.strip("over %")), soft=soft)


def indicator(name: str, targets: dict[date | None, str], *, soft: bool = False) -> Indicator:
    stages = tuple(Milestone(on=day, target=target(words, soft=soft)) for day, words in targets.items())
    return Indicator(id=name, name=name, targets=stages)


def duty(clause: str = "1", lead: str | tuple[str, ...] = "bhxh", *, ask: bool = False, **words: object) -> Duty:
    """A duty of one clause; `words` are those of the shape."""
    leads = (lead,) if isinstance(lead, str) else lead
    return Duty(clause=clause, force="ask" if ask else "do", text=f"Việc {clause}", short=f"Việc {clause}", lead=leads, **words)  # type: ignore[arg-type]


def directive(*duties: Duty, **words: object) -> Directive:
    """A paper of 18/5/2020 with the ladder of 898/UBND."""
    given = {"number": "898/UBND", "date": ISSUED, "title": "Phát triển BHYT", "issuer": "ubnd-quan", "escalation": LADDER}
    return Directive(**{**given, "duties": duties, **words})  # type: ignore[arg-type]


def agency(name: str, **words: object) -> Agency:
    given = {"id": name, "name": name, "short": name, "mail": f"{name}@cairang.example"}
    return Agency(**{**given, **words})  # type: ignore[arg-type]


def directory(*agencies: Agency, **kinds: str) -> Directory:
    """Agencies in this order; `kinds` are groups of one kind each."""
    groups = {name.replace("_", "-"): Group(id=name.replace("_", "-"), kind=(kind,)) for name, kind in kinds.items()}
    return Directory(agencies={a.id: a for a in agencies}, groups=groups)


CAI_RANG = directory(
    agency("ubnd-quan", head="ct"),
    *(agency(name, in_=("ubnd-quan",)) for name in ("pct-vx", "ct", "van-phong")),
    *(agency(name, in_=("ubnd-quan",), kind=("ban-nganh",)) for name in ("pgd", "ldtbxh")),
    *(agency(name, kind=("ban-nganh",)) for name in ("bhxh", "ttyt", "ttvh", "ttgdnn")),
    agency("bbt", in_=("ubnd-quan",)),
    *(agency(name, kind=("doan-the",)) for name in ("mttq", "doan-tn", "hoi-pn", "hoi-nd")),
    *(agency(name, kind=("phuong",)) for name in ("le-binh", "thuong-thanh", "phu-thu", "tan-phu", "ba-lang", "hung-phu", "hung-thanh")),
    *(agency(name, in_=("pgd",), kind=("truong",)) for name in ("th-le-binh", "thcs-hung-phu")),
    ban_nganh="ban-nganh", doan_the="doan-the", phuong="phuong", truong="truong",
)

PAPER_898 = directive(
    duty("1", ("ban-nganh", "doan-the", "phuong", "truong"), ask=True),
    duty("2.1", "pgd", cascade=(("truong",),), due=on(date(2020, 9, 30)), target="hoc-sinh"),
    duty("2.2", "pgd", cascade=(("truong",),), from_=date(2020, 9, 1), due=Due(words="tháng 9/2020", form="within", day=date(2020, 9, 30)),
         target="tre-den-truong"),
    duty("3", "ldtbxh", target="ngan-sach"),
    duty("4.1", "doan-the", ask=True, with_=("ban-nganh", "phuong")),
    duty("4.2", "doan-the", ask=True),
    duty("5.1", "ttyt"),
    duty("5.2", "ttyt", with_=("bhxh",)),
    duty("6.1"),
    duty("6.2", with_=("phuong",)),
    duty("6.3"),
    duty("6.4", with_=("ttvh", "phuong"), due=before(date(2020, 5, 25)), evidence="required"),
    duty("7.1", "ttvh", with_=("phuong",)),
    duty("7.2", "ttvh", every=WEEK, from_=date(2020, 5, 30), until=date(2020, 9, 30), evidence="photo"),
    duty("8", "ttgdnn", due=before(date(2020, 9, 30))),
    duty("9", "bbt", ask=True),
    duty("10", "phuong", target="bao-phu"),
    indicators={
        "bao-phu": indicator("bao-phu", {
            date(2020, 6, 30): "85%", date(2020, 9, 30): "89%", date(2020, 10, 31): "90%", date(2020, 12, 31): "over 90%",
        }),
        "hoc-sinh": indicator("hoc-sinh", {date(2020, 9, 30): "100%"}),
        "tre-den-truong": indicator("tre-den-truong", {date(2020, 9, 30): "100%"}),
        "ngan-sach": indicator("ngan-sach", {None: "100%"}),
    },
    reports=(ReportPlan(every=MONDAY_AT_8, to=("van-phong",)), ReportPlan(every=MONTH_ON_25, to=("pct-vx", "ct"), attach=("docx", "xlsx"))),
)
