"""What programs say to the interface, and what they are answered: acts, decisions, evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from .shapes import TaskOut

_LINE = r"^[^\x00-\x1f\x7f]*$"
_TEXT = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
Line = Annotated[str, Field(max_length=200, pattern=_LINE)]
Note = Annotated[str, Field(max_length=4_000, pattern=_TEXT)]
Count = Annotated[int, Field(ge=0, le=10**12)]
Code = Annotated[str, Field(max_length=100, pattern=r"^[a-z0-9.-]*$")]


Handle = Annotated[str, Field(max_length=260, pattern=r"^[0-9a-f]{64}\.[0-9]{1,11}\.[0-9a-f]{32}\.[^\x00-\x1f\x7f]+$")]


class Telling(BaseModel):
    """What an agency says of a task; which words each kind needs is what the pages ask, too."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["received", "progress", "figure", "done", "extend", "undo", "return", "delegate", "answer"]
    agency: Code = Field(default="", description="in whose name; empty: the only one that the key may act for")
    note: Note = ""
    value: Annotated[str, Field(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$", description="a figure as text: “87.4”")] | None = None
    numerator: Count | None = None
    denominator: Count | None = None
    on: date | None = Field(default=None, description="the day of the figure")
    until: date | None = Field(default=None, description="the date that is asked for")
    document: Line = Field(default="", description="“123/BC-UBND ngày 20/5/2020”")
    to: Code = Field(default="", description="return: the right agency, where it is known")
    colleague: Line = Field(default="", description="delegate: who in the agency has the task in hand")
    files: list[Handle] = Field(default=[], max_length=5, description="evidence: the `file` of each that `/files` has taken")


class Deciding(BaseModel):
    """What the issuer's side decides of a task."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["grant", "refuse", "confirm", "reject", "keep", "reassign", "pause", "resume", "postpone", "reopen", "close"]
    note: Note = ""
    until: date | None = None
    to: Code = Field(default="", description="reassign: the agency")


class FileOut(BaseModel):
    """A file that was taken and waits for an act to name it."""

    file: str = Field(description="its handle, of this key alone")
    sha256: str = Field(description="over its bytes as kept: a picture without what it tells of its maker")
    name: str
    size: int


class ReceiptOut(BaseModel):
    """What was recorded."""

    number: str = Field(description="the receipt's number, also in the letter: 898-6.4-17")
    at: datetime
    kind: str
    task: TaskOut
    link: str = Field(default="", description="delegate: where the colleague answers; empty without the scope, or once it was taken back")
