"""Appointments as people see them (A2, A7, L9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, select

from domain.appointments import Alarm, Period, Priority
from domain.changes import Changed
from domain.errors import UnknownRecord
from tasks.store.appointment_visibility import contact_shown_to, joined_by, record_of, shown_to
from tasks.store.database import Store
from tasks.store.guest_list import Invited, invited_to
from tasks.store.periods import alarm_of, due_at, period_of
from tasks.store.record_changes import history_of
from tasks.store.tables import (
    appointment_cases,
    appointment_equipment,
    appointment_participants,
    appointments,
    cases,
    contacts,
    employees,
    equipment,
    occurrences,
)


@dataclass(frozen=True, slots=True)
class Item:
    """An employee, a piece of equipment or a case, by its number and its name or title."""

    id: int
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time at which an appointment takes place."""

    id: int
    position: int
    recurrence: datetime  # the begin by the rule, by which it is named
    period: Period
    begins_at: datetime
    ends_at: datetime
    alarm: Alarm | None
    rings_at: datetime | None  # none: it has no alarm, or rings none any more
    changed: bool  # moved by itself
    done: bool
    cancelled: bool


@dataclass(frozen=True, slots=True)
class AppointmentLine:
    """An appointment, as a list shows it."""

    id: int
    matchcode: str
    place: str
    priority: Priority
    period: Period  # of the first occurrence by the rule
    rule: str | None
    responsible: str
    done: bool
    cancelled: bool
    contact_id: int | None  # none also where it may not be seen


@dataclass(frozen=True, slots=True)
class AppointmentDetails:
    """An appointment with all that belongs to it."""

    id: int
    uid: str
    sequence: int
    creator: Item
    responsible: Item
    participants: Sequence[Item]  # beside the responsible employee
    guests: Sequence[Invited]
    equipment: Sequence[Item]
    cases: Sequence[Item]
    contact_id: int | None
    contact_matchcode: str
    matchcode: str
    text: str
    place: str
    priority: Priority
    period: Period
    rule: str | None
    occurrences: Sequence[Occurrence]
    created_at: datetime
    changed_at: datetime
    cancelled_at: datetime | None
    deleted_at: datetime | None
    changes: Sequence[Changed] = ()  # the oldest first
    version: int = 0  # what a change names as seen


def list_appointments(
    store: Store,
    viewer: int | None = None,
    *,
    contact_id: int | None = None,
    case: str | None = None,
    own: bool = False,
    limit: int = 50,
) -> list[AppointmentLine]:
    """List appointments that the viewer may see, the latest begin first.

    Of a contact or of a case, named by its number; or the viewer's own only.
    """
    wanted = shown_to(viewer) & appointments.c.deleted_at.is_(None)
    if contact_id is not None:
        wanted &= (appointments.c.contact_id == contact_id) & contact_shown_to(viewer)
    if case is not None:
        wanted &= appointments.c.id.in_(_of_case(case)) & contact_shown_to(viewer)
    if own and viewer is not None:
        wanted &= joined_by(viewer)
    latest = (appointments.c.begins.desc(), appointments.c.id.desc())
    with store.reading() as connection:
        query = _listing(viewer).where(wanted).order_by(*latest).limit(limit)
        return [_line(row) for row in connection.execute(query)]


def read_appointment_lines(
    connection: Connection, ids: Sequence[int], viewer: int | None
) -> list[AppointmentLine]:
    """Read the lines of appointments as somebody may see them, in this order."""
    rows = connection.execute(_listing(viewer).where(appointments.c.id.in_(ids)))
    lines = {row.id: _line(row) for row in rows}
    return [lines[id_] for id_ in ids]


def follow_ups(store: Store, contact_id: int, viewer: int | None = None) -> list[AppointmentLine]:
    """List the follow-ups of a contact that the viewer may see (A2)."""
    return list_appointments(store, viewer, contact_id=contact_id, limit=1_000)


def show_appointment(
    store: Store, appointment_id: int, viewer: int | None = None
) -> AppointmentDetails:
    """Read one appointment; UnknownRecord where there is none that the viewer may see.

    Whoever takes part in the follow-up of a contact that they may not see gets nothing of it.
    """
    this = (appointments.c.id == appointment_id) & appointments.c.deleted_at.is_(None)
    open_to = contact_shown_to(viewer).label("open")
    with store.reading() as connection:
        row = connection.execute(select(open_to).where(this, shown_to(viewer))).one_or_none()
        if row is None:
            raise UnknownRecord(f"there is no appointment {appointment_id} that you may see")
        history = history_of(connection, record_of(appointment_id, row.open))
        read = read_details(connection, appointment_id)
    details = replace(read, changes=history.changes, version=history.version)
    if row.open:
        return details
    return replace(details, contact_id=None, contact_matchcode="", cases=())


def read_details(connection: Connection, appointment_id: int) -> AppointmentDetails:
    """Read an appointment, deleted or not, for no particular viewer; its history is left out."""
    row = connection.execute(_detailed(appointment_id)).one_or_none()
    if row is None:
        raise UnknownRecord(f"there is no appointment {appointment_id}")
    taken, joined, concerned = (
        appointment_equipment.c,
        appointment_participants.c,
        appointment_cases.c,
    )
    return AppointmentDetails(
        id=row.id,
        uid=row.uid,
        sequence=row.sequence,
        creator=Item(row.creator_id, row.creator_number, row.creator),
        responsible=Item(row.responsible_id, row.responsible_number, row.responsible),
        participants=_items(connection, row.id, employees, joined.employee_id),
        guests=invited_to(connection, row.id),
        equipment=_items(connection, row.id, equipment, taken.equipment_id),
        cases=_items(connection, row.id, cases, concerned.case_id),
        contact_id=row.contact_id,
        contact_matchcode=row.contact_matchcode or "",
        matchcode=row.matchcode,
        text=row.text,
        place=row.place,
        priority=Priority(row.priority),
        period=period_of(row),
        rule=row.rule,
        occurrences=_occurrences(connection, row.id),
        created_at=row.created_at,
        changed_at=row.changed_at,
        cancelled_at=row.cancelled_at,
        deleted_at=row.deleted_at,
    )


def _listing(viewer: int | None) -> Select[Any]:
    its = occurrences.c.appointment_id == appointments.c.id
    undone = select(occurrences.c.id).where(its, ~occurrences.c.done, ~occurrences.c.cancelled)
    return select(
        appointments,
        employees.c.name.label("responsible"),
        undone.correlate(appointments).exists().label("open"),
        contact_shown_to(viewer).label("contact_shown"),
    ).join(employees, employees.c.id == appointments.c.responsible_id)


def _of_case(number: str) -> Select[Any]:
    joined = appointment_cases.c
    query = select(joined.appointment_id).join(cases, cases.c.id == joined.case_id)
    return query.where(cases.c.number == number.strip().upper())


def _line(row: Any) -> AppointmentLine:
    return AppointmentLine(
        row.id,
        row.matchcode,
        row.place,
        Priority(row.priority),
        period_of(row),
        row.rule,
        row.responsible,
        done=not row.open and row.cancelled_at is None,
        cancelled=row.cancelled_at is not None,
        contact_id=row.contact_id if row.contact_shown else None,
    )


def _detailed(appointment_id: int) -> Select[Any]:
    creators = employees.alias()
    return (
        select(
            appointments,
            creators.c.number.label("creator_number"),
            creators.c.name.label("creator"),
            employees.c.number.label("responsible_number"),
            employees.c.name.label("responsible"),
            contacts.c.matchcode.label("contact_matchcode"),
        )
        .join(creators, creators.c.id == appointments.c.creator_id)
        .join(employees, employees.c.id == appointments.c.responsible_id)
        .outerjoin(contacts, contacts.c.id == appointments.c.contact_id)
        .where(appointments.c.id == appointment_id)
    )


def _items(
    connection: Connection, appointment_id: int, table: Table, refers: Column[int]
) -> list[Item]:
    related = refers.table
    name = table.c.title if table is cases else table.c.name
    query = (
        select(table.c.id, table.c.number, name.label("name"))
        .join(related, refers == table.c.id)
        .where(related.c.appointment_id == appointment_id)
    )
    rows = connection.execute(query.order_by(name, table.c.id))
    return [Item(row.id, row.number, row.name) for row in rows]


def _occurrences(connection: Connection, appointment_id: int) -> list[Occurrence]:
    query = select(occurrences).where(occurrences.c.appointment_id == appointment_id)
    return [
        Occurrence(
            row.id,
            row.position,
            row.recurrence,
            period_of(row),
            row.begins_at,
            row.ends_at,
            alarm_of(row),
            due_at(row),
            row.changed,
            row.done,
            row.cancelled,
        )
        for row in connection.execute(query.order_by(occurrences.c.position))
    ]
