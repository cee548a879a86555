"""Alarms that have been noticed: acknowledged, or wanted again later (A4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, or_, select, update

from domain.alarms import MESSAGE, AlarmStatus, Origin, wanted_rings
from domain.errors import Refused, UnknownRecord
from domain.refusals import Refusal
from domain.snoozing import RungAlarm, reasons_not_to_acknowledge, reasons_not_to_snooze
from tasks.store.actors import actor
from tasks.store.arming import lock_appointments
from tasks.store.database import Store
from tasks.store.informed import read_informed
from tasks.store.periods import due_at
from tasks.store.tables import alarms, appointments, occurrences
from tasks.store.wishes import wishes_of
from tasks.store.withdrawing import withdraw_letters

AGAIN = (Origin.SNOOZE, Origin.ESCALATION)


def acknowledge(store: Store, alarm_id: int, employee: str, now: datetime) -> None:
    """Note that an employee has noticed an alarm of theirs, by whichever channel it came.

    Nothing follows it any more, and what of it still waits to go out is held back. UnknownRecord
    where it is none of theirs; Refused before it rings.
    """

    def acknowledging(connection: Connection) -> None:
        answered = _answered(connection, alarm_id, employee)
        _require(reasons_not_to_acknowledge(answered.alarm))
        _void_what_follows(connection, answered, now)
        unnoticed = answered.rung & alarms.c.acknowledged_at.is_(None)
        connection.execute(update(alarms).where(unnoticed).values(acknowledged_at=now))

    store.write(acknowledging)


def snooze(store: Store, alarm_id: int, employee: str, until: datetime, now: datetime) -> None:
    """Let an alarm ring again at another instant, instead of whatever would have followed it.

    UnknownRecord where it is none of the employee's; Refused where it cannot ring then.
    """

    def snoozing(connection: Connection) -> None:
        answered = _answered(connection, alarm_id, employee)
        _require(reasons_not_to_snooze(answered.alarm, until, now))
        _void_what_follows(connection, answered, now)
        unnoticed = answered.rung & alarms.c.acknowledged_at.is_(None)
        connection.execute(update(alarms).where(unnoticed).values(snoozed_until=until))
        _arm_again(connection, answered, until)

    store.write(snoozing)


@dataclass(frozen=True, slots=True)
class _Answered:
    """An alarm that an employee answers."""

    alarm: RungAlarm
    occurrence_id: int
    employee_id: int

    @property
    def theirs(self) -> ColumnElement[bool]:
        """All alarms of the occurrence that are the employee's."""
        same = alarms.c.occurrence_id == self.occurrence_id
        return same & (alarms.c.employee_id == self.employee_id)

    @property
    def rung(self) -> ColumnElement[bool]:
        """Those that rang, by whichever channel."""
        return self.theirs & (alarms.c.status == AlarmStatus.RUNG)

    def following(self, last: datetime) -> ColumnElement[bool]:
        """Those that would follow, and those that could not go out beside the last that rang."""
        beside = (alarms.c.channel != MESSAGE) & (alarms.c.due_at <= last)
        to_come = or_(alarms.c.origin.in_(AGAIN), beside)
        return self.theirs & (alarms.c.status == AlarmStatus.ARMED) & to_come


def _answered(connection: Connection, alarm_id: int, employee: str) -> _Answered:
    """Read an alarm, held against edits of its appointment and against ringers."""
    employee_id = actor(connection, employee).id
    this = _selecting().where(alarms.c.id == alarm_id, alarms.c.employee_id == employee_id)
    found = this.with_only_columns(occurrences.c.appointment_id)
    lock_appointments(connection, appointments.c.id.in_(found))
    row = connection.execute(this).one_or_none()
    if row is None:
        raise UnknownRecord(f"there is no alarm {alarm_id} of yours")
    theirs = (alarms.c.occurrence_id == row.id) & (alarms.c.employee_id == employee_id)
    connection.execute(select(alarms.c.id).where(theirs).with_for_update()).all()
    has_rung, holds = row.status == AlarmStatus.RUNG, _holds(connection, row, employee_id)
    return _Answered(RungAlarm(alarm_id, has_rung, _is_over(row), holds), row.id, employee_id)


def _selecting() -> Select[Any]:
    ends = appointments.c.cancelled_at, appointments.c.deleted_at
    return (
        select(occurrences, alarms.c.status, *ends)
        .join(alarms, alarms.c.occurrence_id == occurrences.c.id)
        .join(appointments, appointments.c.id == occurrences.c.appointment_id)
    )


def _is_over(row: Any) -> bool:
    return bool(row.done or row.cancelled or row.cancelled_at or row.deleted_at)


def _holds(connection: Connection, occurrence: Any, employee_id: int) -> bool:
    """Whether the alarm time of now is the last one that rang for its employee, who takes part."""
    theirs = (alarms.c.occurrence_id == occurrence.id) & (alarms.c.employee_id == employee_id)
    rang = theirs & (alarms.c.origin == Origin.TIME) & (alarms.c.status != AlarmStatus.ARMED)
    last = connection.scalar(select(func.max(alarms.c.due_at)).where(rang))
    informed = read_informed(connection, [occurrence.appointment_id])[occurrence.appointment_id]
    return last is not None and last == due_at(occurrence) and employee_id in informed


def _void_what_follows(connection: Connection, answered: _Answered, now: datetime) -> None:
    """Let nothing follow what is noticed; but a message that is late comes, as all messages do."""
    rung = connection.execute(select(alarms.c.id, alarms.c.due_at).where(answered.rung)).all()
    last = max(row.due_at for row in rung)
    connection.execute(delete(alarms).where(answered.following(last)))
    withdraw_letters(connection, [row.id for row in rung], now)


def _arm_again(connection: Connection, answered: _Answered, until: datetime) -> None:
    """Arm by every channel that the employee wants; what is armed for that instant will do."""
    there = select(alarms.c.channel).where(answered.theirs, alarms.c.due_at == until)
    taken = set(connection.scalars(there))
    rings = wanted_rings(until, wishes_of(connection, [answered.employee_id]))
    rows = [
        {
            "occurrence_id": answered.occurrence_id,
            "employee_id": ring.employee_id,
            "channel": ring.channel,
            "due_at": until,
            "next_at": until,
            "origin": Origin.SNOOZE,
            "status": AlarmStatus.ARMED,
            "attempts": 0,
        }
        for ring in sorted(rings)
        if ring.channel not in taken
    ]
    if rows:
        connection.execute(insert(alarms), rows)


def _require(refusals: Sequence[Refusal]) -> None:
    if refusals:
        raise Refused(refusals)
