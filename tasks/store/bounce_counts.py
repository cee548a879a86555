"""How much of what was sent came back, by who sent it and where it was sent to."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tasks.store.database import Store
from tasks.store.tables import deliveries, dispatches


@dataclass(frozen=True, slots=True)
class BounceCount:
    """How many recipients at a domain did not get what went out by a queue."""

    queue: str
    domain: str
    bounced: int


def bounce_counts(store: Store, since: datetime) -> list[BounceCount]:
    """Count what came back since an instant, the most first; no recipient is named."""
    query = (
        select(dispatches.c.queue, deliveries.c.address)
        .join(dispatches, dispatches.c.id == deliveries.c.dispatch_id)
        .where(deliveries.c.bounced_at >= since)
    )
    with store.reading() as connection:
        rows = connection.execute(query)
        found = Counter((row.queue or "", _domain(row.address)) for row in rows)
    return [BounceCount(*place, bounced) for place, bounced in found.most_common()]


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
