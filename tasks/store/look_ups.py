"""What became of deliveries, as services and other evidence tell it later.

A Sent folder, a receipt, a bounce or an answer resolves what is unknown; nothing is sent again
for it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from domain.backoff import delay
from domain.delivery import Answer, DeliveryStatus, Outcome, dispatch_status
from domain.mail import address_key
from tasks.store.contact_events import announce_change
from tasks.store.database import Store
from tasks.store.notices import tell_author
from tasks.store.tables import attempts, deliveries, dispatches

FIRST_LOOK_UP = timedelta(seconds=10)  # after the attempt; each later one waits longer
LONGEST_PAUSE = timedelta(hours=1)
MOST = 60  # look-ups; about two days
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class LookUp:
    """A delivery whose service may tell by now what became of it."""

    delivery_id: int
    queue: str
    message_id: str
    reference: str
    status: DeliveryStatus


def due_look_ups(store: Store, now: datetime) -> Sequence[LookUp]:
    """List what is to be asked about now."""
    query = (
        select(deliveries, dispatches.c.queue, dispatches.c.message_id)
        .join(dispatches)
        .where(deliveries.c.look_up_at <= now, dispatches.c.queue.is_not(None))
        .order_by(deliveries.c.look_up_at)
        .limit(AT_ONCE)
    )
    with store.reading() as connection:
        return [
            LookUp(
                row.id,
                row.queue,
                row.message_id,
                row.reference or "",
                DeliveryStatus(row.status),
            )
            for row in connection.execute(query)
        ]


def record_look_ups(store: Store, found: Mapping[int, Answer | None], now: datetime) -> None:
    """Record what services told; where one could not tell yet (None), it is asked again later.

    What was resolved or decided meanwhile stays as it is. An author is told what came back.
    """

    def recording(connection: Connection) -> None:
        for delivery_id, answer in found.items():
            row = _asked_about(connection, delivery_id)
            if row is None:
                continue
            if answer is None:
                _ask_again(connection, row, now)
                continue
            dispatch_id = resolve(connection, delivery_id, answer, now)
            if answer.outcome is not Outcome.ACCEPTED:
                reasons = [(row.name or row.address, answer.text)]
                tell_author(connection, dispatch_id, f"bounced:{delivery_id}", reasons, now)

    store.write(recording)


def resolve(connection: Connection, delivery_id: int, answer: Answer, now: datetime) -> int:
    """Record what became of a delivery: it arrived, or came back; gives its dispatch's id."""
    arrived = answer.outcome is Outcome.ACCEPTED
    status = DeliveryStatus.SENT if arrived else DeliveryStatus.BOUNCED
    connection.execute(insert(attempts).values(attempt_row(delivery_id, answer, now, now)))
    values = {"status": status, "changed_at": now, "reason": answer.text, "look_up_at": None}
    if not arrived:
        values["bounced_at"] = now
    this = deliveries.c.id == delivery_id
    before = connection.scalar(select(deliveries.c.status).where(this))
    changed = update(deliveries).where(this).values(**values).returning(deliveries.c.dispatch_id)
    dispatch_id = int(connection.execute(changed).scalar_one())
    refresh_status(connection, dispatch_id)
    if before != status:
        announce_change(connection, dispatch_id, status, now)
    return dispatch_id


def attempt_row(
    delivery_id: int, answer: Answer, began_at: datetime, ended_at: datetime
) -> dict[str, Any]:
    """Write down an attempt, or what was told of one later, as the history keeps it (X5)."""
    return {
        "delivery_id": delivery_id,
        "began_at": began_at,
        "ended_at": ended_at,
        "outcome": answer.outcome,
        "answer": answer.text,
        "reference": answer.reference,
    }


def refresh_status(connection: Connection, dispatch_id: int) -> None:
    """Derive a dispatch's status anew (X5)."""
    this = dispatches.c.id == dispatch_id
    held = select(dispatches.c.sending_since).where(this).with_for_update()
    sending = connection.scalar(held) is not None
    query = select(deliveries.c.status).where(deliveries.c.dispatch_id == dispatch_id)
    statuses = [DeliveryStatus(status) for status in connection.scalars(query)]
    derived = dispatch_status(statuses, sending)
    connection.execute(update(dispatches).where(this).values(status=derived))


def note_arrived(
    connection: Connection, told: Collection[tuple[str, str]], words: str, now: datetime
) -> None:
    """Note that messages of ours, each with a recipient's address, have arrived where unknown."""
    arrived = {(message_id, address_key(recipient)) for message_id, recipient in told}
    query = (
        select(deliveries.c.id, deliveries.c.address, dispatches.c.message_id)
        .join(dispatches)
        .where(
            dispatches.c.message_id.in_({message_id for message_id, _ in arrived}),
            deliveries.c.status == DeliveryStatus.UNKNOWN,
        )
    )
    for row in connection.execute(query).all() if arrived else ():
        if (row.message_id, address_key(row.address)) in arrived:
            resolve(connection, row.id, Answer(Outcome.ACCEPTED, words), now)


def _asked_about(connection: Connection, delivery_id: int) -> Any:
    asked = (deliveries.c.id == delivery_id) & deliveries.c.look_up_at.is_not(None)
    return connection.execute(select(deliveries).where(asked).with_for_update()).one_or_none()


def _ask_again(connection: Connection, row: Any, now: datetime) -> None:
    asked = row.look_ups + 1
    later = now + delay(asked, FIRST_LOOK_UP, LONGEST_PAUSE) if asked <= MOST else None
    this = deliveries.c.id == row.id
    connection.execute(update(deliveries).where(this).values(look_ups=asked, look_up_at=later))
