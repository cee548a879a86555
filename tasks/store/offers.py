"""Received contacts that workflows have not looked at yet: a queue that the shift empties (W1).

A private contact starts nothing (L9), and one without a case is offered once that is decided.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select

from tasks.store.tables import contact_offers, contacts

# This is done for every chunk of messages: the statement stands ready.
_OFFERING = insert(contact_offers).from_select(
    ["contact_id"],
    select(contacts.c.id)
    .where(contacts.c.id.in_(bindparam("contacts", expanding=True)), ~contacts.c.private)
    .where(contacts.c.main_case_id.is_not(None), contacts.c.fingerprint.is_not(None)),
)


def offer(connection: Connection, contact_ids: Sequence[int]) -> None:
    """Let workflows look at those of these contacts that were received and have got a case."""
    connection.execute(_OFFERING, {"contacts": list(contact_ids)})


def offers(connection: Connection, most: int) -> Sequence[int]:
    """Give the first contacts to look at, locked; what another one looks at is left to it."""
    query = select(contact_offers.c.contact_id).order_by(contact_offers.c.contact_id).limit(most)
    return connection.scalars(query.with_for_update(skip_locked=True)).all()


def looked_at(connection: Connection, contact_ids: Sequence[int]) -> None:
    """Take contacts out of the queue."""
    these = contact_offers.c.contact_id.in_(contact_ids)
    connection.execute(delete(contact_offers).where(these))
