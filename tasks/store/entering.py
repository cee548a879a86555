"""Steps are entered: a visit is a row that says what is to be planned, and others are told."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from domain.events import EventName, StepBegun
from domain.workflow_runs import RunStatus, VisitStatus
from tasks.store.events import News, publish
from tasks.store.tables import cases, step_visits, workflow_runs, workflow_versions

Place = tuple[int, str]  # a case, and the name of a workflow


@dataclass(frozen=True, slots=True)
class Entrance:
    """A step that a run enters, by an event with a key of its own."""

    run_id: int
    step: str
    key: str
    contact_id: int | None = None  # that entered it


@dataclass(frozen=True, slots=True)
class KnownVisit:
    """A visit that a key has entered before: of which case, workflow and step."""

    id: int
    case: str
    workflow: str
    step: str


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A case's course through a workflow, in the version that it has (W5)."""

    id: int
    version_id: int


def locked_cases(connection: Connection, numbers: Collection[str]) -> Mapping[str, Any]:
    """Read cases by their numbers, so that nobody else starts a run for them meanwhile."""
    query = select(cases.c.id, cases.c.number, cases.c.kind, cases.c.open).order_by(cases.c.id)
    locking = query.where(cases.c.number.in_(numbers)).with_for_update(key_share=True)
    return {row.number: row for row in connection.execute(locking)}


def open_runs(connection: Connection, case_ids: Collection[int]) -> dict[Place, OpenRun]:
    """Read what runs for cases, so that nobody ends it meanwhile."""
    query = (
        select(workflow_runs, workflow_versions.c.name)
        .join(workflow_versions, workflow_versions.c.id == workflow_runs.c.version_id)
        .where(workflow_runs.c.case_id.in_(case_ids), workflow_runs.c.ended_at.is_(None))
        .order_by(workflow_runs.c.id)
        .with_for_update(of=workflow_runs, key_share=True)
    )
    rows = connection.execute(query)
    return {(row.case_id, row.name): OpenRun(row.id, row.version_id) for row in rows}


def start_run(connection: Connection, case_id: int, version_id: int, now: datetime) -> OpenRun:
    """Start a case's course through a version of a workflow."""
    row = {
        "version_id": version_id,
        "case_id": case_id,
        "status": RunStatus.OPEN,
        "started_at": now,
    }
    starting = insert(workflow_runs).values(**row).returning(workflow_runs.c.id)
    return OpenRun(int(connection.execute(starting).scalar_one()), version_id)


def begin_visits(
    connection: Connection, entrances: Sequence[Entrance], now: datetime
) -> dict[str, int]:
    """Enter steps, to be planned at once; gives the visits' ids by their keys."""
    if not entrances:
        return {}
    numbers = _numbers(connection, {each.run_id for each in entrances})
    rows = []
    for each in entrances:
        numbers[each.run_id, each.step] += 1
        rows.append(_row(each, numbers[each.run_id, each.step], now))
    entering = insert(step_visits).returning(step_visits.c.id, step_visits.c.key)
    ids = {row.key: row.id for row in connection.execute(entering, rows)}
    _tell(connection, entrances, ids, now)
    return ids


def known_visits(connection: Connection, keys: Collection[str]) -> dict[str, KnownVisit]:
    """Tell which keys have entered a step before, and which visits those were."""
    query = (
        select(
            step_visits.c.key,
            step_visits.c.id,
            cases.c.number,
            workflow_versions.c.name,
            step_visits.c.step,
        )
        .join(workflow_runs, workflow_runs.c.id == step_visits.c.run_id)
        .join(workflow_versions, workflow_versions.c.id == workflow_runs.c.version_id)
        .join(cases, cases.c.id == workflow_runs.c.case_id)
        .where(step_visits.c.key.in_(keys))
    )
    return {key: KnownVisit(*visit) for key, *visit in connection.execute(query)}


def _numbers(connection: Connection, run_ids: Collection[int]) -> Counter[tuple[int, str]]:
    """Count the visits that each step of these runs has had."""
    place = (step_visits.c.run_id, step_visits.c.step)
    query = select(*place, func.max(step_visits.c.number).label("last")).group_by(*place)
    rows = connection.execute(query.where(step_visits.c.run_id.in_(run_ids)))
    return Counter({(row.run_id, row.step): row.last for row in rows})


def _row(entrance: Entrance, number: int, now: datetime) -> dict[str, Any]:
    return {
        "run_id": entrance.run_id,
        "step": entrance.step,
        "number": number,
        "key": entrance.key,
        "contact_id": entrance.contact_id,
        "status": VisitStatus.ENTERED,
        "entered_at": now,
        "attempts": 0,
        "look_at": now,
    }


def _tell(
    connection: Connection, entrances: Sequence[Entrance], ids: Mapping[str, int], now: datetime
) -> None:
    runs = told_of_runs(connection, {each.run_id for each in entrances})
    news = []
    for each in entrances:
        run = runs[each.run_id]
        payload = StepBegun(
            case=run.case,
            workflow=run.workflow,
            version=run.version,
            step=each.step,
            run=each.run_id,
            visit=ids[each.key],
        )
        news.append(News(run.case, payload))
    publish(connection, EventName.STEP_BEGUN, news, now)


def told_of_runs(connection: Connection, run_ids: Collection[int]) -> Mapping[int, Any]:
    """Read what others are told of runs: the case's number, the workflow, and its version."""
    query = (
        select(
            workflow_runs.c.id,
            cases.c.number.label("case"),
            workflow_versions.c.name.label("workflow"),
            workflow_versions.c.version,
        )
        .join(cases, cases.c.id == workflow_runs.c.case_id)
        .join(workflow_versions, workflow_versions.c.id == workflow_runs.c.version_id)
        .where(workflow_runs.c.id.in_(run_ids))
    )
    return {row.id: row for row in connection.execute(query)}
