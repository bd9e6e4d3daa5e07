"""`schema`: what an editor has to know of the language and of this project's directories, as files beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from directives.language.findings import sound
from directives.language.reading import directories

from .arguments import Here, option
from .checking import printed
from .editors import FOLDER, schemas, sources
from .refusal import FOUND
from .screen import show


def schema(*, out: Annotated[Path | None, option("thư mục; mặc định: config/schema")] = None, project: Here) -> int:
    """Write the schemas anew: after a change of the directories, or a newer dondoc."""
    files = sources(project.agencies)
    reading = project.read([project.agencies / name for name in sorted(files)])
    if not sound(reading.findings):
        printed(reading)
        return FOUND
    books = {name: book.directory for name, book in directories(project.agencies).items()}
    folder = out or project.directives.parent / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas(books, files).items():
        (folder / name).write_text(text, encoding="utf-8")
        show(f"  {folder / name}")
    return 0
