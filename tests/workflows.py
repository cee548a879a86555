"""Workflows for tests: small definitions as YAML, entered and planned."""

from collections.abc import Sequence
from datetime import datetime
from textwrap import dedent, indent
from typing import Any

from builders import NOW
from outgoing_contacts import JONAS, ready
from sqlalchemy import select

from domain.events import StepEntered
from domain.workflow_yaml import parsed
from domain.workflows import Workflow
from tasks.store.database import Store
from tasks.store.planning import Planned, Terms, due_visits, plan_visits
from tasks.store.runs import Entered, enter_step
from tasks.store.tables import outgoing_events, step_visits, todos, workflow_runs
from tasks.store.todo_doing import set_done
from tasks.store.workflows import Applied, apply_workflow

CASE = "SC-1042"  # Jonas owns it
TERMS = Terms()
RING = "{key: ring, activity_type: phone note, matchcode: Ring, assign: {team: Helpdesk}}"


def workflow(steps: str, head: str = "", name: str = "repair") -> Workflow:
    """Read a workflow from its steps, and what else stands above them."""
    text = f"workflow: {name}\ntitle: Repair\n{dedent(head)}\nsteps:\n"
    return parsed(text + indent(dedent(steps), "  "), "repair.yaml")


def started(store: Store, steps: str, head: str = "", now: datetime = NOW) -> Applied:
    """Enter the usual directory, and apply a workflow."""
    ready(store)
    return apply_workflow(store, workflow(steps, head), now)


def entered(
    store: Store,
    step: str,
    key: str = "1",
    case: str = CASE,
    now: datetime = NOW,
    name: str = "repair",
    **more: Any,
) -> Entered:
    """Let a case enter a step."""
    asked = StepEntered(case=case, workflow=name, step=step, idempotency_key=key)
    return enter_step(store, asked, now, **more)


def planned(store: Store, now: datetime = NOW, terms: Terms = TERMS) -> Planned:
    """Plan until nothing is due."""
    total = Planned()
    while ids := due_visits(store, now, 100):
        total += plan_visits(store, ids, now, terms)
    return total


def todos_of(store: Store, *columns: str) -> list[Any]:
    """Give columns of the todos, in the order in which they were created."""
    wanted = [todos.c[name] for name in columns or ("template",)]
    with store.reading() as connection:
        rows = connection.execute(select(*wanted).order_by(todos.c.id)).all()
    return [row[0] if len(wanted) == 1 else tuple(row) for row in rows]


def visits_of(store: Store, *columns: str) -> list[Any]:
    """Give columns of the visits, in the order in which they began."""
    wanted = [step_visits.c[name] for name in columns or ("step", "status")]
    with store.reading() as connection:
        rows = connection.execute(select(*wanted).order_by(step_visits.c.id)).all()
    return [row[0] if len(wanted) == 1 else tuple(row) for row in rows]


def runs_of(store: Store) -> list[str]:
    """Give how far the runs are."""
    with store.reading() as connection:
        return list(connection.scalars(select(workflow_runs.c.status).order_by(workflow_runs.c.id)))


def open_todos(store: Store) -> list[int]:
    """Give the ids of the todos that are not done."""
    query = select(todos.c.id).where(todos.c.done_at.is_(None)).order_by(todos.c.id)
    with store.reading() as connection:
        return list(connection.scalars(query))


def done(store: Store, *ids: int, outcome: str | None = None, now: datetime = NOW) -> None:
    """Let Jonas do todos: these, or the last one."""
    for todo_id in ids or open_todos(store)[-1:]:
        set_done(store, todo_id, JONAS, True, now, outcome)


def told(store: Store, *names: str) -> Sequence[tuple[str, Any]]:
    """Give what others are told, by the end of its name: all of it, or of these kinds."""
    query = select(outgoing_events).order_by(outgoing_events.c.id)
    with store.reading() as connection:
        rows = [
            (row.name.removeprefix("kontakt."), row.payload) for row in connection.execute(query)
        ]
    return [row for row in rows if not names or row[0] in names]
