"""Kinds of settings that are more than a word: a template of envelope senders, a list of domains."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

from directives.language.addresses import AddressError
from notifications.envelopes import Envelopes

_TRIAL = (b"-" * 32,)


def _names_a_letter(template: str) -> str:
    if template:
        try:
            Envelopes(template, _TRIAL)
        except AddressError as error:
            raise ValueError(f"không thành địa chỉ thư, hoặc quá dài; ví dụ tra-lai+{{}}@xa.example ({error.why})") from error
    return template


def _may_stand_in_one_line(domains: object) -> object:
    return tuple(re.findall(r"[^\s,;\[\]\"']+", domains.lower())) if isinstance(domains, str) else domains


def _as_list(networks: object) -> object:
    return tuple(re.findall(r"[^\s,;\[\]\"']+", networks)) if isinstance(networks, str) else networks


#: Networks in one line, or as a list: 10.1.0.0/16, fd00::/8.
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_as_list)]

#: The envelope's sender with `{}` where the letter is named; empty: every letter has the same sender.
ReturnPath = Annotated[str, AfterValidator(_names_a_letter)]

#: Domains in one line, or as a list.
Domains = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_may_stand_in_one_line)]
