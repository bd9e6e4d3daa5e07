"""What mail servers are known to allow, as data: a profile is chosen by one setting, and each of its numbers can be set apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from tasks.pace import Limits

from .relay import Relay, RelaySettingsError

#: The names by which a setting chooses one.
Profile = Literal["postfix", "m365", "google", "careful"]

PROFILES: Mapping[Profile, Limits] = {
    # The office's own Postfix, or one like it: its own queue evens out what receivers bear.
    "postfix": Limits(),
    # Exchange Online takes 3 connections (432 4.3.2), 30 letters a minute, 10,000 recipients a day (554 5.2.0) from an account.
    "m365": Limits(connections=3, per_minute=30, per_day=10_000),
    # Workspace relays 10,000 letters a day for a user (550 5.7.1) and puts off hasty ones (421 4.7.0, 450 4.2.1).
    "google": Limits(connections=4, per_minute=300, per_day=10_000),
    # A server of which nothing is known, as with a provider who blocks who is too quick.
    "careful": Limits(connections=1, per_minute=20, per_day=2_000, per_connection=20),
}

URL = "smtp_second viết dạng smtp://tai-khoan@may-chu:587, smtps://… (mã hóa từ đầu), hoặc smtp+plain://127.0.0.1:25"

_TLS: Mapping[str, tuple[Literal["starttls", "tls", "plain"], int]] = {
    "smtp": ("starttls", 587), "smtps": ("tls", 465), "smtp+plain": ("plain", 25),
}


def bounds(profile: Profile, **set_apart: int | None) -> dict[str, Any]:
    """A profile's numbers, each replaced by one that is set apart; 0 lifts a bound."""
    given = {name: number or None for name, number in set_apart.items() if number is not None}
    return asdict(PROFILES[profile]) | given


def relay_at(url: str, **more: Any) -> Relay:
    """The relay that a URL names: its scheme says how it is encrypted. Raises RelaySettingsError."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as error:
        raise RelaySettingsError(URL) from error
    if parts.scheme not in _TLS or not parts.hostname or parts.password is not None:
        raise RelaySettingsError(URL)
    tls, usual = _TLS[parts.scheme]
    return Relay(host=parts.hostname, port=port or usual, tls=tls, user=unquote(parts.username) if parts.username else None, **more)
