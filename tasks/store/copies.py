"""Copies of what was sent, still to be put into a folder of sent mail."""

from collections.abc import Collection, Sequence

from sqlalchemy import select, update

from tasks.store.database import Store
from tasks.store.parcels import Parcel, parcels_of
from tasks.store.tables import dispatches

AT_ONCE = 20  # their messages are in memory together


def copies_due(store: Store, queue: str) -> Sequence[Parcel]:
    """Read the dispatches of a queue whose copy is still to be kept, the oldest first."""
    due = dispatches.c.copy_due & (dispatches.c.queue == queue)
    with store.reading() as connection:
        query = select(dispatches).where(due).order_by(dispatches.c.id).limit(AT_ONCE)
        return parcels_of(connection, connection.execute(query).all())


def copies_kept(store: Store, dispatch_ids: Collection[int]) -> None:
    """Note that dispatches' copies are where they belong."""
    these = dispatches.c.id.in_(dispatch_ids)
    store.write(lambda c: c.execute(update(dispatches).where(these).values(copy_due=False)))
