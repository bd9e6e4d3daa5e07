"""Pages that are the same for many but for a few words: written once with blanks, which are filled for each reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from reports.marking import marked

from .blanks import MARK, Blank
from .pages import LANGUAGE, environment, remember, spoken_in
from .words import Code, Say, Tongue

MOST = 512
_NONE: Mapping[str, object] = {}


def molded(
    request: Request, template: str, *blanks: Blank, code: int = 200, always: Mapping[str, object] = _NONE, **facts: object
) -> HTMLResponse:
    """The template as an answer, where `facts` hold blanks; only what is in the facts can be on the page, so that they are its key.

    `always` are facts of the template's own, which no two of its pages have otherwise.
    """
    spoken, here = spoken_in(request), Blank("here", request.url.path)
    pieces = _written(template, spoken.code, _Facts({**facts, "here": here}, always))
    words = {blank.name: _filled(spoken, blank.value) for blank in (*blanks, here)}
    body = "".join([words[piece] if turn % 2 else piece for turn, piece in enumerate(pieces)])
    answer = HTMLResponse(marked(body) if spoken.code == "en" else body, status_code=code)
    if request.query_params.get("lang") == spoken.code:
        remember(request, answer, LANGUAGE, spoken.code)
    return answer


def _filled(spoken: Tongue, value: object) -> str:
    return value.__html__() if hasattr(value, "__html__") else str(escape(value if type(value) is str else spoken.say(value)))


class _Facts:
    """What a page is written from, known again by all that it holds."""

    __slots__ = ("_hash", "_key", "said")

    def __init__(self, said: Mapping[str, object], always: Mapping[str, object] = _NONE) -> None:
        self.said, self._key = {**said, **always}, _key(said)
        self._hash = hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Facts) and self._key == other._key


@lru_cache(maxsize=MOST)
def _written(template: str, code: Code, facts: _Facts) -> tuple[str, ...]:
    """The page cut at its blanks: text and names of blanks in turn."""
    return tuple(environment(code).get_template(template).render(**facts.said).split(MARK))


def _key(value: Any) -> Any:
    """What two facts have alike if and only if every page says the same of them."""
    return _keys((value,))[0]


def _keys(values: Iterable[Any]) -> tuple[Any, ...]:
    """The keys of some: a word is its own, and most facts are words or nothing."""
    return tuple([value if type(value) is str or value is None else _way(value.__class__)(value) for value in values])


@cache
def _way(of: Any) -> Callable[[Any], Any]:
    """How a kind of value is known again."""
    if of is Say:
        return lambda value: (of, value.text, _key(value.facts))
    if issubclass(of, (list, tuple)):
        return _keys
    if issubclass(of, Mapping):
        return lambda value: (Mapping, *value, *_keys(value.values()))
    if is_dataclass(of):
        names = [each.name for each in fields(of)]
        return lambda value: (of, *_keys([getattr(value, name) for name in names]))
    return lambda value: (of, value, str(value) if isinstance(value, datetime) else "")
