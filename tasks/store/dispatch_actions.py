"""What people do about a dispatch: cancel it, put it off, decide what is unknown."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from domain.delivery import WAITING, Answer, DeliveryStatus, Outcome, deadline_from
from domain.errors import Refused, TooLate, UnknownRecord
from domain.refusals import Refusal
from domain.sending import Actor, reasons_not_to_act
from tasks.store.actors import actor
from tasks.store.amending import reasons_not_to_change
from tasks.store.database import Store
from tasks.store.dispatch_visibility import dispatch_shown_to
from tasks.store.look_ups import refresh_status, resolve
from tasks.store.tables import appointments, contacts, deliveries, dispatches

TOO_LATE = "dispatch {} is on its way or has ended: nothing of it can be held back"
ON_ITS_WAY = "dispatch {} is on its way to other recipients: try again in a moment"


def cancel_dispatch(store: Store, dispatch_id: int, employee: str, now: datetime) -> None:
    """Cancel what has not gone out yet; TooLate where nothing is left to hold back."""

    def cancelling(connection: Connection) -> None:
        _waiting(connection, dispatch_id, employee)
        _move(connection, dispatch_id, WAITING, DeliveryStatus.CANCELLED, now)
        _free(connection, dispatch_id, due_at=None)
        refresh_status(connection, dispatch_id)

    store.write(cancelling)


def put_off(store: Store, dispatch_id: int, employee: str, until: datetime, now: datetime) -> None:
    """Send what has not gone out yet not before an instant; TooLate as in cancel_dispatch.

    A deadline that it would miss moves along. An instant that is past means at once.
    """
    until = max(until, now)

    def putting_off(connection: Connection) -> None:
        waiting = _waiting(connection, dispatch_id, employee)
        deadline = deadline_from(until, waiting.deadline)
        values = {"due_at": until, "deadline": deadline}
        if waiting.attempts == 0:  # else somebody may have it already, with its date
            values["dated_at"] = until
        _free(connection, dispatch_id, **values)

    store.write(putting_off)


def send_again(store: Store, dispatch_id: int, employee: str, now: datetime) -> int:
    """Send again to the recipients of whom nobody knows; gives how many there are.

    TooLate while it is on its way to others: what is being sent knows nothing of these.
    """

    def sending(connection: Connection) -> int:
        _allowed(connection, dispatch_id, employee)
        row = _locked(connection, dispatch_id)
        if row.sending_since is not None:
            raise TooLate(ON_ITS_WAY.format(dispatch_id))
        moved = _move(connection, dispatch_id, {DeliveryStatus.UNKNOWN}, DeliveryStatus.QUEUED, now)
        if moved:
            _free(connection, dispatch_id, due_at=now, deadline=deadline_from(now, row.deadline))
            refresh_status(connection, dispatch_id)
        return moved

    return store.write(sending)


def count_as_sent(store: Store, dispatch_id: int, employee: str, now: datetime) -> int:
    """Take the recipients of whom nobody knows for reached; gives how many there are."""

    def counting(connection: Connection) -> int:
        who = _allowed(connection, dispatch_id, employee)
        unknown = select(deliveries.c.id).where(
            deliveries.c.dispatch_id == dispatch_id,
            deliveries.c.status == DeliveryStatus.UNKNOWN,
        )
        ids = list(connection.scalars(unknown))
        for delivery_id in ids:
            counted = Answer(Outcome.ACCEPTED, f"counted as sent by {who.name}")
            resolve(connection, delivery_id, counted, now)
        return len(ids)

    return store.write(counting)


def _waiting(connection: Connection, dispatch_id: int, employee: str) -> Any:
    """Make sure that something of a dispatch can still be held back, and hold its row."""
    _allowed(connection, dispatch_id, employee)
    row = _locked(connection, dispatch_id)
    if row.due_at is None or row.sending_since is not None:
        raise TooLate(TOO_LATE.format(dispatch_id))
    return row


def _locked(connection: Connection, dispatch_id: int) -> Any:
    this = dispatches.c.id == dispatch_id
    return connection.execute(select(dispatches).where(this).with_for_update()).one()


def _allowed(connection: Connection, dispatch_id: int, employee: str) -> Actor:
    """Make sure that an employee may act on a dispatch, as on what it is of (X2)."""
    who = actor(connection, employee)
    this = _of_what().where(dispatches.c.id == dispatch_id, dispatch_shown_to(who.id))
    row = connection.execute(this).one_or_none()
    if row is None:
        raise UnknownRecord(f"there is no dispatch {dispatch_id} that you may see")
    if refusals := _reasons_not_to_act(connection, row, who):
        raise Refused(refusals)
    return who


def _of_what() -> Select[Any]:
    return (
        select(dispatches.c.appointment_id, contacts.c.creator_id)
        .outerjoin(contacts, contacts.c.id == dispatches.c.contact_id)
        .outerjoin(appointments, appointments.c.id == dispatches.c.appointment_id)
    )


def _reasons_not_to_act(connection: Connection, row: Any, who: Actor) -> list[Refusal]:
    if row.appointment_id is None:
        return reasons_not_to_act(who, row.creator_id)
    this = select(appointments).where(appointments.c.id == row.appointment_id)
    return reasons_not_to_change(connection, connection.execute(this).one(), who)


def _move(
    connection: Connection,
    dispatch_id: int,
    before: Collection[DeliveryStatus],
    after: DeliveryStatus,
    now: datetime,
) -> int:
    these = (deliveries.c.dispatch_id == dispatch_id) & deliveries.c.status.in_(list(before))
    values = {"status": after, "changed_at": now, "look_up_at": None}
    return connection.execute(update(deliveries).where(these).values(**values)).rowcount


def _free(connection: Connection, dispatch_id: int, **values: Any) -> None:
    """Change a dispatch, and take it from whoever has leased it as it was."""
    this = dispatches.c.id == dispatch_id
    freeing = update(dispatches).where(this).values(holder=None, leased_until=None, **values)
    connection.execute(freeing)
