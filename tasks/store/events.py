"""Events for others: kept in the transaction of what happened, and told after its commit (W4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, delete, insert, select, update

from domain.events import EMITTED, EventName
from tasks.store.database import Store
from tasks.store.tables import incoming_events, outgoing_events

OUTGOING_KEPT = timedelta(days=7)  # after they happened, as long as a Prefect server keeps them
INCOMING_KEPT = timedelta(days=90)  # after they were handled

_EVENT = insert(outgoing_events)  # done for every batch of messages: it stands ready


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something that happened, and that others are to be told of."""

    id: int
    name: str
    resource: str
    payload: Mapping[str, Any]
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class News:
    """What an event is about, and its payload: ids, numbers and states, never texts (L9)."""

    about: int | str  # follows the beginning that the resource's id has in domain/events.py
    payload: BaseModel


def publish(connection: Connection, name: EventName, news: Sequence[News], now: datetime) -> None:
    """Keep what happened, to be told to others once this transaction is committed."""
    rows = [
        {
            "name": name,
            "resource": f"{EMITTED[name].resource}{each.about}",
            "payload": each.payload.model_dump(mode="json"),
            "occurred_at": now,
        }
        for each in news
    ]
    if rows:
        connection.execute(_EVENT, rows)


def unrelayed(store: Store, most: int) -> Sequence[Outgoing]:
    """Give the first of what has not been told yet."""
    waiting = select(outgoing_events).where(outgoing_events.c.relayed_at.is_(None))
    with store.reading() as connection:
        rows = connection.execute(waiting.order_by(outgoing_events.c.id).limit(most))
        return [
            Outgoing(row.id, row.name, row.resource, row.payload, row.occurred_at) for row in rows
        ]


def relayed(store: Store, ids: Sequence[int], now: datetime) -> None:
    """Note that events have been told."""
    these = outgoing_events.c.id.in_(ids) & outgoing_events.c.relayed_at.is_(None)
    noting = update(outgoing_events).where(these).values(relayed_at=now)
    store.write(lambda connection: connection.execute(noting))


def prune_events(store: Store, now: datetime) -> int:
    """Forget what was told, and what was handled, long ago; gives how much it was."""
    old = outgoing_events.c.occurred_at < now - OUTGOING_KEPT
    told = delete(outgoing_events).where(old, outgoing_events.c.relayed_at.is_not(None))
    handled = incoming_events.c.handled_at < now - INCOMING_KEPT
    known = delete(incoming_events).where(handled)
    return store.write(lambda c: c.execute(told).rowcount + c.execute(known).rowcount)
