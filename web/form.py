"""A form on its way between pages: what was submitted, what it shows again, and what a clerk's own browser remembers."""

from __future__ import annotations

import json
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from .evidence import File, Upload, sealed
from .typed import MOST_LINE, Mistake, clean
from .words import Say, size_words

CLERK = "dondoc-clerk"
MOST_FIELDS = 2_000  # three for each agency of a form of figures: a province has hundreds of schools and communes
MOST_PARTS = 20
MOST_FIELD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submitted form: the last value of each field, every file, and the kept files that it names."""

    values: Mapping[str, str]
    uploads: Mapping[str, Sequence[Upload]]
    kept: Mapping[str, Sequence[str]]

    @property
    def step(self) -> str:
        """The button that was pressed: check, change or send. Without a nonce nothing can be sent, only checked."""
        return self.values.get("step", "check") if self._typed_nonce else "check"

    @property
    def nonce(self) -> str:
        """What makes the acts of this form its own: made when the form is shown, carried until it is sent."""
        return self._typed_nonce or new_nonce()

    @property
    def _typed_nonce(self) -> str:
        nonce = self.values.get("nonce", "")
        return nonce if re.fullmatch(r"[\w-]{16,64}", nonce, re.ASCII) else ""


@asynccontextmanager
async def submitted(request: Request) -> AsyncIterator[Submitted]:
    """The form within its limits, its files open as long as the block lasts; what is beyond them is answered 400 or 413."""
    try:
        form = await request.form(max_files=MOST_PARTS, max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES)
    except (LookupError, UnicodeError) as error:  # a charset that nobody knows, or that the body is not written in
        raise HTTPException(400) from error
    try:
        yield _sorted(form)
    finally:
        await form.close()


def _sorted(form: FormData) -> Submitted:
    values: dict[str, str] = {}
    uploads: dict[str, list[Upload]] = {}
    kept: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                uploads.setdefault(name, []).append(Upload(value.filename, value.size or 0, value.file))
        elif name.endswith("-kept"):
            kept.setdefault(name, []).append(value)
        else:
            values[name] = value
    return Submitted(values, uploads, kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a form shows: typed values, the mistakes at their fields, and files that are here already."""

    values: Mapping[str, str]
    mistakes: Sequence[Mistake] = ()
    files: Sequence[File] = ()
    link: str = ""
    key: bytes = field(default=b"", repr=False)

    @property
    def errors(self) -> Mapping[str, Say]:
        """The mistake of each field."""
        return {mistake.field: mistake.say for mistake in self.mistakes}

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.values.get(name, "")

    @property
    def nonce(self) -> str:
        """The form's own word, made now where it has none yet."""
        return self.values.get("nonce") or new_nonce()

    def kept(self, kind: str) -> list[tuple[str, str, Say]]:
        """The files of the chosen answer: (sealed, name, size)."""
        if kind != self.value("kind"):
            return []
        return [(sealed(file, self.link, self.key), file[1], size_words(file[2])) for file in self.files]


def new_nonce() -> str:
    """A word that no other form has."""
    return secrets.token_urlsafe(16)


def boxes(name: str, day: date) -> dict[str, str]:
    """A day as its three boxes show it."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def clerk(request: Request) -> dict[str, str]:
    """Name and role as this browser remembers them, nothing where it remembers nothing readable."""
    try:
        name, role = json.loads(urlsafe_b64decode(request.cookies.get(CLERK, "")))
        return {"name": clean(str(name))[:MOST_LINE], "role": clean(str(role))[:MOST_LINE], "remember": "yes"}
    except (ValueError, TypeError, RecursionError):
        return {}


def clerk_cookie(values: Mapping[str, str]) -> str:
    """The cookie that remembers name and role; empty, so that it is forgotten, where the clerk does not want it."""
    if not values.get("remember"):
        return ""
    return urlsafe_b64encode(json.dumps([values.get("name", ""), values.get("role", "")]).encode()).decode()
