"""A nation to measure with: a ministry, 34 provinces, 3,321 communes and 53,000 schools, and papers that ask something of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from directives.language.calendar import Calendar
from directives.language.practice import Practice
from directives.language.shapes import Agency, Directive, Directory, Due, Duty, Group

SCHOOLS = 53_000
COMMUNES = 3_321
PROVINCES = 34

CALENDAR = Calendar()
PRACTICE = Practice()
ISSUED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 08:00 in Hanoi
DUE = (date(2026, 4, 15), date(2026, 4, 29), date(2026, 5, 15), date(2026, 5, 29))


def directory(schools: int = SCHOOLS) -> Directory:
    """So many schools, each in a commune of a province; every one has an address."""
    communes, provinces = max(1, schools * COMMUNES // SCHOOLS), max(1, schools * PROVINCES // SCHOOLS)
    people = [
        _agency("bo", "Bộ Giáo dục và Đào tạo", ("ministry",), ()),
        *(_agency(f"p{n}", f"Sở Giáo dục và Đào tạo {n}", ("province",), ("bo",)) for n in range(provinces)),
        *(_agency(f"c{n}", f"Uỷ ban nhân dân xã {n}", ("commune",), (f"p{n % provinces}",)) for n in range(communes)),
        *(_agency(f"s{n}", f"Trường Tiểu học {n}", ("school",), (f"c{n % communes}",)) for n in range(schools)),
    ]
    return Directory(agencies={agency.id: agency for agency in people}, groups={"schools": Group(id="schools", kind=("school",))})


def paper(people: Directory, *, number: str = "17/CT-BGDĐT", lead: str = "schools", due: tuple[date | None, ...] = DUE) -> Directive:
    """A directive of one duty for each date; None is a duty without a date."""
    return Directive(
        number=number, date=ISSUED.date(), kind="chỉ thị", title="Bảo hiểm y tế học sinh, sinh viên", issuer="bo",
        duties=tuple(_duty(f"{clause}", lead, day) for clause, day in enumerate(due, 1)), directory=people,
    )


def _duty(clause: str, lead: str, day: date | None) -> Duty:
    said = f"Rà soát, vận động, lập danh sách người học chưa tham gia bảo hiểm y tế, mục {clause}"
    ends = Due(words=day.isoformat(), form="on", day=day) if day else None
    return Duty(clause=clause, force="do", text=said, short=f"bảo hiểm y tế {clause}", lead=(lead,), due=ends)


def _agency(id_: str, name: str, kind: tuple[str, ...], above: tuple[str, ...]) -> Agency:
    return Agency(id=id_, name=name, short=name, kind=kind, in_=above, mail=f"{id_}@giao-duc.example")
