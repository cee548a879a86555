"""Workflows, what runs of them, and the events that they got, as tables."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import RenderableType

from deployments.printing.tables import local, table
from tasks.store.workflow_lines import EventLine, RunLine, WorkflowLine

_MINUTES = "%Y-%m-%d %H:%M"


def workflows_table(workflows: Sequence[WorkflowLine]) -> RenderableType:
    """Show workflows as a table."""
    columns = ("workflow", "title", "version", "applied", "cases in it", "")
    return table("Workflows", columns, (_workflow(each) for each in workflows))


def runs_table(runs: Sequence[RunLine]) -> RenderableType:
    """Show runs as a table, with what each waits for."""
    columns = ("run", "case", "workflow", "visit", "step", "since", "open todos", "state")
    return table("Runs", columns, (_run(each) for each in runs))


def events_table(events: Sequence[EventLine]) -> RenderableType:
    """Show events that asked to enter a step, and what came of them."""
    columns = ("at", "case", "workflow", "step", "what came of it", "event")
    return table("Events", columns, (_event(each) for each in events))


def _workflow(each: WorkflowLine) -> Sequence[str]:
    retired = f"retired {_at(each.retired)}" if each.retired else ""
    version, running = str(each.version), str(each.running)
    return each.name, each.title, version, _at(each.applied), running, retired


def _run(each: RunLine) -> Sequence[str]:
    return (
        str(each.id),
        each.case,
        f"{each.workflow} {each.version}",
        str(each.visit_id or ""),
        each.step or "",
        _at(each.entered),
        str(each.open_todos or ""),
        f"stands still: {each.reason}" if each.reason else each.status,
    )


def _event(each: EventLine) -> Sequence[str]:
    entered = f"visit {each.visit_id}" if each.visit_id else each.outcome
    came = each.reason or entered
    return _at(each.occurred), each.case, each.workflow, each.step, came, each.id


def _at(instant: datetime | None) -> str:
    return local(instant, _MINUTES)
