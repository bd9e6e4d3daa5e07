"""The words that each place of a file knows, with their meaning; a word that is not known there is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .agencies import Contact
from .mistakes import Mistake, Notes
from .shapes import Agency, Baseline, Basis, Change, Directive, Duty, Group, Indicator, Overall, ReportPlan, Shape, Span
from .tree import Block, Node, Text
from .words import near

FORCES = {"do": "giao, yêu cầu", "ask": "đề nghị", "note": "không giao việc"}
PURPOSES = {
    "report": "để báo cáo",
    "guide": "để chỉ đạo",
    "coordinate": "để phối hợp",
    "act": "để thực hiện",
    "info": "để biết",
    "archive": "lưu",
}
ROLES = {"head": "người đứng đầu", "deputy": "cấp phó", "focal": "đầu mối, nhận thư của đơn vị"}
AUDIENCE = {"lead", "with", "head", "above", "issuer"}  # words of a rung, so no agency's id
_EXAMPLES = {
    "directive": "title: …",
    "duties": "1: {lead: bhxh, do: …}",
    "changes": "6.4: {due: before 5/6/2020}",
    "indicators": "bao-phu: {name: …, targets: {30/9/2020: 89%}}",
    "escalation": "7 days before: lead",
    "agencies": "bhxh: {name: Bảo hiểm xã hội quận}",
    "groups": "phuong: {kind: phuong}",
    "contacts": "focal: {name: Cán bộ đầu mối, mail: dau-moi@xa.example}",
    "contact": "{name: Giám đốc, mail: giamdoc@xa.example}",
}
_DIRECTORY = {"agencies": "danh bạ đơn vị", "groups": "nhóm đơn vị"}


def words(shape: type[Shape], *own: str) -> dict[str, str]:
    """The words of the file that a shape has, with their meaning; `own` are fields that no file writes."""
    fields = {str(field.validation_alias or name): field.description or "" for name, field in shape.model_fields.items()}
    return {word: meaning for word, meaning in fields.items() if word not in own}


WORDS: Mapping[str, Mapping[str, str]] = {
    "directive": {**words(Directive, "annex", "directory", "overall"), "secrecy": "độ mật", **_DIRECTORY},
    "duty": {**FORCES, **words(Duty, "clause", "printed", "force", "text")},
    "change": {**FORCES, **words(Change, "clause", "printed", "force", "text", "under")},
    "overall": words(Overall),
    "indicator": words(Indicator, "id"),
    "baseline": words(Baseline),
    "report": words(ReportPlan),
    "paper": words(Basis, "text"),
    "period": words(Span),
    "cc": PURPOSES,
    "directory": _DIRECTORY,
    "agency": {**words(Agency, "id"), "contacts": "người liên hệ theo vai"},
    "contacts": ROLES,
    "contact": words(Contact),
    "group": words(Group, "id"),
}


def known(node: Node, place: str, notes: Notes) -> Block:
    """A copy of a block with its known words that say something; others are told."""
    long = Block(node.mark)
    for key, value in blocks(node, place, notes):
        if key not in WORDS[place]:
            notes.tell(key.mark, unknown_word(key, WORDS[place]))
        elif value != "":
            long[key] = value
    return long


def unknown_word(key: str, known: Mapping[str, str]) -> Mistake:
    """The mistake of a word that is not among the known ones, with the one that was perhaps meant."""
    meant = near(key, known, known)
    return Mistake("D030", word=key[:60], known=", ".join(known), **({"near": meant} if meant else {}))


def blocks(node: Node, word: str, notes: Notes) -> Iterator[tuple[Text, Node]]:
    """The entries of a block; anything else is told."""
    if not isinstance(node, Block):
        notes.tell(node.mark, Mistake("D032", word=word, **({"example": _EXAMPLES[word]} if word in _EXAMPLES else {})))
    return entries(node)


def entries(node: Node | None) -> Iterator[tuple[Text, Node]]:
    """The entries of a block, with their keys as they stand in the file; none of anything else."""
    for key, value in node.items() if isinstance(node, Block) else ():
        if isinstance(key, Text):
            yield key, value
