"""What todos tell others: that one was created, done or undone; ids and states only (L9, W4)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, insert, select

from domain.events import EMITTED, EventName, TodoCreated, TodoDone
from tasks.store.tables import employees, outgoing_events, teams, todos
from tasks.store.todo_lines import case_numbers

AT_ONCE = 500  # todos in one query


def announce_created(connection: Connection, todo_ids: Sequence[int], now: datetime) -> None:
    """Tell that todos were created, once this transaction is committed."""
    for some in _portions(todo_ids):
        numbers = case_numbers(connection, some)
        query = (
            select(todos, employees.c.number.label("employee"), teams.c.name.label("team"))
            .outerjoin(employees, employees.c.id == todos.c.employee_id)
            .outerjoin(teams, teams.c.id == todos.c.team_id)
            .where(todos.c.id.in_(some))
            .order_by(todos.c.id)
        )
        rows = connection.execute(query)
        payloads = {row.id: _created(row, numbers[row.id]) for row in rows}
        _tell(connection, EventName.TODO_CREATED, payloads, now)


def announce_done(connection: Connection, row: Any, actor_id: int, now: datetime) -> None:
    """Tell that a todo was done, or undone again: what its row says now, and who did it."""
    number = connection.scalar(select(employees.c.number).where(employees.c.id == actor_id))
    payload = TodoDone(
        todo=row.id,
        cases=case_numbers(connection, [row.id])[row.id],
        employee=number or "",
        done=row.done_at is not None,
        outcome=row.outcome,
        visit=row.visit_id,
    )
    _tell(connection, EventName.TODO_DONE, {row.id: payload}, now)


def _created(row: Any, numbers: Sequence[str]) -> TodoCreated:
    return TodoCreated(
        todo=row.id,
        cases=tuple(numbers),
        employee=row.employee,
        team=row.team,
        priority=row.priority,
        due=row.due_at,
        visit=row.visit_id,
    )


def _tell(
    connection: Connection, name: EventName, payloads: Mapping[int, BaseModel], now: datetime
) -> None:
    rows = [
        {
            "name": name,
            "resource": f"{EMITTED[name].resource}{todo_id}",
            "payload": payload.model_dump(mode="json"),
            "occurred_at": now,
        }
        for todo_id, payload in payloads.items()
    ]
    if rows:
        connection.execute(insert(outgoing_events), rows)


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
