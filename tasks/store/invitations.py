"""Guests from outside are written to: invited, told what changes, and told that it is off.

What each guest was told last is kept with them. So every change compares what is with what they
know, in its own transaction, and each letter is queued once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, select, update

from domain.alarms import E_MAIL
from domain.appointments import Period
from domain.calendar_events import Event
from domain.ical import cancel, request
from domain.invitation_texts import LetterFacts, guest_letter, untold_notice
from domain.invitations import Tidings, Told, fingerprint, newly_off, tidings
from domain.mail import MailAddress
from domain.services import Service
from tasks.settings import settings
from tasks.store.appointment_letters import AppointmentLetter, enter_letters, service_for
from tasks.store.calendars import read_events
from tasks.store.database import Store
from tasks.store.inbox import tell
from tasks.store.tables import appointment_guests, appointments, employees

_WAITING = (
    select(appointment_guests.c.appointment_id).where(appointment_guests.c.letter_due).distinct()
)
_IN_PART = (Tidings.PARTLY_OFF, Tidings.REST_OFF)


@dataclass(frozen=True, slots=True)
class _News:
    """What one guest has to be told."""

    guest: Any
    tidings: Tidings
    told: Told | None

    @property
    def to(self) -> MailAddress:
        """The guest's address."""
        return MailAddress(self.guest.name, self.guest.address)


@dataclass(frozen=True, slots=True)
class _Change:
    """An appointment as it is after a change."""

    appointment_id: int
    event: Event
    now: datetime


@dataclass(frozen=True, slots=True)
class _Host:
    """By whom and how guests are written to."""

    employee_id: int
    name: str
    service: Service


def tell_guests(connection: Connection, appointment_id: int, now: datetime) -> tuple[str, ...]:
    """Queue a letter to each guest who does not know what an appointment is now.

    It gives the addresses of those who cannot be written to, as no account is configured that the
    responsible employee may send by; that employee is told so, and their letters stay due.
    """
    guests = _guests(connection, appointment_id)
    if not guests:
        return ()
    event = read_events(connection, [appointment_id])[appointment_id]
    news = _news(guests, event, now)
    host = _host(connection, appointment_id, guests) if news else None
    _note_due(connection, guests, news if isinstance(host, int) else ())
    if host is None:
        return ()
    if isinstance(host, int):
        _tell_of_untold(connection, _Change(appointment_id, event, now), host, news)
        return tuple(each.guest.address for each in news)
    if any(each.told for each in news):
        event = replace(event, sequence=event.sequence + 1)
        _count_up(connection, appointment_id, event.sequence)
    change = _Change(appointment_id, _hosted(event, host, now), now)
    enter_letters(connection, [_letter(change, each, host) for each in news], now)
    _note_told(connection, news, event, host.service)
    return ()


def tell_waiting_guests(store: Store, now: datetime) -> None:
    """Write to the guests who could not be written to before, of what it is by now."""
    with store.reading() as connection:
        waiting = list(connection.scalars(_WAITING))
    for appointment_id in waiting:
        store.write(partial(_tell_later, appointment_id=appointment_id, now=now))


def _tell_later(connection: Connection, appointment_id: int, now: datetime) -> None:
    this = select(appointments.c.id).where(appointments.c.id == appointment_id)
    connection.execute(this.with_for_update(key_share=True))
    tell_guests(connection, appointment_id, now)


def _guests(connection: Connection, appointment_id: int) -> Sequence[Row[Any]]:
    its = appointment_guests.c
    query = select(appointment_guests).where(its.appointment_id == appointment_id).order_by(its.id)
    return connection.execute(query).all()


def _news(guests: Sequence[Row[Any]], event: Event, now: datetime) -> list[_News]:
    found = []
    for guest in guests:
        told = Told.read(guest.told) if guest.told else None
        what = tidings(event, guest.uninvited_at is None, told, now)
        if what is not None:
            found.append(_News(guest, what, told))
    return found


def _host(connection: Connection, appointment_id: int, guests: Sequence[Row[Any]]) -> _Host | int:
    """Give who writes to guests, by the account as before; the employee's id where none can."""
    query = select(employees.c.id, employees.c.name).join(
        appointments, appointments.c.responsible_id == employees.c.id
    )
    responsible = connection.execute(query.where(appointments.c.id == appointment_id)).one()
    before = next((Told.read(each.told).service for each in guests if each.told), None)
    service = service_for(connection, E_MAIL, responsible.id, before)
    if service is None:
        return int(responsible.id)
    return _Host(responsible.id, responsible.name, service)


def _hosted(event: Event, host: _Host, now: datetime) -> Event:
    """Let answers go to the account that writes, whose mailbox is watched."""
    organizer = MailAddress(host.name, host.service.address)
    return replace(event, changed_at=now, organizer=organizer)


def _letter(change: _Change, news: _News, host: _Host) -> AppointmentLetter:
    event = change.event
    off = newly_off(event, news.told, change.now) if news.told else []
    facts = LetterFacts(
        news.tidings,
        event.matchcode,
        event.place,
        _periods(change, news.tidings, off),
        host.name,
        host.service.address,
    )
    return AppointmentLetter(
        key=f"guest:{news.guest.id}:{event.sequence}",
        appointment_id=change.appointment_id,
        service=host.service,
        to=news.to,
        texts=guest_letter(facts, settings().language),
        calendar=_calendar(event, news, off),
        author_id=host.employee_id,
        sender_name=host.service.sender_name or host.name,
    )


def _periods(change: _Change, what: Tidings, off: Collection[datetime]) -> list[Period]:
    """Give the times that a letter is about: those to come, or of what is over, all."""
    event = change.event
    if what in _IN_PART:
        return [each.period for each in event.occurrences if each.recurrence in off]
    times = [each.period for each in event.taking_place or event.occurrences]
    return [each for each in times if each.ends_at > change.now] or times


def _calendar(event: Event, news: _News, off: Sequence[datetime]) -> str:
    if news.tidings in (Tidings.INVITED, Tidings.CHANGED):
        return request(event)
    alone = replace(event, attendees=(news.to,))
    return cancel(alone, off if news.tidings in _IN_PART else ())


def _count_up(connection: Connection, appointment_id: int, sequence: int) -> None:
    this = update(appointments).where(appointments.c.id == appointment_id)
    connection.execute(this.values(sequence=sequence))


def _note_told(
    connection: Connection, news: Sequence[_News], event: Event, service: Service
) -> None:
    for each in news:
        told = Told.of(event, service.name, each.told)
        if each.tidings is Tidings.OFF:
            told = replace(told, fingerprint="")
        this = update(appointment_guests).where(appointment_guests.c.id == each.guest.id)
        connection.execute(this.values(told=told.as_json()))


def _note_due(connection: Connection, guests: Sequence[Row[Any]], news: Sequence[_News]) -> None:
    """Keep to whom a letter is due until it is queued, or there is nothing to be told any more."""
    due = {each.guest.id for each in news}
    for guest in guests:
        if guest.letter_due != (guest.id in due):
            this = update(appointment_guests).where(appointment_guests.c.id == guest.id)
            connection.execute(this.values(letter_due=guest.id in due))


def _tell_of_untold(
    connection: Connection, change: _Change, employee_id: int, news: Sequence[_News]
) -> None:
    """Tell the responsible employee, once for the same guests and the same change."""
    names = [each.guest.address for each in news]
    what = [(each.guest.id, each.tidings) for each in news]
    mark = sha256(f"{fingerprint(change.event)} {what}".encode()).hexdigest()[:32]
    notice = untold_notice(change.event.matchcode, names, settings().language)
    tell(
        connection, f"untold:{change.appointment_id}:{mark}", employee_id, None, notice, change.now
    )
