"""The buttons of a workflow: try again what stands still, end a run."""

import asyncio
from collections.abc import Callable
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed

from domain.entered import RecordNumber
from domain.errors import KontaktwerkError
from flows.refusing import reasons, refused
from tasks.workflows import end_run
from tasks.workflows import retry_visit as try_again


@flow(name="retry-visit", flow_run_name="try visit {visit} again")
async def retry_visit(visit: RecordNumber) -> State[Any]:
    """Try a visit of a step again that stands still, once what it asks for is there.

    Args:
        visit: The visit's number, as the workflow's board shows it.
    """
    return await _pressed(lambda: try_again(visit), f"visit {visit} is tried again")


@flow(name="end-workflow-run", flow_run_name="end workflow run {run}")
async def end_workflow_run(run: RecordNumber) -> State[Any]:
    """End a case's course through a workflow; its open todos stay as they are.

    Args:
        run: The run's number, as the workflow's events and the command line show it.
    """
    return await _pressed(lambda: end_run(run), f"workflow run {run} has ended")


async def _pressed(press: Callable[[], None], done: str) -> State[Any]:
    try:
        await asyncio.to_thread(press)
    except KontaktwerkError as error:
        return refused(reasons(error))
    get_run_logger().info("%s", done)
    return Completed(message=done, data=[done])
