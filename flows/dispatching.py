"""The queues of a dispatch shift: who works at which, over which line, and when it rests."""

import asyncio
import time
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime

from prefect.logging import get_run_logger
from sqlalchemy.exc import OperationalError

from domain.delivery import Answer, DispatchCounts
from domain.errors import ServerUnreachable
from domain.lease import RENEWAL
from domain.outgoing import File
from tasks.channels.channel import Configured, Line, Way
from tasks.delivering import Batch, ServiceFailed, deliver
from tasks.prefect_api import sealed
from tasks.services import configured_services, make_known
from tasks.store.copies import copies_due, copies_kept
from tasks.store.database import store
from tasks.store.files import files_of
from tasks.store.look_ups import LookUp, due_look_ups, record_look_ups
from tasks.store.outbox import Ledger, due_queues
from tasks.store.parcels import Parcel
from tasks.store.queues import pause_queue, resume_queue

AT_ONCE = 100  # parcels that are leased together
TURN = 1.0  # seconds, after which the rest of them is given back
IDLE = 10.0  # seconds; servers end connections that nobody uses


class Queues:
    """All queues, and those who work at them."""

    def __init__(self) -> None:
        self.counts = DispatchCounts()
        self._configured: dict[str, tuple[Way, Configured]] = {}
        self._problems: dict[str, str] = {}
        self._workers: dict[str, list[_Worker]] = {}
        self._ending = False

    async def configure(self) -> None:
        """Read what is configured, and let requests know of it (X1)."""
        found, problems = await configured_services()
        for each in problems:
            self._tell(each.name, each.problem)
        if found != self._configured:
            await asyncio.to_thread(make_known, found)
        self._configured = found

    def _tell(self, name: str, problem: str) -> None:
        if self._problems.get(name) != problem:
            get_run_logger().error("%s: %s", name, problem)
        self._problems[name] = problem

    async def work(self) -> None:
        """Let every queue in which something is due be worked at."""
        await self._dismiss_the_idle()
        for name in await asyncio.to_thread(due_queues, store(), _now()):
            if name in self._configured:
                self._put_to_work(name)

    def _put_to_work(self, name: str) -> None:
        channel, configured = self._configured[name]
        workers = self._workers.setdefault(name, [])
        while len(workers) < configured.service.connections:
            workers.append(_Worker(self, name, channel, configured))
        for worker in workers:
            worker.start()

    async def _dismiss_the_idle(self) -> None:
        """Close connections that nobody uses, or that were made by other settings."""
        for name, workers in self._workers.items():
            _, configured = self._configured.get(name, (None, None))
            for worker in [each for each in workers if each.is_to_leave(configured)]:
                workers.remove(worker)
                await worker.end()

    async def look_up(self) -> None:
        """Ask the services what became of deliveries of which they can tell by now."""
        asked: dict[str, list[LookUp]] = defaultdict(list)
        for each in await asyncio.to_thread(due_look_ups, store(), _now()):
            asked[each.queue].append(each)
        for name, look_ups in asked.items():
            await asyncio.to_thread(_look_up, self._configured.get(name), look_ups)

    async def keep_copies(self) -> None:
        """Put copies of what was sent where its senders look for them."""
        for name, (channel, configured) in self._configured.items():
            if configured.service.keeps_copies:
                try:
                    await asyncio.to_thread(_keep_copies, channel, configured, name)
                except ServiceFailed as error:
                    self._tell(name, f"no copy could be kept: {error}")

    @property
    def is_ending(self) -> bool:
        """Whether nothing new is to be begun."""
        return self._ending

    async def end(self) -> None:
        """Let what is being sent be finished, and give the rest back."""
        self._ending = True
        for workers in self._workers.values():
            for worker in workers:
                await worker.end()


class _Worker:
    """One connection's worth of work at a queue."""

    def __init__(self, queues: Queues, name: str, channel: Way, configured: Configured) -> None:
        self._queues = queues
        self._name = name
        self._channel = channel
        self._configured = configured
        self._ledger = Ledger(store(), uuid.uuid4().hex)
        self._line: Line | None = None
        self._run: asyncio.Task[None] | None = None
        self._used_at = _now()
        self._turn_ends_at = 0.0  # on time.monotonic's clock

    def is_to_leave(self, configured: Configured | None) -> bool:
        """Whether it has had nothing to do for a while, or works by other settings than these."""
        idle_for = (_now() - self._used_at).total_seconds()
        return not self._is_working and (idle_for >= IDLE or configured != self._configured)

    @property
    def _is_working(self) -> bool:
        return self._run is not None and not self._run.done()

    def start(self) -> None:
        """Work until nothing is due any more, unless that is being done."""
        if not self._is_working:
            self._run = asyncio.create_task(self._work())

    async def end(self) -> None:
        """Finish, and close the connection."""
        if self._run is not None:
            await self._run
        await self._close()

    async def _work(self) -> None:
        try:
            line = self._line = self._line or self._channel.line(self._configured.settings)
            async with self._keeping_leases():
                while not self._queues.is_ending and (parcels := await self._claim(line)):
                    await self._deliver(line, parcels)
        except ServiceFailed as error:
            await self._close()
            until = await asyncio.to_thread(pause_queue, store(), self._name, str(error), _now())
            get_run_logger().warning("%s rests until %s: %s", self._name, f"{until:%X}", error)
        except OperationalError as error:
            get_run_logger().warning("the database does not answer: %s", error.orig)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end the shift
            get_run_logger().exception("%s: a fault of this program", self._name)
            fault = f"a fault of this program: {type(error).__name__}"
            await asyncio.to_thread(pause_queue, store(), self._name, fault, _now())

    async def _claim(self, line: Line) -> Sequence[Parcel]:
        repeatable = self._channel.repeatable
        return await asyncio.to_thread(
            self._ledger.claim, self._name, AT_ONCE, _now(), repeatable, line.looks_up
        )

    async def _deliver(self, line: Line, parcels: Sequence[Parcel]) -> None:
        await asyncio.to_thread(line.connect)
        copied = self._configured.service.keeps_copies
        self._turn_ends_at = time.monotonic() + TURN
        batch = Batch(self._ledger, line, parcels, copied, self._is_to_stop)
        counts = await deliver(sealed(batch), self._name)
        self._queues.counts += counts
        self._used_at = _now()
        await asyncio.to_thread(self._ledger.give_back)
        if not line.is_usable and not counts.accepted:
            raise ServerUnreachable("the connection broke before anything was taken")
        await asyncio.to_thread(resume_queue, store(), self._name)

    def _is_to_stop(self) -> bool:
        """Look after a while who is next: a click does not wait for the rest of the bulk."""
        return self._queues.is_ending or time.monotonic() >= self._turn_ends_at

    async def _close(self) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            await asyncio.to_thread(line.close)

    @asynccontextmanager
    async def _keeping_leases(self) -> AsyncIterator[None]:
        """Renew what is leased for as long as it is needed, then give the rest back."""
        renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.to_thread(self._ledger.give_back)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEWAL.total_seconds())
            with suppress(OperationalError):  # nobody else can take it over then, either
                await asyncio.to_thread(self._ledger.renew, _now())


def _look_up(service: tuple[Way, Configured] | None, asked: Sequence[LookUp]) -> None:
    """Ask a service; where it is gone or does not answer, it is asked again later."""
    found: dict[int, Answer | None] = {each.delivery_id: None for each in asked}
    with suppress(*ServiceFailed):
        if service:
            channel, configured = service
            with closing(channel.line(configured.settings)) as line:
                found |= line.look_up(asked)
    record_look_ups(store(), found, _now())


def _keep_copies(channel: Way, configured: Configured, queue: str) -> None:
    parcels = copies_due(store(), queue)
    if not parcels:
        return
    with closing(channel.line(configured.settings)) as line:
        line.keep_copies([(each, line.write(each, _files(each))) for each in parcels])
    copies_kept(store(), [each.id for each in parcels])


def _files(parcel: Parcel) -> Sequence[File]:
    return files_of(store(), parcel.contact_id) if parcel.has_files else ()


def _now() -> datetime:
    return datetime.now(UTC)
