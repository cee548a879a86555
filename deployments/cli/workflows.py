"""Commands about workflows: what there is, what runs, and what came of the events."""

from typing import Annotated
from uuid import uuid4

import typer
from pydantic import ValidationError

from deployments.cli.common import Acting, Limit, console, number_of, opened_store, say
from deployments.cli.workflow_definitions import (
    apply_files,
    check_files,
    retire_workflow,
    show_workflow,
    try_workflow,
)
from domain.errors import KontaktwerkError, Refused
from domain.events import StepEntered

app = typer.Typer(help="Workflows: the prescribed course of cases.", no_args_is_help=True)
app.command("check")(check_files)
app.command("apply")(apply_files)
app.command("retire")(retire_workflow)
app.command("show")(show_workflow)
app.command("try")(try_workflow)


@app.command("list")
def list_workflows() -> None:
    """List the workflows, and how many cases are in each."""
    from deployments.printing.workflows import workflows_table
    from tasks.store.workflow_lines import workflow_lines

    console.print(workflows_table(workflow_lines(opened_store())))


@app.command("runs")
def list_runs(
    case: Annotated[str | None, typer.Option(help="Those of a case, ended ones too.")] = None,
    limit: Limit = 50,
) -> None:
    """List the cases that are in a step: what stands still first, with its reason."""
    from deployments.printing.workflows import runs_table
    from tasks.store.workflow_lines import run_lines

    console.print(runs_table(run_lines(opened_store(), case, limit)))


@app.command("events")
def list_events(
    refused: Annotated[
        bool, typer.Option("--refused", help="Only those that were refused.")
    ] = False,
    limit: Limit = 50,
) -> None:
    """List the events that asked to enter a step, the latest first, and what came of them."""
    from deployments.printing.workflows import events_table
    from tasks.store.workflow_lines import event_lines

    console.print(events_table(event_lines(opened_store(), refused, limit)))


@app.command("enter")
def enter_step(
    case: str,
    workflow: str,
    step: str,
    employee: Acting,
    key: Annotated[
        str | None, typer.Option(help="The same key a second time changes nothing.")
    ] = None,
) -> None:
    """Let a case enter a step; the running shift creates its todos."""
    from tasks import workflows

    opened_store()
    _require_permission(employee)
    asked = _asked(case, workflow, step, key or f"kontakt:{employee}:{uuid4()}")
    entered = workflows.enter_step(asked)
    if entered.visit_id is None:
        typer.echo(entered.reason, err=True)
        raise typer.Exit(1)
    say(f"Visit {entered.visit_id} of {step} has begun: kontakt workflow runs --case {asked.case}")


@app.command("retry")
def retry_visit(
    visit: Annotated[int, number_of("The visit's number, as runs shows it.")],
    employee: Acting,
) -> None:
    """Let the shift look again at a visit that stands still, once its reason is gone."""
    from tasks import workflows

    opened_store()
    _require_permission(employee)
    workflows.retry_visit(visit)
    say(f"Visit {visit} is looked at again.")


@app.command("end")
def end_run(
    run: Annotated[int, number_of("The run's number, as runs shows it.")],
    employee: Acting,
) -> None:
    """End a case's course through a workflow; its open todos stay."""
    from tasks import workflows

    opened_store()
    _require_permission(employee)
    workflows.end_run(run)
    say(f"Run {run} has ended.")


def _asked(case: str, workflow: str, step: str, key: str) -> StepEntered:
    try:
        return StepEntered(case=case, workflow=workflow, step=step, idempotency_key=key)
    except ValidationError as error:
        first = error.errors()[0]
        raise KontaktwerkError(f"{first['loc'][0]}: {first['msg']}") from error


def _require_permission(employee: str) -> None:
    """Refused: the employee lacks the permission of contact management."""
    from domain.refusals import Refusal
    from domain.sending import PERMISSION
    from domain.todos import TodoReason
    from tasks.store.actors import actor

    with opened_store().reading() as connection:
        if PERMISSION not in actor(connection, employee).permissions:
            raise Refused([Refusal(TodoReason.NO_PERMISSION)])
