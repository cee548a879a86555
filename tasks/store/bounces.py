"""Bounces, noted on the dispatch and the recipient that they speak of (R7)."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from domain.mail import Bounce, FailedRecipient, address_key
from tasks.store.tables import bounced_recipients, deliveries, dispatches

BOUNCED = "bounced"


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
            values = {"status": BOUNCED, "bounced_at": now, "reason": failed.reason}
            this = deliveries.c.id == delivery_id
            connection.execute(update(deliveries).where(this).values(**values))


def _delivery(
    connection: Connection, message_id: str | None, failed: FailedRecipient
) -> int | None:
    if message_id is None:
        return None
    query = (
        select(deliveries.c.id, deliveries.c.address)
        .join(dispatches)
        .where(dispatches.c.message_id == message_id)
    )
    same = address_key(failed.address)  # compared here: SQLite folds only ASCII letters
    return next((r.id for r in connection.execute(query) if address_key(r.address) == same), None)
