"""The frame of every change to a todo: held with what it is a part of, changed, and noted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from domain.changes import Difference, Editing
from domain.errors import Refused, UnknownRecord
from domain.refusals import Refusal
from domain.sending import Actor
from domain.todos import Concerned
from tasks.store.actors import actor
from tasks.store.record_changes import Record, note, reasons_as_stale
from tasks.store.tables import employees, step_visits, teams, todo_changes, todos
from tasks.store.todo_visibility import todo_shown_to

_NOTED = {  # the columns whose changes are kept, and what they are called
    "activity_type": "activity_type",
    "matchcode": "matchcode",
    "text": "text",
    "priority": "priority",
    "employee_id": "employee",
    "team_id": "team",
    "taken_by_id": "taken_by",
    "begin_at": "begin",
    "due_at": "due",
    "done_at": "done",
    "outcome": "outcome",
}
_NAMED = {"employee_id": employees, "taken_by_id": employees, "team_id": teams}


@dataclass(frozen=True, slots=True)
class Held:
    """A todo that nobody else changes meanwhile, and who changes it."""

    row: Any
    wholes: Sequence[Any]  # what it is a part of, the outermost first
    editor: Actor
    stale: Sequence[Refusal] = ()  # where others changed it since the editor saw it

    @property
    def concerned(self) -> Concerned:
        """Who has to do with it."""
        return concerned(self.row)

    @property
    def is_done(self) -> bool:
        """Whether it is done."""
        return self.row.done_at is not None


def held(connection: Connection, todo_id: int, editing: Editing) -> Held:
    """Hold a todo to change it; UnknownRecord where there is none that the employee may see."""
    editor = actor(connection, editing.employee)
    line = locked_line(connection, todo_id, editor.id)
    if not line:
        raise UnknownRecord(f"there is no todo {todo_id} that you may see")
    stale = reasons_as_stale(connection, Record(todo_changes, todo_id), editing)
    return Held(line[-1], line[:-1], editor, stale)


def locked_line(connection: Connection, todo_id: int, viewer: int) -> Sequence[Any]:
    """Lock a todo and all that it is a part of, the outermost first; none where it is hidden.

    A whole is always older than its parts, so that everybody locks in the same order; and a part
    that is added, done or undone waits for whoever is about to finish the whole.
    """
    seen = (todos.c.id == todo_id) & todo_shown_to(viewer)
    line = select(todos.c.id, todos.c.parent_id).where(seen).cte("line", recursive=True)
    above = select(todos.c.id, todos.c.parent_id).where(todos.c.id == line.c.parent_id)
    ids = list(connection.scalars(select(line.union_all(above).c.id)))
    query = select(todos).where(todos.c.id.in_(ids)).order_by(todos.c.id)
    return connection.execute(query.with_for_update(key_share=True)).all()


def concerned(row: Any) -> Concerned:
    """Say who has to do with a todo."""
    return Concerned(row.creator_id, row.employee_id, row.team_id, row.taken_by_id)


def require(refusals: Iterable[Refusal]) -> None:
    """Refuse where anything stands against it, all at once."""
    if said := tuple(dict.fromkeys(refusals)):
        raise Refused(said)


def change(
    connection: Connection, row: Any, values: Mapping[str, Any], editor: Actor, now: datetime
) -> bool:
    """Change a todo, and note who changed what; tells whether anything is different."""
    different = {column: to for column, to in values.items() if getattr(row, column) != to}
    if not different:
        return False
    changing = update(todos).where(todos.c.id == row.id).values(**different, changed_at=now)
    connection.execute(changing)
    notes = [_note(connection, row, each, to) for each, to in different.items() if each in _NOTED]
    note(connection, Record(todo_changes, row.id), notes, editor.id, now)
    return True


def look_again(connection: Connection, row: Any, now: datetime) -> None:
    """Let the planner look at the visit that prescribed a todo, where one did."""
    if row.visit_id is not None:
        this = step_visits.c.id == row.visit_id
        connection.execute(update(step_visits).where(this).values(look_at=now))


def _note(connection: Connection, row: Any, column: str, to: Any) -> Difference:
    before, after = (_shown(connection, column, each) for each in (getattr(row, column), to))
    return Difference(_NOTED[column], before, after)


def _shown(connection: Connection, column: str, value: Any) -> str | None:
    """Write a value as it is read later, when names may have changed."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.isoformat()
    if column in _NAMED:
        table = _NAMED[column]
        return connection.scalar(select(table.c.name).where(table.c.id == value))
    return str(value)
