"""Todos come into being: written by employees, divided into parts, prescribed by workflows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from domain.refusals import Refusal
from domain.todos import (
    NewTodo,
    TodoReason,
    reasons_against,
    reasons_not_to_change,
    reasons_not_to_divide,
    reasons_not_to_write,
)
from tasks.store.actors import actor
from tasks.store.database import Store
from tasks.store.record_changes import enter
from tasks.store.tables import todo_cases, todo_changes, todos
from tasks.store.todo_events import announce_created
from tasks.store.todo_holding import concerned, locked_line, require
from tasks.store.todo_naming import assignee_named, cases_of_todo, reasons_against_activity_type


def write_todo(store: Store, new: NewTodo, employee: str, now: datetime) -> int:
    """Save a todo; gives its id, and Refused says all that stands against it (T1, T2).

    A part belongs to its whole's cases, where it names none. Written again with the same key, it
    is the same one.
    """
    return store.write(lambda connection: _write(connection, new, employee, now))


def divide(
    store: Store, todo_id: int, parts: Sequence[NewTodo], employee: str, now: datetime
) -> list[int]:
    """Divide a todo into parts, all of them or none; gives their ids (T3)."""
    within = [replace(part, parent_id=todo_id) for part in parts]
    return store.write(
        lambda connection: [_write(connection, part, employee, now) for part in within]
    )


def _write(connection: Connection, new: NewTodo, employee: str, now: datetime) -> int:
    if (known := _with_key(connection, new.key)) is not None:
        return known
    creator = actor(connection, employee)
    line = locked_line(connection, new.parent_id, creator.id) if new.parent_id else []
    assignee = assignee_named(connection, new.employee, new.team)
    case_ids, missing = cases_of_todo(connection, new.cases)
    above = reasons_not_to_change(creator, concerned(line[-1])) if line else []
    require(
        [
            *reasons_not_to_write(creator),
            *reasons_against(new),
            *reasons_against_activity_type(connection, new.activity_type),
            *assignee.refusals,
            *missing,
            *above,
            *_reasons_not_to_divide(new, line),
        ]
    )
    row = {
        **_row(new, now),
        "creator_id": creator.id,
        "employee_id": assignee.employee_id,
        "team_id": assignee.team_id,
    }
    todo_id = int(
        connection.execute(insert(todos).values(**row).returning(todos.c.id)).scalar_one()
    )
    _relate(connection, todo_id, case_ids or _cases_of(connection, new.parent_id))
    enter(connection, todo_changes, [{"todo_id": todo_id, "field": "created"}], creator.id, now)
    announce_created(connection, [todo_id], now)
    return todo_id


def _with_key(connection: Connection, key: str | None) -> int | None:
    if key is None:
        return None
    found: int | None = connection.scalar(select(todos.c.id).where(todos.c.key == key))
    return found


def _reasons_not_to_divide(new: NewTodo, line: Sequence[Any]) -> list[Refusal]:
    if new.parent_id is None:
        return []
    if not line:
        return [Refusal(TodoReason.PARENT_UNKNOWN, str(new.parent_id))]
    return reasons_not_to_divide(len(line), line[-1].done_at is not None)


def _row(new: NewTodo, now: datetime) -> dict[str, Any]:
    return {
        "key": new.key,
        "parent_id": new.parent_id,
        "activity_type": new.activity_type,
        "priority": new.priority,
        "rank": new.priority.rank,
        "matchcode": new.matchcode,
        "text": new.text,
        "begin_at": new.begin,
        "due_at": new.due,
        "created_at": now,
        "changed_at": now,
        "reminders": 0,
    }


def _relate(connection: Connection, todo_id: int, case_ids: Sequence[int]) -> None:
    rows = [{"todo_id": todo_id, "case_id": case_id} for case_id in case_ids]
    if rows:
        connection.execute(insert(todo_cases), rows)


def _cases_of(connection: Connection, todo_id: int | None) -> Sequence[int]:
    query = select(todo_cases.c.case_id).where(todo_cases.c.todo_id == todo_id)
    return connection.scalars(query).all() if todo_id else []
