"""What todos tell others: that one was created, done or undone; ids and states only (L9, W4)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from domain.events import EventName, TodoCreated, TodoDone
from tasks.store.events import News, publish
from tasks.store.tables import employees, teams, todos
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
        news = [News(row.id, _created(row, numbers[row.id])) for row in rows]
        publish(connection, EventName.TODO_CREATED, news, now)


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
    publish(connection, EventName.TODO_DONE, [News(row.id, payload)], now)


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


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
