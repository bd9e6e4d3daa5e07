"""The pieces of a JSON Schema for editors: texts, choices, ids, lists and blocks, each with what is said where it does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .samples import CHOICES, SAMPLES

Schema = dict[str, Any]

#: What a draft leaves to be filled in stands in these signs.
FILLED: Schema = {"pattern": "^[^‹›]*$", "patternErrorMessage": "chỗ ‹…› này phải điền"}
LISTED = 500  # ids that an editor shows whole beside a word that is pointed at; of more it shows none


def text(kind: type | None = None) -> Schema:
    """One text; of a kind of value that has usual forms, these are offered."""
    types = ["string", "boolean"] if kind is bool else ["string", "number"]
    snippets = [{"label": form, "bodyText": form, "description": said} for form, said in (SAMPLES.get(kind, ()) if kind else ())]
    message = "còn trống, hoặc cần một câu chứ không phải danh sách hay các mục con"
    return {"type": types, "errorMessage": message, **FILLED, **({"defaultSnippets": snippets} if snippets else {})}


def forms(made: Schema) -> list[tuple[str, str]]:
    """The usual forms that are offered for a value, each with what it says."""
    offered = [each for one in made.get("anyOf", [made]) for each in one.get("defaultSnippets", ()) if "bodyText" in each]
    return [(each["label"], each["description"]) for each in offered]


def choice(choices: Iterable[str], rest: str = "") -> Schema:
    """One of a few words; other capitals and what fits the pattern `rest` after them are read as well, and not offered."""
    words = list(choices)
    message = {"errorMessage": f"dùng được: {', '.join(words)}"}
    same = "|".join("".join(f"[{sign.lower()}{sign.upper()}]" if sign.isalpha() else sign for sign in word) for word in words)
    offered = {"enum": words, "enumDescriptions": [CHOICES[word] for word in words], **message}
    return any_of(offered, {"type": "string", "pattern": f"^({same}){rest}$", **message})


def id_of(known: Mapping[str, str]) -> Schema:
    """An id of these, any where none are given."""
    if not known:
        return {"type": "string", "errorMessage": "cần mã của đơn vị hoặc nhóm"}
    message = "danh bạ không có đơn vị hay nhóm này; mới thêm thì chạy: dondoc schema"
    if len(known) <= LISTED:
        return {"enum": list(known), "enumDescriptions": list(known.values()), "errorMessage": message}
    offered = [{"label": id, "bodyText": id, "description": name} for id, name in known.items()]
    return {"type": "string", "pattern": f"^({'|'.join(map(re.escape, known))})$", "defaultSnippets": offered, "errorMessage": message}


def several(item: Schema) -> Schema:
    """One, or a list."""
    return any_of(item, many(item))


def many(item: Schema) -> Schema:
    """A list."""
    # yaml-language-server 1.25 puts words of its own before ours where a type stands alone.
    return {"type": ["array"], "items": item, "errorMessage": "cần một danh sách: [một, hai]"}


def any_of(*choices: Schema) -> Schema:
    """Whichever of these fits."""
    return {"anyOf": list(choices)}


def block(words: Mapping[str, Schema], message: str) -> Schema:
    """Entries with these words and no others."""
    return {"type": "object", "properties": words, "additionalProperties": False, "errorMessage": message}


def keyed(pattern: str, item: Schema, message: str) -> Schema:
    """Entries whose words fit a pattern."""
    return {"type": "object", "patternProperties": {pattern: item}, "additionalProperties": False, "errorMessage": message}


def skeleton(label: str, said: str, body: Schema) -> Schema:
    """A block that is offered ready to be filled in; `$1`, `$2` … are where the cursor stops."""
    return {"defaultSnippets": [{"label": label, "description": said, "body": body}]}


def has(word: str, value: Schema) -> Schema:
    """Entries that have a word with such a value; for conditions."""
    return {"required": [word], "properties": {word: value}}
