"""Addresses that need no login: a token is derived from a link's id and its recipient, never stored."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Literal, NamedTuple, get_args

Purpose = Literal["desk", "page", "login", "bounce", "unsubscribe", "contact", "code"]

#: Where a token of each purpose is answered; a bounce token stands in an envelope, not in an address.
PATHS: dict[Purpose, str] = {"desk": "t", "page": "l", "login": "login", "unsubscribe": "u", "contact": "contact"}

_SALT = b"dondoc links 1"
_MAC = 18  # octets: 144 bits, and 24 characters with none to spare, so that each MAC has one spelling
_FORM = re.compile(r"t1\.([a-z0-9]{1,8})\.([A-Za-z0-9_-]{11})\.([A-Za-z0-9_-]{24})")


class Token(NamedTuple):
    """The parts of a token that looks right; only `Keys.valid` says whether it is."""

    kid: str
    link_id: str
    mac: str


class Keys:
    """The secrets behind tokens, by key id. The first one signs; all of them are accepted, so that a key can be rotated."""

    def __init__(self, secrets: Mapping[str, bytes]) -> None:
        if not secrets or any(len(secret) < 32 for secret in secrets.values()):
            raise ValueError("link keys need at least one secret, each of 32 octets or more")
        if not all(re.fullmatch(r"[a-z0-9]{1,8}", kid) for kid in secrets):
            raise ValueError("a key id is one to eight small letters and digits")
        self._current = next(iter(secrets))
        self._derived = {kid: {purpose: derived(secret, purpose) for purpose in get_args(Purpose)} for kid, secret in secrets.items()}

    def __repr__(self) -> str:
        return f"Keys({', '.join(self._derived)})"

    def token(self, purpose: Purpose, link_id: str, recipient: str) -> str:
        """`t1.<kid>.<link id>.<MAC>`; `recipient` is the agency's id, so that a link moved to another agency is another token."""
        return f"t1.{self._current}.{link_id}.{self._mac(self._current, purpose, link_id, recipient)}"

    def valid(self, token: Token, purpose: Purpose, recipient: str) -> bool:
        """Whether this office made the token for this purpose and recipient; takes as long for an unknown key as for a wrong MAC."""
        known = token.kid in self._derived
        expected = self._mac(token.kid if known else self._current, purpose, token.link_id, recipient)
        return hmac.compare_digest(expected, token.mac) and known

    def digits(self, seed: str) -> str:
        """The code of six digits that is made of a seed."""
        return self._digits(self._current, seed)

    def is_code(self, seed: str, typed: str) -> bool:
        """Whether a typed code is that of a seed, by any of the keys."""
        return any(hmac.compare_digest(self._digits(kid, seed).encode(), typed.encode()) for kid in self._derived)

    def _digits(self, kid: str, seed: str) -> str:
        return f"{int.from_bytes(hmac.digest(self._derived[kid]['code'], seed.encode(), sha256)[:8], 'big') % 1_000_000:06}"

    def _mac(self, kid: str, purpose: Purpose, link_id: str, recipient: str) -> str:
        said = f"{purpose}\0{link_id}\0{recipient}".encode()
        return urlsafe_b64encode(hmac.digest(self._derived[kid][purpose], said, sha256)[:_MAC]).decode()


def read(token: str) -> Token | None:
    """The parts of a token, None where it cannot be one."""
    parts = _FORM.fullmatch(token)
    return Token(*parts.groups()) if parts else None


def address(base_url: str, purpose: Purpose, token: str) -> str:
    """The address that a letter prints; the host comes from the settings, never from a request."""
    return f"{base_url.rstrip('/')}/{PATHS[purpose]}/{token}"


def derived(secret: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose: HKDF-SHA-256 (RFC 5869) of one block."""
    extracted = hmac.digest(_SALT, secret, sha256)
    return hmac.digest(extracted, purpose.encode() + b"\x01", sha256)
