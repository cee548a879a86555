"""One folder of a mail account is watched: caught up with, then waited at for news."""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from prefect.logging import get_run_logger
from sqlalchemy.exc import OperationalError

from domain.accounts import MailAccount
from domain.arrivals import Counts, Listed, Mailbox, Position, chunked
from domain.backoff import delay
from domain.errors import ConfigurationError, LeaseLost, LoginRefused, MailServerError
from domain.lease import RENEWAL, Lease
from tasks.mail.connecting import open_folder
from tasks.mail.fetching import fetch_chunk, is_another
from tasks.mail.imap import ImapFolder
from tasks.mail.settling import settle_on_server
from tasks.prefect_api import sealed
from tasks.receiving import OpenedChunk, import_chunk, open_chunk
from tasks.store.accounts import mailbox, record_failure, record_success
from tasks.store.database import store
from tasks.store.leases import give_back, renew_lease, take_lease
from tasks.store.receipts import ledger

S = TypeVar("S")
T = TypeVar("T")
FIRST_PAUSE = timedelta(seconds=1)
FOR_A_PERSON = timedelta(minutes=1)  # who tries a refused login too often is locked out
LONGEST_PAUSE = timedelta(minutes=5)
IDLE_SECONDS = 240.0  # routers forget silent connections; servers log them out after 30 minutes
LEASE_PAUSE = 0.5  # seconds; how soon a shift notices that the one before has gone


class FolderWatch:
    """The watch over one folder, and what it has brought so far."""

    def __init__(self, account: MailAccount, box: Mailbox, over: Callable[[], bool]) -> None:
        self.account = account
        self.box = box
        self.counts = Counts()
        self.failure: str | None = None
        self._failures = 0
        self._over = over
        self._lost = False  # the lease

    async def run(self) -> None:
        """Watch until it is over, whatever becomes of the mail server meanwhile."""
        while not self._over():
            try:
                await self._read_if_free()
            except LeaseLost as error:
                get_run_logger().warning("%s: %s", self.box, error)
            except (LoginRefused, ConfigurationError) as error:
                await self._fail(str(error), FOR_A_PERSON)
            except MailServerError as error:
                await self._fail(str(error))
            except OperationalError as error:
                await self._pause(f"the database does not answer: {error.orig}")
            except Exception as error:  # noqa: BLE001 - a fault of ours must not end the watch
                get_run_logger().exception("%s: a fault of this program", self.box)
                await self._pause(f"a fault of this program: {type(error).__name__}")

    async def _read_if_free(self) -> None:
        lease = await asyncio.to_thread(take_lease, store(), self.box.id, _now())
        if lease is None:  # the shift before is still at it
            await asyncio.sleep(LEASE_PAUSE)
            return
        async with self._keeping(lease):
            await self._read(lease)

    async def _read(self, lease: Lease) -> None:
        folder = await asyncio.to_thread(open_folder, self.account, self.box.folder)
        try:
            position = await self._position(folder)
            while True:
                position = await self._catch_up(folder, lease, position)
                await self._wait_for_news(folder)
                if self._is_over():
                    return
        finally:
            await asyncio.to_thread(folder.close)

    async def _position(self, folder: ImapFolder) -> Position:
        known = await asyncio.to_thread(mailbox, store(), self.box.id)
        position = known.position.on(folder.uidvalidity, folder.uidnext)
        last = position.last_uid
        explained = await asyncio.to_thread(ledger, store(), known.id, folder.uidvalidity, last - 1)
        if await asyncio.to_thread(is_another, folder, last, explained):
            return Position(folder.uidvalidity)  # it has grown past where it was read to
        return position

    async def _catch_up(self, folder: ImapFolder, lease: Lease, position: Position) -> Position:
        """Import what lies above a position; gives the position that was reached."""
        listed = await asyncio.to_thread(folder.after, position.last_uid)
        if len(listed) > 1:
            get_run_logger().info("%s: %d messages to look at", self.box, len(listed))
        async with aclosing(opened_chunks(folder, self.account, self.box, listed)) as chunks:
            async for opened in chunks:
                self.counts += await import_chunk(sealed(opened), lease)
                position = Position(opened.chunk.uidvalidity, opened.chunk.upto)
                if self._is_over():
                    return position
        await asyncio.to_thread(settle_on_server, store(), folder, self.account, self.box)
        await asyncio.to_thread(record_success, store(), self.box.id, _now())
        self.failure, self._failures = None, 0
        return position

    async def _wait_for_news(self, folder: ImapFolder) -> None:
        if folder.has_idle:
            await asyncio.to_thread(folder.wait_for_news, IDLE_SECONDS, self._is_over)
        else:
            await self._sleep(self.account.poll_seconds)

    async def _fail(self, failure: str, first_pause: timedelta = FIRST_PAUSE) -> None:
        try:
            await asyncio.to_thread(record_failure, store(), self.box.id, failure, _now())
        except OperationalError as error:
            failure = f"{failure}; and the database does not answer: {error.orig}"
        await self._pause(failure, first_pause)

    async def _pause(self, failure: str, first: timedelta = FIRST_PAUSE) -> None:
        self.failure = failure
        self._failures += 1
        pause = delay(self._failures, first, LONGEST_PAUSE, jitter=random.random())  # noqa: S311
        get_run_logger().warning(
            "%s: %s; next try in %.0f s", self.box, failure, pause.total_seconds()
        )
        await self._sleep(pause.total_seconds())

    async def _sleep(self, seconds: float) -> None:
        until = _now() + timedelta(seconds=seconds)
        while _now() < until and not self._is_over():
            await asyncio.sleep(min(LEASE_PAUSE, seconds))

    def _is_over(self) -> bool:
        return self._over() or self._lost

    @asynccontextmanager
    async def _keeping(self, lease: Lease) -> AsyncIterator[None]:
        """Renew the lease for as long as it is needed, then give it back."""
        self._lost = False
        renewing = asyncio.create_task(self._renew(lease))
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.to_thread(give_back, store(), lease)

    async def _renew(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(RENEWAL.total_seconds())
            try:
                await asyncio.to_thread(renew_lease, store(), lease, _now())
            except LeaseLost:
                self._lost = True
                return
            except OperationalError as error:  # the next chunk's commit tells, if it lasts
                get_run_logger().warning("%s: the database does not answer: %s", self.box, error)


async def opened_chunks(
    folder: ImapFolder, account: MailAccount, box: Mailbox, listed: Sequence[Listed]
) -> AsyncGenerator[OpenedChunk]:
    """Fetch and open messages chunk by chunk; while one is stored, those after it are prepared."""
    above = min((message.uid for message in listed), default=1) - 1
    explained = await asyncio.to_thread(ledger, store(), box.id, folder.uidvalidity, above)
    fetched = _one_ahead(
        _each(chunked(listed)), lambda part: fetch_chunk(folder, account, box, part, explained)
    )
    async with aclosing(_one_ahead(fetched, open_chunk)) as opened:
        async for each in opened:
            yield each


async def _one_ahead(source: AsyncGenerator[S], work: Callable[[S], T]) -> AsyncGenerator[T]:
    """Do the work on each item in a thread; that on the next one begins before it is asked for."""
    ahead: asyncio.Task[T] | None = None
    try:
        async for item in source:
            done = [await ahead] if ahead else []
            ahead = asyncio.create_task(asyncio.to_thread(work, item))
            for result in done:
                yield result
        if ahead:
            yield await ahead
    finally:  # nobody else may use the connection before the last fetch has ended
        await asyncio.gather(*filter(None, [ahead]), return_exceptions=True)
        await source.aclose()


async def _each(items: Iterable[T]) -> AsyncGenerator[T]:
    for item in items:
        yield item


def _now() -> datetime:
    return datetime.now(UTC)
