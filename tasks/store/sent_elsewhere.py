"""Messages that other programs sent, noted so that answers and bounces find their way back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from domain.delivery import DeliveryStatus, DispatchStatus
from domain.mail import ReceptionKind
from domain.sending import Priority
from tasks.store.database import Store
from tasks.store.directory import number_id
from tasks.store.tables import cases, deliveries, dispatches


@dataclass(frozen=True, slots=True)
class SentElsewhere:
    """An e-mail that was sent for a case."""

    message_id: str
    case_number: str
    recipients: tuple[str, ...]


def note_sent_elsewhere(store: Store, sent: SentElsewhere, now: datetime) -> None:
    """Note a message that was sent; once, however often called."""

    def noting(connection: Connection) -> None:
        same = dispatches.c.message_id == sent.message_id
        if connection.scalar(select(dispatches.c.id).where(same)) is not None:
            return
        row = {
            "message_id": sent.message_id,
            "case_id": number_id(connection, cases, sent.case_number),
            "channel": "e-mail",
            "leaves_the_house": True,
            "status": DispatchStatus.SENT,
            "priority": Priority.CLICK,
            **dict.fromkeys(("sender_name", "sender_address", "matchcode", "text"), ""),
            "references": [],
            "queued_at": now,
            "dated_at": now,
            "attempts": 1,
            "copy_due": False,
        }
        dispatch = insert(dispatches).values(**row).returning(dispatches.c.id)
        dispatch_id = connection.execute(dispatch).scalar_one()
        rows = [
            {
                "dispatch_id": dispatch_id,
                "position": position,
                "name": "",
                "kind": ReceptionKind.TO,
                "address": to,
                "status": DeliveryStatus.SENT,
                "look_ups": 0,
            }
            for position, to in enumerate(sent.recipients)
        ]
        connection.execute(insert(deliveries), rows)

    store.write(noting)
