"""What is queued is sent in shifts: leased as it falls due, batch by batch, queue by queue."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from domain.delivery import DispatchCounts
from domain.shift import Shift
from flows.dispatching import Queues
from flows.shifts import LOOK, again_and_again, tolerating
from tasks import termination
from tasks.dispatch_board import show_dispatches
from tasks.run_names import rename_run
from tasks.store.database import store
from tasks.store.outbox import expire, settle_interrupted
from tasks.store.queues import beat

THREADS = 500
BEAT = 2.0  # seconds between signs of life (X1)
BOARD = 4.0  # seconds between refreshes of the board, which is 5 old at most (X5)
SERVICES = 15.0  # seconds between looks at what is configured


@flow(name="dispatch", flow_run_name="dispatch shift")
async def dispatch(shift_seconds: int = 600) -> State[Any]:
    """Send what is due for one shift, and show how it goes."""
    # Each connection sends in a thread of its own; signs of life must not wait for them.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    await asyncio.to_thread(store().upgrade)
    termination.listen()
    shift = Shift(_now(), timedelta(seconds=shift_seconds))
    queues = Queues()

    def is_over() -> bool:
        return shift.is_over(_now()) or termination.is_told()

    await tolerating(queues.configure)
    beside = [
        again_and_again(_beat, BEAT, is_over),
        again_and_again(show_dispatches, BOARD, is_over),
        again_and_again(queues.configure, SERVICES, is_over),
        again_and_again(queues.look_up, BOARD, is_over),
        again_and_again(queues.keep_copies, BOARD, is_over),
        again_and_again(_expire, BOARD, is_over),
        again_and_again(queues.work, LOOK, is_over),
    ]
    try:
        await asyncio.gather(*beside)
    finally:
        await queues.end()
        await tolerating(queues.keep_copies)
        await tolerating(show_dispatches)
    return await _outcome(queues.counts)


async def _beat() -> None:
    await asyncio.to_thread(beat, store(), _now())


async def _expire() -> None:
    while await asyncio.to_thread(expire, store(), _now()) or await asyncio.to_thread(
        settle_interrupted, store(), _now()
    ):
        pass


async def _outcome(counts: DispatchCounts) -> State[Any]:
    await rename_run(f"dispatch shift - {counts}")
    return Completed(message=str(counts), data=counts)


def _now() -> datetime:
    return datetime.now(UTC)
