"""Todos that workflows prescribe: entered many at once, each exactly once (W1, W2)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from domain.todos import TodoPriority
from tasks.store.database import insert_unless_there
from tasks.store.record_changes import enter
from tasks.store.tables import todo_cases, todo_changes, todos
from tasks.store.todo_events import announce_created

AT_ONCE = 500  # visits asked for in one query

_Place = tuple[int, str]  # a visit, and the template's path


@dataclass(frozen=True, slots=True)
class TodoDraft:
    """A todo that a visit of a step prescribes, for an employee or for a team."""

    visit_id: int
    template: str  # its path: that of a part begins with the path of its whole, and "/"
    activity_type: str
    matchcode: str
    text: str = ""
    priority: TodoPriority = TodoPriority.NORMAL
    employee_id: int | None = None
    team_id: int | None = None
    begin: datetime | None = None
    due: datetime | None = None
    remind_at: datetime | None = None
    case_ids: tuple[int, ...] = ()


def enter_todos(connection: Connection, drafts: Sequence[TodoDraft], now: datetime) -> list[int]:
    """Enter what visits prescribe; gives the ids of what was not there yet.

    What is there already stays as it is, whoever entered it. Wholes are entered before their
    parts, and a part's whole is among the drafts or there.
    """
    created: list[int] = []
    by_depth: dict[int, list[TodoDraft]] = defaultdict(list)
    for draft in drafts:
        by_depth[draft.template.count("/")].append(draft)
    for depth in sorted(by_depth):
        created += _enter(connection, by_depth[depth], now)
    notes = [{"todo_id": todo_id, "field": "created"} for todo_id in created]
    enter(connection, todo_changes, notes, None, now)
    announce_created(connection, created, now)
    return created


def _enter(connection: Connection, drafts: Sequence[TodoDraft], now: datetime) -> list[int]:
    wholes = _ids(connection, [each for each in drafts if "/" in each.template])
    rows = [_row(each, wholes, now) for each in drafts]
    # What is there was prescribed before by the same visit.
    inserting = insert_unless_there(connection, todos, "visit_id", "template")
    entering = inserting.returning(todos.c.id, todos.c.visit_id, todos.c.template)
    entered = {(row.visit_id, row.template): row.id for row in connection.execute(entering, rows)}
    _relate(connection, drafts, entered)
    return list(entered.values())


def _ids(connection: Connection, parts: Sequence[TodoDraft]) -> dict[_Place, int]:
    """Find the wholes of parts."""
    columns = (todos.c.id, todos.c.visit_id, todos.c.template)
    paths = {_whole(each.template) for each in parts}
    found: dict[_Place, int] = {}
    for visits in _portions(sorted({each.visit_id for each in parts})):
        there = todos.c.visit_id.in_(visits) & todos.c.template.in_(paths)
        for row in connection.execute(select(*columns).where(there)):
            found[row.visit_id, row.template] = row.id
    return found


def _row(draft: TodoDraft, wholes: Mapping[_Place, int], now: datetime) -> dict[str, Any]:
    is_part = "/" in draft.template
    return {
        "visit_id": draft.visit_id,
        "template": draft.template,
        "parent_id": wholes[draft.visit_id, _whole(draft.template)] if is_part else None,
        "activity_type": draft.activity_type,
        "priority": draft.priority,
        "rank": draft.priority.rank,
        "matchcode": draft.matchcode,
        "text": draft.text,
        "employee_id": draft.employee_id,
        "team_id": draft.team_id,
        "begin_at": draft.begin,
        "due_at": draft.due,
        "created_at": now,
        "changed_at": now,
        "remind_at": draft.remind_at,
        "reminders": 0,
    }


def _relate(
    connection: Connection, drafts: Sequence[TodoDraft], entered: Mapping[_Place, int]
) -> None:
    rows = [
        {"todo_id": entered[place], "case_id": case_id}
        for draft in drafts
        if (place := (draft.visit_id, draft.template)) in entered
        for case_id in draft.case_ids
    ]
    if rows:
        connection.execute(insert(todo_cases), rows)


def _whole(template: str) -> str:
    return template.rpartition("/")[0]


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
