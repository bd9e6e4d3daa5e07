"""`new`: a file to begin with, empty or last year's; whatever changes every year is asked for, or stands as a blank."""

from __future__ import annotations

import os
import re
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Annotated

import yaml

from directives.language.blanks import BLANK
from directives.language.markup import AliasUsed
from directives.language.mistakes import Mistake, Notes
from directives.language.plain import decoded
from directives.language.practice import Practice
from directives.language.renewal import Question, check, renewed

from .arguments import Here, option, sentence
from .project import Project
from .refusal import FOUND, USAGE, Refusal
from .screen import ask, has_reader, next_step, show, tell
from .speech import say

_SCHEMA = "# yaml-language-server: $schema={path}\n"


def new(
    file: Annotated[Path, option("tệp mới")],
    /,
    *,
    like: Annotated[
        str | None, option("tệp hoặc số văn bản năm trước; mọi ngày, số, giai đoạn đều hỏi lại", metavar="FILE|NUMBER")
    ] = None,
    project: Here,
) -> int:
    """Begin a directive. At a terminal last year's dates are asked anew one by one; else each is a blank that `check` tells."""
    if file.exists():
        raise Refusal(say("{file} đã có", file=file), say("chọn một tên khác"), code=FOUND)
    text = _like(_meant(like, project)) if like else _skeleton(file, project)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        raise Refusal(say("không ghi được {file}: {why}", file=file, why=error.strerror or error)) from error
    show(str(file))
    if left := len(BLANK.findall(text)):
        tell(say("Còn {n} chỗ ‹…› phải điền trước khi ban hành.", n=left))
    tell(next_step(say("kiểm tra văn bản"), f"dondoc check {file}"))
    return 0


def _skeleton(file: Path, project: Project) -> str:
    """A file with the words that every directive has; the others stand beside as comments."""
    books = sorted(path.stem for path in project.agencies.glob("*.yaml"))
    agencies = f"agencies: {books[0]}" if len(books) == 1 else f"# agencies: {' · '.join(books)}"
    schema = project.home / "config" / "schema" / "directive.json"
    head = _SCHEMA.format(path=os.path.relpath(schema, file.parent)) if schema.exists() else ""
    form = Template(files("dondoc").joinpath("starter/khung.yaml").read_text(encoding="utf-8"))
    return head + form.substitute(file=file, agencies=agencies, year=project.now.astimezone(Practice().tz).year)


def _meant(like: str, project: Project) -> Path:
    """The file that is named, else the last of the directives' files that has the number."""
    numbered = re.compile(rf"^directive: *(['\"]?){re.escape(like)}\1 *(?:#.*)?$", re.MULTILINE)
    files_ = () if Path(like).exists() else sorted(project.directives.glob("*.yaml"), reverse=True)
    return next((path for path in files_ if numbered.search(path.read_text("utf-8", "replace"))), Path(like))


def _like(old: Path) -> str:
    """Last year's file with this year's answers, or with blanks where nobody answers."""
    try:
        text = decoded(old.read_bytes(), Notes())
        if text is None:
            raise ValueError(old)
        if not has_reader():
            return renewed(text)
        tell(say("Ngày, số, giai đoạn của năm trước được hỏi lại từng chỗ. Enter: để trống, điền sau trong tệp."))
        return renewed(text, _answer)
    except OSError as error:
        raise Refusal(say("không mở được {file}: {why}", file=old, why=error.strerror or error), code=USAGE) from error
    except (ValueError, yaml.YAMLError, AliasUsed) as error:
        raise Refusal(say("không soạn theo {file} được", file=old), say("xem lỗi: {command}", command=f"dondoc check {old}")) from error


def _answer(question: Question) -> str | None:
    """What somebody at the terminal says, once it can be read; None where nothing is said."""
    while said := ask(f"{_place(question.place)} [{question.old}]"):
        try:
            check(question, said)
        except Mistake as mistake:
            tell(f"  {sentence(mistake)}")
        else:
            return said
    return None


def _place(place: tuple[str, ...]) -> str:
    """Where a question stands, as one would say it: 6.4 due, indicators bao-phu targets."""
    first, *rest = place
    if first not in ("duties", "changes"):
        return " ".join(place)
    clause = rest[0]
    words: list[str] = []
    for word in rest[1:]:
        if word.isdigit() and words:
            clause, words = f"{clause}.{word}", []
        elif word.startswith(f"{clause}."):
            clause = word
        else:
            words.append(word)
    return say("mục {clause}", clause=" ".join([clause, *words]))
