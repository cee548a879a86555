"""What goes out about appointments: dispatches like others, without a contact of their own.

They are queued in the transaction that gives reason for them, once for each key, and sent,
tried again and followed like every dispatch.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from domain.delivery import DeliveryStatus, DispatchStatus
from domain.mail import MailAddress, ReceptionKind
from domain.sending import Priority, Texts
from domain.services import Service, in_order
from tasks.store.queues import queue_name, services_of
from tasks.store.tables import deliveries, dispatches, team_members


@dataclass(frozen=True, slots=True)
class AppointmentLetter:
    """A letter to one recipient about an appointment."""

    key: str  # what it tells, told once
    appointment_id: int
    service: Service  # by which it goes out
    to: MailAddress  # of an employee's push service: its name in place of the address
    texts: Texts
    calendar: str | None = None  # an iCalendar object that goes with it
    author_id: int | None = None  # the employee who is told where it does not arrive
    recipient_id: int | None = None  # where it is for an employee
    sender_name: str = ""  # empty: the service's
    not_before: datetime | None = None
    deadline: datetime | None = None


def service_for(
    connection: Connection, channel: str, employee_id: int, before: str | None = None
) -> Service | None:
    """Find the account or gateway by which an employee's letters go; None where there is none.

    It is that by which letters of the same kind went before, while it is still for the employee.
    """
    own_teams = select(team_members.c.team_id).where(team_members.c.employee_id == employee_id)
    teams = frozenset(connection.scalars(own_teams))
    usable = [each for each in services_of(connection, channel) if each.is_for(employee_id, teams)]
    return next(iter(in_order(usable, before, employee_id)), None)


def enter_letters(
    connection: Connection, letters: Sequence[AppointmentLetter], now: datetime
) -> dict[str, int]:
    """Queue letters in this transaction; gives the dispatches' ids by the letters' keys."""
    keys = [letter.key for letter in letters]
    query = select(dispatches.c.request_key, dispatches.c.id)
    of_these = query.where(dispatches.c.request_key.in_(keys))
    known = {key: dispatch_id for key, dispatch_id in connection.execute(of_these)}
    new = [letter for letter in letters if letter.key not in known]
    if not new:
        return known
    inserting = insert(dispatches).returning(dispatches.c.id, sort_by_parameter_order=True)
    ids = list(connection.scalars(inserting, [_dispatch_row(letter, now) for letter in new]))
    rows = [
        _delivery_row(dispatch_id, letter, now)
        for dispatch_id, letter in zip(ids, new, strict=True)
    ]
    connection.execute(insert(deliveries), rows)
    return known | {letter.key: each for letter, each in zip(new, ids, strict=True)}


def _dispatch_row(letter: AppointmentLetter, now: datetime) -> dict[str, Any]:
    service, due_at = letter.service, max(now, letter.not_before or now)
    domain = service.address.rpartition("@")[2] or "kontaktwerk.invalid"
    return {
        "appointment_id": letter.appointment_id,
        "employee_id": letter.author_id,
        "message_id": f"{secrets.token_hex(16)}@{domain}",
        "channel": service.channel,
        "queue": queue_name(service),
        "leaves_the_house": True,
        "status": DispatchStatus.QUEUED,
        "priority": Priority.CLICK,
        "sender_name": letter.sender_name or service.sender_name,
        "sender_address": service.address,
        "matchcode": letter.texts.matchcode,
        "text": letter.texts.text,
        "html": letter.texts.html,
        "calendar": letter.calendar,
        "references": [],
        "queued_at": now,
        "dated_at": due_at,
        "due_at": due_at,
        "deadline": letter.deadline,
        "attempts": 0,
        "copy_due": False,
        "request_key": letter.key,
    }


def _delivery_row(dispatch_id: int, letter: AppointmentLetter, now: datetime) -> dict[str, Any]:
    return {
        "dispatch_id": dispatch_id,
        "position": 0,
        "name": letter.to.name,
        "kind": ReceptionKind.TO,
        "address": letter.to.address,
        "employee_id": letter.recipient_id,
        "status": DeliveryStatus.QUEUED,
        "changed_at": now,
        "look_ups": 0,
    }
