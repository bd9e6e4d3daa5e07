"""Files as accidents, strangers and enemies make them, one for each number; run as a program it feeds them and says what they cost."""

from __future__ import annotations

import json
import re
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from time import process_time

from directives.language import advice
from directives.language.books import Library, book_of
from directives.language.calendar import Calendar
from directives.language.findings import by_line, sound
from directives.language.layout import Branch
from directives.language.markup import AliasUsed, marked_up
from directives.language.mistakes import Notes
from directives.language.parsing import draft
from directives.language.plain import cleaned, decoded, normal
from directives.language.printing import printed, reprinted
from tests.generated import drawn

ROOT = Path(__file__).parents[1]
CALENDAR = Calendar()
PATH = Path("tệp.yaml")

_SIGNS = (
    ": ", "\n", "  ", "- ", "[", "]", "{", "}", "&a ", "*a", "#", " #", "'", '"', "!!x ", "<<: ", ">", "|", "\t", "\xa0", "%", "---\n",
    "? ", "\\", "\u202e", "\u200b", "\ufeff", "\x00", "\x85", "\u2028", "e\u0301", "🙂", "\ud7ff", ",", "‹", "›",
)  # fmt: skip
_TALK = (
    "directive date title issuer to cc basis under amends replaces urges period until indicators targets baseline figures duties "
    "changes do ask note lead with for cascade due every from target escalation reports agencies groups kind in list except name mail "
    "drop 1 6.4 II.1 end.1 before trước ngày 30/9/2020 99/99/9999 31/2/2018 week tháng quý năm học 2020-2021 rrule:FREQ=DAILY working "
    "days after late 100% over 3.960 1e999 0x7f 999999999999999999999999 -1 NaN null yes ~ lead issuer above truong xa"
)
_WORDS = tuple(_TALK.split())
_NUMBER = re.compile(r"\d+")


@cache
def shelf() -> Library:
    """The directories of the office."""
    return Library({path.stem: book_of(path.read_text(encoding="utf-8"), path) for path in (ROOT / "config" / "agencies").glob("*.yaml")})


@cache
def seeds() -> tuple[str, ...]:
    """Files that can be read: real, faulty, directories, and generated ones."""
    paths = sorted(path for folder in ("directives", "tests/bad", "config/agencies") for path in (ROOT / folder).glob("*.yaml"))
    return tuple(path.read_bytes().decode("utf-8", "replace") for path in paths) + tuple(printed(drawn(n, 12)) for n in range(60))


def case(number: int) -> bytes:
    """The file that belongs to a number."""
    chance = Random(number)
    return chance.choices(list(_KINDS), weights=list(_KINDS.values()))[0](chance)


def _bytes(chance: Random) -> bytes:
    return chance.randbytes(chance.choice((3, 100, 5000)))


def _text(chance: Random) -> bytes:
    planes = ((0, 0x80), (0x80, 0x250), (0x1E00, 0x1F00), (0x2000, 0x2070), (0x3000, 0x30FF), (0x1F600, 0x1F640), (0xE000, 0xFFFF))
    length = chance.choice((10, 300, 3000))
    return "".join(chr(chance.randrange(*chance.choice(planes))) for _ in range(length)).encode("utf-8", "surrogatepass")


def _soup(chance: Random) -> bytes:
    """Words of the language, without its grammar."""
    return "".join(chance.choice(_WORDS if chance.random() < 0.6 else _SIGNS) for _ in range(chance.choice((20, 200, 2000)))).encode()


def _mutant(chance: Random) -> bytes:
    """A file that could be read, after a few accidents."""
    text = chance.choice(seeds())
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        text = chance.choice(_ACCIDENTS)(chance, text)[:1_200_000]
    data = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.05:
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.randbytes(3) + data[at:]
    return data


def _giant(chance: Random) -> bytes:
    """Few files are as large as a file can be."""
    head = "title: x\nissuer: ubnd\nagencies: { ubnd: { name: U, mail: u@x.example } }\n"
    unit = chance.choice((
        "- ", "[", "{a: ", "a: &a [*a, *a]\n", "duties:\n", "x: y\n", "' ", '"', "# ghi chú\n", "é" * 50 + " ", "1: {do: x, lead: ubnd}\n",
        "{n}: {{do: x, lead: ubnd}}\n", "  {n}: {{do: x, lead: ubnd}}\n", "  - do: 'x {n}'\n", "{n}, ", "? ", "&a{n} ", "\n", "a.", "9",
        "\t", "  # {n}\n  k{n}: v   # b\n",
    ))  # fmt: skip
    opened = chance.choice(("", "duties:\n", "duties:\n  1:\n    do:\n", "to: [", "indicators:\n", "title2: "))
    size = chance.choice((20_000, 200_000, 990_000))
    body = "".join(unit.format(n=n) if "{n}" in unit else unit for n in range(size // len(unit)))
    return (head + opened + body)[:size].encode()


def _deep(chance: Random) -> bytes:
    levels = chance.choice((10, 49, 51, 500, 20_000))
    way = chance.choice(("[", "{a: ", "- ", "block"))
    if way == "block":
        return "\n".join(" " * n + "a:" for n in range(min(levels, 1200))).encode()
    return ("duties: " + way * levels).encode()


_KINDS: dict[Callable[[Random], bytes], float] = {_bytes: 1, _text: 1, _soup: 2, _mutant: 14, _giant: 0.5, _deep: 0.3}


def _cut(chance: Random, text: str) -> str:
    start = chance.randrange(len(text) + 1)
    return text[:start] + text[start + chance.choice((1, 3, 40, 400, len(text))) :]


def _insert(chance: Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(_SIGNS) * chance.choice((1, 1, 1, 2, 60)) + text[at:]


def _swap(chance: Random, text: str) -> str:
    lines = text.split("\n")
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return "\n".join(lines)


def _repeat(chance: Random, text: str) -> str:
    lines = text.split("\n")
    start = chance.randrange(len(lines))
    part = lines[start : start + chance.choice((1, 3, 20))]
    return "\n".join([*lines[:start], *part * chance.choice((2, 2, 3, 300)), *lines[start:]])


def _indent(chance: Random, text: str) -> str:
    lines = text.split("\n")
    start = chance.randrange(len(lines))
    for n in range(start, min(len(lines), start + chance.choice((1, 5, 50)))):
        lines[n] = chance.choice((f" {lines[n]}", f"  {lines[n]}", lines[n][1:], f"\t{lines[n]}", lines[n].lstrip()))
    return "\n".join(lines)


def _quote(chance: Random, text: str) -> str:
    one, two = chance.choice(("'", '"', ":", "[", "{", ",")), chance.choice(("'", '"', "", "]", "}", " : "))
    return text.replace(one, two, chance.choice((1, 1, 5, -1)))


def _number(chance: Random, text: str) -> str:
    huge = chance.choice(("9" * 30, "0", "-1", "1e9", "32", "9" * 400, "00", "٣", "１２", "²", "2199", "0" * 5000, "1.000.000.000"))
    found = [*_NUMBER.finditer(text)]
    if not found:
        return text + huge
    spot = chance.choice(found)
    return text[: spot.start()] + huge + text[spot.end() :]


def _word(chance: Random, text: str) -> str:
    parts = re.split(r"(\w+)", text)
    parts[chance.randrange(len(parts))] = chance.choice(_WORDS)
    return "".join(parts)


def _long(chance: Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(("x", "é", "a ", "1", " ", "e\u0301", "#")) * chance.choice((300, 5000, 60_000)) + text[at:]


def _join(chance: Random, text: str) -> str:
    other = chance.choice(seeds())
    return text[: chance.randrange(len(text) + 1)] + other[chance.randrange(len(other) + 1) :]


_ACCIDENTS = (_cut, _insert, _swap, _repeat, _indent, _quote, _number, _word, _long, _join)


def fed(data: bytes) -> None:
    """Read bytes as a directive and as a directory, show what was found, and rewrite what can be read. Raises what it should not."""
    notes = Notes()
    text = decoded(data, notes)
    findings = by_line(PATH, notes)
    if text is not None:
        directive, findings, book = draft(text, PATH, shelf(), CALENDAR)
        assert (directive is not None) == (sound(findings) and book.is_sound), "no directive and no error, or both"
        if len(data) < 100_000:
            book_of(text, PATH)
        if directive is not None:
            _rewritten(text)
    shown = {PATH: normal(data.decode("utf-8", "replace"))}
    for finding in findings:
        assert finding.end_column > finding.column >= 1
        assert 1 <= finding.line <= shown[PATH].count("\n") + 1
    advice.human(findings, shown, "vi")
    advice.machine(findings, "en")


def _rewritten(text: str) -> None:
    try:
        new = reprinted(text)
    except AliasUsed:
        return
    one, two = (draft(each, PATH, shelf(), None)[0] for each in (text, new))
    assert one == two, "rewriting changes what is read"
    assert reprinted(new) == new, "rewriting is not idempotent"
    assert remarks(marked_up(cleaned(text, Notes()))) == remarks(marked_up(new)), "rewriting loses a comment"


def remarks(branch: Branch) -> Counter[str]:
    """The comments of a file."""
    found = Counter(line for line in branch.below if line)
    for entry in branch.entries:
        found.update(line for line in (*entry.above, entry.beside) if line)
        found.update(remarks(entry.value) if isinstance(entry.value, Branch) else ())
    return found


def peak() -> int:
    """The most memory that this process has held since it was asked last, in megabytes; getrusage would tell its parent's as well."""
    found = re.findall(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return int(found[0]) // 1024


def main(first: int, after: int) -> int:
    """Feed the files of some numbers; print the slowest, the peak of memory and every failure."""
    slowest, largest, failures = (0.0, 0), (0, 0), {}
    fed(b"title: x\n")
    for number in range(first, after):
        data = case(number)
        peak()
        start = process_time()
        try:
            fed(data)
        except Exception:
            failures[number] = traceback.format_exc()[-1500:]
        slowest = max(slowest, (round(process_time() - start, 3), number))
        largest = max(largest, (peak(), number))
    said = {"seconds": slowest[0], "slowest": slowest[1], "megabytes": largest[0], "largest": largest[1], "failures": failures}
    print(json.dumps(said, ensure_ascii=False))  # noqa: T201
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
