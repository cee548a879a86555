"""Many armed alarms: rows of appointments of which each is a series, or stands for itself."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from domain.alarms import AlarmStatus, Origin
from domain.directory import Directory, Employee
from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.tables import alarms, appointments, employees, occurrences

STAFF = 100
SERIES = 1_000  # occurrences of one appointment
OCCURRENCES = 10_000  # of all series; what is armed beyond them rings again and again
AT_ONCE = 5_000  # rows in one statement
Row = dict[str, Any]


def enter_staff(store: Store) -> list[int]:
    """Enter those who are informed; gives their ids."""
    numbers = [f"{5_000 + number}" for number in range(STAFF)]
    people = tuple(Employee(number=each, name=f"Employee {each}") for each in numbers)
    apply_directory(store, Directory(employee=people))
    with store.reading() as connection:
        return list(connection.scalars(select(employees.c.id).where(employees.c.name.like("E%"))))


def arm_single(store: Store, staff: list[int], instants: Sequence[datetime]) -> None:
    """Arm an alarm of an appointment of its own for each instant."""
    store.write(lambda connection: _enter(connection, staff, instants, instants))


def arm_series(store: Store, staff: list[int], number: int, begin: datetime) -> None:
    """Arm so many alarms of series, a second after each other from an instant on."""
    due = [begin + timedelta(seconds=each) for each in range(number)]
    store.write(
        lambda connection: _enter(
            connection, staff, due[:OCCURRENCES:SERIES], due[:OCCURRENCES], due
        )
    )


def _enter(
    connection: Connection,
    staff: list[int],
    begins: Sequence[datetime],
    occurring: Sequence[datetime],
    due: Sequence[datetime] | None = None,
) -> None:
    """Enter appointments, their occurrences evenly, and alarms for these again and again."""
    appointment, occurrence = _next_id(connection, appointments), _next_id(connection, occurrences)
    series = -(-len(occurring) // len(begins))
    whose = [staff[place % STAFF] for place in range(len(due or occurring))]
    _insert(
        connection,
        appointments,
        (_appointment(appointment + place, whose[place], at) for place, at in enumerate(begins)),
    )
    _insert(
        connection,
        occurrences,
        (
            _occurrence(appointment + place // series, place % series, at)
            for place, at in enumerate(occurring)
        ),
    )
    _insert(
        connection,
        alarms,
        (
            _alarm(occurrence + place % len(occurring), whose[place], at)
            for place, at in enumerate(due or occurring)
        ),
    )


def _next_id(connection: Connection, table: Table) -> int:
    return 1 + (connection.scalar(select(func.max(table.c.id))) or 0)


def _insert(connection: Connection, table: Table, rows: Iterator[Row]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        connection.execute(insert(table), some)


def _appointment(number: int, employee_id: int, at: datetime) -> Row:
    now = datetime.now(UTC)
    return {
        "uid": f"{number}@bench.example",
        "sequence": 0,
        "creator_id": employee_id,
        "responsible_id": employee_id,
        "matchcode": f"Appointment {number}",
        "text": "What there is to talk about: the offer, the dates, and who drives.",
        "place": "Room 2",
        "priority": "normal",
        "created_at": now,
        "changed_at": now,
        **_period(at),
    }


def _occurrence(appointment_id: int, position: int, at: datetime) -> Row:
    return {
        "appointment_id": appointment_id,
        "position": position,
        "recurrence": at.replace(tzinfo=None),
        "begins_at": at,
        "ends_at": at + timedelta(hours=1),
        "alarm_lead": 0,
        "changed": False,
        "done": False,
        "cancelled": False,
        "span": 0,
        **_period(at),
    }


def _period(at: datetime) -> Row:
    begins = at.replace(tzinfo=None)
    ends = begins + timedelta(hours=1)
    return {"begins": begins, "ends": ends, "zone": "UTC", "all_day": False}


def _alarm(occurrence_id: int, employee_id: int, at: datetime) -> Row:
    return {
        "occurrence_id": occurrence_id,
        "employee_id": employee_id,
        "channel": "message",
        "due_at": at,
        "next_at": at,
        "origin": Origin.TIME,
        "status": AlarmStatus.ARMED,
        "attempts": 0,
    }
