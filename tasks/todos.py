"""Todos, for flows, the command line and other programs: each function is one change, now.

seen is the version that the employee saw: where others changed the todo since, Refused says who
changed what, and nothing is changed.
"""

from collections.abc import Sequence

from domain.todos import NewTodo, TodoChange
from tasks.store import todo_changes, todo_doing, todos
from tasks.store.database import store


def write_todo(new: NewTodo, employee: str) -> int:
    """Save a todo; gives its id, and Refused says all that stands against it."""
    return todos.write_todo(store(), new, employee, store().now())


def divide(todo_id: int, parts: Sequence[NewTodo], employee: str) -> list[int]:
    """Divide a todo into parts, all of them or none; gives their ids."""
    return todos.divide(store(), todo_id, parts, employee, store().now())


def set_done(
    todo_id: int,
    employee: str,
    done: bool,
    outcome: str | None = None,
    *,
    seen: int | None = None,
) -> list[int]:
    """Do or undo a todo; gives the ids of what is different now."""
    now = store().now()
    return todo_doing.set_done(store(), todo_id, employee, done, now, outcome, seen=seen)


def take(todo_id: int, employee: str, *, seen: int | None = None) -> None:
    """Take a todo of a team of one's own."""
    todo_changes.take(store(), todo_id, employee, store().now(), seen=seen)


def give_back(todo_id: int, employee: str, *, seen: int | None = None) -> None:
    """Give a todo back to its team."""
    todo_changes.give_back(store(), todo_id, employee, store().now(), seen=seen)


def delegate(
    todo_id: int,
    employee: str,
    to_employee: str | None = None,
    to_team: str | None = None,
    *,
    seen: int | None = None,
) -> None:
    """Delegate a todo to another employee or team."""
    now = store().now()
    todo_changes.delegate(store(), todo_id, employee, now, to_employee, to_team, seen=seen)


def edit(todo_id: int, employee: str, change: TodoChange, *, seen: int | None = None) -> None:
    """Change what a todo says, and when it is due."""
    todo_changes.edit(store(), todo_id, employee, change, store().now(), seen=seen)


def comment(todo_id: int, employee: str, text: str) -> None:
    """Comment on a todo."""
    todo_changes.comment(store(), todo_id, employee, text, store().now())
