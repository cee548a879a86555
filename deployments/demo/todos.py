"""The demo's employees do what the workflows give them, in turn, so that cases go their course."""

import asyncio
import sys
from datetime import datetime, timedelta
from itertools import cycle
from random import Random

from sqlalchemy.exc import SQLAlchemyError

from domain.errors import KontaktwerkError, Refused
from domain.todos import TodoReason
from tasks.store.database import store
from tasks.store.directory import employee_by_number
from tasks.store.todo_details import show_todo
from tasks.store.todo_overview import overview
from tasks.todos import set_done

DOERS = ("1002", "1004", "1003", "1005", "1001")
SEED = 5
UNTOUCHED = timedelta(minutes=1)  # before that nobody does a todo, so that it can be looked at


async def do_todos(pause: float = 20) -> None:
    """Let one employee after the other do one todo after each pause (in seconds)."""
    choice = Random(SEED)  # noqa: S311 - the same demo each time, nothing secret
    for employee in cycle(DOERS):
        await asyncio.sleep(pause)
        try:
            await asyncio.to_thread(do_next, employee, store().now(), choice)
        except (KontaktwerkError, SQLAlchemyError) as error:
            sys.stderr.write(f"a todo of {employee}: {error}\n")
            sys.stderr.flush()


def do_next(employee: str, now: datetime, choice: Random) -> int | None:
    """Do the first todo of an employee's that a workflow gave them; none where there is none."""
    todo_id = _next(employee, now)
    if todo_id is None:
        return None
    try:
        set_done(todo_id, employee, True)
    except Refused as refused:
        set_done(todo_id, employee, True, choice.choice(_outcomes(refused)))
    return todo_id


def _next(employee: str, now: datetime) -> int | None:
    """Find what is to be done next; what a person wrote is for the persons who try the demo."""
    who = employee_by_number(store(), employee)
    lines = (todo for section in overview(store(), who, now) for todo in section.todos)
    for line in lines:
        is_old = line.created <= now - UNTOUCHED
        if is_old and not line.open_parts and show_todo(store(), line.id, who).creator is None:
            return line.id
    return None


def _outcomes(refused: Refused) -> list[str]:
    """Give the outcomes of which one must be said; any other refusal stands."""
    [refusal] = refused.refusals
    if refusal.reason is not TodoReason.OUTCOME_MISSING:
        raise refused
    return refusal.about.split(", ")
