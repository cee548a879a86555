"""Whether a contact was sent: by a dispatch that left the house and counts as sent (E3, X6)."""

from collections import defaultdict

from sqlalchemy import Connection, select

from domain.delivery import DeliveryStatus, counts_as_sent
from tasks.store.tables import deliveries, dispatches


def is_sent(connection: Connection, contact_id: int) -> bool:
    """Tell whether a contact is on its way, or has arrived with anyone."""
    query = (
        select(dispatches.c.id, deliveries.c.status)
        .join(deliveries, deliveries.c.dispatch_id == dispatches.c.id)
        .where(dispatches.c.contact_id == contact_id, dispatches.c.leaves_the_house)
    )
    statuses: dict[int, list[DeliveryStatus]] = defaultdict(list)
    for row in connection.execute(query):
        statuses[row.id].append(DeliveryStatus(row.status))
    return any(counts_as_sent(each) for each in statuses.values())
