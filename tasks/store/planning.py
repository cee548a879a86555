"""Planning: what entered steps prescribe is created, and the next steps follow (W1, W3).

A pass looks at visits whose `look_at` has come, and at nothing else. It locks them and their runs
first: who does a todo meanwhile waits at the visit, and sets `look_at` anew once it was cleared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import OperationalError

from domain.due_times import Calendar
from domain.errors import ConfigurationError, Refused
from domain.refusals import Refusal
from domain.transitions import Decision, End, Leave, Stay, TodoState, Visit, decide
from domain.wording import Language, refusal_sentences
from domain.workflow_notes import case_finished
from domain.workflow_runs import VisitStatus, next_attempt
from domain.workflow_wording import WorkflowReason
from domain.zones import wall
from tasks.store.database import Store
from tasks.store.leaving import Left, comment_open_todos, leave
from tasks.store.prescribing import Prescriber, Wanted
from tasks.store.reminders import remind_anew
from tasks.store.run_changes import end_runs
from tasks.store.tables import activity_types, step_visits, workflow_runs
from tasks.store.todo_drafts import TodoDraft, enter_todos
from tasks.store.turns import Roster, note_turns
from tasks.store.visited import Visited, read_visits


@dataclass(frozen=True, slots=True)
class Terms:
    """What planning goes by, in an installation."""

    language: Language = Language.ENGLISH
    zone: str = "Europe/Berlin"
    country: str = "DE"
    state: str | None = None

    @property
    def calendar(self) -> Calendar:
        """Where business days are counted."""
        return Calendar(self.zone, self.country, self.state)


@dataclass(frozen=True, slots=True)
class Planned:
    """What came of a pass: visits looked at, todos created, steps left, visits that are stuck."""

    visits: int = 0
    todos: int = 0
    left: int = 0
    stuck: int = 0

    def __add__(self, other: "Planned") -> "Planned":
        """Take two passes together."""
        names = [field.name for field in fields(self)]
        return Planned(*(getattr(self, name) + getattr(other, name) for name in names))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done about a visit; without a decision, it stands still."""

    visit: Visited
    wanted: Sequence[Wanted] = ()
    decision: Decision | None = None
    refusals: Sequence[Refusal] = ()
    is_planned: bool = True

    @property
    def left(self) -> Left | None:
        """What follows, where the step is complete."""
        by = self.decision
        return Left(self.visit, by) if isinstance(by, Leave | End) else None

    def reason(self, language: Language) -> str | None:
        """Say why it stands still, where it does."""
        stuck = isinstance(self.decision, Stay) and self.decision.is_stuck
        refusals = [Refusal(WorkflowReason.NOTHING_FOLLOWS)] if stuck else self.refusals
        return " ".join(refusal_sentences(refusals, language)) or None


_LOOKED = update(step_visits).where(step_visits.c.id == bindparam("this"))
_CLEARED = _LOOKED.values(look_at=None)
_NOTED = _LOOKED.values(
    status=bindparam("stands"),
    reason=bindparam("because"),
    attempts=bindparam("tried"),
    look_at=bindparam("again"),
)


def due_visits(store: Store, now: datetime, most: int) -> list[int]:
    """Give the first of the visits that must be looked at."""
    due = select(step_visits.c.id).where(step_visits.c.look_at <= now)
    with store.reading() as connection:
        return list(connection.scalars(due.order_by(step_visits.c.look_at).limit(most)))


def plan_visits(store: Store, ids: Sequence[int], now: datetime, terms: Terms) -> Planned:
    """Plan visits in one transaction: create their todos, and let the next steps follow.

    What somebody else plans just now is left to them. Where one makes trouble, each is planned
    by itself: it keeps its reason, and the others go on.
    """
    try:
        return store.write(lambda connection: _pass(connection, ids, now, terms))
    except OperationalError:
        raise  # the database does not answer, which is no visit's fault
    except Exception as error:  # noqa: BLE001 - the faulty one is found, and keeps its reason
        if len(ids) == 1:
            return _failed(store, ids[0], now, error)
    return sum((plan_visits(store, [each], now, terms) for each in ids), Planned())


def _failed(store: Store, visit_id: int, now: datetime, error: Exception) -> Planned:
    reason = _said(error)
    this = (step_visits.c.id == visit_id) & (step_visits.c.look_at <= now)
    locking = select(step_visits).where(this).with_for_update(skip_locked=True)

    def failing(connection: Connection) -> Planned:
        row = connection.execute(locking).one_or_none()
        if row is None:
            return Planned()
        note = _failure(row.status, row.attempts + 1, reason, now)
        connection.execute(_NOTED, {"this": row.id, **note})
        return Planned(visits=1, stuck=1)

    return store.write(failing)


def _said(error: Exception) -> str:
    """Say what a visit stands still by, of which planning had not thought."""
    if isinstance(error, ConfigurationError):
        return str(error)
    return f"a fault of this program: {type(error).__name__}"


def _pass(connection: Connection, ids: Sequence[int], now: datetime, terms: Terms) -> Planned:
    locked = _locked(connection, ids, now)
    if not locked:
        return Planned()
    visits = read_visits(connection, locked, wall(now, terms.zone).date())
    inside = [each for each in visits if not each.is_over]
    plans = _plans(connection, [each for each in inside if each.facts.case.open], now, terms)
    drafts = [_draft(plan.visit, wanted) for plan in plans for wanted in plan.wanted]
    created = enter_todos(connection, drafts, now)
    remind_anew(connection, visits, terms.calendar)
    _note(connection, plans, terms.language, now)
    _clear(connection, [each for each in visits if each.is_over])
    finished = [each for each in inside if not each.facts.case.open]
    _finish(connection, finished, terms.language, now)
    left = [each.left for each in plans if each.left]
    leave(connection, left, terms.language, now)
    stuck = sum(each.reason(terms.language) is not None for each in plans)
    return Planned(len(visits), len(created), len(left) + len(finished), stuck)


def _locked(connection: Connection, ids: Sequence[int], now: datetime) -> list[int]:
    """Lock visits that are due, with their runs, so that nothing of them changes meanwhile."""
    query = (
        select(step_visits.c.id)
        .join(workflow_runs, workflow_runs.c.id == step_visits.c.run_id)
        .where(step_visits.c.id.in_(ids), step_visits.c.look_at <= now)
        .order_by(step_visits.c.id)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return list(connection.scalars(query))


def _plans(
    connection: Connection, visits: Sequence[Visited], now: datetime, terms: Terms
) -> list[_Plan]:
    planned = [_decided(_Plan(each), now, terms) for each in visits if each.is_planned]
    new = [each for each in visits if not each.is_planned]
    if not new:
        return planned
    todos = [each.template for visit in new for each in visit.step.prescribed()]
    roster = Roster.of(connection, {each.assign for each in todos if each.assign})
    before = roster.trial()
    known = frozenset(connection.scalars(select(activity_types.c.name)))
    prescriber = Prescriber(terms.calendar, known)
    plans = [_plan(each, prescriber, roster, now, terms) for each in new]
    note_turns(connection, before, roster)
    return [*planned, *plans]


def _plan(
    visit: Visited, prescriber: Prescriber, roster: Roster, now: datetime, terms: Terms
) -> _Plan:
    """Plan a visit whole or not at all."""
    try:
        wanted = prescriber.in_turn(visit.step, visit.facts, visit.entered_at, roster)
    except Refused as refused:
        return _Plan(visit, refusals=refused.refusals, is_planned=False)
    return _decided(_Plan(visit, wanted), now, terms)


def _decided(plan: _Plan, now: datetime, terms: Terms) -> _Plan:
    """Decide what follows a visit, with the todos that it is about to get."""
    visit = plan.visit
    created = [TodoState(each.path, done=False) for each in plan.wanted]
    seen = Visit(visit.entered_at, [*visit.todos, *created], visit.facts)
    try:
        return replace(plan, decision=decide(visit.step, seen, terms.calendar, now))
    except Refused as refused:
        return replace(plan, refusals=refused.refusals)


def _note(
    connection: Connection, plans: Sequence[_Plan], language: Language, now: datetime
) -> None:
    """Note on the visits that are not left how they stand, and when to look again."""
    rows = [
        {"this": plan.visit.id, **_standing(plan, language, now)} for plan in plans if not plan.left
    ]
    if rows:
        connection.execute(_NOTED, rows)


def _standing(plan: _Plan, language: Language, now: datetime) -> dict[str, Any]:
    reason = plan.reason(language)
    if isinstance(plan.decision, Stay):
        again = plan.decision.look_at
        return {"stands": VisitStatus.OPEN, "because": reason, "tried": 0, "again": again}
    status = VisitStatus.OPEN if plan.is_planned else VisitStatus.ENTERED
    return _failure(status, plan.visit.attempts + 1, reason, now)


def _failure(status: str, attempts: int, reason: str | None, now: datetime) -> dict[str, Any]:
    again = next_attempt(attempts, now)
    stands = status if again else VisitStatus.FAILED
    return {"stands": stands, "because": reason, "tried": attempts, "again": again}


def _clear(connection: Connection, over: Sequence[Visited]) -> None:
    if over:
        connection.execute(_CLEARED, [{"this": each.id} for each in over])


def _finish(
    connection: Connection, visits: Sequence[Visited], language: Language, now: datetime
) -> None:
    """End what runs for finished cases; the todos stay open, and say so."""
    if visits:
        comments = {each.id: case_finished(language) for each in visits}
        comment_open_todos(connection, comments, now)
        end_runs(connection, {each.run_id for each in visits}, now)


def _draft(visit: Visited, wanted: Wanted) -> TodoDraft:
    employee_id, team_id = wanted.assignee
    return TodoDraft(
        visit_id=visit.id,
        template=wanted.path,
        activity_type=wanted.activity_type,
        matchcode=wanted.matchcode,
        text=wanted.text,
        priority=wanted.priority,
        employee_id=employee_id,
        team_id=team_id,
        due=wanted.due,
        remind_at=wanted.remind_at,
        case_ids=(visit.case_id,),
    )
