"""Which words of an English page are Vietnamese, marked so that a reader's voice can pronounce them."""

from __future__ import annotations

import re

#: Letters that Vietnamese has and English has not.
_LETTERS = "À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ"
_WORD = rf"\w*[{_LETTERS}]\w*"
_ENGLISH = r"(?!(?i:a|an|and|are|as|asks|at|but|by|for|from|has|have|in|into|is|its|no|not|of|on|only|or|than|the|to|until|was|with)\b)"

#: From a name's first capital to its last Vietnamese word; up to three words without such letters may stand between two with them.
_RUN = re.compile(rf"\b(?:{_ENGLISH}[A-ZĐ]\w* )*{_WORD}(?:(?: [-–])?(?: {_ENGLISH}\w+){{0,3}}? {_WORD})*")

#: What holds text only, or is no HTML, or a tag; else text.
_PIECE = re.compile(r"<(?P<shut>title|style|option|textarea|svg)\b.*?</(?P=shut)>|<[^>]*>|[^<]+", re.DOTALL)


def marked(page: str) -> str:
    """The page with `lang` around what is Vietnamese in its text; attributes stay as they are."""
    return _PIECE.sub(_marked, page)


def _marked(piece: re.Match[str]) -> str:
    return piece[0] if piece[0][0] == "<" else _RUN.sub(r'<span lang="vi">\g<0></span>', piece[0])
