"""The words that a person has written in an answer: without the letter that is quoted below them, and without a signature; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from email.message import Message
from html.parser import HTMLParser

from directives.language.words import fold

from .arriving import text_of

MOST_LINES, MOST_SIGNS = 400, 20_000

_RULE = re.compile(r"[_\-=*]{10,}|-{2,}\s*(original message|thu goc|forwarded message|thu da chuyen tiep|tin nhan goc).*")
_WROTE = re.compile(
    r"(on|vao|le|ngay)\b.{6,300}\b(wrote|da viet|viet|a ecrit)\s*:?|.{3,200}<[^<>\s]+@[^<>\s]+>\s*(wrote|da viet|viet)\s*:?"
)
_WROTE_BEGINS = re.compile(r"(on|vao)\b.{8,}")
_FROM = re.compile(r"\*?(from|tu|nguoi gui)\*?\s*:.+")
_HEADS = re.compile(r"\*?(to|den|toi|nguoi nhan|sent|date|ngay|da gui|gui|subject|chu de|tieu de|cc)\*?\s*:")
_PHONE = re.compile(r"(sent|get|duoc gui|gui|da gui|envoye)\s+(from|tu|bang|outlook|depuis)\b.{0,60}|get outlook for \w+.*")
_ENDS = re.compile(
    r"--\s*|(tran trong( cam on| kinh chao)?|kinh thu|kinh chao|than ai|than men|"
    r"(best |kind |warm )?regards|sincerely|many thanks)\s*[.,!]*"
)
_GREETS = re.compile(r"(kinh gui|kinh thua|dear|hi|hello|xin chao|chao)\b.{0,120}")


def written(message: Message) -> str:
    """What the sender has written himself, "" where that is nothing."""
    return cut(_plain(message))


def cut(text: str) -> str:
    """The text up to the first sign of a quoted letter or of a signature, without a greeting before it."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\xa0", " "))[:MOST_SIGNS].split("\n")[:MOST_LINES]
    folded = [fold(line) for line in lines]
    end = next((no for no in range(len(lines)) if _ends(folded, no)), len(lines))
    kept = [line.strip() for line in lines[:end]]
    while kept and (not kept[0] or _GREETS.fullmatch(fold(kept[0]))):
        kept.pop(0)
    return "\n".join(kept).strip()


def _ends(lines: list[str], no: int) -> bool:
    line = lines[no]
    if line.startswith(">") or any(form.fullmatch(line) for form in (_RULE, _WROTE, _PHONE, _ENDS)):
        return True
    if _FROM.fullmatch(line):
        return any(_HEADS.match(after) for after in lines[no + 1 : no + 5])
    # A phone breaks the line before the quotation in two.
    return bool(_WROTE_BEGINS.match(line) and no + 1 < len(lines) and _WROTE.fullmatch(f"{line} {lines[no + 1]}"))


def _plain(message: Message) -> str:
    """The first plain text of a message, else its HTML as text."""
    parts = list(_texts(message))
    plain = next((part for part in parts if part.get_content_type() == "text/plain"), None)
    if plain is not None and (said := text_of(plain)).strip():
        return said
    html = next((part for part in parts if part.get_content_type() == "text/html"), None)
    return _stripped(text_of(html)[: 20 * MOST_SIGNS]) if html is not None else ""


def _texts(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
            yield part


class _Stripper(HTMLParser):
    """Collects the text of HTML outside of what is quoted, hidden or a program."""

    _BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "table", "ul", "ol"})
    _SILENT = frozenset({"style", "script", "head", "title", "blockquote"})
    _VOID = frozenset({"br", "img", "hr", "meta", "link", "input", "col", "wbr", "area", "base", "embed", "source"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line; what is quoted is silent until it ends."""
        quoted = any(name in ("class", "id") and value and re.search(r"quote|divRplyFwdMsg", value) for name, value in attrs)
        if (self._silent or quoted or tag in self._SILENT) and tag not in self._VOID:
            self._silent.append(tag)
        if tag in self._BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A silent part ends with its own tag, whatever was left open inside."""
        if tag in self._silent:
            del self._silent[len(self._silent) - 1 - self._silent[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        """Text that is read."""
        if not self._silent:
            self.said.append(" ".join(data.split("\n")))


def _stripped(html: str) -> str:
    stripper = _Stripper()
    stripper.feed(html)
    stripper.close()
    return re.sub(r"\n\s*\n+", "\n\n", "".join(stripper.said))
