"""The table at the end of docs/security.md: each promise with the tests that carry its number and what OWASP ASVS 5.0 asks for there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- what follows is made by `make security` -->", "<!-- until here -->"

_TEST = re.compile(r"^(?:async )?def (test_((?:[lmsdtw]\d{2,3}_)+)\w+)", re.MULTILINE)


class Line(NamedTuple):
    """A promise: its number, the requirements of ASVS that it answers, the words, and tests that show it without its number."""

    number: str
    asvs: str
    words: str
    besides: str = ""


def lines() -> list[Line]:
    """The promises in their order."""
    said = (ROOT / "scripts" / "matrix.txt").read_text(encoding="utf-8").splitlines()
    return [Line(*(part.strip() for part in each.split("|", 3))) for each in said if each and not each.startswith("#")]


def tests() -> Mapping[str, Sequence[str]]:
    """The names of tests by the number that they carry; some carry two."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        for name, numbers in _TEST.findall(path.read_text(encoding="utf-8")):
            for number in re.findall(r"([lmsdtw])0*(\d+)_", numbers):
                found["".join(number).upper()].append(name)
    return found


def names(line: Line, known: Mapping[str, Sequence[str]]) -> list[str]:
    """The tests of a promise, each once."""
    return list(dict.fromkeys((*known.get(line.number, ()), *line.besides.split())))


def table() -> str:
    """The table, and the promises that no test shows."""
    return "\n".join(_written(lines(), tests()))


def page(text: str) -> str:
    """The page with its table made anew."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{rest.partition(END)[2]}"


def _written(said: Sequence[Line], known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield from ("| line | promise | ASVS 5.0 | tests |", "|---|---|---|---|")
    for line in said:
        if found := names(line, known):
            yield f"| {line.number} | {line.words} | {line.asvs} | {'<br>'.join(f'`{name}`' for name in found)} |"
    missing = [f"- {line.number}: {line.words}" for line in said if not names(line, known)]
    yield from ("", "No test of the suite shows:" if missing else "Every line has its test.", "", *missing)


def main() -> None:
    """Write the table anew."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
