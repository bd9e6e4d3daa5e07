"""What a mail address is: exactly one, ASCII before the @, its domain as it goes on the wire; judged once, where it is typed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from email_validator import EmailNotValidError, validate_email

LONGEST, LONGEST_NAME = 254, 64  # RFC 5321

Why = Literal["several", "accents", "long", "form"]

_NAME = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")  # before the @: nothing in it can be wrong
_SAID: dict[Why, str] = {
    "several": "chỉ ghi một địa chỉ, dạng ten@donvi.vn",
    "accents": "phần trước @ viết không dấu, dạng ten@donvi.vn",
    "long": f"dài quá {LONGEST} ký tự",
    "form": "cần đúng một địa chỉ không dấu, dạng ten@donvi.vn",
}


class AddressError(ValueError):
    """A text that is no address; `why` says what is wrong with it."""

    def __init__(self, text: str, why: Why) -> None:
        shown = "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST])
        super().__init__(f"«{shown}» không phải một địa chỉ thư: {_SAID[why]}.")
        self.why = why


@lru_cache(4096)
def address(text: str) -> str:
    """The one address in `text`, as it goes on the wire: ASCII before the @, the domain in IDNA. Raises AddressError."""
    typed = text.strip(" ")
    name, _, domain = typed.rpartition("@")
    try:
        if len(typed) <= LONGEST and len(name) <= LONGEST_NAME and _NAME.fullmatch(name):
            return f"{name}@{_domain(domain)}"
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError as error:
        raise AddressError(typed, _why(typed, name)) from error
    if found.ascii_email is None or len(found.ascii_email) > LONGEST:
        raise AddressError(typed, "long")
    return found.ascii_email


def _why(typed: str, name: str) -> Why:
    if typed.count("@") > 1 or re.search(r"[,;]", typed):
        return "several"
    if len(typed) > LONGEST or len(name) > LONGEST_NAME:
        return "long"
    return "form" if name.isascii() else "accents"


@lru_cache(4096)
def _domain(text: str) -> str:
    """A domain as it goes on the wire, judged once: a nation's addresses share a few. Raises EmailNotValidError."""
    found = validate_email(f"a@{text}", check_deliverability=False, allow_smtputf8=False, strict=True)
    return str(found.ascii_domain)
