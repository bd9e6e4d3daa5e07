"""Messages by the apprise library, to the addresses that an operator's file gives an agency; they hold secrets and are told to nobody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from . import Handed, Message

#: Seconds for all addresses of one agency.
TIMEOUT = 15.0


class AddressesError(ValueError):
    """A line of the file of addresses is not `id address`; the address is not among the words."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(f"{path}:{line}: cần “mã-đơn-vị địa-chỉ”")
        self.path, self.line = path, line


def addresses(path: Path) -> dict[str, tuple[str, ...]]:
    """The addresses by agency: `id address` a line, several lines for several addresses. Raises AddressesError, OSError."""
    found: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            agency, _, address = line.strip().partition(" ")
            if "://" not in address:
                raise AddressesError(path, number)
            found[agency] = (*found.get(agency, ()), address.strip())
    return found


@dataclass(frozen=True, slots=True)
class AppriseChannel:
    """Says a message to every address of an agency, which `Message.address` names by its id. Taken is what one of them took."""

    addresses: Mapping[str, Sequence[str]] = field(repr=False)
    timeout: float = TIMEOUT

    async def hand(self, message: Message, now: datetime) -> Handed:
        """Say it once. One that takes too long is left to itself."""
        known = self.addresses.get(message.address, ())
        if not known:
            return Handed(False, 0, "không có địa chỉ apprise của đơn vị này", again=False)
        try:
            async with asyncio.timeout(self.timeout):
                taken = await asyncio.wrap_future(_apart(lambda: [_said(each, message.body) for each in known]))
        except TimeoutError:
            return Handed(False, 0, "trả lời quá chậm")
        return Handed(True) if any(taken) else Handed(False, 0, "apprise không gửi được")


def _said(address: str, body: str) -> bool:
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415  # a second to load, and few offices have it

    to = Apprise(asset=AppriseAsset(app_id="dondoc", app_desc="dondoc"))
    return bool(to.add(address) and to.notify(body=body))


def _apart(work: Callable[[], list[bool]]) -> Future[list[bool]]:
    """Work in a thread that nobody waits for at the end: the library blocks, and an address that hangs may do so for long."""
    done: Future[list[bool]] = Future()

    def run() -> None:
        try:
            result = work()
        except Exception:  # whatever a plug-in of the library raises, the address did not take it
            result = []
        done.set_result(result)

    done.set_running_or_notify_cancel()
    threading.Thread(target=run, name="apprise", daemon=True).start()
    return done
