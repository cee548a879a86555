"""What the workflows' boards show: numbers of cases and todos, and what stands still."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select

from domain.workflows import Workflow
from tasks.store.database import Store
from tasks.store.runs import REFUSED
from tasks.store.tables import (
    cases,
    incoming_events,
    outgoing_events,
    step_visits,
    todos,
    workflow_runs,
    workflow_versions,
)


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many cases are in a step, and how far its todos are."""

    cases: int = 0
    open_todos: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Standstill:
    """A visit that stands still until somebody does something about it."""

    visit_id: int
    case: str
    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class WorkflowCounts:
    """A workflow as it is now: its latest version, and how many cases are where.

    The former steps are those that only earlier versions have, as far as something is in them.
    """

    workflow: Workflow
    steps: dict[str, StepCount]
    former: dict[str, StepCount]
    standing: Sequence[Standstill]
    is_retired: bool = False

    @property
    def is_over(self) -> bool:
        """Whether no case starts with it any more, and none is in it."""
        counts = [*self.steps.values(), *self.former.values()]
        return self.is_retired and not any(each.cases for each in counts)


@dataclass(frozen=True, slots=True)
class RefusedEvent:
    """An event that entered no step."""

    id: str
    handled_at: datetime
    payload: Mapping[str, Any]
    reason: str


def last_change(store: Store) -> int:
    """Give a number that grows with each change of a todo or a run; it costs nothing to ask."""
    with store.reading() as connection:
        return connection.scalar(select(func.max(outgoing_events.c.id))) or 0


def workflow_counts(store: Store, now: datetime, most: int) -> list[WorkflowCounts]:
    """Count for every workflow, by its name; the standstills are the latest."""
    with store.reading() as connection:
        counts: dict[str, dict[str, StepCount]] = defaultdict(dict)
        for (name, step), count in sorted(_step_counts(connection, now).items()):
            counts[name][step] = count
        return [
            _counted(row, counts[row.name], _standing(connection, row.name, most))
            for row in _latest(connection)
        ]


def refused_events(store: Store, most: int) -> list[RefusedEvent]:
    """List the events that entered no step, the latest first."""
    query = (
        select(incoming_events)
        .where(incoming_events.c.outcome == REFUSED)
        .order_by(incoming_events.c.handled_at.desc(), incoming_events.c.id)
        .limit(most)
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return [RefusedEvent(row.id, row.handled_at, _fields(row), row.reason or "") for row in rows]


def _fields(row: Any) -> Mapping[str, Any]:
    return row.payload if isinstance(row.payload, dict) else {}  # programs emit anything


def _latest(connection: Connection) -> Sequence[Any]:
    newest = select(func.max(workflow_versions.c.id)).group_by(workflow_versions.c.name)
    query = select(workflow_versions).where(workflow_versions.c.id.in_(newest))
    return connection.execute(query.order_by(workflow_versions.c.name)).all()


def _counted(
    row: Any, counts: Mapping[str, StepCount], standing: Sequence[Standstill]
) -> WorkflowCounts:
    workflow = Workflow.model_validate(row.definition)
    return WorkflowCounts(
        workflow,
        {step: counts.get(step, StepCount()) for step in workflow.steps},
        {step: count for step, count in counts.items() if step not in workflow.steps},
        standing,
        row.retired_at is not None,
    )


def _step_counts(connection: Connection, now: datetime) -> dict[tuple[str, str], StepCount]:
    inside = _cases_inside(connection)
    todo_counts = _todo_counts(connection, now)
    return {
        place: StepCount(inside.get(place, 0), *todo_counts.get(place, (0, 0)))
        for place in inside.keys() | todo_counts.keys()
    }


def _cases_inside(connection: Connection) -> dict[tuple[str, str], int]:
    name, step = workflow_versions.c.name, step_visits.c.step
    query = (
        select(name, step, func.count(workflow_runs.c.case_id.distinct()).label("cases"))
        .select_from(workflow_runs)
        .join(workflow_versions, workflow_versions.c.id == workflow_runs.c.version_id)
        .join(step_visits, step_visits.c.run_id == workflow_runs.c.id)
        .where(workflow_runs.c.ended_at.is_(None), step_visits.c.left_at.is_(None))
        .group_by(name, step)
    )
    return {(row.name, row.step): row.cases for row in connection.execute(query)}


def _todo_counts(connection: Connection, now: datetime) -> dict[tuple[str, str], tuple[int, int]]:
    name, step = workflow_versions.c.name, step_visits.c.step
    overdue = func.sum(case((todos.c.due_at < now, 1), else_=0)).label("overdue")
    query = (
        select(name, step, func.count().label("open"), overdue)
        .select_from(todos)
        .join(step_visits, step_visits.c.id == todos.c.visit_id)
        .join(workflow_runs, workflow_runs.c.id == step_visits.c.run_id)
        .join(workflow_versions, workflow_versions.c.id == workflow_runs.c.version_id)
        .where(todos.c.done_at.is_(None))
        .group_by(name, step)
    )
    return {(row.name, row.step): (row.open, row.overdue) for row in connection.execute(query)}


def _standing(connection: Connection, name: str, most: int) -> list[Standstill]:
    query = (
        select(step_visits.c.id, cases.c.number, step_visits.c.step, step_visits.c.reason)
        .join(workflow_runs, workflow_runs.c.id == step_visits.c.run_id)
        .join(workflow_versions, workflow_versions.c.id == workflow_runs.c.version_id)
        .join(cases, cases.c.id == workflow_runs.c.case_id)
        .where(
            workflow_versions.c.name == name,
            workflow_runs.c.ended_at.is_(None),
            step_visits.c.left_at.is_(None),
            step_visits.c.reason.is_not(None),
        )
        .order_by(step_visits.c.id.desc())
        .limit(most)
    )
    return [Standstill(*row) for row in connection.execute(query)]
