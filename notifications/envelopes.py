"""The envelope's sender of a letter: an address that names the letter and says by a MAC that this office wrote it (VERP)."""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Literal, NamedTuple

from directives.language.addresses import address

from .links import derived

#: A letter comes back within days, or not at all.
LIVES = timedelta(days=30)
PLACE = "{}"

_EPOCH = date(2000, 1, 1)
_FORM = re.compile(r"([0-9a-f]{1,10})\.([0-9a-f]{1,4})\.([a-z2-7]{16})")
_LONGEST = "f" * 10 + ".ffff." + "a" * 16


class Claim(NamedTuple):
    """What an envelope's address says: nothing of ours, a letter of ours, or one that it claims in vain."""

    said: Literal["nothing", "letter", "forged"]
    letter: int = 0


class Envelopes:
    """Writes and reads the addresses by which letters come back. `template` has `{}` where the letter is named.

    Mail servers may change the case of what stands before the @, so that only small letters and digits are used.
    """

    def __init__(self, template: str, secrets: Sequence[bytes]) -> None:
        if template.count(PLACE) != 1:
            raise ValueError("cần đúng một chỗ {} trước @, ví dụ tra-lai+{}@xa.example")
        address(template.replace(PLACE, _LONGEST))
        self._keys = [derived(secret, "envelope") for secret in secrets]
        self._before, _, self._after = template.lower().partition(PLACE)
        self._place = re.compile(f"{re.escape(self._before)}(.+){re.escape(self._after)}")

    def sender(self, letter: int, at: datetime) -> str:
        """The envelope's sender of a letter that is dated `at`; always the same for the same letter."""
        said = f"{letter:x}.{_day(at):x}"
        return f"{self._before}{said}.{_mac(self._keys[0], said)}{self._after}"

    def read(self, addresses: Sequence[str], now: datetime) -> Claim:
        """Which letter came back, by the addresses that it came back to; what is too old is claimed in vain as well."""
        found = [match[1] for each in addresses if (match := self._place.fullmatch(each.lower()))]
        for number, day, mac in (form.groups() for each in found if (form := _FORM.fullmatch(each))):
            said = f"{number}.{day}"
            ours = any(hmac.compare_digest(_mac(key, said), mac) for key in self._keys)
            if ours and 0 <= _day(now) - int(day, 16) <= LIVES.days:
                return Claim("letter", int(number, 16))
        return Claim("forged" if found else "nothing")


def _day(at: datetime) -> int:
    return (at.astimezone(UTC).date() - _EPOCH).days


def _mac(key: bytes, said: str) -> str:
    return b32encode(hmac.digest(key, said.encode(), sha256)[:10]).decode().lower()
