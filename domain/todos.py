"""Todos: what is to be done, by whom, until when, and of which todos it consists (T1-T5)."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import Enum, StrEnum
from unicodedata import category

from domain.appointments import YEARS
from domain.refusals import Refusal
from domain.sending import EDIT_OTHERS, PERMISSION, Actor

DEEPEST = 5  # a todo, its parts, and so on
_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, half characters, line separators


class TodoPriority(StrEnum):
    """How important a todo is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """Give what todos are sorted by, the most important first."""
        return list(TodoPriority)[::-1].index(self)


class TodoReason(StrEnum):
    """Why a todo is not written or changed; domain/todo_wording.py has the sentences."""

    NO_PERMISSION = "no_permission"
    NOT_YOURS = "not_yours"
    NO_ASSIGNEE = "no_assignee"
    TWO_ASSIGNEES = "two_assignees"
    DUE_BEFORE_BEGIN = "due_before_begin"
    OUT_OF_RANGE = "out_of_range"
    NO_MATCHCODE = "no_matchcode"
    CONTROL_CHARACTERS = "control_characters"
    NO_COMMENT = "no_comment"
    ACTIVITY_TYPE_UNKNOWN = "activity_type_unknown"
    EMPLOYEE_UNKNOWN = "employee_unknown"
    EMPLOYEE_LEFT = "employee_left"
    TEAM_UNKNOWN = "team_unknown"
    NOT_OF_A_TEAM = "not_of_a_team"
    NOT_IN_TEAM = "not_in_team"
    TAKEN = "taken"
    TAKEN_BY_ANOTHER = "taken_by_another"
    NOT_TAKEN = "not_taken"
    IS_DONE = "is_done"
    CASE_UNKNOWN = "case_unknown"
    PARENT_UNKNOWN = "parent_unknown"
    PARENT_IS_DONE = "parent_is_done"
    TOO_DEEP = "too_deep"
    PARTS_ARE_OPEN = "parts_are_open"
    OUTCOME_UNKNOWN = "outcome_unknown"
    OUTCOME_MISSING = "outcome_missing"


@dataclass(frozen=True, slots=True)
class NewTodo:
    """A todo as it is written: for an employee (by number) or a team (by name), not for both."""

    activity_type: str
    matchcode: str
    text: str = ""
    priority: TodoPriority = TodoPriority.NORMAL
    employee: str | None = None
    team: str | None = None
    begin: datetime | None = None  # aware
    due: datetime | None = None
    cases: tuple[str, ...] = ()
    parent_id: int | None = None  # the todo that it is a part of (T3)
    key: str | None = None  # written again with the same key, it is the same one


class Unchanged(Enum):
    """What a change leaves as it is."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True)
class TodoChange:
    """What is changed on a todo; begin and due can be taken away with None."""

    activity_type: str | Unchanged = UNCHANGED
    matchcode: str | Unchanged = UNCHANGED
    text: str | Unchanged = UNCHANGED
    priority: TodoPriority | Unchanged = UNCHANGED
    begin: datetime | Unchanged | None = UNCHANGED
    due: datetime | Unchanged | None = UNCHANGED

    def of(self, todo: NewTodo) -> NewTodo:
        """Give a todo as it is after the change."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(todo, **{name: to for name, to in named.items() if to is not UNCHANGED})


@dataclass(frozen=True, slots=True)
class Concerned:
    """Who has to do with a todo, by ids."""

    creator: int | None  # none: a workflow
    employee: int | None
    team: int | None
    taken_by: int | None = None


def reasons_against(todo: NewTodo) -> list[Refusal]:
    """Say what is wrong with a todo by itself; empty means nothing is (T1, T2)."""
    return [
        *reasons_against_assignee(todo.employee, todo.team),
        *reasons_against_times(todo.begin, todo.due),
        *reasons_against_words(todo.matchcode, todo.text),
    ]


def reasons_against_assignee(employee: str | None, team: str | None) -> list[Refusal]:
    """Say why a todo cannot be delegated like this: it is for an employee or for a team (T2)."""
    if employee is None and team is None:
        return [Refusal(TodoReason.NO_ASSIGNEE)]
    if employee is not None and team is not None:
        return [Refusal(TodoReason.TWO_ASSIGNEES)]
    return []


def reasons_against_times(begin: datetime | None, due: datetime | None) -> list[Refusal]:
    """Say why a todo cannot begin and be due at these times (T1)."""
    if any(at is not None and at.year not in YEARS for at in (begin, due)):
        return [Refusal(TodoReason.OUT_OF_RANGE)]
    if begin and due and due < begin:
        return [Refusal(TodoReason.DUE_BEFORE_BEGIN)]
    return []


def reasons_against_words(matchcode: str, text: str) -> list[Refusal]:
    """Say why a todo cannot be called like this."""
    refusals = [] if matchcode.strip() else [Refusal(TodoReason.NO_MATCHCODE)]
    if _breaks(matchcode) or _breaks("".join(text.split())):
        refusals.append(Refusal(TodoReason.CONTROL_CHARACTERS))
    return refusals


def reasons_against_comment(text: str) -> list[Refusal]:
    """Say why this is no comment."""
    if not text.strip():
        return [Refusal(TodoReason.NO_COMMENT)]
    return [Refusal(TodoReason.CONTROL_CHARACTERS)] if _breaks("".join(text.split())) else []


def reasons_not_to_write(actor: Actor) -> list[Refusal]:
    """Say why an employee may not write todos at all."""
    return [] if PERMISSION in actor.permissions else [Refusal(TodoReason.NO_PERMISSION)]


def reasons_not_to_change(actor: Actor, todo: Concerned) -> list[Refusal]:
    """Say why an employee may not change a todo; empty means they may.

    It is for its creator, for whom it is delegated to, and for those who may edit others'.
    """
    theirs = actor.id in (todo.creator, todo.employee, todo.taken_by) or todo.team in actor.teams
    refusals = reasons_not_to_write(actor)
    if not theirs and EDIT_OTHERS not in actor.permissions:
        refusals.append(Refusal(TodoReason.NOT_YOURS))
    return refusals


def reasons_not_to_take(actor: Actor, todo: Concerned, done: bool, taker: str) -> list[Refusal]:
    """Say why an employee cannot take a todo of their team's; taker is the name of who has it."""
    refusals = reasons_not_to_write(actor)
    if todo.team is None:
        refusals.append(Refusal(TodoReason.NOT_OF_A_TEAM))
    elif todo.team not in actor.teams:
        refusals.append(Refusal(TodoReason.NOT_IN_TEAM))
    if todo.taken_by not in (None, actor.id):
        refusals.append(Refusal(TodoReason.TAKEN, taker))
    return [*refusals, Refusal(TodoReason.IS_DONE)] if done else refusals


def reasons_not_to_give_back(
    actor: Actor, todo: Concerned, done: bool, taker: str
) -> list[Refusal]:
    """Say why an employee cannot give a todo back to its team; taker is the name of who has it.

    It is for who took it, and for those who may edit others'.
    """
    refusals = reasons_not_to_change(actor, todo)
    if todo.taken_by is None:
        refusals.append(Refusal(TodoReason.NOT_TAKEN))
    elif todo.taken_by != actor.id and EDIT_OTHERS not in actor.permissions:
        refusals.append(Refusal(TodoReason.TAKEN_BY_ANOTHER, taker))
    return [*refusals, Refusal(TodoReason.IS_DONE)] if done else refusals


def reasons_not_to_delegate(actor: Actor, todo: Concerned, done: bool) -> list[Refusal]:
    """Say why an employee cannot delegate a todo to somebody else: what is done stays with whom."""
    refusals = reasons_not_to_change(actor, todo)
    return [*refusals, Refusal(TodoReason.IS_DONE)] if done else refusals


def reasons_not_to_finish(open_parts: int) -> list[Refusal]:
    """Say why a todo cannot be done yet; empty means it can (T3)."""
    return [Refusal(TodoReason.PARTS_ARE_OPEN, str(open_parts))] if open_parts else []


def reasons_against_outcome(outcome: str | None, possible: Collection[str]) -> list[Refusal]:
    """Say why a todo cannot be done with this outcome, of those that its workflow knows."""
    if outcome is None:
        missing = Refusal(TodoReason.OUTCOME_MISSING, ", ".join(possible))
        return [missing] if possible else []
    return [] if outcome in possible else [Refusal(TodoReason.OUTCOME_UNKNOWN, outcome)]


def reasons_not_to_divide(depth: int, done: bool) -> list[Refusal]:
    """Say why a todo gets no parts; depth is 1 for one that is no part itself (T3)."""
    refusals = [Refusal(TodoReason.TOO_DEEP, str(DEEPEST))] if depth >= DEEPEST else []
    return [*refusals, Refusal(TodoReason.PARENT_IS_DONE)] if done else refusals


def _breaks(text: str) -> bool:
    return any(category(character) in _BREAKING for character in text)
