"""The runner: registers the deployments with the Prefect server, and runs what falls due."""

import asyncio
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
    await runner.start()


async def _run_once(deployment_id: UUID) -> None:
    async with get_client() as client:
        await client.create_flow_run_from_deployment(deployment_id)
