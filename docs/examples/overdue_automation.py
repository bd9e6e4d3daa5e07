"""An automation of Prefect: when a directive has something overdue, its counts are posted to a webhook.

    python docs/examples/overdue_automation.py https://chat.example/hooks/don-doc
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.events.actions import CallWebhook
from prefect.events.schemas.automations import EventTrigger, Posture

SAID = '{"text": "{{ event.resource.name }}: {{ event.payload.overdue }} việc quá hạn, {{ event.payload.silent }} việc chưa báo cáo"}'


async def install(address: str) -> Automation:
    """Keep the address in a block of Prefect and make the automation; it posts at most once an hour for each directive."""
    block = await Webhook(url=address, method="POST").save("dondoc-overdue", overwrite=True)  # type: ignore[arg-type,misc]
    automation = Automation(
        name="dondoc: việc quá hạn",
        trigger=EventTrigger(
            expect={"dondoc.task.overdue"},
            match={"prefect.resource.id": "dondoc.directive.*"},  # type: ignore[arg-type]
            for_each={"prefect.resource.id"},
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        ),
        actions=[CallWebhook(block_document_id=block, payload=SAID)],
    )
    return await automation.acreate()


if __name__ == "__main__":
    sys.stdout.write(f"{asyncio.run(install(sys.argv[1])).id}\n")
