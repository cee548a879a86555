"""A dry run: which todos a workflow would have created of what happened lately; writes nothing.

It goes by the rules of starting, entering and planning. Where a case was put, it stays: what
people would have done with their todos, nobody knows, and no time passes.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, select

from domain.due_times import Calendar
from domain.errors import Refused
from domain.events import StepEntered
from domain.refusals import Refusal
from domain.transitions import Leave, Stay, TodoState, Visit, decide
from domain.wording import refusal_sentences
from domain.workflow_entering import reason_against_case, reason_against_step
from domain.workflow_facts import ContactFacts, Facts, TitledFacts
from domain.workflows import Workflow
from domain.zones import wall
from tasks.settings import settings
from tasks.store.database import Store
from tasks.store.offered import Offered, fitting_advance, fitting_start
from tasks.store.prescribing import Prescriber, Wanted
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
    """A todo that there would be; or why a step would stand still, or would not be entered."""

    at: datetime
    case: str
    step: str
    matchcode: str = ""
    whom: str = ""
    due: datetime | None = None
    reason: str | None = None
    is_refused: bool = False


def what_would_have(
    store: Store, workflow: Workflow, days: int, now: datetime, calendar: Calendar
) -> Sequence[WouldHave]:
    """Say what the last days' contacts and events would have created, in their order.

    Every event that can be understood counts, also where the workflow was not there yet. Loads
    and turns of a team's members are those of now. An event of a case that is finished by now
    is refused, unless it has entered a step then.
    """
    since = now - timedelta(days=days)
    with store.reading() as connection:
        happened = [*_contacts(connection, since), *_events(connection, workflow.name, since)]
        trial = _Trial.of(connection, workflow, calendar)
        in_order = sorted(happened, key=lambda each: each.at)
        return [would for each in in_order for would in trial.offer(each)]


@dataclass(frozen=True, slots=True)
class _Happened:
    """A contact that came, or an event that asked for a step."""

    at: datetime
    row: Any  # of the contact or of the case, with its facts; None: there is no such case
    asked: StepEntered | None = None
    was_entered: bool = False


def _contacts(connection: Connection, since: datetime) -> Iterator[_Happened]:
    lately = (contacts.c.received_at >= since) & ~contacts.c.private
    received = lately & contacts.c.fingerprint.is_not(None)
    query = selecting_contacts().where(received).order_by(contacts.c.id)
    return (_Happened(row.received_at, row) for row in connection.execute(query))


def _events(connection: Connection, workflow: str, since: datetime) -> Iterator[_Happened]:
    lately = incoming_events.c.occurred_at >= since
    events = connection.execute(
        select(incoming_events).where(lately).order_by(incoming_events.c.id)
    )
    understood = [(event, asked) for event in events if (asked := _asked(event.payload))]
    mine = [(event, asked) for event, asked in understood if asked.workflow == workflow]
    these = cases.c.number.in_({asked.case for _, asked in mine})
    rows = {row.case_number: row for row in connection.execute(selecting_facts().where(these))}
    for event, asked in mine:
        was_entered = event.outcome == ENTERED
        yield _Happened(event.occurred_at, rows.get(asked.case), asked, was_entered)


def _asked(payload: Any) -> StepEntered | None:
    try:
        return StepEntered.model_validate(payload)
    except ValidationError:
        return None


@dataclass(slots=True)
class _Trial:
    """A workflow that is tried, with the steps in which its cases would be."""

    workflow: Workflow
    prescriber: Prescriber
    roster: Roster
    inside: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    keys: set[str] = field(default_factory=set)  # of the events that have entered a step

    @classmethod
    def of(cls, connection: Connection, workflow: Workflow, calendar: Calendar) -> "_Trial":
        """Read what it goes by, and lock nothing."""
        todos = [each.template for step in workflow.steps.values() for each in step.prescribed()]
        assignments = {each.assign for each in todos if each.assign}
        known = frozenset(connection.scalars(select(activity_types.c.name)))
        roster = Roster.of(connection, assignments, locking=False)
        return cls(workflow, Prescriber(calendar, known), roster)

    def offer(self, happened: _Happened) -> Iterator[WouldHave]:
        """Give what it would have created, or why it would have entered nothing."""
        if happened.asked is None:
            return self._offer_contact(happened.row, happened.at)
        return self._offer_event(happened, happened.asked)

    def _offer_contact(self, row: Any, at: datetime) -> Iterator[WouldHave]:
        offered, steps = Offered(row, self._day(at)), self.inside[row.case_id]
        try:
            advance = fitting_advance(self.workflow, offered, steps)
            start = None if advance else fitting_start(self.workflow, offered, bool(steps))
        except Refused as refused:
            yield replace(_still(at, row.case_number, "", refused.refusals), is_refused=True)
            return
        if advance:
            steps.discard(advance.inside)
        if entry := advance or start:
            yield from self._enter(row, entry.enter, at, contact_facts(row))

    def _offer_event(self, happened: _Happened, asked: StepEntered) -> Iterator[WouldHave]:
        if asked.idempotency_key in self.keys:
            return
        row = happened.row
        is_open = None if row is None else row.case_open or happened.was_entered
        refusal = reason_against_case(asked.case, is_open)
        refusal = refusal or reason_against_step(asked.step, self.workflow)
        if refusal:
            yield replace(_still(happened.at, asked.case, asked.step, [refusal]), is_refused=True)
            return
        self.keys.add(asked.idempotency_key)
        yield from self._enter(row, asked.step, happened.at)

    def _enter(
        self, row: Any, name: str, at: datetime, contact: ContactFacts | None = None
    ) -> Iterator[WouldHave]:
        """Enter a step, and those that follow it at once; none of them twice at one instant."""
        steps = self.inside[row.case_id]
        for _ in self.workflow.steps:
            step, facts = self.workflow.steps[name], self._facts(row, name, at, contact)
            steps.add(name)
            try:
                wanted = self.prescriber.in_turn(step, facts, at, self.roster)
                yield from (_todo(at, row.case_number, name, each) for each in wanted)
                seen = Visit(at, [TodoState(each.path, done=False) for each in wanted], facts)
                follows = decide(step, seen, self.prescriber.calendar, at)
            except Refused as refused:
                yield _still(at, row.case_number, name, refused.refusals)
                return
            if isinstance(follows, Stay):
                return
            steps.discard(name)
            if not isinstance(follows, Leave):
                return
            name, contact = follows.to, None

    def _facts(self, row: Any, step: str, at: datetime, contact: ContactFacts | None) -> Facts:
        return Facts(
            workflow=TitledFacts(self.workflow.name, self.workflow.title),
            step=TitledFacts(step, self.workflow.steps[step].title),
            now_date=self._day(at),
            contact=contact,
            **case_facts(row),
        )

    def _day(self, at: datetime) -> date:
        return wall(at, self.prescriber.calendar.zone).date()


def _todo(at: datetime, case: str, step: str, wanted: Wanted) -> WouldHave:
    whom = wanted.choice.employee or wanted.choice.team or ""
    return WouldHave(at, case, step, wanted.matchcode, whom, wanted.due)


def _still(at: datetime, case: str, step: str, refusals: Sequence[Refusal]) -> WouldHave:
    reason = " ".join(refusal_sentences(refusals, settings().language))
    return WouldHave(at, case, step, reason=reason)
