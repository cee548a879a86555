"""Appointments and todos as iCalendar files (RFC 5545), a component at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any

from sqlalchemy import Connection, select

from domain.appointments import Period
from domain.calendar_events import Event
from domain.ical import CLOSING, PUBLISH, opening, published
from domain.ical_events import UTC_ZONES
from domain.ical_todos import TodoEntry, uid_of_todo, written_todo
from domain.ical_zones import described
from domain.lists import Listed
from domain.todos import TodoPriority
from tasks.store.among import among
from tasks.store.calendars import read_events
from tasks.store.lists.reading import APPOINTMENTS, TODOS, ListOf
from tasks.store.tables import employees, teams, todos


def write_events(target: IO[bytes], name: str, events: Iterable[Event]) -> None:
    """Write appointments as VEVENTs, after the zones that they speak of.

    Which those are is known at the end: until then the appointments wait in a file.
    """
    years: dict[str, set[int]] = defaultdict(set)
    with TemporaryFile() as waiting:
        for event in events:
            _note_years(years, [event.first, *(each.period for each in event.occurrences)])
            waiting.writelines(published(event))
        target.write(opening(name, PUBLISH))
        for zone, its in sorted(years.items()):
            target.write(described(zone, min(its) - 1, max(its)))
        waiting.seek(0)
        copyfileobj(waiting, target)
    target.write(CLOSING)


def write_todos(target: IO[bytes], name: str, entries: Iterable[TodoEntry]) -> None:
    """Write todos as VTODOs."""
    target.write(opening(name))
    for entry in entries:
        target.write(written_todo(entry))
    target.write(CLOSING)


def _note_years(years: dict[str, set[int]], periods: Sequence[Period]) -> None:
    for each in periods:
        if not each.all_day and each.zone not in UTC_ZONES:
            years[each.zone] |= {each.begins.year, each.ends.year}


def _read_events(connection: Connection, ids: Sequence[int], _viewer: int | None) -> list[Event]:
    found = read_events(connection, ids)
    return [found[id_] for id_ in ids]


def _read_entries(
    connection: Connection, ids: Sequence[int], _viewer: int | None
) -> list[TodoEntry]:
    wholes, takers = todos.alias("wholes"), employees.alias("takers")
    query = (
        select(
            todos,
            wholes.c.created_at.label("whole_created_at"),
            employees.c.name.label("employee"),
            teams.c.name.label("team"),
            takers.c.name.label("taker"),
        )
        .outerjoin(wholes, wholes.c.id == todos.c.parent_id)
        .outerjoin(employees, employees.c.id == todos.c.employee_id)
        .outerjoin(teams, teams.c.id == todos.c.team_id)
        .outerjoin(takers, takers.c.id == todos.c.taken_by_id)
        .where(among(connection, todos.c.id, ids))
    )
    found = {row.id: _entry(row) for row in connection.execute(query)}
    return [found[id_] for id_ in ids]


def _entry(row: Any) -> TodoEntry:
    whole = row.parent_id and uid_of_todo(row.parent_id, row.whole_created_at)
    return TodoEntry(
        uid_of_todo(row.id, row.created_at),
        row.created_at,
        row.changed_at,
        row.matchcode,
        row.text,
        row.activity_type,
        TodoPriority(row.priority),
        row.begin_at,
        row.due_at,
        row.done_at,
        row.taken_by_id is not None,
        whole,
        tuple(filter(None, [row.employee, row.team, row.taker])),
    )


EVENTS: ListOf[Event] = ListOf(Listed.APPOINTMENTS, APPOINTMENTS.asked, _read_events)
ENTRIES: ListOf[TodoEntry] = ListOf(Listed.TODOS, TODOS.asked, _read_entries)
