"""Quarantined messages are tried again: by themselves, and after an upgrade on demand (R6)."""

import asyncio
from datetime import UTC, datetime

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed

from tasks.quarantine import try_again
from tasks.run_names import rename_run
from tasks.store.database import store
from tasks.store.quarantine import confined


@flow(name="process-quarantine", flow_run_name="process quarantine")
async def process_quarantine(
    numbers: list[int] | None = None, everything: bool = False
) -> State[int]:
    """Try quarantined messages again: those that are due, or those named, or everything."""
    await asyncio.to_thread(store().upgrade)
    now = datetime.now(UTC)
    waiting = [
        each
        for each in await asyncio.to_thread(confined, store())
        if everything or (each.id in numbers if numbers else each.next_try_at <= now)
    ]
    released = 0
    for each in waiting:
        trouble = await try_again(each)
        if trouble:
            get_run_logger().warning("%s stays in quarantine: %s", each, trouble.detail)
        released += trouble is None
    told = f"{released} of {len(waiting)} became contacts"
    await rename_run(f"process quarantine - {told}")
    return Completed(message=told, data=released)
