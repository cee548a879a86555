"""A todo with all that hangs on it: its parts as a tree, its comments, and its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from domain.errors import UnknownRecord
from tasks.store.database import Store
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
class Changed:
    """Who changed what on a todo."""

    employee: str | None  # none: a workflow
    at: datetime
    field: str  # "created" for the first
    before: str | None
    after: str | None


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
    changes: tuple[Changed, ...]


def show_todo(store: Store, todo_id: int, viewer: int | None = None) -> TodoDetails:
    """Read a todo; UnknownRecord where there is none that this person may see (L9)."""
    with store.reading() as connection:
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
            tuple(
                Comment(said.name, said.at, said.text)
                for said in _of(connection, todo_comments, todo_id)
            ),
            tuple(_changed(each) for each in _of(connection, todo_changes, todo_id)),
        )


def _parts(connection: Connection, todo_id: int, viewer: int | None) -> tuple[Part, ...]:
    found = parts_of(connection, todo_id, viewer)
    return tuple(Part(each, _parts(connection, each.id, viewer)) for each in found)


def _of(connection: Connection, table: Table, todo_id: int) -> Sequence[Any]:
    """Read what was said or changed, in its order, with the names of who did."""
    query = (
        select(table, employees.c.name)
        .outerjoin(employees, employees.c.id == table.c.employee_id)
        .where(table.c.todo_id == todo_id)
        .order_by(table.c.id)
    )
    return connection.execute(query).all()


def _changed(row: Any) -> Changed:
    return Changed(row.name, row.at, row.field, row.before, row.after)


def _name(connection: Connection, employee_id: int | None) -> str | None:
    name: str | None = connection.scalar(
        select(employees.c.name).where(employees.c.id == employee_id)
    )
    return name
