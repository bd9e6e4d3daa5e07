"""What can be said of a directive file: a code, its sentence in Vietnamese and in English (sentences.txt), the notes that collect them."""

from __future__ import annotations

from importlib.resources import files
from typing import NamedTuple

Said = tuple[str, str]  # Vietnamese, English
Fact = str | Said

LIMIT = 100  # findings of one file; whoever has more begins with these


class Mark(NamedTuple):
    """A stretch of one line, counted from 1; `end_column` is the first column after it."""

    line: int
    column: int
    end_column: int


class Mistake(ValueError):  # noqa: N818 - it is the author's, not the program's
    """Something that the author of a file should change: a code of `SENTENCES` and the facts that fill its sentence."""

    def __init__(self, code: str, /, **facts: Fact) -> None:
        """Raises KeyError where no sentence has this code."""
        super().__init__(SENTENCES[code][0][0])
        self.code, self.facts = code, facts
        self.words = ""

    def about(self, words: str) -> Mistake:
        """The same, about these words of a longer text, which are marked."""
        self.words = words
        return self


class Enough(Exception):  # noqa: N818 - a signal
    """A file is not read any further; the reason has been told."""


class Notes:
    """The margin of one file: where it says what, in the order in which it was seen."""

    def __init__(self) -> None:
        """An empty margin."""
        self.slips: list[tuple[Mark, Mistake, int | None]] = []
        self._seen: set[tuple[Mark, str, frozenset[tuple[str, Fact]]]] = set()

    def tell(self, mark: Mark, mistake: Mistake, related: int | None = None) -> None:
        """Note a mistake at `mark`, once; `related` is another line that it concerns. Raises Enough past the limit."""
        slip = (mark, mistake.code, frozenset(mistake.facts.items()))
        if slip in self._seen:
            return
        self._seen.add(slip)
        self.slips.append((mark, mistake, related))
        if len(self.slips) >= LIMIT:
            self.slips.append((mark, Mistake("D009", count=str(LIMIT)), None))
            raise Enough

    def retell(self, mark: Mark, mistake: Mistake) -> None:
        """Note what is now known better than when the same mistake was last told at this place."""
        if self.slips and self.slips[-1][0][:2] == mark[:2] and self.slips[-1][1].code == mistake.code:
            self.slips.pop()
        self.tell(mark, mistake)

    def has(self, *codes: str) -> bool:
        """Whether one of these was told."""
        return any(mistake.code in codes for _, mistake, _ in self.slips)


def _table(text: str) -> dict[str, tuple[Said, ...]]:
    """Read the table: a code opens an entry, `=` a hint, `|` parts the two languages; `!` after a code is for `LATE_ERRORS`."""
    table: dict[str, tuple[Said, ...]] = {}
    entry = ""
    for line in filter(None, text.splitlines()):
        code, _, words = line.partition(" ")
        said, _, english = words.partition(" | ")
        entry = code.rstrip("!") if code != "=" else entry
        table[entry] = (*table.get(entry, ()), (said, english))
    return table


_TEXT = files(__package__).joinpath("sentences.txt").read_text(encoding="utf-8")

#: The sentence of each code, then its hints: the first that the facts can fill is shown.
SENTENCES = _table(_TEXT)

#: From D080 on codes are warnings, but for those that the table marks with `!`.
LATE_ERRORS = frozenset(line.partition("!")[0] for line in _TEXT.splitlines() if line[4:6] == "! ")
