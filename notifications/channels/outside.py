"""Calls to addresses that others have named: never into a network of ours that was not opened to them, never on to where they point."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlsplit, urlunsplit

import httpx

Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

PORTS = {"https": 443, "http": 80}


class ForbiddenAddressError(ValueError):
    """An address that is not called; `sentence` and `facts` say why."""

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence.format_map(facts))
        self.sentence, self.facts = sentence, facts


NOT_HTTP = "“{url}” không phải địa chỉ https://…"
WITH_PASSWORD = "địa chỉ không được chứa tài khoản, mật khẩu"
INSIDE = "{host} ở trong mạng nội bộ ({ip}); mở bằng cài đặt webhook_networks nếu đúng ý"
IN_CLEAR = "{host} cần https://; chỉ mạng đã mở bằng webhook_networks mới dùng được http://"


async def resolved(host: str, port: int) -> Sequence[str]:
    """The numbers of a host, as the system knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def checked(url: str) -> str:
    """The address as it is kept. Raises ForbiddenAddressError for one that cannot be called whatever it resolves to."""
    try:
        parts = urlsplit(url.strip())
        fits = parts.scheme in PORTS and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits or any(sign.isspace() or not sign.isprintable() for sign in url.strip()):
        raise ForbiddenAddressError(NOT_HTTP, url=url)
    if parts.username or parts.password:
        raise ForbiddenAddressError(WITH_PASSWORD)
    return urlunsplit(parts._replace(fragment=""))


async def place(url: str, allowed: Sequence[Network], resolve: Resolve = resolved) -> str:
    """The number that the address is called by. One number inside is enough to refuse it: which is taken is not the caller's choice.

    Raises ForbiddenAddressError, OSError where nobody knows the host.
    """
    parts = urlsplit(checked(url))
    host = parts.hostname or ""
    numbers = await resolve(host, parts.port or PORTS[parts.scheme])
    if not numbers:
        raise OSError(f"{host}: no address")
    for number in numbers:
        at = ip_address(number.partition("%")[0])
        at = getattr(at, "ipv4_mapped", None) or at
        opened = any(at in network for network in allowed)
        if not (opened or (at.is_global and not at.is_multicast)):
            raise ForbiddenAddressError(INSIDE, host=host, ip=at)
        if parts.scheme == "http" and not opened:
            raise ForbiddenAddressError(IN_CLEAR, host=host)
    return numbers[0]


async def post(url: str, number: str, content: bytes, headers: Mapping[str, str], context: ssl.SSLContext | None = None) -> int:
    """Post to an address by the number that was checked: the name is not asked again, and may by now be another's. Returns the status.

    Redirects are answers like others, and the body of an answer is not read. Raises httpx.HTTPError.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    within = f"[{number}]" if ":" in number else number
    target = urlunsplit(parts._replace(netloc=f"{within}:{parts.port or PORTS[parts.scheme]}"))
    sent = {**headers, "host": parts.netloc, "user-agent": "dondoc"}
    async with httpx.AsyncClient(verify=context or True, trust_env=False, follow_redirects=False, timeout=None) as client:
        request = client.build_request("POST", target, content=content, headers=sent, extensions={"sni_hostname": host})
        answer = await client.send(request, stream=True)
        await answer.aclose()
        return answer.status_code
