"""What contacts tell others: received, sent, bounced, and alarms that rang (W4).

They go out with ids, numbers and states only: what a private contact says stays with it (L9).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from domain.delivery import DeliveryStatus
from domain.events import AlarmRung, ContactBounced, ContactReceived, ContactSent, EventName
from tasks.store.events import News, publish
from tasks.store.tables import cases, dispatches


@dataclass(frozen=True, slots=True)
class Received:
    """A message that has become a contact."""

    contact_id: int
    case_id: int | None
    private: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An alarm that rang, and whom it told."""

    alarm_id: int
    appointment_id: int
    number: str  # the employee's
    late: bool


def announce_received(connection: Connection, received: Sequence[Received], now: datetime) -> None:
    """Tell that messages became contacts, once this transaction is committed.

    Which case a private one belongs to is not told (L9).
    """
    numbers = _numbers(connection, {each.case_id for each in received} - {None})
    news = [
        News(
            each.contact_id,
            ContactReceived(
                contact=each.contact_id,
                case=None if each.private else numbers.get(each.case_id),
                private=each.private,
            ),
        )
        for each in received
    ]
    publish(connection, EventName.CONTACT_RECEIVED, news, now)


def announce_sent(connection: Connection, sent: ContactSent, now: datetime) -> None:
    """Tell that a dispatch went out, wholly or partly."""
    publish(connection, EventName.CONTACT_SENT, [News(sent.contact, sent)], now)


def announce_change(
    connection: Connection, dispatch_id: int, status: DeliveryStatus, now: datetime
) -> None:
    """Tell that a delivery of a dispatch arrived after all, or came back."""
    query = select(dispatches).where(dispatches.c.id == dispatch_id)
    row = connection.execute(query).one()
    if row.contact_id is None:
        return
    if status is DeliveryStatus.BOUNCED:
        bounced = ContactBounced(contact=row.contact_id, dispatch=dispatch_id)
        publish(connection, EventName.CONTACT_BOUNCED, [News(row.contact_id, bounced)], now)
        return
    announce_sent(
        connection,
        ContactSent(
            contact=row.contact_id, dispatch=dispatch_id, channel=row.channel, status=row.status
        ),
        now,
    )


def announce_rung(connection: Connection, rung: Sequence[Told], now: datetime) -> None:
    """Tell that employees were informed of appointments."""
    news = [
        News(
            each.alarm_id,
            AlarmRung(
                alarm=each.alarm_id,
                appointment=each.appointment_id,
                employee=each.number,
                late=each.late,
            ),
        )
        for each in rung
    ]
    publish(connection, EventName.ALARM_RUNG, news, now)


def _numbers(connection: Connection, case_ids: Collection[int | None]) -> dict[int | None, str]:
    """Read the numbers of cases, by their ids."""
    if not case_ids:
        return {}
    query = select(cases.c.id, cases.c.number).where(cases.c.id.in_(case_ids))
    return {row.id: row.number for row in connection.execute(query)}
