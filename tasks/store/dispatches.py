"""Dispatches in the database: what was sent, so that answers and bounces find their way back."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from tasks.store.database import Store
from tasks.store.directory import number_id
from tasks.store.tables import cases, deliveries, dispatches


@dataclass(frozen=True, slots=True)
class Dispatched:
    """A message that was sent for a case."""

    message_id: str
    case_number: str
    recipients: tuple[str, ...]


def enter_dispatch(store: Store, sent: Dispatched) -> None:
    """Note a message that was sent; once, however often called."""

    def entering(connection: Connection) -> None:
        same = dispatches.c.message_id == sent.message_id
        if connection.scalar(select(dispatches.c.id).where(same)) is not None:
            return
        case_id = number_id(connection, cases, sent.case_number)
        dispatch = insert(dispatches).values(message_id=sent.message_id, case_id=case_id)
        dispatch_id = connection.execute(dispatch.returning(dispatches.c.id)).scalar_one()
        rows = [
            {"dispatch_id": dispatch_id, "address": to, "status": "sent"} for to in sent.recipients
        ]
        connection.execute(insert(deliveries), rows)

    store.write(entering)
