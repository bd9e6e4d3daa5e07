"""Numbers, percentages, targets and baselines as papers write them: a comma parts decimals, a point thousands."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import NumberFormatError, parse_decimal

from .dates import Fields, day_of
from .mistakes import Mistake
from .words import fold

_PREFIXES = {
    ">": ("over", "above", "more than", "vuot", "tren", ">"),
    ">=": ("at least", "it nhat", "toi thieu", "dat", "tu", ">=", "≥"),
    "<=": ("at most", "toi da", "khong qua", "<=", "≤"),
    "<": ("under", "below", "less than", "duoi", "<"),
    "=": ("exactly", "dung", "="),
}
_OPERATORS = {word: operator for operator, words in _PREFIXES.items() for word in words}
_SOFT = re.compile(r"(?:strive(?: for)?|phan dau)(?: dat)? ?")
_VALUE = re.compile(rf"({'|'.join(sorted(map(re.escape, _OPERATORS), key=len, reverse=True))})? ?([\d.,]+ ?%?)(?: tro len)?", re.ASCII)
_BASELINE = re.compile(r"(\S+ ?%?),? (?:on|as of|(?:tinh )?den(?: ngay)?|ngay) (.+)")


def number_of(text: str) -> Decimal:
    """A number, with or without %: 85, 78,11%, 3.960. Raises Mistake, with what `3.96` may have meant."""
    digits = text.strip().removesuffix("%").strip()
    if not re.fullmatch(r"\d[\d.,]{0,20}", digits, re.ASCII):
        raise Mistake("D048")
    try:
        return parse_decimal(digits, locale="vi", strict=True)
    except NumberFormatError as error:
        meant = [*([digits.replace(".", ",")] if re.fullmatch(r"\d+\.\d+", digits) else ()), *(error.suggestions or ())]
        choice = list(dict.fromkeys(each + "%" * text.strip().endswith("%") for each in meant))
        raise Mistake("D048", **({"near": (" hay ".join(choice), " or ".join(choice))} if choice else {})) from None


def whole_of(text: str) -> int:
    """A count: 3.960 is three thousand nine hundred and sixty. Raises Mistake."""
    number = number_of(text)
    if number != int(number) or "%" in text:
        raise Mistake("D048")
    return int(number)


def target_of(text: str) -> Fields:
    """The fields of a `Target`: 85%, over 90%, at most 5, strive 100%, vượt 90%, phấn đấu 100%. Raises Mistake."""
    words = fold(text)
    rest = _SOFT.sub("", words, count=1) if _SOFT.match(words) else words
    found = _VALUE.fullmatch(rest)
    if not found:
        raise Mistake("D048")
    operator = _OPERATORS[found[1]] if found[1] else ">="
    return {"words": text, "operator": operator, "value": number_of(found[2]), "percent": found[2].endswith("%"), "soft": rest != words}


def is_value(text: str) -> bool:
    """Whether the words mean a value to reach, not the id of an indicator."""
    words = fold(text)
    return bool(re.match(r"[\d<>=≥≤]", words) or re.search(r" \d", words))


def baseline_of(text: str) -> Fields:
    """The fields of a `Baseline` written in one line: 78,11% on 15/5/2020. Raises Mistake."""
    found = _BASELINE.fullmatch(fold(text))
    if not found:
        return {"value": number_of(text)}
    return {"value": number_of(found[1]), "on": day_of(found[2])}


def agrees(some: int, whole: int, share: Decimal) -> bool:
    """Whether `some` of `whole` make `share` percent, to its last digit: papers round, or cut."""
    last_digit = Decimal(1).scaleb(int(share.as_tuple().exponent))
    return abs(Decimal(100 * some) / whole - share) < last_digit


def comma(value: Decimal) -> str:
    """A number as papers write it: 78,11."""
    return f"{value:f}".replace(".", ",")


def pointed(number: int) -> str:
    """A count as papers write it: 3.960."""
    return f"{number:,}".replace(",", ".")
