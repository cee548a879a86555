"""What people change on runs: a visit that stands still is tried again, and a run is ended."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, update

from domain.errors import UnknownRecord
from domain.workflow_notes import run_stopped
from domain.workflow_runs import RunStatus, VisitStatus
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.leaving import comment_open_todos
from tasks.store.tables import cases, step_visits, workflow_runs


def retry_visit(store: Store, visit_id: int, now: datetime) -> None:
    """Try a visit again that stands still; UnknownRecord where there is none that is not left."""
    this = (step_visits.c.id == visit_id) & step_visits.c.left_at.is_(None)
    trying = update(step_visits).where(this).values(look_at=now, attempts=0)
    if not store.write(lambda connection: connection.execute(trying).rowcount):
        raise UnknownRecord(f"there is no visit {visit_id} that could be tried again")


def end_run(store: Store, run_id: int, now: datetime) -> None:
    """End a case's course through a workflow; UnknownRecord where there is none that is open.

    Its todos stay open, and say so; nobody is reminded of them any more.
    """
    comment = run_stopped(settings().language)

    def ending(connection: Connection) -> int:
        ended = end_runs(connection, [run_id], now, RunStatus.STOPPED)
        if ended:
            mine = select(step_visits.c.id).where(step_visits.c.run_id == run_id)
            comment_open_todos(connection, dict.fromkeys(connection.scalars(mine), comment), now)
        return ended

    if not store.write(ending):
        raise UnknownRecord(f"there is no open workflow run {run_id}")


def look_at_finished_cases(connection: Connection, now: datetime) -> None:
    """Let the shift look at what runs for finished cases, so that it ends."""
    of_finished = (
        select(workflow_runs.c.id)
        .join(cases, cases.c.id == workflow_runs.c.case_id)
        .where(workflow_runs.c.ended_at.is_(None), ~cases.c.open)
    )
    inside = step_visits.c.run_id.in_(of_finished) & step_visits.c.left_at.is_(None)
    connection.execute(update(step_visits).where(inside).values(look_at=now))


def end_runs(
    connection: Connection,
    run_ids: Collection[int],
    now: datetime,
    status: RunStatus = RunStatus.ENDED,
) -> int:
    """End runs before their last step, with the visits that they have not left; gives how many."""
    these = workflow_runs.c.id.in_(run_ids) & workflow_runs.c.ended_at.is_(None)
    values = {"status": status, "ended_at": now}
    ended = connection.execute(update(workflow_runs).where(these).values(**values)).rowcount
    inside = step_visits.c.run_id.in_(run_ids) & step_visits.c.left_at.is_(None)
    leaving = update(step_visits).where(inside)
    connection.execute(
        leaving.values(status=VisitStatus.ENDED, left_at=now, look_at=None, reason=None)
    )
    return ended
