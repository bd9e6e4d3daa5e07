"""What differs from reader to reader on a page that is otherwise the same."""

from __future__ import annotations

import secrets

#: Nobody can type it, for nobody knows it.
MARK = f"blank{secrets.token_hex(12)}"


class Blank(str):
    """Stands in the facts of a page for a word of its reader's; `value` is anything that a sentence may hold, or markup."""

    __slots__ = ("name", "value")

    name: str
    value: object

    def __new__(cls, name: str, value: object) -> Blank:
        """A blank of that name among those of its page; what fills it is no part of it."""
        made = super().__new__(cls, f"{MARK}{name}{MARK}")
        made.name, made.value = name, value
        return made
