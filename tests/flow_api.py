"""Shifts for tests, and what a Prefect server knows of them."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Literal, get_args

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun

from domain.accounts import MailAccount
from flows.ingest_mail import ingest_mail
from tasks import termination
from tasks.accounts import MailAccountBlock, save_account
from tasks.store.contacts import list_contacts
from tasks.store.database import Store

LONG_AGO = datetime.min.replace(tzinfo=UTC)
PAGE = 200  # records, the most that the server gives at once
LONGEST = 120  # seconds of a shift that is told to end before
Listing = Literal[
    "/flow_runs/filter",
    "/task_runs/filter",
    "/logs/filter",
    "/artifacts/filter",
    "/block_documents/filter",
]


async def save_accounts(*accounts: MailAccount) -> None:
    """Save mail accounts as blocks."""
    for each in accounts:
        await save_account(each)


async def forget_accounts() -> None:
    """Delete every mail account's block."""
    async with get_client() as client:
        slug = MailAccountBlock.get_block_type_slug()
        for document in await client.read_block_documents_by_type(slug):
            await client.delete_block_document(document.id)


async def flow_runs(parent: FlowRun | None = None) -> list[FlowRun]:
    """List the runs of flows, the latest first: all, or those that a run has begun."""
    filters: dict[str, Any] = {"sort": "START_TIME_DESC"}
    if parent:
        filters["flow_runs"] = {"parent_flow_run_id": {"any_": [str(parent.id)]}}
    return [FlowRun.model_validate(run) for run in await _asked("/flow_runs/filter", filters)]


async def artifacts(key: str) -> list[dict[str, Any]]:
    """List every artifact with a key."""
    return await _asked("/artifacts/filter", {"artifacts": {"key": {"any_": [key]}}})


async def everything_told(since: datetime = LONG_AGO) -> str:
    """Give all that anybody may read of runs, their parameters, logs and artifacts."""
    told = [record for listing in get_args(Listing) for record in await _asked(listing, {})]
    return repr([each for each in told if _instant(each) >= since])


def _instant(record: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(record.get("updated") or record["timestamp"])


async def _asked(listing: Listing, filters: dict[str, Any]) -> list[dict[str, Any]]:
    """List all of it: the server gives no more than a page at once."""
    found: list[dict[str, Any]] = []
    async with get_client() as client:
        while True:
            page = {**filters, "limit": PAGE, "offset": len(found)}
            answer = await client.request("POST", listing, json=page)
            found += answer.json()
            if len(answer.json()) < PAGE:
                return found


def subject_arrives(store: Store, subject: str, within: float = 120) -> float:
    """Wait for a contact; gives how long it took."""
    begin = time.monotonic()
    while time.monotonic() - begin < within:
        if any(line.matchcode == subject for line in list_contacts(store)):
            return time.monotonic() - begin
        time.sleep(0.02)
    raise AssertionError(f"{subject} is no contact after {within} s")


def shift_during(what: Callable[[], Any]) -> Any:
    """Work one shift while something happens beside it; gives what that found.

    The shift is told to end afterwards, which on a busy machine may take its time.
    """

    def all_of_it() -> Any:
        try:
            return what()
        finally:
            vars(termination)["_told"].set()

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as beside:
        patch.setattr(termination, "_told", threading.Event())
        found: Future[Any] = beside.submit(all_of_it)
        asyncio.run(ingest_mail(shift_seconds=LONGEST))
        return found.result()
