"""What is queued is sent in shifts: leased as it falls due, batch by batch, queue by queue."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed
from sqlalchemy.exc import OperationalError

from domain.delivery import DispatchCounts
from domain.shift import Shift
from flows.dispatching import Queues
from tasks import termination
from tasks.dispatch_board import show_dispatches
from tasks.prefect_api import tolerated
from tasks.run_names import rename_run
from tasks.store.database import store
from tasks.store.outbox import expire, settle_interrupted
from tasks.store.queues import beat

THREADS = 500
LOOK = 0.25  # seconds between looks at what is due
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

    await _tolerating(queues.configure)
    beside = [
        _again_and_again(_beat, BEAT, is_over),
        _again_and_again(show_dispatches, BOARD, is_over),
        _again_and_again(queues.configure, SERVICES, is_over),
        _again_and_again(queues.look_up, BOARD, is_over),
        _again_and_again(queues.keep_copies, BOARD, is_over),
        _again_and_again(_expire, BOARD, is_over),
        _again_and_again(queues.work, LOOK, is_over),
    ]
    try:
        await asyncio.gather(*beside)
    finally:
        await queues.end()
        await _tolerating(queues.keep_copies)
        await _tolerating(show_dispatches)
    return await _outcome(queues.counts)


async def _again_and_again(
    effect: Callable[[], Coroutine[Any, Any, None]], seconds: float, is_over: Callable[[], bool]
) -> None:
    while not is_over():
        await _tolerating(effect)
        until = _now() + timedelta(seconds=seconds)
        while _now() < until and not is_over():
            await asyncio.sleep(min(seconds, LOOK))


async def _tolerating(effect: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do something that is done again soon; where it fails, say so and go on."""
    try:
        with tolerated("dispatch"):
            await effect()
    except OperationalError as error:
        get_run_logger().warning("the database does not answer: %s", error.orig)
    except Exception:  # noqa: BLE001 - a fault of ours must not end the shift
        get_run_logger().exception("a fault of this program")


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
