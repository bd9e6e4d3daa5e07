"""A small paper for tests of the ledger: an office, a department, wards and schools; every kind of duty once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from directives.language.calendar import Calendar
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

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = Calendar()
PRACTICE = Practice()

LADDER = (
    Rung(words="7 days before", side="before", count=7, audience=("lead",)),
    Rung(words="1 day before", side="before", count=1, audience=("lead", "with")),
    Rung(words="1 day late", side="late", count=1, audience=("lead", "office")),
    Rung(words="5 working days late", side="late", count=5, working=True, audience=("deputy",)),
    Rung(words="10 working days late", side="late", count=10, working=True, audience=("chair",)),
)


def at(day: str, hour: str = "09:00") -> datetime:
    """An instant in Hanoi: at("2020-05-18", "07:30")."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), HANOI).astimezone(UTC)


def agency(id_: str, *, kind: str = "", in_: str = "", mail: bool = True) -> Agency:
    """An agency whose address ends in .example."""
    return Agency(
        id=id_, name=f"Cơ quan {id_}", short=id_, kind=(kind,) if kind else (), in_=(in_,) if in_ else (),
        mail=f"{id_}@office.example" if mail else None, phone="0292 000 0001",
    )


PEOPLE = Directory(
    agencies={
        a.id: a for a in (
            agency("district"), agency("office", in_="district"), agency("deputy", in_="district"), agency("chair", in_="district"),
            agency("insurance"), agency("radio"), agency("education", in_="district"), agency("union"),
            *(agency(f"ward-{letter}", kind="ward", in_="district") for letter in "abc"),
            agency("school-1", kind="school", in_="education"), agency("school-2", kind="school", in_="education"),
        )
    },
    groups={"wards": Group(id="wards", kind=("ward",)), "schools": Group(id="schools", kind=("school",))},
)


def duty(clause: str, *lead: str, **said: object) -> Duty:
    """A duty that stands unless something more is said."""
    return Duty.model_validate({"clause": clause, "force": "do", "text": f"Việc {clause}", "short": f"việc {clause}", "lead": lead, **said})


def before(day: str) -> Due:
    """Due before a day, which no longer counts."""
    return Due(words=f"before {day}", form="before", day=date.fromisoformat(day))


def by(day: str) -> Due:
    """Due by a day, which still counts."""
    return Due(words=day, form="on", day=date.fromisoformat(day))


COVERAGE = Indicator(
    id="coverage", name="Độ bao phủ", source="insurance",
    targets=tuple(
        Milestone(on=date.fromisoformat(day), target=Target(words=f"{value}%", value=Decimal(value)))
        for day, value in (("2020-06-30", 85), ("2020-09-30", 89))
    ),
)

LEAFLETS = duty("6.4", "insurance", with_=("radio", "wards"), due=before("2020-05-25"), evidence="required")
CAR = duty("7.2", "radio", every=Every(words="week", unit="week"), from_=date(2020, 5, 30), until=date(2020, 9, 30))
SCHOOLS = duty("2", "education", cascade=(("schools",),), due=by("2020-09-30"))
STANDING = duty("1", "wards", force="ask")
COVER = duty("10", "wards", target="coverage")


def paper(*duties: Duty, **said: object) -> Directive:
    """898/UBND of 18/5/2020 with these duties."""
    reports = (ReportPlan(every=Every(words="month on 25", unit="month", day=25), to=("chair",)),)
    return Directive.model_validate({
        "number": "898/UBND", "date": date(2020, 5, 18), "title": "Bảo hiểm y tế", "issuer": "district", "duties": duties or EVERY,
        "indicators": {"coverage": COVERAGE}, "escalation": LADDER, "reports": reports, **said,
    })


EVERY = (STANDING, SCHOOLS, LEAFLETS, CAR, COVER)
