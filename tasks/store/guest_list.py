"""The guests of an appointment as it shows them, with what they answered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from domain.appointments import Guest
from domain.calendar_events import Event
from domain.invitations import Told
from tasks.store.calendars import read_events
from tasks.store.tables import appointment_guests, guest_answers


@dataclass(frozen=True, slots=True)
class Invited:
    """A guest, and what they answered: by an occurrence's begin, or "" for all."""

    id: int
    guest: Guest
    answers: Mapping[str, str]
    outdated: Mapping[str, str]  # answers to invitations from before it was moved
    uninvited_at: datetime | None


def invited_to(connection: Connection, appointment_id: int) -> list[Invited]:
    """Read the guests of an appointment, the first one first."""
    its = appointment_guests.c
    mine = its.appointment_id == appointment_id
    guests = connection.execute(select(appointment_guests).where(mine).order_by(its.id)).all()
    if not guests:
        return []
    given: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(guest_answers).join(appointment_guests).where(mine)):
        given[row.guest_id].append(row)
    event = read_events(connection, [appointment_id])[appointment_id]
    return [_invited(guest, given[guest.id], event) for guest in guests]


def answers_what_is(told: str | None, event: Event, sequence: int) -> bool:
    """Whether an answer is to the times that an appointment has now, and not to earlier ones.

    told is what the guest was told last, as it is kept; sequence that of the invitation answered.
    """
    return told is None or Told.read(told).holds_for(event, sequence)


def _invited(guest: Row[Any], given: Sequence[Row[Any]], event: Event) -> Invited:
    answers: dict[bool, dict[str, str]] = {True: {}, False: {}}
    for row in given:
        holds = answers_what_is(guest.told, event, row.sequence)
        answers[holds][row.recurrence] = row.answer
    who = Guest(guest.address, guest.name)
    return Invited(guest.id, who, answers[True], answers[False], guest.uninvited_at)
