"""Workflows, their runs and the events that they got, each in a line, for people to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from domain.errors import UnknownRecord
from domain.workflow_checks import Known
from domain.workflows import Workflow
from tasks.store.database import Store
from tasks.store.tables import (
    activity_types,
    cases,
    employees,
    incoming_events,
    step_visits,
    teams,
    todos,
    workflow_runs,
    workflow_versions,
)


@dataclass(frozen=True, slots=True)
class WorkflowLine:
    """A workflow in its latest version."""

    name: str
    title: str
    version: int
    applied: datetime
    retired: datetime | None
    running: int  # cases, in whichever version


@dataclass(frozen=True, slots=True)
class RunLine:
    """A case in a step, or a run that has ended."""

    id: int
    case: str
    workflow: str
    version: int
    status: str
    visit_id: int | None
    step: str | None
    entered: datetime | None
    open_todos: int
    reason: str | None  # why it stands still
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event that asked to enter a step."""

    id: str
    occurred: datetime
    case: str
    workflow: str
    step: str
    outcome: str
    reason: str | None
    visit_id: int | None


def known_names(store: Store) -> Known:
    """Tell what definitions may name; before there is a directory, nothing is known of that."""
    with store.reading() as connection:
        working = select(employees.c.number).where(employees.c.active)
        numbers = frozenset(connection.scalars(working))
        if not numbers:
            return Known()
        return Known(
            numbers,
            frozenset(connection.scalars(select(teams.c.name))),
            frozenset(connection.scalars(select(activity_types.c.name))),
        )


def workflow_lines(store: Store) -> Sequence[WorkflowLine]:
    """List the workflows by name, the retired ones too."""
    with store.reading() as connection:
        running = _running(connection)
        query = select(workflow_versions).where(_is_latest()).order_by(workflow_versions.c.name)
        return [
            WorkflowLine(
                row.name,
                row.definition["title"],
                row.version,
                row.applied_at,
                row.retired_at,
                running.get(row.name, 0),
            )
            for row in connection.execute(query)
        ]


def defined(store: Store, name: str, version: int | None = None) -> Workflow:
    """Read a workflow, in its latest version or another one; UnknownRecord: there is none."""
    wanted = _is_latest() if version is None else workflow_versions.c.version == version
    found = _definition(store, name, wanted)
    if found is None:
        which = f"{name} in version {version}" if version else name
        raise UnknownRecord(f"there is no workflow {which}")
    return found


def latest_definition(store: Store, name: str) -> Workflow | None:
    """Read the latest version of a workflow, where there is one."""
    return _definition(store, name, _is_latest())


def run_lines(store: Store, case: str | None = None, limit: int = 50) -> Sequence[RunLine]:
    """List the open runs, those that stand still first; of one case, those that ended as well."""
    with store.reading() as connection:
        if case is None:
            query = _selecting_runs().where(workflow_runs.c.ended_at.is_(None))
        else:
            query = _selecting_runs().where(cases.c.id == _case_id(connection, case))
        still_first = step_visits.c.reason.is_(None), workflow_runs.c.id.desc()
        rows = connection.execute(query.order_by(*still_first).limit(limit))
        return [_run(row) for row in rows]


def event_lines(store: Store, refused: bool = False, limit: int = 50) -> Sequence[EventLine]:
    """List events that asked to enter a step, the latest first; all, or those that were refused."""
    query = select(incoming_events).order_by(
        incoming_events.c.occurred_at.desc(), incoming_events.c.id
    )
    if refused:
        query = query.where(incoming_events.c.reason.is_not(None))
    with store.reading() as connection:
        return [_event(row) for row in connection.execute(query.limit(limit))]


def _definition(store: Store, name: str, wanted: ColumnElement[bool]) -> Workflow | None:
    query = select(workflow_versions.c.definition).where(workflow_versions.c.name == name, wanted)
    with store.reading() as connection:
        definition = connection.scalar(query)
    return None if definition is None else Workflow.model_validate(definition)


def _is_latest() -> ColumnElement[bool]:
    others = workflow_versions.alias("others")
    latest = select(func.max(others.c.version)).where(others.c.name == workflow_versions.c.name)
    return workflow_versions.c.version == latest.scalar_subquery()


def _running(connection: Connection) -> dict[str, int]:
    query = (
        select(workflow_versions.c.name, func.count())
        .join(workflow_runs, workflow_runs.c.version_id == workflow_versions.c.id)
        .where(workflow_runs.c.ended_at.is_(None))
        .group_by(workflow_versions.c.name)
    )
    return {name: count for name, count in connection.execute(query)}


def _case_id(connection: Connection, number: str) -> int:
    found = connection.scalar(select(cases.c.id).where(cases.c.number == number.upper()))
    if found is None:
        raise UnknownRecord(f"there is no case {number}")
    return int(found)


def _selecting_runs() -> Select[Any]:
    """Select runs, each with the visits that it has not left."""
    is_there = and_(step_visits.c.run_id == workflow_runs.c.id, step_visits.c.left_at.is_(None))
    is_open = (todos.c.visit_id == step_visits.c.id) & todos.c.done_at.is_(None)
    counted = select(func.count()).select_from(todos).where(is_open).correlate(step_visits)
    return (
        select(
            workflow_runs,
            cases.c.number.label("case_number"),
            workflow_versions.c.name.label("workflow"),
            workflow_versions.c.version,
            step_visits.c.id.label("visit_id"),
            step_visits.c.step,
            step_visits.c.entered_at,
            step_visits.c.reason,
            counted.scalar_subquery().label("open_todos"),
        )
        .join(cases, cases.c.id == workflow_runs.c.case_id)
        .join(workflow_versions, workflow_versions.c.id == workflow_runs.c.version_id)
        .outerjoin(step_visits, is_there)
    )


def _run(row: Any) -> RunLine:
    return RunLine(
        row.id,
        row.case_number,
        row.workflow,
        row.version,
        row.status,
        row.visit_id,
        row.step,
        row.entered_at,
        row.open_todos,
        row.reason,
        row.ended_at,
    )


def _event(row: Any) -> EventLine:
    case, workflow, step = (_said(row.payload, name) for name in ("case", "workflow", "step"))
    return EventLine(
        row.id, row.occurred_at, case, workflow, step, row.outcome, row.reason, row.visit_id
    )


def _said(payload: Any, name: str) -> str:
    """Read what an event says, which may be anything."""
    return str(payload.get(name, ""))[:100] if isinstance(payload, dict) else ""
