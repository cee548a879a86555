"""Alarms as people follow them: armed, rung, late, failed, and not acknowledged yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select

from domain.alarms import IN_TIME, MESSAGE, AlarmStatus, Origin
from domain.delivery import DeliveryStatus
from tasks.store.appointment_visibility import shown_to
from tasks.store.database import Store
from tasks.store.tables import (
    alarms,
    appointments,
    contacts,
    deliveries,
    employees,
    occurrences,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
IN_TROUBLE = (
    DeliveryStatus.RETRYING,
    DeliveryStatus.FAILED,
    DeliveryStatus.UNKNOWN,
    DeliveryStatus.BOUNCED,
)


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """An alarm, as a list shows it."""

    id: int
    appointment_id: int
    matchcode: str  # empty where it may not be seen
    private: bool  # a follow-up of a private contact
    employee: str
    channel: str
    due_at: datetime
    origin: Origin
    status: AlarmStatus
    next_at: datetime | None
    attempts: int
    reason: str | None  # why it has not rung yet, or what its dispatch last heard; as matchcode
    rung_at: datetime | None
    acknowledged_at: datetime | None
    snoozed_until: datetime | None


@dataclass(frozen=True, slots=True)
class AlarmSections:
    """What the board shows of all alarms, some of each."""

    late: Sequence[AlarmLine]  # overdue, and not rung yet
    failed: Sequence[AlarmLine]  # or failing, or on a dispatch that is in trouble
    unacknowledged: Sequence[AlarmLine]
    armed: Sequence[AlarmLine]
    rung: Sequence[AlarmLine]


def alarms_of(
    store: Store, employee_id: int, unacknowledged_only: bool = False, limit: int = 50
) -> list[AlarmLine]:
    """List an employee's alarms that rang, the latest first, without what they may not see (L9)."""
    theirs = (alarms.c.employee_id == employee_id) & (alarms.c.status == AlarmStatus.RUNG)
    wanted = theirs & _unnoticed() if unacknowledged_only else theirs
    latest = (alarms.c.rung_at.desc(), alarms.c.id.desc())
    return _listed(store, _selecting(employee_id).where(wanted).order_by(*latest).limit(limit))


def alarms_to_come(store: Store, employee_id: int, limit: int = 50) -> list[AlarmLine]:
    """List an employee's alarms that are armed, the next one first; as alarms_of."""
    theirs = (alarms.c.employee_id == employee_id) & (alarms.c.status == AlarmStatus.ARMED)
    soonest = (alarms.c.due_at, alarms.c.id)
    return _listed(store, _selecting(employee_id).where(theirs).order_by(*soonest).limit(limit))


def rung_since(store: Store, since: datetime) -> list[AlarmLine]:
    """List the alarms that rang in inboxes after an instant, in their order."""
    told = (alarms.c.channel == MESSAGE) & (alarms.c.status == AlarmStatus.RUNG)
    query = _selecting().where(told, alarms.c.rung_at > since)
    return _listed(store, query.order_by(alarms.c.rung_at, alarms.c.id))


def alarm_sections(store: Store, now: datetime, most: int) -> AlarmSections:
    """List what there is to know of all alarms just now, so many of each kind at most."""
    waiting = _selecting().where(alarms.c.next_at.is_not(None)).order_by(alarms.c.next_at)
    rung = _selecting().where(alarms.c.status == AlarmStatus.RUNG).order_by(alarms.c.rung_at.desc())
    lately = rung.where(alarms.c.rung_at > now - DAY)
    failing = _selecting().where(alarms.c.status == AlarmStatus.FAILED, alarms.c.due_at > now - DAY)
    troubled = lately.where(deliveries.c.status.in_(IN_TROUBLE))
    retried = waiting.where(alarms.c.attempts > 0)
    to_come = alarms.c.next_at.between(now, now + HOUR) & (alarms.c.attempts == 0)
    return AlarmSections(
        late=_listed(store, waiting.where(alarms.c.next_at < now - IN_TIME).limit(most)),
        failed=[
            line
            for query in (failing.order_by(alarms.c.due_at.desc()), retried, troubled)
            for line in _listed(store, query.limit(most))
        ],
        unacknowledged=_listed(store, lately.where(_unnoticed()).limit(most)),
        armed=_listed(store, waiting.where(to_come).limit(most)),
        rung=_listed(store, rung.where(alarms.c.rung_at > now - HOUR).limit(most)),
    )


def _unnoticed() -> ColumnElement[bool]:
    return alarms.c.acknowledged_at.is_(None) & alarms.c.snoozed_until.is_(None)


def _selecting(viewer: int | None = None) -> Select[Any]:
    """Select alarms as a viewer sees them; as they are, where none is named."""
    # Of several push services the first one's delivery is the alarm's.
    carried = deliveries.c.dispatch_id == alarms.c.dispatch_id
    return (
        select(
            alarms,
            occurrences.c.appointment_id,
            appointments.c.matchcode,
            contacts.c.private,
            employees.c.name.label("employee"),
            deliveries.c.reason.label("heard"),
            deliveries.c.status.label("delivery"),
            (literal(True) if viewer is None else shown_to(viewer)).label("shown"),
        )
        .join(occurrences, occurrences.c.id == alarms.c.occurrence_id)
        .join(appointments, appointments.c.id == occurrences.c.appointment_id)
        .join(employees, employees.c.id == alarms.c.employee_id)
        .outerjoin(contacts, contacts.c.id == appointments.c.contact_id)
        .outerjoin(deliveries, carried)
    )


def _listed(store: Store, query: Select[Any]) -> list[AlarmLine]:
    with store.reading() as connection:
        return [_line(row) for row in connection.execute(query)]


def _line(row: Any) -> AlarmLine:
    return AlarmLine(
        row.id,
        row.appointment_id,
        row.matchcode if row.shown else "",
        bool(row.private),
        row.employee,
        row.channel,
        row.due_at,
        Origin(row.origin),
        AlarmStatus(row.status),
        row.next_at,
        row.attempts,
        _reason(row) if row.shown else None,
        row.rung_at,
        row.acknowledged_at,
        row.snoozed_until,
    )


def _reason(row: Any) -> str | None:
    reason: str | None = row.reason or (row.heard if row.delivery in IN_TROUBLE else None)
    return reason
