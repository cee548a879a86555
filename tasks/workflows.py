"""Workflows, for flows, the command line and other programs: each function is one act, now."""

from collections.abc import Sequence

from domain.due_times import Calendar
from domain.events import StepEntered
from domain.workflows import Workflow
from tasks.settings import settings
from tasks.store import dry_run, run_changes, runs
from tasks.store.database import store
from tasks.store.dry_run import WouldHave
from tasks.store.runs import Entered


def enter_step(entered: StepEntered) -> Entered:
    """Let a case enter a step of a workflow; twice with one key is once (W1, W4)."""
    return runs.enter_step(store(), entered, store().now())


def retry_visit(visit_id: int) -> None:
    """Try a visit again that stands still; UnknownRecord where there is none to be tried."""
    run_changes.retry_visit(store(), visit_id, store().now())


def end_run(run_id: int) -> None:
    """End a case's course through a workflow; UnknownRecord where there is none that is open."""
    run_changes.end_run(store(), run_id, store().now())


def what_would_have(workflow: Workflow, days: int) -> Sequence[WouldHave]:
    """Say which todos a workflow would have created of what happened; nothing is written."""
    here = settings()
    calendar = Calendar(here.zone, here.country, here.state)
    return dry_run.what_would_have(store(), workflow, days, store().now(), calendar)
