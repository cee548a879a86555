"""What an attempt to send came to, recorded in one transaction with all that follows from it.

The statements stand ready: this is done for every message that is sent.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, update

from domain.delivery import (
    Answer,
    DeliveryStatus,
    DispatchStatus,
    Outcome,
    dispatch_status,
    next_attempt,
    status_after,
)
from domain.events import ContactSent
from tasks.store.contact_events import announce_sent
from tasks.store.contact_words import renew_words
from tasks.store.look_ups import FIRST_LOOK_UP, attempt_row, refresh_status
from tasks.store.notices import tell_author
from tasks.store.parcels import Parcel
from tasks.store.tables import attempts, contacts, deliveries, dispatches, matchcode_values

WENT_OUT = frozenset({DeliveryStatus.SENT, DeliveryStatus.UNKNOWN})

_DISPATCH = update(dispatches).where(
    dispatches.c.id == bindparam("this"), dispatches.c.holder == bindparam("mine")
)
_DELIVERY = update(deliveries).where(deliveries.c.id == bindparam("this"))
_ATTEMPT = insert(attempts)
_CONTACT = update(contacts).where(contacts.c.id == bindparam("this"))


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one attempt to send a parcel: an answer for each waiting recipient."""

    parcel: Parcel
    began_at: datetime
    ended_at: datetime
    answers: Mapping[int, Answer]  # by the delivery's id
    wants_copy: bool = False  # to be put into the Sent folder
    looks_up: frozenset[DeliveryStatus] = frozenset()  # where the service can tell what became


def record(connection: Connection, holder: str, sent: Sent) -> None:
    """Record an attempt; one whose lease was lost was recorded as unknown by who took it over."""
    parcel, now = sent.parcel, sent.ended_at
    due_at = _next_attempt(sent)
    after = _after(sent, due_at)
    statuses = {each.id: each.status for each in parcel.recipients} | after
    status = dispatch_status(statuses.values())
    values = {
        "status": status,
        "due_at": due_at,
        "attempts": parcel.attempts + 1,
        "first_tried_at": parcel.first_tried_at or sent.began_at,
        "holder": None,
        "leased_until": None,
        "sending_since": None,
        **({"copy_due": True} if sent.wants_copy else {}),
    }
    mine = {"this": parcel.id, "mine": holder}
    if connection.execute(_DISPATCH, {**mine, **values}).rowcount != 1:
        return
    _record_deliveries(connection, sent, after)
    _announce(connection, parcel, after, status, now)
    if len(parcel.waiting) < len(parcel.recipients):
        refresh_status(connection, parcel.id)  # others may have come back meanwhile
    if parcel.leaves_the_house and not WENT_OUT & {each.status for each in parcel.recipients}:
        _keep_as_sent(connection, sent, after)
    failed = [each for each in parcel.waiting if after.get(each.id) is DeliveryStatus.FAILED]
    if failed:
        reasons = [(each.name or each.to, sent.answers[each.id].text) for each in failed]
        tell_author(connection, parcel.id, f"failed:{parcel.id}:{parcel.attempts}", reasons, now)


def _announce(
    connection: Connection,
    parcel: Parcel,
    after: Mapping[int, DeliveryStatus],
    status: DispatchStatus,
    now: datetime,
) -> None:
    if parcel.contact_id is not None and DeliveryStatus.SENT in after.values():
        sent = ContactSent(
            contact=parcel.contact_id, dispatch=parcel.id, channel=parcel.channel, status=status
        )
        announce_sent(connection, sent, now)


def _next_attempt(sent: Sent) -> datetime | None:
    refused = [each for each in sent.answers.values() if each.outcome is Outcome.FOR_NOW]
    if not refused:
        return None
    waits = [each.wait for each in refused if each.wait]
    parcel = sent.parcel
    return next_attempt(
        parcel.attempts + 1,
        parcel.first_tried_at or sent.began_at,
        sent.ended_at,
        max(waits, default=None),
        parcel.deadline,
        random.random(),  # noqa: S311 - to spread attempts, nothing secret
    )


def _after(sent: Sent, due_at: datetime | None) -> dict[int, DeliveryStatus]:
    """Tell where each delivery stands now; what is refused for now fails at patience's end."""
    after = {delivery: status_after(answer) for delivery, answer in sent.answers.items()}
    if due_at is None:
        ended = {DeliveryStatus.RETRYING: DeliveryStatus.FAILED}
        return {delivery: ended.get(status, status) for delivery, status in after.items()}
    return after


def _record_deliveries(
    connection: Connection, sent: Sent, after: Mapping[int, DeliveryStatus]
) -> None:
    now = sent.ended_at
    if not sent.answers:
        return
    connection.execute(
        _DELIVERY,
        [
            {
                "this": delivery,
                "status": after[delivery],
                "changed_at": now,
                "reason": answer.text,
                "reference": answer.reference or None,
                "look_up_at": now + FIRST_LOOK_UP if _can_be_told(sent, after[delivery]) else None,
            }
            for delivery, answer in sent.answers.items()
        ],
    )
    connection.execute(
        _ATTEMPT,
        [
            attempt_row(delivery, answer, sent.began_at, now)
            for delivery, answer in sent.answers.items()
        ],
    )


def _can_be_told(sent: Sent, status: DeliveryStatus) -> bool:
    """Whether the service can tell more later.

    After a second attempt a Sent folder cannot tell who was reached: it may speak of the first.
    """
    again = sent.parcel.attempts > 0 and status is DeliveryStatus.UNKNOWN
    return status in sent.looks_up and not again


def _keep_as_sent(connection: Connection, sent: Sent, after: Mapping[int, DeliveryStatus]) -> None:
    """Let the contact say what went out, once it did: with prefix, token and signature (E6)."""
    if WENT_OUT & set(after.values()):
        parcel = sent.parcel
        values = {
            **matchcode_values(parcel.matchcode),
            "text": parcel.text,
            "new_text": parcel.text,
            "html": parcel.html,
            "sent_at": sent.ended_at,
        }
        connection.execute(_CONTACT, {"this": parcel.contact_id, **values})
        if parcel.contact_id is not None:
            renew_words(connection, parcel.contact_id)
