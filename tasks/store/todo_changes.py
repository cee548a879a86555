"""Todos change hands and words: taken and given back, delegated, edited, and commented on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from domain.changes import Editing
from domain.refusals import Refusal
from domain.todos import (
    NewTodo,
    TodoChange,
    TodoPriority,
    reasons_against_assignee,
    reasons_against_comment,
    reasons_against_times,
    reasons_against_words,
    reasons_not_to_change,
    reasons_not_to_delegate,
    reasons_not_to_give_back,
    reasons_not_to_take,
    reasons_not_to_write,
)
from tasks.store.database import Store
from tasks.store.tables import due_key, employees, matchcode_values, todo_comments
from tasks.store.todo_holding import change, held, look_again, require
from tasks.store.todo_naming import assignee_named, reasons_against_activity_type


def take(
    store: Store, todo_id: int, employee: str, now: datetime, *, seen: int | None = None
) -> None:
    """Take a todo of a team of one's own; Refused names who has it, where somebody has (T2).

    seen is the version that the employee saw, here and below: Refused names who changed what since.
    """

    def taking(connection: Connection) -> None:
        this = held(connection, todo_id, Editing(employee, now, seen))
        taker = _name(connection, this.row.taken_by_id)
        reasons = reasons_not_to_take(this.editor, this.concerned, this.is_done, taker)
        require([*reasons, *this.stale])
        change(connection, this.row, {"taken_by_id": this.editor.id}, this.editor, now)

    store.write(taking)


def give_back(
    store: Store, todo_id: int, employee: str, now: datetime, *, seen: int | None = None
) -> None:
    """Give a todo back to its team, as who took it does; Refused where it is done (T2)."""

    def giving(connection: Connection) -> None:
        this = held(connection, todo_id, Editing(employee, now, seen))
        taker = _name(connection, this.row.taken_by_id)
        reasons = reasons_not_to_give_back(this.editor, this.concerned, this.is_done, taker)
        require([*reasons, *this.stale])
        change(connection, this.row, {"taken_by_id": None}, this.editor, now)

    store.write(giving)


def delegate(
    store: Store,
    todo_id: int,
    employee: str,
    now: datetime,
    to_employee: str | None = None,
    to_team: str | None = None,
    *,
    seen: int | None = None,
) -> None:
    """Delegate an open todo to another employee or team, who takes it anew (T2)."""

    def delegating(connection: Connection) -> None:
        this = held(connection, todo_id, Editing(employee, now, seen))
        to = assignee_named(connection, to_employee, to_team)
        wrong = reasons_against_assignee(to_employee, to_team)
        reasons = reasons_not_to_delegate(this.editor, this.concerned, this.is_done)
        require([*reasons, *wrong, *to.refusals, *this.stale])
        values = {"employee_id": to.employee_id, "team_id": to.team_id}
        if (this.row.employee_id, this.row.team_id) != (to.employee_id, to.team_id):
            change(connection, this.row, {**values, "taken_by_id": None}, this.editor, now)

    store.write(delegating)


def edit(
    store: Store,
    todo_id: int,
    employee: str,
    wish: TodoChange,
    now: datetime,
    *,
    seen: int | None = None,
) -> None:
    """Change what a todo says, and when it is due; Refused says all that stands against it (T1).

    Where it is due at another time, its people are reminded by that one, and from the first again.
    """

    def editing(connection: Connection) -> None:
        this = held(connection, todo_id, Editing(employee, now, seen))
        before = _written(this.row)
        after = wish.of(before)
        reasons = reasons_not_to_change(this.editor, this.concerned)
        require([*reasons, *_reasons_against(connection, before, after), *this.stale])
        values = _values(after)
        if after.due != before.due:
            values |= {"remind_at": None, "reminders": 0}
            look_again(connection, this.row, now)
        change(connection, this.row, values, this.editor, now)

    store.write(editing)


def comment(store: Store, todo_id: int, employee: str, text: str, now: datetime) -> None:
    """Comment on a todo, as everybody may who sees it and may work with contacts."""

    def commenting(connection: Connection) -> None:
        this = held(connection, todo_id, Editing(employee, now))
        require([*reasons_not_to_write(this.editor), *reasons_against_comment(text)])
        note_comment(connection, [this.row.id], text.strip(), now, this.editor.id)

    store.write(commenting)


def note_comment(
    connection: Connection,
    todo_ids: Sequence[int],
    text: str,
    now: datetime,
    employee_id: int | None = None,
) -> None:
    """Put a comment on todos; nobody's is a workflow's."""
    rows = [
        {"todo_id": todo_id, "employee_id": employee_id, "at": now, "text": text}
        for todo_id in todo_ids
    ]
    if rows:
        connection.execute(insert(todo_comments), rows)


def _reasons_against(connection: Connection, before: NewTodo, after: NewTodo) -> list[Refusal]:
    """Judge a todo as it would be; an activity type that is gone by now may stay."""
    kept = after.activity_type == before.activity_type
    return [
        *reasons_against_times(after.begin, after.due),
        *reasons_against_words(after.matchcode, after.text),
        *([] if kept else reasons_against_activity_type(connection, after.activity_type)),
    ]


def _written(row: Any) -> NewTodo:
    return NewTodo(
        row.activity_type,
        row.matchcode,
        row.text,
        TodoPriority(row.priority),
        begin=row.begin_at,
        due=row.due_at,
    )


def _values(todo: NewTodo) -> dict[str, Any]:
    return {
        "activity_type": todo.activity_type,
        **matchcode_values(todo.matchcode),
        "text": todo.text,
        "priority": todo.priority,
        "rank": todo.priority.rank,
        "begin_at": todo.begin,
        "due_at": todo.due,
        "due_key": due_key(todo.due),
    }


def _name(connection: Connection, employee_id: int | None) -> str:
    return connection.scalar(select(employees.c.name).where(employees.c.id == employee_id)) or ""
