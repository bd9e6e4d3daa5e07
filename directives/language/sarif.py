"""Findings as SARIF 2.1.0, which code scanning reads: every code a rule with its explanation, every finding a result."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from .advice import plainly
from .explained import Example, Explanation, explanations
from .findings import Finding, Lang, level_of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(findings: Iterable[Finding], lang: Lang = "vi", page: str | None = None) -> str:
    """The findings of one run. `page` is the address of docs/errors.md, where each rule's link leads."""
    found = list(findings)
    codes = sorted({each.code for each in found})
    driver = {"name": "dondoc", "rules": [_rule(explanations()[code], lang, page) for code in codes]}
    results = [{**_result(each, lang), "ruleIndex": codes.index(each.code)} for each in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(of: Explanation, lang: Lang, page: str | None) -> dict[str, object]:
    examples = "\n\n".join((f"Sai:\n{_fenced(of.wrong)}", f"Đúng:\n{_fenced(of.right)}"))
    return {
        "id": of.code,
        "shortDescription": {"text": of.sentence(lang)},
        "fullDescription": {"text": of.words},
        "help": {"text": of.words, "markdown": f"{of.words}\n\n{examples}"},
        **({"helpUri": f"{page}#{of.code.lower()}"} if page else {}),
        "defaultConfiguration": {"level": level_of(of.code)},
    }


def _fenced(example: Example) -> str:
    return "\n".join(f"{name}\n```\n{text}```" for name, text in example.files)


def _result(found: Finding, lang: Lang) -> dict[str, object]:
    region = {"startLine": found.line, "startColumn": found.column, "endLine": found.line, "endColumn": found.end_column}
    location = {"physicalLocation": {"artifactLocation": {"uri": _address(found.path)}, "region": region}}
    return {"ruleId": found.code, "level": found.level, "message": {"text": plainly(found, lang)}, "locations": [location]}


def _address(path: Path) -> str:
    """A path as an address; one that is no place of this machine stays relative, as code scanning wants it."""
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
