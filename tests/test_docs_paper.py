"""docs/tu-giay-den-yaml.md is true: left stands the paper, right the directive that we ship, and together they are both as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml

from tests.reader import ROOT, Page
from tests.seeds import CAI_RANG

PAGE = Page("docs/tu-giay-den-yaml.md")
FILE = yaml.load((ROOT / "directives" / f"{CAI_RANG}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
PAPER = (ROOT / "tests" / "papers" / f"{CAI_RANG}.txt").read_text(encoding="utf-8")
BLOCKS = [block.text for block in PAGE.blocks("yaml")]
_CELL = re.compile(r'<td width="42%" valign="top">\n(.*?)</td>', re.DOTALL)

Path = tuple[str | int, ...]


def leaves(node: object, path: Path = ()) -> Iterator[Path]:
    """The places of all texts."""
    if isinstance(node, str):
        yield path
    for key, below in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from leaves(below, (*path, key))


def shown(part: object, real: object, path: Path = ()) -> Iterator[Path]:
    """The places of the file that a fragment shows, where `…` stands for what it leaves out. Fails where they differ."""
    if isinstance(part, dict):
        assert isinstance(real, dict), path
        for key, below in part.items():
            yield from shown(below, real[key], (*path, key))
    elif isinstance(part, list):
        assert isinstance(real, list), path
        left_out = len(real) - len(part)
        for n, below in enumerate(part):
            if below == "…":
                yield from ((*path, place) for place in range(n, n + left_out + 1))
            else:
                place = n + left_out if "…" in part[:n] else n
                yield from shown(below, real[place], (*path, place))
    else:
        assert re.fullmatch(".*".join(re.escape(each.strip()) for each in str(part).split("…")), str(real)), (path, part)
        yield path


@pytest.mark.parametrize("text", BLOCKS, ids=lambda text: text.split("\n")[1].strip())
def test_a_fragment_is_the_file_that_we_ship(text: str) -> None:
    assert list(shown(yaml.load(text, yaml.BaseLoader), FILE))


def test_fragments_are_narrow_enough_to_leave_the_paper_its_room() -> None:
    assert [line for text in BLOCKS for line in text.splitlines() if len(line) > 58] == []


def test_the_fragments_together_are_the_whole_file() -> None:
    places = [place for text in BLOCKS for place in shown(yaml.load(text, yaml.BaseLoader), FILE)]
    assert sorted(map(str, places)) == sorted(map(str, leaves(FILE)))


def test_the_clauses_on_the_left_are_the_paper_as_a_whole() -> None:
    [head, opening, *clauses, copies, habits] = [" ".join(cell.replace("\\.", ".").split()) for cell in _CELL.findall(PAGE.text)]
    assert " ".join(clauses) == " ".join(PAPER.split())
    assert "898/UBND" in head
    assert FILE["indicators"]["bao-phu"]["baseline"]["note"].removesuffix(".") in opening
    assert copies.startswith("Nơi nhận:")
    assert habits
