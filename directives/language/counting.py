"""Counts and percentages in the words of a paper: whether they fit each other, and what the fields beside them hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from .amounts import agrees, comma, pointed
from .drafts import Check, Draft, Told
from .mistakes import Mistake
from .shapes import Baseline
from .tree import Loc

LONGEST = 20_000  # letters of a clause; nobody wrote what is longer

_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+")
_COUNT = r"(?:\d{1,3}(?:\.\d{3}){1,4}|\d{1,12})"
_SHARE = r"(?<![\d,.])\d{1,3}(?:,\d{1,6})?(?=\s*%)"
_WAYS = r"(?P<gap>[^%\d;]{0,60}?)(?:\b(?:đạt|chiếm|bằng|là|tương đương|tỷ lệ|tỉ lệ)\s+|\()"
_PARTS = (
    re.compile(rf"(?<![\d/.,])(?P<some>{_COUNT})\s*/\s*(?P<all>{_COUNT})(?![\d/.,]){_WAYS}(?P<share>{_SHARE})"),
    re.compile(rf"(?<![\d/.,])(?P<gap>)(?P<share>{_SHARE})\s*%\s*\(\s*(?P<some>{_COUNT})\s*/\s*(?P<all>{_COUNT})(?![\d/.,])"),
)
_AIM = re.compile(r"phấn đấu|chỉ tiêu|mục tiêu|phải|cần|để|đảm bảo|bảo đảm|hướng tới", re.IGNORECASE)
_NOW = re.compile(rf"(?P<gap>.{{0,30}})\b(?:đạt|chiếm)\s+(?P<share>{_SHARE})")
_TOTAL = re.compile(rf"\btổng số(?:\s+là)?\s+({_COUNT})(?![\d,]|\s*%)")
_MISSING = re.compile(rf"\bcòn\s+(?:lại\s+)?({_COUNT})(?![\d,]|\s*%)")


def counts(draft: Draft) -> Told:
    """Counts and their percentage within one sentence: 9.464/13.424 học sinh, đạt 70,5%."""
    for loc, text in _texts(draft):
        for some, whole, share, words in _said(text):
            if 0 <= some <= whole > 0 and not agrees(some, whole, share):
                right = comma(round(Decimal(100 * some) / whole, 2))
                told = Mistake("D127", some=pointed(some), whole=pointed(whole), share=right, value=comma(share))
                yield loc, told.about(words)


def _texts(draft: Draft) -> Iterator[tuple[Loc, str]]:
    yield ("title",), draft.directive.title
    yield from ((("duties", n, "text"), duty.text) for n, duty in enumerate(draft.directive.duties))
    for name, indicator in draft.directive.indicators.items():
        if indicator.baseline and indicator.baseline.note:
            yield ("indicators", name, "baseline", "note"), indicator.baseline.note


def _said(text: str) -> Iterator[tuple[int, int, Decimal, str]]:
    """How many of how many, the percentage that the same sentence gives, and its words."""
    for sentence in _SENTENCE.split(text) if "%" in text and len(text) < LONGEST else ():
        for found in (found for pattern in _PARTS for found in pattern.finditer(sentence) if "/" in sentence):
            if not _is_day(found["some"], found["all"]) and not _AIM.search(found["gap"]):
                yield _whole(found["some"]), _whole(found["all"]), _decimal(found["share"]), found[0]
        total = _TOTAL.search(sentence)
        missing, now = (_MISSING.search(sentence), _NOW.search(sentence)) if total else (None, None)
        if total and missing and now and not _AIM.search(now["gap"]):
            yield _whole(total[1]) - _whole(missing[1]), _whole(total[1]), _decimal(now["share"]), missing[0]


def _is_day(one: str, two: str) -> bool:
    """Whether `30/6` is a day, `146/2018` the number of a paper, or the whole is nothing."""
    return bool(re.fullmatch(r"(?:19|20)\d\d|0+", two)) or (_whole(one) <= 31 and _whole(two) <= 12)


def baseline_words(draft: Draft) -> Told:
    """What the note of a baseline quotes is what its fields hold."""
    for name, indicator in draft.directive.indicators.items():
        baseline, loc = indicator.baseline, ("indicators", name, "baseline")
        if baseline is None or not baseline.note or len(baseline.note) > LONGEST:
            continue
        shares = [_decimal(each) for each in re.findall(_SHARE, baseline.note)]
        if indicator.unit == "%" and shares and baseline.value not in shares:
            yield (*loc, "value"), Mistake("D129", word="value", said=f"{comma(shares[0])}%")
        if missing := _other_missing(baseline, baseline.note):
            yield (*loc, "missing"), Mistake("D129", word="missing", said=missing)


def _other_missing(baseline: Baseline, note: str) -> str | None:
    found = _MISSING.search(note)
    return found[1] if found and baseline.missing is not None and _whole(found[1]) != baseline.missing else None


def _whole(text: str) -> int:
    return int(text.replace(".", ""))


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


COUNTING: tuple[Check, ...] = (counts, baseline_words)
