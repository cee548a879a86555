"""A dry run: which todos a workflow would have created of what happened lately; writes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from domain.due_times import Calendar
from domain.errors import Refused
from domain.wording import refusal_sentences
from domain.workflow_facts import Facts, TitledFacts
from domain.workflow_texts import holds
from domain.workflows import Start, Workflow
from domain.zones import wall
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.prescribing import Prescriber
from tasks.store.runs import ENTERED
from tasks.store.tables import activity_types, cases, contacts, incoming_events
from tasks.store.turns import Roster
from tasks.store.visited import (
    case_facts,
    contact_facts,
    selecting_contacts,
    selecting_facts,
)


@dataclass(frozen=True, slots=True)
class WouldHave:
    """A todo that there would be, or why a step would stand still."""

    at: datetime
    case: str
    step: str
    matchcode: str = ""
    whom: str = ""
    due: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A step that would have been entered."""

    at: datetime
    row: Any  # of the case, with its facts
    step: str
    has_contact: bool


def what_would_have(
    store: Store, workflow: Workflow, days: int, now: datetime, calendar: Calendar
) -> Sequence[WouldHave]:
    """Say what the last days' contacts and events would have created, in their order.

    Each case starts at most once, and only the steps that were entered from outside are tried:
    what people would have done with their todos, nobody knows.
    """
    with store.reading() as connection:
        since = now - timedelta(days=days)
        entries = [
            *_by_contacts(connection, workflow, since),
            *_by_events(connection, workflow, since),
        ]
        entries.sort(key=lambda each: each.at)
        return list(_tried(connection, workflow, entries, calendar))


def _by_contacts(connection: Connection, workflow: Workflow, since: datetime) -> Iterator[_Entry]:
    """Give the steps that contacts would have started; a condition that fails starts nothing."""
    started: set[int] = set()
    lately = (contacts.c.received_at >= since) & ~contacts.c.private
    received = lately & contacts.c.fingerprint.is_not(None)
    for row in connection.execute(selecting_contacts().where(received).order_by(contacts.c.id)):
        for start in workflow.starts:
            is_free = row.case_id not in started or not start.unless_running
            entry = _Entry(row.received_at, row, start.enter, has_contact=True)
            if start.case_kind == row.case_kind and is_free and _passes(start, entry, workflow):
                started.add(row.case_id)
                yield entry
                break


def _by_events(connection: Connection, workflow: Workflow, since: datetime) -> Iterator[_Entry]:
    lately = (incoming_events.c.occurred_at >= since) & (incoming_events.c.outcome == ENTERED)
    asked = [
        (row.occurred_at, row.payload)
        for row in connection.execute(select(incoming_events).where(lately))
        if row.payload.get("workflow") == workflow.name
    ]
    numbers = {payload["case"].upper() for _, payload in asked}
    query = selecting_facts().where(cases.c.number.in_(numbers))
    rows = {row.case_number: row for row in connection.execute(query)}
    for at, payload in asked:
        row = rows.get(payload["case"].upper())
        if row is not None and payload["step"] in workflow.steps:
            yield _Entry(at, row, payload["step"], has_contact=False)


def _passes(start: Start, entry: _Entry, workflow: Workflow) -> bool:
    if start.condition is None:
        return True
    try:
        return holds(start.condition, _facts(entry, workflow, entry.at.date()))
    except Refused:
        return False


def _facts(entry: _Entry, workflow: Workflow, today: date) -> Facts:
    return Facts(
        workflow=TitledFacts(workflow.name, workflow.title),
        step=TitledFacts(entry.step, workflow.steps[entry.step].title),
        now_date=today,
        contact=contact_facts(entry.row) if entry.has_contact else None,
        **case_facts(entry.row),
    )


def _tried(
    connection: Connection, workflow: Workflow, entries: Sequence[_Entry], calendar: Calendar
) -> Iterator[WouldHave]:
    roster = Roster.of(connection, ())
    known = frozenset(connection.scalars(select(activity_types.c.name)))
    prescriber = Prescriber(calendar, known)
    for entry in entries:
        facts = _facts(entry, workflow, wall(entry.at, calendar.zone).date())
        case, step = entry.row.case_number, workflow.steps[entry.step]
        try:
            for todo in prescriber.wanted(step, facts, entry.at, roster):
                whom = todo.choice.employee or todo.choice.team or ""
                yield WouldHave(entry.at, case, entry.step, todo.matchcode, whom, todo.due)
        except Refused as refused:
            reason = " ".join(refusal_sentences(refused.refusals, settings().language))
            yield WouldHave(entry.at, case, entry.step, reason=reason)
