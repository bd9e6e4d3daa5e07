"""Events to other systems, signed as Standard Webhooks says; whoever gets one can tell that it is ours, and that it is not an old one."""

from __future__ import annotations

import asyncio
import hmac
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

import httpx
from standardwebhooks.webhooks import Webhook

from notifications.links import derived

from . import Handed, Message
from .outside import ForbiddenAddressError, Network, Resolve, place, post, resolved

#: Seconds for one call, from the name to the answer's status.
TIMEOUT = 10.0


def secret_of(key: bytes, endpoint: int) -> str:
    """The secret of an endpoint, derived and never stored: `whsec_…`, to be given to whoever answers there."""
    return f"whsec_{b64encode(hmac.digest(derived(key, 'webhook'), str(endpoint).encode(), sha256)).decode()}"


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """Posts to one endpoint. While keys are rotated a call carries a signature by each, so that either secret serves."""

    secrets: Sequence[str] = field(repr=False)
    allowed: Sequence[Network] = ()
    resolve: Resolve = resolved
    timeout: float = TIMEOUT

    async def hand(self, message: Message, now: datetime) -> Handed:
        """Post an event once. Any status but 2xx is a failure, a redirect as well; 410 ends it."""
        headers = {
            "content-type": "application/json", "webhook-id": message.id, "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(Webhook(secret).sign(message.id, now.astimezone(UTC), message.body) for secret in self.secrets),
        }
        try:
            async with asyncio.timeout(self.timeout):
                number = await place(message.address, self.allowed, self.resolve)
                status = await post(message.address, number, message.body.encode(), headers)
        except TimeoutError:
            return Handed(False, 0, "trả lời quá chậm")
        except ForbiddenAddressError as error:
            return Handed(False, 0, str(error))
        except (httpx.HTTPError, OSError, ValueError) as error:
            return Handed(False, 0, f"không gọi được: {type(error).__name__}")
        return Handed(200 <= status < 300, status, "" if 200 <= status < 300 else f"trả lời {status}", gone=status == 410)
