"""Whose signature a message bears: the domain that signed it by DKIM, where that is the domain it says to come from."""

from __future__ import annotations

import re
from collections.abc import Callable

import dkim  # type: ignore[import-untyped]

#: Asks for the TXT record of a name.
Lookup = Callable[..., bytes | None]

_SIGNATURE = re.compile(rb"^dkim-signature:(?:.*\r?\n(?:[ \t].*\r?\n)*)", re.IGNORECASE | re.MULTILINE)
_MOST = 5  # signatures of a message that are looked at


def signer(content: bytes, sender: str, lookup: Lookup | None = None) -> str:
    """The domain of `sender` if a valid signature over the whole message is its own, else "".

    A signature that covers only the beginning of the body says nothing of what was added, and one that leaves out From nothing of whom
    it is from. `lookup` None asks the system's name server.
    """
    domain = sender.rpartition("@")[2].lower()
    head = re.split(rb"\r?\n\r?\n", content, maxsplit=1)[0] + b"\r\n"
    count = min(_MOST, len(_SIGNATURE.findall(head)))
    found = (_signed(content, number, domain, lookup) for number in range(count))
    return domain if domain and any(found) else ""


def _signed(content: bytes, number: int, domain: str, lookup: Lookup | None) -> bool:
    asked = {"dnsfunc": lookup} if lookup else {}
    try:
        signature = dkim.DKIM(content)
        if not signature.verify(idx=number, **asked):
            return False
    except Exception:  # a library that reads what anybody may send, and asks a network
        return False
    covered = {name.lower() for name, _ in signature.signed_headers}
    return (
        b"from" in covered and b"l" not in signature.signature_fields and signature.domain.decode("ascii", "replace").lower() == domain
        and sum(name.lower() == b"from" for name, _ in signature.headers) == 1
    )
