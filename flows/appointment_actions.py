"""More buttons of an appointment: book and edit it, its equipment and cases, cancel it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from domain.appointments import AT_BEGIN, NewAppointment, Period, Priority
from domain.entered import RecordNumber, Time, Version
from domain.forms import Lines, MaybeOneLine, OneLine
from flows.asked_appointments import Asked, pressed, shown_in, told_conflict
from flows.pressing import entered, require_change, run_key, told
from tasks import appointments
from tasks.store.conflicts import Conflict
from tasks.store.database import store
from tasks.store.rebooking import Change
from tasks.store.staff import colleague

USUAL_LENGTH = timedelta(hours=1)


@flow(name="book-appointment", flow_run_name="book appointment")
async def book_appointment(
    employee: OneLine,
    matchcode: OneLine,
    begins: Time,
    ends: Time | None = None,
    zone: MaybeOneLine = "",
    responsible: MaybeOneLine = "",
    participants: list[OneLine] | None = None,
    equipment: list[OneLine] | None = None,
    cases: list[OneLine] | None = None,
    contact: RecordNumber | None = None,
    place: MaybeOneLine = "",
    text: Lines = "",
    priority: Priority = Priority.NORMAL,
    alarm_at_begin: bool = False,
) -> State[Any]:
    """Book an appointment; what is in two places then is told, and forbids nothing.

    Args:
        employee: The personnel number of who books it; what they may do is checked.
        matchcode: What it is about.
        begins: When it begins.
        ends: When it ends. Left empty: it takes an hour.
        zone: The time zone that it is in, such as Europe/Berlin. Left empty: the employee's.
        responsible: The personnel number of who is responsible. Left empty: who books it.
        participants: The personnel numbers of who else takes part.
        equipment: The numbers of what it needs.
        cases: The numbers of the cases that it belongs to.
        contact: The number of the contact that it follows up.
        place: Where it is.
        text: What else there is to say.
        priority: How important it is.
        alarm_at_begin: Whether an alarm rings at its begin.
    """
    key = run_key()

    def booking() -> list[str]:
        new = NewAppointment(
            _period(begins, ends, zone or colleague(store(), employee).zone),
            responsible or employee,
            matchcode,
            text,
            place,
            priority,
            tuple(participants or ()),
            equipment=tuple(equipment or ()),
            cases=tuple(cases or ()),
            alarm=AT_BEGIN if alarm_at_begin else None,
            contact_id=contact,
            key=key,
        )
        booked = appointments.book_appointment(new, employee)
        return [f"appointment {booked.id} is booked", *map(told_conflict, booked.conflicts)]

    return await told(booking)


@flow(name="edit-appointment", flow_run_name="edit appointment {appointment}")
async def edit_appointment(
    appointment: RecordNumber,
    employee: OneLine,
    matchcode: MaybeOneLine = "",
    text: Lines = "",
    place: MaybeOneLine = "",
    priority: Priority | None = None,
    responsible: MaybeOneLine = "",
    seen: Version | None = None,
) -> State[Any]:
    """Change what an appointment says, how important it is, or who is responsible for it.

    Args:
        appointment: The appointment's number, as calendars show it.
        employee: The personnel number of who changes it; what they may do is checked.
        matchcode: What it is about. Left empty: as it is.
        text: What else there is to say. Left empty: as it is.
        place: Where it is. Left empty: as it is.
        priority: How important it is. Left empty: as it is.
        responsible: The personnel number of who is responsible. Left empty: as it is.
        seen: The version that they saw: refused if others changed it since. Left empty: any.
    """

    def editing(_: Asked) -> Sequence[Conflict]:
        change = Change(
            entered(matchcode), entered(text), entered(place), priority, entered(responsible)
        )
        require_change(change != Change())
        return appointments.edit_appointment(appointment, employee, change, seen=seen)

    return await pressed(appointment, employee, None, editing, "is changed")


@flow(name="change-equipment", flow_run_name="equipment of appointment {appointment}")
async def change_equipment(
    appointment: RecordNumber,
    employee: OneLine,
    add: list[OneLine] | None = None,
    remove: list[OneLine] | None = None,
    seen: Version | None = None,
) -> State[Any]:
    """Let an appointment use equipment, or no more; what is needed twice then is told.

    Args:
        appointment: The appointment's number, as calendars show it.
        employee: The personnel number of who changes it; what they may do is checked.
        add: The numbers of what it needs from now on.
        remove: The numbers of what it needs no more.
        seen: The version that they saw: refused if others changed it since. Left empty: any.
    """

    def changing(_: Asked) -> Sequence[Conflict]:
        require_change(add, remove)
        return appointments.change_equipment(
            appointment, employee, add or (), remove or (), seen=seen
        )

    return await pressed(appointment, employee, None, changing, "has other equipment")


@flow(name="change-appointment-cases", flow_run_name="cases of appointment {appointment}")
async def change_appointment_cases(
    appointment: RecordNumber,
    employee: OneLine,
    add: list[OneLine] | None = None,
    remove: list[OneLine] | None = None,
    seen: Version | None = None,
) -> State[Any]:
    """Let an appointment belong to cases, or no more.

    Args:
        appointment: The appointment's number, as calendars show it.
        employee: The personnel number of who changes it; what they may do is checked.
        add: The numbers of the cases that it belongs to from now on, such as SC-1042.
        remove: The numbers of the cases that it belongs to no more.
        seen: The version that they saw: refused if others changed it since. Left empty: any.
    """

    def changing(_: Asked) -> Sequence[Conflict]:
        require_change(add, remove)
        appointments.change_cases(appointment, employee, add or (), remove or (), seen=seen)
        return ()

    return await pressed(appointment, employee, None, changing, "has other cases")


@flow(name="cancel-appointment", flow_run_name="cancel appointment {appointment}")
async def cancel_appointment(
    appointment: RecordNumber,
    employee: OneLine,
    occurrence: Time | None = None,
    seen: Version | None = None,
) -> State[Any]:
    """Cancel an appointment, or what is to come of a series; it stays to be seen.

    Args:
        appointment: The appointment's number, as calendars show it.
        employee: The personnel number of who cancels it; what they may do is checked.
        occurrence: The begin of the only one to cancel, of appointments that recur; of whole days,
            any time on its first day. Left empty: all that have not begun yet.
        seen: The version that they saw: refused if others changed it since. Left empty: any.
    """

    def cancelling(this: Asked) -> Sequence[Conflict]:
        appointments.cancel_appointment(appointment, employee, this.occurrence, seen=seen)
        return ()

    return await pressed(appointment, employee, occurrence, cancelling, "is cancelled")


def _period(begins: Time, ends: Time | None, zone: str) -> Period:
    begin = shown_in(zone, begins)
    return Period(begin, shown_in(zone, ends) if ends else begin + USUAL_LENGTH, zone)
