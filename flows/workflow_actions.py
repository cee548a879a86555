"""The buttons of a workflow: try again what stands still, end a run."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from domain.entered import RecordNumber
from flows.pressing import pressed
from tasks.workflows import end_run
from tasks.workflows import retry_visit as try_again


@flow(name="retry-visit", flow_run_name="try visit {visit} again")
async def retry_visit(visit: RecordNumber) -> State[Any]:
    """Try a visit of a step again that stands still, once what it asks for is there.

    Args:
        visit: The visit's number, as the workflow's board shows it.
    """
    return await pressed(lambda: try_again(visit), f"visit {visit} is tried again")


@flow(name="end-workflow-run", flow_run_name="end workflow run {run}")
async def end_workflow_run(run: RecordNumber) -> State[Any]:
    """End a case's course through a workflow; its open todos stay as they are.

    Args:
        run: The run's number, as the workflow's events and the command line show it.
    """
    return await pressed(lambda: end_run(run), f"workflow run {run} has ended")
