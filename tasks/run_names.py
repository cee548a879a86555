"""Runs say by their names what they did."""

from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext

from tasks.prefect_api import tolerated


async def rename_run(name: str) -> None:
    """Give the current flow run another name, now that it is known what it did."""
    context = FlowRunContext.get()
    if context and context.flow_run:
        with tolerated("run name"):
            async with get_client() as client:
                await client.update_flow_run(context.flow_run.id, name=name)
