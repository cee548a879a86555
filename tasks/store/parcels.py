"""Parcels: dispatches with all that is needed to send them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from domain.delivery import WAITING, DeliveryStatus
from domain.mail import MailAddress, ReceptionKind
from tasks.store.tables import appointments, attachments, contacts, deliveries


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient's delivery, as it stands."""

    id: int
    position: int
    name: str
    kind: ReceptionKind
    to: str  # e-mail address, number or name
    employee_id: int | None
    status: DeliveryStatus


@dataclass(frozen=True, slots=True)
class Parcel:
    """A dispatch that is leased, with all that is needed to send it."""

    id: int
    channel: str
    queue: str
    contact_id: int | None  # none: it tells of an appointment
    employee_id: int | None
    message_id: str
    sender: MailAddress
    reply_to: str | None
    matchcode: str
    text: str
    html: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    queued_at: datetime
    dated_at: datetime  # the same at every attempt
    first_tried_at: datetime | None
    deadline: datetime | None
    attempts: int  # before this one
    has_files: bool
    private: bool
    leaves_the_house: bool
    recipients: tuple[Recipient, ...]  # all of them, by position
    calendar: str | None = None  # an iCalendar object that goes with it

    @property
    def waiting(self) -> tuple[Recipient, ...]:
        """Give those who still need it."""
        return tuple(each for each in self.recipients if each.status in WAITING)


def parcels_of(connection: Connection, rows: Sequence[Row[Any]]) -> list[Parcel]:
    """Read what is needed to send these rows of the table dispatches."""
    ids = [row.id for row in rows]
    of_these = select(deliveries).where(deliveries.c.dispatch_id.in_(ids))
    recipients: dict[int, list[Recipient]] = defaultdict(list)
    for each in connection.execute(of_these.order_by(deliveries.c.position)):
        recipients[each.dispatch_id].append(_recipient(each))
    contact_ids = [row.contact_id for row in rows if row.contact_id is not None]
    with_files = select(attachments.c.contact_id).where(attachments.c.contact_id.in_(contact_ids))
    has_files = set(connection.scalars(with_files.distinct()))
    hidden = _private_ones(connection, rows, contact_ids)
    return [
        _parcel(row, recipients[row.id], row.contact_id in has_files, row.id in hidden)
        for row in rows
    ]


def _private_ones(
    connection: Connection, rows: Sequence[Row[Any]], contact_ids: Sequence[int]
) -> set[int]:
    """Tell which dispatches speak of a private contact, or of a follow-up of one."""
    private = select(contacts.c.id).where(contacts.c.id.in_(contact_ids), contacts.c.private)
    hidden = set(connection.scalars(private))
    appointment_ids = {row.appointment_id for row in rows if row.appointment_id is not None}
    followed = _private_follow_ups(connection, appointment_ids) if appointment_ids else set()
    return {row.id for row in rows if row.contact_id in hidden or row.appointment_id in followed}


def _private_follow_ups(connection: Connection, appointment_ids: Collection[int]) -> set[int]:
    query = (
        select(appointments.c.id)
        .join(contacts, contacts.c.id == appointments.c.contact_id)
        .where(appointments.c.id.in_(appointment_ids), contacts.c.private)
    )
    return set(connection.scalars(query))


def _recipient(row: Any) -> Recipient:
    return Recipient(
        row.id,
        row.position,
        row.name,
        ReceptionKind(row.kind),
        row.address,
        row.employee_id,
        DeliveryStatus(row.status),
    )


def _parcel(row: Any, recipients: Sequence[Recipient], has_files: bool, private: bool) -> Parcel:
    return Parcel(
        row.id,
        row.channel,
        row.queue,
        row.contact_id,
        row.employee_id,
        row.message_id,
        MailAddress(row.sender_name, row.sender_address),
        row.reply_to,
        row.matchcode,
        row.text,
        row.html,
        row.in_reply_to,
        tuple(row.references),
        row.queued_at,
        row.dated_at,
        row.first_tried_at,
        row.deadline,
        row.attempts,
        has_files,
        private,
        row.leaves_the_house,
        tuple(recipients),
        row.calendar,
    )
