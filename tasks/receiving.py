"""A chunk of a folder's messages becomes contacts: the effect, and the task that shows it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from sqlalchemy.exc import OperationalError

from domain.arrivals import Arrival, Chunk, Counts, fingerprint
from domain.errors import LeaseLost
from domain.lease import Lease
from domain.mail import Mail
from domain.quarantine import QuarantineReason, Trouble, trouble_with
from tasks.mail.understand import understand
from tasks.settings import settings
from tasks.store.database import Store, store
from tasks.store.receiving import Opened, Terms, known_fingerprints, receive

Reader = Callable[[bytes], Mail]


@task(name="import-chunk", task_run_name="import {chunk}", cache_policy=NO_CACHE)
async def import_chunk(chunk: Chunk, lease: Lease | None) -> Counts:
    """Turn a chunk of fetched messages into contacts, each exactly once (R1)."""
    terms = Terms(settings().token_secret, datetime.now(UTC), lease)
    counts = await asyncio.to_thread(receive_chunk, store(), chunk, terms)
    get_run_logger().info("%s: %s", chunk.mailbox, counts)
    return counts


def receive_chunk(store: Store, chunk: Chunk, terms: Terms, reader: Reader = understand) -> Counts:
    """Open a chunk's messages and store them; one that breaks the others is set apart (R6)."""
    opened = _open(store, chunk.arrivals, reader)
    try:
        return receive(store, chunk, opened, terms)
    except (LeaseLost, OperationalError):
        raise  # it is not a message's fault
    except Exception:  # noqa: BLE001 - whatever it is that one of them does to the database
        return _receive_one_by_one(store, chunk, opened, terms)


def open_arrival(arrival: Arrival, name: str, reader: Reader = understand) -> Opened:
    """Understand one message, or say what is wrong with it; its name is its fingerprint."""
    try:
        mail = reader(arrival.raw)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the others
        trouble = Trouble(QuarantineReason.NOT_UNDERSTOOD, _where(error))
        return Opened(arrival, name, trouble=trouble)
    found = trouble_with(mail)
    return Opened(arrival, name, None if found else mail, found)


def not_stored(error: Exception) -> Trouble:
    """Say that the database refused a message."""
    return Trouble(QuarantineReason.NOT_STORED, _where(error))


def _where(error: Exception) -> str:
    """Say what failed and where, without the error's own words: they may quote the message."""
    last = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}, {Path(last.filename).name}:{last.lineno}"


def _open(store: Store, arrivals: Sequence[Arrival], reader: Reader) -> list[Opened]:
    names = [fingerprint(arrival.raw) for arrival in arrivals]
    known = known_fingerprints(store, names)
    return [
        Opened(arrival, name) if name in known else open_arrival(arrival, name, reader)
        for arrival, name in zip(arrivals, names, strict=True)
    ]


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
