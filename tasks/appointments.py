"""Booking and changing appointments, for flows, the command line and other programs.

Each function is refused, with all that stands against it, by Refused; UnknownRecord where there is
no such appointment, or none that the employee may see. seen is the version that the employee saw:
where others changed the appointment since, Refused says who changed what. Nothing is changed then.
"""

import uuid
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from domain.appointments import Alarm, Guest, NewAppointment, Period
from tasks.store import booking, rebooking, taking_part
from tasks.store.booking import Booked
from tasks.store.conflicts import Conflict
from tasks.store.database import store
from tasks.store.rebooking import Change


def book_appointment(new: NewAppointment, employee: str) -> Booked:
    """Book an appointment and arm its alarms; conflicts are told, never forbidden."""
    once = new if new.key else replace(new, key=uuid.uuid4().hex)
    return booking.book(store(), once, employee, store().now())


def look_before_booking(new: NewAppointment, employee: str) -> tuple[Conflict, ...]:
    """Judge an appointment as book_appointment does, and save nothing; tells its conflicts."""
    return booking.look_before(store(), new, employee, store().now())


def move_appointment(
    appointment_id: int,
    employee: str,
    period: Period,
    occurrence: datetime | None = None,
    *,
    seen: int | None = None,
) -> tuple[Conflict, ...]:
    """Move, shorten or lengthen an appointment, or one occurrence of it (A5)."""
    now = store().now()
    return rebooking.move(store(), appointment_id, employee, period, occurrence, now, seen=seen)


def edit_appointment(
    appointment_id: int, employee: str, change: Change, *, seen: int | None = None
) -> tuple[Conflict, ...]:
    """Change what an appointment says, how important it is, or who is responsible for it."""
    return rebooking.edit(store(), appointment_id, employee, change, store().now(), seen=seen)


def set_alarm(
    appointment_id: int,
    employee: str,
    alarm: Alarm | None,
    occurrence: datetime | None = None,
    *,
    seen: int | None = None,
) -> None:
    """Set the alarm to so long before the begin or to a time of its own, or clear it (A3)."""
    now = store().now()
    rebooking.set_alarm(store(), appointment_id, employee, alarm, occurrence, now, seen=seen)


def set_done(
    appointment_id: int,
    employee: str,
    done: bool,
    occurrence: datetime | None = None,
    *,
    seen: int | None = None,
) -> None:
    """Mark an appointment as done, or as not done (T5)."""
    now = store().now()
    rebooking.set_done(store(), appointment_id, employee, done, occurrence, now, seen=seen)


def cancel_appointment(
    appointment_id: int,
    employee: str,
    occurrence: datetime | None = None,
    *,
    seen: int | None = None,
) -> None:
    """Cancel an appointment, or of a series what has not begun yet; it stays to be seen."""
    rebooking.cancel(store(), appointment_id, employee, occurrence, store().now(), seen=seen)


def delete_appointment(appointment_id: int, employee: str, *, seen: int | None = None) -> None:
    """Delete an appointment: nobody sees it any more."""
    rebooking.delete(store(), appointment_id, employee, store().now(), seen=seen)


def change_participants(
    appointment_id: int,
    employee: str,
    add: Collection[str] = (),
    remove: Collection[str] = (),
    *,
    seen: int | None = None,
) -> tuple[Conflict, ...]:
    """Let employees take part, or no more, by their personnel numbers (A7)."""
    return taking_part.change_participants(
        store(), appointment_id, employee, add, remove, store().now(), seen=seen
    )


def change_equipment(
    appointment_id: int,
    employee: str,
    add: Collection[str] = (),
    remove: Collection[str] = (),
    *,
    seen: int | None = None,
) -> tuple[Conflict, ...]:
    """Let an appointment use equipment, or no more, by its numbers."""
    return taking_part.change_equipment(
        store(), appointment_id, employee, add, remove, store().now(), seen=seen
    )


def change_cases(
    appointment_id: int,
    employee: str,
    add: Collection[str] = (),
    remove: Collection[str] = (),
    *,
    seen: int | None = None,
) -> None:
    """Let an appointment belong to cases, or no more, by their numbers."""
    taking_part.change_cases(
        store(), appointment_id, employee, add, remove, store().now(), seen=seen
    )


def change_guests(
    appointment_id: int,
    employee: str,
    add: Collection[Guest] = (),
    remove: Collection[str] = (),
    *,
    seen: int | None = None,
) -> None:
    """Invite guests from outside, or no more, by their e-mail addresses."""
    taking_part.change_guests(
        store(), appointment_id, employee, add, remove, store().now(), seen=seen
    )
