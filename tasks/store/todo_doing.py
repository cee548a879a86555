"""Todos are done and undone: a toggle, for wholes only once their parts are done (T3, T5)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from domain.changes import Editing
from domain.todos import reasons_against_outcome, reasons_not_to_change, reasons_not_to_finish
from domain.workflows import Workflow
from tasks.store.database import Store
from tasks.store.tables import step_visits, todos, workflow_runs, workflow_versions
from tasks.store.todo_events import announce_done
from tasks.store.todo_holding import Held, change, held, look_again, require


def set_done(
    store: Store,
    todo_id: int,
    employee: str,
    done: bool,
    now: datetime,
    outcome: str | None = None,
    *,
    seen: int | None = None,
) -> list[int]:
    """Do a todo, or undo it and what it is a part of; gives the ids of what is different now.

    Refused while a part is open. The outcome is one of those that the todo's workflow knows, and
    is needed where it knows any; done again with another one, that one counts. seen is the version
    that the employee saw: Refused names who changed what since.
    """

    def setting(connection: Connection) -> list[int]:
        this = held(connection, todo_id, Editing(employee, now, seen))
        return _do(connection, this, outcome, now) if done else _undo(connection, this, now)

    return store.write(setting)


def _do(connection: Connection, this: Held, outcome: str | None, now: datetime) -> list[int]:
    row = this.row
    outcome = outcome or row.outcome
    require(
        [
            *reasons_not_to_change(this.editor, this.concerned),
            *reasons_not_to_finish(_open_parts(connection, row.id)),
            *reasons_against_outcome(outcome, _outcomes(connection, row)),
            *this.stale,
        ]
    )
    values = {
        "done_at": row.done_at or now,
        "done_by_id": row.done_by_id or this.editor.id,
        "outcome": outcome,
        "remind_at": None,
    }
    if not change(connection, row, values, this.editor, now):
        return []
    _tell(connection, this, row.id, now)
    return [row.id]


def _undo(connection: Connection, this: Held, now: datetime) -> list[int]:
    """Undo a todo; what it is a part of cannot stay done (T3)."""
    require([*reasons_not_to_change(this.editor, this.concerned), *this.stale])
    done = [each for each in (this.row, *reversed(this.wholes)) if each.done_at is not None]
    for row in done:
        values = {"done_at": None, "done_by_id": None, "outcome": None}
        change(connection, row, values, this.editor, now)
        _tell(connection, this, row.id, now)
    return [row.id for row in done]


def _tell(connection: Connection, this: Held, todo_id: int, now: datetime) -> None:
    """Let the planner look at the visit that prescribed a todo, and let others know."""
    row = connection.execute(select(todos).where(todos.c.id == todo_id)).one()
    look_again(connection, row, now)
    announce_done(connection, row, this.editor.id, now)


def _open_parts(connection: Connection, todo_id: int) -> int:
    open_ones = (todos.c.parent_id == todo_id) & todos.c.done_at.is_(None)
    return connection.scalar(select(func.count()).where(open_ones)) or 0


def _outcomes(connection: Connection, row: Any) -> Collection[str]:
    """Give the outcomes that the template of a todo knows, in its run's version (W5)."""
    if row.visit_id is None:
        return ()
    version = (
        select(step_visits.c.step, workflow_versions.c.definition)
        .join(workflow_runs, workflow_runs.c.id == step_visits.c.run_id)
        .join(workflow_versions, workflow_versions.c.id == workflow_runs.c.version_id)
        .where(step_visits.c.id == row.visit_id)
    )
    visit = connection.execute(version).one()
    step = Workflow.model_validate(visit.definition).steps[visit.step]
    known = {each.path: each.template.outcomes for each in step.prescribed()}
    return known.get(row.template, ())
