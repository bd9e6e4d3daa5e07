"""Whole, sound directives as chance writes them, each with a directory of its own: `directives` draws them, `sample` has fixed ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from directives.language.amounts import target_of
from directives.language.clauses import short_of
from directives.language.deadlines import due_of
from directives.language.directory import mail_of, members
from directives.language.fields import paper_of
from directives.language.rhythms import every_of, rung_of
from directives.language.shapes import (
    Agency,
    Baseline,
    Basis,
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
    Span,
    Target,
)

T = TypeVar("T")

LARGEST = 40  # agencies of a directory

_TALK = (
    "Giao đề nghị các phòng, ban, đơn vị, Ủy ban nhân dân phường chủ động phối hợp rà soát; tuyên truyền, vận động người dân tham gia bảo "
    "hiểm y tế đạt 100% chỉ tiêu năm học 2020 – 2021 (kèm phụ lục) trước kỳ họp thường lệ, báo cáo kết quả về Văn phòng … Hoà, Uỷ, quý"
)
_WORDS = tuple(_TALK.split())
_SIGNS = (
    '"Một cửa"', "'nháy'", "như:", "mục: a", "#", "C#", "# 3", "🙂", "🏫", "{x}", "[1]", "&", "*", "**", "!", "@", "`", "|", ">", ">-", "?",
    "%", "://", "-", "---", "\\", "\\n", "no", "null", "~", "3.960", "70,5%", "15/6", "8:00", "“ngoặc”", "«»", "=", "<<", ",", "a, b", ":",
)  # fmt: skip
_STEMS = ("xa", "truong", "phong", "tram.y-te", "p", "ban", "no", "8a")
_KINDS = ("xa", "truong", "phong", "khối, cụm", "trường: công lập")
_PURPOSES = ("report", "guide", "coordinate", "act", "info")
_RHYTHMS = (
    "week", "2 weeks", "friday at 8:00", "thứ 6 lúc 8:00", "2 weeks on friday", "tuần", "month", "month on 25", "tháng ngày 25", "3 months",
    "month on last day", "month on last friday", "month on 25 in months 9-5", "month on 28 cutoff 15", "quarter", "quý ngày 20 tháng cuối",
    "quarter on 20 of last month", "quarter on last day", "half year", "6 tháng", "half year on 10 of last month", "year",
    "year on 15/6 and 1/12", "year on 1/3, 15/6 and 1/12", "rrule:FREQ=MONTHLY;BYDAY=1MO", "on request", "on event", "khi phát sinh",
    "month before 25", "trước ngày 25 hằng tháng", "before friday", "quý trước ngày 10 tháng cuối",
)  # fmt: skip
_DAYS = ("{d}/{m}/{y}", "{d:02}/{m:02}/{y}", "{d}-{m}-{y}", "{d}.{m}.{y}", "ngày {d} tháng {m} năm {y}", "{y}-{m:02}-{d:02}")
_DUE_DAYS = (
    "{0}", "{0}", "before {0}", "trước {0}", "16:00 {0}", "before 9:00 {0}", "{0}, 16h30", "chậm nhất ngày {d}/{m}/{y}",
    "{0} cutoff {d}/{m}/{y}",
)  # fmt: skip
_DUE_SPANS = ("tháng {m}/{y}", "quý II/{y}", "within quarter 4/{y}", "6 tháng đầu năm {y}", "6 tháng cuối năm {y}", "năm {y}")
_DUE_TERMS = (
    "10 working days", "10 ngày làm việc", "5 days", "trong vòng 30 ngày", "3 working days after the issue", "2 weeks",
    "3 tuần kể từ ngày ký",
)  # fmt: skip
_AT_ONCE = ("at once", "khẩn trương", "ngay")
_RUNGS = (
    "30 days before", "7 days before", "trước hạn 3 ngày làm việc", "1 working day before", "1 day late", "quá hạn 3 ngày",
    "5 working days late", "10 ngày làm việc quá hạn", "20 working days late",
)  # fmt: skip
_STYLES = (("1", "2", "3", "4", "5", "6", "7", "8"), ("I", "II", "III", "IV", "V", "VI"), ("a", "b", "c", "d", "đ", "e"))


def directives(*, lone: bool = False) -> st.SearchStrategy[Directive]:
    """Directives without an error; unless they are `lone`, a few lack their number or date, or amend, replace or urge others."""
    return st.builds(drawn, st.integers(0, 2**32 - 1), st.integers(3, LARGEST), lone=st.just(lone))


@cache
def sample(n: int) -> tuple[Directive, ...]:
    """The same `n` lone directives every time, each with its number and date; a larger sample begins with the smaller one."""
    return tuple(drawn(number, 3 + number * 7 % (LARGEST - 2), lone=True) for number in range(n))


def drawn(seed: int, size: int = LARGEST, *, lone: bool = False, within: Directory | None = None, on: date | None = None) -> Directive:
    """The directive that belongs to `seed`, with at most `size` agencies and a third as many clauses; of an office that has a directory."""
    return _Author(Random(seed), size, lone=lone, within=within, on=on).directive()


class _Author:
    """Writes one paper; whatever it names is there, reaches somebody, and comes in order."""

    def __init__(self, chance: Random, size: int, *, lone: bool, within: Directory | None, on: date | None) -> None:
        self.chance, self.size, self.lone = chance, size, lone
        self.issued = on or date(2015, 1, 1) + timedelta(days=chance.randrange(4500))
        self.dated, self.numbered = (lone or self.maybe(0.9) for _ in range(2))
        self.directory = within or self.people()
        self.period = self.span() if self.maybe(0.5) else None
        self.indicators = {each.id: each for each in map(self.indicator, range(chance.randint(0, 3)))}

    # Chance.

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def pick(self, things: Sequence[T]) -> T:
        return self.chance.choice(things)

    def some(self, things: Sequence[T], least: int, most: int) -> tuple[T, ...]:
        """Several different ones."""
        return tuple(self.chance.sample(things, min(len(things), self.chance.randint(least, most))))

    def chosen(self, share: float, **said: Any) -> dict[str, Any]:
        """Each of these with a certain chance, where it says something at all; the values are made when they are chosen."""
        made = {word: make() for word, make in said.items() if self.maybe(share)}
        return {word: value for word, value in made.items() if value is not None}

    def text(self, least: int = 2, most: int = 9) -> str:
        words = [self.pick(_SIGNS if self.maybe(0.08) else _WORDS) for _ in range(self.chance.randint(least, most))]
        return " ".join(words)

    def sentence(self) -> str:
        parts = [self.text(3, self.pick((6, 20, 60))) for _ in range(2 if self.maybe(0.03) else 1)]
        return ("\n" * (1 + len(parts[0]) % 2)).join(parts)

    def day(self, least: int = 1, most: int = 400) -> date:
        """A day that many days after the issue."""
        return self.issued + timedelta(days=self.chance.randint(least, most))

    # The directory.

    def people(self) -> Directory:
        ids = [f"{self.pick(_STEMS)}-{n}" for n in range(self.chance.randint(3, max(3, self.size)))]
        agencies = {id: self.agency(n, ids) for n, id in enumerate(ids)}
        groups: dict[str, Group] = {}
        for n in range(self.chance.randint(0, 4)):
            groups[f"nhom-{n}"] = self.group(f"nhom-{n}", ids, list(groups))
        return Directory(agencies=agencies, groups=groups)

    def agency(self, n: int, ids: list[str]) -> Agency:
        """The first is the root, which has a mail; others hang under what comes before them, or under nothing."""
        said = self.chosen(
            0.15, head=lambda: self.pick(ids), phone=lambda: "0292 000 0001", since=lambda: self.day(-2000, 20),
            until=lambda: self.day(-20, 2000), successor=lambda: self.pick(ids),
        ) if n else {}  # fmt: skip
        if {"since", "until"} <= said.keys() and said["since"] > said["until"]:
            del said["since"]
        name = self.text(2, 6)
        short, mail = self.text(1, 3) if self.maybe(0.5) else name, f"{ids[n]}@xa.example" if not n or self.maybe(0.8) else None
        above = self.some(ids[:n], 0 if self.maybe(0.2) else 1, 2)
        return Agency(id=ids[n], name=name, short=short, kind=self.some(_KINDS, 0, 2), in_=above, mail=mail, **said)

    def group(self, id: str, ids: list[str], groups: list[str]) -> Group:
        named = [*ids, *groups]
        return Group(id=id, **self.chosen(
            0.5, kind=lambda: self.some(_KINDS, 1, 2), in_=lambda: self.some(ids, 1, 2), list_=lambda: self.some(named, 1, 3),
            except_=lambda: self.some(named, 1, 2),
        ))  # fmt: skip

    @cached_property
    def actors(self) -> list[str]:
        """Agencies and groups that exist on the day of issue."""
        on = self.issued if self.dated else date.max
        return [word for word in (*self.directory.agencies, *self.directory.groups) if members(word, self.directory, on)]

    @cached_property
    def bodies(self) -> list[str]:
        """Those of them who are one agency."""
        return [word for word in self.actors if word in self.directory.agencies]

    @cached_property
    def readers(self) -> list[str]:
        """Those of them whose letters arrive."""
        on = self.issued if self.dated else date.max
        return [word for word in self.actors if any(mail_of(each, self.directory) for each in members(word, self.directory, on))]

    def ids(self, most: int = 3) -> tuple[str, ...]:
        return self.some(self.actors, 1, most)

    # Time and amounts, by their words.

    def words_of_day(self, day: date) -> str:
        return self.pick(_DAYS).format(d=day.day, m=day.month, y=day.year)

    def span(self) -> Span:
        year = self.issued.year
        school, spread = f"năm học {year}-{year + 1}", f"năm học {year} – {year + 1}"
        name = self.pick((school, spread, f"năm {year}", f"giai đoạn {year}–{year + 4}", self.text()))
        return Span(name=name, **self.chosen(0.5, from_=lambda: self.day(-200, -1), until=lambda: self.day(300, 400)))

    def due(self, clauses: Sequence[str] = ()) -> Due:
        day = self.day()
        kinds = [self.pick(_DUE_DAYS).format(self.words_of_day(day), d=day.day, m=day.month, y=day.year)] * 4
        kinds += [self.pick(_DUE_SPANS).format(m=day.month, y=day.year), self.pick(_DUE_TERMS), self.pick(_AT_ONCE)]
        kinds += [f"3 days after {clause}" for clause in clauses[:1]]
        due = Due.model_validate(due_of(self.pick(kinds)))
        if self.period and self.period.until and self.period.name.startswith("năm học") and self.maybe(0.3):
            due = Due.model_validate({**due_of(self.period.name), "day": self.period.until})
        return due

    def every(self) -> Every:
        return Every.model_validate(every_of("day" if self.maybe(0.01) else self.pick(_RHYTHMS)))

    def target(self, value: int | None = None) -> Target:
        amount = self.chance.randint(1, 100) if value is None else value
        words = self.pick(("{}%", "{}%", "over {}%", "vượt {}%", "at least {}%", "strive {}%", "phấn đấu đạt {}%", "{},5%", "{}", "3.96{}"))
        lower = self.pick(("at most {}", "không quá {}%", "under {}%", "exactly {}"))
        words = (lower if value is None and self.maybe(0.3) else words).format(amount % 10 if words.startswith("3.") else amount)
        return Target.model_validate(target_of("100%" if words == "100,5%" else words))

    def baseline(self) -> Baseline:
        total = self.chance.randint(10, 90_000)
        missing = self.chance.randint(0, total)
        value = (100 * (1 - Decimal(missing) / total)).quantize(Decimal("0.01"))
        counts = {"missing": missing, "total": total} if self.maybe(0.5) else {}
        return Baseline(value=value, **counts, **self.chosen(0.5, on=lambda: self.day(-30, 0), note=self.sentence))

    def indicator(self, n: int) -> Indicator:
        milestones: tuple[Milestone, ...] = ()
        if self.maybe(0.6):
            days, values = sorted({self.day() for _ in range(3)}), sorted(self.chance.randint(1, 99) for _ in range(3))
            milestones = tuple(
                Milestone(on=day, target=Target.model_validate(target_of(f"{value}%"))) for day, value in zip(days, values, strict=False)
            )
        elif self.maybe(0.8):
            milestones = (Milestone(target=self.target()),)
        said = self.chosen(0.4, source=lambda: self.pick(self.bodies), every=self.every, baseline=self.baseline)
        unit = self.pick(("%", "%", "%", "trường", "hộ: nghèo"))
        return Indicator(id=f"chi-tieu-{n}", name=self.text(), unit=unit, targets=milestones, **said)

    # The paper.

    def paper(self) -> Basis:
        number, day = f"{self.chance.randint(4001, 8000)}/{self.pick(('UBND-VX', 'KH-UBND', 'PGDĐT', 'NQ-HĐND'))}", self.day(-900, -1)
        words = self.pick(("{0}", "{0} {1}", "{0} ngày {1} của Ủy ban nhân dân huyện: về # 3"))
        if self.maybe(0.6):
            return Basis.model_validate(paper_of(words.format(number, f"{day.day}/{day.month}/{day.year}")))
        said = self.chosen(0.5, date=lambda: day, clause=lambda: "II.3", indicator=lambda: "bao-phu")
        return Basis(number=number if self.maybe(0.8) else f"Chỉ thị ngày {day.day}/{day.month}/{day.year}", **said)

    def papers(self) -> tuple[Basis, ...]:
        return tuple(self.paper() for _ in range(self.chance.randint(1, 3)))

    def copies(self) -> Mapping[str, tuple[str, ...]]:
        if self.maybe(0.4):
            return {"": self.ids(5)}
        archive = {"archive": ("VT",)} if self.maybe(0.5) else {}
        return {purpose: self.ids() for purpose in self.some(_PURPOSES, 1, 3)} | archive

    def ladder(self) -> tuple[Rung, ...]:
        audience = ["lead", "with", "head", "above", "issuer", *self.readers]
        return tuple(
            Rung.model_validate({**rung_of(words), "audience": self.some(audience, 1, 3)}) for words in _RUNGS if self.maybe(0.4)
        )

    def rounds(self) -> tuple[ReportPlan, ...]:
        return tuple(
            ReportPlan(every=self.every(), to=self.some(["issuer", *self.readers], 1, 3), attach=self.some(("docx", "xlsx", "pdf"), 0, 3))
            for _ in range(self.chance.randint(0, 2))
        )

    # The clauses.

    def window(self) -> dict[str, date]:
        return self.chosen(0.5, from_=lambda: self.day(0, 200), until=lambda: self.day(200, 500))

    def said(self, share: float, clauses: Sequence[str] = ()) -> dict[str, Any]:
        """What a clause, or a point of it, says beside its sentence."""
        time: Mapping[str, Any] = self.pick(({"every": self.every}, {"due": lambda: self.due(clauses)}, {"due": lambda: self.due(clauses)}))
        aims = [*self.indicators, self.target()]
        given = self.chosen(
            share, lead=self.ids, with_=lambda: self.ids(2), for_=lambda: self.ids(2), target=lambda: self.pick(aims), title=self.text,
            product=self.text, evidence=lambda: self.pick(("required", "photo", "file", "document")), confirm=lambda: True, **time,
            cascade=lambda: tuple(self.ids(2) for _ in range(self.chance.randint(1, 2))) if self.maybe(0.4) else None,
        )  # fmt: skip
        return given | (self.window() if self.maybe(share) else {})

    def duty(self, clause: str, force: str, said: Mapping[str, Any]) -> Duty:
        text = self.sentence()
        lead = {} if force == "note" or "lead" in said else {"lead": self.ids()}
        short = self.text(1, 5) if self.maybe(0.5) else short_of(text)
        printed = not clause.startswith(("end", *_STYLES[2]))
        return Duty(clause=clause, printed=printed, force=force, text=text, short=short, **{**said, **lead})

    def clause(self, key: str, earlier: Sequence[str]) -> list[Duty]:
        """A clause of one sentence, of points that share what it says, or of some points under their full numbers."""
        force, shared = self.pick(("do", "do", "do", "ask", "note")), self.said(0.3, earlier)
        if self.maybe(0.5):
            return [self.duty(key, force, shared)]
        points: Sequence[object] = range(1, self.chance.randint(2, 5))
        points = points if self.maybe(0.7) else self.pick((("", 2, 10), ("a", "b"), ("1.1", "1.2")))
        shared.setdefault("lead", self.ids())
        forces, keys = [force] * 9 + ["ask"], [f"{key}.{point}".rstrip(".") for point in points]
        return [self.duty(point, self.pick(forces), shared | self.said(0.15, earlier)) for point in keys]

    def duties(self) -> tuple[Duty, ...]:
        written: list[Duty] = []
        keys = self.pick(_STYLES)[: 0 if self.maybe(0.02) else self.chance.randint(1, max(1, self.size // 3))]
        for key in (*keys, *(("end.1", "end.2") if self.maybe(0.3) else ())):
            written += self.clause(key, [duty.clause for duty in written if duty.force != "note"])
        return tuple(written)

    def directive(self) -> Directive:
        said = self.chosen(
            0.3, kind=lambda: self.pick(("kế hoạch", "chỉ thị", "công điện")), signer=lambda: self.pick(self.bodies), cc=self.copies,
            sign=lambda: self.pick(("TM", "KT", "TL", "TUQ", "Q", "TM KT")), urgency=lambda: self.pick(("khẩn", "thượng khẩn", "hỏa tốc")),
            until=lambda: self.day(100, 500), to=lambda: self.ids(6), basis=self.papers, under=self.papers,
            figures=lambda: "phu-luc.csv", source=lambda: "bản gốc.pdf", files=lambda: ("mẫu 1.docx", "b.pdf"),
        )  # fmt: skip
        if not self.lone:
            said |= self.chosen(0.1, amends=self.papers, replaces=self.papers, urges=self.papers)
        return Directive(
            number=f"{self.chance.randint(1, 4000)}/UBND-VX" if self.numbered else None, date=self.issued if self.dated else None,
            title=self.text(3, 25), issuer=next(iter(self.directory.agencies)), period=self.period, indicators=self.indicators,
            duties=self.duties(), escalation=self.ladder() if self.maybe(0.6) else None, reports=self.rounds() if self.maybe(0.6) else None,
            directory=self.directory, **said,
        )  # fmt: skip
