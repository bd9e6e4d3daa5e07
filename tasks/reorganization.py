"""A decision about bodies: renamed, merged, divided, dissolved, put under another; what of it cannot be, in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["rename", "merge", "split", "dissolve", "move"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reorganization:
    """What becomes of bodies on a day. `into` are heirs, the first of them for all that is not given to another; of a move, what is above.

    `give` are duties (row numbers) of a divided body with the heir that gets them. `was` is what a renamed or moved body was before.
    """

    kind: Kind
    on: date
    bodies: tuple[str, ...]
    into: tuple[str, ...] = ()
    give: tuple[tuple[str, int], ...] = ()
    name: str = ""
    short: str = ""
    mail: str = ""
    note: str = ""  # by which document
    was: tuple[str, ...] = ()

    @property
    def ending(self) -> tuple[str, ...]:
        """The bodies that are no more from that day on."""
        return () if self.kind in ("rename", "move") else tuple(body for body in self.bodies if body not in self.into)


def refusal(said: Reorganization, ended: Collection[str], waiting: Collection[str]) -> str:
    """Why it cannot be; `ended` are bodies that are no more, `waiting` those about which another decision waits for its day."""
    for code in (*said.bodies, *said.into):
        if code in ended:
            return f"{code} đã kết thúc nên không còn sắp xếp lại được."
    for code in (*said.bodies, *said.into):
        if code in waiting:
            return f"Đã có một quyết định về {code} đang chờ đến ngày."
    return _shape(said)


def _shape(said: Reorganization) -> str:
    if said.kind == "merge" and (len(said.into) != 1 or not said.ending):
        return "Sáp nhập cần những đơn vị thôi hoạt động và đúng một đơn vị nhận."
    if said.kind == "split" and (len(said.bodies) != 1 or len(set(said.into)) < 2):
        return "Chia tách cần một đơn vị và ít nhất hai đơn vị nhận."
    if said.kind in ("dissolve", "move") and set(said.bodies) & set(said.into):
        return "Một đơn vị không thể tự nhận hoặc tự trực thuộc chính mình."
    if {heir for heir, _ in said.give} - set(said.into):
        return "Chỉ giao được cho một đơn vị nhận trong --into."
    return ""
