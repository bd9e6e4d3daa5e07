"""Several contacts of one agency: each becomes a position under it, so that ladders, letters and the ledger know nothing new."""

from __future__ import annotations

from collections.abc import Iterator

from .agencies import POSITION
from .mistakes import Mistake, Notes
from .tree import Block, Node, Text
from .vocabulary import entries, known

_ROLES = {"head": "Người đứng đầu", "deputy": "Cấp phó", "focal": "Đầu mối"}


def spread(agencies: Node | None, notes: Notes) -> None:
    """Let each agency's contacts be entries of their own, `bhxh.head` under `bhxh`; its head is the one that answers for it.

    Letters to the agency go to the focal point's mailbox instead of its own, which a colleague may read too.
    """
    for id_, agency in list(entries(agencies)):
        if isinstance(agencies, Block) and isinstance(agency, Block) and (said := agency.pop("contacts", None)) is not None:
            for role, position in _positions(id_, agency, said, notes):
                if role in agencies:
                    notes.tell(role.mark, Mistake("D194", word=role))
                agencies[role] = position


def _positions(id_: Text, agency: Block, said: Node, notes: Notes) -> Iterator[tuple[Text, Block]]:
    own = str(agency.get("short") or agency.get("name", id_))
    for role, contact in entries(known(said, "contacts", notes)):
        key = Text(f"{id_}.{role}", role.mark)
        position = known(contact, "contact", notes)
        name = Text(f"{position.get('name', _ROLES[role])} {own}", position.mark)
        if role == "head":
            _answers(agency, key, notes)
        if role == "focal":
            agency.update((word, position[word]) for word in ("mail", "phone") if word in position)
        position.update((word, agency[word]) for word in ("lang",) if word in agency)
        position.update({"id": key, "name": name, "kind": Text(POSITION, role.mark), "in": Text(id_, id_.mark)})
        yield key, position


def _answers(agency: Block, head: Text, notes: Notes) -> None:
    """The contact answers for the agency; who is named beside it as well would be a second head."""
    if "head" in agency:
        notes.tell(agency.key("head").mark, Mistake("D193", word=str(agency["head"])))
    agency["head"] = head
