"""Todos as lists show them, each in a line."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from domain.todos import TodoPriority
from tasks.store.tables import cases, employees, teams, todo_cases, todos
from tasks.store.todo_visibility import todo_shown_to

_TAKERS = employees.alias("takers")


@dataclass(frozen=True, slots=True)
class TodoLine:
    """A todo in a list."""

    id: int
    parent_id: int | None  # what it is a part of
    activity_type: str
    matchcode: str
    priority: TodoPriority
    employee: str | None  # names
    team: str | None
    taken_by: str | None
    begin: datetime | None
    due: datetime | None
    created: datetime
    done: datetime | None
    open_parts: int
    cases: tuple[str, ...]  # numbers

    @property
    def rank(self) -> int:
        """The rank of the priority, 0 for the highest."""
        return self.priority.rank


def selecting() -> Select[Any]:
    """Select todos with all that a line says of them, but their cases."""
    parts = todos.alias("parts")
    open_parts = (parts.c.parent_id == todos.c.id) & parts.c.done_at.is_(None)
    counted = select(func.count()).select_from(parts).where(open_parts).correlate(todos)
    return (
        select(
            todos,
            employees.c.name.label("employee"),
            teams.c.name.label("team"),
            _TAKERS.c.name.label("taken_by"),
            counted.scalar_subquery().label("open_parts"),
        )
        .outerjoin(employees, employees.c.id == todos.c.employee_id)
        .outerjoin(teams, teams.c.id == todos.c.team_id)
        .outerjoin(_TAKERS, _TAKERS.c.id == todos.c.taken_by_id)
    )


def read_lines(connection: Connection, query: Select[Any]) -> list[TodoLine]:
    """Read what selecting selects, in its order."""
    rows = connection.execute(query).all()
    numbers = case_numbers(connection, [row.id for row in rows])
    return [_line(row, numbers[row.id]) for row in rows]


def read_todo_lines(connection: Connection, ids: Sequence[int]) -> list[TodoLine]:
    """Read the lines of todos, in this order."""
    lines = {
        line.id: line for line in read_lines(connection, selecting().where(todos.c.id.in_(ids)))
    }
    return [lines[id_] for id_ in ids]


def parts_of(connection: Connection, todo_id: int, viewer: int | None) -> list[TodoLine]:
    """Read the parts of a todo that somebody may see, in the order in which they were added."""
    return read_lines(connection, seen(todos.c.parent_id == todo_id, viewer).order_by(todos.c.id))


def seen(which: ColumnElement[bool], viewer: int | None) -> Select[Any]:
    """Select those of some todos that somebody may see (L9)."""
    return selecting().where(which, todo_shown_to(viewer))


def case_numbers(connection: Connection, todo_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """Read the numbers of the cases of todos."""
    query = (
        select(todo_cases.c.todo_id, cases.c.number)
        .join(cases, cases.c.id == todo_cases.c.case_id)
        .where(todo_cases.c.todo_id.in_(todo_ids))
        .order_by(cases.c.number)
    )
    numbers: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for row in connection.execute(query):
        numbers[row.todo_id] += (row.number,)
    return numbers


def _line(row: Any, numbers: tuple[str, ...]) -> TodoLine:
    return TodoLine(
        row.id,
        row.parent_id,
        row.activity_type,
        row.matchcode,
        TodoPriority(row.priority),
        row.employee,
        row.team,
        row.taken_by,
        row.begin_at,
        row.due_at,
        row.created_at,
        row.done_at,
        row.open_parts,
        numbers,
    )
