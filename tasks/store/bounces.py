"""Bounces, noted on the dispatch and the recipient that they speak of (R7)."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from domain.delivery import Answer, DeliveryStatus, Outcome
from domain.mail import Bounce, FailedRecipient, address_key
from tasks.store.look_ups import resolve
from tasks.store.notices import tell_author
from tasks.store.tables import bounced_recipients, deliveries, dispatches

# What waits to be sent is left alone: a forged bounce must not hold it back.
GONE_OUT = (DeliveryStatus.SENT, DeliveryStatus.UNKNOWN, DeliveryStatus.BOUNCED)


def note_bounce(connection: Connection, contact_id: int, bounce: Bounce, now: datetime) -> None:
    """Keep what a bounce says, and note it on the delivery that failed where we made it."""
    for position, failed in enumerate(bounce.failed):
        delivery_id = _delivery(connection, bounce.message_id, failed)
        row = {
            "contact_id": contact_id,
            "position": position,
            "address": failed.address,
            "status": failed.status,
            "permanent": failed.permanent,
            "reason": failed.reason,
            "delivery_id": delivery_id,
        }
        connection.execute(insert(bounced_recipients).values(**row))
        if delivery_id is not None:
            reason = failed.reason or f"it came back: {failed.status}"
            dispatch_id = resolve(connection, delivery_id, Answer(Outcome.FOR_GOOD, reason), now)
            told = [(failed.address, reason)]
            tell_author(connection, dispatch_id, f"bounced:{delivery_id}", told, now)


def _delivery(
    connection: Connection, message_id: str | None, failed: FailedRecipient
) -> int | None:
    if message_id is None:
        return None
    query = (
        select(deliveries.c.id, deliveries.c.address)
        .join(dispatches)
        .where(dispatches.c.message_id == message_id, deliveries.c.status.in_(GONE_OUT))
    )
    same = address_key(failed.address)  # compared here: SQLite folds only ASCII letters
    return next((r.id for r in connection.execute(query) if address_key(r.address) == same), None)
