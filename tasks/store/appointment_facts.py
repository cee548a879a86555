"""What is noted of an appointment where it changes, as people read it."""

from typing import Any

from sqlalchemy import Connection, Table, select

from domain.appointment_changes import (
    AppointmentFacts,
    OccurrenceFacts,
    occurrence_facts,
    written,
    yes_or_no,
)
from domain.changes import Facts
from tasks.store.periods import alarm_of, period_of
from tasks.store.tables import (
    appointment_cases,
    appointment_equipment,
    appointment_guests,
    appointment_participants,
    appointments,
    cases,
    employees,
    equipment,
    occurrences,
)

_OF_ONE = select(  # a series has hundreds of them: no more than what is noted
    occurrences.c.id,
    occurrences.c.begins,
    occurrences.c.ends,
    occurrences.c.zone,
    occurrences.c.all_day,
    occurrences.c.alarm_lead,
    occurrences.c.alarm_at,
    occurrences.c.done,
    occurrences.c.cancelled,
).order_by(occurrences.c.position)


def read_facts(connection: Connection, appointment_id: int) -> AppointmentFacts:
    """Read how an appointment and each of its occurrences stand."""
    query = _OF_ONE.where(occurrences.c.appointment_id == appointment_id)
    ones = {row.id: _of_one(row) for row in connection.execute(query)}
    return AppointmentFacts(_of_all(connection, appointment_id), ones)


def _of_one(row: Any) -> OccurrenceFacts:
    return occurrence_facts(period_of(row), alarm_of(row), row.done, row.cancelled)


def _of_all(connection: Connection, appointment_id: int) -> Facts:
    row = connection.execute(select(appointments).where(appointments.c.id == appointment_id)).one()
    return {
        "matchcode": row.matchcode,
        "text": row.text,
        "place": row.place,
        "priority": row.priority,
        "responsible": _responsible(connection, row.responsible_id),
        "participants": _having(connection, row.id, appointment_participants, employees),
        "equipment": _having(connection, row.id, appointment_equipment, equipment),
        "cases": _cases(connection, row.id),
        "guests": _guests(connection, row.id),
        "begin": written(row.begins),
        "end": written(row.ends),
        "zone": row.zone,
        "all_day": yes_or_no(row.all_day),
        "rule": row.rule,
        "deleted": yes_or_no(row.deleted_at is not None),
    }


def _responsible(connection: Connection, employee_id: int) -> str:
    named = select(employees.c.name, employees.c.number)
    row = connection.execute(named.where(employees.c.id == employee_id)).one()
    return f"{row.name} ({row.number})"


def _having(
    connection: Connection, appointment_id: int, related: Table, named: Table
) -> str | None:
    """Name whom or what an appointment has."""
    query = (
        select(named.c.name, named.c.number)
        .join(related)
        .where(related.c.appointment_id == appointment_id)
        .order_by(named.c.name, named.c.id)
    )
    found = connection.execute(query)
    return ", ".join(f"{each.name} ({each.number})" for each in found) or None


def _cases(connection: Connection, appointment_id: int) -> str | None:
    its = appointment_cases.c.appointment_id == appointment_id
    query = select(cases.c.number).join(appointment_cases).where(its).order_by(cases.c.number)
    return ", ".join(connection.scalars(query)) or None


def _guests(connection: Connection, appointment_id: int) -> str | None:
    its = appointment_guests.c
    invited = (its.appointment_id == appointment_id) & its.uninvited_at.is_(None)
    found = connection.execute(select(its.name, its.address).where(invited).order_by(its.id))
    shown = (f"{each.name} <{each.address}>" if each.name else each.address for each in found)
    return ", ".join(shown) or None
