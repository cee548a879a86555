"""One mail account's part of a shift: all its folders watched, and a run that says what came."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed

from domain.accounts import MailAccount
from domain.arrivals import Counts
from domain.errors import ConfigurationError
from flows.watching import FolderWatch
from tasks import termination
from tasks.accounts import configured_account
from tasks.prefect_api import tolerated
from tasks.run_names import rename_run
from tasks.store.accounts import enter_account
from tasks.store.database import store

LOOK_AGAIN = 15.0  # seconds; how soon a changed account is noticed


@flow(name="watch-account", flow_run_name="{account_name}", validate_parameters=False)
async def watch_account(account_name: str, until: datetime) -> State[Any]:
    """Watch one mail account until the shift ends, or the account is changed."""
    termination.listen()
    try:
        account = await configured_account(account_name)
        boxes = await asyncio.to_thread(enter_account, store(), account)
    except ConfigurationError as error:
        return Failed(message=str(error), data=Counts())
    changed = asyncio.Event()

    def is_over() -> bool:
        return changed.is_set() or termination.is_told() or datetime.now(UTC) >= until

    watches = [FolderWatch(account, box, is_over) for box in boxes]
    looking = asyncio.create_task(_look_for_changes(account, watches, changed))
    try:
        await asyncio.gather(*(watch.run() for watch in watches))
    finally:
        changed.set()  # where one folder failed in a way that nobody foresaw, the others end too
        looking.cancel()
    return await _outcome(account, watches)


async def _look_for_changes(
    account: MailAccount, watches: Sequence[FolderWatch], changed: asyncio.Event
) -> None:
    """Notice that the account is changed; meanwhile the run's name says what came so far."""
    shown = Counts()
    while not changed.is_set():
        await asyncio.sleep(LOOK_AGAIN)
        if _brought(watches) != shown:
            shown = _brought(watches)
            await rename_run(f"{account.name} - {shown}")
        with tolerated("mail account"):
            if await _is_changed(account):
                changed.set()


async def _is_changed(account: MailAccount) -> bool:
    try:
        if await configured_account(account.name) == account:
            return False
    except ConfigurationError as error:
        get_run_logger().warning("%s", error)
    get_run_logger().info("%s was changed: this watch ends", account.name)
    return True


def _brought(watches: Sequence[FolderWatch]) -> Counts:
    return sum((watch.counts for watch in watches), Counts())


async def _outcome(account: MailAccount, watches: Sequence[FolderWatch]) -> State[Any]:
    counts = _brought(watches)
    failures = [f"{watch.box.folder}: {watch.failure}" for watch in watches if watch.failure]
    told = "; ".join([str(counts), *failures])
    await rename_run(f"{account.name} - {counts}")
    if failures:
        return Failed(message=told, data=counts)
    return Completed(message=told, data=counts)
