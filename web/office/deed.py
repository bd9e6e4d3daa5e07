"""An act of the desk on its way: its form, the page that shows what will be recorded, and the receipt; only the last press writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any, Literal

from starlette.responses import Response

from web.form import CLERK, Form, Submitted, boxes, clerk, clerk_cookie
from web.pages import remember
from web.typed import Typed
from web.words import Say, long_day

from .room import Line, Room

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing to type; `missing` is said where it is empty, None where it may be."""

    name: str
    label: Say
    shape: Literal["line", "text", "day", "pick", "ticks"] = "line"
    missing: Say | None = None
    hint: Say | str = ""
    options: tuple[tuple[str, Say | str], ...] = ()
    given: str | date = ""

    @property
    def typed_before(self) -> dict[str, str]:
        """What its inputs hold before anybody has typed."""
        if isinstance(self.given, date):
            return boxes(self.name, self.given)
        if self.shape == "ticks":
            return {f"{self.name}-{value}": self.given for value, _ in self.options}
        return {self.name: self.given}

    @property
    def is_optional(self) -> bool:
        """Whether it may stay empty."""
        return self.missing is None

    def read(self, typed: Typed) -> Any:
        """What was typed, with the mistake noted where it will not do."""
        if self.shape == "day":
            return typed.day(self.name, self.missing)
        if self.shape == "ticks":
            return self._ticked(typed)
        said = typed.text(self.name, self.missing) if self.shape == "text" else typed.line(self.name, self.missing)
        if self.shape == "pick" and said and said not in dict(self.options):
            typed.wrong(self.name, self.missing or Say("Chọn một mục"))
        return said

    def _ticked(self, typed: Typed) -> tuple[str, ...]:
        ticked = tuple(value for value, _ in self.options if typed.values.get(f"{self.name}-{value}"))
        if not ticked and self.missing:
            typed.wrong(self.name, self.missing)
        return ticked

    def shown(self, value: Any) -> object:
        """What was typed, as the check page says it."""
        if self.shape == "ticks":
            return _listed([dict(self.options)[each] for each in value])
        if isinstance(value, date):
            return long_day(value)
        return dict(self.options).get(value, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of it: a receipt's number ("" where there is none), or why nothing was recorded; `ways` lead on from there."""

    number: str = ""
    refusal: Say | str = ""
    said: Say | None = None
    ways: Sequence[tuple[str, Say]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What an act about many tasks means: the first of them, what all come to in a sentence, and a mark that changes with them."""

    lines: Sequence[Line]
    said: Say
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An act with all that its pages say; `record` writes, once however often it is called with the same nonce."""

    heading: Say
    about: Say | str
    fields: Sequence[Field]
    record: Callable[[Values, str], Outcome]
    back: str
    command: str
    facts: Sequence[tuple[Say, object]] = ()
    warning: Say | None = None
    other: tuple[str, Say] | None = None  # another way out, and what it is called
    meant: Callable[[Values], Meant | None] = lambda values: None
    check: Callable[[Values, Typed], None] = lambda values, typed: None

    @property
    def remembers(self) -> bool:
        """Whether a name is typed, which the browser may keep."""
        return any(field.name == NAME.name for field in self.fields)


def _listed(names: Sequence[Say | str]) -> Say | str:
    """Names in one line."""
    if all(isinstance(name, str) for name in names):
        return "; ".join(map(str, names))
    return reduce(lambda before, after: Say("%(before)s; %(after)s", before=before, after=after), names)


NAME = Field(name="name", label=Say("Họ và tên người quyết định"), missing=Say("Nhập họ và tên người quyết định"))
ROLE = Field(name="role", label=Say("Chức vụ người quyết định"), missing=Say("Nhập chức vụ người quyết định"))
REASON = Field(name="note", label=Say("Lý do"), shape="text", missing=Say("Nêu lý do"))
NOTE = Field(name="note", label=Say("Ghi chú"), shape="text")


def pressed(room: Room, deed: Deed, sent: Submitted | None) -> Response:
    """The page of an act as the press wants it."""
    if sent is None:
        return _form(room, deed, Form(values=_given(deed) | clerk(room.at.request)))
    typed = Typed({**sent.values, "nonce": sent.nonce})
    values = {field.name: field.read(typed) for field in deed.fields}
    if not typed.mistakes:
        deed.check(values, typed)
    if typed.mistakes or sent.step == "change":
        form = Form(values=typed.values, mistakes=typed.mistakes)
        return _form(room, deed, form, code=422 if typed.mistakes else 200)
    told = [*deed.facts, *((field.label, field.shown(values[field.name])) for field in deed.fields if values[field.name])]
    if sent.step != "send":
        meant = deed.meant(values)
        carried = [(name, value) for name, value in typed.values.items() if value and name not in ("step", "word", "mark")]
        carried += [("mark", meant.mark)] if meant else []
        return room.at.page("office/check.html", deed=deed, told=told, carried=carried, meant=meant)
    outcome = deed.record(values, sent.nonce)
    answer = room.at.page("office/receipt.html", code=409 if outcome.refusal else 200, deed=deed, outcome=outcome, told=told)
    if deed.remembers:
        remember(room.at.request, answer, CLERK, clerk_cookie(typed.values))
    return answer


def _form(room: Room, deed: Deed, form: Form, *, code: int = 200) -> Response:
    return room.at.page("office/form.html", code=code, deed=deed, form=form)


def _given(deed: Deed) -> dict[str, str]:
    """What the form shows before anybody has typed."""
    shown: dict[str, str] = {}
    for field in deed.fields:
        shown |= field.typed_before
    return shown
