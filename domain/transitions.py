"""Which step follows a visit of one, and when to look again where none does yet (W3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.due_times import Calendar, due_at
from domain.workflow_facts import Facts
from domain.workflow_texts import holds
from domain.workflows import Step, Transition, When

AGAIN = timedelta(hours=1)  # until a condition on the case is asked again: nobody tells of changes


@dataclass(frozen=True, slots=True)
class TodoState:
    """How far a todo of a visit is."""

    path: str  # its template's, such as "repair/order-part"
    done: bool
    outcome: str | None = None

    @property
    def is_part(self) -> bool:
        """Whether it is a part of another todo."""
        return "/" in self.path


@dataclass(frozen=True, slots=True)
class Visit:
    """One entering of a step, with the todos that it created."""

    entered_at: datetime
    todos: Sequence[TodoState]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Stay:
    """No step follows yet; look_at is when time may change that.

    Of a stuck visit all is done, and nothing but a change, of the case or by a person, makes
    anything follow: it stands still, though its conditions are asked again.
    """

    look_at: datetime | None = None
    is_stuck: bool = False


@dataclass(frozen=True, slots=True)
class Leave:
    """The step is complete, and another follows."""

    to: str
    outcome: str


@dataclass(frozen=True, slots=True)
class End:
    """The step is complete, and the run with it."""

    outcome: str


Decision = Stay | Leave | End


def decide(step: Step, visit: Visit, calendar: Calendar, now: datetime) -> Decision:
    """Say what follows: the first transition that holds, or else to stay.

    Refused: a condition cannot be answered.
    """
    if not step.next:
        return End(When.ALL_DONE) if _all_done(visit) else Stay()
    withheld = False
    for transition in step.next:
        if not _is_triggered(transition, visit, calendar, now):
            continue
        if transition.condition is None or holds(transition.condition, visit.facts):
            return _followed(transition)
        withheld = True
    return _staying(withheld, step, visit, calendar, now)


def _all_done(visit: Visit) -> bool:
    return all(todo.done for todo in visit.todos)


def _is_triggered(transition: Transition, visit: Visit, calendar: Calendar, now: datetime) -> bool:
    if transition.after is not None:
        return due_at(transition.after, visit.entered_at, calendar) <= now
    if transition.outcome is not None:
        return any(todo.done and todo.outcome == transition.outcome for todo in visit.todos)
    if transition.when is When.ANY_DONE:
        return any(todo.done and not todo.is_part for todo in visit.todos)
    return _all_done(visit)


def _followed(transition: Transition) -> Leave | End:
    when = "after" if transition.after else transition.when or When.ALL_DONE
    outcome = transition.outcome or str(when)
    return End(outcome) if transition.to is None else Leave(transition.to, outcome)


def _staying(withheld: bool, step: Step, visit: Visit, calendar: Calendar, now: datetime) -> Stay:
    deadlines = list(_deadlines(step, visit, calendar, now))
    looks = [*deadlines, *([now + AGAIN] if withheld else [])]
    return Stay(min(looks, default=None), is_stuck=not deadlines and _all_done(visit))


def _deadlines(step: Step, visit: Visit, calendar: Calendar, now: datetime) -> Iterator[datetime]:
    for transition in step.next:
        if transition.after is not None:
            deadline = due_at(transition.after, visit.entered_at, calendar)
            if deadline > now:
                yield deadline
