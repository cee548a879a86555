"""Received contacts that workflows have not looked at yet: a queue that the shift empties (W1).

A private contact starts nothing (L9), and one without a case is offered once that is decided.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select

from domain.workflow_runs import VisitStatus
from tasks.store.tables import contact_offers, contacts, step_visits, workflow_runs

# This is done for every chunk of messages: the statement stands ready.
_OFFERING = insert(contact_offers).from_select(
    ["contact_id"],
    select(contacts.c.id)
    .where(contacts.c.id.in_(bindparam("contacts", expanding=True)), ~contacts.c.private)
    .where(contacts.c.main_case_id.is_not(None), contacts.c.fingerprint.is_not(None)),
)
_IS_HELD_UP = (  # its case has entered a step whose todos are yet to be created
    select(step_visits.c.id)
    .join(workflow_runs, workflow_runs.c.id == step_visits.c.run_id)
    .join(contacts, contacts.c.main_case_id == workflow_runs.c.case_id)
    .where(contacts.c.id == contact_offers.c.contact_id, workflow_runs.c.ended_at.is_(None))
    .where(step_visits.c.left_at.is_(None), step_visits.c.status == VisitStatus.ENTERED)
    .exists()
)


def offer(connection: Connection, contact_ids: Sequence[int]) -> None:
    """Let workflows look at those of these contacts that were received and have got a case."""
    connection.execute(_OFFERING, {"contacts": list(contact_ids)})


def offers(connection: Connection, most: int) -> Sequence[int]:
    """Give the first contacts to look at, locked; what another one looks at is left to it.

    Those that may have to wait for their case's step come last: they keep nobody else waiting.
    """
    free = _first(connection, ~_IS_HELD_UP, most)
    room = most - len(free)
    return [*free, *(_first(connection, _IS_HELD_UP, room) if room else ())]


def locked_offers(connection: Connection, contact_ids: Collection[int]) -> Sequence[int]:
    """Give those of these contacts that are still to be looked at, locked as offers does."""
    return _first(connection, contact_offers.c.contact_id.in_(contact_ids), len(contact_ids))


def _first(connection: Connection, those: ColumnElement[bool], most: int) -> Sequence[int]:
    query = select(contact_offers.c.contact_id).where(those).limit(most)
    ordered = query.order_by(contact_offers.c.contact_id)
    return connection.scalars(ordered.with_for_update(skip_locked=True)).all()


def looked_at(connection: Connection, contact_ids: Sequence[int]) -> None:
    """Take contacts out of the queue."""
    these = contact_offers.c.contact_id.in_(contact_ids)
    connection.execute(delete(contact_offers).where(these))
