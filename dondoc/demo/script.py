"""What the demonstration's agencies do: who answers early, late or never, and in which words; drawn from a seed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

#: Days after a letter on which an agency opens it; None never does.
Habit = tuple[int, int] | None
EARLY: Habit = (0, 2)
LATE: Habit = (8, 14)
NEVER: Habit = None

#: The plot: what does not depend on the seed. Mailboxes of the directory.
FIXED: Mapping[str, Habit] = {
    "bhxh@cairang.example": EARLY, "ttvh@cairang.example": (1, 3), "balang@cairang.example": NEVER, "ttgdnn@cairang.example": (2, 3),
    "pgd@cairang.example": EARLY,
}

NOTES = (
    "Đã triển khai đến các chi, tổ, hội; người dân hỏi nhiều về mức đóng",
    "Thiếu người đi vận động ở hai khu vực, đề nghị thêm cộng tác viên",
    "Đã rà soát danh sách thẻ sắp hết hạn, đang liên hệ từng hộ",
    "Đã đăng 4 tin, phát thanh mỗi ngày hai lượt",
)

#: People of each ward, its coverage on 15/5 in percent, and the points it gains in a month. Chosen to add up to the paper's 78,11%.
WARDS: Mapping[str, tuple[int, float, float]] = {
    "Lê Bình": (14210, 81.7, 2.9), "Thường Thạnh": (11875, 77.4, 3.0), "Phú Thứ": (16940, 76.8, 2.4), "Tân Phú": (6120, 74.9, 1.9),
    "Ba Láng": (8530, 74.2, 1.3), "Hưng Phú": (19480, 80.0, 3.1), "Hưng Thạnh": (10265, 77.6, 2.6),
}
STARTED, MONTH = date(2020, 5, 15), 30.4


@dataclass(frozen=True, slots=True)
class Answer:
    """What is typed into one form; `words` tell the story of it, "" where it is one of many."""

    kind: str
    typed: Mapping[str, str]
    words: str = ""


@dataclass
class Script:
    """The answers of one showing."""

    seed: int
    patience: int = 2  # duties that a clerk looks at in one sitting
    _asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self._habits: dict[str, Habit] = dict(FIXED)

    def visits(self, mailbox: str, told: datetime) -> Iterator[tuple[datetime, str]]:
        """When a reader who was written to opens the link."""
        habit = self._habit(mailbox)
        if habit and (mailbox in FIXED or self._random.random() < 0.7):
            away = timedelta(days=self._random.randint(*habit), hours=self._random.randint(1, 7), minutes=self._random.randint(1, 59))
            yield told + away, mailbox

    def answer(self, mailbox: str, clause: str, today: date, offers: Collection[str]) -> Answer | None:
        """What is said of a duty when it is looked at; None leaves it for another day."""
        if clause == "6.4" and "done" in offers and mailbox not in self._asked:
            self._asked.add(mailbox)
            return _LEAFLETS
        if "done" in offers and "figure" not in offers and "extend" in offers and self._random.random() < 0.8:
            return self._done(today)
        if "figure" in offers:
            return self._figure(mailbox, today)
        return self._progress() if "received" in offers or ("progress" in offers and self._random.random() < 0.6) else None

    def coverage(self, rows: Mapping[str, str], on: date) -> Answer:
        """The form that the insurance office types: a row of the page for each ward."""
        months, typed = (on - STARTED).days / MONTH, _day("figure-on", on)
        for name, row in rows.items():
            people, start, gain = next(figures for ward, figures in WARDS.items() if name.endswith(ward))
            typed[f"row-{row}-numerator"] = str(min(people, round(people * (start + gain * months) / 100)))
            typed[f"row-{row}-denominator"] = str(people)
        return Answer("figures", typed, "BHXH quận nhập độ bao phủ đến hôm nay của bảy phường")

    def _habit(self, mailbox: str) -> Habit:
        if mailbox not in self._habits:
            self._habits[mailbox] = self._random.choices((EARLY, (3, 6), LATE, NEVER), weights=(5, 4, 2, 1))[0]
        return self._habits[mailbox]

    def _done(self, today: date) -> Answer:
        return Answer("done", {"kind": "done", "done-number": f"{self._random.randint(20, 400)}/BC", **_day("done-on", today)})

    def _figure(self, mailbox: str, today: date) -> Answer:
        """A school counts its pupils; most of them reach the last one in September."""
        pupils = 300 + sum(mailbox.encode()) % 500
        without = 0 if today >= date(2020, 9, 15) and self._random.random() < 0.8 else self._random.randint(3, 40)
        counted = {"figure-numerator": str(pupils - without), "figure-denominator": str(pupils)}
        return Answer("figure", {"kind": "figure", **counted, **_day("figure-on", today), "figure-note": "Theo danh sách lớp"})

    def _progress(self) -> Answer:
        return Answer("progress", {"kind": "progress", "progress-note": self._random.choice(NOTES)})


def _day(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


_LEAFLETS = Answer(
    "extend",
    {"kind": "extend", **_day("extend-until", date(2020, 5, 29)), "extend-note": "Nhà in hẹn giao bộ tài liệu ngày 28/5"},
    "BHXH quận xin lùi mục 6.4 tới 29/5: nhà in hẹn giao ngày 28/5",
)
