"""Appointments that ring, for tests: usual values, a ringer, and what it told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import appointments
from appointments import ANNA, BEFORE
from builders import (
    DIRECTORY,
    NOW,
    enter_directory,
    letter,
    prepared,
    private_account,
    receive_letters,
)
from sqlalchemy import select

from domain.alarms import Preferences
from domain.directory import Directory, Employee
from domain.ringing import Rung
from domain.services import Service
from domain.wording import Language
from tasks.store.alarm_facts import Terms
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.inbox import Message, inbox
from tasks.store.queues import enter_services
from tasks.store.ringing import ring_due
from tasks.store.tables import alarms, contacts, dispatches
from tasks.store.wishes import set_wishes

LENA = "1007"  # who has no e-mail address
TERMS = Terms(Language.ENGLISH, "Europe/Berlin")
MINUTE = timedelta(minutes=1)
BEGIN = NOW  # of the usual appointment, and its alarm
ACCOUNT = Service("service", "e-mail", "service@firm.example")


@dataclass(frozen=True)
class Letter:
    """What is queued for somebody outside of the inbox."""

    key: str
    queue: str
    matchcode: str
    text: str
    calendar: str | None
    due_at: datetime
    deadline: datetime


def ready(store: Store, *services: Service) -> None:
    """Enter the directory, and the services by which alarms go out."""
    lena = Employee(number=LENA, name="Lena Fuchs")
    enter_directory(store, DIRECTORY, Directory(employee=(lena,)))
    enter_services(store, services, ["e-mail", "push"])


def booked(store: Store, **changes: Any) -> int:
    """Book an appointment of Jonas and Mia, as appointments.booked does; gives its id."""
    usual = {"matchcode": "Abnahme Halle 2", "place": "Müller Maschinenbau, Tor 3"}
    return appointments.booked(store, **{**usual, **changes})


def secret_follow_up(store: Store, *services: Service) -> int:
    """Book a follow-up of a private contact of Anna's, in which Mia takes part; gives its id."""
    box = prepared(store, private_account())
    receive_letters(store, box, [letter(subject="Geheimes Angebot")])
    with store.reading() as connection:
        [contact_id] = connection.scalars(select(contacts.c.id))
    ready(store, *services)
    about: dict[str, Any] = {"contact_id": contact_id, "cases": ("SC-1042",)}
    return booked(store, employee=ANNA, responsible=ANNA, matchcode="Rückruf", **about)


def wishes(store: Store, employee: str, *channels: str, **escalation: Any) -> None:
    """Let an employee be informed by these channels, too."""
    set_wishes(store, employee, Preferences(frozenset(channels), **escalation), BEFORE)


def rung(store: Store, now: datetime = BEGIN, most: int = 100) -> Rung:
    """Ring what is due."""
    return ring_due(store, now, most, TERMS)


def told(store: Store, employee: str) -> Sequence[Message]:
    """Give an employee's messages, the latest first."""
    return inbox(store, employee_by_number(store, employee))


def rows(store: Store, employee: str | None = None) -> list[Any]:
    """Give all alarms, or an employee's, in the order of their instants and channels."""
    query = select(alarms).order_by(alarms.c.due_at, alarms.c.channel, alarms.c.id)
    if employee is not None:
        query = query.where(alarms.c.employee_id == employee_by_number(store, employee))
    with store.reading() as connection:
        return list(connection.execute(query))


def letters(store: Store) -> list[Letter]:
    """Give what is queued to go out, in the order in which it was queued."""
    columns = [dispatches.c.request_key.label("key"), *_letter_columns()]
    with store.reading() as connection:
        rows = connection.execute(select(*columns).order_by(dispatches.c.id)).all()
    return [Letter(**row._mapping) for row in rows]


def _letter_columns() -> list[Any]:
    names = ("queue", "matchcode", "text", "calendar", "due_at", "deadline")
    return [dispatches.c[name] for name in names]
