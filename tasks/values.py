"""What the ledger hands out and takes in, as frozen values; instants are aware, in UTC, an agency's id is a word of the directory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from .cells import Cells
from .courses import Course
from .measured import Line
from .rates import Rate
from .ties import Tie

State = Literal["open", "received", "progress", "claimed", "returned", "paused", "done", "void"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A directive as its letters and pages name it."""

    id: int
    number: str
    issued_on: date
    title: str
    issuer: str  # the issuing agency's name
    contact: str  # "Văn phòng …: 0292 000 0000", empty where the directory has no telephone
    zone: str = "Asia/Ho_Chi_Minh"
    urgency: str = ""  # khẩn | thượng khẩn | hỏa tốc
    ties: tuple[Tie, ...] = ()  # what was done to it since, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An agency or a position as people see it; `mail` is resolved (its own, else that of the body it belongs to)."""

    id: str
    name: str
    short: str
    mail: str | None = None
    phone: str | None = None
    lang: Literal["vi", "en"] | None = None  # of its letters and pages, where it is not the office's


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One task (duty × agency × term) with all that a letter or a page says of it."""

    id: int
    directive: int
    clause: str  # "" where the paper has no number
    text: str
    short: str
    force: Literal["do", "ask"]
    agency: Party
    lead: bool  # False: seen by a coordinator, who comments and cannot close
    term: str  # "" for a one-off duty, else the first day of its period or the day of its milestone (ISO)
    due_at: datetime | None
    due_words: str  # the paper's own words for the date, "" where it has none
    last_working_day: date | None  # the due day itself where that is a working day
    state: State
    told_at: datetime | None
    closed_at: datetime | None  # the instant that counts for "on time"
    evidence: str  # optional | required | photo | file | document
    target: str  # the target of this term in the paper's form ("85%", "over 90%"), "" without one
    indicator: str  # id of the indicator whose figure settles the task, "" without one
    indicator_name: str
    figure: Decimal | None  # last figure of this agency
    figure_on: date | None
    with_: tuple[str, ...] = ()  # names of those who take part
    last_words: str = ""  # what the agency last said
    last_words_at: datetime | None = None
    last_source: str = ""  # where that came from, if not from a page: "điện thoại"
    asks_until: date | None = None  # the date asked for in an undecided request for more time
    own: bool = False  # the target is this agency's own, from the annex
    due_before: str = ""  # the date that it had before another paper moved it: "24/5/2020"
    due_by: str = ""  # that paper: "1021/UBND ngày 20/5/2020"
    urged: tuple[str, ...] = ()  # papers that urge it
    figure_by: str = ""  # name of the source that types the figure, "" where the agency types its own
    children: tuple[int, int] | None = None  # of those that it was passed down to: done, all
    waits_for: str = ""  # the clause that has to be done first: "mục 6.4"
    waits_due_at: datetime | None = None  # when that is due
    waits_by: tuple[str, ...] = ()  # who has it open, the earliest date first; at most eight
    lacking: tuple[str, ...] = ()  # of the children those that are not done; at most eight
    quiet: tuple[str, ...] = ()  # those who take part and have said nothing
    asked: int = 0  # how often more time was asked for, counting an undecided request
    held_until: date | None = None  # paused: the day on which it goes on
    held_words: str = ""  # why it is paused, or why its agency returned it
    handler: str = ""  # the colleague to whom the agency has passed it
    decided: str = ""  # kind of the issuer's last decision, with its words and its instant
    decided_words: str = ""
    decided_at: datetime | None = None
    unit: str = "%"  # of the figure
    code: bool = False  # "done" by a link needs a code that is mailed to the registered address
    product: str = ""  # the deliverable
    course: Course | None = None  # where the figure of whom it is judged by is heading, once it has a date and a figure


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureForm:
    """An indicator typed by one agency for others: a row for each of `rows` (agency, last figure, its day)."""

    directive: int
    indicator: str
    name: str
    rows: tuple[tuple[Party, Decimal | None, date | None], ...]
    tasks: tuple[int, ...] = ()  # the task that each row's figure is recorded on, in the same order
    unit: str = "%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything an agency owes and has done, worst first, over all directives; what one link opens."""

    party: Party
    papers: Mapping[int, Paper]
    open: tuple[Work, ...]
    closed: tuple[Work, ...]
    figures: tuple[FigureForm, ...] = ()
    more: bool = False  # open ones follow on another page


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who speaks: the name and position typed on the form, and the link and network they came by."""

    name: str
    role: str
    link: str = ""  # id of the link, never its token
    ip: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody says of a task. `key` makes a second press of the same form the same act.

    received · progress (note) · figure (value or numerator/denominator, on) · done (document or files) · extend (until, note) ·
    undo (note): takes "done" back · return (note, to: the right agency if known): not its own · delegate (to: a colleague) ·
    answer (note, document or files): after closing · by the issuer: grant (until) · refuse (note) · confirm · reject (note) ·
    keep (note): a return is refused · reassign (to: an agency's id, until) · pause (until, note) · resume · postpone (until) ·
    reopen (note) · close (note)
    """

    kind: Literal[
        "received", "progress", "figure", "done", "extend", "undo", "return", "delegate", "answer", "grant", "refuse", "confirm", "reject",
        "keep", "reassign", "pause", "resume", "postpone", "reopen", "close",
    ]
    task: int
    said: Said
    key: str
    by: str = ""  # the agency whose link it came by; "" is the issuer's own side
    note: str = ""
    value: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    on: date | None = None
    until: date | None = None
    document: str = ""  # "123/BC-UBND ngày 20/5/2020"
    to: str = ""  # an agency or a person that the act names
    proven: bool = False  # whoever says so typed a code that was mailed to the registered address
    hindrance: str = ""  # kind of what hinders, told with progress: money | people | rules | data | others | other
    files: tuple[tuple[str, str, int], ...] = ()  # (sha256, name, size): the bytes are on disk already
    source: str = ""  # where it came from, if not from a page: "thư số 12", "tệp tinh-hinh.csv, dòng 3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was recorded; `new` is False when the same form had been sent before. `refusal` says in words why nothing was."""

    number: str  # "898-6.4-17", printed on the page and in the letter; "" when refused
    at: datetime | None
    work: Work | None
    act: Act
    new: bool = True
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyStanding:
    """How one agency stands in a directive. `cells` by clause feed the map agency × duty."""

    party: Party
    cells: Cells
    by_clause: Mapping[str, Cells]
    figure: Decimal | None = None
    goal: tuple[str, Decimal] | None = None  # its own target, in the paper's form and as a value
    peer: bool = False  # only asked (đề nghị): shown apart, unranked
    unreachable: bool = False  # no address, or it bounces
    rate: Rate = field(default_factory=Rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that changed since the report before: done · overdue (newly) · asks (for more time) · returned · opened."""

    kind: Literal["done", "overdue", "asks", "granted", "refused"]
    work: Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a directive stood at `as_of`: the values behind every page, mail and sheet; reproducible for any past instant."""

    paper: Paper
    as_of: datetime
    seq: int
    before: datetime | None  # the report that changes are counted from
    cells: Cells
    cells_before: Cells | None
    duties: tuple[tuple[str, str], ...]  # (clause, short) in the paper's order
    agencies: tuple[AgencyStanding, ...]  # worst first
    overdue: tuple[Work, ...]  # worst first: the twenty to call
    requests: tuple[Work, ...]  # undecided requests for more time
    changes: tuple[Change, ...]  # of each kind the latest; `changed` counts them all
    changed: Mapping[str, int] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    waiting: tuple[Work, ...] = ()  # without a date so far, since others are late with the clause before
    unsent: int = 0  # letters that failed and wait for the operator
    head: str = ""  # hash of the last event: printed, so that readers are witnesses

    @property
    def rate(self) -> Rate:
        """What was done on time of what is judged, and what stands beside it."""
        return sum((agency.rate for agency in self.agencies), Rate())
