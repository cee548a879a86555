"""What happened is told to Prefect: after the commit, at least once, and in its order (W4)."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid5

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.logging import get_run_logger

from tasks.store.database import store
from tasks.store.events import Outgoing, relayed, unrelayed

AT_ONCE = 200
_NAMESPACE = UUID("6f1d3c52-8f0b-4f0e-9a55-2f6f3b0c7d11")
_REFUSALS = frozenset({HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY})


async def relay(client: PrefectClient) -> int:
    """Tell what has not been told yet, batch by batch; gives how much it was.

    What the server does not take, because it is away, goes on waiting.
    """
    told = 0
    while waiting := await asyncio.to_thread(unrelayed, store(), AT_ONCE):
        await _tell(client, waiting)
        now = await asyncio.to_thread(store().now)
        await asyncio.to_thread(relayed, store(), [each.id for each in waiting], now)
        told += len(waiting)
    return told


async def _tell(client: PrefectClient, waiting: Sequence[Outgoing]) -> None:
    """Tell all at once, or one by one where the server refuses one of them for good."""
    try:
        await client.request("POST", "/events", json=[told(each) for each in waiting])
    except httpx.HTTPStatusError as error:
        if error.response.status_code not in _REFUSALS:
            raise
        if len(waiting) == 1:
            get_run_logger().error("%s is refused: %s", waiting[0].name, error.response.text)
            return
        for each in waiting:
            await _tell(client, [each])


def told(event: Outgoing) -> dict[str, Any]:
    """Give an event as Prefect takes it; told again, it has the same id, and counts once.

    The numbers of rows can begin anew, once old ones are pruned: the instant tells them apart.
    """
    identity = f"{event.id} {event.occurred_at.isoformat()} {event.name} {event.resource}"
    return {
        "id": str(uuid5(_NAMESPACE, identity)),
        "event": event.name,
        "occurred": event.occurred_at.isoformat(),
        "resource": {"prefect.resource.id": event.resource},
        "payload": dict(event.payload),
    }
