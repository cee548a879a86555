"""What the planner knows of the visits that it looks at: the case's facts, and their todos."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from domain.transitions import TodoState
from domain.workflow_facts import (
    AddressFacts,
    CaseFacts,
    ContactFacts,
    Facts,
    OwnerFacts,
    PersonFacts,
    TitledFacts,
)
from domain.workflow_runs import VisitStatus
from domain.workflows import Step
from tasks.store.tables import (
    addresses,
    cases,
    contacts,
    correspondents,
    employees,
    persons,
    step_visits,
    todos,
    workflow_runs,
)
from tasks.store.workflows import Version, versions

_CONTACT = (
    contacts.c.matchcode.label("contact_matchcode"),
    contacts.c.private.label("contact_private"),
    correspondents.c.name.label("sender_name"),
    correspondents.c.address.label("sender_address"),
)
_OFFERED = (contacts.c.id.label("contact_id"), contacts.c.received_at, contacts.c.automatic)
_IS_SENDER = (correspondents.c.contact_id == contacts.c.id) & (correspondents.c.role == "from")


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit of a step, all that is known for its templates, and how far its todos are."""

    id: int
    run_id: int
    case_id: int
    entered_at: datetime
    attempts: int
    is_over: bool  # left, or the run is ended
    is_planned: bool
    version: Version
    step_name: str
    facts: Facts
    todos: tuple[TodoState, ...]

    @property
    def step(self) -> Step:
        """The step, in the version that the run has (W5)."""
        return self.version.workflow.steps[self.step_name]


def read_visits(connection: Connection, ids: Collection[int], today: date) -> list[Visited]:
    """Read visits, in the order of their ids."""
    rows = connection.execute(_selecting(ids)).all()
    known = versions(connection, {row.version_id for row in rows})
    states = _states(connection, ids)
    return [_visited(row, known[row.version_id], states[row.id], today) for row in rows]


def case_facts(row: Any) -> Mapping[str, Any]:
    """Give the facts of a case and of those it belongs to, from a row of selecting_facts."""
    return {
        "case": CaseFacts(row.case_number, row.case_kind, row.case_title, row.case_open),
        "address": AddressFacts(row.address_number, row.address_name)
        if row.address_number
        else None,
        "person": PersonFacts(row.person_name) if row.person_name else None,
        "owner": OwnerFacts(row.owner_number, row.owner_name) if row.owner_number else None,
    }


def selecting_facts(*more: Any) -> Select[Any]:
    """Select cases with those they belong to."""
    return (
        select(
            *more,
            cases.c.id.label("case_id"),
            cases.c.number.label("case_number"),
            cases.c.kind.label("case_kind"),
            cases.c.title.label("case_title"),
            cases.c.open.label("case_open"),
            addresses.c.number.label("address_number"),
            addresses.c.name.label("address_name"),
            persons.c.name.label("person_name"),
            employees.c.number.label("owner_number"),
            employees.c.name.label("owner_name"),
        )
        .select_from(cases)
        .outerjoin(addresses, addresses.c.id == cases.c.address_id)
        .outerjoin(persons, persons.c.id == cases.c.person_id)
        .outerjoin(employees, employees.c.id == cases.c.owner_id)
    )


def contact_facts(row: Any) -> ContactFacts | None:
    """Give the facts of a contact, from a row with its columns; a private one tells nothing."""
    if row.contact_matchcode is None or row.contact_private:
        return None
    return ContactFacts(row.contact_matchcode, row.sender_name or row.sender_address or "")


def selecting_contacts() -> Select[Any]:
    """Select contacts with their main cases, and with those they belong to."""
    return (
        selecting_facts(*_OFFERED, *_CONTACT)
        .join(contacts, contacts.c.main_case_id == cases.c.id)
        .outerjoin(correspondents, _IS_SENDER)
    )


def _selecting(ids: Collection[int]) -> Select[Any]:
    return (
        selecting_facts(
            step_visits.c.id,
            step_visits.c.run_id,
            step_visits.c.step,
            step_visits.c.status,
            step_visits.c.entered_at,
            step_visits.c.attempts,
            step_visits.c.left_at,
            workflow_runs.c.version_id,
            workflow_runs.c.ended_at,
            *_CONTACT,
        )
        .join(workflow_runs, workflow_runs.c.case_id == cases.c.id)
        .join(step_visits, step_visits.c.run_id == workflow_runs.c.id)
        .outerjoin(contacts, contacts.c.id == step_visits.c.contact_id)
        .outerjoin(correspondents, _IS_SENDER)
        .where(step_visits.c.id.in_(ids))
        .order_by(step_visits.c.id)
    )


def _states(connection: Connection, ids: Collection[int]) -> Mapping[int, Sequence[TodoState]]:
    query = (
        select(todos.c.visit_id, todos.c.template, todos.c.done_at, todos.c.outcome)
        .where(todos.c.visit_id.in_(ids))
        .order_by(todos.c.id)
    )
    states: dict[int, list[TodoState]] = defaultdict(list)
    for row in connection.execute(query):
        state = TodoState(row.template or "", row.done_at is not None, row.outcome)
        states[row.visit_id].append(state)
    return states


def _visited(row: Any, version: Version, states: Sequence[TodoState], today: date) -> Visited:
    workflow = version.workflow
    facts = Facts(
        workflow=TitledFacts(workflow.name, workflow.title),
        step=TitledFacts(row.step, workflow.steps[row.step].title),
        now_date=today,
        contact=contact_facts(row),
        **case_facts(row),
    )
    return Visited(
        id=row.id,
        run_id=row.run_id,
        case_id=row.case_id,
        entered_at=row.entered_at,
        attempts=row.attempts,
        is_over=row.left_at is not None or row.ended_at is not None,
        is_planned=_is_planned(row.status, states),
        version=version,
        step_name=row.step,
        facts=facts,
        todos=tuple(states),
    )


def _is_planned(status: str, states: Sequence[TodoState]) -> bool:
    """A step is planned whole or not at all: what failed without a todo is to be planned."""
    if status == VisitStatus.FAILED:
        return bool(states)
    return status != VisitStatus.ENTERED
