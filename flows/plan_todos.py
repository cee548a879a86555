"""Workflows are worked in shifts: steps are entered, todos created, and others are told (W1-W4)."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import State
from prefect.states import Completed

from domain.shift import Shift
from flows.shifts import again_and_again, tolerating
from tasks import termination
from tasks.event_inbox import EventInbox
from tasks.event_relay import relay
from tasks.planning import AT_ONCE, Worked, begin_by_contacts, due, enter, plan, prune, remind
from tasks.run_names import rename_run
from tasks.store.database import store
from tasks.store.event_cursor import events_read_until, note_events_read
from tasks.store.queues import beat
from tasks.workflow_board import WorkflowBoards

WORKFLOWS = "workflows"  # the service that gives signs of life
LOOK = 0.1  # seconds between looks at what has arrived and what is due
TELL = 0.25  # seconds between looks at what others are to be told
READ = 1.0  # seconds between readings of the server's list of events
READ_BACK = timedelta(minutes=1)  # between readings that look further back
BEAT = 2.0  # seconds between signs of life
BOARD = 4.0  # seconds between looks at whether the boards are still true
PRUNE = 600.0  # seconds between sweepings of what was told long ago
SHORT = timedelta(seconds=30)  # the server lists an event up to five seconds late
LONG = timedelta(minutes=10)  # for programs that tell late, and clocks that are slow
LONGEST = timedelta(days=1)  # at a shift's first reading: some tell late while nothing runs


@flow(name="plan-todos", flow_run_name="workflow shift")
async def plan_todos(shift_seconds: int = 600) -> State[Any]:
    """Enter steps as events ask for it, create their todos and let others know, for one shift."""
    await asyncio.to_thread(store().upgrade)
    termination.listen()
    shift = Shift(_now(), timedelta(seconds=shift_seconds))

    def is_over() -> bool:
        return shift.is_over(_now()) or termination.is_told()

    async with get_client() as client:
        desk = _Desk(client)
        following = asyncio.create_task(again_and_again(desk.inbox.follow, READ, is_over))
        try:
            await desk.work_until(is_over)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            await tolerating(desk.tell)
            await tolerating(desk.boards.show)
    await rename_run(f"workflow shift - {desk.counts}")
    return Completed(message=str(desk.counts), data=desk.counts)


class _Desk:
    """Who works on the workflows: what has come in, what came of it, and what is shown."""

    def __init__(self, client: PrefectClient) -> None:
        self.counts = Worked()
        self.inbox = EventInbox(client)
        self._client = client
        self.boards = WorkflowBoards()
        self._read_until: datetime | None = None
        self._read_back_at: datetime | None = None

    async def work_until(self, is_over: Callable[[], bool]) -> None:
        """Do everything again and again until the shift is over."""
        effects = (
            (_beat, BEAT),
            (self._read, READ),
            (self._work, LOOK),
            (self._remind, READ),
            (self.tell, TELL),
            (self.boards.show, BOARD),
            (prune, PRUNE),
        )
        loops = [again_and_again(effect, seconds, is_over) for effect, seconds in effects]
        await asyncio.gather(*loops)

    async def _read(self) -> None:
        """Read the server's list from where it was read to, and now and then from further back.

        The first reading looks back furthest; what was seen to before is not entered again.
        """
        now = await asyncio.to_thread(store().now)
        until = self._read_until
        if until is None:
            until = await asyncio.to_thread(events_read_until, store(), now)
        further = self._read_back_at is None or now >= self._read_back_at
        back = LONG if further else SHORT
        since = until - (LONGEST if self._read_until is None else back)
        if further and not self.inbox.waiting(1):  # else a killed shift's would not be read again
            await asyncio.to_thread(note_events_read, store(), until)
        await self.inbox.catch_up(since)
        self._read_until = now
        if further:
            self.inbox.forget_before(since)
            self._read_back_at = now + READ_BACK

    async def _work(self) -> None:
        """Enter what has arrived, and plan what is due, until nothing is left to do."""
        while arrived := self.inbox.waiting(AT_ONCE):
            self._count(await enter(arrived))
            self.inbox.entered(arrived)
            await self._plan()
        try:
            self._count(await begin_by_contacts())
        finally:
            await self._plan()

    async def _plan(self) -> None:
        while visits := await due():
            planned = await plan(visits)
            self._count(planned)
            if not planned.visits:
                return  # another shift is at them

    async def _remind(self) -> None:
        self._count(await remind())

    async def tell(self) -> None:
        """Let others know what has happened."""
        self._count(Worked(told=await relay(self._client)))

    def _count(self, worked: Worked) -> None:
        self.counts += worked


async def _beat() -> None:
    now = await asyncio.to_thread(store().now)
    await asyncio.to_thread(beat, store(), now, WORKFLOWS)


def _now() -> datetime:
    return datetime.now(UTC)
