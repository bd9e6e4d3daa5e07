"""The pieces of a JSON Schema for editors: texts, choices, ids, lists and blocks, each with what is said where it does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .samples import CHOICES, SAMPLES

Schema = dict[str, Any]


def text(kind: type | None = None) -> Schema:
    """A reference to the text that a kind of value is written as, any text where it has no usual forms."""
    return {"$ref": f"#/definitions/{kind.__name__ if kind and kind in SAMPLES else 'text'}"}


def written(kind: type | None = None) -> Schema:
    """One text, of which the usual forms are offered."""
    types = ["string", "boolean"] if kind is bool else ["string", "number"]
    snippets = [{"label": form, "bodyText": form, "description": said} for form, said in (SAMPLES[kind] if kind else ())]
    message = "còn trống, hoặc cần một câu chứ không phải danh sách hay các mục con"
    return {"type": types, "errorMessage": message, **({"defaultSnippets": snippets} if snippets else {})}


def forms(made: Schema) -> Iterable[tuple[str, str]]:
    """The usual forms of a value that may be written as one text."""
    names = {str(each.get("$ref", "")).rpartition("/")[2] for each in made.get("anyOf", [made])}
    return [sample for kind in SAMPLES if kind.__name__ in names for sample in SAMPLES[kind]]


def choice(choices: Iterable[str]) -> Schema:
    """One of a few words; other capitals and the point of `KT.` are read as well, and not offered."""
    words = list(choices)
    message = {"errorMessage": f"dùng được: {', '.join(words)}"}
    same = "|".join("".join(f"[{sign.lower()}{sign.upper()}]" if sign.isalpha() else sign for sign in word) for word in words)
    offered = {"enum": words, "enumDescriptions": [CHOICES[word] for word in words], **message}
    return any_of(offered, {"type": "string", "pattern": rf"^({same})\.?$", **message})


def id_of(known: Mapping[str, str]) -> Schema:
    """An id of these, any where none are given."""
    if not known:
        return {"type": "string", "errorMessage": "cần mã của đơn vị hoặc nhóm"}
    message = "danh bạ không có đơn vị hay nhóm này; mới thêm thì chạy: dondoc schema"
    return {"enum": list(known), "enumDescriptions": list(known.values()), "errorMessage": message}


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
    return block({}, message) | {"patternProperties": {pattern: item}}


def has(word: str, value: Schema) -> Schema:
    """Entries that have a word with such a value; for conditions."""
    return {"required": [word], "properties": {word: value}}
