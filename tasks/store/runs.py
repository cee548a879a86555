"""Events ask for steps: each enters its step once, however often it arrives (W1, W4).

What is refused is kept with its reason, and the rest goes on.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from pydantic import ValidationError
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import OperationalError

from domain.events import StepEntered
from domain.refusals import Refusal
from domain.wording import Language, refusal_sentence
from domain.workflow_entering import reason_against_case, reason_against_step
from domain.workflow_wording import WorkflowReason
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.entering import (
    Entrance,
    KnownVisit,
    OpenRun,
    Place,
    begin_visits,
    known_visits,
    locked_cases,
    open_runs,
    start_run,
)
from tasks.store.tables import incoming_events
from tasks.store.workflows import Version, latest_versions, retired_names, versions

ENTERED, REFUSED = "entered", "refused"
LONGEST_ID = 64
LONGEST_PAYLOAD = 10_000  # characters, that are kept of it
_Aim = tuple[str, str, str]  # a case's number, a workflow's name, and a step's


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event as it came, whatever is in it."""

    event_id: str
    occurred_at: datetime
    payload: Any


@dataclass(frozen=True, slots=True)
class Entered:
    """The visit that an event has entered, or why it entered none."""

    visit_id: int | None
    reason: str | None = None


def enter_step(
    store: Store,
    entered: StepEntered,
    now: datetime,
    event_id: str | None = None,
    occurred_at: datetime | None = None,
) -> Entered:
    """Let a case enter a step of a workflow; twice with one key, or by one event, is once."""
    arrived = Arrived(event_id or uuid4().hex, occurred_at or now, entered.model_dump())
    return enter_steps(store, [arrived], now)[0]


def enter_steps(store: Store, arrived: Sequence[Arrived], now: datetime) -> Sequence[Entered]:
    """Enter what many events ask for, in one transaction, as enter_step does for one.

    Where something of it makes trouble, each is entered by itself, so that the others go on.
    """
    language = settings().language
    try:
        return store.write(lambda connection: _enter(connection, arrived, language, now))
    except OperationalError:
        raise  # the database does not answer, which is no event's fault
    except Exception as error:  # noqa: BLE001 - the faulty one is found, and kept with its reason
        if len(arrived) == 1:
            by_id = _by_id(arrived)
            fault = Entered(None, f"a fault of this program: {type(error).__name__}")
            store.write(
                lambda connection: _keep(connection, by_id, dict.fromkeys(by_id, fault), now)
            )
            return [fault]
    return [enter_steps(store, [each], now)[0] for each in arrived]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the events of a batch speak of, as it is; runs that are started are added.

    So are the keys that are taken, each with the case, the workflow and the step that it is for.
    """

    cases: Mapping[str, Any]
    latest: Mapping[str, Version]
    retired: Collection[str]
    running: Mapping[int, Version]
    runs: dict[Place, OpenRun]
    visits: Mapping[str, KnownVisit]  # by the keys that have entered them
    taken: dict[str, _Aim]

    @classmethod
    def of(cls, connection: Connection, asked: Sequence[StepEntered]) -> "_Known":
        """Read it, and let nobody else start or end those cases' runs meanwhile."""
        found = locked_cases(connection, {each.case for each in asked})
        runs = open_runs(connection, [row.id for row in found.values()])
        names = {each.workflow for each in asked}
        latest = latest_versions(connection, names)
        visits = known_visits(connection, {_key(each) for each in asked})
        return cls(
            found,
            latest,
            retired_names(connection, names - latest.keys()),
            versions(connection, {run.version_id for run in runs.values()}),
            runs,
            visits,
            {key: (each.case, each.workflow, each.step) for key, each in visits.items()},
        )

    def place(self, asked: StepEntered) -> Place:
        """Give the case and the workflow that an event speaks of."""
        return self.cases[asked.case].id, asked.workflow

    def version(self, asked: StepEntered) -> Version | None:
        """Give the version that the case has, or would start with (W5)."""
        case = self.cases.get(asked.case)
        run = self.runs.get((case.id, asked.workflow)) if case else None
        if run is None:
            return self.latest.get(asked.workflow)
        return self.running.get(run.version_id) or self.latest[asked.workflow]


def _enter(
    connection: Connection, arrived: Sequence[Arrived], language: Language, now: datetime
) -> list[Entered]:
    by_id = _by_id(arrived)
    answers = _answered(connection, by_id.keys())
    new = {id_: _asked(each) for id_, each in by_id.items() if id_ not in answers}
    asked = {id_: each for id_, each in new.items() if isinstance(each, StepEntered)}
    known = _Known.of(connection, list(asked.values()))
    refusals = {id_: each for id_, each in new.items() if isinstance(each, Refusal)}
    wanted: dict[str, Entrance] = {}
    for id_, each in asked.items():
        key = _key(each)
        if known.taken.get(key) == _aim(each):
            continue
        if refusal := _refusal(each, known):
            refusals[id_] = refusal
        else:
            run = _run(connection, each, known, now)
            wanted[key] = Entrance(run.id, each.step, key)
            known.taken[key] = _aim(each)
    visits = {key: each.id for key, each in known.visits.items()}
    visits |= begin_visits(connection, list(wanted.values()), now)
    entered = {
        id_: Entered(None, refusal_sentence(refusals[id_], language))
        if id_ in refusals
        else Entered(visits[_key(asked[id_])])
        for id_ in new
    }
    _keep(connection, by_id, entered, now)
    return [(answers | entered)[_id(each)] for each in arrived]


def _answered(connection: Connection, ids: Collection[str]) -> dict[str, Entered]:
    """Tell what came of events that arrived before."""
    query = select(incoming_events).where(incoming_events.c.id.in_(ids))
    return {row.id: Entered(row.visit_id, row.reason) for row in connection.execute(query)}


def _asked(arrived: Arrived) -> StepEntered | Refusal:
    try:
        return StepEntered.model_validate(arrived.payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(each) for each in first["loc"])
        return Refusal(WorkflowReason.BAD_EVENT, f"{where}: {first['msg']}".removeprefix(": "))


def _refusal(asked: StepEntered, known: _Known) -> Refusal | None:
    if _key(asked) in known.taken:
        return Refusal(WorkflowReason.KEY_TAKEN, asked.idempotency_key)
    case = known.cases.get(asked.case)
    if refusal := reason_against_case(asked.case, case.open if case else None):
        return refusal
    version = known.version(asked)
    if version is not None:
        return reason_against_step(asked.step, version.workflow)
    is_retired = asked.workflow in known.retired
    reason = WorkflowReason.WORKFLOW_RETIRED if is_retired else WorkflowReason.WORKFLOW_UNKNOWN
    return Refusal(reason, asked.workflow)


def _run(connection: Connection, asked: StepEntered, known: _Known, now: datetime) -> OpenRun:
    """Give the case's run of the workflow, starting it where there is none."""
    case_id, name = place = known.place(asked)
    if place not in known.runs:
        known.runs[place] = start_run(connection, case_id, known.latest[name].id, now)
    return known.runs[place]


def _keep(
    connection: Connection,
    arrived: Mapping[str, Arrived],
    entered: Mapping[str, Entered],
    now: datetime,
) -> None:
    rows = [
        {
            "id": id_,
            "occurred_at": arrived[id_].occurred_at,
            "handled_at": now,
            "payload": _kept(arrived[id_].payload),
            "outcome": REFUSED if each.visit_id is None else ENTERED,
            "reason": each.reason,
            "visit_id": each.visit_id,
        }
        for id_, each in entered.items()
    ]
    if rows:
        connection.execute(insert(incoming_events), rows)


def _by_id(arrived: Sequence[Arrived]) -> dict[str, Arrived]:
    return {_id(each): each for each in arrived}


def _id(arrived: Arrived) -> str:
    return kept_id(arrived.event_id)


def kept_id(event_id: str) -> str:
    """Give an event's id as it is kept: a fingerprint of one that is too long for an id."""
    if len(event_id) <= LONGEST_ID and event_id.isprintable():
        return event_id
    return hashlib.sha256(event_id.encode(errors="backslashreplace")).hexdigest()


def _key(asked: StepEntered) -> str:
    """Give the visit's key: nobody can take one that a workflow gives itself."""
    return f"event:{asked.idempotency_key}"


def _aim(asked: StepEntered) -> _Aim:
    """Give what a key is for: with one key nothing else is entered."""
    return asked.case, asked.workflow, asked.step


def _kept(payload: Any) -> Any:
    """Give a payload as the database takes it: bounded, and nothing that is not JSON."""
    try:
        text = json.dumps(payload, allow_nan=False)
    except (TypeError, ValueError):
        text = repr(payload)
    else:
        if len(text) <= LONGEST_PAYLOAD:
            return payload
    return {"text": text[:LONGEST_PAYLOAD].encode(errors="backslashreplace").decode()}
