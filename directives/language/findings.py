"""A mistake in its place in a file, and what is said of it in Vietnamese and in English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .mistakes import LATE_ERRORS, SENTENCES, Fact, Mark, Mistake, Notes

Lang = Literal["vi", "en"]
_WARNINGS_FROM = "D080"


Level = Literal["error", "warning"]


def level_of(code: str) -> Level:
    """Whether a code keeps a directive from being issued."""
    return "warning" if code >= _WARNINGS_FROM and code not in LATE_ERRORS else "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A mistake in its place: line and columns count from 1, `end_column` is the first column after the word."""

    path: Path
    line: int
    column: int
    end_column: int
    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    related: int | None = None

    @property
    def level(self) -> Level:
        """A warning does not keep a directive from being issued."""
        return level_of(self.code)

    @property
    def message(self) -> str:
        """The sentence in Vietnamese."""
        return self.sentence("vi")

    @property
    def hint(self) -> str:
        """The hint in Vietnamese, empty where there is none."""
        return self.advice("vi")

    def sentence(self, lang: Lang) -> str:
        """What is wrong, in one sentence."""
        return _filled(SENTENCES[self.code][0], self.facts, lang) or ""

    def advice(self, lang: Lang) -> str:
        """How to mend it: the first hint that the facts can fill."""
        hints = (_filled(hint, self.facts, lang) for hint in SENTENCES[self.code][1:])
        return next((hint for hint in hints if hint is not None), "")


def _finding(path: Path, mark: Mark, mistake: Mistake, related: int | None = None) -> Finding:
    """A mistake at its place in a file."""
    return Finding(path=path, **mark._asdict(), code=mistake.code, facts=mistake.facts, related=related)


def by_line(path: Path, notes: Notes) -> list[Finding]:
    """What the margin of a file says, from its first line to its last."""
    return sorted((_finding(path, *slip) for slip in notes.slips), key=lambda found: (found.line, found.column))


def sound(findings: Iterable[Finding]) -> bool:
    """Whether nothing keeps a directive from being issued."""
    return not any(found.level == "error" for found in findings)


def _filled(said: tuple[str, str], facts: Mapping[str, Fact], lang: Lang) -> str | None:
    which = ("vi", "en").index(lang)
    words = {name: fact if isinstance(fact, str) else fact[which] for name, fact in facts.items()}
    try:
        return said[which].format_map(words)
    except KeyError:
        return None
