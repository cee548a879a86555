"""A chunk of a folder's messages becomes contacts: the effect, and the task that shows it."""

import asyncio
import atexit
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from sqlalchemy.exc import OperationalError

from domain.arrivals import Arrival, Chunk, Counts
from domain.errors import LeaseLost
from domain.lease import Lease
from domain.quarantine import QuarantineReason, Trouble
from tasks.mail.reading import Look, Reader, ReadingProcess, look_at, read, where
from tasks.mail.understand import understand
from tasks.settings import settings
from tasks.store.database import Store, store
from tasks.store.receiving import Opened, Terms, receive


@dataclass(frozen=True, slots=True)
class OpenedChunk:
    """A chunk whose messages were looked at, ready to be stored."""

    chunk: Chunk
    opened: Sequence[Opened]

    def __str__(self) -> str:
        return str(self.chunk)


@task(name="import-chunk", task_run_name="import {chunk}", cache_policy=NO_CACHE)
async def import_chunk(chunk: OpenedChunk, lease: Lease | None) -> Counts:
    """Turn a chunk of opened messages into contacts, each exactly once (R1)."""
    terms = Terms(settings().token_secret, datetime.now(UTC), lease)
    counts = await asyncio.to_thread(receive_opened, store(), chunk, terms)
    get_run_logger().info("%s: %s", chunk.chunk.mailbox, counts)
    return counts


def receive_chunk(store: Store, chunk: Chunk, terms: Terms, reader: Reader = understand) -> Counts:
    """Open a chunk's messages in this process, and store them."""
    return receive_opened(store, open_chunk(chunk, reader), terms)


def receive_opened(store: Store, opened: OpenedChunk, terms: Terms) -> Counts:
    """Store a chunk's opened messages; one that breaks the others is set apart (R6)."""
    try:
        return receive(store, opened.chunk, opened.opened, terms)
    except (LeaseLost, OperationalError):
        raise  # it is not a message's fault
    except Exception:  # noqa: BLE001 - whatever it is that one of them does to the database
        return _receive_one_by_one(store, opened.chunk, opened.opened, terms)


def open_chunk(chunk: Chunk, reader: Reader | None = None) -> OpenedChunk:
    """Understand a chunk's messages, beside this process unless a reader is given."""
    raws = [arrival.raw for arrival in chunk.arrivals]
    looks = [look_at(raw, reader) for raw in raws] if reader else reading_process().look_at(raws)
    opened = [_opened(*each) for each in zip(chunk.arrivals, looks, strict=True)]
    return OpenedChunk(chunk, opened)


def open_arrival(arrival: Arrival, name: str, reader: Reader = understand) -> Opened:
    """Understand one message, or say what is wrong with it; its name is its fingerprint."""
    return _opened(arrival, Look(name, read(arrival.raw, reader)))


@cache
def reading_process() -> ReadingProcess:
    """Give the process that reads for this one, whatever folder a message is in."""
    process = ReadingProcess()
    atexit.register(process.close)
    return process


def not_stored(error: Exception) -> Trouble:
    """Say that the database refused a message."""
    return Trouble(QuarantineReason.NOT_STORED, where(error))


def _opened(arrival: Arrival, look: Look) -> Opened:
    if isinstance(look.reading, Trouble):
        return Opened(arrival, look.fingerprint, trouble=look.reading)
    return Opened(arrival, look.fingerprint, look.reading)


def _receive_one_by_one(
    store: Store, chunk: Chunk, opened: Sequence[Opened], terms: Terms
) -> Counts:
    """Receive each alone; the high-water mark follows when all of them are explained."""
    counts = Counts()
    for each in opened:
        one = replace(chunk, arrivals=[each.arrival], withheld=(), skipped=(), upto=0)
        try:
            counts += receive(store, one, [each], terms)
        except (LeaseLost, OperationalError):
            raise
        except Exception as error:  # noqa: BLE001 - this is the one
            broken = replace(each, mail=None, trouble=not_stored(error))
            counts += receive(store, one, [broken], terms)
    return counts + receive(store, replace(chunk, arrivals=()), [], terms)
