"""The runner: registers the deployments with the Prefect server, and runs what falls due."""

import asyncio
import signal
from contextlib import suppress
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.runner import Runner

from deployments.configuration import apply, configuration
from deployments.schedule import planned
from tasks.accounts import MailAccountBlock
from tasks.settings import settings
from tasks.store.database import store

POLL_SECONDS = 1  # how soon a run that falls due is begun


async def run() -> None:
    """Bring database and configuration up to date, then serve every deployment until stopped."""
    await asyncio.to_thread(store().upgrade)
    await MailAccountBlock.aregister_type_and_schema()
    await apply(configuration(settings()))
    runner = Runner(
        name="kontaktwerk", query_seconds=POLL_SECONDS, limit=None, pause_on_shutdown=False
    )
    for plan in planned(settings()):
        deployment_id = await runner.aadd_deployment(await plan.deployment())
        if plan.at_start:
            await _run_once(deployment_id)
    await _serve(runner)


async def _serve(runner: Runner) -> None:
    """Serve until told to end; the runner's own way out leaves its log in pieces."""
    serving = asyncio.ensure_future(runner.start())
    loop = asyncio.get_running_loop()
    # Only once it has begun, for it sets a handler itself.
    loop.call_soon(loop.add_signal_handler, signal.SIGTERM, serving.cancel)
    with suppress(asyncio.CancelledError):
        await serving


async def _run_once(deployment_id: UUID) -> None:
    async with get_client() as client:
        await client.create_flow_run_from_deployment(deployment_id)
