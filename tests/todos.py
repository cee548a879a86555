"""Todos for tests: usual values, people of the usual directory, and a workflow's visit."""

from datetime import datetime
from typing import Any

from builders import NOW
from outgoing_contacts import JONAS
from sqlalchemy import insert, select

from domain.errors import Refused
from domain.todos import NewTodo, TodoReason
from tasks.store.database import Store
from tasks.store.tables import cases, step_visits, workflow_runs, workflow_versions
from tasks.store.todo_details import TodoDetails, show_todo
from tasks.store.todos import write_todo

DEFINITION = {
    "workflow": "repair",
    "title": "Repair",
    "steps": {
        "look": {
            "title": "Look at it",
            "todos": [
                {
                    "key": "decide",
                    "activity_type": "phone note",
                    "matchcode": "Decide",
                    "assign": {"team": "Helpdesk"},
                    "outcomes": ["repair", "replace"],
                },
                {
                    "key": "ring",
                    "activity_type": "phone note",
                    "matchcode": "Ring",
                    "assign": {"team": "Helpdesk"},
                },
            ],
        }
    },
}


def todo(**changes: Any) -> NewTodo:
    """Give a todo for Jonas."""
    usual: dict[str, Any] = {"activity_type": "phone note", "matchcode": "Petra anrufen"}
    if not {"employee", "team"} & changes.keys():
        usual["employee"] = JONAS
    return NewTodo(**{**usual, **changes})


def written(store: Store, by: str = JONAS, now: datetime = NOW, **changes: Any) -> int:
    """Save such a todo; gives its id."""
    return write_todo(store, todo(**changes), by, now)


def entered_visit(store: Store, contact_id: int | None = None, number: int = 1) -> int:
    """Enter a visit of the step that DEFINITION has, for SC-1042; gives its id."""
    version = {
        "name": "repair",
        "version": number,
        "definition": DEFINITION,
        "sha256": "0" * 64,
        "applied_at": NOW,
    }
    with store.writing() as connection:
        case_id = connection.scalar(select(cases.c.id).where(cases.c.number == "SC-1042"))
        versions, runs = workflow_versions, workflow_runs
        version_id = connection.scalar(insert(versions).values(**version).returning(versions.c.id))
        run = {"version_id": version_id, "case_id": case_id, "status": "open", "started_at": NOW}
        run_id = connection.scalar(insert(runs).values(**run).returning(runs.c.id))
        visit = {
            "run_id": run_id,
            "step": "look",
            "number": 1,
            "contact_id": contact_id,
            "status": "open",
            "entered_at": NOW,
            "attempts": 0,
        }
        entering = insert(step_visits).values(**visit).returning(step_visits.c.id)
        return int(connection.execute(entering).scalar_one())


def look_at(store: Store, visit_id: int) -> datetime | None:
    """Give when the planner is to look at a visit next."""
    query = select(step_visits.c.look_at).where(step_visits.c.id == visit_id)
    with store.reading() as connection:
        found: datetime | None = connection.scalar(query)
    return found


def history(shown: TodoDetails) -> list[tuple[str, str | None, str | None]]:
    """Give what was changed on a todo."""
    return [(each.field, each.before, each.after) for each in shown.changes]


def is_done(store: Store, todo_id: int) -> bool:
    """Whether a todo is done."""
    return show_todo(store, todo_id).line.done is not None


def reasons(refused: Refused) -> list[TodoReason]:
    """Give the reasons of a refusal."""
    return [TodoReason(each.reason) for each in refused.refusals]
