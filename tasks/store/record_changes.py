"""Who changed what on contacts, appointments and todos: the one place that notes and reads it.

A record's version is the id of the last change noted on it, 0 where there is none. Who notes or
asks holds the record's lock, so that the changes of one record come one after the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, insert, select

from domain.changes import Changed, Difference, Editing, History, reasons_not_to_overwrite
from domain.refusals import Refusal
from domain.zones import wall
from tasks.settings import settings
from tasks.store.tables import appointment_changes, contact_changes, employees, todo_changes

_REFERRING = {
    contact_changes: "contact_id",
    appointment_changes: "appointment_id",
    todo_changes: "todo_id",
}


@dataclass(frozen=True, slots=True)
class Record:
    """A record, by the table of its changes, and the fields of it that somebody may not see."""

    changes: Table
    id: int
    hidden: frozenset[str] = frozenset()

    def all(self) -> ColumnElement[bool]:
        """Say which changes are its own, those of hidden fields left out."""
        its = self.changes.c[_REFERRING[self.changes]] == self.id
        return its & self.changes.c.field.not_in(self.hidden) if self.hidden else its


def note(
    connection: Connection,
    record: Record,
    differences: Iterable[Difference],
    employee_id: int | None,
    now: datetime,
) -> None:
    """Note each field of a record that is different."""
    its = {_REFERRING[record.changes]: record.id}
    notes = [
        {**its, "field": each.field, "before": each.before, "after": each.after}
        for each in differences
    ]
    enter(connection, record.changes, notes, employee_id, now)


def enter(
    connection: Connection,
    changes: Table,
    notes: Iterable[Mapping[str, Any]],
    employee_id: int | None,
    now: datetime,
) -> None:
    """Keep what was changed, by whom and when; nobody is Kontaktwerk itself."""
    if rows := [{"employee_id": employee_id, "at": now, **each} for each in notes]:
        connection.execute(insert(changes), rows)


def history_of(connection: Connection, record: Record) -> History:
    """Give who changed what on a record; the caller asks who may see it (L9).

    It is read before the record is: what is changed in between is newer than the version then, and
    not the other way round, so that nobody overwrites what they have not seen.
    """
    rows = _read(connection, record, record.all())
    return History(rows[-1].id if rows else 0, tuple(map(_changed, rows)))


def reasons_as_stale(connection: Connection, record: Record, editing: Editing) -> list[Refusal]:
    """Refuse to change what was changed since its editor saw it; says who changed what, when."""
    if editing.seen is None:
        return []
    found = _read(connection, record, record.all() & (record.changes.c.id > editing.seen))
    zone = _zone(connection, editing.employee)
    since = [replace(each, at=wall(each.at, zone)) for each in map(_changed, found)]
    return reasons_not_to_overwrite(since, wall(editing.now, zone))


def _read(connection: Connection, record: Record, which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    query = (
        select(record.changes, employees.c.name)
        .outerjoin(employees, employees.c.id == record.changes.c.employee_id)
        .where(which)
        .order_by(record.changes.c.id)
    )
    return connection.execute(query).all()


def _changed(row: Row[Any]) -> Changed:
    return Changed(row.name, row.at, row.field, row.before, row.after)


def _zone(connection: Connection, employee: str) -> str:
    own = connection.scalar(select(employees.c.zone).where(employees.c.number == employee))
    return own or settings().zone
