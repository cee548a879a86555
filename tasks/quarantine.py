"""One quarantined message is tried again."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy.exc import OperationalError

from domain.accounts import MailAccount
from domain.arrivals import Arrival, fingerprint
from domain.errors import ConfigurationError, MailServerError
from domain.quarantine import Trouble
from tasks.accounts import configured_account
from tasks.mail.connecting import open_folder
from tasks.mail.reading import Reader
from tasks.mail.understand import understand
from tasks.receiving import not_stored, open_arrival
from tasks.settings import settings
from tasks.store.database import Store, store
from tasks.store.quarantine import (
    Confined,
    confined,
    confined_bytes,
    keep_handed_over,
    postpone,
)
from tasks.store.receiving import Opened, receive_confined


@task(name="try-again", task_run_name="try {message} again", cache_policy=NO_CACHE)
async def try_again(message: Confined) -> Trouble | None:
    """Make a contact of a quarantined message, or say why it stays, and postpone the next try."""
    raw = await _bytes_of(message)
    now = datetime.now(UTC)
    return await asyncio.to_thread(receive_again, store(), message, raw, now)


def receive_again(
    store: Store, message: Confined, raw: bytes | None, now: datetime, reader: Reader = understand
) -> Trouble | None:
    """Open a quarantined message anew; the effect of try_again."""
    trouble: Trouble | None = Trouble(message.reason, message.detail)
    if raw is not None:
        arrival = Arrival(message.uid, message.received_at, raw)
        opened = open_arrival(arrival, fingerprint(raw), reader)
        trouble = opened.trouble
        if trouble is None:
            trouble = _receive(store, message, opened)
    if trouble and raw is not None and message.sha256 is None:
        keep_handed_over(store, message.id, raw)
    if trouble:
        postpone(store, message.id, trouble, now)
    return trouble


def retry_kept(store: Store, numbers: Sequence[int]) -> Iterator[tuple[Confined, Trouble | None]]:
    """Try again now what is kept in quarantine: the messages with these numbers, or all."""
    for message in confined(store):
        if message.sha256 and (not numbers or message.id in numbers):
            raw = confined_bytes(store, message.id)
            yield message, receive_again(store, message, raw, datetime.now(UTC))


def _receive(store: Store, message: Confined, opened: Opened) -> Trouble | None:
    try:
        receive_confined(store, message, opened, settings().token_secret)
    except OperationalError:
        raise  # it is not the message's fault
    except Exception as error:  # noqa: BLE001 - whatever it does to the database
        return not_stored(error)
    return None


async def _bytes_of(message: Confined) -> bytes | None:
    """Read the message as it was kept, or ask the server again where it had withheld it."""
    if message.sha256 is not None:
        return await asyncio.to_thread(confined_bytes, store(), message.id)
    try:
        account = await configured_account(message.account)
        return await asyncio.to_thread(_ask_again, account, message)
    except (ConfigurationError, MailServerError):
        return None


def _ask_again(account: MailAccount, message: Confined) -> bytes | None:
    folder = open_folder(account, message.folder)
    try:
        if folder.uidvalidity != message.uidvalidity:
            return None
        arrivals = folder.fetch(folder.sizes([message.uid]))
        return arrivals[0].raw if arrivals else None
    finally:
        folder.close()
