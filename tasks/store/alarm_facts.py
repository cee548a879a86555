"""What an alarm says, and to whom: read for many alarms at once, by a few queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from domain.alarm_texts import AlarmFacts
from domain.alarms import Origin, Preferences, lateness
from domain.links import Record, links_in, record_link
from domain.wording import Language
from tasks.store.among import among
from tasks.store.noticing import Noticed, read_noticed
from tasks.store.periods import period_of
from tasks.store.tables import (
    alarms,
    appointment_cases,
    appointment_guests,
    appointment_participants,
    appointments,
    cases,
    contacts,
    employees,
    occurrences,
)
from tasks.store.visibility import readers_of_each
from tasks.store.wishes import wishes_of

_responsible = employees.alias()


@dataclass(frozen=True, slots=True)
class Terms:
    """How alarms are worded in this installation."""

    language: Language
    zone: str  # of employees who have none of their own
    record_url: str = ""  # with {kind} and {number}; none: there are no links to records


@dataclass(frozen=True, slots=True)
class DueAlarm:
    """An alarm that is due, with all that is needed to ring it."""

    id: int
    occurrence_id: int
    appointment_id: int
    recurrence: datetime  # which occurrence it is
    contact_id: int | None  # None also where the employee may not see it
    employee_id: int
    number: str  # the employee's
    employee: str
    active: bool  # until the employee leaves
    zone: str  # the employee's
    channel: str
    due_at: datetime
    ends_at: datetime
    attempts: int
    noticed: Noticed | None  # where it was answered by another channel
    wishes: Preferences
    facts: AlarmFacts


@dataclass(frozen=True, slots=True)
class _Around:
    """What belongs to the alarms' appointments, by their ids, and who may see private contacts."""

    participants: Mapping[int, tuple[str, ...]]
    guests: Mapping[int, tuple[str, ...]]
    cases: Mapping[int, tuple[str, ...]]
    case_numbers: Mapping[int, tuple[str, ...]]
    readers: Collection[tuple[int, int]]
    wishes: Mapping[int, Preferences]
    noticed: Mapping[int, Noticed]


def read_alarms(
    connection: Connection, alarm_ids: Collection[int], terms: Terms, now: datetime
) -> list[DueAlarm]:
    """Read alarms with what they say, the earliest first.

    What a private contact says is kept from those who may not see it (L9).
    """
    these = _selecting().where(among(connection, alarms.c.id, alarm_ids))
    rows = connection.execute(these.order_by(alarms.c.due_at, alarms.c.id)).all()
    around = _around(connection, rows)
    return [_alarm(row, around, terms, now) for row in rows]


def _selecting() -> Select[Any]:
    times = ("recurrence", "begins", "ends", "zone", "all_day", "ends_at")
    said = ("matchcode", "text", "place", "contact_id")
    return (
        select(
            alarms,
            *(occurrences.c[name] for name in times),
            *(appointments.c[name] for name in said),
            occurrences.c.appointment_id,
            employees.c.number,
            employees.c.name.label("employee"),
            employees.c.active,
            employees.c.zone.label("employees_zone"),
            _responsible.c.name.label("responsible"),
            contacts.c.matchcode.label("contacts_matchcode"),
            contacts.c.private,
        )
        .join(occurrences, occurrences.c.id == alarms.c.occurrence_id)
        .join(appointments, appointments.c.id == occurrences.c.appointment_id)
        .join(employees, employees.c.id == alarms.c.employee_id)
        .join(_responsible, _responsible.c.id == appointments.c.responsible_id)
        .outerjoin(contacts, contacts.c.id == appointments.c.contact_id)
    )


def _around(connection: Connection, rows: Sequence[Any]) -> _Around:
    ids = {row.appointment_id for row in rows}
    return _Around(
        _grouped(connection, _participants(), ids),
        _grouped(connection, _guests(), ids),
        _grouped(connection, _cases(cases.c.number + " " + cases.c.title), ids),
        _grouped(connection, _cases(cases.c.number), ids),
        _readers(connection, {row.contact_id for row in rows if row.private}),
        wishes_of(connection, {row.employee_id for row in rows}),
        read_noticed(connection, {row.id for row in rows}),
    )


def _participants() -> Select[Any]:
    its = appointment_participants.c
    names = select(its.appointment_id, employees.c.name.label("told"))
    return names.join(employees, employees.c.id == its.employee_id).order_by(employees.c.name)


def _guests() -> Select[Any]:
    its = appointment_guests.c
    told = func.coalesce(func.nullif(its.name, ""), its.address).label("told")
    return select(its.appointment_id, told).where(its.uninvited_at.is_(None)).order_by(its.id)


def _cases(told: ColumnElement[str]) -> Select[Any]:
    its = appointment_cases.c
    return (
        select(its.appointment_id, told.label("told"))
        .join(cases, cases.c.id == its.case_id)
        .order_by(cases.c.number)
    )


def _grouped(
    connection: Connection, query: Select[Any], appointment_ids: Collection[int]
) -> Mapping[int, tuple[str, ...]]:
    """Read what belongs to appointments, by their ids."""
    its = query.selected_columns.appointment_id
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for row in connection.execute(query.where(among(connection, its, appointment_ids))):
        found[row.appointment_id] += (row.told,)
    return found


def _readers(connection: Connection, contact_ids: Collection[int]) -> set[tuple[int, int]]:
    if not contact_ids:
        return set()
    rows = connection.execute(readers_of_each(contact_ids))
    return {(row.contact_id, row.employee_id) for row in rows}


def _alarm(row: Any, around: _Around, terms: Terms, now: datetime) -> DueAlarm:
    is_shown = not row.private or (row.contact_id, row.employee_id) in around.readers
    return DueAlarm(
        row.id,
        row.occurrence_id,
        row.appointment_id,
        row.recurrence,
        row.contact_id if is_shown else None,
        row.employee_id,
        row.number,
        row.employee,
        row.active,
        row.employees_zone or terms.zone,
        row.channel,
        row.due_at,
        row.ends_at,
        row.attempts,
        around.noticed.get(row.id),
        around.wishes[row.employee_id],
        _facts(row, around, terms, lateness(row.due_at, now), is_shown),
    )


def _facts(
    row: Any, around: _Around, terms: Terms, late: timedelta | None, is_shown: bool
) -> AlarmFacts:
    contact = f"{row.contact_id} {row.contacts_matchcode}" if row.contact_id else None
    return AlarmFacts(
        matchcode=row.matchcode,
        text=row.text,
        place=row.place,
        period=period_of(row),
        zone=row.employees_zone or terms.zone,
        responsible=row.responsible,
        participants=around.participants.get(row.appointment_id, ()),
        guests=around.guests.get(row.appointment_id, ()),
        cases=around.cases.get(row.appointment_id, ()) if is_shown else (),
        contact=contact if is_shown else None,
        late=late,
        origin=Origin(row.origin),
        alarm_id=row.id,
        links=_links(row, around, terms, is_shown),
    )


def _links(row: Any, around: _Around, terms: Terms, is_shown: bool) -> tuple[str, ...]:
    """Give the links that the place and the text have, and those to what the alarm speaks of."""
    records: list[tuple[Record, int | str]] = [(Record.APPOINTMENT, row.appointment_id)]
    if is_shown:
        records += [(Record.CASE, each) for each in around.case_numbers.get(row.appointment_id, ())]
        records += [(Record.CONTACT, row.contact_id)] if row.contact_id else []
    known = [record_link(terms.record_url, *each) for each in records] if terms.record_url else []
    return (*links_in(row.place, row.text), *known)
