"""In whose name somebody signs for a people's committee, as Nghị định 30/2020/NĐ-CP writes it above his position."""

from __future__ import annotations

_COMMITTEES = ("ủy ban nhân dân", "uỷ ban nhân dân", "ubnd")
_CHAIR = "chủ tịch"


def authority(office: str, signer: str) -> tuple[str, ...]:
    """The lines above the position: a chairman signs for the committee, his deputy in his place, anybody else by his order.

    Of other offices nothing is said: whether their heads or those below them sign is theirs to write into their form.
    """
    if not office.casefold().startswith(_COMMITTEES):
        return ()
    who = signer.casefold()
    if who.startswith(_CHAIR):
        return ("TM. ỦY BAN NHÂN DÂN",)
    return ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH") if who.startswith(f"phó {_CHAIR}") else ("TL. CHỦ TỊCH",)
