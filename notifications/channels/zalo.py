"""Messages to a telephone by Zalo's notification service: an approved template, filled with words and the reader's address."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

from . import Handed, Message

#: Seconds for one call.
TIMEOUT = 10.0

#: What another try does not mend: the number is wrong, has no account, or its owner takes no such messages.
_HOPELESS = (-108, -114, -118, -119)
_LONGEST = 64 * 1024  # octets of an answer


def number_of(phone: str) -> str:
    """A Vietnamese telephone number as the service has it, 84…; "" where a text is none."""
    digits = re.sub(r"[\s.()-]", "", phone)
    found = re.fullmatch(r"(?:\+?84|0)(\d{8,10})", digits)
    return f"84{found[1]}" if found else ""


@dataclass(frozen=True, slots=True)
class ZaloChannel:
    """Fills `template` with `content`, the words, and `link`, the address in the message's last line. The token's file is read anew
    each time: another program renews it."""

    base: str
    token: Path
    template: str
    timeout: float = TIMEOUT

    async def hand(self, message: Message, now: datetime) -> Handed:
        """Say it once; `Message.address` is the telephone number."""
        phone = number_of(message.address)
        if not phone:
            return Handed(False, 0, "không phải số điện thoại", again=False)
        words, _, link = message.body.rpartition("\n")
        data = {
            "phone": phone, "template_id": self.template, "template_data": {"content": words, "link": link}, "tracking_id": message.id,
        }
        try:
            async with asyncio.timeout(self.timeout):
                status, answer = await self._post(data)
        except TimeoutError:
            return Handed(False, 0, "trả lời quá chậm")
        except (httpx.HTTPError, OSError, ValueError) as error:
            return Handed(False, 0, f"không gọi được: {type(error).__name__}")
        return _read(status, answer)

    async def _post(self, data: Mapping[str, object]) -> tuple[int, bytes]:
        headers = {"access_token": self.token.read_text(encoding="utf-8").strip(), "user-agent": "dondoc"}
        url, answer = f"{self.base}/message/template", b""
        async with (
            httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=None) as client,
            client.stream("POST", url, json=data, headers=headers) as response,
        ):
            async for part in response.aiter_bytes():
                answer += part
                if len(answer) > _LONGEST:
                    break
            return response.status_code, answer


def _read(status: int, answer: bytes) -> Handed:
    """The service answers 200 to what it refuses as well; the code stands in the body."""
    try:
        code = int(json.loads(answer)["error"])
    except (ValueError, KeyError, TypeError):
        return Handed(False, status, f"trả lời {status}")
    if 200 <= status < 300 and code == 0:
        return Handed(True, status)
    return Handed(False, code or status, f"Zalo trả lời mã {code or status}", again=code not in _HOPELESS)
