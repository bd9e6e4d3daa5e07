"""What mail servers are known to allow, as data: a profile is chosen by one setting, and each of its numbers can be set apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tasks.pace import Limits

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
