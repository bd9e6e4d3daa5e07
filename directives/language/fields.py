"""How a text becomes the value that its field asks for; a value that is no text is left to the model."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo
from pydantic.fields import FieldInfo

from .addresses import AddressError, address
from .amounts import number_of, whole_of
from .dates import Fields, bound_of, day_of
from .mistakes import Mistake
from .rhythms import rung_of
from .tree import Block, Row
from .words import fold, near

LONGEST = 300  # letters of a value that is not a sentence

_YES = {"yes": True, "true": True, "co": True, "no": False, "false": False, "khong": False}
_DATE = r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d+|\d{1,2} tháng \d{1,2} năm \d+|\d{4}-\d+-\d+"
_PAPER = re.compile(rf"(?P<number>\S.*?),?(?:\s+ngày)?\s+(?P<date>{_DATE})(?P<rest>.*)")


_MANNER = re.compile(r"\b(?:tm|kt|tl|tuq|q(?=\.? ?(?:$|chu tich|giam doc|bo truong|cuc truong|hieu truong|truong|chanh)))\b")


def typed(read: Callable[[str], object]) -> BeforeValidator:
    """Let `read` turn a text of a file into the field's value; JSON, which the ledger keeps, holds long forms already."""

    def value_of(value: object, info: ValidationInfo) -> object:
        if isinstance(value, (Block, Row)):
            raise Mistake("D033")
        return read(_brief(value)) if isinstance(value, str) and info.mode == "python" else value

    return BeforeValidator(value_of)


def short(read: Callable[[str], object]) -> BeforeValidator:
    """Let `read` turn a text into the fields that the file may also write one by one."""
    return BeforeValidator(lambda value: read(_brief(value)) if isinstance(value, str) else value)


def _brief(text: str) -> str:
    """A text that is no longer than a day, a number or a name of a paper can be."""
    if len(text) > LONGEST:
        raise Mistake("D058")
    return " ".join(text.split())


def says(meaning: str, word: str | None = None) -> Any:
    """What a word of the file means, and the word itself where Python cannot spell it."""
    info: FieldInfo = Field(description=meaning, validation_alias=word)
    return info


def one_of(*words: str) -> BeforeValidator:
    """One of a few words, whatever its case and accents; the hint names the one that was perhaps meant."""
    known = {fold(word): word for word in words}

    def chosen(text: str) -> str:
        word = fold(text).rstrip(".")
        if word not in known:
            hint = near(text, words)
            raise Mistake("D035", word=text[:60], known=", ".join(words), **({"near": hint} if hint else {}))
        return known[word]

    return typed(chosen)


def signed(*manners: str) -> BeforeValidator:
    """The manner of signing in what a paper prints over the signature: TM., KT. CHỦ TỊCH, or both in their order."""
    words = dict.fromkeys(each for manner in manners for each in manner.split())

    def manner_of(text: str) -> str:
        found = " ".join(each.upper() for each in _MANNER.findall(fold(text)))
        if found in manners and _MANNER.match(fold(text)):
            return found
        raise Mistake("D035", word=text[:60], known=", ".join(words))

    return typed(manner_of)


def yes_of(text: str) -> bool:
    """yes or no, có or không. Raises Mistake."""
    try:
        return _YES[fold(text)]
    except KeyError:
        raise Mistake("D052") from None


def mail_of(text: str) -> str:
    """The one mail address in a text, as it goes on the wire. Raises Mistake."""
    try:
        return address(text)
    except AddressError as error:
        raise Mistake("D051", word=text[:60], **{error.why: ""}) from None


def name_of(text: str) -> str:
    """The name of a file beside the directive or below it. Raises Mistake."""
    parts = re.split(r"[/\\]", text)
    if "" in parts or ".." in parts or ":" in parts[0] or len(text) > 200:
        raise Mistake("D056", word=text[:60])
    return text


def paper_of(text: str) -> Fields:
    """The fields of a `Basis`: `1249/UBND-VX 14/9/2023`, the date may lack. Raises Mistake."""
    found = _PAPER.fullmatch(text.strip())
    if not found:
        return {"number": text.strip()}
    rest = {"text": text} if found["rest"].strip() else {}
    return {"number": found["number"], "date": day_of(found["date"]), **rest}


def rung_form(value: object) -> object:
    """A rung of a file, its words and its audience, with what the words say. Raises Mistake."""
    return {**value, **rung_of(str(value["words"]))} if isinstance(value, Block) else value


def several(value: object) -> object:
    """One thing stands for a list of one."""
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, (str, dict)) else value


def levels_of(value: object) -> object:
    """Levels of groups: a list is level by level, and a level may be a list itself."""
    levels = several(value)
    return tuple(several(level) for level in levels) if isinstance(levels, tuple) else levels


On = Annotated[date, typed(day_of)]
Bound = Annotated[date, typed(bound_of)]
Amount = Annotated[Decimal, typed(number_of)]
Count = Annotated[int, typed(whole_of)]
Yes = Annotated[bool, typed(yes_of)]
Mail = Annotated[str, typed(mail_of)]
FileName = Annotated[str, typed(name_of)]
Many = BeforeValidator(several)
Ids = Annotated[tuple[str, ...], Many]
Levels = Annotated[tuple[tuple[str, ...], ...], BeforeValidator(levels_of)]
