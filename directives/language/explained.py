"""Why a code is told: a few words to a clerk, a file that has the fault, and the same file mended (explained.txt)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from .findings import Lang
from .mistakes import SENTENCES

#: What an example leaves out.
FRAME = """\
agencies: quan
directive: 898/UBND
title: Vận động tham gia BHYT
date: 18/5/2020
issuer: ubnd
duties:
  1:
    lead: phuong
    do: Vận động người dân tham gia BHYT
"""
#: The directory of every example, `quan`.
DIRECTORY = """\
agencies:
  ubnd: { name: UBND quận, mail: ubnd@quan.example }
  ct: { name: Chủ tịch UBND quận, in: ubnd }
  bhxh: { name: Bảo hiểm xã hội quận, mail: bhxh@quan.example }
  pgd: { name: Phòng Giáo dục và Đào tạo, mail: pgd@quan.example }
  le-binh: { name: UBND phường Lê Bình, kind: phuong, mail: lebinh@quan.example }
  phu-thu: { name: UBND phường Phú Thứ, kind: phuong, mail: phuthu@quan.example }
groups:
  phuong: { kind: phuong }
"""
_PART = re.compile(r"^\S[^\n:]*(?P<colon>:)?.*\n(?:(?:[ \t#-].*)?\n)*", re.MULTILINE)


class Example(NamedTuple):
    """Lines of a directive, and of the files beside it by name. Lines in parentheses tell of a file that cannot be shown."""

    text: str
    beside: Mapping[str, str]

    @property
    def is_told(self) -> bool:
        """Whether the file is told of and not shown."""
        return self.text.startswith("(")

    @property
    def files(self) -> Iterator[tuple[str, str]]:
        """What is shown of it: the directive's lines under no name, then each file beside it."""
        if self.text:
            yield "", self.text
        yield from self.beside.items()

    @property
    def whole(self) -> str:
        """The directive with what the frame adds: the parts that the example does not write itself."""
        if self.is_told or not self.text:
            return FRAME
        own = {part[0].partition(":")[0] for part in _PART.finditer(self.text)}
        if ":" not in self.text.split("\n")[0]:
            return self.text
        return "".join(part[0] for part in _PART.finditer(FRAME) if part[0].partition(":")[0] not in own) + self.text


class Explanation(NamedTuple):
    """What a code means, a wrong example and the right one."""

    code: str
    words: str
    wrong: Example
    right: Example

    def sentence(self, lang: Lang = "vi") -> str:
        """The sentence of the code, with an ellipsis for each fact."""
        return SENTENCES[self.code][0][("vi", "en").index(lang)].format_map(defaultdict(lambda: "…"))


@cache
def explanations() -> Mapping[str, Explanation]:
    """Every explanation by its code, in the order of the codes."""
    text = files(__package__).joinpath("explained.txt").read_text(encoding="utf-8")
    found = (_explanation(block.split("\n")) for block in text.strip("\n").split("\n\n"))
    return {each.code: each for each in sorted(found)}


def _explanation(lines: list[str]) -> Explanation:
    """A code, sentences, then lines of both examples: `- ` of the wrong one, `+ ` of the right one, two spaces of both."""
    shown = next(n for n, line in enumerate(lines) if line[:2] in ("- ", "+ ", "  ", "@ "))
    wrong, right = (_example(_of(lines[shown:], sign)) for sign in "-+")
    return Explanation(lines[0], " ".join(lines[1:shown]), wrong, right)


def _of(lines: Iterable[str], sign: str) -> Iterator[str]:
    return (line if line[:2] == "@ " else line[2:] for line in lines if line[:1] in (sign, " ", "@"))


def _example(lines: Iterable[str]) -> Example:
    """`@ name` opens a file beside the directive."""
    texts: dict[str, str] = {"": ""}
    name = ""
    for line in lines:
        if line.startswith("@ "):
            name = line[2:]
            texts[name] = ""
        else:
            texts[name] += f"{line}\n"
    return Example(texts.pop(""), texts)
