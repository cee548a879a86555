"""Whether a contact was sent: by a dispatch that left the house and counts as sent (E3, X6)."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, select

from domain.delivery import DeliveryStatus, counts_as_sent
from tasks.store.tables import deliveries, dispatches


def is_sent(connection: Connection, contact_id: int) -> bool:
    """Tell whether a contact is on its way, or has arrived with anyone."""
    return contact_id in sent_among(connection, [contact_id])


def sent_among(connection: Connection, contact_ids: Collection[int]) -> set[int]:
    """Tell which contacts are on their way, or have arrived with anyone."""
    query = (
        select(dispatches.c.id, dispatches.c.contact_id, deliveries.c.status)
        .join(deliveries, deliveries.c.dispatch_id == dispatches.c.id)
        .where(dispatches.c.contact_id.in_(contact_ids), dispatches.c.leaves_the_house)
    )
    statuses: dict[tuple[int, int], list[DeliveryStatus]] = defaultdict(list)
    for row in connection.execute(query):
        statuses[row.id, row.contact_id].append(DeliveryStatus(row.status))
    return {contact_id for (_, contact_id), each in statuses.items() if counts_as_sent(each)}
