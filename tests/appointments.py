"""Appointments for tests of the store: usual values, and what is armed for whom."""

from datetime import datetime, timedelta
from typing import Any

from builders import DIRECTORY, NOW, enter_directory
from sqlalchemy import select

from domain.alarms import MESSAGE, AlarmStatus
from domain.appointments import AT_BEGIN, NewAppointment, Period
from domain.directory import Directory, Employee, Equipment
from domain.errors import Refused
from tasks.store.booking import book
from tasks.store.database import Store
from tasks.store.tables import alarms, employees, occurrences

ANNA, JONAS, MIA = "1001", "1002", "1003"  # Anna may edit others'
LEFT, NOBODY, STRANGER = "1005", "9999", "1006"  # a stranger may book, and takes no part
ROOM, VAN, PROJECTOR = "R-1", "V-1", "P-1"  # the projector is gone
TEN = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001 - what clocks on a wall show has no zone
BERLIN = "Europe/Berlin"  # an hour ahead of UTC on that day, so that ten o'clock is NOW
HOUR = timedelta(hours=1)
BEFORE = NOW - HOUR


def peopled(store: Store) -> None:
    """Enter the directory, with equipment, and with somebody who left."""
    more = Directory(
        employee=(
            Employee(number=LEFT, name="Otto Lange", active=False),
            Employee(number=STRANGER, name="Ida Fuchs", permissions=("crm.contacts",)),
        ),
        equipment=(
            Equipment(number=ROOM, name="Besprechungsraum"),
            Equipment(number=VAN, name="Transporter"),
            Equipment(number=PROJECTOR, name="Beamer", active=False),
        ),
    )
    enter_directory(store, DIRECTORY, more)


def new(**changes: Any) -> NewAppointment:
    """Give an appointment of Jonas and Mia, from ten to eleven in Berlin, with an alarm at ten."""
    usual: dict[str, Any] = {
        "period": at(TEN),
        "responsible": JONAS,
        "matchcode": "Halle 2",
        "participants": (MIA,),
        "alarm": AT_BEGIN,
    }
    return NewAppointment(**{**usual, **changes})


def at(begins: datetime, length: timedelta = HOUR, zone: str = BERLIN) -> Period:
    """Give a period by its begin, of an hour in Berlin unless said otherwise."""
    return Period(begins, begins + length, zone)


def booked(store: Store, employee: str = JONAS, now: datetime = BEFORE, **changes: Any) -> int:
    """Book such an appointment, an hour before it begins; gives its id."""
    return book(store, new(**changes), employee, now).id


def armed(store: Store, appointment_id: int | None = None) -> set[tuple[str, str, datetime]]:
    """Read what is armed: personnel numbers, channels and instants."""
    query = (
        select(employees.c.number, alarms.c.channel, alarms.c.next_at)
        .join(employees, employees.c.id == alarms.c.employee_id)
        .join(occurrences, occurrences.c.id == alarms.c.occurrence_id)
        .where(alarms.c.status == AlarmStatus.ARMED)
    )
    if appointment_id is not None:
        query = query.where(occurrences.c.appointment_id == appointment_id)
    with store.reading() as connection:
        return {(row.number, row.channel, row.next_at) for row in connection.execute(query)}


def by_message(due_at: datetime, *numbers: str) -> set[tuple[str, str, datetime]]:
    """Say that these employees are informed by an internal message."""
    return {(number, MESSAGE, due_at) for number in numbers}


def refused(told: Refused) -> set[tuple[str, str]]:
    """Give what stands against something, with whom or what each is about."""
    return {(str(refusal.reason), refusal.about) for refusal in told.refusals}
