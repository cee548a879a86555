"""The buttons of an appointment: set its alarm, move it, its participants, done."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from domain.appointments import AT_BEGIN, Alarm
from domain.entered import Minutes, RecordNumber, Time
from domain.errors import KontaktwerkError
from flows.asked_appointments import Asked, pressed
from tasks import appointments
from tasks.store.conflicts import Conflict


class AlarmTime(StrEnum):
    """When an alarm is to ring."""

    AT_THE_BEGIN = "at the begin"
    BEFORE_THE_BEGIN = "before the begin"
    AT_A_TIME = "at a time of its own"
    NEVER = "never"


@flow(name="set-alarm", flow_run_name="set alarm of appointment {appointment}")
async def set_alarm(
    appointment: RecordNumber,
    employee: str,
    when: AlarmTime = AlarmTime.AT_THE_BEGIN,
    minutes_before: Minutes = 15,
    at: Time | None = None,
    occurrence: Time | None = None,
) -> State[Any]:
    """Set an appointment's alarm to its begin, to a time before it or to any other, or clear it.

    Args:
        appointment: The appointment's number, as calendars show it.
        employee: The personnel number of who sets it; what they may do is checked.
        when: To which time the alarm is set; *never* clears it.
        minutes_before: How many minutes before the begin. Only for *before the begin*.
        at: At which time. Only for *at a time of its own*.
        occurrence: The begin of the only one to change, of appointments that recur; of whole days,
            any time on its first day. Left empty: all of them.
    """

    def setting(this: Asked) -> Sequence[Conflict]:
        alarm = _alarm(when, minutes_before, at and this.shown(at))
        appointments.set_alarm(appointment, employee, alarm, this.occurrence)
        return ()

    done = "rings no alarm" if when is AlarmTime.NEVER else f"rings {when}"
    return await pressed(appointment, employee, occurrence, setting, done)


@flow(name="move-appointment", flow_run_name="move appointment {appointment}")
async def move_appointment(
    appointment: RecordNumber,
    employee: str,
    begins: Time,
    ends: Time | None = None,
    zone: str = "",
    occurrence: Time | None = None,
) -> State[Any]:
    """Move an appointment, shorten or lengthen it; an alarm at its begin moves along.

    Args:
        appointment: The appointment's number, as calendars show it.
        employee: The personnel number of who moves it; what they may do is checked.
        begins: When it begins.
        ends: When it ends; of whole days, the last day. Left empty: it takes as long as before.
        zone: The time zone that it is in from now on, such as Europe/Berlin. Left empty: its own.
        occurrence: The begin of the only one to move, of appointments that recur; of whole days,
            any time on its first day. Left empty: all of them.
    """

    def moving(this: Asked) -> Sequence[Conflict]:
        where = this.moved(begins, ends, zone)
        return appointments.move_appointment(appointment, employee, where, this.occurrence)

    return await pressed(appointment, employee, occurrence, moving, "is moved")


@flow(name="change-participants", flow_run_name="participants of appointment {appointment}")
async def change_participants(
    appointment: RecordNumber,
    employee: str,
    add: list[str] | None = None,
    remove: list[str] | None = None,
) -> State[Any]:
    """Let employees take part in an appointment, or no more; who is added is informed in time.

    Args:
        appointment: The appointment's number, as calendars show it.
        employee: The personnel number of who changes it; what they may do is checked.
        add: The personnel numbers of those who take part from now on.
        remove: The personnel numbers of those who take part no more.
    """

    def changing(this: Asked) -> Sequence[Conflict]:
        return appointments.change_participants(appointment, employee, add or (), remove or ())

    return await pressed(appointment, employee, None, changing, "has other participants")


@flow(name="mark-appointment-done", flow_run_name="mark appointment {appointment} done: {done}")
async def mark_appointment_done(
    appointment: RecordNumber, employee: str, done: bool = True, occurrence: Time | None = None
) -> State[Any]:
    """Mark an appointment as done, so that it rings no alarm, or as not done.

    Args:
        appointment: The appointment's number, as calendars show it.
        employee: The personnel number of who marks it; what they may do is checked.
        done: Whether it is done.
        occurrence: The begin of the only one to mark, of appointments that recur; of whole days,
            any time on its first day. Left empty: all of them.
    """

    def marking(this: Asked) -> Sequence[Conflict]:
        appointments.set_done(appointment, employee, done, this.occurrence)
        return ()

    return await pressed(
        appointment, employee, occurrence, marking, "is done" if done else "is not done"
    )


def _alarm(when: AlarmTime, minutes_before: int, at: datetime | None) -> Alarm | None:
    if when is AlarmTime.NEVER:
        return None
    if when is AlarmTime.BEFORE_THE_BEGIN:
        return Alarm(lead=timedelta(minutes=minutes_before))
    if when is AlarmTime.AT_THE_BEGIN:
        return AT_BEGIN
    if at is None:
        raise KontaktwerkError("say at which time the alarm is to ring")
    return Alarm(at=at)
