"""Does a step's todo make sense? Its names must be known, and its templates allowed."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from domain.workflow_texts import check_condition, check_template
from domain.workflows import Assignment, Reminder, TodoTemplate

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or merely odd, and where: steps, intake, todos, 0, assign."""

    path: Path
    sentence: str
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What definitions may name; None: it is not known, and not checked."""

    employees: Collection[str] | None = None  # personnel numbers of those who work here
    teams: Collection[str] | None = None
    activity_types: Collection[str] | None = None


def in_todo(path: Path, todo: TodoTemplate, known: Known) -> Iterator[Finding]:
    """Give all that is wrong with a todo, and with its parts."""
    if todo.activity_type is not None:
        where = (*path, "activity_type")
        yield from unknown(where, "activity type", todo.activity_type, known.activity_types)
    yield from _in_template((*path, "matchcode"), todo.matchcode, check_template)
    yield from _in_template((*path, "text"), todo.text, check_template)
    yield from in_condition(path, todo.condition)
    yield from _in_assignment((*path, "assign"), todo.assign, known)
    if todo.remind:
        yield from _in_reminder((*path, "remind"), todo.remind, todo, known)
    for number, part in enumerate(todo.parts):
        yield from in_todo((*path, "parts", number), part, known)


def in_condition(path: Path, condition: str | None) -> Iterator[Finding]:
    """Say what is wrong with the `if` of an entry."""
    if condition is not None:
        yield from _in_template((*path, "if"), condition, check_condition)


def unknown(path: Path, sort: str, name: str, names: Collection[str] | None) -> Iterator[Finding]:
    """Say that there is nothing of this name, and which may be meant."""
    if names is None or name in names:
        return
    close = get_close_matches(name, names, n=1)
    hint = f": did you mean {close[0]}?" if close else ""
    yield Finding(path, f"there is no {sort} {name}{hint}")


def _in_template(
    path: Path, template: str, problem_of: Callable[[str], str | None]
) -> Iterator[Finding]:
    if problem := problem_of(template):
        yield Finding(path, problem)


def _in_assignment(path: Path, assign: Assignment | None, known: Known) -> Iterator[Finding]:
    if assign is None:
        return
    if assign.employee is not None:
        yield from unknown((*path, "employee"), "employee", assign.employee, known.employees)
    if assign.team is not None:
        yield from unknown((*path, "team"), "team", assign.team, known.teams)
    yield from _in_assignment((*path, "else"), assign.otherwise, known)


def _in_reminder(
    path: Path, remind: Reminder, todo: TodoTemplate, known: Known
) -> Iterator[Finding]:
    if todo.due is None:
        yield Finding(path, "it is never overdue: give it due")
    if remind.escalate:
        yield from _in_assignment((*path, "escalate", "to"), remind.escalate.to, known)
