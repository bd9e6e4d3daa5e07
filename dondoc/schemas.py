"""`schema`: what an editor has to know of the language and of this project's directories, as files beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from directives.language.findings import sound
from directives.language.reading import directories
from directives.language.schema import directive_schema, directory_schema
from directives.language.shapes import Directory

from .arguments import Here, option
from .checking import printed
from .refusal import FOUND
from .screen import show

FOLDER = Path("config") / "schema"


def schema(*, out: Annotated[Path | None, option("thư mục; mặc định: config/schema")] = None, project: Here) -> int:
    """Write the schemas anew: after a change of the directories, or a newer dondoc."""
    reading = project.read(sorted(path for path in project.agencies.glob("*") if path.suffix in (".yaml", ".csv")))
    if not sound(reading.findings):
        printed(reading)
        return FOUND
    books = {name: book.directory for name, book in directories(project.agencies).items()}
    folder = out or project.directives.parent / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas(books).items():
        (folder / name).write_text(text, encoding="utf-8")
        show(f"  {folder / name}")
    return 0


def schemas(books: Mapping[str, Directory]) -> dict[str, str]:
    """The files of an office with these directories."""
    made = {"directive.json": directive_schema(books), "directory.json": directory_schema()}
    return {name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n" for name, schema in made.items()}
