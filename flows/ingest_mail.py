"""Mailboxes are watched in shifts, and what arrives there becomes contacts (R1)."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed

from domain.accounts import MailAccount
from domain.arrivals import Counts
from domain.services import Problem
from domain.shift import Shift
from flows.watch_account import LOOK_AGAIN, watch_account
from tasks import termination
from tasks.accounts import configured_accounts
from tasks.boards import show_mailboxes
from tasks.prefect_api import tolerated
from tasks.run_names import rename_run
from tasks.store.accounts import leave_alone_others
from tasks.store.database import store

CONNECTIONS = 1_000  # each watched folder waits in a thread of its own
REST = timedelta(minutes=5)  # before a watch that failed by itself is tried again


@dataclass(slots=True)
class _Watch:
    """The watch over one account: with which settings, and whether it has ended."""

    account: MailAccount
    run: asyncio.Task[State[Any]]
    ended_at: datetime | None = None

    def is_to_be_repeated(self, account: MailAccount, now: datetime) -> bool:
        """Whether to watch again: at once with other settings, else after a rest."""
        if self.run.done() and self.ended_at is None:
            self.ended_at = now
        ended = self.ended_at
        return ended is not None and (account != self.account or now - ended >= REST)


@flow(name="ingest-mail", flow_run_name="mail shift")
async def ingest_mail(shift_seconds: int = 600) -> State[Any]:
    """Watch every configured mail account for one shift, all of them at once."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(CONNECTIONS))
    await asyncio.to_thread(store().upgrade)
    termination.listen()
    shift = Shift(_now(), timedelta(seconds=shift_seconds))
    watches: list[_Watch] = []
    while not shift.is_over(_now()) and not termination.is_told():
        with tolerated("mail accounts"):
            await _start_watches(watches, shift)
        await show_mailboxes()
        await _rest(shift)
    states = await asyncio.gather(*(watch.run for watch in watches))
    await show_mailboxes()
    return await _outcome(states)


async def _start_watches(watches: list[_Watch], shift: Shift) -> None:
    """Start what is not watched yet, and what was changed or has failed."""
    accounts, problems = await configured_accounts()
    for problem in problems:
        get_run_logger().error("mail account %s: %s", problem.name, problem.problem)
    wanted = [account.name for account in accounts if account.creates_contacts]
    await asyncio.to_thread(leave_alone_others, store(), [*wanted, *_names(problems)])
    last = {watch.account.name: watch for watch in watches}
    for account in accounts:
        before = last.get(account.name)
        due = before is None or before.is_to_be_repeated(account, _now())
        if account.creates_contacts and due:
            run = asyncio.create_task(_watch(account.name, shift))
            watches.append(_Watch(account, run))


def _names(problems: Sequence[Problem]) -> list[str]:
    return [problem.name for problem in problems]  # what is entered badly is still wanted


async def _rest(shift: Shift) -> None:
    until = _now() + timedelta(seconds=min(LOOK_AGAIN, shift.remaining(_now())))
    while _now() < until and not termination.is_told():
        await asyncio.sleep(0.5)


async def _watch(account_name: str, shift: Shift) -> State[Any]:
    with tolerated(f"the run of {account_name}"):
        return await watch_account(account_name, shift.ends_at, return_state=True)
    return Failed(message=f"{account_name}: the Prefect server did not answer")


async def _outcome(states: list[State[Any]]) -> State[Any]:
    """Say what the shift brought; an account's failure is told, and is not the shift's."""
    counts = sum([await _counts(state) for state in states], Counts())
    failed = [state.message or "failed" for state in states if not state.is_completed()]
    await rename_run(f"mail shift - {counts}")
    return Completed(message="; ".join([str(counts), *failed]), data=counts)


async def _counts(state: State[Any]) -> Counts:
    result = await state.aresult(raise_on_failure=False)
    return result if isinstance(result, Counts) else Counts()


def _now() -> datetime:
    return datetime.now(UTC)
