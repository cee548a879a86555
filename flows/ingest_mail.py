"""Mailboxes are watched in shifts, and what arrives there becomes contacts (R1)."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed

from domain.arrivals import Counts
from domain.shift import Shift
from flows.watch_account import LOOK_AGAIN, watch_account
from tasks.accounts import configured_accounts
from tasks.boards import show_mailboxes
from tasks.prefect_api import tolerated
from tasks.run_names import rename_run
from tasks.store.database import store

CONNECTIONS = 200  # each watched folder waits in a thread of its own


@flow(name="ingest-mail", flow_run_name="mail shift")
async def ingest_mail(shift_seconds: int = 600) -> State[Any]:
    """Watch every configured mail account for one shift, all of them at once."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(CONNECTIONS))
    await asyncio.to_thread(store().upgrade)
    shift = Shift(datetime.now(UTC), timedelta(seconds=shift_seconds))
    watches: dict[str, asyncio.Task[State[Any]]] = {}
    ended: list[State[Any]] = []
    while not shift.is_over(datetime.now(UTC)):
        with tolerated("mail accounts"):
            await _start_watches(watches, shift)
        await show_mailboxes()
        await asyncio.sleep(min(LOOK_AGAIN, shift.remaining(datetime.now(UTC))))
        ended += [watches.pop(name).result() for name in list(watches) if watches[name].done()]
    ended += await asyncio.gather(*watches.values())
    await show_mailboxes()
    return await _outcome(ended)


async def _start_watches(watches: dict[str, asyncio.Task[State[Any]]], shift: Shift) -> None:
    """Start what is not watched yet; an account that ended is watched anew with its changes."""
    accounts, problems = await configured_accounts()
    for problem in problems:
        get_run_logger().error("mail account %s: %s", problem.name, problem.problem)
    for account in accounts:
        if account.creates_contacts and account.name not in watches:
            watches[account.name] = asyncio.create_task(_watch(account.name, shift))


async def _watch(account_name: str, shift: Shift) -> State[Any]:
    return await watch_account(account_name, shift.ends_at, return_state=True)


async def _outcome(states: list[State[Any]]) -> State[Any]:
    """Say what the shift brought; an account's failure is told, and is not the shift's."""
    counts = sum([await _counts(state) for state in states], Counts())
    failed = [state.message or "failed" for state in states if not state.is_completed()]
    await rename_run(f"mail shift - {counts}")
    return Completed(message="; ".join([str(counts), *failed]), data=counts)


async def _counts(state: State[Any]) -> Counts:
    result = await state.aresult(raise_on_failure=False)
    return result if isinstance(result, Counts) else Counts()
