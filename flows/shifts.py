"""What the shifts have in common: things done again and again, for as long as a shift stays."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.logging import get_run_logger
from sqlalchemy.exc import OperationalError

from tasks.prefect_api import tolerated

LOOK = 0.25  # seconds between looks at whether the shift is over
Effect = Callable[[], Coroutine[Any, Any, None]]


async def again_and_again(effect: Effect, seconds: float, is_over: Callable[[], bool]) -> None:
    """Do something every so many seconds until the shift is over, whether or not it fails."""
    while not is_over():
        await tolerating(effect)
        until = _now() + timedelta(seconds=seconds)
        while _now() < until and not is_over():
            await asyncio.sleep(min(seconds, LOOK))


async def tolerating(effect: Effect) -> None:
    """Do something that is done again soon; where it fails, say so and go on."""
    try:
        with tolerated("the shift"):
            await effect()
    except OperationalError as error:
        get_run_logger().warning("the database does not answer: %s", error.orig)
    except Exception:  # noqa: BLE001 - a fault of ours must not end the shift
        get_run_logger().exception("a fault of this program")


def _now() -> datetime:
    return datetime.now(UTC)
