"""Alarms are rung in shifts: each at its instant by the database's clock, and never before it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from domain.ringing import Rung
from domain.shift import Shift
from flows.shifts import again_and_again, tolerating
from tasks import termination
from tasks.alarm_board import show_alarms
from tasks.ringing import ring
from tasks.run_names import rename_run
from tasks.store.clock import Clock, read_clock
from tasks.store.database import store
from tasks.store.queues import beat
from tasks.store.ringing import ALARMS, next_due
from tasks.store.zone_rules import follow_some

LOOK = 0.1  # seconds between looks at whether something earlier was armed
BUSY = 0.02  # seconds, where somebody else rings, or changes, what is due
REST = 0.5  # seconds, where the database does not answer
BEAT = 2.0  # seconds between signs of life, and between readings of the database's clock
BREATH = 0.05  # seconds between transactions that follow new zone rules, for who waits to write
BOARD = 4.0  # seconds between refreshes of the board


@flow(name="ring-alarms", flow_run_name="alarm shift")
async def ring_alarms(shift_seconds: int = 600) -> State[Any]:
    """Ring every alarm that falls due during one shift, and what fell due before it."""
    await asyncio.to_thread(store().upgrade)
    termination.listen()
    shift = Shift(_now(), timedelta(seconds=shift_seconds))

    def is_over() -> bool:
        return shift.is_over(_now()) or termination.is_told()

    bell = _Bell(await asyncio.to_thread(read_clock, store()))
    try:
        await asyncio.gather(
            again_and_again(bell.beat, BEAT, is_over),
            again_and_again(show_alarms, BOARD, is_over),
            bell.ring_until(is_over),
            _follow_zone_rules(is_over),
        )
    finally:
        await tolerating(show_alarms)
    await rename_run(f"alarm shift - {bell.counts}")
    return Completed(message=str(bell.counts), data=bell.counts)


class _Bell:
    """Who rings: what came of it, and by which clock."""

    def __init__(self, clock: Clock) -> None:
        self.counts = Rung()
        self._clock = clock
        self._pause = 0.0

    async def beat(self) -> None:
        """Give a sign of life, and read the database's clock anew."""
        self._clock = await asyncio.to_thread(read_clock, store())
        await asyncio.to_thread(beat, store(), self._clock.now(), ALARMS)

    async def ring_until(self, is_over: Callable[[], bool]) -> None:
        """Ring what falls due, batch by batch, until the shift is over."""
        while not is_over():
            self._pause = REST
            await tolerating(self._look)
            await asyncio.sleep(self._pause)

    async def _look(self) -> None:
        """Ring what is due, or else find out for how long to wait."""
        due, now = await asyncio.to_thread(next_due, store()), self._clock.now()
        if due is not None and due <= now:
            rung = await ring(now)
            self.counts += rung
            self._pause = 0.0 if rung.taken else BUSY
        else:
            until_due = LOOK if due is None else (due - now).total_seconds()
            self._pause = min(LOOK, until_due)


async def _follow_zone_rules(is_over: Callable[[], bool]) -> None:
    """Derive anew what other zone rules change, little by little, so that the bell never waits."""
    left = True

    async def follow() -> None:
        nonlocal left
        left = False  # where this fails, the next shift goes on
        now = await asyncio.to_thread(store().now)
        left = await asyncio.to_thread(follow_some, store(), now) is not None

    await again_and_again(follow, BREATH, lambda: is_over() or not left)


def _now() -> datetime:
    return datetime.now(UTC)
