"""What commands take: days as people write them, numbers of papers, and the project, which no flag gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter, Token

from directives.language.dates import day_of
from directives.language.findings import Finding
from directives.language.mistakes import Mistake

from .project import Project
from .speech import lang, say


def typed_day(_: Any, tokens: Sequence[Token]) -> date:
    """A day as the language reads days. Raises ValueError with a sentence."""
    try:
        return day_of(tokens[0].value)
    except Mistake as mistake:
        raise ValueError(sentence(mistake)) from mistake


def sentence(mistake: Mistake) -> str:
    """What is wrong, of something that stands in no file."""
    return Finding(path=Path(), line=1, column=1, end_column=1, code=mistake.code, facts=mistake.facts).sentence(lang())


def option(words: str, **more: Any) -> Parameter:
    """A flag with its help; booleans have no negative form."""
    return Parameter(help=say(words), negative="", **more)


def day_option(words: str) -> Parameter:
    """A flag that takes a day."""
    return option(words, metavar="DATE", converter=typed_day)


Here = Annotated[Project, Parameter(parse=False)]
Json = Annotated[bool, option("in JSON, cho chương trình khác đọc", name="--json")]
File = Annotated[Path, option("tệp văn bản .yaml")]
Number = Annotated[str, option("số, ký hiệu; nhiều năm trùng số thì thêm ngày: “898/UBND 18/5/2020”")]
AsOf = Annotated[date | None, day_option("xem như hôm nay là ngày này")]
