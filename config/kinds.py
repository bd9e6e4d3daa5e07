"""Kinds of settings that are more than a word: a template of envelope senders, lists of domains, of networks, of codes, of ways."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

from directives.language.addresses import AddressError
from directives.language.agencies import Way
from directives.language.findings import level_of
from directives.language.mistakes import SENTENCES
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


def _as_list(words: object) -> object:
    return tuple(re.findall(r"[^\s,;\[\]\"']+", words)) if isinstance(words, str) else words


def _are_warnings(codes: tuple[str, ...]) -> tuple[str, ...]:
    for code in codes:
        if code not in SENTENCES:
            raise ValueError(f"không có mã {code}; ghi mã như lệnh check in ra, ví dụ D081")
        if level_of(code) == "error":
            raise ValueError(f"{code} là lỗi, không tắt được; chỉ tắt được cảnh báo")
    return codes


def _are_ways(words: tuple[str, ...]) -> tuple[str, ...]:
    if wrong := [word for word in words if word not in get_args(Way)]:
        raise ValueError(f"không có kênh {wrong[0]}; có: {', '.join(get_args(Way))}")
    return words


def _keeps_a_secret(url: str) -> str:
    parts = urlsplit(url)
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "127.0.0.1")):
        raise ValueError("cần địa chỉ https://…, vì khóa truy cập đi theo mỗi lần gọi")
    return url.rstrip("/")


#: An address that is called with a token: never in clear, but on this machine.
ServiceUrl = Annotated[str, AfterValidator(_keeps_a_secret)]

#: Networks in one line, or as a list: 10.1.0.0/16, fd00::/8.
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_as_list)]

#: The envelope's sender with `{}` where the letter is named; empty: every letter has the same sender.
ReturnPath = Annotated[str, AfterValidator(_names_a_letter)]

#: Domains in one line, or as a list.
Domains = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_may_stand_in_one_line)]

#: Names of folders, in one line or as a list.
Folders = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_as_list)]

#: Codes of warnings, in one line or as a list.
Warnings = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_as_list), AfterValidator(_are_warnings)]

#: Ways beside mail, in one line or as a list.
Ways = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_as_list), AfterValidator(_are_ways)]
