"""Employees' calendar feeds: who subscribes to what, and the marks that make addresses void."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, insert, or_, select, update

from domain.calendar_events import Event
from tasks.store.calendars import read_events
from tasks.store.database import Store
from tasks.store.tables import (
    appointment_participants,
    appointments,
    employees,
    markers,
    occurrences,
)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An employee who has a feed, and its mark."""

    id: int
    number: str
    name: str
    mark: str


def subscriber(store: Store, number: str) -> Subscriber | None:
    """Find an employee who works here by the personnel number; None for everybody else."""
    if not number.isprintable():
        return None  # PostgreSQL takes no NUL, and UTF-8 no half of a letter
    query = select(employees.c.id, employees.c.name).where(
        employees.c.number == number, employees.c.active
    )
    with store.reading() as connection:
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Subscriber(row.id, number, row.name, _mark(connection, row.id) or "")


def set_mark(store: Store, employee_id: int, mark: str) -> None:
    """Give an employee's feed another mark."""

    def marking(connection: Connection) -> None:
        name = _name(employee_id)
        if _mark(connection, employee_id) is None:
            connection.execute(insert(markers).values(name=name, value=mark))
        else:
            connection.execute(update(markers).where(markers.c.name == name).values(value=mark))

    store.write(marking)


def subscribed_events(store: Store, employee_id: int, since: datetime) -> list[Event]:
    """Read the appointments that an employee takes part in, and that are not over by then."""
    with store.reading() as connection:
        ids = list(connection.scalars(_taking_part(employee_id, since)))
        events = read_events(connection, ids).values()
    return sorted(events, key=lambda event: (event.first.begins_at, event.uid))


def _taking_part(employee_id: int, since: datetime) -> Select[tuple[int]]:
    theirs = appointment_participants.c.employee_id == employee_id
    joined = select(appointment_participants.c.appointment_id).where(theirs)
    concerned = or_(appointments.c.responsible_id == employee_id, appointments.c.id.in_(joined))
    of_it = occurrences.c.appointment_id == appointments.c.id
    takes_place = of_it & ~occurrences.c.cancelled & (occurrences.c.ends_at >= since)
    return (
        select(appointments.c.id)
        .where(concerned, appointments.c.cancelled_at.is_(None))
        .where(appointments.c.deleted_at.is_(None))
        .where(select(occurrences.c.id).where(takes_place).exists())
    )


def _mark(connection: Connection, employee_id: int) -> str | None:
    query = select(markers.c.value).where(markers.c.name == _name(employee_id))
    mark: str | None = connection.scalar(query)
    return mark


def _name(employee_id: int) -> str:
    return f"feed:{employee_id}"
