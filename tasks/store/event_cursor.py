"""Which of the events that ask to enter a step have been seen to, and until when they were read."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from tasks.store.database import Store
from tasks.store.tables import incoming_events, markers

EVENTS = "events"
FIRST = timedelta(days=7)  # as long as a Prefect server keeps events


def events_read_until(store: Store, now: datetime) -> datetime:
    """Tell until when they have been read; at first, all there may be is asked for."""
    with store.reading() as connection:
        kept = connection.scalar(select(markers.c.value).where(markers.c.name == EVENTS))
    return datetime.fromisoformat(kept) if kept else now - FIRST


def note_events_read(store: Store, until: datetime) -> None:
    """Note until when they have been read, where nobody has read further."""
    value = until.isoformat(timespec="microseconds")

    with store.writing() as connection:
        same = markers.c.name == EVENTS
        kept = connection.scalar(select(markers.c.value).where(same).with_for_update())
        if kept is None:
            connection.execute(insert(markers).values(name=EVENTS, value=value))
        elif kept < value:
            connection.execute(update(markers).where(same).values(value=value))


def seen_to(store: Store, event_ids: Sequence[str]) -> set[str]:
    """Tell which of these events have entered a step, or were refused, before."""
    query = select(incoming_events.c.id).where(incoming_events.c.id.in_(event_ids))
    with store.reading() as connection:
        return set(connection.scalars(query))
