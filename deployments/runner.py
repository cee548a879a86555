"""The runner: registers the deployments with the Prefect server, and runs what falls due."""

import asyncio
import logging
import signal
from contextlib import suppress
from uuid import UUID

import psutil
from prefect.client.orchestration import get_client
from prefect.runner import Runner

from deployments.automations import deploy_automation
from deployments.configuration import apply, configuration
from deployments.schedule import planned
from deployments.workflow_applying import apply_folders
from tasks.accounts import MailAccountBlock
from tasks.gateway_blocks import FaxGatewayBlock, PushServiceBlock, SmsGatewayBlock
from tasks.settings import settings
from tasks.store.database import store

_LOGGER = logging.getLogger(__name__)
HAND_OVER_SECONDS = 8  # for the runs to finish their batches and give back their leases
POLL_SECONDS = 1  # how soon a run that falls due is begun


async def run() -> None:
    """Bring database and configuration up to date, then serve every deployment until stopped."""
    await asyncio.to_thread(store().upgrade)
    for form in (MailAccountBlock, SmsGatewayBlock, FaxGatewayBlock, PushServiceBlock):
        await form.aregister_type_and_schema()
    await apply(configuration(settings()))
    for problem in await asyncio.to_thread(apply_folders, settings(), store()):
        _LOGGER.warning("left out: %s", problem)
    runner = Runner(
        name="kontaktwerk", query_seconds=POLL_SECONDS, limit=None, pause_on_shutdown=False
    )
    ids: dict[str, UUID] = {}
    for plan in planned(settings()):
        ids[plan.name] = await runner.aadd_deployment(await plan.deployment())
        if plan.at_start:
            await _run_once(ids[plan.name])
    await deploy_automation(ids["report-bounces"])
    await _serve(runner)


async def _serve(runner: Runner) -> None:
    """Serve until told to end; what runs then is told as well, and may hand over."""
    serving = asyncio.ensure_future(runner.start())
    await asyncio.sleep(0)  # it has begun then, and has set the handler that is replaced here
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    ending = asyncio.create_task(_end_in_order(told, serving))
    with suppress(asyncio.CancelledError):
        await serving
    ending.cancel()


async def _end_in_order(told: asyncio.Event, serving: asyncio.Future[None]) -> None:
    await told.wait()
    runs = psutil.Process().children()
    for run in runs:
        run.terminate()
    with suppress(TimeoutError):  # what still runs then is ended; its leases run out
        async with asyncio.timeout(HAND_OVER_SECONDS):
            while any(run.is_running() for run in runs):
                await asyncio.sleep(0.1)
    serving.cancel()


async def _run_once(deployment_id: UUID) -> None:
    async with get_client() as client:
        await client.create_flow_run_from_deployment(deployment_id)
