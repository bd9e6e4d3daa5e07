"""What is said to someone who typed a command wrongly, in the language that is spoken."""

from __future__ import annotations

import re
from difflib import get_close_matches

from cyclopts import CoercionError, CycloptsError, MissingArgumentError, RepeatArgumentError, UnknownCommandError, UnknownOptionError
from cyclopts.exceptions import UnusedCliTokensError
from rich.text import Text

from .refusal import USAGE, Refusal
from .screen import complaint
from .speech import say

_NEAR = re.compile(r'Did you mean "?([^"?]+?)"?\?')


def usage_error(error: CycloptsError) -> Text:
    """A wrong command line in one sentence, with the word that was perhaps meant and where to look."""
    near = _near(error)
    hint = say("có phải {word}?", word=near) if near else ""
    chain = " ".join(("dondoc", *(error.command_chain or ())))
    look = say("xem: {command}", command=f"{chain} --help")
    return complaint(Refusal(_sentence(error), f"{hint} {look}".strip(), code=USAGE))


def _near(error: CycloptsError) -> str:
    """The word that was perhaps meant; of commands it is found here, since cyclopts would import them all."""
    if isinstance(error, UnknownCommandError):
        known = [] if error.app is None else [name for name in error.app if not name.startswith("-")]
        return next(iter(get_close_matches((error.unused_tokens or [""])[0], known, n=1)), "")
    said = _NEAR.search(str(error))
    return said[1] if said else ""


def _sentence(error: CycloptsError) -> str:
    match error:
        case UnknownCommandError(unused_tokens=[word, *_]):
            return say("không có lệnh “{word}”", word=word)
        case UnknownOptionError():
            return say("không có tùy chọn {word}", word=error.token.keyword or error.token.value)
        case UnusedCliTokensError(unused_tokens=words) if words:
            return say("thừa: {words}", words=" ".join(words))
    return _of_value(error)


def _of_value(error: CycloptsError) -> str:
    match error:
        case MissingArgumentError():
            return say("thiếu {word}", word=_name(error))
        case CoercionError(token=token) if token is not None:
            return say("{name}: không hiểu “{word}”. {why}", name=_name(error), word=token.value, why=_reason(error)).strip()
        case RepeatArgumentError():
            return say("{word} được ghi hai lần", word=error.token.keyword)
    return str(error)


def _name(error: CycloptsError) -> str:
    if error.argument is None:
        return ""
    keyword = getattr(error, "keyword", None) or (error.argument.tokens[0].keyword if error.argument.tokens else None)
    shown = error.argument.name if error.argument.name.startswith("-") and error.argument.index is None else None
    return keyword or shown or error.argument.name.lstrip("-").upper()


def _reason(error: CoercionError) -> str:
    """A converter's own sentence, else what may be chosen."""
    if error.msg is not None:
        return str(error.msg)
    choices = re.search(r"Choose from: (.+?)\.", str(error))
    return say("Dùng được: {words}", words=choices[1].replace('"', "")) if choices else ""
