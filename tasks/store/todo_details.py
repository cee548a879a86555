"""A todo with all that hangs on it: its parts as a tree, its comments, and its history."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from domain.changes import Changed
from domain.errors import UnknownRecord
from tasks.store.database import Store
from tasks.store.record_changes import Record, history_of
from tasks.store.tables import employees, todo_changes, todo_comments, todos
from tasks.store.todo_lines import TodoLine, parts_of, read_lines, seen


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a todo, with its own parts."""

    todo: TodoLine
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said on a todo."""

    employee: str | None  # none: a workflow
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class TodoDetails:
    """A todo, whole."""

    line: TodoLine
    text: str
    creator: str | None  # none: a workflow
    done_by: str | None
    outcome: str | None
    parts: tuple[Part, ...]
    comments: tuple[Comment, ...]
    changes: tuple[Changed, ...]  # the oldest first
    version: int  # what a change names as seen


def show_todo(store: Store, todo_id: int, viewer: int | None = None) -> TodoDetails:
    """Read a todo; UnknownRecord where there is none that this person may see (L9)."""
    with store.reading() as connection:
        history = history_of(connection, Record(todo_changes, todo_id))
        lines = read_lines(connection, seen(todos.c.id == todo_id, viewer))
        if not lines:
            raise UnknownRecord(f"there is no todo {todo_id} that you may see")
        row = connection.execute(select(todos).where(todos.c.id == todo_id)).one()
        return TodoDetails(
            lines[0],
            row.text,
            _name(connection, row.creator_id),
            _name(connection, row.done_by_id),
            row.outcome,
            _parts(connection, todo_id, viewer),
            _comments(connection, todo_id),
            history.changes,
            history.version,
        )


def _parts(connection: Connection, todo_id: int, viewer: int | None) -> tuple[Part, ...]:
    found = parts_of(connection, todo_id, viewer)
    return tuple(Part(each, _parts(connection, each.id, viewer)) for each in found)


def _comments(connection: Connection, todo_id: int) -> tuple[Comment, ...]:
    query = (
        select(todo_comments, employees.c.name)
        .outerjoin(employees, employees.c.id == todo_comments.c.employee_id)
        .where(todo_comments.c.todo_id == todo_id)
        .order_by(todo_comments.c.id)
    )
    return tuple(Comment(said.name, said.at, said.text) for said in connection.execute(query))


def _name(connection: Connection, employee_id: int | None) -> str | None:
    name: str | None = connection.scalar(
        select(employees.c.name).where(employees.c.id == employee_id)
    )
    return name
