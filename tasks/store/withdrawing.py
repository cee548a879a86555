"""Letters of alarms that nobody wants any more: what has not gone out stays here (A5, A7)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from domain.delivery import WAITING, DeliveryStatus
from domain.ringing import LETTER, alarm_behind
from tasks.store.look_ups import refresh_status
from tasks.store.tables import alarms, deliveries, dispatches, occurrences

NOT_WANTED = "its alarm was acknowledged, or holds no more"


def withdraw_letters(connection: Connection, alarm_ids: Collection[int], now: datetime) -> None:
    """Hold back what of alarms has not gone out yet, in the transaction of what ends them.

    What is on its way just now cannot be held back, and is not tried again.
    """
    rows = connection.execute(_locking(_waiting(connection, alarm_ids))).all()
    away = [row.id for row in rows if row.sending_since is not None]
    if away:  # whoever records how it went tries again within the deadline only
        late = update(dispatches).where(dispatches.c.id.in_(away))
        connection.execute(late.values(deadline=now))
    here = [row.id for row in rows if row.sending_since is None]
    if here:
        _cancel(connection, here, now)


def _waiting(connection: Connection, alarm_ids: Collection[int]) -> list[int]:
    """Find the alarms' letters that wait, by their keys: an alarm may have several."""
    if not alarm_ids:
        return []
    about = (
        select(occurrences.c.appointment_id)
        .join(alarms, alarms.c.occurrence_id == occurrences.c.id)
        .where(alarms.c.id.in_(alarm_ids))
    )
    query = select(dispatches.c.id, dispatches.c.request_key).where(
        dispatches.c.appointment_id.in_(about),
        dispatches.c.due_at.is_not(None),
        dispatches.c.request_key.startswith(LETTER),
    )
    wanted = frozenset(alarm_ids)
    return [row.id for row in connection.execute(query) if alarm_behind(row.request_key) in wanted]


def _locking(ids: Collection[int]) -> Select[Any]:
    """Select what still waits once nobody else holds it, in one order for all."""
    these = dispatches.c.id.in_(ids) & dispatches.c.due_at.is_not(None)
    columns = (dispatches.c.id, dispatches.c.sending_since)
    return select(*columns).where(these).order_by(dispatches.c.id).with_for_update()


def _cancel(connection: Connection, ids: Collection[int], now: datetime) -> None:
    theirs = deliveries.c.dispatch_id.in_(ids) & deliveries.c.status.in_(WAITING)
    told = {"status": DeliveryStatus.CANCELLED, "reason": NOT_WANTED, "changed_at": now}
    connection.execute(update(deliveries).where(theirs).values(look_up_at=None, **told))
    ending = update(dispatches).where(dispatches.c.id.in_(ids))
    connection.execute(ending.values(due_at=None, holder=None, leased_until=None))
    for each in ids:
        refresh_status(connection, each)
