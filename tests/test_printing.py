"""A directive is printed as a file that reads as the same directive; a file is rewritten in that form with every comment in its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directives.language.books import book_of
from directives.language.layout import WIDTH, Branch, Entry, laid_out
from directives.language.markup import AliasUsed
from directives.language.parsing import parse
from directives.language.printing import printed, reprinted
from directives.language.shapes import Directive
from tests.generated import directives
from tests.seeds import PAPERS, ROOT, directive
from tests.test_docs_language import BLOCKS, DIRECTORY, DOCUMENT, examples, last

QUIET: dict[str, Any] = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
SEEDS = [ROOT / "directives" / f"{paper}.yaml" for paper in PAPERS]


def read(text: str, **directories: str) -> Directive | None:
    """What a text says, None where it has an error."""
    return parse(text, "x.yaml", directories)[0]


def rewritten(text: str) -> str:
    """A text in canonical form, which is its own canonical form."""
    new = reprinted(text)
    assert reprinted(new) == new
    return new


# A directive as a text.


def prints_as_it_reads(made: Directive) -> None:
    text = printed(made)
    again, found = parse(text, "x.yaml", {})
    assert [each.sentence("en") for each in found if each.level == "error"] == []
    assert again == made
    assert rewritten(text) == text


@settings(max_examples=500, derandomize=True, **QUIET)
@given(directives())
def test_what_is_printed_reads_as_the_same_directive(made: Directive) -> None:
    prints_as_it_reads(made)


@pytest.mark.long
@settings(max_examples=20_000, **QUIET)
@given(directives())
def test_whatever_is_printed_reads_as_the_same_directive(made: Directive) -> None:
    prints_as_it_reads(made)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_real_directive_is_printed_with_its_directory_or_with_its_name(paper: str) -> None:
    made = directive(paper)
    assert read(printed(made)) == made
    name = re.findall(r"^agencies: (\S+)", (ROOT / "directives" / f"{paper}.yaml").read_text(encoding="utf-8"), re.MULTILINE)[0]
    path = ROOT / "config" / "agencies" / f"{name}.yaml"
    shelf = path.read_text(encoding="utf-8")
    text = printed(made, name, book_of(shelf, path).directory)
    assert text.startswith(f"agencies: {name}\n")
    assert "groups:" not in text
    assert read(text, **{name: shelf}) == made


def documented() -> Iterator[str]:
    """Every example of the documentation as a directive."""
    for text in BLOCKS:
        parts = re.findall(r"^\w+:.*\n(?:(?:[ #].*)?\n)*", text, re.MULTILINE)
        yield "\n".join(last([*DOCUMENT.values(), *parts]))
    yield from ("\n".join(last([*DOCUMENT.values(), example])) for example in examples("word of the document"))
    for example in examples("word of a duty"):
        given = {} if example.startswith(("do", "ask", "note")) else {"do": "Dọn vệ sinh"}
        said = {"lead": "thon", **given, **yaml.load(example, yaml.BaseLoader)}
        yield "\n".join(last([*DOCUMENT.values(), yaml.dump({"duties": {"1": said}}, allow_unicode=True)]))


@pytest.mark.parametrize("text", [*documented()])
def test_an_example_of_the_documentation_survives(text: str) -> None:
    made = read(text, xa=DIRECTORY)
    if made is not None:  # whether it can be read is for the documentation's own tests
        assert read(printed(made)) == made
        assert read(rewritten(text), xa=DIRECTORY) == made


def test_at_most_a_few_examples_of_the_documentation_need_more_than_its_own_directory() -> None:
    assert sum(read(text, xa=DIRECTORY) is None for text in documented()) <= 5


def test_lines_are_short_where_their_words_allow_it() -> None:
    for paper in PAPERS:
        assert [line for line in printed(directive(paper)).splitlines() if len(line) > WIDTH] == []


SIGNS = st.text(st.sampled_from("aé1 .,:;-?!#&*|>%@`'\"\\[]{}<=~/‹›\n\t🙂"), max_size=200)
DATA = st.recursive(SIGNS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SIGNS, inner, max_size=4), max_leaves=12)


def branch(data: object, inline: bool) -> Branch | str:
    """Data as entries."""
    if isinstance(data, str):
        return data
    if isinstance(data, list):
        return Branch(entries=[Entry(value=branch(each, inline)) for each in data], is_list=True, inline=inline)
    assert isinstance(data, dict)
    return Branch(entries=[Entry(key=key, value=branch(each, inline)) for key, each in data.items()], inline=inline)


@settings(max_examples=300, derandomize=True, **QUIET)
@given(st.dictionaries(SIGNS, DATA, min_size=1, max_size=4), st.booleans())
def test_whatever_is_laid_out_is_read_back_by_every_reader_of_yaml(data: dict[str, object], inline: bool) -> None:
    made = branch(data, inline)
    assert isinstance(made, Branch)
    text = laid_out(made)
    assert yaml.load(text, yaml.BaseLoader) == data
    assert yaml.load(text, yaml.CBaseLoader) == data


# A text as the canonical text.


@settings(max_examples=150, derandomize=True, **QUIET)
@given(directives(), st.booleans(), st.sampled_from([40, 80, 1000]), st.sampled_from([None, '"', "'"]))
def test_one_directive_has_one_form_however_it_was_written(made: Directive, flow: bool, width: int, style: str | None) -> None:
    text = printed(made)
    data = yaml.load(text, yaml.BaseLoader)  # in pure Python: what libyaml alone can read is no good for editors
    other = yaml.dump(data, allow_unicode=True, sort_keys=False, default_flow_style=flow, width=width, default_style=style)
    assert reprinted(other) == text


def remarked(text: str, chance: Random) -> str:
    """A text with comments above, beside and below what it says."""
    made: list[str] = []
    inside = -1  # the indent of a sentence that is folded
    for n, line in enumerate(text.splitlines()):
        indent = len(line) - len(line.lstrip())
        if inside >= 0 and (indent > inside or not line):
            made.append(line)
            continue
        inside = indent if re.search(r"[:-] [>|]-?$", line) else -1
        if line and chance.random() < 0.3:
            made.append(f"{' ' * indent}# trên {n}")
        made.append(f"{line}  # bên {n}" if line and chance.random() < 0.3 else line)
    return "\n".join([*made, "# cuối", ""])


def comments(text: str) -> Counter[str]:
    return Counter(re.findall(r"# (?:trên|bên|cuối)(?: \d+)?", text))


@settings(max_examples=200, derandomize=True, **QUIET)
@given(directives(), st.integers(0, 1000))
def test_no_comment_is_lost_or_doubled_and_none_changes_what_is_read(made: Directive, number: int) -> None:
    text = remarked(printed(made), Random(number))
    new = rewritten(text)
    assert comments(new) == comments(text)
    assert read(new) == made


def test_every_comment_stays_where_it_belongs() -> None:
    before, after = (ROOT / "tests" / "forms" / f"comments-{when}.yaml" for when in ("before", "after"))
    assert rewritten(before.read_text(encoding="utf-8")) == after.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [*SEEDS, *(ROOT / "tests" / "bad").glob("*.yaml")], ids=lambda path: path.stem)
def test_whatever_can_be_read_still_says_the_same_when_rewritten(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "replace")
    shelf = {each.stem: each.read_text(encoding="utf-8") for each in (ROOT / "config" / "agencies").glob("*.yaml")}
    made = read(text, **shelf)
    if made is not None:
        assert read(rewritten(text), **shelf) == made


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_the_real_directives_are_in_canonical_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert rewritten(text) == text


def test_a_file_that_repeats_itself_by_signs_has_no_canonical_form() -> None:
    with pytest.raises(AliasUsed):
        reprinted("title: &a Một\nissuer: *a\n")
