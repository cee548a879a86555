"""What stands in employees' calendars, and what equipment is booked for (L8)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from domain.appointments import Period
from tasks.store.appointment_visibility import shown_to
from tasks.store.database import Store
from tasks.store.overlapping import lying_in
from tasks.store.periods import period_of
from tasks.store.tables import (
    appointment_equipment,
    appointment_participants,
    appointments,
    equipment,
    occurrences,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One occurrence in a calendar; where it may not be seen, only that there is something."""

    occurrence_id: int
    appointment_id: int
    recurrence: datetime
    period: Period
    begins_at: datetime
    ends_at: datetime
    employee_ids: frozenset[int]  # of those asked for, who take part
    equipment: tuple[str, ...]  # names, where equipment is asked for
    matchcode: str
    place: str
    busy: bool
    done: bool
    alarm: bool


def agenda(
    store: Store, viewer: int | None, employee_ids: Collection[int], begin: datetime, end: datetime
) -> list[Entry]:
    """List what these employees take part in between two instants, by its begin (L8, L9).

    What is cancelled is left out.
    """
    taking_part, responsible = appointment_participants.c, appointments.c.responsible_id
    theirs = taking_part.appointment_id == appointments.c.id
    query = (
        _between(viewer, begin, end)
        .add_columns(taking_part.employee_id.label("subject"))
        .outerjoin(appointment_participants, theirs & taking_part.employee_id.in_(employee_ids))
        .where(or_(responsible.in_(employee_ids), taking_part.employee_id.is_not(None)))
    )
    with store.reading() as connection:
        return _entries(connection.execute(query), frozenset(employee_ids))


def equipment_plan(store: Store, viewer: int | None, begin: datetime, end: datetime) -> list[Entry]:
    """List what equipment is booked for between two instants, by its begin (L9)."""
    used = appointment_equipment.c
    query = (
        _between(viewer, begin, end)
        .add_columns(equipment.c.name.label("subject"))
        .join(appointment_equipment, used.appointment_id == appointments.c.id)
        .join(equipment, equipment.c.id == used.equipment_id)
    )
    with store.reading() as connection:
        return _entries(connection.execute(query), frozenset())


def _between(viewer: int | None, begin: datetime, end: datetime) -> Select[Any]:
    columns = (appointments.c.matchcode, appointments.c.place, appointments.c.responsible_id)
    in_order = (occurrences.c.begins_at, occurrences.c.ends_at, occurrences.c.id)
    return (
        select(occurrences, *columns, shown_to(viewer).label("shown"))
        .join(appointments, appointments.c.id == occurrences.c.appointment_id)
        .where(lying_in(begin, end), ~occurrences.c.cancelled, _is_there())
        .order_by(*in_order)
    )


def _is_there() -> ColumnElement[bool]:
    return appointments.c.deleted_at.is_(None) & appointments.c.cancelled_at.is_(None)


def _entries(rows: Iterable[Any], employee_ids: frozenset[int]) -> list[Entry]:
    """Put the rows of each occurrence, one for each subject, into one entry."""
    return [_entry(list(same), employee_ids) for _, same in groupby(rows, key=lambda row: row.id)]


def _entry(rows: list[Any], employee_ids: frozenset[int]) -> Entry:
    row = rows[0]
    subjects = [each.subject for each in rows if each.subject is not None]
    taking_part = {row.responsible_id, *subjects} & employee_ids
    return Entry(
        row.id,
        row.appointment_id,
        row.recurrence,
        period_of(row),
        row.begins_at,
        row.ends_at,
        frozenset(taking_part),
        () if employee_ids else tuple(sorted(subjects)),
        row.matchcode if row.shown else "",
        row.place if row.shown else "",
        not row.shown,
        row.done,
        row.alarm_lead is not None or row.alarm_at is not None,
    )
