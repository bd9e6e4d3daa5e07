"""Examples of the documentation as they are read: parts of a directive on the sample directory of docs/directives.md, or directories."""

from __future__ import annotations

import re
from pathlib import Path

from directives.language.books import Library, book_of
from directives.language.findings import Finding
from directives.language.parsing import parse
from tests.reader import Page

[DIRECTORY] = [block.text for block in Page("docs/directives.md").blocks("yaml") if block.text.startswith("agencies:")]
DOCUMENT = {
    "directive": "directive: 1/UBND", "date": "date: 2/3/2026", "title": "title: Diệt lăng quăng", "issuer": "issuer: ubnd",
    "indicators": "indicators: { ho-sach: { name: Hộ không có lăng quăng, targets: 90% } }",
    "duties": "duties: { 1: { lead: thon, do: Dọn vệ sinh } }",
}


def parts(text: str) -> dict[str, str]:
    """The parts of an example by the word that opens them."""
    found = re.findall(r"^\w+:.*\n(?:(?:[ #].*)?\n)*", text, re.MULTILINE)
    assert "".join(found) == text
    return {part.partition(":")[0]: part.rstrip("\n") for part in found}


def is_directory(text: str) -> bool:
    """Whether an example is a directory of its own."""
    return "agencies" in parts(text) and parts(text).keys() <= {"agencies", "groups"}


def whole(text: str) -> str:
    """An example as a file: its parts in place of the sample's."""
    return text if is_directory(text) else "\n".join({**DOCUMENT, **parts(text)}.values()) + "\n"


def findings(text: str) -> list[Finding]:
    """What is found in the file of an example."""
    if is_directory(text):
        return list(Library({"xa": book_of(text, Path("xa.yaml"))}).alone("xa").findings)
    return parse(whole(text), "mau.yaml", {"xa": DIRECTORY})[1]
