"""What a directive says, as frozen values: the one place that knows every word of a paper; what a directory says stands beside it.

The file's short forms have become these long forms before a model sees them; a model types text field by field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Day  # noqa: N812 - `date` is a word of the file
from datetime import time
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, SerializerFunctionWrapHandler, model_serializer

from .agencies import Agency, Directory, Group, Shape
from .amounts import baseline_of
from .fields import Bound, FileName, Ids, Levels, Many, On, Yes, one_of, paper_of, rung_form, says, short, signed, typed
from .measures import Baseline, Milestone, Reported, Target, aim_of
from .rhythms import end_of, every_of

__all__ = [
    "Agency", "Baseline", "Basis", "Change", "Directive", "Directory", "Due", "Duty", "Every", "Group", "Indicator", "Milestone", "Overall",
    "ReportPlan", "Reported", "Rung", "Shape", "Span", "Target", "aim_of",
]

Force = Literal["do", "ask", "note"]
Evidence = Literal["optional", "required", "photo", "file", "document"]
Urgency = Literal["khẩn", "thượng khẩn", "hỏa tốc"]
Sign = Literal["TM", "KT", "TL", "TUQ", "Q", "TM KT", "TM Q", "TL KT", "TUQ KT"]
Sheet = Literal["docx", "xlsx", "pdf"]


class Due(Shape):
    """When a duty ends, as written; the calendar turns it into an instant (`periods.instant_of`).

    `words` are the file's own. `on`/`within`: `day` is the last day that counts. `before`: `day` is D itself, not counted
    unless `hour` is given. `relative`: `count` days (`working` or calendar) after the issue or after clause `after`;
    `since` is the issue of the amendment that set it. `at once`: nothing else is set. `cutoff`: up to which day figures count.
    """

    words: str
    form: Literal["on", "before", "within", "relative", "at once"]
    day: Day | None = None
    hour: time | None = None
    count: int | None = None
    working: bool = False
    after: str | None = None
    since: Day | None = None
    cutoff: Day | None = None


class Every(Shape):
    """A rhythm. `unit` with `step` counts spans; `weekday` 0 is Monday; `day` 1–31 or -1 for the last day.

    `fixed` are (day, month) of the year, `months` the months allowed, `of_last_month` a day of the span's last month,
    `last_weekday` the last `weekday` of the month, `cutoff` the day figures are cut off, `rrule` the way out; `before`: the day
    that is named no longer counts, unless `hour` is given.
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
    before: bool = False


class Indicator(Shape):
    """A figure that agencies are judged by; `source` types it for everyone, else each agency its own."""

    id: str
    name: Annotated[str, says("tên chỉ tiêu")]
    unit: Annotated[str, says("đơn vị tính")] = "%"
    source: Annotated[str | None, says("đơn vị báo số")] = None
    every: Annotated[Every | None, typed(every_of), says("nhịp báo số")] = None
    baseline: Annotated[Baseline | None, short(baseline_of), says("số liệu hiện trạng")] = None
    targets: Annotated[tuple[Milestone, ...], Many, says("các mốc chỉ tiêu")] = ()


class Basis(Shape):
    """A document that this one rests on; no date is ever taken from it."""

    number: Annotated[str, says("số, ký hiệu", "directive")]
    date: Annotated[On | None, says("ngày ban hành")] = None
    clause: Annotated[str | None, says("điều khoản")] = None
    indicator: Annotated[str | None, says("chỉ tiêu")] = None
    text: str | None = None


Papers = Annotated[tuple[Annotated[Basis, short(paper_of)], ...], Many]


class Duty(Shape):
    """One point of one clause, with everything it inherits from its clause filled in.

    `clause` is the paper's number ("6.4") or an unprinted key ("a", "end.1": `printed` False).
    `cascade` is levels of groups, outermost first; each level one or more ids.
    """

    clause: str
    printed: Yes = True
    force: Force
    text: str
    short: Annotated[str, says("tên gọn của nhiệm vụ")]
    title: Annotated[str | None, says("đề mục của điều khoản")] = None
    lead: Annotated[Ids, says("chủ trì")] = ()
    with_: Annotated[Ids, says("phối hợp", "with")] = ()
    for_: Annotated[Ids, says("tham mưu cho", "for")] = ()
    cascade: Annotated[Levels, says("chỉ đạo các đơn vị trực thuộc")] = ()
    due: Annotated[Due | None, typed(end_of), says("thời hạn hoàn thành")] = None
    every: Annotated[Every | None, typed(every_of), says("nhịp lặp, định kỳ")] = None
    from_: Annotated[Bound | None, says("từ ngày", "from")] = None
    until: Annotated[Bound | None, says("đến ngày")] = None
    target: Annotated[str | Target | None, typed(aim_of), says("chỉ tiêu phải đạt")] = None
    product: Annotated[str | None, says("sản phẩm")] = None
    evidence: Annotated[Evidence, one_of(*get_args(Evidence)), says("minh chứng")] = "optional"
    confirm: Annotated[Yes, says("chờ xác nhận")] = False
    code: Annotated[Yes, says("báo xong bằng mã gửi vào hộp thư")] = False
    under: Annotated[Papers, says("thực hiện điều khoản, chỉ tiêu của văn bản cấp trên")] = ()

    @property
    def is_measured(self) -> bool:
        """Whether the figures of an indicator settle it."""
        return isinstance(self.target, str)


class Change(Duty):
    """What becomes of a clause of an amended paper, in a duty's words; only those in `model_fields_set` are said.

    `drop` is why the clause goes. Stored as said, so that a change read back says no more.
    """

    force: Force = "do"
    text: str = ""
    short: Annotated[str, says("tên gọn của nhiệm vụ")] = ""
    drop: Annotated[str | None, says("bãi bỏ, kèm lý do")] = None

    @model_serializer(mode="wrap")
    def _said(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {word: value for word, value in whole(self).items() if word in self.model_fields_set}


class Rung(Shape):
    """A step of the ladder: `count` days (working or calendar) before or late; whom it tells, ids or `lead with head above issuer`."""

    words: str
    side: Literal["before", "late"]
    count: int
    working: bool = False
    audience: Ids


Ladder = tuple[Annotated[Rung, BeforeValidator(rung_form)], ...]


class ReportPlan(Shape):
    """A report round: its rhythm, its readers, what is attached."""

    every: Annotated[Every, typed(every_of), says("kỳ báo cáo")]
    to: Annotated[Ids, says("gửi báo cáo cho")]
    attach: Annotated[tuple[Annotated[Sheet, one_of(*get_args(Sheet))], ...], Many, says("tệp kèm theo")] = ()


class Overall(Shape):
    """What an amendment says of the amended paper as a whole; None leaves it as it was. Only so is a running ladder changed."""

    to: Annotated[Ids | None, says("kính gửi")] = None
    until: Annotated[On | None, says("đến ngày")] = None
    escalation: Annotated[Ladder | None, Many, says("bậc thang đôn đốc")] = None
    reports: Annotated[tuple[ReportPlan, ...] | None, Many, says("báo cáo tổng hợp")] = None


class Span(Shape):
    """A named period with optional bounds."""

    name: Annotated[str, says("tên giai đoạn, năm học")]
    from_: Annotated[On | None, says("từ ngày", "from")] = None
    until: Annotated[On | None, says("đến ngày")] = None


class Directive(Shape):
    """A signed paper. `number` and `date` may lack in a draft; `apply` asks for them."""

    number: Annotated[str | None, says("số, ký hiệu", "directive")] = None
    date: Annotated[On | None, says("ngày ban hành")] = None
    kind: Annotated[str, says("loại văn bản")] = "công văn"
    title: Annotated[str, says("trích yếu")]
    issuer: Annotated[str, says("cơ quan ban hành")]
    signer: Annotated[str | None, says("người ký (chức danh)")] = None
    sign: Annotated[Sign | None, signed(*get_args(Sign)), says("thể thức ký")] = None
    urgency: Annotated[Urgency | None, one_of(*get_args(Urgency)), says("mức độ khẩn")] = None
    to: Annotated[Ids, says("kính gửi")] = ()
    cc: Annotated[Mapping[str, Ids], says("nơi nhận")] = {}
    basis: Annotated[Papers, says("căn cứ")] = ()
    under: Annotated[Papers, says("thực hiện văn bản cấp trên")] = ()
    amends: Annotated[Papers, says("sửa đổi văn bản")] = ()
    replaces: Annotated[Papers, says("thay thế văn bản")] = ()
    urges: Annotated[Papers, says("đôn đốc văn bản")] = ()
    period: Annotated[Span | None, short(lambda name: {"name": name}), says("giai đoạn, năm học")] = None
    until: Annotated[On | None, says("đến ngày")] = None
    indicators: Annotated[Mapping[str, Indicator], says("chỉ tiêu")] = {}
    figures: Annotated[FileName | None, says("phụ lục số liệu")] = None
    duties: Annotated[tuple[Duty, ...], Many, says("nhiệm vụ")] = ()
    changes: Annotated[tuple[Change, ...], Many, says("nội dung sửa đổi")] = ()
    overall: Overall = Overall()
    escalation: Annotated[Ladder | None, Many, says("bậc thang đôn đốc")] = None
    reports: Annotated[tuple[ReportPlan, ...] | None, Many, says("báo cáo tổng hợp")] = None
    source: Annotated[FileName | None, says("văn bản gốc")] = None
    files: Annotated[tuple[FileName, ...], Many, says("tài liệu kèm theo")] = ()
    annex: tuple[Reported, ...] = ()
    directory: Directory = Directory()
