"""What editors are given: the schemas as files, and whether they still say what the language and the directories say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from directives.language.schema import directive_schema, directory_schema
from directives.language.shapes import Directory
from directives.language.vocabulary import WORDS

FOLDER = Path("config") / "schema"
_STAMP = re.compile(r'"\$comment": "(\w+)"')
_HEAD = 200  # letters of a schema in which its stamp stands


def schemas(books: Mapping[str, Directory], files: Mapping[str, bytes]) -> dict[str, str]:
    """The schemas of an office with these directories, which were read from `files`."""
    made = {"directive.json": {"$comment": stamp(files), **directive_schema(books)}, "directory.json": directory_schema()}
    return {name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n" for name, schema in made.items()}


def stamp(files: Mapping[str, bytes]) -> str:
    """Where a schema comes from: the words of the language and the files of the directories, in sixteen letters."""
    said = sha256(json.dumps({place: dict(words) for place, words in WORDS.items()}).encode())
    for name, data in sorted(files.items()):
        said.update(f"\n{name} {len(data)}\n".encode() + data)
    return said.hexdigest()[:16]


def sources(agencies: Path) -> dict[str, bytes]:
    """The files of a folder of directories."""
    return {path.name: path.read_bytes() for path in agencies.glob("*") if path.suffix in (".yaml", ".csv")}


def is_stale(home: Path, agencies: Path) -> bool:
    """Whether a project has a schema that was made from other directories or another language."""
    try:
        with (home / FOLDER / "directive.json").open(encoding="utf-8") as file:
            found = _STAMP.search(file.read(_HEAD))
    except OSError:
        return False
    return found is not None and found[1] != stamp(sources(agencies))
