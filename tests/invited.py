"""Appointments with guests, for tests: booked, and the letters that their guests get."""

from datetime import datetime, timedelta
from typing import Any

from builders import NOW
from calendar_events import HOUR, parsed
from outgoing_contacts import JONAS, SERVICES, ready
from sqlalchemy import select

from domain.appointments import Guest, NewAppointment
from domain.services import Service
from tasks.store.booking import book
from tasks.store.database import Store
from tasks.store.tables import appointment_guests, appointments, deliveries, dispatches

PETRA, UWE = Guest("petra@mueller.example", "Petra Müller"), Guest("uwe@mueller.example")
WEEKLY = "FREQ=WEEKLY;COUNT=3"
LATER = NOW + timedelta(minutes=5)


def booked(
    store: Store, *guests: Guest, now: datetime = NOW, employee: str = JONAS, **changes: Any
) -> int:
    """Book a visit of Jonas's tomorrow at ten, with guests; gives its id."""
    usual: dict[str, Any] = {
        "period": HOUR,
        "responsible": JONAS,
        "matchcode": "Wartung",
        "text": "nur für uns",
        "place": "Halle 2",
        "cases": ("SC-1042",),
        "guests": guests or (PETRA,),
    }
    return book(store, NewAppointment(**{**usual, **changes}), employee, now).id


def invited(store: Store, *guests: Guest, **changes: Any) -> int:
    """Book it where an account sends."""
    ready(store, *SERVICES)
    return booked(store, *guests, **changes)


def letters(store: Store) -> list[Any]:
    """Give the letters about appointments with their recipients, the first one first."""
    query = select(dispatches, deliveries.c.address.label("to"), deliveries.c.name.label("whom"))
    query = query.join(deliveries, deliveries.c.dispatch_id == dispatches.c.id)
    about = query.where(dispatches.c.appointment_id.is_not(None)).order_by(dispatches.c.id)
    with store.reading() as connection:
        return list(connection.execute(about))


def said(store: Store) -> list[tuple[str, str, int]]:
    """Say for each letter to whom it goes, with which method and which sequence."""
    found = []
    for letter in letters(store):
        calendar = parsed(letter.calendar)
        [sequence] = {each["SEQUENCE"] for each in calendar.walk("VEVENT")}
        found.append((letter.to.partition("@")[0], str(calendar["METHOD"]), int(sequence)))
    return found


def uid_of(store: Store, appointment_id: int) -> str:
    """Give an appointment's UID."""
    with store.reading() as connection:
        this = select(appointments.c.uid).where(appointments.c.id == appointment_id)
        return str(connection.scalar(this))


def guest_rows(store: Store) -> list[Any]:
    """Read all guests."""
    with store.reading() as connection:
        return list(connection.execute(select(appointment_guests)))


def service(name: str, **changes: Any) -> Service:
    """Give an account that sends e-mail."""
    return Service(name, "e-mail", f"{name}@firm.example", **changes)
