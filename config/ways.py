"""The ways beside mail that an office's settings open, and by which of them a reader is told of a letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from notifications.channels import Channel
from notifications.channels.brief import Brief
from notifications.channels.by_apprise import AppriseChannel, addresses
from notifications.channels.zalo import ZaloChannel, number_of
from tasks.ledger import parcels
from tasks.ledger.echoing import Echo
from tasks.letters import Notice

from .settings import Settings


def channels(settings: Settings) -> dict[str, Channel]:
    """The open ways by name. A file of addresses that cannot be read opens none: what waits for it waits on, and the doctor says why."""
    found: dict[str, Channel] = {}
    if settings.zalo_token_file and settings.zalo_template:
        found["zalo"] = ZaloChannel(settings.zalo_url, settings.zalo_token_file, settings.zalo_template)
    if settings.apprise_file:
        try:
            found["apprise"] = AppriseChannel(addresses(settings.apprise_file))
        except (OSError, ValueError):
            return found
    return found


def echo(settings: Settings, subject: Callable[[Notice], str]) -> Echo | None:
    """What makes parcels of a letter; None where no way is open, so that mail asks nothing."""
    known = channels(settings)
    if not known:
        return None

    def parcels_of(notice: Notice, named: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        wanted = [way for way in named or settings.channels if way in known]
        to = {way: address for way in wanted if (address := _address(known[way], way, notice))}
        if to and notice.link and not notice.opens and (words := _words(notice, subject)):
            body = Brief.of(notice, words).kept
            for way, address in to.items():
                yield {"channel": way, "endpoint": 0, "key": parcels.of_letter(notice.id), "address": address, "body": body}

    return parcels_of


def _words(notice: Notice, subject: Callable[[Notice], str]) -> str:
    """A letter in few words; "" of one that cannot be written, which must not hold up the mail in whose commit it is said."""
    try:
        return subject(notice)
    except Exception:  # whatever an office's own template raises
        return ""


def _address(channel: Channel, way: str, notice: Notice) -> str:
    """Where a reader is told: his telephone for Zalo, his id for apprise, whose addresses stay in their file; "" for nowhere."""
    if way == "zalo":
        return number_of(notice.recipient.phone or "")
    return notice.recipient.id if isinstance(channel, AppriseChannel) and notice.recipient.id in channel.addresses else ""
