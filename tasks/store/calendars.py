"""Appointments read for calendars elsewhere, many at once by a few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from domain.appointments import Priority
from domain.calendar_events import Event, Occurring
from domain.mail import MailAddress
from tasks.store.periods import alarm_of, period_of
from tasks.store.tables import (
    appointment_guests,
    appointment_participants,
    appointments,
    employees,
    mail_addresses,
    occurrences,
)

_OF_AN_OCCURRENCE = occurrences.c[
    "appointment_id",
    "recurrence",
    "begins",
    "ends",
    "zone",
    "all_day",
    "alarm_lead",
    "alarm_at",
    "done",
    "cancelled",
]


@dataclass(frozen=True, slots=True)
class _Around:
    """What belongs to appointments, by their ids, and addresses by the employees'."""

    times: Mapping[int, Sequence[Occurring]]
    guests: Mapping[int, Sequence[MailAddress]]
    colleagues: Mapping[int, Sequence[str]]
    addresses: Mapping[int, str]


def read_events(connection: Connection, appointment_ids: Collection[int]) -> dict[int, Event]:
    """Read appointments by their ids, with the guests who are invited as attendees.

    Nobody's right to see them is looked at. What is cancelled or deleted as a whole takes place at
    no time.
    """
    query = select(appointments, employees.c.name.label("responsible"))
    query = query.join(employees, employees.c.id == appointments.c.responsible_id)
    rows = connection.execute(query.where(appointments.c.id.in_(appointment_ids))).all()
    around = _Around(
        _times(connection, rows),
        _guests(connection, rows),
        _colleagues(connection, rows),
        _addresses(connection, {row.responsible_id for row in rows}),
    )
    return {row.id: _event(row, around) for row in rows}


def _times(connection: Connection, rows: Iterable[Any]) -> Mapping[int, Sequence[Occurring]]:
    off = {row.id: bool(row.cancelled_at or row.deleted_at) for row in rows}
    found: dict[int, list[Occurring]] = defaultdict(list)
    query = select(*_OF_AN_OCCURRENCE).where(occurrences.c.appointment_id.in_(off))
    for row in connection.execute(query.order_by(occurrences.c.position)):
        is_off = row.cancelled or off[row.appointment_id]
        alarm = None if row.done else alarm_of(row)
        occurring = Occurring(row.recurrence, period_of(row), alarm, is_off)
        found[row.appointment_id].append(occurring)
    return found


def _guests(connection: Connection, rows: Iterable[Any]) -> Mapping[int, Sequence[MailAddress]]:
    its = appointment_guests.c
    theirs = its.appointment_id.in_([row.id for row in rows]) & its.uninvited_at.is_(None)
    found: dict[int, list[MailAddress]] = defaultdict(list)
    for row in connection.execute(select(appointment_guests).where(theirs).order_by(its.id)):
        found[row.appointment_id].append(MailAddress(row.name, row.address))
    return found


def _colleagues(connection: Connection, rows: Iterable[Any]) -> Mapping[int, Sequence[str]]:
    """Read the names of those who take part beside the responsible employee."""
    its = appointment_participants.c
    query = select(its.appointment_id, employees.c.name).join(
        employees, employees.c.id == its.employee_id
    )
    found: dict[int, list[str]] = defaultdict(list)
    of_these = its.appointment_id.in_([row.id for row in rows])
    for row in connection.execute(query.where(of_these).order_by(employees.c.name)):
        found[row.appointment_id].append(row.name)
    return found


def _addresses(connection: Connection, employee_ids: Collection[int]) -> Mapping[int, str]:
    """Read each employee's first e-mail address."""
    owner = mail_addresses.c.employee_id
    query = select(owner, mail_addresses.c.address).where(owner.in_(employee_ids))
    in_turn = connection.execute(query.order_by(mail_addresses.c.id.desc()))
    return {employee_id: address for employee_id, address in in_turn}


def _event(row: Any, around: _Around) -> Event:
    address, guests = around.addresses.get(row.responsible_id), around.guests[row.id]
    outside = [guest.name or guest.address for guest in guests]
    return Event(
        uid=row.uid,
        sequence=row.sequence,
        changed_at=row.changed_at,
        period=period_of(row),
        rule=row.rule,
        occurrences=around.times[row.id],
        matchcode=row.matchcode,
        text=row.text,
        place=row.place,
        priority=Priority(row.priority),
        organizer=MailAddress(row.responsible, address) if address else None,
        attendees=tuple(guests),
        people=(row.responsible, *around.colleagues[row.id], *outside),
    )
