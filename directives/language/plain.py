"""The bytes of a file as plain text: UTF-8, NFC, and no characters that a clerk cannot see."""

from __future__ import annotations

import re
import unicodedata

from .mistakes import Enough, Mark, Mistake, Notes, Said

SIZE = 1_000_000

_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")  # all that YAML takes for one
_START = Mark(1, 1, 2)
_SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_HIDDEN = "\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_INDENT = re.compile(rf"^ *([\t{_SPACES}{_HIDDEN}])[ \t{_SPACES}{_HIDDEN}]*(?=\S)", re.MULTILINE)
_INVISIBLE = re.compile(rf"[{_HIDDEN}]|[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNSEEN = re.compile(rf"{_INVISIBLE.pattern}|[\u2028\u2029]")
_KINDS: tuple[tuple[str, Said], ...] = (
    ("\t", ("dấu tab", "a tab")),
    (rf"[{_SPACES}]", ("dấu cách cứng", "a no-break space")),
    (".", ("ký tự không nhìn thấy", "an invisible character")),
)


def decoded(data: bytes, notes: Notes) -> str | None:
    """The normal text of a file, None where its bytes are none."""
    if len(data) > SIZE:
        notes.tell(_START, Mistake("D001"))
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:64].count(0) > 8:
        notes.tell(_START, Mistake("D002"))
    else:
        try:
            return normal(data.decode("utf-8"))
        except UnicodeDecodeError as error:
            notes.tell(_place(data[: error.start].decode("utf-8")), Mistake("D003"))
    return None


def normal(text: str) -> str:
    """The text whose lines and columns findings count: composed letters, no byte order mark, one sign for the end of a line."""
    return _LINE_END.sub("\n", unicodedata.normalize("NFC", text.removeprefix("\ufeff")))


def cleaned(text: str, notes: Notes) -> str:
    """Normal text with plain spaces for all others; what cannot be seen is told and blanked, so that the rest can be read.

    Raises Enough where there is too much of it.
    """
    text = normal(text)
    if len(text) > SIZE:
        notes.tell(_START, Mistake("D001"))
        raise Enough
    if indent := _INDENT.search(text):
        mark = _place(text[: indent.start()])._replace(end_column=len(indent[0]) + 1)
        what = next(said for kind, said in _KINDS if re.match(kind, indent[1]))
        text, count = _INDENT.subn(lambda found: " " * len(found[0]), text)
        notes.tell(mark, Mistake("D004", what=what, **_more(count)))
    if hidden := _INVISIBLE.search(text):
        mark = _place(text[: hidden.start()])
        text, count = _INVISIBLE.subn(" ", text)
        notes.tell(mark, Mistake("D005", what=f"U+{ord(hidden[0]):04X}", **_more(count)))
    return re.sub(f"[{_SPACES}]", " ", text)


def unescaped(text: str, mark: Mark, notes: Notes) -> str:
    """A text in which \\ may have made what a file cannot hold: it is told and blanked, like everything that cannot be seen."""
    text = re.sub(f"[{_SPACES}]", " ", unicodedata.normalize("NFC", text))
    if hidden := _UNSEEN.search(text):
        notes.tell(mark, Mistake("D122", what=f"U+{ord(hidden[0]):04X}"))
    return _UNSEEN.sub(" ", text)


def _more(count: int) -> dict[str, str]:
    return {"more": str(count - 1)} if count > 1 else {}


def _place(before: str) -> Mark:
    """One column, after the text before it."""
    column = len(before) - before.rfind("\n")
    return Mark(before.count("\n") + 1, column, column + 1)
