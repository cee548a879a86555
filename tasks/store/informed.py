"""Whom an appointment's alarm informs, and how each of them wishes it (A4, A7)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from domain.alarms import USUAL, Preferences
from tasks.store.tables import (
    alarm_preferences,
    appointment_participants,
    appointments,
    employees,
)


def read_informed(
    connection: Connection, appointment_ids: Collection[int]
) -> Mapping[int, Mapping[int, Preferences]]:
    """Read who is informed of appointments: all who take part and still work here."""
    pairs = _taking_part(connection, appointment_ids)
    wishes = read_preferences(connection, {employee_id for _, employee_id in pairs})
    informed: dict[int, dict[int, Preferences]] = defaultdict(dict)
    for appointment_id, employee_id in pairs:
        if employee_id in wishes:
            informed[appointment_id][employee_id] = wishes[employee_id]
    return informed


def read_preferences(
    connection: Connection, employee_ids: Collection[int]
) -> dict[int, Preferences]:
    """Read how those of these employees who still work here wish to be informed."""
    query = (
        select(employees.c.id, alarm_preferences)
        .outerjoin(alarm_preferences)
        .where(employees.c.id.in_(employee_ids), employees.c.active)
    )
    return {row.id: _preferences(row) for row in connection.execute(query)}


def hold_wishes(
    connection: Connection, employee_ids: Collection[int], to_change: bool = False
) -> None:
    """Let the wishes of these employees stay as they are until this transaction ends.

    Called by who arms for employees that were not informed before, and by who changes wishes: the
    one waits for the other, so that nothing is armed by wishes that are none any more. Wishes are
    read afterwards, by another statement: one that has waited gives the rows from before.
    """
    these = select(employees.c.id).where(employees.c.id.in_(employee_ids)).order_by(employees.c.id)
    # Not against those that only refer to an employee: every transaction does.
    held = these.with_for_update(key_share=True) if to_change else these.with_for_update(read=True)
    connection.execute(held).all()


def _taking_part(connection: Connection, appointment_ids: Collection[int]) -> list[tuple[int, int]]:
    responsible = select(appointments.c.id, appointments.c.responsible_id).where(
        appointments.c.id.in_(appointment_ids)
    )
    joined = appointment_participants.c
    participants = select(joined.appointment_id, joined.employee_id).where(
        joined.appointment_id.in_(appointment_ids)
    )
    return [(row[0], row[1]) for row in connection.execute(responsible.union(participants))]


def _preferences(row: Any) -> Preferences:
    if row.employee_id is None:
        return USUAL
    after = row.escalate_after and timedelta(seconds=row.escalate_after)
    return Preferences(frozenset(row.channels), after, row.escalate_to)
